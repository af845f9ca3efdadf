"""Fifteen seconds of what `make torment` does for twenty minutes, and whether it would see a broken promise."""

import os
import random
import re
import resource
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from paths import ROOT
from room import Room, make_room
from sqlalchemy import Engine, delete, update

from benchmarks.torment.journal import STEPS_A_ROUND, steps, why_no_beginning
from benchmarks.torment.ledger import Ledger
from benchmarks.torment.server import MARK, limit_files, processes_in
from npswidgets.domain.ballots import Ballot
from npswidgets.store import tables

pytestmark = pytest.mark.slow

CODE = "reporting"


def test_no_vote_is_lost_or_doubled_while_processes_die_and_pages_send_rubbish(tmp_path: Path) -> None:
    """It ends with 1 for every fault that `Torment.faults` names."""
    command = [sys.executable, "-m", "benchmarks.torment", "--short", "--results", str(tmp_path / "TORMENT.md")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-10_000:]
    assert re.search(r"\| of these lost \| 0 \|", done.stdout)


def test_a_full_disk_ends_for_a_kernel_whose_fork_server_was_killed_meanwhile(tmp_path: Path) -> None:
    """Else it refuses each vote for ever, and the torment says that somebody did not come back."""
    script = "import subprocess, sys; subprocess.Popen(['sleep', '60']); print('started', flush=True); sys.stdin.read()"
    options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": {**os.environ, MARK: str(tmp_path)}}
    with subprocess.Popen([sys.executable, "-c", script], **options) as parent:
        assert parent.stdout
        assert parent.stdout.readline()
        limit_files(tmp_path, 4096)
        (child,) = [one for one in processes_in(tmp_path) if one.pid != parent.pid]
        parent.kill()
    try:
        assert child.rlimit(psutil.RLIMIT_FSIZE)[0] == 4096
        limit_files(tmp_path, resource.RLIM_INFINITY)
        assert child.rlimit(psutil.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    finally:
        child.kill()


@pytest.fixture
def room(engine: Engine) -> Room:
    room = make_room(engine, anonymity="named")
    room.join(1, name="Kim")
    room.open_voting(CODE)
    return room


def cast(room: Room, ledger: Ledger, told: bool = True) -> str:
    """A vote that the page was told to be saved."""
    (store,) = room.participants
    who = store.actor.participant or ""
    before = store.own_ballots().get((CODE, 1))
    sent = ledger.new_vote(who, CODE, 1, random.Random(1))
    store.cast(Ballot(sent.ballot, room.session, CODE, 1, who, sent.answer, replaces=before.id if before else None))
    if told:
        ledger.was_told(who, CODE, 1, sent)
    return sent.ballot


def show(room: Room, ledger: Ledger) -> list[int]:
    """How much was found to be lost, doubled and strange when the votes were shown."""
    workshop = room.facilitator.show_votes(CODE)
    ledger.compare(room.engine, workshop, CODE, 1)
    return [len(ledger.lost), len(ledger.doubled), len(ledger.strange)]


def test_the_ledger_finds_nothing_where_all_votes_are_there(room: Room) -> None:
    ledger = Ledger()
    cast(room, ledger)
    cast(room, ledger, told=False)
    assert show(room, ledger) == [0, 0, 0]
    assert (ledger.acknowledged, ledger.rounds) == (1, 1)


def test_the_ledger_misses_a_vote_that_is_gone(room: Room) -> None:
    ledger = Ledger()
    cast(room, ledger)
    workshop = room.facilitator.show_votes(CODE)
    with room.engine.begin() as db:
        db.execute(delete(tables.ballots))
    ledger.compare(room.engine, workshop, CODE, 1)
    assert len(ledger.lost) == 1


def test_the_ledger_misses_a_vote_in_whose_place_an_older_one_stands(room: Room) -> None:
    ledger = Ledger()
    first = cast(room, ledger)
    cast(room, ledger)
    with room.engine.begin() as db:
        db.execute(update(tables.ballots).values(ballot=first))
    assert show(room, ledger)[0] == 1
    (who,) = {voter for voter, _, _ in ledger.votes}
    ledger.was_shown_again(who, CODE, 1, first)
    assert len(ledger.lost) == 2


def test_the_ledger_finds_a_vote_that_is_shown_otherwise_than_it_was_sent(room: Room) -> None:
    ledger = Ledger()
    cast(room, ledger)
    with room.engine.begin() as db:
        db.execute(update(tables.ballots).values(answer="dont_know"))
    assert show(room, ledger)[2] == 1


def test_a_database_is_a_beginning_of_the_history_or_not() -> None:
    history = steps("a seed")
    first = [next(history) for _ in range(STEPS_A_ROUND - 1)]
    last = {step.voter: f"{step.number:08d}" for step in first}
    assert why_no_beginning(set(last.values()), 0, "a seed") == ""
    assert why_no_beginning(set(), 0, "a seed") == ""
    assert "was said to be stored" in why_no_beginning(set(last.values()), 0, "a seed", STEPS_A_ROUND)
    for ballot in set(last.values()) - {max(last.values())}:
        assert "are not the state" in why_no_beginning(set(last.values()) - {ballot}, 0, "a seed")
    assert "are not the state" in why_no_beginning(set(last.values()), 2, "a seed")
