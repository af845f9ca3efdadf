"""What a report says of an earlier workshop, where one is given to compare with."""

from collections.abc import Iterator, Sequence

from npswidgets.domain.changes import check_one_scale, other_topic, panel_changed, rule_changed, with_care
from npswidgets.domain.days import day_of, say_day
from npswidgets.domain.names import council_key
from npswidgets.domain.rubric import Rubric, wording_changed
from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.workshop import Topic, Workshop
from npswidgets.errors import RuleBroken
from npswidgets.report.contents import THEN, CodeReport, EarlierScore, EarlierWorkshop
from npswidgets.report.phrases import counted, listed, one_line, say_people
from npswidgets.report.summary import cut
from npswidgets.report.value_code import score_text

WORDING, RULE, PANEL = "wording changed", "scored by another rule", "other people scored"
CARE = "compared with care"


def check_earlier(workshop: Workshop, earlier: Workshop) -> None:
    """An earlier workshop is to compare with if it is signed off, not this one, earlier, and on the same levels.

    Raises:
        RuleBroken: it says which.
    """
    if not earlier.sealed:
        raise RuleBroken(f"The workshop “{earlier.id}” is not signed off yet, so its scores may still change.")
    if (earlier.id, earlier.head) == (workshop.id, workshop.head):
        raise RuleBroken(f"The workshop “{earlier.id}” is the same as that of the report. Name an earlier one.")
    if earlier.created_at > workshop.created_at or _signed_off_later(workshop, earlier):
        raise RuleBroken(
            f"The workshop “{earlier.id}” ({_dates(earlier)}) is not earlier than “{workshop.id}” "
            f"({_dates(workshop)}). Name an earlier one, or make the report of the later one."
        )
    check_one_scale((earlier, workshop))


def check_council(workshop: Workshop, earlier: Workshop) -> None:
    """Whether both are workshops of one council.

    Raises:
        RuleBroken: they are not.
    """
    if council_key(workshop.council) != council_key(earlier.council):
        raise RuleBroken(
            f"The workshop “{earlier.id}” is of another council, {one_line(earlier.council)}; that of the report is of "
            f"{one_line(workshop.council)}. If that is what you want, say so with --other-council."
        )


def _signed_off_later(workshop: Workshop, earlier: Workshop) -> bool:
    return bool(workshop.sealed_at and earlier.sealed_at and earlier.sealed_at > workshop.sealed_at)


def _dates(workshop: Workshop) -> str:
    signed_off = f", signed off on {say_day(day_of(workshop.sealed_at))}" if workshop.sealed_at else ""
    return f"begun on {say_day(day_of(workshop.created_at))}{signed_off}"


def earlier_score(workshop: Workshop, topic: Topic, earlier: Workshop | None) -> EarlierScore | None:
    """The score of a value code in the earlier workshop; None if that was not about it."""
    before = earlier.topics.get(topic.code) if earlier else None
    if earlier is None or before is None:
        return None
    both = (earlier, workshop)
    if other_topic(both, topic.code):
        return None
    changes = [(wording_changed([one.rubric for one in both], topic.code), WORDING)]
    changes += [(rule_changed(both, topic.code), RULE), (with_care(both, topic.code), CARE)]
    changes += [(panel_changed(both, topic.code), PANEL), (bool(was := _was(workshop, topic, earlier)), was)]
    said = "; ".join(name for there, name in changes if there)
    return EarlierScore(before.agreed_level, score_text(_rubric(earlier), before), said)


def _was(workshop: Workshop, topic: Topic, earlier: Workshop) -> str:
    """What it was called, or was merged of, where a map says so; empty where that is its name today."""
    names = earlier.carried.was[topic.code] if earlier.carried else ()
    today = workshop.rubric.value_codes[topic.code].display_name
    return "" if names in ((), (today,)) else THEN + listed([f"“{name}”" for name in names])[1:]


def _rubric(earlier: Workshop) -> Rubric:
    """The one that it was scored with."""
    return earlier.carried.rubric if earlier.carried else earlier.rubric


def earlier_workshop(
    workshop: Workshop, earlier: Workshop | None, codes: Sequence[CodeReport]
) -> EarlierWorkshop | None:
    """Which workshop it was, and what became of its scores."""
    if earlier is None:
        return None
    found = [code.earlier for code in codes if code.earlier]
    name, day = one_line(earlier.title) or earlier.id, say_day(day_of(earlier.created_at))
    said = [
        f"Beside the scores stand those of the workshop “{name}” of {one_line(earlier.council)}, "
        f"begun on {day}, with {say_people(earlier)}."
    ]
    said += _say_rubrics(earlier, workshop.rubric)
    words = workshop.rubric.words.in_reports
    said.append(_became(words, codes))
    for name, why in (
        (WORDING, "the wording changed"),
        (RULE, "scores follow another rule"),
        (CARE, "scores are to be compared with care"),
        (PANEL, PANEL),
    ):
        number = sum(name in one.changes for one in found)
        said += [f"On {words.topic.counted(number)} {why}: a difference may come from that."] if number else []
    return EarlierWorkshop(earlier.id, earlier.revision, earlier.head, " ".join(said))


def _say_rubrics(earlier: Workshop, now: Rubric) -> Iterator[str]:
    """What is compared with what, where both workshops have not the same rubric."""
    before = _rubric(earlier)
    if earlier.carried:
        yield (
            f"It was scored with “{one_line(before.title)}”, version {before.version}: "
            f"a map says what became of the {now.words.in_reports.topic.many}, and which scores can be compared."
        )
    elif before.id != now.id:
        yield (
            f"Its rubric was another one, “{one_line(before.title)}”: "
            f"scores stand side by side only where {now.words.in_reports.topic.a} says the same in both."
        )
    elif before != now:
        versions = f" (version {before.version}, now {now.version})" if before.version != now.version else ""
        yield f"The rubric has changed since then{versions}: scores stand side by side where the ID is the same."


def since_earlier(words: RubricWords, earlier: Workshop | None, codes: Sequence[CodeReport]) -> str:
    """What has changed since, in a line, with the value codes that were lower or higher; empty without a workshop."""
    if earlier is None:
        return ""
    name = one_line(earlier.title) or earlier.id
    ways = {"Higher now": [code.name for code, step in _steps(codes) if step > 0]}
    ways["Lower now"] = [code.name for code, step in _steps(codes) if step < 0]
    said = [f"{way}: {cut(names)}." for way, names in ways.items() if names]
    return " ".join([f"Since “{name}” of {say_day(day_of(earlier.created_at))}: {_became(words, codes)}", *said])


def _steps(codes: Sequence[CodeReport]) -> list[tuple[CodeReport, int]]:
    """By how many levels each score changed, of those that both workshops have."""
    return [
        (code, code.score - code.earlier.score)
        for code in codes
        if code.score is not None and code.earlier and code.earlier.score is not None
    ]


def _became(words: RubricWords, codes: Sequence[CodeReport]) -> str:
    steps = [step for _, step in _steps(codes)]
    if not steps:
        return f"No {words.topic.one} has a score in both."
    higher, lower = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    became = [f"{number} {name}" for number, name in ((higher, "higher"), (lower, "lower")) if number]
    return f"Of {counted(len(steps), 'score')}, {listed([*became, f'{len(steps) - higher - lower} the same'])}."
