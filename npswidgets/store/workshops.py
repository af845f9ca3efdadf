"""The workshops of a database: making one, and what there is."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select

from npswidgets.domain.events import Anonymity, Event, SessionOpened, SessionPlanned, WorkshopCreated
from npswidgets.domain.ids import dated_id, readable_id
from npswidgets.domain.names import composed, council_key, is_visible, looks
from npswidgets.domain.naming import change_of, names_of, put_together
from npswidgets.domain.nearest import nearest
from npswidgets.domain.recording import as_created, check_rubric_ids
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import NotAllowed, NotFound, RubricFaults, RuleBroken
from npswidgets.store import access, doors, marks, record, tables
from npswidgets.store.codec import FIRST, canonical
from npswidgets.store.database import writing
from npswidgets.store.faults import faults
from npswidgets.store.kept_rubrics import rubric_named
from npswidgets.store.rubric_json import rubric_digest, rubric_to_json

REHEARSAL_SUFFIX = "-rehearsal"


@dataclass(frozen=True)
class NewWorkshop:
    """What one says to make a workshop.

    Attributes:
        title: what it asks; by default what the rubric says, else the rubric's own title.
        rubric: its folder or its id, of one that comes along or is kept; or the rubric itself.
        sessions: title and the themes, key areas or value codes of each; by default a session a theme.
        id: by default the month and the council.
        people_expected: what the time is worked out with, of each session where they differ; 0 if unknown.
        departments_in_reports: reports may show how departments of `SMALLEST_SHOWN` or more voted; it cannot be
            changed later.
    """

    council: str
    title: str = ""
    rubric: str | Rubric = "nps-2018"
    anonymity: Anonymity = "anonymous"
    departments: tuple[str, ...] = ()
    sessions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    people_expected: int | tuple[int, ...] = 0
    id: str = ""
    departments_in_reports: bool = False


@dataclass(frozen=True)
class Created:
    """A new workshop, with what is shown once: the secrets of its two links and the join codes by session."""

    workshop: str
    codes: dict[str, str]
    facilitator_secret: str = field(repr=False)
    projector_secret: str = field(repr=False)


@dataclass(frozen=True)
class WorkshopSummary:
    """A line in the list of workshops."""

    id: str
    council: str
    title: str
    revision: int
    changed_at: datetime
    sealed: bool


def create_workshop(engine: Engine, new: NewWorkshop) -> Created:
    """Makes a workshop with its sessions open, its links and its join codes; all of it or nothing.

    Raises:
        RuleBroken: the council has no name, a theme is unknown, or a topic stands in two sessions.
        RubricFaults, NotFound: the rubric cannot be used.
    """
    rubric = new.rubric if isinstance(new.rubric, Rubric) else rubric_named(engine, new.rubric)
    check_rubric_ids(rubric)
    with writing(engine) as db:
        workshop_id = new.id or _free_id(db, new.council)
        event = WorkshopCreated(
            workshop=workshop_id,
            council=new.council,
            title=new.title if is_visible(composed(new.title)) else rubric.asks or rubric.title,
            rubric=rubric.id,
            rubric_version=rubric.version,
            rubric_digest=rubric_digest(rubric),
            anonymity=new.anonymity,
            departments=new.departments,
            departments_in_reports=True if new.departments_in_reports else None,
        )
        event = as_created(event)
        check_free(db, event.workshop)
        insert_row(db, event, rubric)
        workshop = record.start(db, event, rubric)
        for planned in _plan(new, rubric):
            for step in _opening(planned):
                workshop = record.append(db, workshop, step, "facilitator")
        return Created(
            workshop_id,
            {session: doors.make(db, workshop_id, session).code for session in workshop.sessions},
            access.store_link(db, workshop_id, "facilitator"),
            access.store_link(db, workshop_id, "projector"),
        )


def add_session(engine: Engine, workshop: str, title: str, codes: tuple[str, ...], people_expected: int) -> str:
    """One more session of a workshop, open, with its join code; gives its id.

    A title that another session has gets a number behind it.

    Raises:
        RuleBroken: a value code belongs to another session, or the workshop is signed off.
        NotFound: there is no such workshop.
    """
    with writing(engine) as db:
        record.lock(db, workshop)
        state = record.read(db, workshop)
        there = {looks(one.title) for one in state.sessions.values()}
        numbered = (title, *(f"{title} {number}" for number in range(2, len(there) + 2)))
        title = next(one for one in numbered if looks(one) not in there)
        session = _free(readable_id(title), state.sessions)
        for step in _opening(SessionPlanned(session, title, codes, people_expected)):
            state = record.append(db, state, step, "facilitator")
        doors.make(db, workshop, session)
    return session


def change_names(engine: Engine, workshop: str, shown: Mapping[str, str], typed: Mapping[str, str]) -> tuple[str, ...]:
    """Stores other names and numbers; gives the fields that somebody has changed since, and then stores nothing.

    Args:
        shown: the fields as whoever typed has read them, see `naming.Names`.

    Raises:
        RuleBroken: one of them cannot be so, or the workshop is signed off.
        NotFound: there is no such workshop.
    """
    with writing(engine) as db:
        record.lock(db, workshop)
        state = record.read(db, workshop)
        wanted, unseen = put_together(names_of(state), shown, typed)
        change = None if unseen else change_of(state, wanted)
        if change:
            record.append(db, state, change, "facilitator")
    return unseen


def check_free(db: Connection, workshop: str) -> None:
    """Ids that differ by capital letters alone are one folder on many computers.

    Raises:
        RuleBroken: another workshop is called so.
    """
    ids = tables.workshops.c.id
    taken = db.scalar(select(ids).where(func.lower(ids) == workshop.lower()))
    if taken is not None:
        raise RuleBroken(f"There is a workshop with the id {taken!r} already. Give this one another id.")


def insert_row(db: Connection, event: WorkshopCreated, rubric: Rubric) -> None:
    """The row that a workshop's record belongs to, as long as nothing is recorded."""
    row = {
        "id": event.workshop,
        "council": event.council,
        "title": event.title,
        "rubric": canonical(rubric_to_json(rubric)),
        "revision": 0,
        "head": FIRST,
        "changed_at": datetime.now(UTC).isoformat(),
        "sealed": False,
    }
    marks.take_over(db, event.workshop, event.council)
    db.execute(insert(tables.workshops).values(row))


