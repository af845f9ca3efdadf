"""What the facilitator learns about the door: that it is full or closed, who rushed in, and that somebody guesses."""

from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from npswidgets.domain.days import here
from npswidgets.domain.door import Door, is_full, joined_since, rush_minutes, taken_out_last
from npswidgets.domain.workshop import Session
from npswidgets.store.doors import Guessing

DoorAction: TypeAlias = Literal[
    "let_more_in", "close", "open", "new_code", "new_secret", "take_out", "bring_back"
]  # fmt: skip

LABELS: dict[DoorAction, str] = {
    "let_more_in": "Let more in",
    "close": "Close the door",
    "open": "Open the door",
    "new_code": "New code",
    "new_secret": "New code and QR code",
    "bring_back": "Undo",
}
RECENT_MINUTES = (2, 5, 15, 30)
TOLD = timedelta(minutes=10)
"""So long the band says that people were taken out, or that somebody tries out codes; the menu says it longer."""

WHAT_OUT = "Their votes do not count, and the door closes. You can undo it."
SCANNING = "QR codes, printed cards and invitations go on working."
PRINTED = "Printed cards and invitations that were sent stop working. People scan the big screen."


def door_band(session: Session, door: Door | None, guessing: Guessing | None, now: datetime) -> dict[str, Any]:
    """The traits of the door: nothing to say, and nothing to do, where nobody can join."""
    if door is None or session.state != "open":
        return {"rows": [], "state": "", "ways": []}
    return {
        "rows": [*_shut(session, door, now), *_taken_out(session, now, TOLD), *_guessed(guessing, now)],
        "state": _state(session, door),
        "ways": [
            _way("", "", *_let_more_in(session, door), _button("open" if door.closed else "close")),
            _way("Take people out", WHAT_OUT, *_newcomers(session, now)),
            *(_way("", row["text"], *row["buttons"]) for row in _taken_out(session, now)),
            _way("New digits", SCANNING, _button("new_code")),
            _way("New digits and a new QR code", PRINTED, _button("new_secret")),
        ],
    }


def _shut(session: Session, door: Door, now: datetime) -> list[dict[str, Any]]:
    if door.closed:
        return [{"text": "The door is closed. Nobody new gets in.", "buttons": [_button("open")]}]
    if not is_full(session, door):
        return []
    expected = f"; {session.people_expected} were expected" if session.people_expected else ""
    text = f"{len(session.inside)} people have joined{expected}. Nobody else gets in until you let more in."
    minutes = rush_minutes(session, now)
    rush = [_take_out(session, minutes, now)] if minutes else []
    return [{"text": text, "buttons": [_button("let_more_in"), *rush]}]


def _taken_out(session: Session, now: datetime, told: timedelta | None = None) -> list[dict[str, Any]]:
    """Who was taken out the last time, and the way back; for so long."""
    out = taken_out_last(session)
    at = out[0].taken_out_at if out else None
    if at is None or (told and now - at > told):
        return []
    number = len(out)
    were = "person was" if number == 1 else "people were"
    text = f"{number} {were} taken out at {here(at):%H:%M}."
    return [{"text": text, "buttons": [_button("bring_back") | {"number": number}]}]


def _guessed(guessing: Guessing | None, now: datetime) -> list[dict[str, Any]]:
    if guessing is None or now - guessing.at > TOLD:
        return []
    text = (
        f"Somebody is trying out codes: {guessing.codes:,} wrong ones in ten minutes. The QR code still lets people in."
    )
    return [{"text": text, "buttons": [_button("new_code")]}]


def _state(session: Session, door: Door) -> str:
    number = len(session.inside)
    joined = f"{number} {'person has' if number == 1 else 'people have'} joined."
    if door.closed:
        return f"{joined} The door is closed: nobody new gets in. Whoever is in can always come back."
    if is_full(session, door):
        return f"{joined} The room is full: nobody else gets in until you let more in."
    return f"{joined} The door is open."


def _let_more_in(session: Session, door: Door) -> list[dict[str, Any]]:
    return [_button("let_more_in")] if is_full(session, door) and not door.closed else []


def _newcomers(session: Session, now: datetime) -> list[dict[str, Any]]:
    """A button for each span of time in which more people joined than in the one before."""
    found = [_take_out(session, minutes, now) for minutes in RECENT_MINUTES]
    before = (0, *(one["number"] for one in found))
    return [one for one, fewer in zip(found, before, strict=False) if one["number"] > fewer]


def _take_out(session: Session, minutes: int, now: datetime) -> dict[str, Any]:
    number = len(joined_since(session, now - timedelta(minutes=minutes)))
    who = "the person" if number == 1 else f"the {number}"
    label = f"Take out {who} who joined in the last {'minute' if minutes == 1 else f'{minutes} minutes'}"
    return {"action": "take_out", "label": label, "minutes": minutes, "number": number}


def _way(title: str, hint: str, *buttons: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "hint": hint, "buttons": list(buttons)}


def _button(action: DoorAction) -> dict[str, Any]:
    return {"action": action, "label": LABELS[action]}
