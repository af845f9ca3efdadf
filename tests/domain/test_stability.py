"""Who kept the answer between two votes, as far as the record says who voted in both."""

from fractions import Fraction

import pytest
from played import SESSION, beginning, votes, workshop_of

from npswidgets.domain.ballots import Ballot, reveal
from npswidgets.domain.events import Move, Vote, VotesRevealed, VotingOpened
from npswidgets.domain.stability import Stability, stability
from npswidgets.errors import RuleBroken

CODE = "reporting"
OPENED = [VotingOpened(SESSION, CODE, 1)]
AGAIN = VotingOpened(SESSION, CODE, 2)


def shown(number, cast, **more):
    return VotesRevealed(SESSION, CODE, number, tuple(cast), **more)


def between(first, second, anonymity="anonymous"):
    workshop = workshop_of([*beginning([CODE], anonymity=anonymity), *OPENED, first, AGAIN, second])
    return stability(*workshop.topics[CODE].shown)


def ballots(number, **answers):
    return [Ballot(f"ballot-{who}", SESSION, CODE, number, who, answer) for who, answer in answers.items()]


def test_the_event_says_how_many_voted_in_both_and_nothing_of_whom():
    workshop = workshop_of([*beginning([CODE]), *OPENED, shown(1, votes(2, 2)), AGAIN])
    before = ballots(1, a=1, b=2, c="dont_know", **{"paper-1": 3})
    now = ballots(2, a=1, b=3, c=4, d=5, **{"paper-1": 3})
    event = reveal(workshop, CODE, now, before)
    assert (event.voted_in_both, event.moves) == (3, (Move("dont_know", 4, 1), Move(2, 3, 1)))
    assert all(vote.participant is None for vote in event.votes)


def test_the_first_vote_has_none_before_it():
    assert reveal(workshop_of([*beginning([CODE]), *OPENED]), CODE, ballots(1, a=1)).voted_in_both is None


def test_only_those_who_voted_in_both_count():
    """Ten voted, then ten, of whom six are the same; the newcomers move the vote, and nobody's mind."""
    found = between(shown(1, votes(5, 5)), shown(2, votes(0, 6, 4), moves=(Move(1, 2, 1),), voted_in_both=6))
    assert found == Stability(voters=6, kept=5)
    assert (found.share, found.is_stable) == (Fraction(5, 6), False)


@pytest.mark.parametrize(("voters", "moved", "stable"), [(20, 3, False), (20, 2, True), (7, 1, True), (6, 1, False)])
def test_fewer_than_fifteen_per_cent_who_change_count_as_stable(voters, moved, stable):
    second = shown(2, votes(0, 20), moves=(Move(3, 2, moved),), voted_in_both=voters)
    assert between(shown(1, votes(0, 0, 20)), second).is_stable is stable


def test_of_fewer_than_five_people_nothing_is_said():
    found = between(shown(1, votes(0, 9)), shown(2, votes(0, 9), voted_in_both=4))
    assert (found.kept, found.share, found.is_stable) == (4, None, False)


def test_an_older_record_tells_it_by_its_voters_and_else_not_at_all():
    assert between(shown(1, votes(0, 9)), shown(2, votes(0, 8, 1), moves=(Move(2, 3, 1),))) is None
    first = [Vote(2, None, who) for who in "abcdef"]
    second = [Vote(3, None, "a"), *first[1:], Vote(1, None, "late"), Vote(1, None, "paper-1")]
    assert between(shown(1, first), shown(2, second, moves=(Move(2, 3, 1),)), "named") == Stability(6, 5)
    assert between(shown(1, first), shown(2, second), "named") is None, "its moves were counted without the ballots"


@pytest.mark.parametrize("both", [0, 11, -1])
def test_numbers_that_do_not_fit_are_refused(both):
    with pytest.raises(RuleBroken, match="do not fit"):
        between(shown(1, votes(0, 9)), shown(2, votes(0, 10), moves=(Move(2, 3, 1),), voted_in_both=both))