def list_workshops(engine: Engine) -> list[WorkshopSummary]:
    """All workshops, the one changed last first."""
    with faults(), engine.connect() as db:
        of = tables.workshops.c
        shown = (of.id, of.council, of.title, of.revision, of.changed_at, of.sealed)  # no rubric
        rows = db.execute(select(*shown).order_by(of.changed_at.desc())).all()
    return [_summary(row) for row in rows]


def id_of(engine: Engine, name: str, files: Iterable[str] = ()) -> str:
    """The id of the workshop that is called so: by its id, or by the council or title that only one has.

    Raises:
        NotFound: none is, or several are; it names the one that is most like it, of these `files` as well.
    """
    known, wanted, council = list_workshops(engine), name.strip().casefold(), council_key(name)
    by_id = [one.id for one in known if one.id.casefold() == wanted]
    named = [one for one in known if not one.id.endswith(REHEARSAL_SUFFIX)]
    same = [one for one in named if wanted == one.title.casefold() or council == council_key(one.council)]
    by_name = [one.id for one in same if wanted]
    found = by_id or by_name
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(f"“{name}” can be {', '.join(found)}. Name one by its id.")
    names = [*(one.id for one in known), *(one.council for one in known), *files]
    raise NotFound(f"{record.NO_WORKSHOP.format(name)}{nearest(name, names)}")


def earlier_workshops(engine: Engine, workshop: str) -> list[WorkshopSummary]:
    """What a workshop can be compared with, the one changed last first.

    Those of its council on the same levels that are signed off, and were before it if it is signed off itself.
    """
    known = list_workshops(engine)
    this = next((one for one in known if one.id == workshop), None)
    if this is None:
        return []
    council = council_key(this.council)
    found = [
        one
        for one in known
        if one.sealed
        and one.id != workshop
        and council_key(one.council) == council
        and not one.id.endswith(REHEARSAL_SUFFIX)
        and (one.changed_at <= this.changed_at or not this.sealed)
    ]
    levels = _levels_of(engine, [workshop, *(one.id for one in found)])
    return [one for one in found if levels.get(one.id) == levels.get(workshop)]


