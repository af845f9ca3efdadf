"""What a report says of an earlier workshop, where one is given to compare with."""

from collections.abc import Sequence

from npswidgets.domain.changes import panel_changed
from npswidgets.domain.rubric import wording_changed
from npswidgets.domain.workshop import Topic, Workshop
from npswidgets.errors import RuleBroken
from npswidgets.report.contents import CodeReport, EarlierScore, EarlierWorkshop
from npswidgets.report.phrases import counted, day_of, listed, one_line, say_day
from npswidgets.report.value_code import score_text

WORDING, PANEL = "wording changed", "other people scored"


def check_earlier(workshop: Workshop, earlier: Workshop) -> None:
    """An earlier workshop can be compared with if it was signed off, and is not this one.

    Raises:
        RuleBroken: it says which.
    """
    if not earlier.sealed:
        raise RuleBroken(f"The workshop “{earlier.id}” is not signed off yet, so its scores may still change.")
    if (earlier.id, earlier.head) == (workshop.id, workshop.head):
        raise RuleBroken(f"The workshop “{earlier.id}” is the same as that of the report. Name an earlier one.")


def earlier_score(workshop: Workshop, topic: Topic, earlier: Workshop | None) -> EarlierScore | None:
    """The score of a value code in the earlier workshop; None if that was not about it."""
    before = earlier.topics.get(topic.code) if earlier else None
    if earlier is None or before is None:
        return None
    both = (earlier, workshop)
    changes = [(wording_changed([one.rubric for one in both], topic.code), WORDING)]
    changes += [(panel_changed(both, topic.code), PANEL)]
    said = "; ".join(name for there, name in changes if there)
    score = before.score.value if before.score else None
    return EarlierScore(score, score_text(earlier.rubric, before), said)


def earlier_workshop(earlier: Workshop | None, codes: Sequence[CodeReport]) -> EarlierWorkshop | None:
    """Which workshop it was, and what became of its scores."""
    if earlier is None:
        return None
    found = [(code, code.earlier) for code in codes if code.earlier]
    steps = [code.score - one.score for code, one in found if code.score and one.score]
    people = sum(session.took_part for session in earlier.sessions.values())
    name, day = one_line(earlier.title) or earlier.id, say_day(day_of(earlier.created_at))
    said = [
        f"Beside the scores stand those of the workshop “{name}” of {one_line(earlier.council)}, "
        f"begun on {day}, with {counted(people, 'person', 'people')}."
    ]
    if steps:
        higher, lower = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
        same = len(steps) - higher - lower
        became = [f"{number} {name}" for number, name in ((higher, "higher"), (lower, "lower")) if number]
        said.append(f"Of {counted(len(steps), 'score')}, {listed([*became, f'{same} the same'])}.")
    else:
        said.append("No value code has a score in both.")
    for name, why in ((WORDING, "the wording changed"), (PANEL, "other people scored")):
        number = sum(name in one.changes for _, one in found)
        said += [f"On {counted(number, 'value code')} {why}: a difference may come from that."] if number else []
    return EarlierWorkshop(earlier.id, earlier.revision, earlier.head, " ".join(said))
