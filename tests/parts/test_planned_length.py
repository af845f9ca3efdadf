"""How long a session takes is said in words that fit its numbers, and its day is one that somebody means."""

from datetime import UTC, datetime

import pytest

from npswidgets.server.pages.plan import SessionForm, say_length
from npswidgets.store.rubric_files import load_rubric

CODES = ("reporting", "councillor-development")


@pytest.mark.parametrize(
    ("codes", "people", "topics", "room"),
    [
        (CODES, 18, "2 topics, ", " minutes with 18 people."),
        (CODES, 0, "2 topics, ", " minutes."),
        (CODES[:1], 1, "1 topic, ", " minutes with 1 person."),
    ],
)
def test_who_and_how_much_is_said_as_it_is(codes: tuple[str, ...], people: int, topics: str, room: str) -> None:
    (said,) = say_length(load_rubric(), codes, people, 0)
    assert said.startswith(f"{topics}about ")
    assert said.endswith(room)
    assert " 0 " not in said


@pytest.mark.parametrize("year", ["0026", "0202", "1999", "9999"])
def test_a_session_is_held_in_no_year_that_a_browser_makes_of_half_a_date(year: str) -> None:
    """A date field gives 0026 for "09 30 26"."""
    form = SessionForm(["engaging-councillors"], f"{year}-09-30")
    assert form.check(load_rubric(), {})["day"].startswith("Enter the date with a year from ")
    form.day = f"{datetime.now(UTC).year + 1}-02-28"
    assert form.check(load_rubric(), {}) == {}
