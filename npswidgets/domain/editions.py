"""What is not the same in two editions of a rubric: each difference once, and none passed over.

Parts are known by their ids. Every field of a part is compared, one that is new in the code as well.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

from npswidgets.domain.rubric import KeyArea, Rubric, Theme, ValueCode
from npswidgets.domain.scale import Level

Kind: TypeAlias = Literal["added", "gone", "moved", "changed", "order", "statements", "other level"]
Part: TypeAlias = Theme | KeyArea | ValueCode

_WITHIN = ("levels", "themes", "key_areas", "value_codes")
"""Fields that hold other parts, which are compared one by one."""


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same.

    Attributes:
        kind: "moved" is to another theme or key area, "other level" a statement that has gone to another level,
            "statements" what else became of those of a level, "order" the same things in another order.
        what: "rubric", "level", "theme", "key area" or "value code"; `id` says which.
        field: which of its fields; of statements the level, or the statement itself where that has gone to another.
        before, after: what stood there, and stands there now; where it was, and is.
    """

    kind: Kind
    what: str
    id: str
    field: str = ""
    before: object = None
    after: object = None


@dataclass(frozen=True)
class _Placed:
    part: Part
    within: str


def differences(before: Rubric, after: Rubric) -> tuple[Difference, ...]:
    """All that is not the same, from the whole rubric down to the statements; empty if nothing is."""
    found = [*_fields("rubric", before.id, before, after), *_levels(before.levels, after.levels)]
    for what in ("theme", "key area", "value code"):
        found += _parts(what, _placed(before, what), _placed(after, what))
    return tuple(found)


def _fields(what: str, id_: str, before: object, after: object) -> Iterator[Difference]:
    for name in (one.name for one in fields(before) if one.name not in _WITHIN):  # type: ignore[arg-type]  # a part
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Difference("changed", what, id_, name, old, new)


def _levels(before: Sequence[Level], after: Sequence[Level]) -> Iterator[Difference]:
    old, new = ({str(one.value): one for one in levels} for levels in (before, after))
    yield from (Difference("gone", "level", value, before=str(one)) for value, one in old.items() if value not in new)
    for value, one in new.items():
        if value not in old:
            yield Difference("added", "level", value, after=str(one))
        else:
            yield from _fields("level", value, old[value], one)


def _placed(rubric: Rubric, what: str) -> dict[str, _Placed]:
    """The parts of this kind in their order, by id, each with the id of what it is in; themes are in the rubric."""
    if what == "theme":
        return {one.id: _Placed(one, "") for one in rubric.themes}
    if what == "key area":
        return {one.id: _Placed(one, theme.id) for theme in rubric.themes for one in theme.key_areas}
    return {one.id: _Placed(one, area.id) for area in rubric.key_areas for one in area.value_codes}


def _parts(what: str, before: Mapping[str, _Placed], after: Mapping[str, _Placed]) -> Iterator[Difference]:
    yield from (Difference("gone", what, id_, before=one.within) for id_, one in before.items() if id_ not in after)
    for id_, new in after.items():
        old = before.get(id_)
        if old is None:
            yield Difference("added", what, id_, after=new.within)
            continue
        if old.within != new.within:
            yield Difference("moved", what, id_, before=old.within, after=new.within)
        yield from _fields(what, id_, old.part, new.part)
        if isinstance(old.part, ValueCode) and isinstance(new.part, ValueCode):
            yield from _statements(old.part, new.part)
    yield from _order(what, before, after)


def _order(what: str, before: Mapping[str, _Placed], after: Mapping[str, _Placed]) -> Iterator[Difference]:
    """Where those that stayed stand in another order, each theme and key area by itself."""
    stayed = [id_ for id_, one in before.items() if id_ in after and after[id_].within == one.within]
    for within in dict.fromkeys(before[id_].within for id_ in stayed):
        old = tuple(id_ for id_ in stayed if before[id_].within == within)
        new = tuple(id_ for id_ in after if id_ in old)
        if old != new:
            yield Difference("order", what, within, before=old, after=new)


def _statements(before: ValueCode, after: ValueCode) -> Iterator[Difference]:
    values = sorted(before.levels.keys() | after.levels.keys())
    gone = {value: _more(before, after, value) for value in values}
    new = {value: _more(after, before, value) for value in values}
    for value in values:
        for text in tuple(gone[value]):
            other = next((one for one in values if text in new[one]), None)
            if other is not None:
                gone[value].remove(text)
                new[other].remove(text)
                yield Difference("other level", "value code", before.id, text, value, other)
    for value in values:
        if gone[value] or new[value]:
            texts = tuple(gone[value]), tuple(new[value])
            yield Difference("statements", "value code", before.id, str(value), *texts)
        old, now = before.levels.get(value, ()), after.levels.get(value, ())
        kept = tuple(one for one in old if one in now), tuple(one for one in now if one in old)
        if kept[0] != kept[1] and Counter(kept[0]) == Counter(kept[1]):
            yield Difference("order", "value code", before.id, str(value), *kept)


def _more(one: ValueCode, other: ValueCode, value: int) -> list[str]:
    """The statements of a level that one has and the other has not, or not as often."""
    return list((Counter(one.levels.get(value, ())) - Counter(other.levels.get(value, ()))).elements())
