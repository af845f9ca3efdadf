"""The record of a workshop in the database: lines are read by revision and appended under the workshop's lock."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update

from npswidgets.domain.events import (
    Entry,
    Event,
    ParticipantJoined,
    PeopleBroughtBack,
    PeopleTakenOut,
    SessionClosed,
    TogetherAgreed,
    TogetherShown,
    TopicPresented,
    VotesDiscarded,
    VotingOpened,
)
from npswidgets.domain.recording import as_recorded
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.rules import apply, begin
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import ArchiveFault, NotFound, RuleBroken, StoreFault
from npswidgets.store import (
    ballot_box,
    clock,
    erasures,
    happened,
    helper_links,
    hints,
    persons,
    postgresql,
    practice,
    presence,
    tables,
    taken_out,
    talk_requests,
)
from npswidgets.store.codec import (
    FIRST,
    SaltedWords,
    from_line,
    line_digest,
    split_words,
    to_line,
    with_texts,
    without_texts,
)
from npswidgets.store.faults import DAMAGED, readable
from npswidgets.store.rubric_json import rubric_from_json

_ROW = tables.workshops.c.id == bindparam("workshop")
_LOCK = {shared: select(tables.workshops.c.id).where(_ROW).with_for_update(read=shared) for shared in (False, True)}
_REVISION = select(tables.workshops.c.revision).where(_ROW)
_HEAD = select(tables.workshops.c.head).where(_ROW)
_CHANGED_AT = select(tables.workshops.c.changed_at).where(_ROW)
_LINES = (
    select(tables.events.c.line)
    .where(tables.events.c.workshop == bindparam("workshop"), tables.events.c.revision > bindparam("since"))
    .order_by(tables.events.c.revision)
)

NO_WORKSHOP = "There is no workshop {!r} in this database. `nps-workshop list` shows those that are."


def lock(db: Connection, workshop: str, *, shared_by: str = "") -> None:
    """Waits for the workshop: shared for a ballot, exclusively for an event (on SQLite BEGIN IMMEDIATE has done so).

    Args:
        shared_by: who writes nothing but what is this participant's, or this role's; who else does so waits.

    Raises:
        NotFound: there is no such workshop.
    """
    if db.execute(_LOCK[bool(shared_by)], {"workshop": workshop}).first() is None:
        raise NotFound(NO_WORKSHOP.format(workshop))
    if shared_by:
        postgresql.lock_own(db, f"{workshop} {shared_by}")


def revision_of(db: Connection, workshop: str) -> int:
    """The revision of the last event; 0 if there is no such workshop."""
    return db.scalar(_REVISION, {"workshop": workshop}) or 0


def changed_at(db: Connection, workshop: str) -> datetime:
    """When the last event was stored.

    Raises:
        NotFound: there is no such workshop.
    """
    stored = db.scalar(_CHANGED_AT, {"workshop": workshop})
    if stored is None:
        raise NotFound(NO_WORKSHOP.format(workshop))
    return read_time(stored, workshop)


def read_time(stored: str, workshop: str) -> datetime:
    """A time as it is stored; the workshop is for the error.

    Raises:
        StoreFault: it is none.
    """
    with readable(f"{workshop}: a time"):
        return datetime.fromisoformat(stored)


def head_of(db: Connection, workshop: str) -> str:
    """The digest of the last line; empty if there is no such workshop."""
    return db.scalar(_HEAD, {"workshop": workshop}) or ""


def head_at(db: Connection, workshop: str, revision: int) -> str:
    """The digest of the line of one revision; empty if there is no such line."""
    return next((line_digest(line) for line in lines(db, workshop, revision - 1, revision)), "")


def lines(db: Connection, workshop: str, since: int = 0, until: int | None = None) -> list[str]:
    """The lines of the record after one revision, up to and with another one."""
    wanted = _LINES if until is None else _LINES.where(tables.events.c.revision <= until)
    return list(db.scalars(wanted, {"workshop": workshop, "since": since}))


def texts(db: Connection, workshop: str) -> dict[str, str | None]:
    """What people typed, by digest; None where it was erased."""
    wanted = select(tables.words.c.digest, tables.words.c.text).where(tables.words.c.workshop == workshop)
    return dict(db.execute(wanted).all())


def read(db: Connection, workshop_id: str, cached: Workshop | None = None, until: int | None = None) -> Workshop:
    """The workshop as the record has it now, folded on from a state that was read before and that it still has.

    Raises:
        NotFound: there is no such workshop.
        StoreFault: the record is damaged.
    """
    if cached is not None and head_at(db, workshop_id, cached.revision) != cached.head:
        cached = None  # another record stands in its place, as where a backup was put back
    state, newer = cached, lines(db, workshop_id, cached.revision if cached else 0, until)
    if state is None and not newer:
        raise NotFound(NO_WORKSHOP.format(workshop_id))
    said = texts(db, workshop_id) if newer else {}
    rubric = state.rubric if state else _rubric(db, workshop_id)
    try:
        for entry, head in read_lines(newer, said):
            if entry.previous != (state.head if state else FIRST):
                raise ArchiveFault("It does not follow the line before it.")
            state = replace(begin(entry, rubric) if state is None else apply(state, entry), head=head)
    except (ArchiveFault, RuleBroken, LookupError) as fault:
        number = state.revision + 1 if state else 1
        why = str(fault) if isinstance(fault, ArchiveFault) else "It does not fit what was recorded before."
        raise StoreFault(f"{workshop_id}: line {number} of the record cannot be read. {why} {DAMAGED}") from None
    assert state is not None
    return state


def read_lines(newer: Iterable[str], said: dict[str, str | None]) -> Iterator[tuple[Entry, str]]:
    """Each line's entry with its words, and the line's digest."""
    for line in newer:
        entry = from_line(line)
        yield replace(entry, event=with_texts(entry.event, said)), line_digest(line)


def start(db: Connection, event: Event, rubric: Rubric, at: datetime | None = None) -> Workshop:
    """A new workshop with its first event; its row is there already."""
    marked, salted = split_words(as_recorded(event))
    entry = Entry(1, at or datetime.now(UTC), "facilitator", marked, FIRST)
    begun = store_entry(db, None, entry, rubric, salted)
    happened.note_event(db, begun.id, event)
    return begun


def append(db: Connection, workshop: Workshop, event: Event, by: str, at: datetime | None = None) -> Workshop:
    """The workshop with one more event, checked and stored; the lock is held and the workshop is up to date.

    Before a session closes, what its ballots tell of departments is counted, as far as reports may show it. When it has
    closed, the people of all sessions are.

    Args:
        at: when it happened, where this is known better than by this computer's clock.

    Raises:
        RuleBroken: the event may not happen now; nothing is stored.
    """
    if isinstance(event, SessionClosed):
        for counted in ballot_box.departments(db, workshop, event.session):
            workshop = append(db, workshop, counted, by, at)
    when = at or datetime.now(UTC)
    marked, salted = split_words(as_recorded(event, workshop, when))
    entry = Entry(workshop.revision + 1, when, by, marked, workshop.head)
    after = store_entry(db, workshop, entry, workshop.rubric, salted)
    happened.note_event(db, workshop.id, event)
    if at is None:
        clock.note(db, workshop.id, event, entry.at)
        _note_what_ends(db, workshop.id, event)
    people = persons.count(db, after) if isinstance(event, SessionClosed) else None
    return append(db, after, people, by, at) if people else after


def store_entry(
    db: Connection, workshop: Workshop | None, entry: Entry, rubric: Rubric, salted: tuple[SaltedWords, ...] = ()
) -> Workshop:
    """The workshop with one more entry, checked and stored with the words that belong to it.

    Raises:
        RuleBroken: the entry may not follow; nothing is stored.
    """
    after = begin(entry, rubric) if workshop is None else apply(workshop, entry)
    line = to_line(replace(entry, event=without_texts(entry.event)))
    after = replace(after, head=line_digest(line))
    db.execute(insert(tables.events).values(workshop=after.id, revision=entry.revision, line=line))
    store_words(db, after.id, salted)
    hints.note(db, after.id, "ballots" if isinstance(entry.event, ParticipantJoined) else "public")
    db.execute(
        update(tables.workshops)
        .where(tables.workshops.c.id == after.id)
        .values(
            council=after.council,
            title=after.title,
            revision=after.revision,
            head=after.head,
            changed_at=entry.at.isoformat(),
            sealed=after.sealed,
        )
    )
    if isinstance(entry.event, PeopleTakenOut):
        taken_out.put(db, after.id, entry.event.participants)
    if isinstance(entry.event, PeopleBroughtBack):
        taken_out.bring_back(db, after.id, entry.event.participants)
    if isinstance(entry.event, SessionClosed):
        _forget_ballots(db, after.id, entry.event.session)
        presence.forget(db, after.id, entry.event.session)
        helper_links.withdraw(db, after.id, entry.event.session)
    if isinstance(entry.event, SessionClosed | TogetherShown | TogetherAgreed):
        talk_requests.forget(db, after.id, entry.event.session)
    if isinstance(entry.event, VotesDiscarded):
        ballot_box.discard(db, after.id, entry.event.code, entry.event.round)
    if isinstance(entry.event, TopicPresented | VotingOpened | SessionClosed):
        practice.forget(db, after.id, entry.event.session)
    return after


def _note_what_ends(db: Connection, workshop: str, event: Event) -> None:
    """For whoever puts back a database of before."""
    if isinstance(event, PeopleTakenOut):
        erasures.note(db, "out", workshop, (event.session, *event.participants))
    if isinstance(event, PeopleBroughtBack):
        erasures.note(db, "in", workshop, (event.session, *event.participants))
    if isinstance(event, SessionClosed):
        erasures.note(db, "ended", workshop, (event.session,))


def store_words(db: Connection, workshop: str, salted: Iterable[SaltedWords]) -> None:
    """Puts what people typed into its own table."""
    for one in salted:
        row = {"workshop": workshop, "digest": one.digest, "salt": one.salt, "text": one.text}
        db.execute(insert(tables.words).values(row))


def erase_words(db: Connection, workshop: str, digests: Iterable[str]) -> None:
    """Deletes what was typed, and the salts, without which nobody can tell by a digest what it was."""
    there = (tables.words.c.workshop == workshop) & tables.words.c.text.is_not(None)
    these = there & tables.words.c.digest.in_(list(digests))
    erasures.note(db, "words", workshop, sorted(db.scalars(select(tables.words.c.digest).where(these))))
    db.execute(update(tables.words).where(these).values(text=None, salt=""))


def _forget_ballots(db: Connection, workshop: str, session: str) -> None:
    of_session = (tables.ballots.c.workshop == workshop) & (tables.ballots.c.session == session)
    db.execute(delete(tables.ballots).where(of_session))


def _rubric(db: Connection, workshop: str) -> Rubric:
    stored = db.scalar(select(tables.workshops.c.rubric).where(tables.workshops.c.id == workshop))
    with readable(f"{workshop}: the rubric"):
        return parsed_rubric(stored or "{}")


@lru_cache(maxsize=8)
def parsed_rubric(stored: str) -> Rubric:
    """The rubric that is stored as this text; parsed once a process, since each reading of a workshop needs it."""
    return rubric_from_json(json.loads(stored))


def latest(engine: Engine, workshop_id: str, at: int | None = None, cached: Workshop | None = None) -> Workshop:
    """The workshop as it stands, or as it stood at a revision; read on from a state that was read before.

    Raises:
        NotFound: there is no such workshop.
    """
    with engine.connect() as db:
        return read(db, workshop_id, cached, until=at)
