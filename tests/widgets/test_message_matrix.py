"""What each role can do by the messages of widgets and the calls of the store: a table each."""

import inspect
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
import refused_by_mypy
from messages import attached, send
from room import Room, make_room
from sqlalchemy import Engine, select

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import (
    ActionAgreed,
    NoteWritten,
    PresenceChanged,
    Proposal,
    ScoreRecorded,
    SessionClosed,
    TogetherShown,
    VotingOpened,
    Words,
    WorkshopSealed,
)
from npswidgets.domain.sheets import Mark
from npswidgets.errors import NotAllowed, RuleBroken
from npswidgets.screens.facilitator import FacilitatorScreen
from npswidgets.screens.facilitator.messages import Message
from npswidgets.screens.helper import HelperScreen
from npswidgets.screens.helper.messages import Message as FromHelper
from npswidgets.screens.participant import ParticipantScreen
from npswidgets.screens.participant.messages import Message as FromPhone
from npswidgets.screens.projector import ProjectorScreen
from npswidgets.store import access, people, tables
from npswidgets.store.agenda import Moving
from npswidgets.store.database import open_database
from npswidgets.store.opening import STORES, store_of
from npswidgets.widgets.base import Widget

CODE, BALLOT = "reporting", "0123456789abcdef"


@dataclass(frozen=True)
class Line:
    """A message of a widget, at a moment at which it does something.

    Attributes:
        moment: one of the functions below.
        content: what else the message says.
        by: whose message changes anything.
        changes: the tables that it changes then; none where it changes what that page shows, and nothing else.
    """

    kind: str
    moment: str
    content: dict[str, Any]
    by: str
    changes: str = ""


OF_CODE = {"code": CODE}
ACTION = {"code": CODE, "action": "a1"}
CHOSEN = {"code": CODE, "score": 3, "reason": "", "case_study": False, "seen": ""}
CORRECTED = {"code": CODE, "score": 3, "not_applicable": "", "reason": "", "case_study": False, "seen": "2"}
NOTE = {"code": CODE, "note": "comment"}
SCREENS = {
    "participant": ParticipantScreen,
    "projector": ProjectorScreen,
    "facilitator": FacilitatorScreen,
    "helper": HelperScreen,
}
DESK = "facilitator helper"
MARK = {"code": CODE, "round": 1, "answer": 2}

