"""What is still missing before a workshop can be signed off. It never stops the room."""

from collections import Counter
from typing import Literal, TypeAlias, get_args

from npswidgets.domain.starting_level import starting_level_of
from npswidgets.domain.workshop import Topic, Workshop

Lack: TypeAlias = Literal["score", "reason", "comment", "case_study"]
"""What a topic can lack."""


def missing(workshop: Workshop) -> tuple[str, ...]:
    """One sentence for each thing to do before signing off, in the order of the agenda."""
    return tuple(lack for topic in workshop.topics.values() for lack in missing_in(workshop, topic))


def missing_counted(workshop: Workshop) -> tuple[str, ...]:
    """The same by kind, a sentence without full stop for each: "1 topic has no score"; empty if nothing is missing."""
    found = Counter(lack for topic in workshop.topics.values() for lack, _ in _lacks(workshop, topic))
    return tuple(_counted(workshop, lack, found[lack]) for lack in get_args(Lack) if found[lack])


def above_starting_level(topic: Topic) -> int | None:
    """The suggested level of the last votes shown if the agreed score stands above it; else None."""
    if topic.score is None or topic.score.value is None or not topic.shown:
        return None
    start = starting_level_of(topic.shown[-1]).level
    return start if start is not None and topic.score.value > start else None


def missing_in(workshop: Workshop, topic: Topic) -> list[str]:
    """The sentences about one topic."""
    return [sentence for _, sentence in _lacks(workshop, topic)]


def _lacks(workshop: Workshop, topic: Topic) -> list[tuple[Lack, str]]:
    name = workshop.rubric.value_codes[topic.code].display_name
    score = topic.score
    if score is None:
        return [("score", f"Choose a score for {name}, or mark it as not applicable")]
    lacks: list[tuple[Lack, str]] = []
    if above_starting_level(topic) is not None and not str(score.reason_above or "").strip():
        lacks.append(("reason", f"Write why {name} is above the suggested {workshop.rubric.words.level.one}"))
    level = workshop.rubric.case_study
    asked = score.value is not None and score.value == level
    if asked and not topic.note("comment").strip():
        lacks.append(("comment", f"Write a comment for {name}: it scores {level}"))
    if asked and not score.case_study:
        change = f"Tick that you are ready to be a case study for {name}, or change its score of {level}"
        lacks.append(("case_study", change))
    return lacks


def _counted(workshop: Workshop, lack: Lack, number: int) -> str:
    level = workshop.rubric.case_study
    scores, have = ("score", "has") if number == 1 else ("scores", "have")
    called = workshop.rubric.words
    said: dict[Lack, str] = {
        "score": f"{called.topic.of(number)} {have} no score",
        "reason": f"{scores} above the suggested {called.level.one} {have} no reason",
        "comment": f"{scores} of {level} {have} no comment",
        "case_study": f"{scores} of {level} {have} no tick for a case study",
    }
    return f"{number} {said[lack]}"
