"""The committed example: sound, finished, and open to play with."""

from typing import NoReturn

import pytest
from sqlalchemy import Engine

from npswidgets.domain.ballots import Ballot
from npswidgets.domain.events import WorkshopCreated
from npswidgets.domain.sign_off import missing
from npswidgets.report.make import make_report
from npswidgets.store import rubric_files
from npswidgets.store.archive import import_archive
from npswidgets.store.example import example_path, open_example
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.participant_store import ParticipantStore
from npswidgets.store.projector_store import ProjectorStore
from npswidgets.store.rubric_json import rubric_digest
from npswidgets.store.saved import read_archive
from npswidgets.store.workshops import read_workshop

FIRST_EDITION = "931383d718454ca916632edde28126de387527d40aa56cc6832f70119416720e"


def test_the_example_is_a_finished_theme_that_verifies() -> None:
    workshop = read_archive(example_path()).workshop
    assert workshop.sealed
    assert missing(workshop) == ()
    (session,) = workshop.sessions.values()
    assert session.codes == workshop.rubric.codes_in("showing-leadership")
    assert workshop.scored(session.id) == 13
    assert len(session.participants) == 18


def test_the_example_shows_two_votes_on_reporting() -> None:
    topic = read_archive(example_path()).workshop.topics["reporting"]
    assert [one.counts for one in topic.shown] == [(3, 4, 4, 4, 0), (1, 8, 5, 1, 0)]
    assert (topic.shown[0].count_of("dont_know"), topic.shown[0].count_of("not_my_role")) == (2, 1)


def test_one_can_vote_in_the_example_and_nothing_is_kept() -> None:
    store = open_example(ParticipantStore)
    actor = store.actor
    (session,) = store.workshop.sessions.values()
    code = session.live
    assert code is not None
    running = store.workshop.topics[code].running
    assert running is not None
    ballot = Ballot("a" * 16, session.id, code, running.number, actor.participant or "", 3)
    store.cast(ballot)
    assert store.own_ballots() == {(code, running.number): ballot}
    assert open_example(ParticipantStore).own_ballots() == {}


def test_the_facilitator_of_the_example_sees_votes_that_are_shown() -> None:
    for kind in (FacilitatorStore, ProjectorStore):
        store = open_example(kind)
        (session,) = store.workshop.sessions.values()
        assert store.workshop.topics[session.live or ""].status == "shown"


def test_a_workshop_keeps_the_rubric_that_it_was_made_with_and_opens_for_ever(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The committed file has the format of the first version. No rubric of today is there, or asked for."""

    def no_rubric(*_: object) -> NoReturn:
        pytest.fail("a rubric of today was asked for")

    for name in ("_read", "rubric_folder"):
        monkeypatch.setattr(rubric_files, name, no_rubric)
    saved = read_archive(example_path())
    opened = read_workshop(engine, import_archive(engine, saved))
    for one in (saved.workshop, opened):
        created = saved.entries[0].event
        assert isinstance(created, WorkshopCreated)
        assert rubric_digest(one.rubric) == created.rubric_digest == FIRST_EDITION
    assert make_report(opened, opened.created_at) == make_report(saved.workshop, opened.created_at)
