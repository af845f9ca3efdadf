"""What a helper sees: where the room is and since when, one topic with its texts, and votes on paper.

Never a vote that is not shown, a reason, or a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from npswidgets.domain.notes import NOTES
from npswidgets.domain.practice import is_practice
from npswidgets.domain.workshop import Session, Topic, TopicStatus, Workshop
from npswidgets.screens import words
from npswidgets.screens.levels import level_rows, vote_columns
from npswidgets.screens.paper import paper_entry
from npswidgets.screens.sheets import can_enter
from npswidgets.widgets import passage

Traits: TypeAlias = dict[str, Any]

STATES: dict[TopicStatus, str] = {
    "not_started": "Ready",
    "open": "Voting",
    "stopped": "Voting has stopped",
    "shown": "Votes shown",
    "agreed": "Score saved",
    "parked": "Left for later",
    "not_applicable": "Not applicable",
}
WITHDRAWN = "This link is no longer valid", "Ask the facilitator for a new one. What you saved is kept."


@dataclass(frozen=True)
class HelperView:
    """The traits of each widget of the page, by widget."""

    bar: Traits = field(default_factory=dict)
    band: Traits = field(default_factory=dict)
    heading: Traits = field(default_factory=dict)
    paper: Traits = field(default_factory=dict)
    notes: Traits = field(default_factory=dict)
    board: Traits = field(default_factory=dict)
    passage: Traits = field(default_factory=dict)


@dataclass(frozen=True)
class Counted:
    """What the store has counted.

    Attributes:
        votes_in: in the vote that the room is on; how many have finished while everybody scores alone.
        paper_in: which paper votes of the topic looked at were entered.
    """

    votes_in: int = 0
    paper_in: Sequence[int] = ()


def helper_view(
    workshop: Workshop, room: Workshop, session_id: str, code: str, counted: Counted, entering: bool, now: datetime
) -> HelperView:
    """What the page shows.

    Args:
        room: the same workshop, or what its room practises.
        code: the topic looked at.
        entering: whether the entry of paper votes is open.
    """
    session, topic = workshop.sessions[session_id], workshop.topics[code]
    state, since = _state(room, session)
    topic_name, levels = (
        words.topic_name(workshop, code),
        level_rows(workshop.rubric, workshop.rubric.value_codes[code]),
    )
    at = state.split(".")[0]
    bar = {
        "title": session.title,
        "word": state,
        "elapsed": max(0.0, (now - since).total_seconds()) if since else None,
        "count": _count(room, session, counted.votes_in),
        "topics": [{"code": one, "name": words.topic_name(workshop, one)} for one in session.codes],
        "code": code,
        "on_paper": session.on_paper if session.state == "open" else -1,
        "enter": "Enter paper votes" if topic.voting and session.on_paper and not entering else "",
        "sheets": "Enter a sheet" if can_enter(workshop, session_id) else "",
    }
    return HelperView(
        bar=bar,
        band=_band(workshop, session, code),
        heading={
            "place": words.place(workshop, code),
            "title": topic_name,
            "named": True,
            "page": words.tab_title(f"{at}{' ' if at.endswith('?') else ': '}{topic_name}", "helper", workshop.council),
            "moment": "at work",
        },
        paper=paper_entry(workshop, code, counted.paper_in, entering),
        notes={
            "workshop": workshop.id,
            "code": code,
            "writing": True,
            "notes": {note: topic.note(note) for note in NOTES},
        },
        board=_board(topic, levels),
        passage={"parts": [passage.more(words.read_levels(workshop.rubric), passage.levels(levels))]},
    )


def withdrawn_view() -> HelperView:
    """What is left once the link does not hold any more."""
    title, said = WITHDRAWN
    return HelperView(heading={"title": title, "description": said, "page": title, "moment": "withdrawn"})


def _state(room: Workshop, session: Session) -> tuple[str, datetime | None]:
    """Where the room is, in a word, and since when people vote or talk."""
    if session.state != "open":
        return "Not open yet", None
    if session.break_until:
        return words.break_words(session.break_until), None
    if session.closing:
        return "Read back", None
    if session.together:
        return words.take_together(len(session.together)), None
    if alone := room.on_their_own(session.id):
        return "First scores", alone[0].rounds[-1].opened_at
    live = room.sessions[session.id].live
    if live is None:
        return "Ready", None
    topic = room.topics[live]
    said = f"Practice: {STATES[topic.status].lower()}" if is_practice(live) else STATES[topic.status]
    return said, _since(topic)


def _since(topic: Topic) -> datetime | None:
    if topic.status == "open" and topic.running:
        return topic.running.opened_at
    return topic.shown[-1].shown_at if topic.status == "shown" else None


def _count(room: Workshop, session: Session, votes_in: int) -> str:
    people = max(session.people, votes_in)
    if room.on_their_own(session.id):
        return words.finished(votes_in, people) if people else ""
    live = room.sessions[session.id].live
    voting = live is not None and room.topics[live].voting and not session.break_until
    return f"{votes_in} of {people} votes in" if voting else ""


def _band(workshop: Workshop, session: Session, code: str) -> Traits:
    live = session.live
    if session.state != "open" or live is None or live == code:
        return {}
    return {"text": f"The room is on {words.topic_name(workshop, live)}.", "code": live}


def _board(topic: Topic, levels: list[Traits]) -> Traits:
    """The votes once they are shown; nothing where the room has not seen them."""
    if not topic.shown or topic.shown[-1].number == 0:
        return {}
    last = topic.shown[-1]
    said = (f"{one}." for one in (*words.vote_sentences(last), *words.did_not_vote(last)))
    return {"levels": levels, "rounds": vote_columns(topic.shown, most=2), "summary": " ".join(said)}
