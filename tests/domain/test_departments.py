"""Nobody's vote can be told from what the record or a report says of departments."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from played import DEPARTMENTS, SESSION, beginning, votes, workshop_of

from npswidgets.domain.ballots import Ballot, reveal
from npswidgets.domain.departments import SMALLEST_SHOWN, answers_by_department, levels_by_department
from npswidgets.domain.events import Answer, ParticipantJoined, Vote, VotingOpened
from npswidgets.domain.starting_level import starting_level

CARE, FINANCE, HIGHWAYS = DEPARTMENTS
answers = st.sampled_from([1, 2, 3, 4, 5, "dont_know", "not_my_role"])
cast = st.lists(st.builds(Vote, answers, st.sampled_from([*DEPARTMENTS, None])), min_size=1, max_size=24)


def names(found: Sequence[object]) -> list[str | None]:
    return [one.name for one in found]  # type: ignore[attr-defined]


def revealed(wanted: Sequence[Vote]) -> tuple[tuple[Vote, ...], int | None]:
    """What the record keeps of these votes in an anonymous workshop."""
    joined = [ParticipantJoined(SESSION, f"voter-{at}", vote.department) for at, vote in enumerate(wanted)]
    workshop = workshop_of([*beginning(["reporting"]), *joined, VotingOpened(SESSION, "reporting", 1)])
    box = [
        Ballot(f"ballot-{at:03}", SESSION, "reporting", 1, f"voter-{at}", vote.answer) for at, vote in enumerate(wanted)
    ]
    shown = reveal(workshop, "reporting", box)
    return shown.votes, shown.weakest_department


@given(cast)
def test_an_anonymous_record_holds_no_department_beside_a_vote_and_the_starting_level_is_as_without_hiding(
    wanted: list[Vote],
) -> None:
    shown, weakest = revealed(wanted)
    assert not [vote for vote in shown if vote.department or vote.participant]
    before, after = starting_level(wanted), starting_level(shown, weakest_department=weakest)
    assert (after.level, after.by_department, after.n) == (before.level, before.by_department, before.n)


@given(cast)
def test_in_a_report_every_group_has_five_votes_and_not_all_equal(wanted: list[Vote]) -> None:
    found = levels_by_department(wanted)
    assert all(len(one.votes) >= SMALLEST_SHOWN for one in found)
    assert all(len({vote.answer for vote in one.votes}) > 1 for one in found)
    levels = Counter[Answer](vote.answer for vote in wanted if isinstance(vote.answer, int))
    assert not found or Counter(vote.answer for one in found for vote in one.votes) == levels
    unnamed = {vote.department for vote in wanted} - {one.name for one in found if one.name}
    assert not found or not unnamed or found[-1].name is None, "nobody is left over of whom nothing is said"


@given(cast)
def test_a_report_never_says_that_a_whole_group_does_not_know(wanted: list[Vote]) -> None:
    for one in answers_by_department(wanted):
        assert len(one.votes) >= SMALLEST_SHOWN
        assert any(vote.answer != "dont_know" for vote in one.votes)


def test_departments_of_five_with_different_votes_are_shown() -> None:
    found = levels_by_department([*votes(2, 3, department=FINANCE), *votes(0, 3, 3, department=CARE)])
    assert names(found) == [CARE, FINANCE]


def test_a_small_department_takes_a_large_one_with_it() -> None:
    large = [*votes(3, 4, department=CARE), *votes(0, 3, 3, department=FINANCE)]
    found = levels_by_department([*large, *votes(1, department=HIGHWAYS)])
    assert names(found) == [CARE, None]
    assert len(found[1].votes) == 7


@pytest.mark.parametrize("answer", ["dont_know", "not_my_role"])
@pytest.mark.parametrize("department", [HIGHWAYS, None])
def test_who_alone_chose_no_level_cannot_be_found_by_subtraction(answer: Answer, department: str | None) -> None:
    large = [*votes(3, 4, department=CARE), *votes(0, 3, 3, department=FINANCE)]
    found = levels_by_department([*large, Vote(answer, department)])
    assert names(found) == [CARE, None]
    assert [vote.answer for vote in found[1].votes] == [2, 2, 2, 3, 3, 3]


def test_a_department_that_votes_as_one_is_not_shown() -> None:
    assert names(levels_by_department([*votes(0, 6, department=CARE), *votes(2, 6, department=FINANCE)])) == []
    others = [*votes(2, 6, department=FINANCE), *votes(1, 7, department=HIGHWAYS)]
    found = levels_by_department([*votes(0, 6, department=CARE), *others])
    assert names(found) == [FINANCE, HIGHWAYS] or names(found)[-1] is None
    assert CARE not in names(found)


def test_one_department_alone_beside_a_few_votes_is_not_shown() -> None:
    assert levels_by_department([*votes(3, 4, department=CARE), *votes(0, 1, department=FINANCE)]) == ()
