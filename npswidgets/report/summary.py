"""What came out, in sentences written from the data, and where the room differed most."""

from collections import Counter
from collections.abc import Iterable, Sequence

from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.statistics import spread
from npswidgets.domain.verdict import verdict_on
from npswidgets.domain.workshop import Topic, Workshop
from npswidgets.report.contents import CodeReport, Disagreement
from npswidgets.report.method import last_verdicts, say_kinds
from npswidgets.report.phrases import listed
from npswidgets.report.ratings import ratings_sentence
from npswidgets.report.value_code import code_report

MOST_DISAGREEMENTS = 5
MOST_NAMES = 4


def summary(workshop: Workshop, topics: Sequence[Topic], codes: Sequence[CodeReport], since: str) -> Iterable[str]:
    """The sentences that a report begins with; no average among them.

    Args:
        topics: those that apply to the council.
        since: what has changed since an earlier workshop; empty without one.
    """
    words = workshop.rubric.words.in_reports
    scores = sorted({code.score for code in codes if code.score is not None})
    if scores:
        yield f"{words.topic.heads} at each {words.level.one}: {_by_level(workshop, codes)}."
        yield f"Lowest, at {words.level.one} {workshop.rubric.level(scores[0])}: {_names(codes, scores[0])}."
    if len(scores) > 1:
        yield f"Highest, at {words.level.one} {workshop.rubric.level(scores[-1])}: {_names(codes, scores[-1])}."
    if since:
        yield since
    kinds = last_verdicts(topics)
    if kinds:
        yield f"The last votes on {words.topic.counted(kinds.total())}: {say_kinds(kinds)}."
    if panel := ratings_sentence(words, topics):
        yield panel
    unsure = [workshop.rubric.value_codes[topic.code].display_name for topic in topics if _many_do_not_know(topic)]
    if unsure:
        yield f"A quarter or more of those who answered do not know: {cut(unsure)}."


def _many_do_not_know(topic: Topic) -> bool:
    """At least three, and at least a quarter of those who answered in the last vote: as the facilitator is told."""
    if not topic.shown:
        return False
    unsure = topic.shown[-1].count_of("dont_know")
    return unsure >= 3 and 4 * unsure >= len(topic.shown[-1].votes)


def _names(codes: Sequence[CodeReport], score: int) -> str:
    return cut([code.name for code in codes if code.score == score])


def cut(names: Sequence[str]) -> str:
    """The first few by name, the rest as a number."""
    if len(names) <= MOST_NAMES + 1:
        return listed(names)
    return listed([*names[:MOST_NAMES], f"{len(names) - MOST_NAMES} more"])


def _by_level(workshop: Workshop, codes: Sequence[CodeReport]) -> str:
    counts = Counter(code.score for code in codes)
    return ", ".join(
        f"{level.name or f'{workshop.rubric.words.level.head} {level.value}:'} {counts[level.value]}"
        for level in workshop.rubric.levels
    )


def far_apart(workshop: Workshop, topics: Sequence[Topic]) -> tuple[Disagreement, ...]:
    """The value codes whose last vote was not close, least consensus first."""
    far = [topic for topic in topics if topic.shown and verdict_on(topic.shown[-1]).kind in ("wide", "a_few")]
    far.sort(key=lambda topic: spread(topic.shown[-1].counts).consensus or 0.0)
    return tuple(_disagreement(workshop, topic) for topic in far)


def _disagreement(workshop: Workshop, topic: Topic) -> Disagreement:
    code = code_report(workshop, topic)
    figures = code.rounds[-1].figures
    return Disagreement(
        code=code.id,
        name=code.name,
        key_area=workshop.rubric.key_area_of(code.id).name,
        verdict=code.last_vote,
        consensus=figures.consensus if figures else None,
        score_text=code.score_text,
        different_view=code.different_view,
    )


def disagreement_sentence(words: RubricWords, far: int, voted: int) -> str:
    """Introduces the value codes that were far from close."""
    if not far:
        close = f"The last votes on all {words.topic.many} were close together, or too few to say."
        return close if voted else "No votes yet."
    said = f"On {far} of {words.topic.counted(voted)} the last vote was not close together"
    more = f"; these are the {MOST_DISAGREEMENTS} with the least consensus" if far > MOST_DISAGREEMENTS else ""
    return f"{said}{more}."


def say_scored(words: RubricWords, codes: Sequence[CodeReport]) -> str:
    """How many of these value codes have a score."""
    states = Counter(code.state for code in codes)
    said = f"{states['agreed']} of {words.topic.counted(len(codes))} scored"
    return f"{said}, {states['not_applicable']} not applicable" if states["not_applicable"] else said
