"""A rubric as JSON and back. Imports nothing but the standard library, because every kernel reads rubrics this way."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, NoReturn

from npswidgets.domain.rubric import KeyArea, Rubric, Theme, ValueCode
from npswidgets.domain.scale import Level
from npswidgets.errors import Fault, RubricFaults

Json = dict[str, Any]
LENGTHS = (5,)
"""How many levels a scale may have: what nothing else knows."""


def rubric_to_json(rubric: Rubric) -> Json:
    """The whole rubric as JSON values: what `rubric show --json` prints and an archive carries."""
    return {
        "id": rubric.id,
        "title": rubric.title,
        "version": rubric.version,
        "source": rubric.source,
        "levels": [{"value": level.value, "name": level.name} for level in rubric.levels],
        "themes": [_theme_to_json(theme) for theme in rubric.themes],
        "guidance": rubric.guidance,
    }


def _theme_to_json(theme: Theme) -> Json:
    return {"id": theme.id, "name": theme.name, "key_areas": [_area_to_json(area) for area in theme.key_areas]}


def _area_to_json(area: KeyArea) -> Json:
    return {
        "id": area.id,
        "name": area.name,
        "definition": area.definition,
        "what_it_is": area.what_it_is,
        "why_it_is_important": area.why_it_is_important,
        "value_codes": [_code_to_json(code) for code in area.value_codes],
    }


def _code_to_json(code: ValueCode) -> Json:
    plain: Json = {
        "id": code.id,
        "name": code.name,
        "display_name": code.display_name,
        "description": code.description,
        "levels": {str(value): list(statements) for value, statements in code.levels.items()},
    }
    return plain | ({"notes": list(code.notes)} if code.notes else {})


def rubric_digest(rubric: Rubric) -> str:
    """SHA-256, in hexadecimal, of the rubric's canonical JSON: sorted keys, UTF-8, no spaces."""
    canonical = json.dumps(rubric_to_json(rubric), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def rubric_from_json(data: object) -> Rubric:
    """The rubric that `rubric_to_json` wrote; a `display_name` or `guidance` that is missing gets its default.

    Raises:
        RubricFaults: something does not fit. Programs write this form, so the first fault is enough.
    """
    top = _mapping(data, "rubric", ("id", "title", "version", "source", "levels", "themes"), ("guidance",))
    levels = tuple(_level(item, f"level {n}") for n, item in _items(top["levels"], "levels"))
    values = [level.value for level in levels]
    if len(levels) not in LENGTHS or values != list(range(1, len(levels) + 1)):
        _unfit("levels", f"the values 1 to {LENGTHS[-1]} in order", ", ".join(map(str, values)))
    rubric = Rubric(
        **{key: _text(top[key], key) for key in ("id", "title", "version", "source")},
        levels=levels,
        themes=tuple(_theme(item, f"theme {n}", values) for n, item in _items(top["themes"], "themes")),
        guidance=_text(top["guidance"], "guidance") if top.get("guidance") else "",
    )
    codes = [code.id for area in rubric.key_areas for code in area.value_codes]
    _refuse_twins([*(theme.id for theme in rubric.themes), *(area.id for area in rubric.key_areas), *codes])
    return rubric


def _level(data: object, place: str) -> Level:
    level = _mapping(data, place, ("value", "name"))
    if type(level["value"]) is not int:
        _unfit(f"{place}, value", "a whole number", repr(level["value"]))
    return Level(level["value"], _text(level["name"], f"{place}, name"))


def _theme(data: object, place: str, values: list[int]) -> Theme:
    theme = _mapping(data, place, ("id", "name", "key_areas"))
    place = f'theme "{theme["id"]}"'
    areas = tuple(_area(item, f"{place}, key area {n}", values) for n, item in _items(theme["key_areas"], place))
    return Theme(_text(theme["id"], place), _text(theme["name"], f"{place}, name"), areas)


def _area(data: object, place: str, values: list[int]) -> KeyArea:
    texts = ("id", "name", "definition", "what_it_is", "why_it_is_important")
    area = _mapping(data, place, (*texts, "value_codes"))
    place = f'key area "{area["id"]}"'
    codes = tuple(_code(item, f"{place}, value code {n}", values) for n, item in _items(area["value_codes"], place))
    return KeyArea(**{key: _text(area[key], f"{place}, {key}") for key in texts}, value_codes=codes)


def _code(data: object, place: str, values: list[int]) -> ValueCode:
    code = _mapping(data, place, ("id", "name", "description", "levels"), ("display_name", "notes"))
    place = f'value code "{code["id"]}"'
    levels = _mapping(code["levels"], f"{place}, levels", tuple(map(str, values)))
    return ValueCode(
        id=_text(code["id"], place),
        name=_text(code["name"], f"{place}, name"),
        display_name=_text(code.get("display_name", code["name"]), f"{place}, display_name"),
        description=_text(code["description"], f"{place}, description"),
        levels={value: _texts(levels[str(value)], f"{place}, level {value}") for value in values},
        notes=_texts(code["notes"], f"{place}, notes") if "notes" in code else (),
    )


def _mapping(data: object, place: str, needed: tuple[str, ...], allowed: tuple[str, ...] = ()) -> Json:
    if not isinstance(data, dict):
        _unfit(place, "keys with values", repr(data)[:60])
    for key in needed:
        if key not in data:
            _unfit(place, f'the key "{key}"', "no such key")
    for key in data:
        if key not in (*needed, *allowed):
            _unfit(place, "one of the keys " + ", ".join((*needed, *allowed)), f'the key "{key}"')
    return data


def _items(data: object, place: str) -> Iterable[tuple[int, object]]:
    if not isinstance(data, list) or not data:
        _unfit(place, "a list with at least one entry", repr(data)[:60])
    return enumerate(data, start=1)


def _text(data: object, place: str) -> str:
    if not isinstance(data, str) or not data.strip():
        _unfit(place, "text", repr(data)[:60])
    return data


def _texts(data: object, place: str) -> tuple[str, ...]:
    return tuple(_text(item, f"{place}, statement {n}") for n, item in _items(data, place))


def _refuse_twins(ids: list[str]) -> None:
    for n, part in enumerate(ids):
        if part in ids[:n]:
            _unfit(f'id "{part}"', "an id that stands once", "the same id twice")


def _unfit(place: str, expected: str, found: str) -> NoReturn:
    raise RubricFaults((Fault("rubric", place, expected, found),))