TABLE = (
    Line("look", "waiting", {}, "participant"),
    Line("next", "scoring_alone", {}, "participant"),
    Line("look_at", "scoring_alone", OF_CODE, "participant"),
    Line(
        "cast",
        "voting",
        {"id": BALLOT, "code": CODE, "round": 1, "answer": 4, "replaces": None},
        "participant",
        "ballots",
    ),
    Line("reason", "voted", {"code": CODE, "round": 1, "text": "As I saw."}, "participant", "ballots"),
    Line("department", "waiting", {"department": "Finance"}, "participant elsewhere", "events workshops"),
    Line("wish", "together", {"code": CODE, "wanted": True}, "participant", "wishes"),
    Line("leave", "voting", {}, "participant elsewhere", "events workshops"),
    Line("come_back", "left", {}, "participant", "events workshops"),
    Line("sheets_asked", "voting", {"open": True}, "helper"),
    Line("helper_used", "waiting", {"action": "withdraw", "number": 1}, "facilitator", "helper_links server_values"),
    Line("person_counted", "waiting", {"number": 1, "counts": False}, "facilitator", "events workshops"),
    Line("pressed", "voted", {"action": "show"}, "facilitator", "events workshops"),
    Line("looked_at", "voting", OF_CODE, "facilitator"),
    Line("score_chosen", "shown", CHOSEN, "facilitator"),
    Line("score_settled", "shown", {"code": CODE, "keep": "mine"}, "facilitator"),
    Line("reason_typed", "shown", {"code": CODE, "text": "Not ours.", "seen": ""}, "facilitator"),
    Line("note_typed", "shown", NOTE | {"text": "We agreed.", "seen": ""}, DESK, "events words workshops"),
    Line("note_settled", "shown", NOTE | {"keep": "mine"}, "facilitator"),
    Line("writing", "shown", OF_CODE, "facilitator"),
    Line("menu_chosen", "shown", {"action": "tidy"}, "facilitator"),
    Line("topic_left_out", "waiting", OF_CODE | {"out": True}, "facilitator", "events workshops"),
    Line("topic_shifted", "waiting", OF_CODE | {"by": -1}, "facilitator", "events workshops"),
    Line("topic_given", "waiting", OF_CODE | {"to": "there", "told": ""}, "facilitator", "events workshops"),
    Line("break_asked", "shown", {"until": "23:59"}, "facilitator", "events workshops"),
    Line("reason_chosen", "shown", {"code": CODE, "number": 0, "show": True}, "facilitator", "events words workshops"),
    Line("paper_counted", "waiting", {"by": 1}, f"{DESK} neighbour", "events workshops"),
    Line("phones_taken_out", "waiting", {"number": 0}, "facilitator"),
    Line("door_used", "waiting", {"action": "close"}, "facilitator", "join_codes"),
    Line("paper_asked", "voting", {"open": True}, "facilitator"),
    Line("paper_typed", "voting", {"code": CODE, "round": 1, "number": 1, "answer": 2}, DESK, "ballots"),
    Line("hands_typed", "voting", {"code": CODE, "round": 1, "text": "2: 1"}, DESK, "ballots"),
    Line("sheet_typed", "voting", {"number": 1, "marks": [MARK]}, DESK, "ballots"),
    Line("sheet_turned", "voting", {"number": 1, "theme": 0}, "facilitator"),
    Line("topic_chosen", "scored", {"code": CODE, "chosen": True}, "facilitator", "events workshops"),
    Line(
        "action_typed",
        "acted",
        ACTION | {"field": "what", "text": "Ask.", "seen": "Act."},
        "facilitator",
        "events words workshops",
    ),
    Line("action_settled", "acted", ACTION | {"field": "what", "keep": "mine"}, "facilitator"),
    Line(
        "action_taken_out",
        "acted",
        ACTION | {"seen": "Act.\nHead of procurement\n\n"},
        "facilitator",
        "events workshops",
    ),
    Line("draft_dated", "closed", {"session": "here", "by": "2027-03-12"}, "facilitator", "events workshops"),
    Line("score_corrected", "closed", CORRECTED, "facilitator", "events workshops"),
    Line("correction_settled", "closed", {"code": CODE, "text": "reason", "keep": "mine"}, "facilitator"),
    Line("signed_off", "closed", {"role": "Head of procurement"}, "facilitator", "events words workshops"),
    Line("reopened", "sealed", {"reason": "A comment was missing."}, "facilitator", "events words workshops"),
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = open_database("sqlite://")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def stranger(engine: Engine) -> Actor:
    return make_room(engine, sessions=(("Here", ("engaging-councillors",)),)).facilitator.actor


class Everybody:
    """A room with two sessions, and all who might send something.

    `elsewhere` takes part in the other session, and `neighbour` helps there; `stranger` facilitates another workshop.
    """

    def __init__(self, engine: Engine, stranger: Actor) -> None:
        here, there = ("Here", ("engaging-councillors",)), ("There", ("engaging-senior-managers",))
        self.room = make_room(engine, sessions=(here, there), departments=("Finance", "Procurement"))
        self.workshop, self._engine = self.room.created.workshop, engine
        _, other_session = self.room.created.codes
        self.actors = {
            "participant": self.room.join(1, "Procurement")[0].actor,
            "elsewhere": people.join(engine, self.workshop, other_session),
            "projector": Actor(self.workshop, "projector"),
            "helper": self.helper(self.room.session),
            "neighbour": self.helper(other_session),
            "facilitator": self.room.facilitator.actor,
            "stranger": stranger,
        }
        self.room.facilitator.record(PresenceChanged(self.room.session, on_paper=1))

    def helper(self, session: str) -> Actor:
        """A helper of a session, whose link has opened a browser."""
        secret = self.room.facilitator.new_helper(session).secret
        actor = access.helper_of_link(self._engine, self.workshop, secret)
        assert actor
        assert access.open_helper_link(self._engine, None, session, actor)
        return actor

    def screen(self, role: str) -> Any:
        """The page of a role, opened now."""
        store = store_of(self._engine, self.actors[role])
        return attached(SCREENS[store.actor.role](), store)

    def held(self) -> dict[str, list[tuple[Any, ...]]]:
        """What the database holds of this workshop, by table."""
        found = {}
        with self._engine.connect() as db:
            for table in tables.metadata.sorted_tables:
                own = table.c.get("workshop", table.c.get("id"))
                rows = select(table) if own is None else select(table).where(own == self.workshop)
                found[table.name] = sorted(map(tuple, db.execute(rows).all()), key=str)
        return found


def waiting(room: Room) -> None:
    """Nothing has begun."""


def scoring_alone(room: Room) -> None:
    room.facilitator.record(*(VotingOpened(room.session, code, 0) for code in room.codes))


def together(room: Room) -> None:
    scoring_alone(room)
    for code in room.codes:
        room.vote(code, 3, round_number=0)
    room.facilitator.show_first_scores(room.session)
    room.facilitator.record(TogetherShown(room.session, (Proposal(CODE, 3),)))


def voting(room: Room) -> None:
    room.open_voting(CODE)


def left(room: Room) -> None:
    (store,) = room.participants
    store.leave()


def voted(room: Room) -> None:
    voting(room)
    (store,) = room.participants
    store.cast(room.ballot(store, CODE, 3, reason="It was so."))


def shown(room: Room) -> None:
    voted(room)
    room.facilitator.show_votes(CODE)


def scored(room: Room) -> None:
    for code, topic in room.workshop.topics.items():
        room.facilitator.record(
            ScoreRecorded(topic.session, code, 2), NoteWritten(topic.session, code, "comment", Words("So."))
        )


def acted(room: Room) -> None:
    scored(room)
    room.facilitator.record(ActionAgreed(room.session, CODE, "a1", Words("Act."), Words("Head of procurement")))


def closed(room: Room) -> None:
    scored(room)
    room.facilitator.record(*(SessionClosed(session) for session in room.workshop.sessions))


def sealed(room: Room) -> None:
    closed(room)
    room.facilitator.record(WorkshopSealed(1, Words("Head of procurement")))


MOMENTS: dict[str, Callable[[Room], None]] = {
    moment.__name__: moment
    for moment in (waiting, scoring_alone, together, voting, left, voted, shown, scored, acted, closed, sealed)
}


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line.kind)
def test_a_message_to_any_widget_changes_what_the_table_says_and_only_for_whom_it_says(
    engine: Engine, stranger: Actor, line: Line
) -> None:
    for last in line.by.split():
        everybody = Everybody(engine, stranger)
        MOMENTS[line.moment](everybody.room)
        for role in (*(one for one in everybody.actors if one not in line.by.split()), last):
            check_message(everybody, line, role)


