"""Forgetting people: each one whose day has come, and somebody who asks for it.

The record stays as it is: it names nobody, and what people typed stands beside it. What leads from it to a person is
in the tables below, and goes.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import Connection, Engine, delete, select, union

from npswidgets.domain.events import PersonErased, ReasonShown, Words
from npswidgets.domain.retention import past, people_of
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import NotFound
from npswidgets.store import people, record, tables
from npswidgets.store.codec import words_in
from npswidgets.store.database import clear_journal, faults, writing

TABLES = (tables.people, tables.grants, tables.presence, tables.wishes, tables.ballots)
"""What stands beside the record of a person."""

_BALLOTS = tables.ballots.c


def purge(engine: Engine, today: date) -> int:
    """Forgets everybody whose day has come; how many there were.

    Raises:
        StoreFault: the database cannot take it now; the next time does what is left.
    """
    gone = 0
    for workshop, there in _kept(engine).items():
        due = there & past(record.latest(engine, workshop), today)
        if due:
            with writing(engine) as db:
                _forget(db, workshop, due)
        gone += len(due)
    if gone:
        clear_journal(engine)
    return gone


def erase(engine: Engine, workshop: str, participant: str, typed: Iterable[str] = ()) -> None:
    """Forgets one person; a second time changes nothing.

    A signed-off workshop takes no event: its record, and the digest on its reports, stay what they are.

    Args:
        typed: digests of texts to erase with the person; reasons that are known to be this person's go anyway.

    Raises:
        NotFound: there is no such workshop, or nobody of this id has joined it.
        StoreFault: the database cannot take it now. Do it again.
    """
    with writing(engine) as db:
        record.lock(db, workshop)
        state = record.read(db, workshop)
        person = people_of(state).get(participant)
        if person is None:
            raise NotFound(
                f"{workshop}: nobody with the id {participant!r} has joined. "
                f"`nps-workshop erase {workshop}` lists those who have."
            )
        record.erase_words(db, workshop, typed)
        state = _erase_reasons(db, state, participant)
        if not person.erased and not state.sealed:
            session = next(one.id for one in state.sessions.values() if participant in one.participants)
            record.append(db, state, PersonErased(session, participant), "facilitator")
        _forget(db, workshop, {participant})
    clear_journal(engine)


def texts_naming(engine: Engine, workshop: str, participant: str) -> dict[str, str]:
    """What was typed in which a person's name stands, by digest; empty where no name is known."""
    name = people.names(engine, workshop).get(participant)
    if name is None:
        return {}
    named = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
    with faults(), engine.connect() as db:
        return {digest: text for digest, text in record.texts(db, workshop).items() if text and named.search(text)}


def _kept(engine: Engine) -> dict[str, set[str]]:
    """By workshop, of whom something is kept."""
    kept = defaultdict[str, set[str]](set)
    with faults(), engine.connect() as db:
        for workshop, who in db.execute(union(*(select(one.c.workshop, one.c.participant) for one in TABLES))):
            kept[workshop].add(who)
    return kept


def _forget(db: Connection, workshop: str, who: Iterable[str]) -> None:
    for table in TABLES:
        db.execute(delete(table).where(table.c.workshop == workshop, table.c.participant.in_(list(who))))


def _erase_reasons(db: Connection, state: Workshop, participant: str) -> Workshop:
    """Takes a person's reasons out of what was shown, while ballots say whose they are; and off the big screen."""
    mine = (_BALLOTS.workshop == state.id) & (_BALLOTS.participant == participant) & (_BALLOTS.reason != "")
    given = {tuple(row) for row in db.execute(select(_BALLOTS.code, _BALLOTS.round, _BALLOTS.reason).where(mine))}
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
