"""How the value codes of one edition of a rubric became those of another, and which scores can be compared.

People write such a map. `first_map` is one to begin from, `misfits` says what does not fit the two editions.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from npswidgets.domain.nearest import nearest, shown
from npswidgets.domain.rubric import Rubric, ValueCode

Change: TypeAlias = Literal["one to one", "split", "merged", "new", "gone"]
Comparable: TypeAlias = Literal["yes", "with care", "no"]


@dataclass(frozen=True)
class Mapped:
    """What became of value codes.

    Attributes:
        before, after: their ids in the two editions: one each, or several where they were split or merged; those of
            a new one have none before, those that are gone none after.
        comparable: whether their scores are; "no" where one side is empty.
        note: why, for people; may be empty.
    """

    change: Change
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    comparable: Comparable = "no"
    note: str = ""


@dataclass(frozen=True)
class Carried:
    """Where a workshop comes from that a map has carried onto another edition.

    Attributes:
        rubric: the edition that it was scored with.
        care: the value codes whose scores are to be compared with care.
        was: what each of its value codes was called, or those that it was merged of.
    """

    rubric: Rubric = field(repr=False)
    care: frozenset[str] = field(repr=False)
    was: dict[str, tuple[str, ...]] = field(repr=False)


@dataclass(frozen=True)
class Misfit:
    """What is wrong with an entry, by its index and key; with None, what no entry has."""

    entry: int | None
    key: str
    expected: str
    found: str


def first_map(before: Rubric, after: Rubric) -> tuple[Mapped, ...]:
    """A map to begin from: the same id, or else words that no other has, is one to one; the rest is gone or new.

    Comparable is what says the same; with care what was reworded or is scored by another rule. Which of the new ones
    were split from which, or merged, only people know.
    """
    old, new = before.value_codes, after.value_codes
    pairs = {code: code for code in old if code in new}
    left, come = (_by_words({code: one for code, one in side.items() if code not in pairs}) for side in (old, new))
    pairs |= {left[said]: come[said] for said in left.keys() & come.keys()}
    entries = [
        Mapped("one to one", (code,), (pairs[code],), _comparable(before, after, code, pairs[code]))
        if code in pairs
        else Mapped("gone", (code,))
        for code in old
    ]
    return (*entries, *(Mapped("new", after=(code,)) for code in new if code not in pairs.values()))


def _by_words(codes: Mapping[str, ValueCode]) -> dict[tuple[object, ...], str]:
    """The id of each by its words; without those of which several say the same."""
    times = Counter(map(_words, codes.values()))
    return {said: code for code, one in codes.items() if times[said := _words(one)] == 1}


def _words(code: ValueCode) -> tuple[object, ...]:
    return code.description, tuple(sorted(code.levels.items()))


def _comparable(before: Rubric, after: Rubric, old: str, new: str) -> Comparable:
    if before.scale.values != after.scale.values:
        return "no"
    sides = ((before, old), (after, new))
    said = {(one.levels, one.question, one.score_follows, _words(one.value_codes[code])) for one, code in sides}
    return "yes" if len(said) == 1 else "with care"


def misfits(entries: Sequence[Mapped], before: Rubric, after: Rubric) -> Iterator[Misfit]:
    """All that does not fit the editions: each value code of both stands in one entry, as often as its change says."""
    for at, one in enumerate(entries):
        yield from _wrong_numbers(at, one)
        if one.comparable != "no" and not (one.before and one.after):
            yield Misfit(at, "comparable", "no, because one side has nothing", f"“{one.comparable}”")
        elif one.comparable != "no" and before.scale.values != after.scale.values:
            expected = f"no, because levels were {before.scale.ends} and are {after.scale.ends}"
            yield Misfit(at, "comparable", expected, f"“{one.comparable}”")
    yield from _sides("before", [one.before for one in entries], before)
    yield from _sides("after", [one.after for one in entries], after)


_NUMBERS: dict[Change, tuple[str, str]] = {
    "one to one": ("one", "one"),
    "split": ("one", "several"),
    "merged": ("several", "one"),
    "new": ("no", "one"),
    "gone": ("one", "no"),
}
"""How many value codes stand before, and after."""


def _wrong_numbers(at: int, one: Mapped) -> Iterator[Misfit]:
    numbers = _NUMBERS.get(one.change, ())  # a word that is none is told where the file is read
    for key, codes, number in zip(("before", "after"), (one.before, one.after), numbers, strict=bool(numbers)):
        found = ("no", "one")[len(codes)] if len(codes) < 2 else "several"
        if found != number:
            noun = "value codes" if number == "several" else "value code"
            yield Misfit(at, key, f"{number} {noun}, because it is “{one.change}”", shown(", ".join(codes)) or "none")


def _sides(key: str, sides: Sequence[tuple[str, ...]], rubric: Rubric) -> Iterator[Misfit]:
    """Ids that the edition does not have, that stand twice, or in no entry."""
    known, edition = rubric.value_codes, f"{rubric.id} {rubric.version}"
    seen: Counter[str] = Counter()
    for at, codes in enumerate(sides):
        for code in codes:
            seen[code] += 1
            if code not in known:
                yield Misfit(at, key, f"a value code of {edition}", f"“{shown(code)}”{nearest(code, known)}")
            elif seen[code] > 1:
                yield Misfit(at, key, "each value code once", f"“{code}” again")
    for code in known:
        if not seen[code]:
            yield Misfit(None, key, f"“{code}” of {edition} in one entry", "no such entry")