def check_message(everybody: Everybody, line: Line, role: str) -> None:
    """What this message changes when this role's browser sends it to each widget of its page."""
    screen = everybody.screen(role)
    moment = {"moment": everybody.screen("facilitator").now.moment} if line.kind == "pressed" else {}
    before = everybody.held()
    for widget in [one for one in vars(screen).values() if isinstance(one, Widget)]:
        send(widget, {"kind": line.kind, **line.content, **moment})
    after = everybody.held()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == set(line.changes.split() if role in line.by.split() else ()), role


def test_every_message_that_a_page_takes_stands_in_the_table() -> None:
    """Whoever adds one says here who may send it."""
    taken = (*get_args(Message), *get_args(FromPhone), *get_args(FromHelper))
    kinds = {get_args(field.type)[0] for one in taken for field in fields(one) if field.name == "kind"}
    assert kinds == {line.kind for line in TABLE}


@pytest.mark.parametrize("role", ["facilitator", "helper", "participant", "projector"])
def test_a_page_listens_to_the_widgets_whose_scripts_send_messages(engine: Engine, stranger: Actor, role: str) -> None:
    widgets = [one for one in vars(Everybody(engine, stranger).screen(role)).values() if isinstance(one, Widget)]
    assert {one for one in widgets if one.on_message} == {one for one in widgets if "model.send(" in str(one._esm)}


