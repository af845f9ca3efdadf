"""What a widget shows that stands alone in a cell: nobody attaches it to a workshop, so it keeps its own state.

On a screen none of this is used: the screen fills the traits, and the store decides.
"""

from collections.abc import Mapping, Sequence
from typing import Any

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
    """
    from npswidgets.store.rubric_files import load_rubric

    known = rubric or load_rubric()
    found = known.value_codes[known.code_named(code)]
    rows = ((level.value, level.name, found.levels[level.value]) for level in known.levels)
    return [{"value": value, "name": name, "statements": list(said)} for value, name, said in rows]


def pad_traits(traits: Mapping[str, Any]) -> dict[str, Any]:
    """Of a pad that was made with a value code and nothing else."""
    if not traits.get("code") or "levels" in traits:
        return dict(traits)
    shown = {"levels": levels_of(traits["code"]), "voting": True, "round": 1, "question": OF_THE_COUNCIL}
    return shown | dict(traits)


def board_traits(counts: Sequence[Any] | None, traits: Mapping[str, Any]) -> dict[str, Any]:
    """Of a board that was made with counts: of one round, or of several, oldest first.

    Raises:
        RuleBroken: they are no whole numbers from 0, or not one for each level.
    """
    if counts is None:
        return dict(traits)
    several = bool(counts) and all(isinstance(one, Sequence) for one in counts)
    rounds = [list(one) for one in counts] if several else [list(counts)]
    levels = traits.get("levels") or _named(len(rounds[0]))
    for one in rounds:
        if len(one) != len(levels) or not all(type(number) is int and number >= 0 for number in one):
            raise RuleBroken(f"Expected {len(levels)} whole numbers from 0, one for each level, found {one}.")
    labels = [f"vote {at}" for at in range(1, len(rounds) + 1)] if several else ["votes"]
    shown = [{"label": label, "counts": one} for label, one in zip(labels, rounds, strict=True)]
    return {"levels": levels, "rounds": shown, "statements": "levels" in traits} | dict(traits)


def _named(number: int) -> list[dict[str, Any]]:
    """So many levels; those of the diagnostic of 2018 have names."""
    from npswidgets.store.rubric_files import load_rubric

    known = load_rubric().levels
    names = [level.name for level in known] if len(known) == number else [""] * number
    return [{"value": value, "name": name, "statements": []} for value, name in enumerate(names, 1)]


def form_traits(traits: Mapping[str, Any]) -> dict[str, Any]:
    """Of a form for a score that was made with a value code and nothing else."""
    if not traits.get("code") or "levels" in traits:
        return dict(traits)
    levels = [{"value": one["value"], "name": one["name"]} for one in levels_of(traits["code"])]
    return {"levels": levels, "mode": "score", "workshop": "alone"} | dict(traits)


def notes_traits(traits: Mapping[str, Any]) -> dict[str, Any]:
    """Of a form for notes that was made with a value code and nothing else."""
    alone = traits.get("code") and "workshop" not in traits
    return ({"writing": True, "workshop": "alone"} if alone else {}) | dict(traits)


def card_traits(traits: Mapping[str, Any], draw: Any) -> dict[str, Any]:
    """Of a card that was made with an address and a code: with the QR code of the address."""
    if "qr" in traits or not (traits.get("address") and traits.get("code")):
        return dict(traits)
    address = str(traits["address"])
    return dict(traits) | {"qr": draw(address if "://" in address else f"http://{address}/")}
