"""What a widget shows that stands alone in a cell: nobody attaches it to a workshop, so it keeps its own state.

On a screen none of this is used: the screen fills the traits, and the store decides.
"""

from collections.abc import Iterable, Mapping
from numbers import Integral
from typing import Any

from npswidgets.domain.nearest import shown
from npswidgets.domain.question import OF_THE_COUNCIL
from npswidgets.domain.rubric import Rubric
from npswidgets.errors import RuleBroken


def levels_of(code: str, rubric: Rubric | None = None) -> list[dict[str, Any]]:
    """The levels of a value code with their statements, as the widgets draw them.

    Args:
        code: id or name of the value code.
        rubric: the diagnostic of 2018, if none is given.

    Raises:
        UnknownName: the rubric has no such value code.
        RuleBroken: `rubric` is none.
    """
    if rubric is not None and not isinstance(rubric, Rubric):
        raise RuleBroken(f"Expected a rubric such as workshop.rubric, found {type(rubric).__name__}.")
    known = rubric or _diagnostic()
    found = known.value_codes[known.code_named(code)]
    rows = ((level.value, level.name, found.levels[level.value]) for level in known.levels)
    return [{"value": value, "name": name, "statements": list(said)} for value, name, said in rows]


def pad_traits(traits: Mapping[str, Any]) -> dict[str, Any]:
    """Of a pad that was made with a value code and nothing else."""
    if not traits.get("code") or "levels" in traits:
        return dict(traits)
    alone = {"levels": levels_of(traits["code"]), "voting": True, "round": 1, "question": OF_THE_COUNCIL}
    return alone | dict(traits) | {"code": _diagnostic().code_named(traits["code"])}


def board_traits(counts: Iterable[Any] | None, traits: Mapping[str, Any]) -> dict[str, Any]:
    """Of a board that was made with counts: of one round, or of several, oldest first.

    Raises:
        RuleBroken: they are no whole numbers from 0, or not one for each level.
    """
    if counts is None:
        return dict(traits)
    if not _several(counts):
        raise RuleBroken(f"Expected whole numbers from 0, one for each level, found {shown(counts)}.")
    given = list(counts)
    several = bool(given) and all(map(_several, given))
    rounds = [_numbers(one) for one in (given if several else [given])]
    levels = traits.get("levels") or _named(len(rounds[0]))
    for one in rounds:
        if len(one) != len(levels):
            raise RuleBroken(f"Expected {len(levels)} whole numbers from 0, one for each level, found {one}.")
    labels = [f"vote {at}" for at in range(1, len(rounds) + 1)] if several else ["votes"]
    votes = [{"label": label, "counts": one} for label, one in zip(labels, rounds, strict=True)]
    return {"levels": levels, "rounds": votes, "statements": "levels" in traits} | dict(traits)


def _several(given: object) -> bool:
    """Whether it is a row of things, as a list, a Series and an array are, and not one by name."""
    return isinstance(given, Iterable) and not isinstance(given, str | bytes | Mapping)


def _numbers(given: Iterable[object]) -> list[int]:
    """How many votes each level has, as plain numbers, whatever library they come from."""
    numbers = list(given)
    found = [int(one) for one in numbers if isinstance(one, Integral) and not isinstance(one, bool)]
    if len(found) < len(numbers) or min(found, default=0) < 0:
        raise RuleBroken(f"Expected whole numbers from 0, one for each level, found {shown(numbers)}.")
    return found


def _diagnostic() -> Rubric:
    """The diagnostic of 2018, which a widget shows that is told of no other."""
    from npswidgets.store.rubric_files import load_rubric

    return load_rubric()


def _named(number: int) -> list[dict[str, Any]]:
    """So many levels; those of the diagnostic of 2018 have names."""
    known = _diagnostic().levels
    names = [level.name for level in known] if len(known) == number else [""] * number
    return [{"value": value, "name": name, "statements": []} for value, name in enumerate(names, 1)]


def form_traits(traits: Mapping[str, Any]) -> dict[str, Any]:
    """Of a form for a score that was made with a value code and nothing else."""
    if not traits.get("code") or "levels" in traits:
        return dict(traits)
    levels = [{"value": one["value"], "name": one["name"]} for one in levels_of(traits["code"])]
    alone = {"levels": levels, "mode": "score", "workshop": "alone"}
    return alone | dict(traits) | {"code": _diagnostic().code_named(traits["code"])}


def notes_traits(traits: Mapping[str, Any]) -> dict[str, Any]:
    """Of a form for notes that was made with a value code and nothing else."""
    if not traits.get("code") or "workshop" in traits:
        return dict(traits)
    code = _diagnostic().code_named(traits["code"])
    return {"writing": True, "workshop": "alone"} | dict(traits) | {"code": code}


def card_traits(traits: Mapping[str, Any], draw: Any) -> dict[str, Any]:
    """Of a card that was made with an address and a code: with the QR code of the address."""
    if "qr" in traits or not (traits.get("address") and traits.get("code")):
        return dict(traits)
    address = str(traits["address"])
    try:
        return dict(traits) | {"qr": draw(address if "://" in address else f"http://{address}/")}
    except ValueError:
        raise RuleBroken(f"The address “{shown(address)}” is too long for a QR code.") from None
