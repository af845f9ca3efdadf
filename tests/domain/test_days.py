"""The day of a session is one day, wherever it is said and in whichever zone the computer keeps time."""

import doctest
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from played import SESSION, beginning, scored, workshop_of
from sqlalchemy import Engine

from npswidgets.domain import days
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
    assert "ended on 2 July 2026." in join_page._why_closed(ended)
    assert plan.say_workshop(engine, listed).endswith(", 2 July 2026")