ALL = "facilitator helper participant projector"
COUNTING = "facilitator helper projector"
CALLS: dict[str, tuple[str, Callable[[Any, Everybody], object]]] = {
    "agree_together": ("facilitator", lambda store, here: store.agree_together(here.room.session)),
    "at_once": (ALL, lambda store, _: store.at_once().__enter__()),
    "bring_people_back": ("facilitator", lambda store, here: store.bring_people_back(here.room.session)),
    "cast": ("participant", lambda store, here: store.cast(here.room.ballot(here.room.participants[0], CODE, 3))),
    "change_department": ("participant", lambda store, _: store.change_department("Finance")),
    "close_door": ("facilitator", lambda store, here: store.close_door(here.room.session, True)),
    "come_back": ("participant", lambda store, _: store.come_back()),
    "count_on_paper": (DESK, lambda store, here: store.count_on_paper(here.room.session, 2)),
    "end_practice": ("facilitator", lambda store, here: store.end_practice(here.room.session, leave=True)),
    "skip_practice": ("facilitator", lambda store, here: store.skip_practice(here.room.session)),
    "has_left_practice": ("facilitator", lambda store, here: store.has_left_practice(here.room.session)),
    "enter_paper_vote": (DESK, lambda store, _: store.enter_paper_vote(CODE, 1, 1, 3)),
    "enter_hands": (DESK, lambda store, here: store.enter_hands(CODE, 1, "3: 1")),
    "enter_next_sheet": (
        DESK,
        lambda store, here: store.enter_next_sheet(here.room.session, 1, [Mark(CODE, 1, 3)], [CODE]),
    ),
    "enter_sheet": (DESK, lambda store, here: store.enter_sheet(here.room.session, 1, [Mark(CODE, 1, 3)])),
    "finished": (COUNTING, lambda store, here: store.finished(here.room.session)),
    "in_the_room": (ALL, lambda store, here: store.in_the_room(here.room.session)),
    "join_address": (ALL, lambda store, _: store.join_address()),
    "join_wifi": (ALL, lambda store, _: store.join_wifi()),
    "leave": ("participant", lambda store, _: store.leave()),
    "let_more_in": ("facilitator", lambda store, here: store.let_more_in(here.room.session)),
    "booked": ("facilitator", lambda store, here: store.booked(here.room.session)),
    "last_seen": ("facilitator", lambda store, here: store.last_seen(here.room.session)),
    "move_topic": ("facilitator", lambda store, _: store.move_topic(CODE, "there", Moving())),
    "moving": ("facilitator", lambda store, _: store.moving(CODE, "there")),
    "movings": ("facilitator", lambda store, _: store.movings([CODE], ["there"])),
    "names": ("facilitator", lambda store, here: store.names(here.room.session)),
    "new_helper": ("facilitator", lambda store, here: store.new_helper(here.room.session)),
    "of_topic": (ALL, lambda store, _: store.of_topic(CODE)),
    "own_ballots": ("participant", lambda store, _: store.own_ballots()),
    "elsewhere": ("participant", lambda store, _: store.elsewhere()),
    "paper_votes": (DESK, lambda store, _: store.paper_votes(CODE)),
    "put_back": ("facilitator", lambda store, here: store.put_back(here.room.session, (CODE,))),
    "reasons": ("facilitator", lambda store, _: store.reasons(CODE)),
    "record": ("facilitator", lambda store, here: store.record(SessionClosed(here.room.session))),
    "refresh": (ALL, lambda store, _: store.refresh()),
    "renew_code": ("facilitator", lambda store, here: store.renew_code(here.room.session, with_secret=True)),
    "saved_at": (ALL, lambda store, _: store.saved_at),
    "seen": ("participant", lambda store, _: store.seen()),
    "sheets": (DESK, lambda store, here: store.sheets(here.room.codes)),
    "show_first_scores": ("facilitator", lambda store, here: store.show_first_scores(here.room.session)),
    "show_votes": ("facilitator", lambda store, _: store.show_votes(CODE)),
    "still_to_vote": ("facilitator", lambda store, _: store.still_to_vote(CODE)),
    "take_people_out": ("facilitator", lambda store, here: store.take_people_out(here.room.session, datetime.now(UTC))),
    "times_that_count": ("facilitator", lambda store, _: store.times_that_count()),
    "vote_counts": (COUNTING, lambda store, _: store.vote_counts()),
    "withdraw_helper": ("facilitator", lambda store, here: store.withdraw_helper(here.room.session, "link")),
    "write_note": (DESK, lambda store, _: store.write_note(CODE, "comment", "We agreed.")),
    "votes_in": (COUNTING, lambda store, _: store.votes_in(CODE)),
    "ask_to_talk": ("participant", lambda store, _: store.ask_to_talk(CODE, True)),
}
"""What may be asked of a store, and by whom."""


