"""The entry of the votes that people give on paper, one by one, in the vote that is open."""

from collections.abc import Sequence
from typing import Any

from npswidgets.domain.workshop import Workshop
from npswidgets.screens import words


def paper_entry(workshop: Workshop, code: str, entered: Sequence[int], is_open: bool) -> dict[str, Any]:
    """The traits of the entry; it is closed without a vote that is open, or without people on paper."""
    topic = workshop.topics[code]
    there = workshop.sessions[topic.session].on_paper
    return {
        "name": words.topic_name(workshop, code),
        "code": code,
        "round": topic.rounds[-1].number if topic.rounds else 0,
        "total": max([there, *entered]) if is_open and topic.voting else 0,
        "levels": list(workshop.rubric.scale.values),
        "entered": list(entered),
        "problem": _too_many(len(entered), there) if is_open else "",
    }


def _too_many(entered: int, there: int) -> str:
    if entered <= there:
        return ""
    are = "person is" if there == 1 else "people are"
    return f"You have entered {entered} paper votes, but {there} {are} on paper. Change the number or remove one."
