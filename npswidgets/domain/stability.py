"""How stable a vote is against the one before on the same value code: of those who voted in both, who kept the answer.

It is told apart from how close a vote is: people may agree and still move, or differ and stay where they are.
"""

from dataclasses import dataclass
from fractions import Fraction

from npswidgets.domain.ballots import PAPER
from npswidgets.domain.events import Answer
from npswidgets.domain.starting_level import ENOUGH_VOTES
from npswidgets.domain.statistics import STABLE_BELOW
from npswidgets.domain.workshop import Round


@dataclass(frozen=True)
class Stability:
    """Those who voted in both of two rounds, and how many of them kept their answer."""

    voters: int
    kept: int

    @property
    def share(self) -> Fraction | None:
        """The share that kept its answer, 0 to 1; None for fewer than `ENOUGH_VOTES` people, of whom it says little.

        Chaffin and Talley (1980), "Individual stability in Delphi studies", Technological Forecasting and Social
        Change 16(1).
        """
        return Fraction(self.kept, self.voters) if self.voters >= ENOUGH_VOTES else None

    @property
    def is_stable(self) -> bool:
        """Whether it counts as stable; never of fewer than `ENOUGH_VOTES` people."""
        return self.share is not None and 1 - self.share < STABLE_BELOW


def stability(before: Round, vote: Round) -> Stability | None:
    """Of a vote against the one shown before it; None where the record does not say who voted in both.

    The record says it from the version on that counts them; before, where it has the voters, these are compared.
    """
    voters = vote.voted_in_both
    if voters is None:
        voters = _voters_in_both(before, vote)
    return None if voters is None else Stability(voters, voters - vote.moved)


def _voters_in_both(before: Round, vote: Round) -> int | None:
    earlier, later = _by_voter(before), _by_voter(vote)
    both = earlier.keys() & later.keys()
    changed = sum(earlier[who] != later[who] for who in both)
    return len(both) if both and changed == vote.moved else None  # else moves were counted without the ballots


def _by_voter(vote: Round) -> dict[str, Answer]:
    cast = {one.participant: one.answer for one in vote.votes if one.participant}
    return {who: answer for who, answer in cast.items() if not who.startswith(PAPER)}
