"""A name is something that people can see, turns nothing around, and tells two people apart."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from room import make_room
from serving import Client, RunningServer
from sqlalchemy import Engine

from npswidgets.domain.names import (
    LONGEST_NAME,
    NO_NAME,
    TURNED,
    composed,
    is_visible,
    looks,
    name_of_person,
    told_apart,
)
from npswidgets.domain.text import cleaned
from npswidgets.errors import RuleBroken
from npswidgets.store import people
from npswidgets.store.erasing import texts_naming
from npswidgets.store.workshops import NewWorkshop, create_workshop

INVISIBLE = (
    "\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u180e\u2000\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u202f\u205f"
    "\u2060\u2061\u2064\u206a\u206f\u2800\u3000\u3164\ufe0e\ufe0f\ufeff\uffa0\ufff9\ufffc\U0001d159\U0001d173\U000e0041"
    "\U000e0100\ue000\u0301\x00\x7f\ud800"
)
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NAMES = [
    "Anna",
    "محمد علی",
    "שרה",
    "李",
    "Zoë O'Brien-Ng",
    "🦊",
    "👩🏽\u200d🚀",
    "7",
    "می\u200cنا",
    "\U0001f3f4\U000e0067\U000e007f",
]


@pytest.mark.parametrize("character", INVISIBLE, ids=ascii)
def test_what_nobody_can_see_is_no_name(character: str) -> None:
    for name in (character, f" {character}{character} ", f"{character}-{character}."):
        assert not is_visible(composed(name))
        with pytest.raises(RuleBroken, match=NO_NAME):
            name_of_person(name)


@pytest.mark.parametrize("character", TURNING, ids=ascii)
def test_what_turns_the_line_around_is_no_name(character: str) -> None:
    with pytest.raises(RuleBroken, match=TURNED):
        name_of_person(f"An{character}na")


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_names_in_every_script_and_emoji_are_names(name: str) -> None:
    assert name_of_person(f"  {name}\t") == name


def test_a_name_is_composed_and_as_long_as_it_looks() -> None:
    assert name_of_person("Zoe\u0308  Anna\u0301") == "Zoë Anná"
    assert name_of_person("e\u0301" * LONGEST_NAME) == "é" * LONGEST_NAME
    with pytest.raises(RuleBroken, match="to 100 characters"):
        name_of_person("x" * 101)


@pytest.mark.parametrize(
    "second",
    [
        "Anná",
        "anná",
        " ANNÁ ",
        "Anna\u0301",
        "An\u200bná",
        "An\u2060n\u00adá",
        "Ａnná",
        "Anná\u3164",
        "Anná\u200f",
        "Anná\ufe0f",
    ],
    ids=ascii,
)
def test_names_that_people_cannot_tell_apart_look_the_same(second: str) -> None:
    assert looks(name_of_person(second)) == looks("Anná")
    assert told_apart(name_of_person(second), ["Anná"]).endswith(" (2)")


@given(st.lists(st.sampled_from(["Anna", "anna", "Anna (2)", "An\u200bna", "ANNA (3)", "Bob"]), max_size=12))
def test_everybody_is_told_apart(typed: list[str]) -> None:
    there: list[str] = []
    for name in typed:
        there.append(told_apart(name, there))
    assert len(set(map(looks, there))) == len(there)
    assert all(told.startswith(name) for told, name in zip(there, typed, strict=True))


@given(st.text())
def test_looks_does_not_depend_on_how_often_it_is_asked(name: str) -> None:
    assert composed(composed(name)) == composed(name) == cleaned(composed(name))
    assert looks(composed(name)) == looks(composed(f"\u200b {name} \u2060"))


def test_the_second_of_a_name_is_told_apart_in_their_session(engine: Engine) -> None:
    themes = (("One", ("engaging-councillors",)), ("Two", ("working-with-partners",)))
    room = make_room(engine, anonymity="named", sessions=themes)
    for name in ("Anna", "Bob", " anna ", "Ann\u200ba"):
        room.join(1, name=name)
    kept = people.names(engine, room.created.workshop)
    named = [kept[one.actor.participant or ""] for one in room.participants]
    assert named == ["Anna", "Bob", "anna (2)", "Ann\u200ba (3)"]
    room.session = "two"  # the same people on another day
    [again] = room.join(1, name="Anna")
    assert people.names(engine, room.created.workshop)[again.actor.participant or ""] == "Anna"


def test_people_of_one_name_who_join_at_once_are_told_apart(engine: Engine) -> None:
    room = make_room(engine, anonymity="alias")
    with ThreadPoolExecutor(6) as phones:
        joining = [
            phones.submit(people.join, engine, room.created.workshop, room.session, None, "Anna") for _ in range(6)
        ]
        for one in joining:
            one.result()
    told = sorted(people.names(engine, room.created.workshop).values())
    assert told == ["Anna", *(f"Anna ({number})" for number in range(2, 7))]


@pytest.mark.parametrize("name", ["\u3164", "An\u202ena"], ids=ascii)
def test_nobody_joins_by_forging_a_name(engine: Engine, name: str) -> None:
    room = make_room(engine, anonymity="named")
    with pytest.raises(RuleBroken, match="Enter your name"):
        room.join(1, name=name)
    assert room.workshop.sessions[room.session].participants == {}


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (NewWorkshop("\u3164\u200b"), "name of the council"),
        (NewWorkshop("Example", departments=("Finance", "finance\u200b")), "two look the same"),
        (NewWorkshop("Example", sessions=(("One", ("enablers",)), ("one\u2060 ", ("engaging-smes",)))), "Two sessions"),
        (NewWorkshop("Example", sessions=(("\u2800", ("enablers",)),)), "Give each session a title"),
    ],
)
def test_other_names_are_seen_and_told_apart_as_well(engine: Engine, new: NewWorkshop, why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        create_workshop(engine, new)


def test_the_join_page_says_which_names_are_none(server: RunningServer, client: Client) -> None:
    made = server.make(anonymity="named")
    for name, said in (("\u3164\u200b", NO_NAME), ("An\u202ena", TURNED)):
        answer = client.join(made, name=name)
        assert "There is a problem" in answer.text
        assert said in answer.text


@pytest.mark.parametrize("name", ["Anna", "🦊"])
def test_what_was_typed_about_the_second_of_a_name_is_found_as_well(engine: Engine, name: str) -> None:
    room = make_room(engine, anonymity="named")
    room.join(1, name=name)
    [second] = room.join(1, name=name)
    room.agree("reporting", 3, f"{name} writes the report.")
    found = texts_naming(engine, room.created.workshop, second.actor.participant or "")
    assert list(found.values()) == [f"{name} writes the report."]
