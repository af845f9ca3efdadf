"""What is still missing before a workshop can be signed off. It never stops the room."""

from npswidgets.domain.starting_level import starting_level_of
from npswidgets.domain.workshop import Topic, Workshop


def missing(workshop: Workshop) -> tuple[str, ...]:
    """One sentence for each thing to do before signing off, in the order of the agenda."""
    return tuple(lack for topic in workshop.topics.values() for lack in missing_in(workshop, topic))


def above_starting_level(topic: Topic) -> int | None:
    """The starting level of the last votes shown if the agreed score stands above it; else None."""
    if topic.score is None or topic.score.value is None or not topic.shown:
        return None
    start = starting_level_of(topic.shown[-1]).level
    return start if start is not None and topic.score.value > start else None


def missing_in(workshop: Workshop, topic: Topic) -> list[str]:
    """The sentences about one topic."""
    name = workshop.rubric.value_codes[topic.code].display_name
    score = topic.score
    if score is None:
        return [f"Choose a score for {name}, or mark it as not applicable"]
    lacks = []
    if above_starting_level(topic) is not None and not str(score.reason_above or "").strip():
        lacks.append(f"Write why {name} is above the starting level")
    highest = workshop.rubric.scale.highest
    if score.value == highest and not topic.note("comment").strip():
        lacks.append(f"Write a comment for {name}: it scores {highest}")
    if score.value == highest and not score.case_study:
        lacks.append(f"Tick that you are ready to be a case study for {name}, or change its score of {highest}")
    return lacks
