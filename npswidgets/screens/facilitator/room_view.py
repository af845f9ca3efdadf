"""Who is in the room: on phones and on paper, how many of them have voted, and whose phone was not seen for long."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from npswidgets.domain.events import PresenceChanged
from npswidgets.domain.rubric_words import Noun, capital
from npswidgets.domain.workshop import Session
from npswidgets.screens import words
from npswidgets.screens.facilitator.view_state import Unseen, ViewState
from npswidgets.screens.sheets import can_enter

_VOTE = Noun("vote", "votes")

UNSEEN = timedelta(minutes=10)
"""After so long a phone is said not to have been seen; phones sleep between two votes."""

NOBODY = "Nobody has joined yet. The code is on the big screen."


def unseen(session: Session, seen: Mapping[str, datetime], now: datetime, awake: datetime | None = None) -> Unseen:
    """Whose phones were not seen for long, of those who count as in the room.

    Neither a break counts nor the time after an end that was none, nor what this computer slept, nor the time without
    a server (`store.presence`): nobody's page says then that it is there.

    Args:
        awake: when this computer woke up last, as far as that was noticed.
    """
    if session.break_until:
        return Unseen()
    gone = {who: now - seen[who] for who, person in session.participants.items() if person.counts}
    since = max((at for at in (session.went_on_at, awake) if at), default=None)
    if since:
        gone = {who: min(time, now - since) for who, time in gone.items()}
    gone = {who: time for who, time in gone.items() if time >= UNSEEN}
    return Unseen(tuple(gone), int(min(gone.values()).total_seconds() // 60)) if gone else Unseen()


def change_on_paper(session: Session, by: int) -> tuple[PresenceChanged, ...]:
    """One more or one fewer on paper; nothing below none."""
    return (PresenceChanged(session.id, on_paper=session.on_paper + by),) if session.on_paper + by >= 0 else ()


def mark_away(session: Session, gone: Unseen) -> tuple[PresenceChanged, ...]:
    """These people do not count any more, until their phones are seen again."""
    return (PresenceChanged(session.id, away=gone.participants),) if gone.participants else ()


def people(state: ViewState) -> dict[str, Any]:
    """The traits about the room: empty where they do not matter, and while no session is open."""
    session = state.session
    if state.page == "sheets":
        return _counted(session)
    if session.state != "open" or state.page != "topic" or state.stage not in _STAGES:
        return {}
    if state.is_practice and state.topic.rounds:  # nobody votes on paper in it
        return {}
    voting = state.stage in ("voting", "stopped")
    return {
        "words": f"{session.people} in the room" if session.people else NOBODY,
        "lines": [*_votes(state), *_silent(state)] if voting else _ways(session),
        "enter": "Enter paper votes" if state.stage == "voting" and session.on_paper else "",
        "sheet": "Enter a sheet" if can_enter(state.of_agenda.workshop, state.session_id) and session.on_paper else "",
        "waiting": list(state.still_to_vote) if voting else [],
        "fewer": session.on_paper > 0,
        "unseen": _say_unseen(state.unseen) if state.unseen.participants else "",
        "gone": len(state.unseen.participants),
    }


def _counted(session: Session) -> dict[str, Any]:
    said = f"{session.people} in the room" if session.people else NOBODY
    return {
        "words": said,
        "lines": _ways(session),
        "enter": "",
        "sheet": "",
        "fewer": session.on_paper > 0,
        "unseen": "",
        "gone": 0,
    }


def votes(state: ViewState) -> dict[str, Any]:
    """How many votes are in of how many, while people vote; empty at any other time."""
    if state.stage == "first_scores" and state.page == "topic":
        return _finished(state)
    if state.finishing or state.stage not in ("voting", "stopped"):
        return {}
    of = sum(total for _, total in _by_way(state))
    said = f"{state.votes_in} of {of} votes in"
    if of and state.votes_in == of:
        said = "1 vote is in" if of == 1 else f"{capital(_VOTE.all_of(of))} are in"
    return {"in": state.votes_in, "of": of, "words": said if of else "Nobody has joined yet."}


def _finished(state: ViewState) -> dict[str, Any]:
    people = max(state.session.people, state.finished)
    said = words.finished(state.finished, people) if people else "Nobody has joined yet."
    return {"in": state.finished, "of": people, "words": said}


_STAGES = ("ready", "first_scores", "voting", "stopped", "agreed", "parked", "not_applicable")


def _by_way(state: ViewState) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many votes are in, of how many, on phones and on paper; who was taken out and votes all the same counts."""
    on_paper = len(state.paper_in)
    on_phones = state.votes_in - on_paper
    return (on_phones, max(state.session.on_phones, on_phones)), (on_paper, max(state.session.on_paper, on_paper))


def _votes(state: ViewState) -> list[str]:
    phones, sheets = _by_way(state)
    lines = [f"Phones {phones[0]} of {phones[1]}"]
    return [*lines, f"Paper {sheets[0]} of {sheets[1]}"] if sheets[1] else []


def _silent(state: ViewState) -> list[str]:
    """How many of the people in the room have not voted; nothing where nobody has yet, or everybody."""
    missing = sum(total - given for given, total in _by_way(state))
    if not missing or not state.votes_in:
        return []
    return [f"{missing} {words.DID_NOT_VOTE}" if state.stage == "stopped" else words.not_voted_yet(missing)]


def _ways(session: Session) -> list[str]:
    if not session.on_paper:
        return []
    return [f"{session.on_phones} on phone{'' if session.on_phones == 1 else 's'}, {session.on_paper} on paper"]


def _say_unseen(gone: Unseen) -> str:
    number = len(gone.participants)
    return f"{number} phone{'' if number == 1 else 's'} not seen for {gone.minutes} minutes"
