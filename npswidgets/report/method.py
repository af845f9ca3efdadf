"""The method statement, which writes itself from the record. Its headings follow those of ACCORD.

ACCORD is the reporting guideline for consensus methods: Gattrell and others (2024), PLOS Medicine 21(1).
"""

from collections import Counter
from collections.abc import Sequence

from npswidgets.domain.sign_off import above_starting_level
from npswidgets.domain.starting_level import ENOUGH_VOTES
from npswidgets.domain.verdict import Kind, verdict
from npswidgets.domain.workshop import Topic, Workshop
from npswidgets.report.contents import Section
from npswidgets.report.phrases import counted, listed, one_line

QUESTION = "Which level is true for the part of the council you know?"
QUESTION_NO_DEPARTMENTS = "Which level is true for the council, as far as you know it?"

KIND_NAMES: dict[Kind, str] = {
    "close": "close together",
    "a_few": "where a few see it differently",
    "wide": "widely spread",
    "too_few": "too few to say",
}
_SECRECY = {
    "anonymous": "The workshop was held without names: the record keeps no voter with a vote.",
    "alias": "The workshop was held with aliases: the record keeps a number for the voter of each vote, and no alias.",
    "named": "The workshop was held with names: the record keeps a number for the voter of each vote, and no name.",
}


def method_statement(workshop: Workshop) -> tuple[Section, ...]:
    """How the scores of this workshop came about."""
    topics = tuple(workshop.topics.values())
    return (
        Section("What was asked", _asked(workshop)),
        Section("Who took part", _panel(workshop, topics)),
        Section("How the votes were taken", _votes(topics)),
        Section("How consensus was judged", _consensus(topics)),
        Section("How scores were agreed", _scores(topics)),
        Section("What stays secret", _secrecy(workshop)),
        Section("Changes on the way", _changes(workshop, topics)),
        Section("What this report cannot say", _limits()),
    )


def last_verdicts(topics: Sequence[Topic]) -> Counter[Kind]:
    """How many value codes have each kind of verdict in the last vote shown."""
    return Counter(verdict(topic.shown[-1].counts).kind for topic in topics if topic.shown)


def say_kinds(kinds: Counter[Kind]) -> str:
    """How many of each: "8 close together; 3 widely spread"."""
    return "; ".join(f"{kinds[kind]} {name}" for kind, name in KIND_NAMES.items() if kinds[kind])


def _asked(workshop: Workshop) -> tuple[str, ...]:
    rubric = workshop.rubric
    question = QUESTION if workshop.departments else QUESTION_NO_DEPARTMENTS
    return (
        f"{one_line(workshop.council)} assessed itself with the {rubric.title} (version {rubric.version}). "
        f"The workshop is about {len(workshop.topics)} of its {counted(len(rubric.value_codes), 'value code')}; "
        f"each has statements for the levels {listed(rubric.levels)}.",
        f"Everybody answered for each value code: “{question}” All the statements of a level should be true; "
        "between two levels, the lower one counts. Who could not judge chose “I don't know” or “Not part of my role”.",
    )


def _panel(workshop: Workshop, topics: Sequence[Topic]) -> tuple[str, ...]:
    people = sum(session.took_part for session in workshop.sessions.values())
    sizes = [topic.shown[-1].n for topic in topics if topic.shown]
    said = f"{counted(people, 'person', 'people')} joined, in {counted(len(workshop.sessions), 'session')}."
    if sizes:
        span = f"{min(sizes)} to {max(sizes)}" if min(sizes) < max(sizes) else f"{max(sizes)}"
        said += f" In the last vote on a value code, {span} of them chose a level."
    if workshop.departments:
        said += f" They were asked to which of {len(workshop.departments)} departments or roles they belong."
    return (said, "Whom the council invited, and why, is not part of the record.")


