"""Whoever guesses join codes is slowed down; a room full of people who mistype is not."""

import pytest

from npswidgets.server import guesses as limits
from npswidgets.server.guesses import Guesses, TooManyGuesses

ROOM = "198.51.100.7"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guesses(clock: Clock) -> Guesses:
    return Guesses(clock)


def fail(guesses: Guesses, browser: str | None, address: str = ROOM, times: int = 1) -> float:
    """Guesses wrong; the seconds that the last answer is held back."""
    for _ in range(times):
        with guesses.failed(browser, address) as seconds:
            pass
    return seconds


def seconds_to_wait(guesses: Guesses, browser: str | None, address: str = ROOM) -> int:
    try:
        guesses.check(browser, address)
    except TooManyGuesses as refused:
        return int(str(refused).split("Wait ")[1].split()[0])
    return 0


def test_a_few_wrong_codes_are_free(guesses: Guesses) -> None:
    fail(guesses, "phone", times=limits.FREE_FOR_A_BROWSER - 1)
    assert seconds_to_wait(guesses, "phone") == 0


def test_a_browser_that_keeps_guessing_waits_longer_each_time(guesses: Guesses, clock: Clock) -> None:
    fail(guesses, "phone", times=limits.FREE_FOR_A_BROWSER)
    waits = []
    for _ in range(6):
        waits.append(seconds_to_wait(guesses, "phone"))
        clock.now += waits[-1]
        assert seconds_to_wait(guesses, "phone") == 0
        fail(guesses, "phone")
    assert waits == sorted(waits)
    assert waits[0] <= 5
    assert waits[-1] > 30
    assert max(waits) <= limits.LONGEST_WAIT_SECONDS + 1


def test_the_words_say_how_long_to_wait(guesses: Guesses) -> None:
    fail(guesses, "phone", times=20)
    with pytest.raises(TooManyGuesses, match=r"^Too many wrong codes. Wait \d+ seconds, then try again.$"):
        guesses.check("phone", ROOM)


def test_others_behind_the_same_address_are_not_shut_out(guesses: Guesses) -> None:
    fail(guesses, "somebody who guesses", times=500)
    assert seconds_to_wait(guesses, "somebody else") == 0


def test_wrong_answers_to_an_address_that_guesses_come_later_and_later(guesses: Guesses) -> None:
    assert fail(guesses, None, times=limits.FREE_FOR_AN_ADDRESS) == 0
    delays = [fail(guesses, None) for _ in range(40)]
    assert delays == sorted(delays)
    assert 0 < delays[0] < 1
    assert delays[-1] == limits.LONGEST_ANSWER_SECONDS


def test_only_few_guesses_of_an_address_wait_for_their_answers_at_a_time(guesses: Guesses) -> None:
    fail(guesses, None, times=limits.FREE_FOR_AN_ADDRESS)
    held_back = [guesses.failed(None, ROOM) for _ in range(limits.WAITING_ANSWERS)]
    for one in held_back:
        one.__enter__()
    assert seconds_to_wait(guesses, None) == limits.LONGEST_ANSWER_SECONDS
    assert seconds_to_wait(guesses, None, "203.0.113.9") == 0
    for one in held_back:
        one.__exit__(None, None, None)
    assert seconds_to_wait(guesses, None) == 0


def test_guesses_from_many_addresses_are_slowed_down_together(guesses: Guesses) -> None:
    for number in range(limits.FREE_FOR_ALL):
        fail(guesses, None, f"198.51.{number // 256}.{number % 256}")
    assert fail(guesses, None, "203.0.113.9") > 0


def test_wrong_codes_are_forgotten_with_time(guesses: Guesses, clock: Clock) -> None:
    fail(guesses, "phone", times=20)
    clock.now += 20 * limits.FORGET_SECONDS
    assert seconds_to_wait(guesses, "phone") == 0
    assert fail(guesses, "phone") == 0


def test_the_addresses_of_one_line_count_as_one(guesses: Guesses) -> None:
    fail(guesses, None, "2001:db8:1:2::1", times=limits.FREE_FOR_AN_ADDRESS)
    assert fail(guesses, None, "2001:db8:1:2:ffff::9") > 0
    assert fail(guesses, None, "2001:db8:1:3::1") == 0


def test_what_is_remembered_is_bounded(guesses: Guesses) -> None:
    for number in range(limits.MOST_REMEMBERED + 100):
        guesses.check(None, f"2001:db8:{number // 65536:x}:{number % 65536:x}::1")
        fail(guesses, f"browser {number}")
    assert len(guesses._tallies) <= limits.MOST_REMEMBERED
