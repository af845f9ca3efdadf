"""Nobody's vote can be told from what the record says of departments."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from played import DEPARTMENTS, SESSION, beginning, workshop_of

from npswidgets.domain.ballots import SMALLEST_DEPARTMENT, Ballot, reveal
from npswidgets.domain.events import ParticipantJoined, Vote, VotingOpened
from npswidgets.domain.starting_level import starting_level

answers = st.sampled_from([1, 2, 3, 4, 5, "dont_know", "not_my_role"])
cast = st.lists(st.builds(Vote, answers, st.sampled_from([*DEPARTMENTS, None])), min_size=1, max_size=24)


def revealed(wanted: Sequence[Vote]) -> tuple[tuple[Vote, ...], int | None]:
    """What the record keeps of these votes in an anonymous workshop."""
    joined = [ParticipantJoined(SESSION, f"voter-{at}", vote.department) for at, vote in enumerate(wanted)]
    workshop = workshop_of([*beginning(["reporting"]), *joined, VotingOpened(SESSION, "reporting", 1)])
    box = [
        Ballot(f"ballot-{at:03}", SESSION, "reporting", 1, f"voter-{at}", vote.answer) for at, vote in enumerate(wanted)
    ]
    shown = reveal(workshop, "reporting", box)
    return shown.votes, shown.weakest_department


@settings(deadline=None)
@given(cast)
def test_in_the_record_no_department_is_small_and_none_can_be_found_by_subtraction(wanted: list[Vote]) -> None:
    shown, _ = revealed(wanted)
    sizes = Counter(vote.department for vote in shown)
    hidden = sizes.pop(None, 0)
    assert all(size >= SMALLEST_DEPARTMENT for size in sizes.values())
    assert not sizes or hidden == 0 or hidden >= SMALLEST_DEPARTMENT


@settings(deadline=None)
@given(cast)
def test_what_the_record_hides_leaves_the_starting_level_as_it_was(wanted: list[Vote]) -> None:
    shown, weakest = revealed(wanted)
    before, after = starting_level(wanted), starting_level(shown, weakest_department=weakest)
    assert (after.level, after.by_department, after.n) == (before.level, before.by_department, before.n)
