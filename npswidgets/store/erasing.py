"""Forgetting people: each one whose day has come, and somebody who asks for it.

The record stays as it is: it names nobody, and what people typed stands beside it. What leads from it to a person is
in the tables below, and goes.
"""

import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time

from sqlalchemy import Connection, Engine, delete, select, union

from npswidgets.domain.events import PersonErased, ReasonShown, Words
from npswidgets.domain.names import as_typed
from npswidgets.domain.retention import past, people_of, with_certain_times, written_later
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import NotFound, StoreFault, WorkshopError
from npswidgets.store import clock, erasures, happened, people, persons, record, server_values, tables
from npswidgets.store.ballot_box import ASIDE
from npswidgets.store.codec import words_in
from npswidgets.store.database import clear_journal, writing
from npswidgets.store.faults import faults

TABLES = (tables.people, tables.grants, tables.presence, tables.wishes, tables.ballots, tables.taken_out)
"""What stands beside the record of a person."""

TRACES = "traces"
"""Set in `server_values` as long as the files may still hold what was deleted."""

_BALLOTS = tables.ballots.c


class NotAllForgotten(StoreFault):
    """Of some people, or in the files of the database, something is left.

    Attributes:
        gone: how many people were forgotten all the same.
    """

    def __init__(self, gone: int, left: Iterable[str]) -> None:
        self.gone = gone
        super().__init__("\n".join([f"{say_forgotten(gone)}, but not all is done:", *left]))


def say_forgotten(gone: int) -> str:
    """How many people were forgotten, without a full stop."""
    return f"{gone} {'person is' if gone == 1 else 'people are'} forgotten"


def purge(engine: Engine, today: date) -> int:
    """Forgets everybody whose day has come; how many there were.

    The date is taken as certain. What cannot be read keeps nobody else's name. What an earlier call left in the files
    of the database goes, too.

    Raises:
        NotAllForgotten: says what is left, and why; the next call does it.
        StoreFault: the database cannot be read.
    """
    gone, left = 0, []
    for workshop, there in _kept(engine).items():
        try:
            gone += _purge_one(engine, workshop, there, today)
        except WorkshopError as fault:
            left.append(f"{workshop}: its names are still there. {fault}")
        except Exception:  # whatever a damaged record raises; its text may quote what people typed
            left.append(f"{workshop}: its names are still there, because its record cannot be read.")
    try:
        _clear_traces(engine)
    except StoreFault as fault:
        left.append(str(fault))
    if left:
        raise NotAllForgotten(gone, left)
    return gone


def count_due(engine: Engine, now: datetime) -> int:
    """How many people would be forgotten if this time were certain, of the workshops that can be read."""
    due = 0
    for workshop, there in _kept(engine).items():
        with suppress(Exception):
            due += len(there & past(_read(engine, workshop, now), now.astimezone(UTC).date()))
    return due


def erase(engine: Engine, workshop: str, participant: str, typed: Iterable[str] = ()) -> None:
    """Forgets one person, in all sessions that this person came to; a second time changes nothing.

    A signed-off workshop takes no event: its record, and the digest on its reports, stay what they are.

    Args:
        typed: digests of texts to erase with the person; reasons that are known to be this person's go anyway.

    Raises:
        NotFound: there is no such workshop, or nobody of this id has joined it.
        StoreFault: the database cannot take it now, or its files still hold traces. Do it again.
    """
    with writing(engine) as db:
        record.lock(db, workshop)
        state = record.read(db, workshop)
        if participant not in people_of(state):
            raise NotFound(
                f"{workshop}: nobody with the id {participant!r} has joined. "
                f"`nps-workshop erase {workshop}` lists those who have."
            )
        record.erase_words(db, workshop, typed)
        everywhere = persons.same_as(db, workshop, participant)
        erase_in(db, workshop, everywhere)
        erasures.note(db, "person", workshop, sorted(everywhere))
        happened.note(db, workshop, "erased")
    try:
        _clear_traces(engine)
    except StoreFault as fault:
        raise StoreFault(f"{participant} is erased from {workshop}, but not all is done. {fault}") from fault


def erase_in(db: Connection, workshop: str, participants: frozenset[str]) -> None:
    """Forgets these people in a transaction that does more; who has not joined is passed over."""
    state = record.read(db, workshop)
    for who in sorted(participants):
        state = _erase_one(db, state, who)
    forget(db, workshop, participants)


