"""Who is in the room: on phones and on paper, how many of them have voted, and whose phone was not seen for long."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from npswidgets.domain.events import PresenceChanged
from npswidgets.domain.workshop import Session
from npswidgets.widgets import words
from npswidgets.widgets.facilitating.look import Look, Unseen

UNSEEN = timedelta(minutes=10)
"""After so long a phone is said not to have been seen; phones sleep between two votes."""

NOBODY = "Nobody has joined yet. The code is on the big screen."


def unseen(session: Session, seen: Mapping[str, datetime], now: datetime) -> Unseen:
    """Whose phones were not seen for long, of those who count as in the room; a break does not count."""
    if session.break_until:
        return Unseen()
    gone = {who: now - seen[who] for who, person in session.participants.items() if person.counts}
    if session.break_ended_at:
        gone = {who: min(time, now - session.break_ended_at) for who, time in gone.items()}
    gone = {who: time for who, time in gone.items() if time >= UNSEEN}
    return Unseen(tuple(gone), int(min(gone.values()).total_seconds() // 60)) if gone else Unseen()


def change_on_paper(session: Session, by: int) -> tuple[PresenceChanged, ...]:
    """One more or one fewer on paper; nothing below none."""
    return (PresenceChanged(session.id, on_paper=session.on_paper + by),) if session.on_paper + by >= 0 else ()


def mark_away(session: Session, gone: Unseen) -> tuple[PresenceChanged, ...]:
    """These people do not count any more, until their phones are seen again."""
    return (PresenceChanged(session.id, away=gone.participants),) if gone.participants else ()


def people(look: Look) -> dict[str, Any]:
    """The traits about the room: empty where they do not matter, and while no session is open."""
    session = look.session
    if look.page == "sheets":
        return _counted(session)
    if session.state != "open" or look.page != "topic" or look.stage not in _STAGES:
        return {}
    if look.practice and look.topic.rounds:  # nobody votes on paper in it
        return {}
    voting = look.stage in ("voting", "stopped")
    return {
        "words": f"{session.people} in the room" if session.people else NOBODY,
        "lines": _votes(look) if voting else _ways(session),
        "enter": "Enter paper votes" if look.stage == "voting" and session.on_paper else "",
        "waiting": list(look.still_to_vote) if voting else [],
        "fewer": session.on_paper > 0,
        "unseen": _say_unseen(look.unseen) if look.unseen.participants else "",
        "gone": len(look.unseen.participants),
    }


def _counted(session: Session) -> dict[str, Any]:
    said = f"{session.people} in the room" if session.people else NOBODY
    return {"words": said, "lines": _ways(session), "enter": "", "fewer": session.on_paper > 0, "unseen": "", "gone": 0}


def votes(look: Look) -> dict[str, Any]:
    """How many votes are in of how many, while people vote; empty at any other time."""
    if look.stage == "first_scores" and look.page == "topic":
        return _finished(look)
    if look.finishing or look.stage not in ("voting", "stopped"):
        return {}
    of = sum(total for _, total in _by_way(look))
    said = f"{look.votes_in} of {of} votes in"
    if of and look.votes_in == of:
        said = "1 vote is in" if of == 1 else f"All {of} votes are in"
    return {"in": look.votes_in, "of": of, "words": said if of else "Nobody has joined yet."}


def paper(look: Look, entering: bool) -> dict[str, Any]:
    """The traits of the entry of paper votes; it is closed without a vote that is open, or without people on paper."""
    total = max([look.session.on_paper, *look.paper_in])
    number = look.topic.rounds[-1].number if look.topic.rounds else 0
    return {
        "name": words.topic_name(look.workshop, look.code),
        "code": look.code,
        "round": number,
        "total": total if entering and look.stage == "voting" else 0,
        "entered": list(look.paper_in),
        "problem": _too_many(look) if entering else "",
    }


def _finished(look: Look) -> dict[str, Any]:
    people = max(look.session.people, look.finished)
    said = words.finished(look.finished, people) if people else "Nobody has joined yet."
    return {"in": look.finished, "of": people, "words": said}


_STAGES = ("ready", "first_scores", "voting", "stopped", "agreed", "parked", "not_applicable")


def _by_way(look: Look) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many votes are in, of how many, on phones and on paper; who was taken out and votes all the same counts."""
    on_paper = len(look.paper_in)
    on_phones = look.votes_in - on_paper
    return (on_phones, max(look.session.on_phones, on_phones)), (on_paper, max(look.session.on_paper, on_paper))


def _votes(look: Look) -> list[str]:
    phones, sheets = _by_way(look)
    lines = [f"Phones {phones[0]} of {phones[1]}"]
    return [*lines, f"Paper {sheets[0]} of {sheets[1]}"] if sheets[1] else []


def _ways(session: Session) -> list[str]:
    if not session.on_paper:
        return []
    return [f"{session.on_phones} on phone{'' if session.on_phones == 1 else 's'}, {session.on_paper} on paper"]


def _say_unseen(gone: Unseen) -> str:
    number = len(gone.participants)
    return f"{number} phone{'' if number == 1 else 's'} not seen for {gone.minutes} minutes"


def _too_many(look: Look) -> str:
    entered, there = len(look.paper_in), look.session.on_paper
    if entered <= there:
        return ""
    are = "person is" if there == 1 else "people are"
    return f"You have entered {entered} paper votes, but {there} {are} on paper. Change the number or remove one."
