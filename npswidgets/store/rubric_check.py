"""Checks the files of a rubric: their structure by JSON Schema, their meaning by code, and all faults at once."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from npswidgets.domain.ids import LONGEST_ID, is_id
from npswidgets.domain.names import looks
from npswidgets.domain.scale import RATINGS
from npswidgets.domain.text import with_unseen_named
from npswidgets.errors import Fault
from npswidgets.settings import data_folder
from npswidgets.store.rubric_folder import INDEX, rubric_paths
from npswidgets.store.rubric_json import CRITERIA, FOR_RATINGS, LOWEST, MOST
from npswidgets.store.yaml_file import Mistake, Place, YamlFile, read_yaml

_ID = re.compile(r"[a-z0-9-]+")
_PARTS = {"themes": "theme", "value_codes": "value code", "key_areas": "key area", "changes": "entry"}


def read_rubric_folder(folder: Path) -> tuple[dict[str, YamlFile], tuple[Fault, ...]]:
    """All files of a rubric by name, the index first, with every fault in them (none: they make a whole rubric)."""
    folder = folder.resolve()
    faults = _faults(folder, files := {path.name: read_yaml(path) for path in rubric_paths(folder)})
    return files, tuple(map(_with_unseen_named, faults))


def _faults(folder: Path, files: dict[str, YamlFile]) -> Iterator[Fault]:
    if INDEX not in files:
        yield Fault(f"{folder.name}/{INDEX}", "whole file", "a file", "no such file")
        return
    for name, file in files.items():
        kind = "rubric" if name == INDEX else "key-area"
        file.mistakes.extend([*structure(kind, file), *_unseen(file.data, file, ()), *_own_id(folder, name, file)])
    files[INDEX].mistakes.extend([*_level_values(files[INDEX]), *_files_missing(files)])
    for name, file in files.items():
        file.mistakes.extend([] if name == INDEX else _statements(files[INDEX], file))
    yield from (_fault(folder, name, file, mistake) for name, file in files.items() for mistake in file.mistakes)
    yield from (*_files_unnamed(folder, files), *_same_ids(folder, files), *_kept_names(folder, files))


def _with_unseen_named(fault: Fault) -> Fault:
    """The same, with what nobody sees by its name: else one would search in vain for what differs."""
    parts = {name: with_unseen_named(getattr(fault, name)) for name in ("file", "place", "expected", "found")}
    return replace(fault, **parts)


def _fault(folder: Path, name: str, file: YamlFile, mistake: Mistake) -> Fault:
    words = place_in_words(file.data, mistake.place)
    if mistake.place:
        words += f" (line {mistake.line})"
    elif mistake.line > 1:
        words = f"line {mistake.line}"
    return Fault(f"{folder.name}/{name}", words, mistake.expected, mistake.found)


def place_in_words(data: Any, place: Place) -> str:
    """Names a part of a file as people do.

    >>> place_in_words({"value_codes": [{"id": "reporting"}]}, ("value_codes", 0, "levels", "4", 1))
    'value code "reporting", level 4, statement 2'
    >>> place_in_words({}, ())
    'whole file'
    """
    words: list[str] = []
    before = ""
    for n, key in enumerate(place):
        data = _child(data, key)
        if before in _PARTS and isinstance(key, int):
            words[-1] = f"{_PARTS[before]} {_named(data, key, place[n + 1 :])}"
        elif before == "levels":
            words[-1] = f"level {key + 1 if isinstance(key, int) else key}"
        elif isinstance(key, int):
            words.append(f"{'note' if before == 'notes' else 'statement'} {key + 1}")
        else:
            words.append(key)
        before = str(key)
    return ", ".join(words) or "whole file"


def _child(data: Any, key: str | int) -> Any:
    try:
        return data[key]
    except (KeyError, IndexError, TypeError):
        return None


def _named(part: Any, index: int, rest: Place) -> str:
    name = part if isinstance(part, str) else _child(part, "id")
    return f'"{name}"' if isinstance(name, str) and rest != ("id",) else str(index + 1)


def structure(kind: str, file: YamlFile) -> Iterator[Mistake]:
    """What does not have the shape that the schema of this kind of file says."""
    from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

    if file.data is None and file.mistakes:
        return  # unreadable, which is said already
    schema = json.loads((data_folder("rubric") / f"{kind}.schema.json").read_text(encoding="utf-8"))
    told = set()
    for error in Draft202012Validator(schema).iter_errors(file.data):
        for mistake in _mistakes(error, file):
            if mistake not in told:
                told.add(mistake)
                yield mistake


def _mistakes(error: Any, file: YamlFile) -> Iterator[Mistake]:
    place, found, schema = tuple(error.absolute_path), error.instance, error.schema
    match error.validator:
        case "required":
            part = "level" if place[-1:] == ("levels",) else "key"
            for key in [key for key in error.validator_value if key not in found]:
                yield Mistake(place, file.line(place), f'the {part} "{key}"', f"no such {part}")
        case "additionalProperties":
            for key in [key for key in found if key not in schema["properties"]]:
                expected = "one of the keys " + ", ".join(schema["properties"])
                yield Mistake(place, file.line((*place, key)), expected, f'the unknown key "{key}"')
        case _:
            yield Mistake(place, file.line(place), schema["description"], _described(found, file.written.get(place)))


def _described(value: Any, written: str | None = None) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return f"the truth value {str(value).lower()}"
        case int() | float():
            return f"the number {written or value}"
        case str() if not value.strip(" \t\n"):
            return "an empty text"
        case str():
            return f'"{value if len(value) <= 60 else value[:57] + "..."}"'
        case list():
            return f"a list of {len(value)}" if value else "an empty list"
        case dict():
            return "keys with values"
    return f"{value} (a {type(value).__name__})"


def _unseen(data: Any, file: YamlFile, place: Place) -> Iterator[Mistake]:
    """Texts of which nobody sees anything, though they hold a character that is no space."""
    parts: Iterable[tuple[str | int, Any]] = ()
    match data:
        case str() if data.strip() and not looks(data):
            yield Mistake(place, file.line(place), "a text that one can see", _described(data))
        case dict():
            parts = data.items()
        case list():
            parts = enumerate(data)
    for key, part in parts:
        yield from _unseen(part, file, (*place, key))


def _own_id(folder: Path, name: str, file: YamlFile) -> Iterator[Mistake]:
    wanted = folder.name if name == INDEX else Path(name).stem
    if name == INDEX and not _ID.fullmatch(wanted):
        return  # "Our rubric" is a folder's name, and no id
    found = _child(file.data, "id")
    if isinstance(found, str) and found.strip() and found != wanted:
        of = "folder" if name == INDEX else "file"
        yield Mistake(("id",), file.line(("id",)), f'the name of the {of}, "{wanted}"', f'"{found}"')


def _level_values(index: YamlFile) -> Iterator[Mistake]:
    """Levels that do not stand in order, and what names a level that there is not."""
    values = _values(index)
    first = values[0] if values and values[0] in LOWEST else LOWEST[-1]
    in_a_row = values and values[0] is not None and values == list(range(values[0], values[0] + len(values)))
    for n, value in enumerate(values[:1] if in_a_row else values):
        place = ("levels", n, "value")
        if n == 0 and value not in LOWEST:
            yield Mistake(place, index.line(place), "0 or 1, where a scale begins", str(value))
        elif n and value is not None and value != first + n:
            yield Mistake(place, index.line(place), f"{first + n}, because levels stand in order", str(value))
    yield from _ends_unnamed(index)
    levels = range(first, first + len(values))
    for key in ("good_enough", "case_study"):
        found = _child(index.data, key)
        if values and _is_number(found) and found not in levels:
            yield Mistake((key,), index.line((key,)), f"a level from {first} to {levels[-1]}", str(found))
    if values and values != list(RATINGS) and _child(index.data, "agreement_by") in CRITERIA:
        line = index.line(("agreement_by",))
        yield Mistake(("agreement_by",), line, FOR_RATINGS, f"{len(values)} levels from {values[0]}")
    anchors = [one for one in _list(_child(index.data, "anchored_at")) if _is_number(one)]
    fit = (
        anchors == sorted(set(anchors).intersection(levels)) and {first, levels[-1]} <= set(anchors) if values else True
    )
    if anchors and not fit:
        expected = f"levels in order, the lowest, {first}, and the highest, {levels[-1]}, among them"
        yield Mistake(("anchored_at",), index.line(("anchored_at",)), expected, ", ".join(map(str, anchors)))


def _ends_unnamed(index: YamlFile) -> Iterator[Mistake]:
    levels = _list(_child(index.data, "levels"))
    for n in sorted({0, len(levels) - 1}) if levels else ():
        if isinstance(levels[n], dict) and "name" not in levels[n]:
            place = ("levels", n)
            expected = "a name, because the lowest and the highest level have one"
            yield Mistake(place, index.line(place), expected, "no such key")


def _values(index: YamlFile) -> list[int | None]:
    """The values of the levels, where they are whole numbers."""
    found = [_child(level, "value") for level in _list(_child(index.data, "levels"))]
    return [value if _is_number(value) else None for value in found]


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _statements(index: YamlFile, file: YamlFile) -> Iterator[Mistake]:
    """Levels of value codes that have no statements, and levels that the rubric does not have."""
    values = [value for value in _values(index) if value is not None]
    needed = [one for one in _list(_child(index.data, "anchored_at")) if _is_number(one)] or values
    for n, code in enumerate(_list(_child(file.data, "value_codes"))):
        levels, place = _child(code, "levels"), ("value_codes", n, "levels")
        if not isinstance(levels, dict) or not values:
            continue
        for value in needed:
            if str(value) not in levels:
                yield Mistake(place, file.line(place), f'the level "{value}"', "no such level")
        for key in levels:
            if key.isdecimal() and int(key) <= MOST and int(key) not in values:
                expected = "one of the keys " + ", ".join(map(str, values))
                yield Mistake(place, file.line((*place, key)), expected, f'the unknown key "{key}"')


def _list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else []


def _references(index: YamlFile) -> Iterator[tuple[str, Place]]:
    """The ids of key areas that the index names, with their places."""
    for t, theme in enumerate(_list(_child(index.data, "themes"))):
        for n, area in enumerate(_list(_child(theme, "key_areas"))):
            if isinstance(area, str):
                yield area, ("themes", t, "key_areas", n)


def _files_missing(files: dict[str, YamlFile]) -> Iterator[Mistake]:
    for area, place in _references(files[INDEX]):
        if f"{area}.yaml" not in files:
            yield Mistake(place, files[INDEX].line(place), f"a file {area}.yaml beside {INDEX}", "no such file")


def _files_unnamed(folder: Path, files: dict[str, YamlFile]) -> Iterator[Fault]:
    if files[INDEX].data is None:
        return  # it names nothing because it cannot be read
    named = {INDEX, *(f"{area}.yaml" for area, _ in _references(files[INDEX]))}
    for name in files:
        if name not in named:
            expected = f"a key area that {INDEX} names"
            yield Fault(f"{folder.name}/{name}", "whole file", expected, "a file that no theme lists")


def _same_ids(folder: Path, files: dict[str, YamlFile]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for name, part, place in _ids(files):
        file = files[name]
        words = f"{place_in_words(file.data, place)} (line {file.line((*place, 'id'))})"
        if part in first:
            yield Fault(f"{folder.name}/{name}", words, "an id that nothing else has", f"the id of {first[part]}")
        first.setdefault(part, f"{name}: {words}")


def _kept_names(folder: Path, files: dict[str, YamlFile]) -> Iterator[Fault]:
    """Ids that the schema allows and no computer: names that Windows keeps, and what is too long for a file."""
    for name, part, place in _ids(files):
        words = f"{place_in_words(files[name].data, place)} (line {files[name].line(place)})"
        if _ID.fullmatch(part) and not is_id(part):
            expected = f"an id of up to {LONGEST_ID} characters that Windows does not keep for itself"
            yield Fault(f"{folder.name}/{name}", words, expected, f'"{part[:LONGEST_ID]}"')


def _ids(files: dict[str, YamlFile]) -> Iterator[tuple[str, str, Place]]:
    """Every id of the rubric, with its file and place: themes, key areas and value codes."""
    yield from _ids_in(INDEX, files[INDEX], "themes")
    yield from ((INDEX, area, place) for area, place in _references(files[INDEX]))
    for name, file in files.items():
        yield from _ids_in(name, file, "value_codes")


def _ids_in(name: str, file: YamlFile, parts: str) -> Iterator[tuple[str, str, Place]]:
    for n, part in enumerate(_list(_child(file.data, parts))):
        found = _child(part, "id")
        if isinstance(found, str):
            yield name, found, (parts, n)
