"""Doing once more, in a database of before, what the list says was taken away since."""

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, Connection, Table, delete, select, update

from npswidgets.domain.events import Event, PeopleBroughtBack, PeopleTakenOut, SessionClosed
from npswidgets.errors import RuleBroken
from npswidgets.store import doors, erasing, record, tables
from npswidgets.store.erasures import Kind, Line

_GRANTS, _HELD = tables.grants.c, tables.held_rights.c


def do_again(db: Connection, lines: Iterable[Line]) -> list[str]:
    """Follows the lines in their order; says what somebody has to do by hand. A second time changes nothing."""
    there, left = set(db.scalars(select(tables.workshops.c.id))), []
    for line in lines:
        if line.kind in _DONE and (not line.workshop or line.workshop in there):
            try:
                _DONE[line.kind](db, line.workshop, line.ids)
            except RuleBroken as broken:
                if line.kind == "ended":
                    left.append(f"{line.workshop}: the session {line.ids[0]} had ended since. End it again. ({broken})")
    return left


def _erase(db: Connection, workshop: str, who: tuple[str, ...]) -> None:
    erasing.erase_in(db, workshop, frozenset(who))


def _forget(db: Connection, workshop: str, who: tuple[str, ...]) -> None:
    erasing.forget(db, workshop, who)


def _without(table: Table, column: str) -> Callable[[Connection, str, tuple[str, ...]], None]:
    def take_away(db: Connection, _: str, ids: tuple[str, ...]) -> None:
        db.execute(delete(table).where(table.c[column].in_(ids)))

    return take_away


def _withdraw_right(db: Connection, _: str, ids: tuple[str, ...]) -> None:
    db.execute(delete(tables.held_rights).where(_HELD.right_id.in_(ids)))
    db.execute(delete(tables.rights).where(tables.rights.c.id.in_(ids)))


def _shut_out(role: str) -> Callable[[Connection, str, tuple[str, ...]], None]:
    def shut_out(db: Connection, workshop: str, browsers: tuple[str, ...]) -> None:
        """Empty for a workshop: of all."""
        its = (_GRANTS.role == role) & _GRANTS.browser.in_(browsers)
        db.execute(delete(tables.grants).where(its, _here(tables.grants, workshop)))
        if role == "facilitator":
            db.execute(
                delete(tables.held_rights).where(_HELD.browser.in_(browsers), _here(tables.held_rights, workshop))
            )

    return shut_out


def _here(table: Table, workshop: str) -> ColumnElement[bool]:
    return table.c.workshop == (workshop or table.c.workshop)


def _renew_browser(db: Connection, _: str, ids: tuple[str, ...]) -> None:
    """What is there under both ids stays as it is under the new one."""
    before, after = ids[:2]
    for table in (tables.grants, tables.held_rights, tables.helper_links):
        db.execute(update(table).where(table.c.browser == before).values(browser=after).prefix_with("OR IGNORE"))
    for table in (tables.grants, tables.held_rights):
        db.execute(delete(table).where(table.c.browser == before))


def _renew_door(db: Connection, workshop: str, sessions: tuple[str, ...]) -> None:
    for session in sessions:
        if doors.read(db, workshop, session):
            doors.renew(db, workshop, session, with_secret=True)


def _take_out(db: Connection, workshop: str, ids: tuple[str, ...]) -> None:
    if there := _joined(db, workshop, ids):
        _append(db, workshop, PeopleTakenOut(ids[0], there))


def _bring_back(db: Connection, workshop: str, ids: tuple[str, ...]) -> None:
    if there := _joined(db, workshop, ids):
        _append(db, workshop, PeopleBroughtBack(ids[0], there))


def _joined(db: Connection, workshop: str, ids: tuple[str, ...]) -> tuple[str, ...]:
    """Of these people those who had joined this session by then."""
    session = record.read(db, workshop).sessions.get(ids[0])
    return tuple(one for one in ids[1:] if session and one in session.participants)


def _end(db: Connection, workshop: str, sessions: tuple[str, ...]) -> None:
    state = record.read(db, workshop)
    for session in sessions:
        if session in state.sessions and state.sessions[session].state == "open":
            _append(db, workshop, SessionClosed(session))


def _append(db: Connection, workshop: str, event: Event) -> None:
    record.append(db, record.read(db, workshop), event, "facilitator")


_DONE: dict[Kind, Callable[[Connection, str, tuple[str, ...]], None]] = {
    "person": _erase,
    "forgotten": _forget,
    "words": record.erase_words,
    "helper": _without(tables.helper_links, "id"),
    "link": _without(tables.links, "secret_hash"),
    "facilitator": _shut_out("facilitator"),
    "projector": _shut_out("projector"),
    "right": _withdraw_right,
    "browser": _renew_browser,
    "door": _renew_door,
    "out": _take_out,
    "in": _bring_back,
    "ended": _end,
}
