"""What each vote asks, and how a level is chosen."""

from npswidgets.domain.rubric import Rubric
from npswidgets.domain.rubric_words import LEVEL
from npswidgets.domain.starting_level import about_score
from npswidgets.domain.workshop import Workshop

_OF_THE_COUNCIL = "Which {level} is true for the council, as far as you know it?"
OF_THE_COUNCIL = _OF_THE_COUNCIL.format(level=LEVEL.one)
"""What a vote asks that stands alone, without a rubric."""


def question(workshop: Workshop) -> str:
    """The rubric's own; else about the part that people know, where the workshop knows of parts, or the council."""
    if workshop.departments and not workshop.rubric.question:
        return f"Which {workshop.rubric.words.level.one} is true for the part of the council you know?"
    return question_of(workshop.rubric)


def question_of(rubric: Rubric) -> str:
    """The rubric's own; else about the council."""
    return rubric.question or _OF_THE_COUNCIL.format(level=rubric.words.level.one)


def rules(rubric: Rubric) -> tuple[str, ...]:
    """How one level is chosen: whether its statements should all be true, and what to do between two levels."""
    level = rubric.words.level
    if rubric.anchored_at:
        read = f"Some {level.many} have no words. They lie between those that have."
    else:
        read = f"All the statements of {level.a} should be true."
    return (read, f"Between two {level.many}, choose the lower one.") if between_counts_the_lower(rubric) else (read,)


def between_counts_the_lower(rubric: Rubric) -> bool:
    """Whether who stands between two levels chooses the lower one: where the score follows the weakest part."""
    return rubric.score_follows == "weakest part"


def circle(rubric: Rubric) -> str:
    """What stands on a score sheet on paper, above its topics."""
    topic, level = rubric.words.topic.one, rubric.words.level
    between = f" Between two {level.many}, circle the lower one." if between_counts_the_lower(rubric) else ""
    if rubric.question:
        return f"For each {topic}, circle one {level.one}. {rubric.question}{between}"
    return f"For each {topic}, circle the {level.one} that is true for the part of the council you know.{between}"


def steps(rubric: Rubric) -> tuple[str, ...]:
    """What the room is told before its first vote."""
    between = (
        f"Between two {rubric.words.level.many}? Choose the lower one." if between_counts_the_lower(rubric) else ""
    )
    return tuple(filter(None, (_choose(rubric), between, about_score(rubric.scale))))


def _choose(rubric: Rubric) -> str:
    if rubric.question:
        return rubric.question
    said = f"Choose the {rubric.words.level.one} that is true for the part of the council you know."
    return said if rubric.anchored_at else f"{said} All its statements should be true."