def _levels_of(engine: Engine, workshops: Collection[str]) -> dict[str, tuple[int, ...]]:
    """The values of each one's scale, without those whose rubric cannot be read."""
    of = tables.workshops.c
    with faults(), engine.connect() as db:
        rows = db.execute(select(of.id, of.rubric).where(of.id.in_(workshops))).all()
    levels: dict[str, tuple[int, ...]] = {}
    for row in rows:
        with suppress(ValueError, RubricFaults):
            levels[row.id] = record.parsed_rubric(row.rubric).scale.values
    return levels


def read_workshop(engine: Engine, workshop: str, at: int | None = None) -> Workshop:
    """The workshop as it stands, or as it stood at a revision.

    Raises:
        NotFound: there is no such workshop, or it has no such revision.
    """
    with faults():
        found = record.latest(engine, workshop, at)
    if at is not None and found.revision != at:
        raise NotFound(f"{workshop}: the record ends at revision {found.revision}, so there is no revision {at}.")
    return found


def plan_of(workshop: Workshop) -> NewWorkshop:
    """What one would say to make this workshop again, with nobody in it and nothing scored.

    The rubric is the one that it began with, wherever its folder is by now.
    """
    sessions = tuple((session.title, session.codes) for session in workshop.sessions.values())
    expected = tuple(session.people_expected for session in workshop.sessions.values())
    return NewWorkshop(
        workshop.council,
        workshop.title,
        workshop.rubric,
        workshop.anonymity,
        workshop.departments,
        sessions,
        expected,
        departments_in_reports=workshop.departments_in_reports,
    )


def discard_rehearsal(engine: Engine, workshop: str) -> None:
    """Deletes a rehearsal with all that belongs to it; a workshop that is none stays.

    Raises:
        NotAllowed: it is no rehearsal.
    """
    if not workshop.endswith(REHEARSAL_SUFFIX):
        raise NotAllowed(f"{workshop} is not a rehearsal, so it stays.")
    with writing(engine) as db:
        db.execute(delete(tables.workshops).where(tables.workshops.c.id == workshop))
        for table in (one for one in tables.metadata.sorted_tables if "workshop" in one.c):
            db.execute(delete(table).where(table.c.workshop == workshop))


def _summary(row: Row[*tuple[Any, ...]]) -> WorkshopSummary:
    council, title, changed_at = _text(row.council), _text(row.title), _time(row.changed_at)
    return WorkshopSummary(row.id, council, title, row.revision, changed_at, bool(row.sealed))


def _text(stored: str | bytes) -> str:
    """A text of the list; a damaged database may hold bytes in its place, which hide no workshop either."""
    return stored if isinstance(stored, str) else stored.decode(errors="replace")


def _time(stored: str | bytes) -> datetime:
    """A time of the list; 1970 for one that cannot be read, which hides no workshop."""
    try:
        return datetime.fromisoformat(_text(stored))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)


def _free_id(db: Connection, council: str) -> str:
    wanted = dated_id(council, datetime.now(UTC))
    taken = set(db.scalars(select(tables.workshops.c.id)))
    if wanted not in taken:
        return wanted
    mark = secrets.choice("abcdef") + secrets.token_hex(3)[1:]  # never all digits, which logs take for a join code
    return f"{wanted}-{mark}"


def _plan(new: NewWorkshop, rubric: Rubric) -> list[SessionPlanned]:
    wanted = new.sessions or tuple((theme.name, (theme.id,)) for theme in rubric.themes)
    expected = new.people_expected if isinstance(new.people_expected, tuple) else (new.people_expected,) * len(wanted)
    plan: dict[str, SessionPlanned] = {}
    for (title, parts), people in zip(wanted, expected, strict=True):
        session = _free(readable_id(title), plan)
        codes = tuple(code for part in parts for code in _codes_in(rubric, part))
        plan[session] = SessionPlanned(session, title, codes, people)
    return list(plan.values())


def _free(wanted: str, taken: Collection[str]) -> str:
    """The id, with a number behind it where titles in other scripts, or long ones, come to the same."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    return wanted if wanted not in taken else next(one for one in numbered if one not in taken)


def _codes_in(rubric: Rubric, part: str) -> tuple[str, ...]:
    try:
        return rubric.codes_in(part)
    except KeyError:
        known = ", ".join([theme.id for theme in rubric.themes] + [area.id for area in rubric.key_areas])
        raise RuleBroken(f"The rubric has no theme or key area {part!r}. It has: {known}.") from None


def _opening(planned: SessionPlanned) -> tuple[Event, ...]:
    return planned, SessionOpened(planned.session)
