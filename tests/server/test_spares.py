"""Where kernels cannot be forked, processes with a participant's screen wait for people."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from messages import run
from serving import WAIT_SECONDS, Client, RunningServer, wait_until
from test_forking import connection_file, is_running
from test_server import ask_for_states

from npswidgets.domain.actor import Actor
from npswidgets.server.kernels import spares
from npswidgets.server.kernels.forks import ForkFailed
from npswidgets.server.kernels.screen_process import WARMED_UP
from npswidgets.server.kernels.spares import Spares
from npswidgets.store import workshops


@pytest.fixture
def own_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningServer]:
    """A server that forks no kernels, and expects nobody yet."""
    monkeypatch.setenv("NPS_FORKING", "no")
    running = RunningServer(tmp_path, options=("--port", "0"))
    yield running
    if running.process.poll() is None:
        running.stop()


def test_everybody_gets_a_page_and_all_processes_end_with_the_server(own_server: RunningServer) -> None:
    made = own_server.make()
    clients = [Client(own_server) for _ in range(3)]
    for client in clients:
        client.join(made)
    with ThreadPoolExecutor(3) as room:
        kernels = list(room.map(lambda client: client.open_kernel(made.vote_page), clients))
    states = [ask_for_states(client, kernel) for client, kernel in zip(clients, kernels, strict=True)]
    voters = {state["voter"] for one in states for state in one.values() if "voter" in state}
    assert voters == set(workshops.read_workshop(own_server.engine, made.id).sessions[made.session].participants)
    assert not own_server.fork_servers()
    wait_until(lambda: len(own_server.prepared_processes()) == 3 + spares.FEWEST)
    running = own_server.prepared_processes()
    clients[0].post(f"/voila/api/shutdown/{kernels[0]}")
    wait_until(lambda: sum(map(is_running, running)) == len(running) - 1)
    own_server.kill()
    wait_until(lambda: not any(map(is_running, running)))


def test_as_many_are_kept_ready_as_people_are_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spares, "LOOK_SECONDS", 0.05)
    expected = 0

    async def story() -> None:
        nonlocal expected
        async with waiting(lambda: expected) as own:
            await ready(own, spares.FEWEST)
            expected = spares.FEWEST + 1
            await ready(own, expected)
            assert all(WARMED_UP in spare.args for spare in own._ready._queue)  # type: ignore[attr-defined]

    run(story())


def test_who_waits_already_does_not_wait_for_warming_up(tmp_path: Path) -> None:
    async def story() -> None:
        async with waiting() as own:
            spare = await own.open(str(connection_file(tmp_path)), environment())
            assert WARMED_UP not in spare.args  # type: ignore[operator]
            spare.end()

    run(story())


def test_one_that_died_is_passed_over(tmp_path: Path) -> None:
    async def story() -> None:
        async with waiting() as own:
            await ready(own, spares.FEWEST)
            first = own._ready.get_nowait()
            first.kill()
            first.wait()
            own._ready._queue.appendleft(first)  # type: ignore[attr-defined]
            spare = await own.open(str(connection_file(tmp_path)), environment())
            assert spare is not first
            assert own.screens
            spare.end()

    run(story())


def test_one_that_dies_while_it_opens_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "kernel.json").write_text("This is no connection file.")

    async def story() -> None:
        async with waiting() as own:
            with pytest.raises(ForkFailed, match="died while it started"):
                await asyncio.wait_for(own.open(str(tmp_path / "kernel.json"), environment()), WAIT_SECONDS)

    run(story())


def test_one_that_hangs_while_it_opens_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spares, "OPENING_SECONDS", 0.3)

    async def story() -> None:
        async with waiting() as own:
            await ready(own, spares.FEWEST)
            (first, *_) = own._ready._queue  # type: ignore[attr-defined]
            psutil.Process(first.pid).suspend()
            with pytest.raises(ForkFailed):
                await own.open(str(connection_file(tmp_path)), environment())
            first.wait(WAIT_SECONDS)

    run(story())


@asynccontextmanager
async def waiting(expected: object = lambda: 0) -> AsyncIterator[Spares]:
    """Spares without a server."""
    own = Spares({**os.environ, "NPS_DATABASE": "sqlite://", "OPENBLAS_NUM_THREADS": "1"}, expected)  # type: ignore[arg-type]
    try:
        yield own
    finally:
        await own.stop()


async def ready(own: Spares, number: int) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while own._ready.qsize() < number:
            await asyncio.sleep(0.02)


def environment() -> dict[str, str]:
    """What a kernel is told; the screen shows that there is no such workshop."""
    return {**os.environ, "NPS_DATABASE": "sqlite://", "NPS_ACTOR": Actor("w", "participant", "s", "p").to_json()}
