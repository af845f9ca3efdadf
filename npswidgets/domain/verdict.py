"""What the spread of the votes means for the room, in words: confirm, ask one question, or talk.

The rule is ours. It has to mean the same for 6 people and for 30, so it looks at where three quarters of the votes
stand and not at the range alone. *One place* is two neighbouring levels of up to six, three of seven or more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from npswidgets.domain.rubric_words import LEVEL, Noun
from npswidgets.domain.scale import ScoreFollows
from npswidgets.domain.starting_level import ENOUGH_VOTES, lowest_reached
from npswidgets.domain.statistics import levels_of, low_median
from npswidgets.domain.workshop import Round

Kind: TypeAlias = Literal["too_few", "close", "a_few", "wide"]
MOST_NAMED = 3
"""So many levels with few votes are named one by one; of more, from where to where they go."""


@dataclass(frozen=True)
class Verdict:
    """What the votes look like, and what the facilitator may say about it.

    Attributes:
        kind: which of the four it is.
        sentence: the verdict in words.
        say: one line, or two if many do not know; empty if nobody chose a level.
    """

    kind: Kind
    sentence: str
    say: str


def verdict_on(shown: Round) -> Verdict:
    """The verdict on a vote that was shown, on its levels alone."""
    return verdict(shown.counts, lowest=shown.scale.lowest, word=shown.scale.word)


def verdict(
    counts: Sequence[int],
    *,
    lowest: int = 1,
    dont_know: int = 0,
    not_my_role: int = 0,
    rounds: int = 1,
    level: int | None = None,
    follows: ScoreFollows = "weakest part",
    word: Noun = LEVEL,
) -> Verdict:
    """The verdict on one vote.

    Fewer than `ENOUGH_VOTES`: too few to say. Fewer than three quarters on one place: wide. Else somebody as far from
    the low median as a place is wide, or votes over more than half of the scale: a few see it differently. Else: close
    together.

    Args:
        counts: votes per level.
        lowest: the value of the first level.
        dont_know: how many said so. At least 3, and at least a quarter of those who answered: then that is said first.
        not_my_role: how many said so; they answered, too.
        rounds: how many votes there have been on this value code; votes that are wide twice are not voted on again.
        level: the suggested level, which is asked for when the votes are close; worked out without departments if None.
        follows: what the score follows: from nothing no level is suggested.
        word: what people call a level.
    """
    votes = _Votes(counts, lowest, word)
    answered = sum(counts) + dont_know + not_my_role
    said = [_say(votes, rounds, level, follows)]
    if dont_know >= 3 and 4 * dont_know >= answered:
        said = [] if votes.kind == "too_few" else said
        said.insert(0, f'{dont_know} of {answered} do not know. Ask: "Who in the council would know?"')
    return Verdict(votes.kind, _sentence(votes), "\n".join(filter(None, said)))


def levels_at_one_place(length: int) -> int:
    """How many neighbouring levels are one place on a scale of so many.

    >>> [levels_at_one_place(length) for length in range(3, 11)]
    [2, 2, 2, 2, 3, 3, 3, 3]
    """
    return 1 + (length + 1) // 4


@dataclass(frozen=True)
class _Votes:
    """The votes on each level, and where most and few of them stand."""

    counts: Sequence[int]
    lowest: int
    word: Noun

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """The level of each vote, lowest first."""
        return levels_of(self.counts, self.lowest)

    @property
    def ends(self) -> tuple[int, int]:
        """The outermost levels with votes."""
        return self.levels[0], self.levels[-1]

    @cached_property
    def kind(self) -> Kind:
        if len(self.levels) < ENOUGH_VOTES:
            return "too_few"
        if 4 * sum(map(self._count, self._place)) < 3 * len(self.levels):
            return "wide"
        return "a_few" if self.far else "close"

    @cached_property
    def main(self) -> list[int]:
        """The levels of the place with most votes that have some and are not far; the lowest place of several."""
        return [level for level in self._place if self._count(level) and level not in self.far]

    @cached_property
    def far(self) -> list[int]:
        """The levels with votes that are a place away from the low median; else the ends of votes that span too much.

        An end at which more than a quarter of the votes stand is not far: it is not a few who see it so.
        """
        middle = low_median(self.counts, self.lowest)
        voted = sorted(set(self.levels))
        found = [level for level in voted if middle is not None and abs(level - middle) >= self._width]
        if not found and voted and voted[-1] - voted[0] > len(self.counts) // 2:
            found = [level for level in (voted[0], voted[-1]) if 4 * self._count(level) <= len(self.levels)]
        return found

    @property
    def _width(self) -> int:
        return levels_at_one_place(len(self.counts))

    @cached_property
    def _place(self) -> range:
        first = range(self.lowest, self.lowest + len(self.counts) - self._width + 1)
        places = (range(level, level + self._width) for level in first)
        return max(places, key=lambda place: sum(map(self._count, place)))

    def _count(self, level: int) -> int:
        return self.counts[level - self.lowest]


def _sentence(votes: _Votes) -> str:
    if votes.kind == "too_few":
        number = len(votes.levels)
        return f"{number} vote{'' if number == 1 else 's'}: too few to compare"
    lowest, highest = votes.ends
    if votes.kind == "wide":
        return f"Wide spread: from {lowest} to {highest}"
    if votes.kind == "a_few":
        return f"A few see it differently: most at {_main(votes)}, {_few(votes)}"
    return f"All at {votes.word.one} {lowest}" if lowest == highest else f"Close together: {lowest} to {highest}"


def _main(votes: _Votes) -> str:
    return f"{votes.main[0]} to {votes.main[-1]}" if len(votes.main) == 3 else _and(votes.main)


def _few(votes: _Votes) -> str:
    at = {level: votes.levels.count(level) for level in votes.far}
    if len(at) > MOST_NAMED:
        return f"{sum(at.values())} from {votes.far[0]} to {votes.far[-1]}"
    return _and([f"{count} at {level}" for level, count in at.items()])


def _say(votes: _Votes, rounds: int, level: int | None, follows: ScoreFollows) -> str:
    if votes.kind == "too_few":
        return f"Ask for a reason at each {votes.word.one}, the lowest first." if votes.levels else ""
    if votes.kind == "close":
        against = _suggested(votes, level, follows)
        return f'Say: "We are close together. Does anything speak against {against}?"'
    lowest, highest = votes.ends
    if votes.kind == "a_few":
        many = len(votes.far) > MOST_NAMED
        far = f"from {votes.far[0]} to {votes.far[-1]}" if many else " or ".join(map(str, votes.far))
        return f'Say: "Most see {_main(votes)}. What could somebody who chose {far} have seen?"'
    if rounds >= 2:
        agree = "what to write down" if follows == "nothing" else f"the suggested {votes.word.one}"
        return f"Still wide after {rounds} votes. Agree on {agree} and note the different view, or leave it for later."
    return (
        f'Ask: "What could somebody who chose {lowest} have seen?" Then the same for {highest}. '
        'Then: "Which words do we read differently?" Hear those first who have not spoken.'
    )


def _suggested(votes: _Votes, level: int | None, follows: ScoreFollows) -> str:
    if follows == "nothing":
        return "that"
    found = lowest_reached(votes.levels) if follows == "weakest part" else low_median(votes.counts, votes.lowest)
    return f"{votes.word.one} {found if level is None else level}"


def _and(parts: Sequence[int | str]) -> str:
    return " and ".join(map(str, parts))
