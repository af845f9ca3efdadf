"""What the spread of the votes means for the room, in words: confirm, ask one question, or talk.

The rule is ours. It has to mean the same for 6 people and for 30, so it looks at where three quarters of the votes
stand and not at the range alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from npswidgets.domain.starting_level import ENOUGH_VOTES, lowest_reached
from npswidgets.domain.statistics import levels_of, low_median

Kind: TypeAlias = Literal["too_few", "close", "a_few", "wide"]


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


def verdict(
    counts: Sequence[int], *, dont_know: int = 0, not_my_role: int = 0, rounds: int = 1, level: int | None = None
) -> Verdict:
    """The verdict on one vote.

    Fewer than `ENOUGH_VOTES`: too few to say. Fewer than three quarters on two neighbouring levels: wide. Else somebody
    two or more levels from the low median: a few see it differently. Else: close together.

    Args:
        counts: votes per level.
        dont_know: how many said so. At least 3, and at least a quarter of those who answered: then that is said first.
        not_my_role: how many said so; they answered, too.
        rounds: how many votes there have been on this value code; votes that are wide twice are not voted on again.
        level: the suggested level, which is asked for when the votes are close; worked out without departments if None.
    """
    kind = _kind(counts)
    answered = sum(counts) + dont_know + not_my_role
    said = [_say(kind, counts, rounds, level)]
    if dont_know >= 3 and 4 * dont_know >= answered:
        said = [] if kind == "too_few" else said
        said.insert(0, f'{dont_know} of {answered} do not know. Ask: "Who in the council would know?"')
    return Verdict(kind, _sentence(kind, counts), "\n".join(filter(None, said)))


def _kind(counts: Sequence[int]) -> Kind:
    total = sum(counts)
    if total < ENOUGH_VOTES:
        return "too_few"
    if 4 * sum(counts[level - 1] for level in _main_levels(counts)) < 3 * total:
        return "wide"
    return "a_few" if _far_levels(counts) else "close"


def _sentence(kind: Kind, counts: Sequence[int]) -> str:
    if kind == "too_few":
        return f"{sum(counts)} vote{'' if sum(counts) == 1 else 's'}: too few to compare"
    lowest, highest = _ends(counts)
    if kind == "wide":
        return f"Wide spread: from {lowest} to {highest}"
    if kind == "a_few":
        few = _and([f"{counts[level - 1]} at {level}" for level in _far_levels(counts)])
        return f"A few see it differently: most at {_and(_main_levels(counts))}, {few}"
    return f"All at level {lowest}" if lowest == highest else f"Close together: {lowest} to {highest}"


def _say(kind: Kind, counts: Sequence[int], rounds: int, level: int | None) -> str:
    if kind == "too_few":
        return "Ask for a reason at each level, the lowest first." if sum(counts) else ""
    if kind == "close":
        asked = lowest_reached(levels_of(counts)) if level is None else level
        return f'Say: "We are close together. Does anything speak against level {asked}?"'
    if kind == "a_few":
        far = " or ".join(map(str, _far_levels(counts)))
        return f'Say: "Most see {_and(_main_levels(counts))}. What could somebody who chose {far} have seen?"'
    if rounds >= 2:
        return (
            f"Still wide after {rounds} votes. Agree on the suggested level and note the different view, "
            "or leave it for later."
        )
    lowest, highest = _ends(counts)
    return (
        f'Ask: "What could somebody who chose {lowest} have seen?" Then the same for {highest}. '
        'Then: "Which words do we read differently?" Hear those first who have not spoken.'
    )


def _main_levels(counts: Sequence[int]) -> list[int]:
    """The two neighbouring levels with most votes, without one that has none; the lower two if others have as many."""
    lower = max(range(1, len(counts)), key=lambda level: counts[level - 1] + counts[level])
    return [level for level in (lower, lower + 1) if counts[level - 1]]


def _far_levels(counts: Sequence[int]) -> list[int]:
    """The levels with votes that stand two or more from the low median."""
    middle = low_median(counts)
    return [level for level in sorted(set(levels_of(counts))) if middle is not None and abs(level - middle) >= 2]


def _ends(counts: Sequence[int]) -> tuple[int, int]:
    levels = levels_of(counts)
    return levels[0], levels[-1]


def _and(parts: Sequence[int | str]) -> str:
    return " and ".join(map(str, parts))
