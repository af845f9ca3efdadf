"""Slows down whoever guesses join codes, and nobody else.

Only wrong codes count. A browser that keeps guessing has to wait, longer each time. A whole council may sit behind one
address, and somebody among them may be guessing, so that an address is never shut out: from the thirtieth wrong code
on its wrong answers come later and later, and only few of them may be waiting for theirs at a time, right or wrong. The
same holds for all addresses together, against guesses from many. Whoever gives up waiting gains nothing.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from npswidgets.errors import WorkshopError

FREE_FOR_A_BROWSER = 5
FREE_FOR_AN_ADDRESS = 30
FREE_FOR_ALL = 300
LONGEST_WAIT_SECONDS = 60
LONGEST_ANSWER_SECONDS = 10
WAITING_ANSWERS = 10
FORGET_SECONDS = 60
MOST_REMEMBERED = 4096


class NoDoor(WorkshopError):
    """A join code that leads nowhere, in the words for whoever typed it."""


class TooManyGuesses(NoDoor):
    """The next guess has to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many wrong codes. Wait {seconds} seconds, then try again.")


@dataclass
class _Tally:
    """Wrong codes of somebody; one is forgotten each minute."""

    failures: float = 0
    at: float = 0
    waiting: int = 0

    def failures_now(self, now: float) -> float:
        return max(0.0, self.failures - (now - self.at) / FORGET_SECONDS)

    def add(self, now: float) -> None:
        self.failures = self.failures_now(now) + 1
        self.at = now


class Guesses:
    """The wrong codes of the last time, by browser and by address. Memory is bounded: the oldest are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tallies: OrderedDict[str, _Tally] = OrderedDict()
        self._all = _Tally()

    def check(self, browser: str | None, address: str) -> None:
        """Whether a guess may be looked at now.

        Raises:
            TooManyGuesses: not yet.
        """
        left = self._browser_wait(browser)
        if left > 0:
            raise TooManyGuesses(int(left) + 1)
        if max(self._tally(_network(address)).waiting, self._all.waiting // 5) >= WAITING_ANSWERS:
            raise TooManyGuesses(LONGEST_ANSWER_SECONDS)

    @contextmanager
    def failed(self, browser: str | None, address: str) -> Iterator[float]:
        """Counts a wrong code; gives the seconds to let its answer wait inside the block."""
        now, of_address = self._clock(), self._tally(_network(address))
        tallies = [of_address, self._all] + ([self._tally(browser)] if browser else [])
        for tally in tallies:
            tally.add(now)
            tally.waiting += 1
        over = max(of_address.failures - FREE_FOR_AN_ADDRESS, self._all.failures - FREE_FOR_ALL)
        try:
            yield min(LONGEST_ANSWER_SECONDS, over / 2) if over > 0 else 0.0
        finally:
            for tally in tallies:
                tally.waiting -= 1

    def _browser_wait(self, browser: str | None) -> float:
        if browser is None or browser not in self._tallies:
            return 0
        tally, now = self._tallies[browser], self._clock()
        over = tally.failures_now(now) - FREE_FOR_A_BROWSER
        return 0 if over < 0 else tally.at + min(LONGEST_WAIT_SECONDS, 2 ** (over + 2)) - now

    def _tally(self, key: str) -> _Tally:
        self._tallies.setdefault(key, _Tally())
        self._tallies.move_to_end(key)
        while len(self._tallies) > MOST_REMEMBERED:
            self._tallies.popitem(last=False)
        return self._tallies[key]


def _network(address: str) -> str:
    """The address; of an IPv6 address the part that belongs to one line."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(parsed) if parsed.version == 4 else str(ip_network((parsed, 64), strict=False))
