"""How many join codes may be tried out. Whoever scans a QR code is never asked here.

A look at a code is paid for before it is made, right or wrong, so that no answer tells by its time what is right; a
right one gets its price back. There are three purses, each a bucket that fills again slowly:

* an address from which nobody has joined has three looks, paid from what all such addresses have together;
* an address from which somebody has joined, such as that of a whole council, has sixty, and again all have a sum;
* where these are used up, there is a slow one for everybody.

So who guesses takes nothing from an address that has not guessed, and what can be looked at in four hours is less than
1 % of the codes, from however many addresses (docs/decisions/door.md has the sums). A browser that keeps guessing waits
longer each time besides. Memory is bounded: the oldest addresses and browsers are forgotten, on which the sums for all
do not depend.
"""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TypeVar

from npswidgets.errors import WorkshopError

HOUR = 3600

# Looks at once, and how many more an hour.
STRANGER = 3, 0.5
TRUSTED = 60, 60.0
ALL_STRANGERS = 3400, 475.0
ALL_TRUSTED = 300, 290.0
SLOW = 60, 360.0

FREE_FOR_A_BROWSER = 5
LONGEST_WAIT_SECONDS = 60
FORGET_SECONDS = 60
MOST_REMEMBERED = 4096
ALARM_SECONDS = 600
ALARM_CODES = 50
"""So many wrong codes in ten minutes are no room full of people who mistype."""

SCAN = "Or scan the QR code: that works at once."

Kept = TypeVar("Kept")


class CodeRefused(WorkshopError):
    """A join code that leads nowhere, in the words for whoever typed it."""


class TooManyGuesses(CodeRefused):
    """The next guess has to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many wrong codes. Wait {max(2, seconds)} seconds, then try again. {SCAN}")


class _Bucket:
    """So many looks at once, and so many more an hour; full at first."""

    def __init__(self, size: float, an_hour: float, now: float) -> None:
        self._size, self._per_second = size, an_hour / HOUR
        self._left, self._at = size, now

    def left(self, now: float) -> float:
        self._left = min(self._size, self._left + (now - self._at) * self._per_second)
        self._at = now
        return self._left

    def take(self, now: float, looks: int = 1) -> None:
        self._left = min(self._size, self.left(now) - looks)

    def seconds_to_next(self, now: float) -> float:
        return max(0.0, (1 - self.left(now)) / self._per_second)


@dataclass
class _Tally:
    """Wrong codes of a browser; one is forgotten each minute."""

    failures: float = 0
    at: float = 0

    def failures_now(self, now: float) -> float:
        return max(0.0, self.failures - (now - self.at) / FORGET_SECONDS)

    def change(self, by: int, now: float) -> None:
        self.failures = max(0.0, self.failures_now(now) + by)
        self.at = now


class Guesses:
    """What may be looked at, by browser and address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._browsers: OrderedDict[str, _Tally] = OrderedDict()
        self._strangers: OrderedDict[str, _Bucket] = OrderedDict()
        self._trusted: OrderedDict[str, _Bucket] = OrderedDict()
        now = clock()
        self._all_strangers, self._all_trusted = _Bucket(*ALL_STRANGERS, now), _Bucket(*ALL_TRUSTED, now)
        self._slow = _Bucket(*SLOW, now)
        self._wrong: deque[tuple[float, int]] = deque(maxlen=60)  # by ten seconds

    def ask(self, browser: str | None, address: str) -> "Guess":
        """Pays for a look at a code. It counts as wrong until it turns out to be right.

        Raises:
            TooManyGuesses: it may not be looked at now.
        """
        now = self._clock()
        self._count(now)
        wait = self._browser_wait(browser, now)
        if wait > 0:
            raise TooManyGuesses(int(wait) + 1)
        purses = self._purses(_network(address), now)
        for purse in purses:
            purse.take(now)
        tally = _of(self._browsers, browser, _Tally) if browser else _Tally()
        tally.change(1, now)
        return Guess(self, tally, purses)

    def joined(self, address: str) -> None:
        """Somebody joined from this address: others there may mistype more often."""
        network, now = _network(address), self._clock()
        _of(self._trusted, network, lambda: _Bucket(*TRUSTED, now))

    def wrong_lately(self) -> int:
        """How many wrong codes there were in the last ten minutes, looked at or not."""
        since = self._clock() - ALARM_SECONDS
        return sum(codes for at, codes in self._wrong if at >= since)

    def take_back(self, tally: _Tally, purses: tuple[_Bucket, ...]) -> None:
        """What a right code gets back."""
        now = self._clock()
        for purse in purses:
            purse.take(now, -1)
        tally.change(-1, now)
        self._count(now, -1)

    def _purses(self, network: str, now: float) -> tuple[_Bucket, ...]:
        """Those that a look is paid from.

        Raises:
            TooManyGuesses: there is nothing left.
        """
        if network in self._trusted:
            own = self._trusted[network], self._all_trusted
        else:
            own = _of(self._strangers, network, lambda: _Bucket(*STRANGER, now)), self._all_strangers
        for purses in (own, (self._slow,)):
            if all(purse.left(now) >= 1 for purse in purses):
                return purses
        raise TooManyGuesses(int(self._slow.seconds_to_next(now)) + 1)

    def _browser_wait(self, browser: str | None, now: float) -> float:
        tally = self._browsers.get(browser or "")
        if tally is None:
            return 0
        over = tally.failures_now(now) - FREE_FOR_A_BROWSER
        return 0 if over < 0 else tally.at + min(LONGEST_WAIT_SECONDS, 2 ** (over + 2)) - now

    def _count(self, now: float, by: int = 1) -> None:
        at = now - now % (ALARM_SECONDS / 60)
        before = self._wrong.pop()[1] if self._wrong and self._wrong[-1][0] == at else 0
        self._wrong.append((at, before + by))


@dataclass(frozen=True)
class Guess:
    """A look that was paid for."""

    _guesses: Guesses
    _tally: _Tally
    _purses: tuple[_Bucket, ...]

    def was_right(self) -> None:
        """Gives back what was paid."""
        self._guesses.take_back(self._tally, self._purses)


def _of(known: OrderedDict[str, Kept], key: str, make: Callable[[], Kept]) -> Kept:
    """What is remembered of somebody, now or from before; the oldest is forgotten."""
    if key not in known:
        known[key] = make()
    known.move_to_end(key)
    while len(known) > MOST_REMEMBERED:
        known.popitem(last=False)
    return known[key]


def _network(address: str) -> str:
    """The address; of an IPv6 address the part that belongs to one line."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6 and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(parsed) if parsed.version == 4 else str(ip_network((parsed, 64), strict=False))
