"""The day of a session is one day, wherever it is said and in whichever zone the computer keeps time."""

import doctest
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from paths import ROOT
from played import SESSION, beginning, scored, workshop_of
from sqlalchemy import Engine

from npswidgets import settings
from npswidgets.cli import main
from npswidgets.domain import days
from npswidgets.errors import NotFound
from npswidgets.report.make import make_report
from npswidgets.server.pages import join_page, plan
from npswidgets.store.workshops import WorkshopSummary

EVENING = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
"""Half past midnight of the second, on clocks in the United Kingdom."""


@pytest.fixture(params=["UTC", "Europe/London", "America/New_York", "Pacific/Auckland"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(days).failed == 0


def test_an_evening_session_has_one_day(zone: str, engine: Engine) -> None:
    workshop = workshop_of([*beginning(["reporting"]), scored("reporting", 2)])
    topic = workshop.topics["reporting"]
    assert topic.score
    topics = {"reporting": replace(topic, score=replace(topic.score, at=EVENING))}
    report = make_report(replace(workshop, topics=topics), EVENING)
    ended = replace(workshop.sessions[SESSION], closed_at=EVENING)
    listed = WorkshopSummary("evening", "A council", "An evening", 1, EVENING, sealed=False)
    assert report.sessions[0].date == report.made == "2 July 2026"
    assert report.made_on == "2026-07-02"
    assert "ended on 2 July 2026." in str(join_page._not_open(workshop, ended))
    assert plan.say_workshop(engine, listed).endswith(", 2 July 2026")


@pytest.mark.parametrize(("name", "day", "clock"), [("", 2, "00:30"), ("Atlantic/Azores", 1, "23:30")])
def test_the_time_zone_is_a_setting(monkeypatch: pytest.MonkeyPatch, name: str, day: int, clock: str) -> None:
    monkeypatch.setenv(settings.NPS_TIME_ZONE, name)
    assert days.say_day(days.day_of(EVENING)) == f"{day} July 2026"
    assert f"{days.here(EVENING):%H:%M}" == clock


@pytest.mark.parametrize("name", ["Europe/Londen", "Europe", "../UTC", "/etc/localtime", "a\x00b", "UTC+1 "])
def test_a_time_zone_that_there_is_not_is_told_in_words(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(settings.os, "environ", {settings.NPS_TIME_ZONE: name})
    with pytest.raises(NotFound, match="Expected the name of a time zone, such as Europe/London"):
        settings.time_zone()


def test_a_day_is_said_in_one_place() -> None:
    """Neither by a browser, in its own zone, nor in the language of this computer."""
    found = [one for one in (ROOT / "npswidgets").rglob("*") if one.suffix in (".py", ".js", ".html", ".j2", ".typ")]
    elsewhere = re.compile(r"toLocaleDateString|%B|%b\b|Europe/London")
    said = {one.name for one in found if elsewhere.search(one.read_text("utf-8"))}
    assert said == {"days.py", "settings.py"}  # the settings name it in a comment


def test_a_server_does_not_start_in_a_time_zone_that_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.NPS_TIME_ZONE, "Europe/Londen")
    answer = CliRunner().invoke(main, ["serve", "--port", "0"])
    assert (answer.exit_code, "NPS_TIME_ZONE is 'Europe/Londen'" in answer.output) == (1, True)


@pytest.mark.parametrize(
    ("until", "left"),
    [("11:15", 870), ("11.15", 870), ("11:00", 0), ("10:05", 0), ("23:45", 45_870), ("09:00", 79_170), ("soon", None)],
)
def test_a_break_is_counted_by_clocks_in_the_room(until: str, left: float | None, zone: str) -> None:
    """Also where it is longer than half a day; what was past already is no break until tomorrow."""
    said = datetime(2026, 3, 12, 11, 0, 10, tzinfo=UTC)
    assert days.seconds_until(until, said, said + timedelta(seconds=20)) == left


def test_a_break_over_midnight_is_counted_to_its_end_and_then_is_over(zone: str) -> None:
    said = datetime(2026, 3, 12, 23, 50, tzinfo=UTC)
    assert days.seconds_until("00:10", said, said + timedelta(minutes=5)) == 900
    assert days.seconds_until("00:10", said, said + timedelta(hours=14)) == 0


@pytest.mark.parametrize(
    ("now", "then"), [(0, "11:15"), (1, "11:20"), (300, "11:20"), (2699, "12:00"), (46_500, "00:10")]
)
def test_a_quarter_of_an_hour_ends_at_full_five_minutes(now: int, then: str, zone: str) -> None:
    assert days.in_a_quarter_of_an_hour(datetime(2026, 3, 12, 11, 0, tzinfo=UTC) + timedelta(seconds=now)) == then
