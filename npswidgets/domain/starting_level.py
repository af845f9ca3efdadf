"""Where the weakest part of the council seems to stand, before the room agrees on a score.

The diagnostic scores by the weakest level of attainment. How to find it in a vote is our definition, not a published
one: with departments, the lowest of their middle votes; without, the lowest level that more than a lone voter stands
at or below. It is where the talk starts, never a score by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median_high, median_low

from npswidgets.domain.events import Vote
from npswidgets.domain.rubric_words import LEVEL, Noun
from npswidgets.domain.scale import Scale, ScoreFollows
from npswidgets.domain.workshop import Round

ENOUGH_VOTES = 5
"""Below this the votes say nothing about their spread, and nothing about the weakest part."""
_FOLLOWS: dict[ScoreFollows, str] = {
    "weakest part": "The council's score follows its weakest part, not the average.",
    "median": "The score follows the vote in the middle, not the average.",
    "nothing": "",
}


def called(scale: Scale) -> str:
    """What people read of the suggested level, where the room need not start; empty where none is suggested."""
    return "" if scale.score_follows == "nothing" else f"Suggested {scale.word.one} ({scale.score_follows})"


def about_score(scale: Scale) -> str:
    """What people are told about the score before they vote; empty for nothing."""
    good = "" if scale.good_enough is None else f"{scale.word.head} {scale.good_enough} is already a good result."
    return f"{_FOLLOWS[scale.score_follows]} {good}".strip()


@dataclass(frozen=True)
class StartingLevel:
    """What the votes on a value code say about the weakest part of the council. Names no department.

    Attributes:
        level: of the rubric; None if fewer than `ENOUGH_VOTES` chose a level: two votes of 1 and 4 would give 4.
        by_department: it is the lowest middle vote of a department.
        at_or_below: how many votes stand at `level` or lower; 0 without one.
        n: how many chose a level.
        sentences: what is said on the screen, the level first; empty without one.
    """

    level: int | None
    by_department: bool
    at_or_below: int
    n: int
    sentences: tuple[str, ...]


def starting_level_of(shown: Round) -> StartingLevel:
    """The suggested level of a vote that was shown, by what the score follows in its rubric."""
    match shown.scale.score_follows:
        case "weakest part":
            return starting_level(shown.votes, weakest_department=shown.weakest_department, word=shown.scale.word)
        case "median":
            levels = sorted(vote.answer for vote in shown.votes if isinstance(vote.answer, int))
            return middle_level(levels, shown.scale.word)
        case "nothing":
            return StartingLevel(None, by_department=False, at_or_below=0, n=shown.n, sentences=())


def middle_level(levels: Sequence[int], word: Noun = LEVEL) -> StartingLevel:
    """The middle vote of these, lowest first, the lower of two; departments do not matter."""
    if len(levels) < ENOUGH_VOTES:
        return StartingLevel(None, by_department=False, at_or_below=0, n=len(levels), sentences=())
    low, high = median_low(levels), median_high(levels)
    said = f"Suggested {word.one} (median): {low}", f"The vote in the middle of {len(levels)} is {low}."
    if low < high:
        said = said[0], f"The middle is between {low} and {high}: the lower."
    return StartingLevel(low, False, sum(one <= low for one in levels), len(levels), said)


def starting_level(
    votes: Sequence[Vote], k: int = 3, weakest_department: int | None = None, word: Noun = LEVEL
) -> StartingLevel:
    """The suggested level of the votes on one value code; "I don't know" and "not part of my role" are left out.

    Args:
        votes: in any order.
        k: how many votes a department needs to count by itself; 2 or more. Smaller departments, and votes without a
            department, are pooled as "other departments" and count if they are `k` together. The pool is spoken of
            as a department too. If no department has `k` votes, all count together.
        weakest_department: the lowest of those middle votes, where the record hides a department that is large enough;
            None where the votes tell it.
        word: what people call a level.
    """
    cast = [(vote.answer, vote.department) for vote in votes if isinstance(vote.answer, int)]
    levels = [level for level, _ in cast]
    groups = _by_department(cast)
    large = [group for name, group in groups.items() if name is not None and len(group) >= k]
    small = {name: group for name, group in groups.items() if name is None or len(group) < k}
    by_department = bool(large) or weakest_department is not None
    level = weakest_department
    if level is None:
        level = _weakest(large, small, k) if large else lowest_reached(levels)
    if level is None or len(cast) < ENOUGH_VOTES:
        return StartingLevel(None, by_department=False, at_or_below=0, n=len(cast), sentences=())
    reached = sum(one <= level for one in levels)
    said = [
        f"Suggested {word.one} (weakest part): {level}",
        f"{reached} of {_votes(len(cast))} are at {word.one} {level} or lower.",
    ]
    if by_department:
        few = [f"Departments with fewer than {k} votes are not counted by themselves."]
        about = few if weakest_department is not None else _about_pool(small, k)
        said += [f"In one department the middle vote is {level}.", *about]
    elif set(groups) != {None}:
        said += [f"No department had {k} votes, so all votes count together."]
    return StartingLevel(level, by_department, at_or_below=reached, n=len(cast), sentences=tuple(said))


def lowest_reached(levels: Sequence[int]) -> int | None:
    """The lowest level that at least a quarter of the votes, and at least two, stand at or below.

    >>> lowest_reached((4, 2, 2, 3, 5, 3, 4, 4))
    2

    None for fewer than two votes.
    """
    needed = max(2, ceil(len(levels) / 4))
    return sorted(levels)[needed - 1] if len(levels) >= needed else None


def _by_department(cast: Sequence[tuple[int, str | None]]) -> dict[str | None, list[int]]:
    groups: dict[str | None, list[int]] = {}
    for level, department in cast:
        groups.setdefault(department, []).append(level)
    return groups


def _weakest(large: Sequence[list[int]], small: dict[str | None, list[int]], k: int) -> int:
    """The lowest middle vote of the large departments, and of the small ones together if they are enough."""
    pool = [level for group in small.values() for level in group]
    counted = [*large, pool] if len(pool) >= k else large
    return min(median_low(group) for group in counted)


def _about_pool(small: dict[str | None, list[int]], k: int) -> list[str]:
    """Whose votes count together, or not at all. The record may have merged small departments into None already."""
    votes = sum(map(len, small.values()))
    if not votes:
        return []
    who = f"{_votes(votes)} from other departments"
    if None not in small:
        who = f"{len(small)} department{'s' if len(small) > 1 else ''} had fewer than {k} votes and"
    if votes >= k:
        return [f"{who} count together."]
    one = votes == 1 if None in small else len(small) == 1
    return [f"{who} {'is' if one else 'are'} not counted."]


def _votes(number: int) -> str:
    return f"{number} vote" if number == 1 else f"{number} votes"
