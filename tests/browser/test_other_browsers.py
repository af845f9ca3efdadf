"""What a room's phones do in other browsers than Chromium: half of them have WebKit, and some Firefox."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

import firefox
import psutil
import pytest
import webkit
from other_browsers import OtherPage
from serving import RunningServer, wait_until
from wire import Wire

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import TopicPresented, VotingOpened
from npswidgets.store.opening import store_of

pytestmark = [pytest.mark.browser, pytest.mark.other_browsers]

CODE = "procurement-and-commercial-champions"
EXPECTED = ("WebSocket", "Kernel", "Connection lost", "Canceled", "Cannot send", "NetworkError", "t establish")
"""What a script says of a server or a kernel that is not there."""
NOTICED = "restarted failed"
"""What the server's log says of a kernel that was killed."""

BROWSERS: dict[str, tuple[Callable[[], object], Callable[[], AbstractContextManager[OtherPage]]]] = {
    "firefox": (firefox.program, firefox.firefox),
    "webkit": (webkit.program, webkit.webkit),
}


@pytest.fixture(params=BROWSERS, scope="module")
def phone(request: pytest.FixtureRequest) -> Iterator[OtherPage]:
    """A page of a browser of its own; without one the test is skipped, but fails where CI is set."""
    program, start = BROWSERS[request.param]
    if program() is None:
        missing = f"There is no {request.param} here: `make test-other-browsers` brings it."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with start() as page:
        yield page


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that is killed, and started again at the same address."""
    running = RunningServer(tmp_path_factory.mktemp("mortal"))
    yield running
    running.stop()


def vote(phone: OtherPage, answer: str) -> None:
    phone.tap(answer)
    phone.sees(f"Saved: {answer}")


def kill_kernels(server: RunningServer) -> None:
    """Returns when the server knows."""
    noticed = server.log.count(NOTICED)
    for pid in server.forked_kernels():
        psutil.Process(pid).kill()
    wait_until(lambda: server.log.count(NOTICED) > noticed)


def test_a_phone_joins_votes_sleeps_comes_back_and_heals(phone: OtherPage, mortal: RunningServer) -> None:
    """One journey, since a browser and a server take longer to start than all of it."""
    made = mortal.make()
    store = store_of(mortal.engine, Actor(made.id, "facilitator"))
    store.record(TopicPresented(made.session, CODE), VotingOpened(made.session, CODE, 1))
    with Wire(urlsplit(mortal.base).port or 80) as wire:
        phone.goto(made.join_link.replace(mortal.base, wire.base))
        phone.tap("Join")
        vote(phone, "3 Mature")

        kill_kernels(mortal)
        vote(phone, "4 Leader")

        with phone.asleep():
            wire.cut()
            kill_kernels(mortal)
            store.show_votes(CODE)
            store.record(VotingOpened(made.session, CODE, 2))
            wire.mend()
        phone.sees("Your vote in the room was 4 Leader.", "Not voted yet.")
        vote(phone, "2 Developing")

        phone.goto(wire.base)
        phone.run("setTimeout(() => history.back())")
        phone.sees("Saved: 2 Developing")

        mortal.kill()
        mortal.start("--demo")
        vote(phone, "3 Mature")
    shown = store_of(mortal.engine, Actor(made.id, "facilitator")).show_votes(CODE).topics[CODE].shown
    assert [one.counts for one in shown] == [(0, 0, 0, 1, 0), (0, 0, 1, 0, 0)]
    assert [one for one in phone.faults() if not any(part in one for part in EXPECTED)] == []
