"""How many kernels there may be, and which of them go first."""

import asyncio
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import zmq
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from messages import run
from serving import WAIT_SECONDS, wait_until

from npswidgets.domain.actor import Actor
from npswidgets.server.configuration import PING_MS, SILENT_MS, voila_config
from npswidgets.server.http.access import Grant
from npswidgets.server.kernels.forks import ForkFailed
from npswidgets.server.kernels.workshop_kernels import (
    ENOUGH_TO_KEEP,
    FULL,
    KEPT_PLACES,
    KERNELS_A_GRANT,
    Ceiling,
    ServerFull,
    WorkshopKernel,
    WorkshopKernels,
    most_kernels,
)
from npswidgets.server.run import TooFewFiles, raise_file_limit


class Room:
    """Kernels without processes: who owns them, how many pages each has, when it was seen last."""

    def __init__(self, most: int) -> None:
        self.kernels = WorkshopKernels(most=most)
        self.kernels.end_kernel = self.end
        self.ended: list[str] = []

    def add(self, kernel: str, owner: Grant, pages: int, seen_minutes_ago: int = 0) -> None:
        self.kernels.owners[kernel] = owner
        self.kernels._kernel_connections[kernel] = pages
        seen = datetime.now(UTC) - timedelta(minutes=seen_minutes_ago)
        self.kernels._kernels[kernel] = SimpleNamespace(last_activity=seen)

    async def end(self, kernel: str) -> None:
        self.ended.append(kernel)
        self.kernels._kernels.pop(kernel)
        self.kernels.owners.pop(kernel)

    def make_room(self, owner: Grant) -> None:
        run(self.kernels.make_room(owner))


@pytest.fixture
def room() -> Iterator[Room]:
    room = Room(most=3)
    yield room
    room.kernels._kernels.clear()
    room.kernels.context.term()


def person(number: int) -> Grant:
    return Grant(f"browser {number}", Actor("w", "participant", "s", f"p{number}"))


def test_nobody_is_sent_away_while_there_is_room(room: Room) -> None:
    for number in range(2):
        room.add(f"kernel {number}", person(number), pages=1)
    room.make_room(person(9))
    assert not room.ended


def test_when_it_is_full_the_page_that_left_first_makes_room(room: Room) -> None:
    room.add("in use", person(0), pages=1, seen_minutes_ago=60)
    room.add("left", person(1), pages=0, seen_minutes_ago=5)
    room.add("left first", person(2), pages=0, seen_minutes_ago=7)
    room.make_room(person(9))
    assert room.ended == ["left first"]


def test_when_all_are_in_use_somebody_new_is_told_so(room: Room) -> None:
    for number in range(3):
        room.add(f"kernel {number}", person(number), pages=1)
    with pytest.raises(ServerFull, match=FULL):
        room.make_room(person(9))
    assert not room.ended


def test_phones_leave_room_for_facilitators_and_big_screens(room: Room) -> None:
    room.kernels.most = ENOUGH_TO_KEEP
    for number in range(ENOUGH_TO_KEEP - KEPT_PLACES):
        room.add(f"kernel {number}", person(number), pages=1)
    assert room.kernels.is_full("participant")
    assert not room.kernels.is_full("facilitator")
    with pytest.raises(ServerFull):
        room.make_room(person(99))
    room.make_room(Grant("browser", Actor("w", "facilitator")))
    room.make_room(Grant("browser", Actor("w", "projector", "s")))


def test_the_operator_says_how_many_people_may_come(room: Room) -> None:
    room.kernels.most, room.kernels.most_people = 10, 2
    room.add("laptop", Grant("browser", Actor("w", "facilitator")), pages=0)
    room.add("in use", person(0), pages=1)
    room.make_room(person(1))
    room.add("left", person(1), pages=0)
    assert not room.kernels.is_full()
    room.make_room(person(2))
    assert room.ended == ["left"]
    room.add("new", person(2), pages=1)
    with pytest.raises(ServerFull):
        room.make_room(person(3))


def test_the_ceiling_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = voila_config("sqlite://", Ceiling(12, 2**30)).WorkshopKernels
    assert settings["most_people"] == 12
    assert settings["most"] == most_kernels(2**30) <= 24


def test_kernels_that_are_starting_count(room: Room) -> None:
    room.kernels.owners |= {f"starting {number}": person(number) for number in range(3)}
    with pytest.raises(ServerFull):
        room.make_room(person(9))


def test_somebody_with_many_pages_takes_no_room_from_others(room: Room) -> None:
    room.kernels.most = 100
    for number in range(KERNELS_A_GRANT):
        room.add(f"kernel {number}", person(1), pages=1, seen_minutes_ago=number)
    room.add("somebody else's", person(2), pages=0, seen_minutes_ago=90)
    room.make_room(person(1))
    assert room.ended == [f"kernel {KERNELS_A_GRANT - 1}"]


def test_pages_of_one_person_that_came_at_once_make_room_as_well(room: Room) -> None:
    room.kernels.most = 100
    for number in range(KERNELS_A_GRANT + 5):
        room.add(f"kernel {number}", person(1), pages=1, seen_minutes_ago=number)
    room.make_room(person(1))
    assert len(room.kernels.owners) == KERNELS_A_GRANT - 1
    assert "kernel 0" in room.kernels.owners


def test_a_kernel_that_is_starting_is_seen_now() -> None:
    assert datetime.now(UTC) - WorkshopKernel().last_activity < timedelta(minutes=1)