def _votes(topics: Sequence[Topic]) -> tuple[str, ...]:
    in_room = Counter(sum(one.number > 0 for one in topic.shown) for topic in topics if topic.shown)
    first_scores = sum(any(one.number == 0 for one in topic.shown) for topic in topics)
    said = [f"{counted(codes, 'value code')} had {counted(votes, 'vote')}" for votes, codes in sorted(in_room.items())]
    if first_scores:
        said.append(f"{counted(first_scores, 'value code')} had first scores, given by each person alone")
    moved = sum(one.moved for topic in topics for one in topic.shown[1:])
    return (
        "Everybody voted in private. The votes of all were shown at once, as a count for each level; after that they "
        "could not be changed. Then the room talked. Where it wished, it voted again, in private, with a new ballot.",
        f"{'; '.join(said) or 'Nothing was voted on yet'}. "
        f"Between two votes on the same value code, answers were changed {counted(moved, 'time')}.",
    )


def _consensus(topics: Sequence[Topic]) -> tuple[str, ...]:
    kinds = last_verdicts(topics)
    outcome = f"The last votes on {counted(kinds.total(), 'value code')}: {say_kinds(kinds)}."
    return (
        "A vote is close together if at least three quarters of it stand on two neighbouring levels, and nobody stands "
        "two or more levels from the middle vote (the lower one of two). If somebody does, a few see it differently. "
        f"Everything else is a wide spread. Below {ENOUGH_VOTES} votes there is too little to say. This rule is the "
        "toolkit's own, and was fixed before the workshop.",
        outcome if kinds else "No votes are shown yet.",
        "Consensus decided nothing and stopped no talk (von der Gracht 2012): a different view is recorded beside the "
        "score. Median and quartiles are interpolated linearly (Hyndman and Fan 1996, definition 7). Consensus is that "
        "of Tastle and Wierman (2007), from 0 for half the votes at each end to 1; agreement is that of van der Eijk "
        "(2001), from -1 for half the votes at each end over 0 to 1. They are aids for the reader.",
    )


def _scores(topics: Sequence[Topic]) -> tuple[str, ...]:
    above = sum(above_starting_level(topic) is not None for topic in topics)
    said = "No agreed score stands above it."
    if above:
        said = f"{counted(above, 'agreed score stands', 'agreed scores stand')} above it, with the reason given there."
    return (
        "The room agreed on each score after the talk. The diagnostic scores by the weakest level of attainment in the "
        "council, not by an average; so no average is in this report.",
        "The starting level says where the weakest part seems to stand: the lowest middle vote of a department with at "
        "least three votes, smaller ones taken together; without departments, the lowest level that at least a quarter "
        f"of the votes, and at least two, stand at or below. It is shown, and the room decides. {said}",
    )


def _secrecy(workshop: Workshop) -> tuple[str, ...]:
    return (
        f"{_SECRECY[workshop.anonymity]} No screen and no report shows who voted for what.",
        "The report by itself names no person and no department. What people wrote stands in it as they wrote it.",
    )


def _changes(workshop: Workshop, topics: Sequence[Topic]) -> tuple[str, ...]:
    unvoted = sum(topic.score is not None and topic.score.value is not None and not topic.shown for topic in topics)
    not_applicable = sum(topic.score is not None and topic.score.value is None for topic in topics)
    missing = sum(topic.score is None for topic in topics)
    changes = [
        (unvoted, "scored without a vote"),
        (not_applicable, "found not to apply"),
        (missing, "not scored yet"),
    ]
    said = [f"{counted(codes, 'value code')} {what}." for codes, what in changes if codes]
    if workshop.version:
        said.append(f"The workshop was signed off {'once' if workshop.version == 1 else f'{workshop.version} times'}.")
    return (" ".join(said) or "Every value code was voted on and scored.",)


def _limits() -> tuple[str, ...]:
    return (
        "This is what the people in the room see of their council. Nobody from outside has checked it.",
        "To see how others voted presses people to conform (Woudenberg 1991): a second vote that is closer than the "
        "first does not by itself know more. Figures of few votes say little.",
    )
