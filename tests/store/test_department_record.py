"""What the record of an anonymous workshop holds of departments: nothing beside a vote, and one count when it ends."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from played import DEPARTMENTS as PLAYED
from played import SESSION, START, beginning, store_events, voted, votes, whole_diagnostic, workshop_of
from room import DEPARTMENTS, Room, make_room
from sqlalchemy import Engine

from npswidgets import charts
from npswidgets.analysis.opening import open_workshop
from npswidgets.domain.departments import answers_by_department, count_departments, levels_by_department
from npswidgets.domain.events import (
    Answer,
    DepartmentAnswers,
    DepartmentLevels,
    DepartmentsCounted,
    Event,
    ParticipantJoined,
    PresenceChanged,
    SessionClosed,
    SessionOpened,
    Vote,
    VotesRevealed,
    VotingOpened,
    VotingStopped,
)
from npswidgets.domain.starting_level import starting_level
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken
from npswidgets.report.contents import AreaReport, Report, report_to_json
from npswidgets.report.make import make_report
from npswidgets.store import record
from npswidgets.store.archive import write_archive
from npswidgets.store.codec import from_line
from npswidgets.store.erasing import erase
from npswidgets.store.saved import read_archive

CODE, OTHER = "reporting", "councillor-development"
CARE, FINANCE, PROCUREMENT = DEPARTMENTS
LARGE = (1, 2, 2, 3, 3, 3, 4)
"""Votes of a department that reports may show: the first of three, which is the largest."""
COUNTS = (1, 2, 3, 1, 0)
REST = (2, 3, 3, 4, 4, 4, 5)
"""Votes of a smaller one, and of one person alone."""
MAY_NAME = ("WorkshopCreated", "ParticipantJoined", "DepartmentChanged", "DepartmentsCounted")
"""The events that may hold the name of a department."""


@pytest.fixture
def room(engine: Engine) -> Room:
    """Seven people of one department, six of another and one of a third, where reports show departments."""
    room = make_room(engine, departments_in_reports=True)
    for department, number in zip(DEPARTMENTS, (7, 6, 1), strict=True):
        room.join(number, department)
    return room


def vote(room: Room, *answers: Answer, code: str = CODE, number: int = 1) -> None:
    """A vote from its opening to its showing."""
    room.open_voting(code, number)
    room.vote(code, *answers, round_number=number)
    room.facilitator.show_votes(code)


def entries(room: Room) -> list[Event]:
    with room.engine.connect() as db:
        return [from_line(line).event for line in record.lines(db, room.created.workshop)]


def counted(room: Room) -> list[DepartmentsCounted]:
    return [event for event in entries(room) if isinstance(event, DepartmentsCounted)]


def naming(room: Room, folder: Path) -> set[str]:
    """The kinds of the lines that hold the name of a department, in the database and in the saved file."""
    with room.engine.connect() as db:
        lines = record.lines(db, room.created.workshop)
    saved = write_archive(room.engine, room.created.workshop, folder / "saved.jsonl")
    found = [
        line for line in (*lines, *saved.read_text().splitlines()[1:]) if any(name in line for name in DEPARTMENTS)
    ]
    assert len(found) % 2 == 0, "the file holds what the database holds"
    return {type(from_line(line).event).__name__ for line in found}


def shown(room: Room, code: str = CODE) -> list[tuple[str, tuple[int, ...]]]:
    """What a report shows of the departments."""
    found = [one for _, _, one in make_report(room.workshop).codes if one.id == code]
    return [(line.name, line.counts) for one in found for line in one.departments]


@pytest.mark.parametrize("cast", [(5, 5, 2), (3, 3, 3)], ids=["two made up beside one", "three who agree"])
@pytest.mark.parametrize("reports", [False, True])
def test_the_vote_of_a_lone_colleague_cannot_be_read_off_the_record(
    engine: Engine, tmp_path: Path, cast: tuple[int, ...], reports: bool
) -> None:
    room = make_room(engine, departments_in_reports=reports)
    room.join(3, PROCUREMENT)
    room.join(7, CARE)
    vote(room, *cast, 3, 3, 4, 4, 4, 5, 5)
    room.close()
    assert naming(room, tmp_path) <= set(MAY_NAME)
    assert all(one.department is None for one in room.workshop.topics[CODE].shown[0].votes)
    assert not [one for event in counted(room) for one in event.levels if one.department == PROCUREMENT]


def test_what_reports_show_of_departments_is_counted_in_the_moment_in_which_the_session_closes(room: Room) -> None:
    vote(room, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 5)
    vote(room, *LARGE[:-1], "dont_know", *REST, number=2)
    assert (counted(room), shown(room)) == ([], [])
    with pytest.raises(ValueError, match="when the session ends"):
        charts.departments(room.workshop, CODE)
    room.close()
    *_, found, last = entries(room)
    assert isinstance(last, SessionClosed)
    levels = (DepartmentLevels((1, 2, 3, 0, 0), CARE), DepartmentLevels((0, 1, 2, 3, 1)))
    answers = (DepartmentAnswers(7, 1, CARE), DepartmentAnswers(7, 0))
    assert found == DepartmentsCounted(room.session, CODE, 2, levels, answers)
    assert shown(room) == [(CARE, (1, 2, 3, 0, 0)), ("Other departments and roles", (0, 1, 2, 3, 1))]
    assert [(one.name, one.dont_know, one.answers) for one in make_report(room.workshop).unsure_departments] == [
        (CARE, 1, 7),
        ("Other departments and roles", 0, 7),
    ]
    assert charts.departments(room.workshop, CODE).says


def test_without_the_choice_nothing_is_counted(engine: Engine, tmp_path: Path) -> None:
    room = make_room(engine)
    room.join(7, CARE)
    room.join(7, FINANCE)
    vote(room, *LARGE, *LARGE)
    room.close()
    assert naming(room, tmp_path) == {"WorkshopCreated", "ParticipantJoined"}


@pytest.mark.parametrize("anonymity", ["named", "alias"])
def test_where_the_record_holds_the_voters_nothing_is_counted_and_reports_are_as_before(
    engine: Engine, anonymity: str
) -> None:
    room = make_room(engine, departments_in_reports=True, anonymity=anonymity)
    for department in (CARE, FINANCE):
        room.join(7, department, name="Kim")
    vote(room, *LARGE, *LARGE)
    before = shown(room)
    room.close()
    assert counted(room) == []
    assert shown(room) == before == [(CARE, COUNTS), (FINANCE, COUNTS)]


def test_a_topic_voted_on_again_after_the_end_is_not_shown_by_department(room: Room) -> None:
    vote(room, *LARGE, *REST)
    room.close()
    assert shown(room)
    room.facilitator.record(SessionOpened(room.session))
    vote(room, *LARGE, *REST[:-1], 4, number=2)
    vote(room, *LARGE, *REST, code=OTHER)
    assert not shown(room)
    room.close()
    assert [(one.code, one.round) for one in counted(room)] == [(CODE, 1), (OTHER, 1)]
    assert not shown(room)
    assert shown(room, OTHER)


def test_nor_is_one_of_which_nothing_could_be_shown_before(room: Room) -> None:
    vote(room, 1, 2, 3)
    room.close()
    room.facilitator.record(SessionOpened(room.session))
    vote(room, *LARGE, *REST, number=2)
    room.close()
    assert counted(room) == []
    assert not shown(room)


def test_a_session_that_is_closed_again_counts_nothing_again(room: Room) -> None:
    vote(room, *LARGE, *REST)
    room.close()
    before = shown(room)
    room.facilitator.record(SessionOpened(room.session))
    room.participants[0].change_department(PROCUREMENT)
    room.close()
    assert len(counted(room)) == 1
    assert shown(room) == before


def test_a_vote_that_was_stopped_and_never_shown_is_not_counted(room: Room) -> None:
    vote(room, *LARGE, *REST)
    room.open_voting(CODE, 2)
    room.vote(CODE, 5, 5, 5, 5, 5, 4, round_number=2)
    room.facilitator.record(VotingStopped(room.session, CODE, 2))
    room.close()
    assert [one.round for one in counted(room)] == [1]
    assert shown(room)[0] == (CARE, COUNTS)


def test_somebody_who_is_erased_before_the_end_cannot_be_found_by_subtraction(room: Room) -> None:
    vote(room, *LARGE, *REST)
    erase(room.engine, room.created.workshop, room.participants[6].actor.participant or "")
    room.facilitator.refresh()
    room.close()
    (found,) = counted(room)
    assert [(one.department, one.counts) for one in found.levels] == [(CARE, (1, 2, 3, 0, 0)), (None, (0, 1, 2, 4, 1))]
    assert sum(one.answers for one in found.answers) == 14


def test_a_department_counts_as_it_was_when_the_votes_were_shown(room: Room) -> None:
    vote(room, *LARGE, *REST)
    for store in room.participants[:4]:
        store.change_department(FINANCE)
    room.close()
    assert shown(room)[0] == (CARE, COUNTS)
    now = room.workshop.sessions[room.session].participants.values()
    assert sum(one.department == CARE for one in now) == 3


def test_votes_on_paper_and_first_scores_count_with_the_others(room: Room) -> None:
    room.facilitator.record(PresenceChanged(room.session, on_paper=2), VotingOpened(room.session, CODE, 0))
    room.vote(CODE, *LARGE, *REST, round_number=0)
    for number in (1, 2):
        room.facilitator.enter_paper_vote(CODE, 0, number, 5)
    room.facilitator.show_first_scores(room.session)
    room.close()
    (found,) = counted(room)
    assert (found.round, sum(sum(one.counts) for one in found.levels)) == (0, 16)
    assert found.levels[-1].department is None


def test_where_the_session_cannot_close_nothing_is_counted(room: Room) -> None:
    vote(room, *LARGE, *REST)
    room.open_voting(OTHER)
    with pytest.raises(RuleBroken, match="still open"):
        room.close()
    assert counted(room) == []
    assert room.facilitator.workshop == room.workshop


def test_a_saved_workshop_keeps_what_was_counted(room: Room, tmp_path: Path) -> None:
    vote(room, *LARGE, *REST)
    room.close()
    saved = write_archive(room.engine, room.created.workshop, tmp_path / "saved.jsonl")
    assert make_report(read_archive(saved).workshop) == make_report(room.workshop)
    assert open_workshop(saved).votes()["department"].isna().all()


def test_a_record_from_before_reads_and_reports_as_before(engine: Engine) -> None:
    first, *opening = beginning([CODE])
    chosen = replace(first, departments_in_reports=True)  # type: ignore[type-var]
    cast = (*votes(1, 2, 3, department=PLAYED[0]), *votes(0, 3, 3, department=PLAYED[1]))
    id_ = store_events(engine, [chosen, *opening, *voted(CODE, cast), SessionClosed(SESSION)])
    with engine.connect() as db:
        assert not [line for line in record.lines(db, id_) if "DepartmentsCounted" in line]
        workshop = record.read(db, id_)
    (found,) = [one for _, _, one in make_report(workshop).codes]
    assert [(one.name, one.counts) for one in found.departments] == [
        (PLAYED[0], (1, 2, 3, 0, 0)),
        (PLAYED[1], (0, 3, 3, 0, 0)),
    ]


def test_a_vote_in_a_session_that_began_before_is_not_counted_beside_its_departments(room: Room) -> None:
    """The record of a session that was open when the toolkit was renewed would else tell two views of one vote."""
    room.open_voting(CODE)
    room.vote(CODE, *LARGE, *REST)
    cast = (*votes(1, 2, 3, 1, department=CARE), *votes(0, 1, 2, 3, 1))
    room.facilitator.record(VotesRevealed(room.session, CODE, 1, cast))
    room.close()
    assert counted(room) == []


# -- the rule ----------------------------------------------------------------------------------------------------------

GOOD = DepartmentsCounted(
    SESSION,
    CODE,
    1,
    (DepartmentLevels((2, 3, 0, 0, 0), PLAYED[0]), DepartmentLevels((0, 3, 3, 0, 0))),
    (DepartmentAnswers(6, 1, PLAYED[0]), DepartmentAnswers(6, 0)),
)


def after(*events: Event, **options: Any) -> Workshop:
    """A workshop in which five chose 1 or 2, six chose 2 or 3, and one does not know."""
    first, *opening = beginning([CODE, OTHER])
    chosen = replace(first, **({"departments_in_reports": True} | options))  # type: ignore[type-var]
    cast = votes(2, 6, 3, dont_know=1)
    return workshop_of([chosen, *opening, *voted(CODE, cast), *events])


def test_what_was_counted_stands_with_its_topic() -> None:
    assert after(GOOD).topics[CODE].departments == GOOD


@pytest.mark.parametrize(
    "forged",
    [
        replace(GOOD, session="another"),
        replace(GOOD, code=OTHER),
        replace(GOOD, round=2),
        replace(GOOD, round=0),
        replace(GOOD, levels=(replace(GOOD.levels[0], department="Ministry of Magic"), GOOD.levels[1])),
        replace(GOOD, levels=(replace(GOOD.levels[0], department=None), GOOD.levels[1])),
        replace(GOOD, levels=(DepartmentLevels((2, 2, 0, 0, 0), PLAYED[0]), DepartmentLevels((0, 4, 3, 0, 0)))),
        replace(GOOD, levels=(DepartmentLevels((0, 5, 0, 0, 0), PLAYED[0]), DepartmentLevels((2, 1, 3, 0, 0)))),
        replace(GOOD, levels=(DepartmentLevels((2, 3), PLAYED[0]), DepartmentLevels((0, 3, 3, 0, 0)))),
        replace(GOOD, levels=(DepartmentLevels((3, 3, -1, 0, 0), PLAYED[0]), DepartmentLevels((-1, 3, 4, 0, 0)))),
        replace(GOOD, levels=GOOD.levels[:1]),
        replace(GOOD, answers=GOOD.answers[:1]),
        replace(GOOD, answers=(DepartmentAnswers(6, 0, PLAYED[0]), DepartmentAnswers(6, 0))),
        replace(GOOD, answers=(DepartmentAnswers(8, 1, PLAYED[0]), DepartmentAnswers(4, 0))),
        replace(GOOD, answers=(DepartmentAnswers(6, 6, PLAYED[0]), DepartmentAnswers(6, -5))),
    ],
)
def test_no_other_count_of_departments_is_taken_into_the_record(forged: DepartmentsCounted) -> None:
    with pytest.raises(RuleBroken):
        after(forged)


@pytest.mark.parametrize("options", [{"departments_in_reports": None}, {"anonymity": "named"}, {"anonymity": "alias"}])
def test_nothing_is_counted_where_it_was_not_chosen_or_the_record_holds_it(options: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken, match="not counted by department"):
        after(GOOD, **options)


@pytest.mark.parametrize(
    "before",
    [
        (GOOD,),
        (SessionClosed(SESSION), SessionOpened(SESSION)),
        (SessionClosed(SESSION),),
    ],
    ids=["twice", "after the session was opened again", "after the end"],
)
def test_a_topic_is_counted_once_and_before_the_session_closes(before: tuple[Event, ...]) -> None:
    with pytest.raises(RuleBroken):
        after(*before, GOOD)


@given(
    st.lists(
        st.builds(Vote, st.sampled_from([1, 2, 3, 4, 5, "dont_know", "not_my_role"]), st.sampled_from([*PLAYED, None])),
        min_size=1,
        max_size=24,
    ),
    st.integers(0, 2),
)
def test_what_is_counted_is_what_reports_may_show(wanted: list[Vote], erased: int) -> None:
    joined = [ParticipantJoined(SESSION, f"voter-{at}", one.department) for at, one in enumerate(wanted)]
    first, *opening = beginning([CODE])
    events = [replace(first, departments_in_reports=True), *opening, *joined]  # type: ignore[type-var]
    workshop = workshop_of([*events, *voted(CODE, tuple(Vote(one.answer) for one in wanted))])
    kept = wanted[erased:]
    ballots = {f"voter-{at}": one.answer for at, one in enumerate(wanted) if at >= erased}
    known = [*kept, *(Vote(one.answer) for one in wanted[:erased])]
    levels, answers = levels_by_department(known), answers_by_department(known)
    found = count_departments(workshop, CODE, ballots)
    assert (found is None) == (not levels and not answers)
    if found:
        workshop_of([*events, *voted(CODE, tuple(Vote(one.answer) for one in wanted)), found, SessionClosed(SESSION)])
        scale = workshop.rubric.scale
        expected = [(one.name, scale.counts(vote.answer for vote in one.votes)) for one in levels]
        assert [(one.department, one.counts) for one in found.levels] == expected
        assert [(one.department, one.answers) for one in found.answers] == [
            (one.name, len(one.votes)) for one in answers
        ]


def as_kept_now(events: list[Event]) -> list[Event]:
    """The same workshop as it is recorded today: no vote has a department, and they are counted at the end."""
    kept: list[Event] = []
    for event in events:
        if isinstance(event, VotesRevealed):
            start = starting_level(event.votes)
            bare = tuple(Vote(vote.answer) for vote in event.votes)
            event = replace(event, votes=bare, weakest_department=start.level if start.by_department else None)
        kept.append(event)
    last = {event.code: event for event in events if isinstance(event, VotesRevealed)}
    before_the_end = workshop_of(kept[:-1])
    assert isinstance(kept[-1], SessionClosed)
    for code, event in last.items():
        panel = dict(zip(before_the_end.sessions[SESSION].participants, event.votes, strict=True))
        assert {who: one.department for who, one in before_the_end.topics[code].shown[-1].people.items()} == {
            who: vote.department for who, vote in panel.items()
        }
        found = count_departments(before_the_end, code, {who: vote.answer for who, vote in panel.items()})
        kept[-1:-1] = [found] if found else []
    return kept


def test_a_whole_workshop_reports_the_same_as_when_its_votes_had_departments() -> None:
    events = whole_diagnostic(departments_in_reports=True)
    before, now = workshop_of(events), workshop_of(as_kept_now(events))
    counted = [topic.departments for topic in now.topics.values()]
    assert any(one and one.levels for one in counted)
    assert not [vote for topic in now.topics.values() for one in topic.rounds for vote in one.votes if vote.department]
    reports = [without_pools(make_report(replace(one, revision=1, head="0" * 64), START)) for one in (before, now)]
    assert reports[0] == reports[1]
    assert all(name in report_to_json(reports[1]) for name in PLAYED)


def without_pools(report: Report) -> Report:
    """Without what today's record tells otherwise: how many votes small departments had, and when the session closed.

    The events that count the departments come before that, a minute each.
    """
    themes = [replace(theme, key_areas=tuple(map(_without_pools, theme.key_areas))) for theme in report.themes]
    sessions = [replace(one, closed_at="") for one in report.sessions]
    return replace(report, themes=tuple(themes), sessions=tuple(sessions))


def _without_pools(area: AreaReport) -> AreaReport:
    return replace(
        area,
        codes=tuple(
            replace(one, starting=replace(one.starting, sentences=one.starting.sentences[:3])) for one in area.codes
        ),
    )
