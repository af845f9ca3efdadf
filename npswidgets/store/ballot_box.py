"""The ballots: cast by one person, counted by the screens that count, opened only to show the votes.

Those of people who were taken out stay until the votes are shown without them, and count again where these are brought
back before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, update

from npswidgets.domain.ballots import PAPER, Ballot, Reason, check_ballot, reasons, reveal
from npswidgets.domain.departments import are_counted, count_departments
from npswidgets.domain.events import Answer, DepartmentsCounted, VotesRevealed
from npswidgets.domain.text import cleaned
from npswidgets.domain.workshop import Workshop
from npswidgets.store import hints, tables, taken_out

ASIDE = -2
"""The round of ballots that stay with the session in which they were given, when their topic goes to another one.

They are in no vote any more; only their reasons are read, until that session closes.
"""

_BALLOTS = tables.ballots.c

# What each vote asks for is built once: that costs more than to run it.
_OF_WORKSHOP = _BALLOTS.workshop == bindparam("in_workshop")
_IN_ROUND = _OF_WORKSHOP & (_BALLOTS.code == bindparam("on")) & (_BALLOTS.round == bindparam("number"))
_PLACE = _IN_ROUND & (_BALLOTS.participant == bindparam("voter"))
_OWN = (_BALLOTS.session == bindparam("in_session")) & (_BALLOTS.participant == bindparam("voter"))
_READ_ONE = select(tables.ballots).where(_PLACE)
_OUT = taken_out.is_out(tables.ballots)
_COUNTS = ~_OUT
_READ_ROUND = select(tables.ballots).where(_IN_ROUND, _COUNTS)
_READ_OWN = select(tables.ballots).where(_OF_WORKSHOP, _OWN, _BALLOTS.round != ASIDE)
_PUT = insert(tables.ballots)
_DELETE_ONE = delete(tables.ballots).where(_PLACE)
_DELETE_TAKEN_OUT = delete(tables.ballots).where(_IN_ROUND, _OUT)
_BY_ROUND = select(_BALLOTS.code, _BALLOTS.round, func.count()).group_by(_BALLOTS.code, _BALLOTS.round)
_COUNT = _BY_ROUND.where(_OF_WORKSHOP, _COUNTS)
_VOTERS = select(_BALLOTS.participant).where(_IN_ROUND, _COUNTS)
_ON_PAPER = select(_BALLOTS.participant).where(_IN_ROUND, _BALLOTS.participant.startswith(PAPER))


def cast(db: Connection, workshop: Workshop, ballot: Ballot) -> Ballot:
    """Stores a ballot in place of the person's last one of this round; the lock is held, the workshop is up to date.

    It is given back as it is stored: its reason is cleaned.

    Raises:
        VoteRefused: with the reason that the voter sees.
    """
    ballot = replace(ballot, reason=cleaned(ballot.reason))
    place = _round_of(workshop.id, ballot.code, ballot.round) | {"voter": ballot.participant}
    stored = db.execute(_READ_ONE, place).mappings().first()
    if check_ballot(ballot, _ballot(stored) if stored else None, workshop):
        put(db, workshop, ballot)
    return ballot


def put(db: Connection, workshop: Workshop, ballot: Ballot) -> None:
    """Stores a ballot that was checked, in place of the last one of the same person and round."""
    delete_ballot(db, workshop.id, ballot.code, ballot.round, ballot.participant)
    row = {
        "workshop": workshop.id,
        "session": ballot.session,
        "code": ballot.code,
        "round": ballot.round,
        "participant": ballot.participant,
        "ballot": ballot.id,
        "answer": str(ballot.answer),
        "reason": ballot.reason,
        "replaces": ballot.replaces,
        "at": datetime.now(UTC).isoformat(),
    }
    db.execute(_PUT, row)


def delete_ballot(db: Connection, workshop: str, code: str, number: int, voter: str) -> None:
    """Deletes somebody's ballot of a round, if there is one."""
    db.execute(_DELETE_ONE, _round_of(workshop, code, number) | {"voter": voter})
    hints.note(db, workshop, "ballots")


def discard(db: Connection, workshop: str, code: str, number: int | None = None) -> None:
    """Deletes the ballots on a topic: of one round, or of all."""
    cast_on = (_BALLOTS.workshop == workshop) & (_BALLOTS.code == code)
    if number is not None:
        cast_on &= _BALLOTS.round == number
    db.execute(delete(tables.ballots).where(cast_on))


def set_aside(db: Connection, workshop: str, code: str, session: str) -> None:
    """First scores on a topic that leaves this session are votes no more; reasons given with them stay to be read."""
    its = (_BALLOTS.workshop == workshop) & (_BALLOTS.code == code) & (_BALLOTS.session == session)
    db.execute(delete(tables.ballots).where(its, _BALLOTS.round == ASIDE))
    db.execute(update(tables.ballots).where(its).values(round=ASIDE))


def take_back(db: Connection, workshop: str, code: str, session: str) -> None:
    """They are first scores again: the topic came back."""
    its = (_BALLOTS.workshop == workshop) & (_BALLOTS.code == code) & (_BALLOTS.session == session)
    db.execute(update(tables.ballots).where(its, _BALLOTS.round == ASIDE).values(round=0))


