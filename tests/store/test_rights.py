"""Operators by their secrets and people by their names: each is withdrawn alone, and at once."""

import json
from pathlib import Path

import pytest
from room import Room, make_room
from sqlalchemy import Engine, select, text

from npswidgets.domain.actor import Actor
from npswidgets.errors import NotFound, RuleBroken
from npswidgets.server.http.access import OPERATOR, operator_secret
from npswidgets.store import access, rights, server_values, tables
from npswidgets.store.database import open_database, writing

UNSEEN = [
    "an\u00a0na",
    "an\u200bna",
    "\u3164",
    "anna\u2800",
    "an\tna",
    "an\nna",
    "\x1b[2Janna",
    "\u202eanna",
    "",
    " \t",
]


@pytest.fixture
def room(engine: Engine) -> Room:
    return make_room(engine, people=0)


def is_in(room: Room, browser: str) -> set[str]:
    """Where a browser is in: the ids of workshops that it facilitates, and "" for the operator's pages."""
    granted = access.grants_of(room.engine, browser)
    assert all(actor.role == "facilitator" for actor in granted)
    return {actor.workshop for actor in granted}


def test_an_operator_s_secret_is_kept_as_a_digest_alone(room: Room) -> None:
    secret = rights.new_operator(room.engine, " anna ")
    assert len(secret) >= 22
    with room.engine.connect() as db:
        assert secret not in str([db.execute(select(table)).all() for table in tables.metadata.sorted_tables])
    assert [name for name, _ in rights.operators(room.engine)] == ["anna"]
    with pytest.raises(RuleBroken, match="There is an operator anna"):
        rights.new_operator(room.engine, "anna")


@pytest.mark.parametrize(("name", "alike"), [("Zo\u00eb", "Zoe\u0308"), ("anna", "ANNA"), ("anna bell", "Anna  Bell")])
def test_there_are_no_two_operators_whom_a_list_does_not_tell_apart(room: Room, name: str, alike: str) -> None:
    rights.new_operator(room.engine, name)
    with pytest.raises(RuleBroken, match=f"There is an operator {name}"):
        rights.new_operator(room.engine, alike)
    rights.withdraw_operator(room.engine, alike)
    assert rights.operators(room.engine) == []


def test_several_secrets_are_valid_and_one_is_withdrawn_alone(room: Room) -> None:
    anna, ben = (rights.new_operator(room.engine, name) for name in ("anna", "ben"))
    here = room.workshop.id
    for secret, browser in ((anna, "hers"), (ben, "his"), (anna, "hers too")):
        assert access.open_by_secret(room.engine, None, browser, secret)
        access.open_as_operator(room.engine, browser, here)
    access.add_grant(room.engine, "by link", Actor(here, "facilitator"))
    assert OPERATOR in access.grants_of(room.engine, "hers")

    rights.withdraw_operator(room.engine, "anna")
    assert [is_in(room, one) for one in ("hers", "hers too", "his", "by link")] == [set(), set(), {"", here}, {here}]
    assert not access.open_by_secret(room.engine, "hers", "hers again", anna)
    rights.new_operator(room.engine, "anna")
    assert is_in(room, "hers") == set(), "another secret of this name is another right"
    with pytest.raises(NotFound, match="no operator nobody"):
        rights.withdraw_operator(room.engine, "nobody")


@pytest.mark.parametrize("secret", ["", " ", "anna", "0" * 64, rights.digest_of("")])
def test_nothing_else_opens(room: Room, secret: str) -> None:
    rights.new_operator(room.engine, "anna")
    rights.name_person(room.engine, "ben")
    assert not access.secret_is_valid(room.engine, secret)
    assert not access.open_by_secret(room.engine, None, "browser", secret)


def test_what_is_stored_while_its_right_is_withdrawn_is_worth_nothing(room: Room) -> None:
    rights.new_operator(room.engine, "anna")
    with writing(room.engine) as db:
        (right,) = db.scalars(select(tables.rights.c.id))
    rights.withdraw_operator(room.engine, "anna")
    with writing(room.engine) as db:
        rights.hold(db, access._hash("late"), right)
    assert is_in(room, "late") == set()
    access.open_as_operator(room.engine, "late", room.workshop.id)
    assert is_in(room, "late") == set()


def test_a_browser_that_is_let_in_again_keeps_what_it_was(room: Room) -> None:
    secret, here = rights.new_operator(room.engine, "anna"), room.workshop.id
    access.add_grant(room.engine, "before", Actor(here, "facilitator"))
    assert access.open_by_secret(room.engine, "before", "after", secret)
    assert (is_in(room, "before"), is_in(room, "after")) == (set(), {"", here})
    rights.withdraw_operator(room.engine, "anna")
    assert is_in(room, "after") == {here}, "what came by a link stays"