def test_whom_the_table_does_not_name_has_no_such_call_and_gets_no_store_that_has_it(
    engine: Engine, stranger: Actor
) -> None:
    everybody = Everybody(engine, stranger)
    voted(everybody.room)
    before = everybody.held()
    for name, (allowed, call) in CALLS.items():
        for role in set(STORES) - set(allowed.split()):
            with pytest.raises(AttributeError, match=f"no attribute '{name}'"):
                call(store_of(engine, everybody.actors[role]), everybody)
            for other in allowed.split():
                with pytest.raises(NotAllowed):
                    call(STORES[other](engine, everybody.actors[role]), everybody)
            assert everybody.held() == before, (name, role)


def test_the_store_refuses_nobody_whom_the_table_names(engine: Engine, stranger: Actor) -> None:
    everybody = Everybody(engine, stranger)
    voted(everybody.room)
    for allowed, call in CALLS.values():
        for role in allowed.split():
            with suppress(RuleBroken):  # it is allowed, but not now
                call(store_of(engine, everybody.actors[role]), everybody)


def test_every_call_of_a_store_stands_in_the_table() -> None:
    """Whoever adds one says here who may use it."""
    for role, store in STORES.items():
        calls = {
            name for name, call in inspect.getmembers_static(store) if callable(call) or isinstance(call, property)
        }
        allowed = {name for name, (roles, _) in CALLS.items() if role in roles.split()}
        assert {name for name in calls if not name.startswith("_")} == allowed, role


def test_mypy_is_asked_about_every_call_that_is_for_another_role() -> None:
    """In a file that it reads in `make test`, where an `ignore` that is not needed is an error."""
    file = Path(refused_by_mypy.__file__)
    root = next(folder for folder in file.parents if (folder / "pyproject.toml").exists())
    mypy = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert mypy["strict"]
    assert file.relative_to(root).as_posix() in mypy["files"]
    for role, store in STORES.items():
        lines = inspect.getsource(getattr(refused_by_mypy, f"asked_by_a_{role}"))
        asked = re.findall(r"store\.(\w+),  # type: ignore\[attr-defined\]\n", lines)
        assert f"store: {store.__name__}" in lines
        assert set(asked) == {name for name, (roles, _) in CALLS.items() if role not in roles.split()}, role