def hand_over(db: Connection, workshop: str, code: str, session: str, others: Mapping[str, str]) -> None:
    """The ballots on a topic that has come to this session are those of the same people in it, by the id there."""
    for before, now in others.items():
        its = (_BALLOTS.workshop == workshop) & (_BALLOTS.code == code) & (_BALLOTS.participant == before)
        db.execute(update(tables.ballots).where(its, _BALLOTS.round != ASIDE).values(session=session, participant=now))


def own(db: Connection, workshop: str, session: str, participant: str) -> dict[tuple[str, int], Ballot]:
    """One person's ballots by value code and round."""
    mine = {"in_workshop": workshop, "in_session": session, "voter": participant}
    found = (_ballot(row) for row in db.execute(_READ_OWN, mine).mappings())
    return {(ballot.code, ballot.round): ballot for ballot in found}


def counts(db: Connection, workshop: str) -> dict[tuple[str, int], int]:
    """How many have voted, by value code and round; nobody learns who or what."""
    return {(code, number): votes for code, number, votes in db.execute(_COUNT, {"in_workshop": workshop})}


def voters(db: Connection, workshop: str, code: str, number: int) -> frozenset[str]:
    """Who has voted in a round; only where people take part by name may anybody learn it."""
    return frozenset(db.scalars(_VOTERS, _round_of(workshop, code, number)))


def finished(db: Connection, workshop: str, codes: Sequence[str], number: int) -> int:
    """How many people have voted on all of these value codes in a round."""
    voted = select(_BALLOTS.participant).where(
        _BALLOTS.workshop == workshop, _BALLOTS.code.in_(codes), _BALLOTS.round == number, _COUNTS
    )
    on_all = voted.group_by(_BALLOTS.participant).having(func.count() == len(codes))
    return db.scalar(select(func.count()).select_from(on_all.subquery())) or 0


def on_paper(db: Connection, workshop: str, code: str, number: int) -> tuple[int, ...]:
    """Which paper votes of a round were entered: their numbers, from 1 on, in order."""
    entered = db.scalars(_ON_PAPER, _round_of(workshop, code, number))
    return tuple(sorted(int(who.removeprefix(PAPER)) for who in entered))


def codes_on_paper(db: Connection, workshop: str, number: int) -> frozenset[str]:
    """The value codes on which paper votes were entered in a round."""
    entered = (_BALLOTS.workshop == workshop) & (_BALLOTS.round == number) & _BALLOTS.participant.startswith(PAPER)
    return frozenset(db.scalars(select(_BALLOTS.code).where(entered)))


def sheets(db: Connection, workshop: str, rounds: Mapping[str, int]) -> frozenset[int]:
    """The numbers of the paper votes of which one at least was entered in these rounds, by value code."""
    of_workshop = (_BALLOTS.workshop == workshop) & _BALLOTS.participant.startswith(PAPER)
    entered = db.execute(select(_BALLOTS.code, _BALLOTS.round, _BALLOTS.participant).where(of_workshop))
    return frozenset(int(who.removeprefix(PAPER)) for code, number, who in entered if rounds.get(code) == number)


def open_votes(db: Connection, workshop: Workshop, code: str) -> VotesRevealed:
    """What is shown of the round under way; the lock is held exclusively, so that no ballot slips in after the count.

    The ballots of people who were taken out go: they will never have counted, whoever is brought back.

    Raises:
        RuleBroken: no vote on this value code is under way.
    """
    topic = workshop.topics[code]
    now = topic.running.number if topic.running else -1
    db.execute(_DELETE_TAKEN_OUT, _round_of(workshop.id, code, now))
    before = topic.shown[-1].number if topic.shown else -1
    return reveal(workshop, code, _round(db, workshop.id, code, now), _round(db, workshop.id, code, before))


def departments(db: Connection, workshop: Workshop, session: str) -> Iterator[DepartmentsCounted]:
    """What reports may show of the departments in the last votes of a session, whose ballots are about to go."""
    for topic in workshop.topics.values():
        if topic.session == session and are_counted(workshop, topic):
            cast = _round(db, workshop.id, topic.code, topic.shown[-1].number)
            found = count_departments(workshop, topic.code, {ballot.participant: ballot.answer for ballot in cast})
            if found:
                yield found


def reasons_given(db: Connection, workshop: Workshop, code: str) -> tuple[Reason, ...]:
    """The reasons of the votes that are shown now, lowest level first, without names; none while a vote runs.

    Then those of first scores that were given in other sessions, before the topic was moved from there.
    """
    topic = workshop.topics[code]
    last = topic.rounds[-1:]
    shown = last[0].number if last and last[0].state == "shown" else -1
    before = _round(db, workshop.id, code, ASIDE) if topic.elsewhere else []
    elsewhere = [
        reason
        for session in dict.fromkeys(one.session for one in topic.elsewhere)
        for reason in reasons([ballot for ballot in before if ballot.session == session], session)
    ]
    return (*reasons(_round(db, workshop.id, code, shown)), *elsewhere)


def _round_of(workshop: str, code: str, number: int) -> dict[str, object]:
    return {"in_workshop": workshop, "on": code, "number": number}


def _round(db: Connection, workshop: str, code: str, number: int) -> list[Ballot]:
    return [_ballot(row) for row in db.execute(_READ_ROUND, _round_of(workshop, code, number)).mappings()]


def _ballot(row: RowMapping) -> Ballot:
    answer: Answer = int(row["answer"]) if row["answer"].isdigit() else row["answer"]
    return Ballot(
        row["ballot"],
        row["session"],
        row["code"],
        row["round"],
        row["participant"],
        answer,
        row["reason"],
        row["replaces"],
    )
