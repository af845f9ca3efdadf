"""A wrong date forgets nobody: a clock is doubted, and believed again when there is a reason to."""

from datetime import UTC, datetime, timedelta

import pytest

from npswidgets.domain.clock import DRIFT, EARLIEST, FARTHEST, STANDING, Clock, at_start, fits, has_jumped, look

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def run(known: Clock, now: datetime, hours: int) -> Clock:
    """A program that runs for so long, and looks each minute."""
    for minute in range(1, hours * 60 + 1):
        known = look(known, now + minute * MINUTE, MINUTE)
    return known


class TestADoubt:
    @pytest.mark.parametrize("now", [NOON, NOON - DRIFT, NOON + DAY, NOON + FARTHEST])
    def test_there_is_none_about_a_clock_that_goes_on(self, now: datetime) -> None:
        assert look(Clock(NOON), now) == Clock(max(now, NOON))

    @pytest.mark.parametrize(
        "now", [NOON + FARTHEST + MINUTE, NOON + 200 * DAY, NOON - DRIFT - MINUTE, datetime(2015, 1, 1, tzinfo=UTC)]
    )
    def test_is_about_a_clock_far_ahead_of_what_is_certain_or_behind_it(self, now: datetime) -> None:
        assert look(Clock(NOON), now) == Clock(NOON, now)

    def test_is_about_a_clock_that_jumps_but_not_about_sleep_or_a_correction(self) -> None:
        assert not has_jumped(NOON, NOON + 8 * HOUR, 8 * HOUR)
        assert not has_jumped(NOON, NOON + MINUTE + DRIFT, MINUTE)
        assert has_jumped(NOON, NOON + 3 * DAY, MINUTE)
        assert has_jumped(NOON, NOON - HOUR, MINUTE)
        assert look(Clock(NOON), NOON + 3 * DAY, MINUTE, jumped=True) == Clock(NOON, NOON + 3 * DAY)

    def test_outlives_looks_and_starts_by_the_same_clock(self) -> None:
        for ahead in (200 * DAY, 3 * DAY):
            known = look(Clock(NOON), NOON + ahead, MINUTE, jumped=True)
            known = run(known, NOON + ahead, 2)
            known = look(at_start(known, [NOON + ahead], NOON + ahead + DAY), NOON + ahead + DAY)
            assert (known.certain, known.doubted) == (NOON, NOON + ahead + DAY)

    @pytest.mark.parametrize("wrong", [NOON + 200 * DAY, datetime(2015, 1, 1, tzinfo=UTC), NOON - 2 * HOUR])
    def test_ends_when_the_clock_is_set_right(self, wrong: datetime) -> None:
        known = run(look(Clock(NOON), wrong), wrong, 1)
        assert look(known, NOON + 2 * HOUR, MINUTE, jumped=True) == Clock(NOON + 2 * HOUR)
        assert look(at_start(known, [wrong], NOON + DAY), NOON + DAY) == Clock(NOON + DAY)

    def test_ends_when_a_clock_that_jumped_goes_back(self) -> None:
        known = look(Clock(NOON), NOON + 3 * DAY, MINUTE, jumped=True)
        assert look(known, NOON + HOUR, MINUTE, jumped=True) == Clock(NOON + HOUR)

    def test_ends_after_48_hours_of_running_summed_over_starts(self) -> None:
        now = NOON + 60 * DAY
        known = run(look(Clock(NOON), now), now, 20)
        known = run(look(at_start(known, (), now + 2 * DAY), now + 2 * DAY), now + 2 * DAY, 27)
        assert (known.certain, known.stood) == (NOON, 47 * HOUR)
        later = now + 6 * DAY
        assert run(look(known, later), later, 1) == Clock(later + HOUR)
        assert STANDING == 48 * HOUR

    @pytest.mark.parametrize("other", [NOON + 150 * DAY, NOON + 300 * DAY, datetime(2015, 1, 1, tzinfo=UTC)])
    def test_begins_anew_with_another_wrong_date(self, other: datetime) -> None:
        known = run(look(Clock(NOON), NOON + 200 * DAY), NOON + 200 * DAY, 47)
        assert look(known, other) == Clock(NOON, other)

    def test_of_one_server_is_none_of_another_one_whose_hours_do_not_add_up_beside_it(self) -> None:
        known = Clock(NOON)
        for hour in range(100):
            right = NOON + hour * HOUR
            known = run(look(known, right), right + 200 * DAY, 1)
            assert known.doubted
        assert look(known, NOON + 100 * HOUR) == Clock(NOON + 100 * HOUR)


class TestAtAStart:
    def test_the_newest_of_all_times_is_believed_where_nothing_was_kept(self) -> None:
        assert at_start(None, [NOON - DAY, NOON, NOON - 2 * DAY], NOON + DAY) == Clock(NOON)
        assert at_start(None, [], NOON) == Clock(NOON)

    def test_an_empty_battery_is_doubted_also_in_an_empty_database(self) -> None:
        known = at_start(None, [], datetime(2015, 1, 1, tzinfo=UTC))
        assert known == Clock(EARLIEST)
        assert look(known, datetime(2015, 1, 1, tzinfo=UTC)).doubted

    def test_what_was_stored_without_a_server_counts_while_it_follows(self) -> None:
        stored = [NOON + days * DAY for days in (20, 45, 200)]
        assert at_start(Clock(NOON), stored, NOON + 50 * DAY) == Clock(NOON + 45 * DAY)
        assert at_start(Clock(NOON), stored, NOON + 210 * DAY) == Clock(NOON + 45 * DAY)
        assert at_start(Clock(NOON), stored, NOON + DAY) == Clock(NOON)

    def test_nothing_that_was_stored_in_doubt_counts(self) -> None:
        known = Clock(NOON, NOON + 60 * DAY)
        assert at_start(known, [NOON + 20 * DAY, NOON + 60 * DAY], NOON + 60 * DAY) == known

    def test_zones_do_not_matter(self) -> None:
        assert fits(datetime.fromisoformat("2026-11-28T23:00:00+12:00"), NOON)
