"""What the votes on a scale of any length say, worked out the long way, vote by vote: what the product is held against.

`python tests/levels_by_hand.py` writes `data/levels.json` anew.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from math import floor, log2
from pathlib import Path
from typing import Any

SHAPES = {
    3: ["606", "283", "0A1", "414", "066", "252"],
    4: ["1740", "4151", "0090", "2620", "1008", "5051"],
    5: ["03410", "90111", "02231", "50005"],
    6: ["014410", "055001", "330033"],
    7: ["0153110", "0420052", "0044400", "0134310", "1000008"],
    8: ["02541000", "10000133", "00333000"],
    9: ["000012531", "131000241", "222222222", "A00000111"],
    10: ["0000013431", "1310000241", "8000001211", "0012442100"],
}
FILE = Path(__file__).parent / "data" / "levels.json"


def by_hand(counts: Sequence[int], lowest: int) -> dict[str, Any]:
    """All figures, the verdict and the two suggested levels of at least one vote."""
    votes = [lowest + place for place, count in enumerate(counts) for _ in range(count)]
    q1, median, q3 = (_quantile(votes, Fraction(part, 4)) for part in (1, 2, 3))
    kind, main, far = kind_by_hand(counts, lowest)
    return {
        "n": len(votes),
        "median": float(median),
        "iqr": float(q3 - q1),
        "lowest": min(votes),
        "highest": max(votes),
        "consensus": round(_consensus(votes, len(counts) - 1), 6),
        "agreement": round(float(_agreement(list(counts))), 6),
        "kind": kind,
        "main": main,
        "far": far,
        "weakest": next((level for level in votes if _reached(votes, level)), None),
        "middle": votes[(len(votes) + 1) // 2 - 1],
    }


def _reached(votes: list[int], level: int) -> bool:
    below = sum(vote <= level for vote in votes)
    return 4 * below >= len(votes) and below >= 2


def _quantile(votes: list[int], part: Fraction) -> Fraction:
    place = part * (len(votes) - 1)
    low = floor(place)
    high = min(low + 1, len(votes) - 1)
    return votes[low] + (place - low) * (votes[high] - votes[low])


def _consensus(votes: list[int], steps: int) -> float:
    mean = Fraction(sum(votes), len(votes))
    return 1 + sum(log2(1 - abs(vote - mean) / steps) for vote in votes) / len(votes)


def _agreement(counts: list[int]) -> Fraction:
    """One vote of each level that has some is taken off again and again: each time is a layer."""
    total, size, found = sum(counts), len(counts), Fraction(0)
    while any(counts):
        layer = [count > 0 for count in counts]
        counts = [count - filled for count, filled in zip(counts, layer, strict=True)]
        found += sum(layer) * _of_layer(layer, size)
    return found / total


def _of_layer(layer: list[bool], size: int) -> Fraction:
    if sum(layer) == 1:
        return Fraction(1)
    ones = zeros = 0
    for low in range(size):
        for middle in range(low + 1, size):
            for high in range(middle + 1, size):
                three = (layer[low], layer[middle], layer[high])
                ones += three in ((True, True, False), (False, True, True))
                zeros += three == (True, False, True)
    if ones + zeros == 0:
        return Fraction(0)
    one_peak = Fraction((size - 2) * ones - (size - 1) * zeros, (size - 2) * (ones + zeros))
    return one_peak * (1 - Fraction(sum(layer) - 1, size - 1))


def kind_by_hand(counts: Sequence[int], lowest: int) -> tuple[str, list[int], list[int]]:
    """The kind of verdict, and of votes that are not wide the main levels and the far ones."""
    votes = [lowest + place for place, count in enumerate(counts) for _ in range(count)]
    if len(votes) < 5:
        return "too_few", [], []
    width = 2 if len(counts) <= 6 else 3
    best, start = 0, lowest
    for first in range(lowest, lowest + len(counts) - width + 1):
        on_it = sum(first <= vote < first + width for vote in votes)
        if on_it > best:
            best, start = on_it, first
    if best * 4 < len(votes) * 3:
        return "wide", [], []
    middle = votes[(len(votes) + 1) // 2 - 1]
    far = sorted({vote for vote in votes if abs(vote - middle) >= width})
    if not far and max(votes) - min(votes) > len(counts) // 2:
        far = [vote for vote in (min(votes), max(votes)) if votes.count(vote) * 4 <= len(votes)]
    main = sorted({vote for vote in votes if start <= vote < start + width} - set(far))
    return ("a_few" if far else "close"), main, far


def rows() -> list[dict[str, Any]]:
    """A row for each shape, from 1 and from 0."""
    return [
        {"counts": counts, "from": lowest} | by_hand(counts, lowest)
        for shapes in SHAPES.values()
        for lowest in (1, 0)
        for counts in ([int(digit, 16) for digit in shape] for shape in shapes)
    ]


if __name__ == "__main__":
    FILE.write_text("[\n" + ",\n".join(map(json.dumps, rows())) + "\n]\n", encoding="utf-8")