def test_idle_time_counts_from_when_the_page_left(room: Room) -> None:
    room.add("kernel", person(1), pages=1, seen_minutes_ago=60)
    room.kernels.notify_disconnect("kernel")
    assert datetime.now(UTC) - room.kernels._kernels["kernel"].last_activity < timedelta(minutes=1)


def test_when_nobody_has_the_workshop_open_its_kernels_end_after_a_minute(room: Room) -> None:
    for number in range(2):
        room.add(f"kernel {number}", person(number), pages=0, seen_minutes_ago=2)
    run(room.kernels.cull_kernels())
    assert room.ended == ["kernel 0", "kernel 1"]


@pytest.mark.parametrize(("pages", "seen_minutes_ago"), [(1, 60), (0, 0)])
def test_while_somebody_has_it_open_phones_may_sleep(room: Room, pages: int, seen_minutes_ago: int) -> None:
    room.add("asleep", person(1), pages=0, seen_minutes_ago=2)
    room.add("somebody's", person(2), pages, seen_minutes_ago)
    run(room.kernels.cull_kernels())
    assert not room.ended


def test_other_workshops_do_not_matter(room: Room) -> None:
    room.add("deserted", person(1), pages=0, seen_minutes_ago=2)
    room.add("elsewhere", Grant("browser", Actor("another", "facilitator")), pages=1)
    run(room.kernels.cull_kernels())
    assert room.ended == ["deserted"]


def test_kernels_whose_pages_left_without_a_word_are_ended() -> None:
    settings = voila_config("sqlite://", Ceiling(12, 2**30)).WorkshopKernels
    assert 60 <= settings.cull_idle_timeout <= 1800
    assert settings.cull_interval <= 60
    assert settings.buffer_offline_messages is False


def test_a_page_is_asked_before_it_counts_as_gone() -> None:
    assert SILENT_MS >= 2 * PING_MS


def test_a_server_that_may_open_too_few_files_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 128))
    with pytest.raises(TooFewFiles, match=r"open 128 files.*ulimit -Hn 4096"):
        raise_file_limit()


def test_as_many_sockets_as_kernels_need() -> None:
    kernels = WorkshopKernels(most=400)
    assert kernels.context.get(zmq.MAX_SOCKETS) >= 400 * 5
    kernels.context.term()


def test_a_computer_takes_some() -> None:
    assert 4 <= most_kernels() <= 1000


def test_a_page_that_asked_before_a_link_was_used_gets_its_kernel_under_the_new_id(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def start(_: object, kernel_id: str, **__: object) -> str:
        return kernel_id

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", start)
    owner = person(1)
    room.add("one", owner, pages=1)
    room.kernels.change_browser(owner.browser, "second")
    room.kernels.change_browser("second", "third")
    run(room.kernels.start_kernel(grant=owner, kernel_id="two"))
    assert {kernel: grant.browser for kernel, grant in room.kernels.owners.items()} == {"one": "third", "two": "third"}


@pytest.mark.skipif(sys.platform != "linux", reason="It reads in /proc when the kernel has begun to start.")
def test_a_kernel_that_is_ended_while_it_starts_says_nothing(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-P",
        "-m",
        "npswidgets.server.kernels.kernel_process",
        "-f",
        str(tmp_path / "kernel.json"),
    ]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as kernel:
        wait_until(lambda: "zmq" in Path(f"/proc/{kernel.pid}/maps").read_text())
        kernel.send_signal(signal.SIGINT)
        assert kernel.communicate(timeout=WAIT_SECONDS) == (b"", b"")
        assert kernel.returncode == -signal.SIGINT


class SlowEnd:
    """A kernel that takes until `over` to end, as Jupyter's own manager of it would."""

    def __init__(self) -> None:
        self.over, self.ends = asyncio.Event(), 0
        self.ready: asyncio.Future[None] = asyncio.Future()
        self.ready.set_result(None)
        self.kernel_name, self.last_activity = "python3", datetime.now(UTC)

    async def shutdown_kernel(self, *_: object) -> None:
        self.ends += 1
        self.ready = asyncio.Future()
        await self.over.wait()
        self.ready.set_result(None)


def test_a_kernel_ends_although_whoever_waited_for_its_end_was_cancelled() -> None:
    async def scene() -> None:
        kernels, kernel = WorkshopKernels(most=3), SlowEnd()
        kernels.owners["one"], kernels._kernels["one"] = person(1), kernel
        first = asyncio.create_task(kernels.end_kernel("one"))
        while not kernel.ends:
            await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first])
        second, culled = asyncio.create_task(kernels.end_kernel("one")), kernels.shutdown_kernel("one")
        kernels._handle_kernel_died("one")  # it is noticed, too
        kernel.over.set()
        await asyncio.gather(second, culled)
        assert (kernel.ends, kernels.owners, "one" in kernels) == (1, {}, False)
        await kernels.end_kernel("one")
        kernels.context.term()

    run(scene())


def test_a_kernel_that_did_not_start_is_in_nobodys_way_when_the_server_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise ForkFailed("It died while it started.")

    monkeypatch.setattr(WorkshopKernel, "_async_pre_start_kernel", fail)

    async def scene() -> None:
        kernels = WorkshopKernels(
            most=3, kernel_manager_class="npswidgets.server.kernels.workshop_kernels.WorkshopKernel"
        )
        with pytest.raises(ForkFailed):
            await kernels.start_kernel(grant=person(1), kernel_id="one")
        await kernels.shutdown_all()
        kernels.context.term()

    run(scene())
