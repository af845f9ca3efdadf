"""Codes can hardly be guessed, and whoever guesses keeps nobody out; the clock is a made-up one."""

import pytest

from npswidgets.server.http import guesses as limits
from npswidgets.server.http.guesses import Guesses, TooManyGuesses

ROOM = "198.51.100.7"
CODES = 900_000
ATTACK_SECONDS = 4 * 3600


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


def addresses(number: int) -> list[str]:
    return [f"203.{at // 65536}.{at // 256 % 256}.{at % 256}" for at in range(number)]


def guess(guesses: Guesses, address: str = ROOM, browser: str | None = None) -> bool:
    """Tries a wrong code; whether it was looked at."""
    try:
        guesses.ask(browser, address)
    except TooManyGuesses:
        return False
    return True


def type_right(guesses: Guesses, address: str = ROOM, browser: str | None = None) -> bool:
    """Types the right code; whether it was looked at."""
    try:
        guesses.ask(browser, address).was_right()
    except TooManyGuesses:
        return False
    return True


def seconds_to_wait(guesses: Guesses, browser: str | None, address: str = ROOM) -> int:
    try:
        guesses.ask(browser, address).was_right()
    except TooManyGuesses as refused:
        return int(str(refused).split("Wait ")[1].split()[0])
    return 0


def attack(guesses: Guesses, clock: Clock, attackers: list[str], seconds: int, pause: int) -> int:
    """Each address guesses as often as it is let, at every pause; how many codes were looked at."""
    looked, end = 0, clock.now + seconds
    while clock.now < end:
        for address in attackers:
            while guess(guesses, address):
                looked += 1
        clock.now += pause
    return looked


# -- how likely it is that a code is found -----------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 30, 1000, 20_000])
def test_in_four_hours_a_code_is_found_with_less_than_one_percent(guesses: Guesses, clock: Clock, number: int) -> None:
    looked = attack(guesses, clock, addresses(number), ATTACK_SECONDS, {1: 10, 30: 60, 1000: 600, 20_000: 3600}[number])
    assert 1000 < looked < CODES / 100
    assert looked / CODES < (0.002 if number == 1 else 0.01)


def test_neither_do_attackers_who_joined_themselves_find_one(guesses: Guesses, clock: Clock) -> None:
    attackers = addresses(60)
    for address in attackers:
        guesses.joined(address)
    assert attack(guesses, clock, [*attackers, *addresses(2000)], ATTACK_SECONDS, 1200) < CODES / 100


def test_right_codes_of_another_workshop_buy_no_guesses(guesses: Guesses, clock: Clock) -> None:
    looked = 0
    for _ in range(2000):
        assert type_right(guesses) or not guess(guesses)
        looked += guess(guesses)
    assert looked <= limits.STRANGER[0] + limits.SLOW[0]
    assert attack(guesses, clock, [ROOM], ATTACK_SECONDS, 10) < CODES / 500


def test_no_more_is_looked_at_however_many_ask_at_once(guesses: Guesses) -> None:
    assert sum(guess(guesses) for _ in range(1000)) == limits.STRANGER[0] + limits.SLOW[0]


# -- who is kept out ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 1083])
def test_whoever_types_the_code_elsewhere_gets_in_at_once_all_through_an_attack(
    guesses: Guesses, clock: Clock, number: int
) -> None:
    attackers, people = addresses(number), iter(range(10_000))
    for _ in range(24):
        attack(guesses, clock, attackers, 600, 300)
        for _ in range(20):
            assert type_right(guesses, f"198.51.{next(people) // 250}.{next(people) % 250}")


def test_a_council_behind_one_address_may_mistype_while_others_guess(guesses: Guesses, clock: Clock) -> None:
    assert type_right(guesses)
    guesses.joined(ROOM)
    attack(guesses, clock, addresses(1000), 120, 10)
    for person in range(50):
        assert guess(guesses, browser=f"phone {person}")
        assert type_right(guesses, browser=f"phone {person}")


def test_a_room_full_of_people_takes_nothing_from_the_limit_by_right_codes(guesses: Guesses) -> None:
    assert all(type_right(guesses, browser=f"phone {person}") for person in range(500))


def test_somebody_who_guesses_from_the_same_address_is_all_that_keeps_people_out(
    guesses: Guesses, clock: Clock
) -> None:
    while guess(guesses):
        pass
    assert 0 < seconds_to_wait(guesses, "somebody else") <= 11
    clock.now += 11
    assert type_right(guesses, browser="somebody else")


# -- a browser that keeps guessing -------------------------------------------------------------------------------------


def test_a_few_wrong_codes_are_free(guesses: Guesses) -> None:
    assert all(guess(guesses, browser="phone") for _ in range(limits.FREE_FOR_A_BROWSER))


def test_a_browser_that_keeps_guessing_waits_longer_each_time(guesses: Guesses, clock: Clock) -> None:
    for _ in range(limits.FREE_FOR_A_BROWSER):
        guess(guesses, browser="phone")
    waits = []
    for _ in range(6):
        waits.append(seconds_to_wait(guesses, "phone"))
        clock.now += waits[-1]
        assert guess(guesses, browser="phone")
    assert waits == sorted(waits)
    assert waits[0] <= 5
    assert waits[-1] > 30
    assert max(waits) <= limits.LONGEST_WAIT_SECONDS + 1


def test_the_words_say_how_long_to_wait_and_what_works_at_once(guesses: Guesses) -> None:
    said = r"^Too many wrong codes. Wait \d+ seconds, then try again. Or scan the QR code: that works at once.$"
    while guess(guesses, browser="phone"):
        pass
    with pytest.raises(TooManyGuesses, match=said):
        guesses.ask("phone", ROOM)


def test_others_at_the_address_do_not_wait_for_a_browser_that_guesses(guesses: Guesses) -> None:
    for _ in range(500):
        guess(guesses, browser="somebody who guesses")
    assert seconds_to_wait(guesses, "somebody else") == 0


def test_wrong_codes_are_forgotten_with_time(guesses: Guesses, clock: Clock) -> None:
    for _ in range(20):
        guess(guesses, browser="phone")
    clock.now += 20 * limits.FORGET_SECONDS
    assert all(guess(guesses, browser="phone") for _ in range(4))


# -- addresses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("::ffff:198.51.100.7", "198.51.100.7", "::ffff:198.51.100.8"),
    ],
)
def test_the_addresses_of_one_line_count_as_one(one: str, same: str, other: str) -> None:
    assert limits._network(one) == limits._network(same) != limits._network(other)


def test_what_is_remembered_is_bounded(guesses: Guesses) -> None:
    for number in range(limits.MOST_REMEMBERED + 100):
        address = f"2001:db8:{number // 65536:x}:{number % 65536:x}::1"
        guess(guesses, address, f"browser {number}")
        guesses.joined(address)
    kept = (guesses._browsers, guesses._strangers, guesses._trusted)
    assert all(len(one) <= limits.MOST_REMEMBERED for one in kept)
    assert len(guesses._wrong) <= 60


# -- whether anybody is told -------------------------------------------------------------------------------------------


def test_wrong_codes_of_the_last_ten_minutes_are_counted_whether_looked_at_or_not(
    guesses: Guesses, clock: Clock
) -> None:
    for _ in range(500):
        guess(guesses)
    type_right(guesses, "198.51.100.8")
    assert guesses.wrong_lately() == 500
    clock.now += limits.ALARM_SECONDS + 10
    assert guesses.wrong_lately() == 0
