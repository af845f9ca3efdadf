"""A writer that is killed, and its journal cut at any byte: what opens is what was acknowledged, up to some moment.

Run as ``python -m benchmarks.torment.journal FOLDER SEED`` it is the writer: it opens votes, casts ballots and shows
them as fast as it can, and says the number of each step once that is stored. `cut` kills it, copies the database with
its write-ahead log, and opens copies whose log was cut: anywhere behind what SQLite has begun to put into the database
itself, since it does so only with what the disk holds.
"""

import random
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select, text

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import Ballot
from npswidgets.domain.events import TopicPresented, VotingOpened
from npswidgets.store import people, tables
from npswidgets.store.database import clear_journal, open_database
from npswidgets.store.opening import store_of
from npswidgets.store.workshops import NewWorkshop, create_workshop

FILE = "cut.db"
WORKSHOP = "cut"
THEMES = ("showing-leadership", "behaving-commercially", "achieving-community-benefits", "enablers")
VOTERS = 5
STEPS_A_ROUND = 23
LONGEST_SECONDS = 60.0
FRAME_HEADER, JOURNAL_HEADER = 24, 32
ATTEMPTED_AT, PAGE_SIZE_AT = 128, 8
"""Where SQLite notes in the -shm file how many frames are perhaps in the database already, and in the journal how large
a page is: https://www.sqlite.org/walformat.html."""


@dataclass(frozen=True)
class Step:
    """A ballot of one voter, or the round's end and the beginning of the next."""

    number: int
    voter: int | None
    answer: int


@dataclass
class Cuts:
    """What came of it.

    Attributes:
        kills: how many writers were killed.
        acknowledged: how many steps they had said to be stored.
        opened: how many cut copies were opened.
        wrong: those that were no beginning of the history, or did not hold all of it uncut.
    """

    kills: int = 0
    acknowledged: int = 0
    opened: int = 0
    wrong: list[str] = field(default_factory=list)


def steps(seed: str) -> Iterator[Step]:
    """The history, the same for who writes it and who checks it."""
    chance = random.Random(seed)
    number = 0
    while True:
        number += 1
        ends = number % STEPS_A_ROUND == 0
        yield Step(number, None if ends else chance.randrange(VOTERS), chance.randint(1, 5))


def write(folder: Path, seed: str) -> None:
    """Makes a workshop, and goes through the history until it is killed or the topics are used up."""
    engine = open_database(f"sqlite:///{folder / FILE}", migrate=True)
    created = create_workshop(engine, NewWorkshop("Example County Council", id=WORKSHOP, sessions=(("All", THEMES),)))
    session = next(iter(created.codes))
    voters = [people.join(engine, WORKSHOP, session) for _ in range(VOTERS)]
    facilitator = store_of(engine, Actor(WORKSHOP, "facilitator"))
    stores = [store_of(engine, voter) for voter in voters]
    last: dict[int, str] = {}
    codes = iter(facilitator.workshop.sessions[session].codes)
    code = next(codes)
    facilitator.record(TopicPresented(session, code), VotingOpened(session, code, 1))
    clear_journal(engine)
    _say(0)
    for step in steps(seed):
        if step.voter is None:
            facilitator.show_votes(code)
            code, last = next(codes), {}
            facilitator.record(TopicPresented(session, code), VotingOpened(session, code, 1))
        else:
            who, ballot = voters[step.voter].participant or "", f"{step.number:08d}"
            before = last.get(step.voter)
            stores[step.voter].cast(Ballot(ballot, session, code, 1, who, step.answer, replaces=before))
            last[step.voter] = ballot
        _say(step.number)


def cut(folder: Path, seed: str, seconds: float, cuts: int = 20) -> Cuts:
    """Kills writers and cuts what they leave, for so long; the first is always killed."""
    found, end, chance = Cuts(), time.monotonic() + seconds, random.Random(seed)
    while not found.kills or time.monotonic() < end:
        place = folder / f"writer-{found.kills}"
        place.mkdir()
        said = _kill_a_writer(place, f"{seed}-{found.kills}", chance)
        found.kills += 1
        found.acknowledged += said
        size = _journal(place).stat().st_size
        kept = min(size, _moved_bytes(place))
        for length in [size, *(chance.randint(kept, size) for _ in range(cuts))]:
            found.opened += 1
            if fault := _check(place, length, f"{seed}-{found.kills - 1}", said if length == size else 0):
                found.wrong.append(f"{place.name}, journal cut at {length} of {size} bytes: {fault}")
        shutil.rmtree(place)
    return found


def _kill_a_writer(place: Path, seed: str, chance: random.Random) -> int:
    """The last step that a writer said before it was killed."""
    command = [sys.executable, "-m", "benchmarks.torment.journal", str(place), seed]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        killed_at, said, began = chance.randint(0, 400), -1, time.monotonic()
        while said < killed_at and time.monotonic() < began + LONGEST_SECONDS and (line := writer.stdout.readline()):
            said = int(line)
        time.sleep(chance.random() / 500)  # somewhere in the next steps
        writer.kill()
        for line in writer.stdout.read().splitlines(keepends=True):
            said = int(line) if line.endswith("\n") else said
    return said


def _check(place: Path, length: int, seed: str, at_least: int) -> str:
    """What is wrong with the database when its journal ends after so many bytes; empty if nothing is."""
    copy = place / "copy"
    copy.mkdir()
    shutil.copy(place / FILE, copy / FILE)
    (copy / _journal(place).name).write_bytes(_journal(place).read_bytes()[:length])
    engine = open_database(f"sqlite:///{copy / FILE}")
    try:
        with engine.connect() as db:
            if (said := db.execute(text("PRAGMA integrity_check")).scalar()) != "ok":
                return f"integrity_check says {said}"
            ballots = {str(row[0]) for row in db.execute(select(tables.ballots.c.ballot))}
        topics = store_of(engine, Actor(WORKSHOP, "facilitator")).workshop.topics
        shown = sum(len(topic.shown) for topic in topics.values())
    finally:
        engine.dispose()
        shutil.rmtree(copy)
    return why_no_beginning(ballots, shown, seed, at_least)


def why_no_beginning(ballots: set[str], shown: int, seed: str, at_least: int = 0) -> str:
    """Why these ballots and so many rounds shown are no beginning of the history; empty if they are."""
    newest = max([int(one) for one in ballots], default=0)
    number = max(newest, shown * STEPS_A_ROUND)
    if number < at_least:
        return f"step {number} is the last, and {at_least} was said to be stored"
    expected: dict[tuple[int, int], str] = {}
    for step in steps(seed):
        if step.number > number:
            break
        if step.voter is not None:
            expected[(step.number // STEPS_A_ROUND, step.voter)] = f"{step.number:08d}"
    if ballots != set(expected.values()) or shown != number // STEPS_A_ROUND:
        return f"{len(ballots)} ballots and {shown} rounds shown are not the state after step {number}"
    return ""


def _journal(place: Path) -> Path:
    return place / f"{FILE}-wal"


def _moved_bytes(place: Path) -> int:
    """So much of the journal SQLite may have put into the database, and knows to be on the disk."""
    index, journal = (place / f"{FILE}-shm").read_bytes(), _journal(place).read_bytes()
    (frames,) = struct.unpack_from("=I", index, ATTEMPTED_AT)
    (page,) = struct.unpack_from(">I", journal, PAGE_SIZE_AT)
    return JOURNAL_HEADER + int(frames) * (FRAME_HEADER + int(page))


def _say(number: int) -> None:
    print(number, flush=True)


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2])
