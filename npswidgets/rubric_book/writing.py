"""A rubric as a workbook. What people typed is text, and never a formula."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from npswidgets.domain.rubric import KeyArea, Rubric
from npswidgets.domain.scale import RATINGS
from npswidgets.domain.text import cleaned_line
from npswidgets.errors import ExportFailed
from npswidgets.report.cell_heights import LINE, height
from npswidgets.report.workbook import LONGEST_CELL, utf16_units
from npswidgets.rubric_book.cells import in_cell, line, tidy
from npswidgets.rubric_book.layout import (
    ABOUT_AREA,
    ABOUT_RUBRIC,
    AREA_FIELDS,
    BELONGS,
    BELONGS_TO_TOPICS,
    HOW_TO,
    LEVELS,
    LEVELS_BELONG,
    NOTES,
    OVERVIEW,
    RUBRIC_FIELDS,
    THEMES,
    THEMES_BELONG,
    TOPICS,
    TOPICS_BELONG,
    YES,
    YOUR_TEXT,
    Field,
)
from npswidgets.store.rubric_json import CRITERIA, FOLLOWS, words_to_write

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST_SHEET = 31
SPARE_TOPICS = 12
"""Rows below the topics that are set up for more."""

_A4 = 9
_GROUND, _GREY, _EMPTY, _RULE = "#ECEBF2", "#595959", "#FFF2A8", "#BFBFBF"
_NOT_IN_A_SHEETS_NAME = re.compile(r"[\[\]:*?/\\]")
_OF_EXCEL = re.compile("_x[0-9A-Fa-f]{4}_|x005F_")
"""What Excel takes for one character, and what stands before it so that it does not."""
_CALCULATED = ("=", "+", "-", "@")
_WIDTHS = (26, 50, 32)
"""Of the first columns of each sheet: what it is, the text, what belongs there or the lowest level."""
_BEHIND = (22, 22, 30)
"""Of those behind the levels."""


def book_of(rubric: Rubric) -> bytes:
    """The workbook of a rubric, from which `read_book` makes the same again; empty texts are cells to fill in.

    Raises:
        ExportFailed: a cell would hold more than Excel allows, or what Excel would change.
    """
    from xlsxwriter import Workbook

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(buffer, options) as book:
        book.set_properties({"title": rubric.title})
        pages = _Pages(book)
        overview = pages.add(OVERVIEW, _WIDTHS)
        titles = [_title_of(area, pages) for area in rubric.key_areas]
        _overview(overview, rubric, titles)
        for area, title in zip(rubric.key_areas, titles, strict=True):
            widths = (*_WIDTHS[:2], *(_WIDTHS[2] for _ in rubric.levels), *_BEHIND)
            _key_area(pages.add(title, widths), area, rubric)
        _how_to(pages.add(NOTES, (110,)))
    return buffer.getvalue()


def _title_of(area: KeyArea, pages: "_Pages") -> str:
    """The name of a key area as that of a sheet: 31 characters, some of them not, and each once."""
    name = cleaned_line(_NOT_IN_A_SHEETS_NAME.sub(" ", area.name))
    base = _cut(name.strip("' "), LONGEST_SHEET).strip("' ") or "Key area"
    title, number = base, 1
    while title.casefold() in pages.taken:
        number += 1
        title = f"{_cut(base, LONGEST_SHEET - len(str(number)) - 1).strip()} {number}"
    pages.taken.add(title.casefold())
    return title


def _cut(text: str, most: int) -> str:
    while utf16_units(text) > most:
        text = text[:-1]
    return text


@dataclass
class _Pages:
    """The sheets of a workbook, with the formats that they share, each made once."""

    book: "Workbook"
    taken: set[str] = field(default_factory=lambda: {OVERVIEW.casefold(), NOTES.casefold(), "history"})
    _formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)

    def add(self, title: str, widths: tuple[float, ...]) -> "_Page":
        """A sheet that is printed across, as wide as a page."""
        page = self.book.add_worksheet(title)
        for n, width in enumerate(widths):
            page.set_column(n, n, width)
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.set_footer("&L&A&R&P / &N")
        page.hide_gridlines(2)
        return _Page(self, page, title, widths)

    def format(self, **how: Any) -> Any:
        """The format with these properties."""
        key = tuple(sorted(how.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"valign": "top", "text_wrap": True} | how)
        return self._formats[key]


@dataclass
class _Page:
    """A sheet, written from above; `row` is the next one, and `texts` what stands in it so far, by column."""

    pages: _Pages
    sheet: "Worksheet"
    title: str
    widths: tuple[float, ...]
    row: int = 0
    texts: dict[int, str] = field(default_factory=dict)

    def next_row(self) -> None:
        """Ends a row, which gets a height where its texts take several lines: else it grows with what is typed."""
        texts = [self.texts.get(n, "") for n in range(len(self.widths))]
        if height(texts, self.widths) > LINE:
            self.sheet.set_row(self.row, height(texts, self.widths))
        self.row += 1
        self.texts.clear()

    def say(self, column: int, text: str, **how: Any) -> None:
        """Words of ours."""
        self.sheet.write_string(self.row, column, text, self.pages.format(**how))

    def fill(self, column: int, text: str, exact: bool = False, **how: Any) -> None:
        """Words of the rubric, to be changed; exact ones come back without any tidying."""
        style = {"border": 1, "border_color": _RULE} | how
        if not text:
            self.sheet.write_blank(self.row, column, None, self.pages.format(**style))
            return
        if utf16_units(text) > LONGEST_CELL or _OF_EXCEL.search(text):
            raise ExportFailed(self._why(column, text))
        if exact or text.startswith(_CALCULATED):
            style["quote_prefix"] = True
        self.texts[column] = text
        self.sheet.write_string(self.row, column, text, self.pages.format(**style))

    def fill_line(self, column: int, text: str) -> None:
        """The same of what is a name or an id: whatever is typed there later stays a text."""
        self.fill(column, text, line(text) != text, num_format="@")

    def fill_text(self, column: int, text: str) -> None:
        """The same of what can have several lines."""
        self.fill(column, text, tidy(text) != text)

    def fill_statements(self, column: int, said: tuple[str, ...]) -> None:
        """The same of statements, or of notes."""
        text, exact = in_cell(said)
        self.fill(column, text, exact)

    def heads(self, heads: Iterable[str], colours: tuple[str, ...] = ()) -> None:
        """A row of heads; from the third on they have these colours above them, those of levels."""
        above = dict(enumerate(colours, start=2))
        for n, head in enumerate(heads):
            rule = {"top": 5, "top_color": above[n]} if n in above else {}
            self.say(n, head, **{"bold": True, "bg_color": _GROUND, "border": 1, "border_color": _RULE} | rule)
        self.row += 1

    def belongs(self, text: str) -> None:
        """A line of ours above a table; it runs over the cells beside it."""
        self.say(0, text, italic=True, font_color=_GREY, text_wrap=False)
        self.row += 1

    def choice(self, first: tuple[int, int], last: tuple[int, int], among: Iterable[str]) -> None:
        """A list to choose from, in these cells."""
        rule = {"validate": "list", "source": list(among), "error_title": "Choose from the list"}
        self.sheet.data_validation(*first, *last, rule)

    def needed(self, first: tuple[int, int], last: tuple[int, int], formula: str | None = None) -> None:
        """Gives cells a yellow ground as long as they are empty."""
        rule = {"type": "formula", "criteria": formula} if formula else {"type": "blanks"}
        self.sheet.conditional_format(
            *first, *last, rule | {"format": self.pages.book.add_format({"bg_color": _EMPTY})}
        )

    def _why(self, column: int, text: str) -> str:
        from xlsxwriter.utility import xl_rowcol_to_cell

        cell = f"sheet “{self.title}”, cell {xl_rowcol_to_cell(self.row, column)}"
        if found := _OF_EXCEL.search(text):
            return f"{cell}: Excel would take “{found[0]}” for another character. Write it in another way."
        return f"{cell}: expected up to {LONGEST_CELL:,} characters, found {utf16_units(text):,}. Shorten the text."


def _overview(page: _Page, rubric: Rubric, titles: list[str]) -> None:
    page.say(0, "A rubric: what a workshop scores", bold=True, font_size=16, text_wrap=False)
    page.row += 2
    rated = rubric.scale.values == RATINGS
    fields = tuple(one for one in RUBRIC_FIELDS if rated or one.kind != "criterion")
    _fields(page, ABOUT_RUBRIC.heads, fields, rubric)
    page.row += 1
    page.belongs(LEVELS_BELONG)
    page.heads(LEVELS.heads)
    first = page.row
    for level in rubric.levels:
        page.sheet.write_number(page.row, 0, level.value, page.pages.format(border=1, border_color=_RULE, align="left"))
        page.fill_line(1, level.name)
        page.fill(2, YES if level.value in rubric.anchored_at else "")
        page.next_row()
    page.choice((first, 2), (page.row - 1, 2), [YES])
    for row in (first, page.row - 1):
        page.needed((row, 1), (row, 1))
    page.row += 1
    page.belongs(THEMES_BELONG)
    page.heads(THEMES.heads)
    first = page.row
    rows = [(theme, area) for theme in rubric.themes for area in theme.key_areas]
    for (theme, _), title in zip(rows, titles, strict=True):
        page.fill_line(0, theme.name)
        page.fill_line(1, title)
        page.fill_line(2, theme.id)
        page.next_row()
    page.needed((first, 0), (page.row - 1, 1))


def _fields(page: _Page, heads: tuple[str, ...], fields: tuple[Field, ...], part: Rubric | KeyArea) -> None:
    """A table with a field a row, and what belongs there beside it."""
    page.heads((*heads, BELONGS))
    nouns = words_to_write(part) if isinstance(part, Rubric) else {}
    for one in fields:
        value: Any = nouns.get(one.key) if one.kind == "noun" else getattr(part, one.key)
        page.say(0, one.label, border=1, border_color=_RULE)
        if one.kind == "text":
            page.fill_text(1, value)
        elif one.kind == "level" and value is not None:
            page.sheet.write_number(page.row, 1, value, page.pages.format(border=1, border_color=_RULE, align="left"))
        else:
            page.fill_line(1, str(value or ""))
        page.say(2, one.belongs, italic=True, font_color=_GREY, text_wrap=False)
        if isinstance(part, Rubric) and one.kind in ("follows", "level", "criterion"):
            among = {"follows": FOLLOWS, "criterion": CRITERIA}.get(one.kind, map(str, part.scale.values))
            page.choice((page.row, 1), (page.row, 1), among)
        if one.needed:
            page.needed((page.row, 1), (page.row, 1))
        page.next_row()


def _key_area(page: _Page, area: KeyArea, rubric: Rubric) -> None:
    _fields(page, (ABOUT_AREA.key, YOUR_TEXT), AREA_FIELDS, area)
    page.row += 1
    page.belongs(TOPICS_BELONG)
    topic, description, shown, id_, notes = TOPICS.heads
    page.heads((topic, description, *map(str, rubric.levels), shown, id_, notes), rubric.scale.colours)
    first, behind = page.row, 2 + len(rubric.levels)
    for code in area.value_codes:
        page.fill_line(0, code.name)
        page.fill_text(1, code.description)
        for n, level in enumerate(rubric.levels):
            page.fill_statements(2 + n, code.levels.get(level.value, ()))
        page.fill_line(behind, "" if code.display_name == code.name else code.display_name)
        page.fill_line(behind + 1, code.id)
        page.fill_statements(behind + 2, code.notes)
        page.next_row()
    for _ in range(SPARE_TOPICS):
        for column in range(behind + 3):
            page.fill(column, "", num_format="@" if column in (0, behind, behind + 1) else "General")
        page.next_row()
    _help_with_topics(page, first, rubric)


def _help_with_topics(page: _Page, first: int, rubric: Rubric) -> None:
    """Says of a cell that is chosen what belongs there, and gives those that need something a yellow ground."""
    from xlsxwriter.utility import xl_col_to_name

    heads = (*TOPICS.heads[:2], *map(str, rubric.levels), *TOPICS.heads[2:])
    anchors = rubric.anchored_at or rubric.scale.values
    needed = {0, 1, *(2 + rubric.scale.place(value) for value in anchors)}
    for column, head in enumerate(heads):
        said = BELONGS_TO_TOPICS.get(head, "The statements of this level, a line for each (Alt+Enter).")
        rule = {"validate": "any", "input_title": _cut(head, 32), "input_message": said}
        page.sheet.data_validation(first, column, page.row - 1, column, rule)
        if column in needed:
            here = f"{xl_col_to_name(column)}{first + 1}"
            formula = f"=AND(OR(LEN($A{first + 1})>0,ROW()={first + 1}),LEN({here})=0)"
            page.needed((first, column), (page.row - 1, column), formula)
    page.sheet.freeze_panes(0, 1)


def _how_to(page: _Page) -> None:
    page.say(0, NOTES, bold=True, font_size=16)
    page.row += 2
    for said in HOW_TO:
        page.say(0, said)
        page.next_row()