def test_a_name_opens_what_it_is_named_for_and_is_withdrawn_alone(room: Room) -> None:
    here, other = room.workshop.id, make_room(room.engine, people=0, id="other").workshop.id
    assert not access.open_by_name(room.engine, None, "hers", "anna", here)
    for name, workshop in (("anna", here), ("ben", here), ("chris", "")):
        rights.name_person(room.engine, name, workshop)
        rights.name_person(room.engine, name, workshop)
    assert not access.open_by_name(room.engine, None, "hers", "anna", "")
    assert not access.open_by_name(room.engine, None, "hers", "anna", other)
    assert not access.open_by_name(room.engine, None, "chris's", "chris", "no-such-workshop")
    for name, browser in (("anna", "hers"), ("ben", "his"), ("chris", "chris's")):
        assert access.open_by_name(room.engine, None, browser, name, here)
    access.add_grant(room.engine, "by link", Actor(here, "facilitator"))
    everybody = ("hers", "his", "chris's", "by link")
    assert [is_in(room, one) for one in everybody] == [{here}, {here}, {"", here}, {here}]

    rights.unname_person(room.engine, "anna", here)
    assert [is_in(room, one) for one in everybody] == [set(), {here}, {"", here}, {here}]
    rights.unname_person(room.engine, "chris")
    assert [is_in(room, one) for one in everybody] == [set(), {here}, set(), {here}]
    with pytest.raises(NotFound, match="ben is not named there"):
        rights.unname_person(room.engine, "ben")
    assert rights.named_people(room.engine) == [("ben", here)]


def test_who_signs_on_in_somebody_else_s_browser_is_not_that_one(room: Room) -> None:
    here = room.workshop.id
    rights.name_person(room.engine, "anna")
    rights.name_person(room.engine, "ben", here)
    assert access.open_by_name(room.engine, None, "laptop", "anna", "")
    assert access.open_by_name(room.engine, "laptop", "laptop again", "ben", here)
    assert is_in(room, "laptop again") == {here}


def test_signing_out_and_shutting_out_end_rights_of_browsers_too(room: Room) -> None:
    secret, here = rights.new_operator(room.engine, "anna"), room.workshop.id
    for browser in ("one", "two"):
        assert access.open_by_secret(room.engine, None, browser, secret)
        access.open_as_operator(room.engine, browser, here)
    access.drop_facilitating(room.engine, "one")
    assert (is_in(room, "one"), is_in(room, "two")) == (set(), {"", here})
    access.new_link(room.engine, here, "facilitator", shut_out=True)
    assert is_in(room, "two") == {""}, "who opens it once more is in again"


@pytest.mark.parametrize("name", UNSEEN)
def test_a_name_holds_nothing_that_cannot_be_seen(room: Room, name: str) -> None:
    with pytest.raises(RuleBroken):
        rights.name_person(room.engine, name)
    with pytest.raises(RuleBroken):
        rights.new_operator(room.engine, name)


@pytest.mark.parametrize(
    "name", ["Anna", "anna ", " anna", "ann\u0430", "a\u0301nna", "anna\x00", "anna\ud800", "an_a", "%"]
)
def test_only_exactly_the_name_opens(room: Room, name: str) -> None:
    rights.name_person(room.engine, " anna ")
    assert not access.open_by_name(room.engine, None, "browser", name, "")
    assert access.open_by_name(room.engine, None, "browser", "anna", "")


@pytest.mark.parametrize("name", ["st helens@x", "Zoë O’Neill", "அன்னா", "'; DROP TABLE rights; --"])
def test_names_are_what_people_have(room: Room, name: str) -> None:
    rights.name_person(room.engine, name)
    assert access.open_by_name(room.engine, None, "browser", name, "")


def test_who_was_named_before_is_named_still_and_signs_on_once_more(tmp_path: Path) -> None:
    engine = open_database(str(tmp_path / "workshops.db"), migrate=True)
    room = make_room(engine, people=0)
    access.add_grant(engine, "hers", OPERATOR)
    with writing(engine) as db:
        server_values.write(db, "named", json.dumps({"": ["anna"], room.workshop.id: ["ben"]}))
        for table in (tables.rights, tables.held_rights, tables.rubrics):
            table.drop(db)
        db.execute(text("UPDATE alembic_version SET version_num = '0009'"))
    engine.dispose()
    engine = open_database(str(tmp_path / "workshops.db"), migrate=True)
    assert rights.named_people(engine) == [("anna", ""), ("ben", room.workshop.id)]
    assert access.grants_of(engine, "hers") == ()
    engine.dispose()


def test_where_it_is_hosted_the_link_of_a_laptop_opens_nothing(room: Room) -> None:
    here = room.workshop.id
    made = operator_secret(room.engine)
    access.add_grant(room.engine, "laptop", OPERATOR)
    access.add_grant(room.engine, "by link", Actor(here, "facilitator"))
    access.keep_mode(room.engine, hosted=False)
    assert (is_in(room, "laptop"), operator_secret(room.engine)) == ({""}, made)
    access.keep_mode(room.engine, hosted=True)
    assert (is_in(room, "laptop"), is_in(room, "by link")) == (set(), {here})
    assert access.stored_value(room.engine, "operator") is None
