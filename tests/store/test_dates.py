"""A date comes into the record when it is whole, and in a year that somebody means; older records open as before."""

from datetime import UTC, datetime

import pytest
from room import make_room
from sqlalchemy import Engine

from npswidgets.domain.events import ActionAgreed, ActionChanged, DraftPromised, Words
from npswidgets.domain.recording import as_recorded
from npswidgets.domain.rules import after
from npswidgets.errors import RuleBroken

CODE = "reporting"


def this_year() -> int:
    """Asked within each test: a year may begin between collecting and running them."""
    return datetime.now(UTC).year


@pytest.mark.parametrize("day", ["0002-09-30", "0020-09-30", "0202-09-30", "0026-09-30", "9999-12-31"])
def test_a_year_that_is_typed_digit_by_digit_is_not_stored(engine: Engine, day: str) -> None:
    room, year = make_room(engine, people=1), this_year()
    action = ActionAgreed(room.session, CODE, "a1", Words("Act."), Words("Head"), due=day)
    for event in (action, DraftPromised(room.session, day)):
        with pytest.raises(RuleBroken, match=rf"The date {day} is not between {year - 1} and {year + 10}"):
            room.facilitator.record(event)
    assert room.facilitator.workshop.topics[CODE].actions == {}


@pytest.mark.parametrize("years_on", [-1, 0, 10])
def test_a_date_from_last_year_to_ten_years_on_is_stored(engine: Engine, years_on: int) -> None:
    year = this_year() + years_on
    room = make_room(engine, people=1)
    room.facilitator.record(DraftPromised(room.session, f"{year}-02-28"))
    assert str(room.facilitator.workshop.sessions[room.session].draft_by) == f"{year}-02-28"


def test_an_older_record_with_an_odd_date_is_read_and_its_action_can_be_edited(engine: Engine) -> None:
    room = make_room(engine, people=1)
    old = ActionAgreed(room.session, CODE, "a1", Words("Act."), Words("Head"), due="0026-09-30")
    workshop = after(old, room.facilitator.workshop, datetime.now(UTC))
    assert str(workshop.topics[CODE].actions["a1"].due) == "0026-09-30"
    changed = ActionChanged(room.session, CODE, "a1", Words("Act now."), Words("Head"), due="0026-09-30")
    assert as_recorded(changed, workshop, datetime.now(UTC)) == changed
