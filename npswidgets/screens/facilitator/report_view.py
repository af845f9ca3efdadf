"""What the page shows from which reports are made, and the text that can be pasted into somebody's form."""

from collections.abc import Iterator
from typing import Any

from npswidgets.domain.rubric import FEWEST_ON_A_RADAR
from npswidgets.domain.workshop import Topic, Workshop
from npswidgets.screens import words
from npswidgets.screens.facilitator.view_state import ViewState


def report_files(state: ViewState) -> dict[str, Any]:
    """The traits of the page; the text is in the browser while the page is open, and no longer."""
    here, workshop = state.page == "report", state.workshop
    form = answers_as_text(workshop) if here else ""
    return {
        "workshop": workshop.id,
        "here": here,
        "radar": here and _has_shape(workshop),
        "form": form,
        "form_of": workshop.rubric.form,
    }


def _has_shape(workshop: Workshop) -> bool:
    """Whether it is about enough key areas for a radar."""
    return len({workshop.rubric.key_area_of(code).id for code in workshop.topics}) >= FEWEST_ON_A_RADAR


def answers_as_text(workshop: Workshop) -> str:
    """Score and comment of each value code of the workshop, in the order of the diagnostic, to be pasted."""
    return "\n\n".join(_blocks(workshop))


def _blocks(workshop: Workshop) -> Iterator[str]:
    for area in workshop.rubric.key_areas:
        topics = [workshop.topics[code.id] for code in area.value_codes if code.id in workshop.topics]
        if topics:
            yield area.name
        yield from (_block(workshop, topic) for topic in topics)


def _block(workshop: Workshop, topic: Topic) -> str:
    name, comment = words.topic_name(workshop, topic.code), topic.note("comment") or "(no comment)"
    return f"{name}\nScore: {_score(workshop, topic)}\nComment: {comment}"


def _score(workshop: Workshop, topic: Topic) -> str:
    if topic.score is None:
        return "(not scored)"
    if topic.score.value is None:
        return f"(not applicable: {topic.score.not_applicable})"
    return str(workshop.rubric.level(topic.score.value))
