"""A practice vote in a room of the theme "Showing leadership", as tests play it."""

from typing import Any

from room import Room
from sqlalchemy import func, select

from npswidgets.domain.events import TopicPresented, VotingOpened, VotingStopped
from npswidgets.domain.practice import practice_code
from npswidgets.store import tables

SESSION = "showing-leadership"
CODE = practice_code(SESSION)
PRESENTED = TopicPresented(SESSION, CODE)
OPENED = VotingOpened(SESSION, CODE, 1)
STOPPED = VotingStopped(SESSION, CODE, 1)


def begin(room: Room, *answers: Any) -> None:
    """The practice vote is open, and the first people have voted."""
    room.facilitator.record(PRESENTED, OPENED)
    room.vote(CODE, *answers)


def kept(room: Room) -> list[int]:
    """How many steps there are of the practice, and how many ballots."""
    steps = select(func.count()).select_from(tables.practice).where(tables.practice.c.line != "")
    with room.engine.connect() as db:
        return [db.scalar(one) or 0 for one in (steps, select(func.count()).select_from(tables.ballots))]
