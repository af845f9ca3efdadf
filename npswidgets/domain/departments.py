"""What reports may say of departments, where a workshop chose at its start that they may.

A group of votes is shown only where nobody can tell from it what one person chose: `SMALLEST_SHOWN` or more, and not
all equal. What is left over is seen, too, by whoever subtracts the groups shown from the whole. So it has to keep to
the same rule; as long as it does not, the smallest of the groups joins it (complementary suppression).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from npswidgets.domain.events import Answer, DepartmentAnswers, DepartmentLevels, DepartmentsCounted, Vote
from npswidgets.domain.workshop import Topic, Workshop

OTHERS = "Other departments and roles"
"""How all others together are called."""

SMALLEST_SHOWN = 5
"""Votes that a department needs to be shown in a report."""


@dataclass(frozen=True)
class DepartmentVotes:
    """The votes of a department on one value code; `name` is None for all others together."""

    name: str | None
    votes: tuple[Vote, ...]


def departments_shown(workshop: Workshop, topic: Topic) -> DepartmentsCounted | None:
    """What a report may show of the departments in the last vote on a topic; None where that was not chosen.

    An anonymous workshop has it from when its session closed. Elsewhere, and in records from before, the votes tell it.
    """
    if not (workshop.departments_in_reports and topic.shown):
        return None
    last = topic.shown[-1]
    if topic.departments and topic.departments.round == last.number:
        return topic.departments
    return _counted(topic, last.votes)


def are_counted(workshop: Workshop, topic: Topic) -> bool:
    """Whether the last vote on a topic is counted by department when the session closes.

    Once a topic: two votes of nearly the same people could be subtracted from each other.
    """
    asked = workshop.anonymity == "anonymous" and workshop.departments_in_reports
    told = topic.departments or any(vote.department for one in topic.shown for vote in one.votes)
    return asked and bool(topic.shown) and not topic.ballots_deleted and not told


def count_departments(workshop: Workshop, code: str, ballots: Mapping[str, Answer]) -> DepartmentsCounted | None:
    """The last vote on a value code by department, as far as a report may show it; None where it may show nothing.

    Args:
        ballots: what each participant answered in it. Whose ballot was erased since counts with all others.
    """
    topic = workshop.topics[code]
    last, cast = topic.shown[-1], Counter(ballots.values())
    shown = Counter(vote.answer for vote in last.votes)
    people = {who: person.department for who, person in last.people.items()}
    votes = [Vote(answer, people.get(who)) for who, answer in ballots.items()]
    found = _counted(topic, [*votes, *map(Vote, (shown - cast).elements())])
    return found if cast <= shown and (found.levels or found.answers) else None


def levels_by_department(votes: Iterable[Vote]) -> tuple[DepartmentVotes, ...]:
    """The votes for a level by department, as far as a report may show them: by name, all others last.

    Empty if no department may be shown. "I don't know" and "not part of my role" are left out; but where all that is
    left over is such answers, it would be known whose they are.
    """
    return _shown(votes, lambda vote: isinstance(vote.answer, int), lambda one: len({vote.answer for vote in one}) > 1)


def answers_by_department(votes: Iterable[Vote]) -> tuple[DepartmentVotes, ...]:
    """All answers by department, as far as a report may show how many of them are "I don't know"; else as above."""
    return _shown(votes, lambda _: True, lambda one: any(vote.answer != "dont_know" for vote in one))


def _counted(topic: Topic, votes: Sequence[Vote]) -> DepartmentsCounted:
    last = topic.shown[-1]
    levels = tuple(
        DepartmentLevels(last.scale.counts(vote.answer for vote in one.votes), one.name)
        for one in levels_by_department(votes)
    )
    answers = tuple(
        DepartmentAnswers(len(one.votes), sum(vote.answer == "dont_know" for vote in one.votes), one.name)
        for one in answers_by_department(votes)
    )
    return DepartmentsCounted(topic.session, topic.code, last.number, levels, answers)


def _shown(
    votes: Iterable[Vote], counts: Callable[[Vote], bool], mixed: Callable[[Sequence[Vote]], bool]
) -> tuple[DepartmentVotes, ...]:
    """The groups that may be shown, each with its votes that count; who gave another answer is left over, too."""
    groups: dict[str | None, list[Vote]] = defaultdict(list)
    for vote in votes:
        groups[vote.department] += [vote] if counts(vote) else []
    safe = [(name, group) for name, group in groups.items() if name is not None and _safe(group, mixed)]
    kept = sorted(safe, key=lambda one: (-len(one[1]), one[0]))
    others = [vote for name, group in groups.items() if name not in dict(kept) for vote in group]
    left = len(kept) < len(groups)
    while kept and left and not _safe(others, mixed):
        others += kept.pop()[1]
    shown = [DepartmentVotes(name, tuple(group)) for name, group in sorted(kept)]
    return (*shown, DepartmentVotes(None, tuple(others))) if shown and others else tuple(shown)


def _safe(group: Sequence[Vote], mixed: Callable[[Sequence[Vote]], bool]) -> bool:
    return len(group) >= SMALLEST_SHOWN and mixed(group)
