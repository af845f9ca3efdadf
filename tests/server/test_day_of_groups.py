"""A workshop as a council holds it: two groups at once, a session a week later on a restarted server, one report."""

import re
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from earlier import put_back
from paths import ROOT
from serving import Client, RunningServer

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import Ballot
from npswidgets.domain.days import day_of, say_day
from npswidgets.domain.events import ScoreRecorded, SessionClosed, TopicPresented, VotingOpened
from npswidgets.report.make import make_report
from npswidgets.report.phrases import say_people
from npswidgets.store import doors, workshops
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.participant_store import ParticipantStore

FORM = {
    "council": "Council of Groups",
    "sessions": "3",
    "anonymity": "anonymous",
    **{"parts": "engaging-councillors", "day": "2027-03-12", "minutes": "60", "people": "2"},
    **{"parts-2": "engaging-senior-managers", "day-2": "2027-03-12", "minutes-2": "60", "people-2": "2"},
    **{"parts-3": "engaging-smes", "day-3": "2027-03-19", "minutes-3": "60", "people-3": "4"},
}


class Day:
    """A workshop on a server of its own, with the browsers of its people."""

    def __init__(self, server: RunningServer) -> None:
        self.server, self.laptop = server, Client(server)
        self.laptop.use_link(server.start_link)
        made = self.laptop.post("/start", FORM)
        self.id = unquote(made.url.rsplit("/", 1)[1])
        self.sessions = [*workshops.read_workshop(server.engine, self.id).sessions]

    def join(self, phone: Client, session: str) -> str:
        """Joins by the session's code; what the page before said."""
        with self.server.engine.connect() as db:
            code = doors.read_all(db, self.id)[session].code
        asked: str = phone.get(f"/join/{code}").text
        joined = phone.post(f"/join/{code}", {"department": "other"}, allow_redirects=False)
        assert joined.headers["Location"] == f"/vote/{self.id}/{session}"
        return asked

    def open_voting(self, session: str) -> str:
        """The room of a session votes on its first topic."""
        store = FacilitatorStore(self.server.engine, Actor(self.id, "facilitator", session))
        code = store.workshop.sessions[session].codes[0]
        store.record(TopicPresented(session, code), VotingOpened(session, code, 1))
        return code

    def vote(self, session: str, code: str, level: int) -> None:
        """All who are in the session vote."""
        engine = self.server.engine
        for who in workshops.read_workshop(engine, self.id).sessions[session].participants:
            store = ParticipantStore(engine, Actor(self.id, "participant", session, who))
            store.cast(Ballot(secrets.token_hex(8), session, code, 1, who, level))

    def end(self, session: str, code: str, level: int) -> None:
        """The votes are shown, their level is agreed, and the session ends."""
        store = FacilitatorStore(self.server.engine, Actor(self.id, "facilitator", session))
        store.show_votes(code)
        store.record(ScoreRecorded(session, code, level), SessionClosed(session))


WEEK_AGO = f"import sys; sys.path.insert(0, {str(ROOT / 'tests')!r}); import earlier; earlier.serve(7)"


def test_two_groups_at_once_and_a_session_a_week_later_are_one_workshop_with_one_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = RunningServer(tmp_path, program=WEEK_AGO)
    try:
        put_back(7, monkeypatch.setattr)
        day = Day(server)
        here, there, later = day.sessions
        phones = [Client(server) for _ in range(4)]
        for phone, session in zip(phones, (here, here, there, there), strict=True):
            day.join(phone, session)
        codes = {session: day.open_voting(session) for session in (here, there)}
        for session in (here, there):
            for page in (f"/facilitate/{day.id}/session/{session}", f"/project/{day.id}/{session}"):
                day.laptop.open_kernel(page)
        for level, session in enumerate((here, there), 2):
            day.vote(session, codes[session], level)
        day.end(here, codes[here], 2)
        assert workshops.read_workshop(server.engine, day.id).topics[codes[there]].status == "open"
        day.end(there, codes[there], 3)
        day.laptop.open_kernel(f"/plenary/{day.id}")

        server.stop()
        monkeypatch.undo()
        server.program = RunningServer.program
        server.start("--demo")
        asked = [day.join(phone, later) for phone in phones]
        assert all("I am somebody else" in page for page in asked)
        assert re.search(r"Continue: .*? and 2 more, 12 March 2027 · Council of Groups", day.laptop.get("/start").text)
        codes[later] = day.open_voting(later)
        day.vote(later, codes[later], 4)
        day.end(later, codes[later], 4)

        workshop = workshops.read_workshop(server.engine, day.id)
        first, second, third = (one.closed_at for one in workshop.sessions.values())
        assert None not in (first, second, third)
        assert third - max(first, second) >= timedelta(days=7)
        held = [day_of(one.shown_at) for code in codes.values() for one in workshop.topics[code].shown if one.shown_at]
        report = make_report(workshop, datetime.now(UTC))
        assert [one.date for one in report.sessions] == [say_day(day) for day in held]
        assert say_people(workshop) == "4 people in 3 sessions"
        assert [(one.people, one.scored) for one in report.sessions] == [(2, 1), (2, 1), (4, 1)]
        found = {code.id: code.score for theme in report.themes for area in theme.key_areas for code in area.codes}
        assert [found[codes[session]] for session in (here, there, later)] == [2, 3, 4]
    finally:
        server.stop()
