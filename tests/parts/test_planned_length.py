"""How long a session takes is said in words that fit its numbers."""

import pytest

from npswidgets.server.pages.plan import say_length
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
