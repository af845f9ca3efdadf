"""The rubric in a workbook that people have filled in, or every cell that is not right, with what belongs there."""

from dataclasses import dataclass, field

from npswidgets.domain.nearest import shown
from npswidgets.domain.rubric import Rubric
from npswidgets.errors import Fault, RubricFaults
from npswidgets.rubric_book.cells import line
from npswidgets.rubric_book.finding import Found, Reading, cell_name, find_tables, known_as, left_over
from npswidgets.rubric_book.layout import ABOUT_AREA, ABOUT_RUBRIC, LEVELS, NOTES, THEMES, TOPICS, YOUR_TEXT, Table
from npswidgets.rubric_book.opening import open_book
from npswidgets.rubric_book.overview import Overview, ThemeRow, themes_of
from npswidgets.rubric_book.parts import Ids, id_of
from npswidgets.rubric_book.topics import key_area_of
from npswidgets.store.rubric_json import Json, rubric_from_json

_OVERVIEW = (ABOUT_RUBRIC, LEVELS, THEMES)
_KEY_AREA = (ABOUT_AREA, TOPICS)
_MOST_NAMED = 20


@dataclass(frozen=True)
class Book:
    """What was read: the rubric, and what people may want to know although it is right."""

    rubric: Rubric
    notices: tuple[str, ...]


@dataclass
class _Page:
    """A sheet with the tables that are in it."""

    reading: Reading
    tables: dict[str, Found]

    @property
    def title(self) -> str:
        return self.reading.sheet.title


@dataclass
class _Pages:
    """The sheets by what they are, and what people may want to know of them."""

    overviews: list[_Page] = field(default_factory=list)
    areas: list[_Page] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_book(data: bytes, name: str, id_: str = "") -> Book:
    """The rubric in a workbook.

    Args:
        data: the file.
        name: how faults call it.
        id_: the rubric's id where the workbook says none; made from the title where there is none here either.

    Raises:
        RubricFaults: it cannot be read, or something in it is not right; it names every cell.
    """
    faults: list[tuple[tuple[int, int, int], Fault]] = []
    sheets = open_book(data, name)
    pages = _sorted_out([Reading(name, sheet, faults, number) for number, sheet in enumerate(sheets)])
    if not pages.overviews:
        expected = f"a sheet with the heads “{ABOUT_RUBRIC.key}” and “{YOUR_TEXT}”"
        found = ", ".join(f"“{shown(sheet.title)}”" for sheet in sheets[:_MOST_NAMED])
        raise RubricFaults((Fault(name, "whole workbook", expected, f"the sheets {found}"),))
    made = _rubric(pages, id_)
    if faults:
        in_order = (fault for _, fault in sorted(faults, key=lambda one: one[0]))
        raise RubricFaults(tuple(dict.fromkeys(in_order)))
    return Book(rubric_from_json(made), tuple(pages.notices))


def _sorted_out(readings: list[Reading]) -> _Pages:
    pages = _Pages()
    for reading in readings:
        is_overview = find_tables(reading, (ABOUT_RUBRIC,))
        tables = find_tables(reading, _OVERVIEW if is_overview else _KEY_AREA)
        if is_overview:
            pages.overviews.append(_Page(reading, tables))
        elif tables:
            pages.areas.append(_Page(reading, tables))
        elif reading.filled and known_as(reading.sheet.title) != known_as(NOTES):
            pages.notices.append(f"The sheet “{reading.sheet.title}” is no part of the rubric and was left out.")
            continue
        pages.notices += _hidden(reading) if tables else []
    return pages


def _hidden(reading: Reading) -> list[str]:
    """What is read although people do not see it."""
    sheet = reading.sheet
    said = [f"The sheet “{sheet.title}” is hidden; it was read all the same."] if sheet.hidden else []
    columns = {column for places in reading.filled.values() for _, column in places}
    for what, found in (
        ("rows", [str(row) for row in sorted(sheet.hidden_rows & set(reading.filled))]),
        ("columns", [cell_name((1, column))[:-1] for column in sorted(sheet.hidden_columns & columns)]),
    ):
        named = ", ".join(found[:_MOST_NAMED]) + (" and more" if len(found) > _MOST_NAMED else "")
        said += (
            [f"The sheet “{sheet.title}” has hidden {what} ({named}); they were read all the same."] if found else []
        )
    return said


def _rubric(pages: _Pages, id_: str) -> Json:
    """The rubric as JSON; it is one where no fault was noted."""
    first, *others = pages.overviews
    for page in others:
        page.reading.fault(None, f"one overview, the sheet “{first.title}”", "another one")
    _tables_missing(first, _OVERVIEW)
    overview = Overview(first.reading, first.tables, Ids())
    made = overview.about()
    rows = themes_of(overview) if THEMES.key in first.tables else []
    for row, page in _with_sheets(rows, first, pages):
        _tables_missing(page, _KEY_AREA)
        row.theme["key_areas"].append(key_area_of(page.reading, page.tables, overview))
    left_over(first.reading, first.tables)
    overview.ids.make()
    themes = {id(row.theme): row.theme for row in rows}
    return {"id": id_ or id_of(made.get("title", "")) or "rubric"} | made | {"themes": list(themes.values())}


def _tables_missing(page: _Page, tables: tuple[Table, ...]) -> None:
    for table in tables:
        if table.key not in page.tables:
            heads = ", ".join(f"“{head}”" for head in table.heads)
            page.reading.fault(None, f"a row with the heads {heads}", "no such row")


def _with_sheets(rows: list[ThemeRow], first: _Page, pages: _Pages) -> list[tuple[ThemeRow, _Page]]:
    """Each row with its sheet; the only one that nobody named is that of the only row whose sheet there is not."""
    found: dict[int, _Page] = {}
    missing: list[tuple[int, str]] = []
    for n, row in enumerate(rows):
        text = first.reading.need(row.sheet, "the name of the sheet with the key area")
        page = _titled(text, pages.areas)
        if page and any(page is one for one in found.values()):
            first.reading.fault(row.sheet, "each sheet once", f"“{shown(text)}” again")
        elif page:
            found[n] = page
        elif text:
            missing.append((n, text))
    unnamed = [page for page in pages.areas if all(page is not one for one in found.values())]
    if len(missing) == len(unnamed) == 1:
        (n, text), page = missing[0], unnamed[0]
        found[n] = page
        place = f"“{first.title}”, cell {cell_name(rows[n].sheet)}"
        pages.notices.append(f"{place}: there is no sheet “{shown(text)}”; “{page.title}” was taken for it.")
    elif rows:
        _say_unmatched([(rows[n], text) for n, text in missing], unnamed, first)
    return [(rows[n], page) for n, page in sorted(found.items())]


def _say_unmatched(missing: list[tuple[ThemeRow, str]], unnamed: list[_Page], first: _Page) -> None:
    names = ", ".join(f"“{page.title}”" for page in unnamed)
    for row, text in missing:
        expected = "the name of a sheet with a key area" + (f", such as {names}" if names else "")
        first.reading.fault(row.sheet, expected, f"“{shown(text)}”, and no sheet is called so")
    for page in unnamed:
        page.reading.fault(
            None, f"a key area that “{first.title}” names in its table of themes", "one that it does not"
        )


def _titled(text: str, areas: list[_Page]) -> _Page | None:
    """The sheet of this name: in these letters, else one that reads so."""
    for same in (line, known_as):
        for page in areas:
            if text and same(page.title) == same(text):
                return page
    return None
