"""The overview of a rubric's workbook: what the rubric says of itself, its levels, and which sheet is whose theme's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from npswidgets.domain.names import looks
from npswidgets.domain.nearest import shown
from npswidgets.domain.rubric_words import LONGEST_NOUN, noun_of
from npswidgets.domain.scale import RATINGS
from npswidgets.rubric_book.finding import Found, Place, Reading, known_as
from npswidgets.rubric_book.layout import ABOUT_RUBRIC, LEVELS, NO, RUBRIC_FIELDS, THEMES, YES
from npswidgets.rubric_book.parts import AN_ID, Ids, field_rows, id_in, text_of, value_in, words
from npswidgets.store.rubric_json import CRITERIA, FEWEST, FOLLOWS, FOR_RATINGS, LOWEST, MOST, Json

_MARKED, _NOT_MARKED = {YES, "y", "true", "x", "1"}, {"", NO, "n", "false", "0", "-"}


@dataclass
class Overview:
    """The overview while it is read.

    Attributes:
        levels: as in the rubric's JSON, lowest first.
        anchors: the values of those that have statements on every topic; empty where all have.
    """

    reading: Reading
    tables: dict[str, Found]
    ids: Ids
    levels: list[Json] = field(default_factory=list)
    anchors: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        if LEVELS.key in self.tables:
            self._read_levels(self.tables[LEVELS.key])

    @cached_property
    def values(self) -> list[int]:
        """The values of the levels, lowest first."""
        return [level["value"] for level in self.levels]

    @property
    def needed(self) -> list[int]:
        """The levels without whose statements no topic is complete."""
        return self.anchors or self.values

    def about(self) -> Json:
        """What the rubric says of itself; without an id where the workbook has none."""
        found = self.tables[ABOUT_RUBRIC.key]
        places = field_rows(self.reading, found, RUBRIC_FIELDS)
        made: Json = {}
        nouns: Json = {}
        for one in RUBRIC_FIELDS:
            if one.kind in ("line", "text"):
                made[one.key] = text_of(self.reading, one, places)
            elif one.key in places:
                (nouns if one.kind == "noun" else made)[one.key] = self._readers[one.kind](places[one.key])
        made |= {"levels": self.levels, "anchored_at": self.anchors, "words": words(nouns) or None}
        return words({"score_follows": FOLLOWS[0]} | made)

    @property
    def _readers(self) -> dict[str, Callable[[Place], object]]:
        """What reads a field of this kind that is no text."""
        read = {"id": self._id, "follows": self._follows, "level": self._level, "criterion": self._criterion}
        return read | {"noun": self._noun}

    def _id(self, place: Place) -> str:
        return id_in(self.reading, place)

    def _noun(self, place: Place) -> Json | None:
        expected = (
            f"a word for one and one for many, such as question / questions, each up to {LONGEST_NOUN} characters"
        )
        text = self.reading.take(place, expected)
        noun = noun_of(text)
        if text and not noun:
            self.reading.fault(place, expected, f"“{shown(text)}”")
        return {"one": noun.one, "many": noun.many} if noun else None

    def _follows(self, place: Place) -> str:
        return self._one_of(FOLLOWS, place) or FOLLOWS[0]

    def _criterion(self, place: Place) -> str:
        found = self._one_of(CRITERIA, place)
        if found and self.values and self.values != list(RATINGS):
            self.reading.fault(place, FOR_RATINGS, f"{len(self.values)} levels from {self.values[0]}")
        return found

    def _one_of(self, known: Sequence[str], place: Place) -> str:
        """Which of these words stands in the cell; empty for none."""
        expected = f"one of {', '.join(known)}"
        text = self.reading.take(place, expected)
        wanted = next((one for one in known if known_as(one) == known_as(text)), "")
        if text and not wanted:
            self.reading.fault(place, expected, f"“{shown(text)}”")
        return wanted

    def _level(self, place: Place) -> int | None:
        """The level in this cell, by its value or its name; a number is a value, whatever a level is called."""
        expected = f"a level, one of {', '.join(map(str, self.values))}, or nothing" if self.values else "a level"
        text = self.reading.take(place, expected)
        name = "" if text.isdecimal() else known_as(text)
        named = (one["value"] for one in self.levels if name and known_as(one.get("name", "")) == name)
        value = next(named, value_in(text))
        if text and self.values and value not in self.values:
            self.reading.fault(place, expected, f"“{shown(text)}”")
        return value

    def _read_levels(self, found: Found) -> None:
        rows = list(found.rows(self.reading))
        if not FEWEST <= len(rows) <= MOST:
            self.reading.fault(found.key_head, f"{FEWEST} to {MOST} levels below", str(len(rows)))
        ends = {rows[0], rows[-1]} if rows else set()
        names, only = found.columns.get("Name"), found.columns.get("Statements only here")
        for row in rows:
            level: Json = {"value": self._value((row, found.columns["Level"]))}
            if names:
                take = self.reading.need if row in ends else self.reading.take
                name = take((row, names), "a name, which the lowest and the highest level have")
                level |= {"name": name} if name else {}
            self.levels.append(level)
            if only and self._mark((row, only)):
                self.anchors.append(level["value"])
        for row in ends if only and self.anchors else ():
            if self.levels[rows.index(row)]["value"] not in self.anchors and only:
                expected = f"“{YES}”, because the lowest and the highest level have statements"
                self.reading.fault((row, only), expected, "nothing")

    def _value(self, place: Place) -> int:
        """The value of a level, which is one more than that above; that one, too, where another stands there."""
        above = self.levels[-1]["value"] if self.levels else None
        wanted = LOWEST if above is None else (above + 1,)
        expected = f"{wanted[0]}, because levels stand in order" if above is not None else "0 or 1, where scales begin"
        before = len(self.reading.faults)
        text = self.reading.need(place, expected)
        value = value_in(text)
        if value is not None and value in wanted:
            return value
        if len(self.reading.faults) == before:
            self.reading.fault(place, expected, f"“{shown(text)}”")
        return wanted[-1]

    def _mark(self, place: Place) -> bool:
        """Whether a level is marked; a truth value will do."""
        cell = self.reading.cell(place)
        self.reading.used.add(place)
        text = known_as(cell.text)
        if text not in _MARKED | _NOT_MARKED or (cell.wrong and not text):
            self.reading.fault(place, f"“{YES}” or nothing", cell.wrong or f"“{shown(cell.text)}”")
        return text in _MARKED


@dataclass
class ThemeRow:
    """A row of the table of themes: its theme, and where the sheet of its key area is named."""

    theme: Json
    sheet: Place


def themes_of(overview: Overview) -> list[ThemeRow]:
    """The rows of the table of themes; those of one theme have the same."""
    reading, found = overview.reading, overview.tables[THEMES.key]
    name_at, sheet_at = found.columns["Theme"], found.columns.get("Sheet of the key area", 0)
    rows: list[ThemeRow] = []
    given: list[tuple[Json, str]] = []
    for row in found.rows(reading):
        merged = reading.sheet.merged.get((row, name_at))
        first = merged[0] if merged and merged[0][1] == name_at and rows else (row, name_at)
        reading.together = frozenset((first[0], row))
        if first[0] == row:
            theme = _theme(overview, row, found, given)
        else:
            theme = rows[-1].theme
            reading.used.add((row, name_at))
            if id_at := found.columns.get("Theme ID"):
                reading.take((row, id_at), AN_ID)
        rows.append(ThemeRow(theme, (row, sheet_at)))
    reading.together = frozenset()
    if not rows:
        reading.fault(found.key_head, "a theme and the sheet of its key area below", "nothing")
    return rows if sheet_at else []


def _theme(overview: Overview, row: int, found: Found, given: list[tuple[Json, str]]) -> Json:
    """The theme of a row: one that stands above, by its id or, where it has none, by its name; else a new one."""
    reading, name_at, id_at = overview.reading, found.columns["Theme"], found.columns.get("Theme ID")
    name = reading.need((row, name_at), "the name of the theme")
    id_ = id_in(reading, (row, id_at)) if id_at else ""
    for theme, its_id in given:
        if id_ and id_ == its_id and name and looks(name) != looks(theme["name"]):
            expected = f"“{theme['name']}”, the theme with the id “{id_}”"
            reading.fault((row, name_at), expected, f"“{shown(name)}”")
        if (id_ and id_ == its_id) or (theme["name"] == name and not (id_ and its_id)):
            return theme
    made: Json = {"name": name, "key_areas": []}
    overview.ids.add(reading, (row, id_at) if id_at else None, made, "theme")
    given.append((made, id_))
    return made