def texts_naming(engine: Engine, workshop: str, participant: str) -> dict[str, str]:
    """What was typed in which a person's name stands, by digest; empty where no name is known."""
    known = people.names(engine, workshop)
    with faults(), engine.connect() as db:
        names = sorted({known[who] for who in persons.same_as(db, workshop, participant) if who in known})
        if not names:
            return {}
        either = "|".join(re.escape(as_typed(name)) for name in names)
        named = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
        return {digest: text for digest, text in record.texts(db, workshop).items() if text and named.search(text)}


def _erase_one(db: Connection, state: Workshop, participant: str) -> Workshop:
    """What the record says of a person in one session; a signed-off workshop takes no event."""
    state = _erase_reasons(db, state, participant)
    person = people_of(state).get(participant)
    if person is None or person.erased or state.sealed:
        return state
    session = next(one.id for one in state.sessions.values() if participant in one.participants)
    return record.append(db, state, PersonErased(session, participant), "facilitator")


def _kept(engine: Engine) -> dict[str, set[str]]:
    """By workshop, of which participants something is kept; whoever runs it has grants, too, and stays."""
    kept = defaultdict[str, set[str]](set)
    of_people = (select(one.c.workshop, one.c.participant).where(one.c.participant != "") for one in TABLES)
    with faults(), engine.connect() as db:
        for workshop, who in db.execute(union(*of_people)):
            kept[workshop].add(who)
    return kept


def _read(engine: Engine, workshop: str, certain: datetime | None = None) -> Workshop:
    """A workshop with the times that count; with a time, as if it were certain."""
    with faults(), engine.connect() as db:
        return with_certain_times(record.read(db, workshop), clock.counted_from(db, workshop, certain))


def _purge_one(engine: Engine, workshop: str, there: set[str], today: date) -> int:
    state = _read(engine, workshop)
    due, later = there & past(state, today), written_later(state, today)
    if due or later:
        with writing(engine) as db:
            for who in later:
                clock.count_from(db, workshop, who, datetime.combine(today, time(), UTC))
            if due:
                forget(db, workshop, due)
                erasures.note(db, "forgotten", workshop, sorted(due))
                happened.note(db, workshop, "purged")
    return len(due)


def forget(db: Connection, workshop: str, who: Iterable[str]) -> None:
    """What stands beside the record of these people goes."""
    for table in TABLES:
        db.execute(delete(table).where(table.c.workshop == workshop, table.c.participant.in_(list(who))))
    server_values.write(db, TRACES, secrets.token_hex(8))


def _clear_traces(engine: Engine) -> None:
    """Takes what was deleted out of the files, now or, where a reader holds it up, the next time.

    Raises:
        StoreFault: a program reads the database for so long.
    """
    with faults(), engine.connect() as db:
        there = server_values.read(db, TRACES)
    if there is None:
        return
    clear_journal(engine)
    with writing(engine) as db:
        if server_values.read(db, TRACES) == there:  # else something was deleted since
            server_values.forget(db, TRACES)


def _erase_reasons(db: Connection, state: Workshop, participant: str) -> Workshop:
    """Takes a person's reasons out of what was shown, while ballots say whose they are; and off the big screen."""
    mine = (_BALLOTS.workshop == state.id) & (_BALLOTS.participant == participant) & (_BALLOTS.reason != "")
    rows = db.execute(select(_BALLOTS.code, _BALLOTS.round, _BALLOTS.reason).where(mine))
    given = {(code, 0 if number == ASIDE else number, reason) for code, number, reason in rows}
    shown = [one for one in _reasons_shown(db, state.id) if (one.code, one.round, str(one.words)) in given]
    record.erase_words(db, state.id, {digest for one in shown for digest in words_in(one)})
    for code in {one.code for one in shown}:
        topic = state.topics[code]
        if topic.reason_shown and (code, topic.rounds[-1].number, str(topic.reason_shown)) in given:
            taken_off = ReasonShown(topic.session, code, topic.rounds[-1].number, Words(""))
            state = record.append(db, state, taken_off, "facilitator")
    return state


def _reasons_shown(db: Connection, workshop: str) -> Iterator[ReasonShown]:
    for entry, _ in record.read_lines(record.lines(db, workshop), record.texts(db, workshop)):
        if isinstance(entry.event, ReasonShown):
            yield entry.event
