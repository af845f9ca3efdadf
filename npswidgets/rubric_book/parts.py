"""What several sheets of a rubric's workbook have: fields with their labels, ids, values of levels, statements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from npswidgets.domain.ids import LONGEST_ID, is_id, readable_id
from npswidgets.domain.names import looks
from npswidgets.domain.nearest import shown
from npswidgets.rubric_book.cells import line, statements, tidy
from npswidgets.rubric_book.finding import Found, Place, Reading, known_as
from npswidgets.rubric_book.layout import YOUR_TEXT, Field
from npswidgets.store.rubric_json import Json

AN_ID = f"an id of small letters, digits and hyphens, up to {LONGEST_ID} characters, or nothing"

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DASHES = re.compile("[\u2010-\u2015\u2212\u00ad]")
_NOT_IN_AN_ID = re.compile("[\u200b\u2060\ufeff'\"‘’“”]")
_LEVEL = re.compile(r"(?:level )?([0-9]{1,2})(?:[.,]0+)?(?![0-9.,]*[0-9])")
"""The value at the beginning of what stands for a level: 3, "3 Mostly", "Level 3"."""


@dataclass
class Ids:
    """The ids of a rubric while it is read: each stands once, and the empty ones are made from names at the end."""

    first: dict[str, str] = field(default_factory=dict)
    _to_make: list[tuple[Json, str]] = field(default_factory=list)

    def add(self, reading: Reading, place: Place | None, part: Json, kind: str) -> None:
        """Takes the id of a part, or notes that it is to be made, from its name or else from its kind."""
        part["id"] = given = id_in(reading, place) if place else ""
        if not given:
            self._to_make.append((part, kind))
        elif given in self.first:
            reading.fault(place, "an id that nothing else has", f"“{given}”, which stands in {self.first[given]}, too")
        else:
            self.first[given] = reading.where(place)

    def make(self) -> None:
        """Makes those that are empty."""
        for part, kind in self._to_make:
            part["id"] = next(one for one in _ids_for(part.get("name", ""), kind) if one not in self.first)
            self.first[part["id"]] = ""


def _ids_for(name: str, kind: str) -> Iterator[str]:
    """Ids of a part of this name; where none of its letters can stand in one, topic-1, topic-2."""
    plain = id_of(name)
    if plain:
        yield plain
    yield from (f"{plain or kind}-{number}" for number in count(2 if plain else 1))


def id_of(name: str) -> str:
    """The id that a name gives; empty where none of its letters can stand in one."""
    made = readable_id(name)
    return made if made != readable_id("") or made in name.casefold() else ""


def id_in(reading: Reading, place: Place) -> str:
    """The id in a cell, or none; one that is no id is noted, with what it could be."""
    before = len(reading.faults)
    typed = reading.take(place, AN_ID)
    text = _NOT_IN_AN_ID.sub("", _DASHES.sub("-", typed)).strip()
    if text and len(reading.faults) == before and not (_ID.fullmatch(text) and is_id(text)):
        reading.fault(place, AN_ID + (f", such as {id_of(text)}" if id_of(text) else ""), f"“{shown(typed)}”")
        return ""
    return text


def value_in(text: str) -> int | None:
    """The value of the level that a text names.

    >>> [value_in(text) for text in ("3", "3.0", "Level 3", "3 Mostly", "3.5", "three")]
    [3, 3, 3, 3, None, None]
    """
    found = _LEVEL.match(known_as(text))
    return int(found[1]) if found else None


def field_rows(reading: Reading, found: Found, fields: tuple[Field, ...]) -> dict[str, Place]:
    """Where the text of each field of a table stands, by key. What is no field, or stands twice, is noted."""
    labels, texts = found.columns[found.table.key], found.columns.get(YOUR_TEXT, 0)
    known = {known_as(one.label): one for one in fields}
    places: dict[str, Place] = {}
    for row in found.rows(reading):
        label = reading.take((row, labels), "the name of a field")
        one = known.get(known_as(label))
        if one and one.key not in places:
            places[one.key] = (row, texts)
            continue
        expected = "each field once" if one else "one of the fields " + ", ".join(one.label for one in fields)
        if label or not reading.is_empty((row, texts)):
            reading.fault((row, labels), expected, f"“{shown(label)}”" if label else "nothing")
        reading.used.add((row, texts))
    for one in fields:
        if one.needed and one.key not in places:
            reading.fault(found.key_head, f"a row “{one.label}” in the table that begins here", "no such row")
    return places if texts else {}


def text_of(reading: Reading, one: Field, places: dict[str, Place]) -> str:
    """The text of a field of words; empty where there is none."""
    if one.key not in places:
        return ""
    expected = f"a text for “{one.label}” ({one.belongs.split('.')[0]})"
    take = reading.need if one.needed else reading.take
    return take(places[one.key], expected, tidy if one.kind == "text" else line)


def statements_in(reading: Reading, place: Place, expected: str) -> tuple[str, ...]:
    """The statements in a cell, none where it is empty."""
    cell = reading.cell(place)
    if not reading.take(place, expected, str):
        return ()
    said = statements(cell.text, cell.exact)
    for one in said:
        if not looks(one):
            reading.fault(place, "statements that one can see", "characters that are drawn as nothing")
    return said


def words(made: dict[str, Any]) -> Json:
    """Without what is empty: what a rubric does not say."""
    return {key: value for key, value in made.items() if value not in ("", None, [])}
