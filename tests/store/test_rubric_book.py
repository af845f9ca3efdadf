"""A rubric to Excel and back: without loss, and whatever people do to the workbook in between.

`RANDOM_RUBRICS=1000` before the command tries so many, in place of 20.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from paths import DATA
from random_rubrics import EXAMPLES, rubrics
from scales import garden_of

from npswidgets.domain.rubric import Rubric
from npswidgets.domain.scale import Level
from npswidgets.errors import ExportFailed, Fault, RubricFaults
from npswidgets.rubric_book.empty import empty_book, still_to_fill
from npswidgets.rubric_book.layout import NOTES, OVERVIEW
from npswidgets.rubric_book.reading import read_book
from npswidgets.rubric_book.writing import book_of
from npswidgets.store.rubric_files import load_rubric, rubric_digest
from npswidgets.store.rubric_writing import write_rubric

MEETINGS, PANEL = load_rubric("meetings"), load_rubric("panel-rating")
KNOWN = [*map(load_rubric, ("meetings", "nps-2018", "panel-rating", DATA / "rubrics" / "smallest")), garden_of(10, 0)]


def back(data: bytes) -> Rubric:
    return read_book(data, "book.xlsx").rubric


@pytest.mark.parametrize("rubric", KNOWN, ids=lambda rubric: rubric.id)
def test_a_rubric_comes_back_from_its_workbook_and_from_the_files_made_of_it(rubric: Rubric, tmp_path: Path) -> None:
    read = back(book_of(rubric))
    assert (read, rubric_digest(read)) == (rubric, rubric_digest(rubric))
    write_rubric(read, tmp_path / rubric.id)
    assert load_rubric(tmp_path / rubric.id) == rubric


@given(rubrics())
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_any_rubric_comes_back_from_its_workbook(rubric: Rubric) -> None:
    read = back(book_of(rubric))
    assert (read, rubric_digest(read)) == (rubric, rubric_digest(rubric))


def test_a_number_names_a_level_by_its_value_whatever_the_levels_are_called() -> None:
    levels = tuple(Level(level.value, str(5 - level.value)) for level in MEETINGS.levels)
    rubric = replace(MEETINGS, levels=levels)
    assert back(book_of(rubric)) == rubric


@pytest.mark.parametrize("heads", [("Level", "Name"), ("Theme", "Theme ID"), ("Topic", "Description")])
def test_a_topic_may_be_called_like_a_head(heads: tuple[str, str]) -> None:
    name, description = heads
    theme, *themes = MEETINGS.themes
    area, *areas = theme.key_areas
    codes = tuple(replace(code, name=name, display_name=name, description=description) for code in area.value_codes)
    theme = replace(theme, name=name, key_areas=(replace(area, name=description, value_codes=codes), *areas))
    rubric = replace(MEETINGS, themes=(theme, *themes))
    assert back(book_of(rubric)) == rubric


def test_what_begins_like_a_formula_stays_a_text() -> None:
    book = load_workbook(BytesIO(book_of(replace(MEETINGS, title="=1+1", source="@home -all"))))
    cells = [cell for row in book[OVERVIEW].iter_rows() for cell in row if cell.value in ("=1+1", "@home -all")]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells] == [("s", True), ("s", True)]


@pytest.mark.parametrize(("text", "why"), [("x" * 32_768, "expected up to 32,767"), ("_x0041_", "another character")])
def test_what_excel_would_change_is_refused_with_its_cell(text: str, why: str) -> None:
    with pytest.raises(ExportFailed, match=f"sheet “Overview”, cell B7: .*{why}"):
        book_of(replace(MEETINGS, source=text))


Change = Callable[[Any], None]


@cache
def unchanged() -> bytes:
    return book_of(MEETINGS)


def changed(change: Change) -> bytes:
    """The workbook after somebody has worked on it."""
    book: Workbook = load_workbook(BytesIO(unchanged()))
    change(book)
    return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def in_sheet(name: str, **cells: object) -> Change:
    def change(book: Workbook) -> None:
        for place, value in cells.items():
            book[name][place] = value

    return change


def move_the_description_to_the_end(book: Workbook) -> None:
    page: Worksheet = book["Inviting"]
    for row in range(9, 12):
        page.cell(row, 12, page.cell(row, 2).value)
    for row in range(9, 12):
        page.cell(row, 2).value = None


def insert_rows_and_a_column(book: Workbook) -> None:
    book["Inviting"].insert_rows(11, 3)
    book["Inviting"].insert_cols(1, 2)
    book[OVERVIEW].insert_rows(22)


def hide(book: Workbook) -> None:
    book["Preparing"].sheet_state = "hidden"
    book["Inviting"].row_dimensions[11].hidden = True
    book["Inviting"].column_dimensions["D"].hidden = True


def merge_the_themes(book: Workbook) -> None:
    book[OVERVIEW].merge_cells("A32:A33")
    book[OVERVIEW].merge_cells("C32:C33")


def split_a_topic_over_rows(book: Workbook) -> None:
    page = book["Inviting"]
    page.insert_rows(11)
    for column in range(3, 7):
        first, *others = page.cell(10, column).value.split("\n")
        page.cell(10, column).value, page.cell(11, column).value = first, "\n".join(others) or None
    page.merge_cells("A10:A11")


def rename(book: Workbook) -> None:
    book["Preparing"].title = "Papers, rooms"


def add_a_sheet(book: Workbook) -> None:
    book.create_sheet("Anna's notes")["A1"] = "Ask Ben about level 3"


def all_of(*changes: Change) -> Change:
    return lambda book: [change(book) for change in changes] and None


TAKEN: dict[str, Change] = {
    "blank rows and a column": insert_rows_and_a_column,
    "a column moved": move_the_description_to_the_end,
    "hidden sheet and row": hide,
    "themes merged": merge_the_themes,
    "a topic over two rows": split_a_topic_over_rows,
    "one sheet renamed": rename,
    "a sheet of one's own": add_a_sheet,
    "as people type": all_of(
        in_sheet("Inviting", A10=" Purpose \u00a0", B3="\u200binviting ", A9="topic: "),
        in_sheet("Inviting", D10="Some invitations say what is to be talked about.\r\n\r\n"
                                 "What is to be decided is found out in the meeting._x000D_"),
        in_sheet("Inviting", D11="• The organiser chooses\n   who comes.\n•\u00a0Many come who say nothing."),
        in_sheet("Preparing", D10="- Papers come the evening before.\n– Few have read them."),
        in_sheet("Preparing", E11="1. The room is right for the number of people.\n"
                                  "2) Those who are not there hear and are heard."),
        in_sheet(OVERVIEW, B14="“Median”", B5="‘meetings’", C32="before‑the‑meeting"),
        in_sheet(OVERVIEW, B6=1, B15="3 Mostly", A26="2", C25=False, C1="Draft of Monday"),
    ),
    "without ids": all_of(in_sheet(OVERVIEW, B5=None, B15="mostly"), in_sheet("Inviting", B3=None, H10=None, H11=None)),
}  # fmt: skip
NOTICES = {
    "hidden sheet and row": (
        "The sheet “Inviting” has hidden rows (11); they were read all the same.",
        "The sheet “Inviting” has hidden columns (D); they were read all the same.",
        "The sheet “Preparing” is hidden; it was read all the same.",
    ),
    "one sheet renamed": ("“Overview”, cell B33: there is no sheet “Preparing”; “Papers, rooms” was taken for it.",),
    "a sheet of one's own": ("The sheet “Anna's notes” is no part of the rubric and was left out.",),
}


@pytest.mark.parametrize("what", TAKEN)
def test_what_people_do_to_a_workbook_is_taken_and_what_they_may_not_see_is_said(what: str) -> None:
    read = read_book(changed(TAKEN[what]), "book.xlsx", "meetings")
    assert (read.rubric, read.notices) == (MEETINGS, NOTICES.get(what, ()))


def test_a_workbook_that_libreoffice_has_saved_is_read() -> None:
    assert back((DATA / "rubric_books" / "saved-by-libreoffice.xlsx").read_bytes()) == MEETINGS


def remove(*sheets: str) -> Change:
    return lambda book: [book.remove(book[name]) for name in sheets] and None


def copy_a_sheet(book: Workbook) -> None:
    book.copy_worksheet(book["Inviting"])


def merge(name: str, *areas: str) -> Change:
    return lambda book: [book[name].merge_cells(area) for area in areas] and None


def rename_two(book: Workbook) -> None:
    book["Preparing"].title, book["Inviting"].title = "P", "I"


TEXT = "a text for “Version” (Raise it whenever something changes: 1, 2, 2a)"
OWN = "expected a cell of its own for the statements of level"
AN_ID = "expected an id of small letters, digits and hyphens, up to 70 characters, or nothing"
HEADS = "expected one of “Topic”, “Description”, “Shown as”, “ID”, “Notes”, or a level of the overview"
NOT_NAMED = "expected a key area that “Overview” names in its table of themes, found one that it does not"
REFUSED: dict[str, tuple[Change, list[str]]] = {
    "many cells": (
        all_of(
            in_sheet(OVERVIEW, A7="Sauce", B6=date(2026, 1, 2), B14="average", B15=9, D32="Anna's", A33="Before"),
            in_sheet("Inviting", A10="#REF!", B10="=A10", E10=True, H10="Why we meet", A11=None, H11="inviting"),
            in_sheet("Preparing", B10="\u2800", F9="7 Always", B9="Descripton"),
        ),
        [
            "Overview A3: expected a row “Source” in the table that begins here, found no such row",
            f"Overview B6: expected {TEXT}, found a date or time (2026-01-02 00:00:00); type ' before it, so that it "
            "stays a text",
            "Overview A7: expected one of the fields Title, ID, Version, Source, Licence, Short credit, Full credit, "
            "Question, Workshop title, Form, Score follows, Good enough, Case study, Agreement by, A topic is called, "
            "A level is called, A key area is called, A topic in reports, Guidance, found “Sauce”",
            "Overview B14: expected one of weakest part, median, nothing, found “average”",
            "Overview B15: expected a level, one of 1, 2, 3, 4, or nothing, found “9”",
            "Overview D32: expected nothing, because this column has no head that is known, found “Anna's”",
            "Overview A33: expected “Before the meeting”, the theme with the id “before-the-meeting”, found “Before”",
            "Inviting A10: expected the name of the topic, found the error #REF!",
            "Inviting B10: expected the description of the topic, found the formula =A10 without a saved result; type "
            "the text in its place",
            "Inviting E10: expected the statements of level 3, a line for each, found the truth value TRUE",
            f"Inviting H10: {AN_ID}, such as why-we-meet, found “Why we meet”",
            "Inviting A11: expected the name of the topic, found nothing",
            "Inviting H11: expected an id that nothing else has, found “inviting”, which stands in sheet “Inviting”, "
            "cell B3, too",
            "Preparing A9: expected the head “Description” in this row, too, found “Descripton”, “1 Hardly”, "
            "“2 Partly”, “3 Mostly”, “7 Always”",
            "Preparing A9: expected a head for level 4 in this row, too, found no such head",
            f"Preparing B9: {HEADS}, found “Descripton”",
            f"Preparing F9: {HEADS}, found “7 Always”",
        ],
    ),
    "levels": (
        in_sheet(OVERVIEW, A26=3, A28="four", C26="yes", C27="perhaps", C28="yes"),
        [
            "Overview C25: expected “yes”, because the lowest and the highest level have statements, found nothing",
            "Overview A26: expected 2, because levels stand in order, found “3”",
            "Overview C27: expected “yes” or nothing, found “perhaps”",
            "Overview A28: expected 4, because levels stand in order, found “four”",
        ],
    ),
    "merged cells": (
        merge("Inviting", "C10:D10", "E10:E11"),
        [
            f"Inviting D10: {OWN} 2, a line for each, found the merged cells C10:D10",
            f"Inviting E11: {OWN} 3, a line for each, found the merged cells E10:E11",
        ],
    ),
    "a sheet removed": (
        remove("Preparing"),
        ["Overview B33: expected the name of a sheet with a key area, found “Preparing”, and no sheet is called so"],
    ),
    "a sheet copied": (copy_a_sheet, [f"Inviting Copy: {NOT_NAMED}"]),
    "two sheets renamed": (
        rename_two,
        [
            "Overview B32: expected the name of a sheet with a key area, such as “I”, “P”, found “Inviting”, and no "
            "sheet is called so",
            "Overview B33: expected the name of a sheet with a key area, such as “I”, “P”, found “Preparing”, and no "
            "sheet is called so",
            f"I: {NOT_NAMED}",
            f"P: {NOT_NAMED}",
        ],
    ),
    "a sheet twice": (
        in_sheet(OVERVIEW, B33="inviting"),
        ["Overview B33: expected each sheet once, found “inviting” again", f"Preparing: {NOT_NAMED}"],
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_taken_is_refused_by_cell(what: str) -> None:
    change, faults = REFUSED[what]
    with pytest.raises(RubricFaults) as refused:
        back(changed(change))
    assert [in_short(fault) for fault in refused.value.faults] == faults


def in_short(fault: Fault) -> str:
    place = fault.place.removeprefix("sheet “").replace("”, cell ", " ").replace("”", "")
    return f"{place}: expected {fault.expected}, found {fault.found}"


def test_a_book_without_an_overview_says_which_sheet_it_misses() -> None:
    with pytest.raises(RubricFaults) as refused:
        back(changed(remove(OVERVIEW)))
    assert str(refused.value) == (
        "book.xlsx: whole workbook: expected a sheet with the heads “About the rubric” and “Your text”, found the "
        "sheets “Inviting”, “Preparing”, “Talking and deciding”, “How to fill this in”"
    )


def test_numbers_are_taken_as_they_are_shown_or_refused() -> None:
    def as_money(book: Workbook) -> None:
        book[OVERVIEW]["B6"] = 2018.1
        book[OVERVIEW]["B6"].number_format = "0.00"

    with pytest.raises(RubricFaults, match=r"cell B6: .* found the number 2018.1, shown in the format “0.00”; type '"):
        back(changed(as_money))


def test_the_saved_result_of_a_formula_is_taken() -> None:
    data = changed(in_sheet("Inviting", A10="=B2"))
    data = with_part(data, "xl/worksheets/sheet2.xml", lambda xml: xml.replace(b"<v></v>", b"<v>7</v>"))
    assert back(data).value_codes["purpose"].name == "7"


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same zip with another text in one of its files."""
    from zipfile import ZIP_DEFLATED, ZipFile

    buffer = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(buffer, "w", ZIP_DEFLATED) as new:
        for one in old.namelist():
            text = old.read(one)
            made = change(text) if one == name else text
            assert one != name or made != text
            new.writestr(one, made)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("typed", "found"),
    [("Counting", "counting"), (" ipras ", "IPRAS"), (None, None)],
    ids=["counting", "IPRAS", "none"],
)
def test_how_a_panel_is_judged_is_typed_as_people_do(typed: str | None, found: str | None) -> None:
    book = load_workbook(BytesIO(book_of(PANEL)))
    assert (book[OVERVIEW]["A17"].value, book[OVERVIEW]["B17"].value) == ("Agreement by", "counting")
    book[OVERVIEW]["B17"] = typed
    assert back(saved(book)) == replace(PANEL, agreement_by=found)


def test_a_panel_is_judged_on_nine_levels_from_1_alone() -> None:
    book = load_workbook(BytesIO(book_of(PANEL)))
    ends = [row for row in book[OVERVIEW].iter_rows() if row[0].value == 9]
    book[OVERVIEW].delete_rows(ends[0][0].row)
    with pytest.raises(RubricFaults) as refused:
        back(saved(book))
    expected = "9 levels from 1, because a criterion of agreement is for no other scale"
    assert f"Overview B17: expected {expected}, found 8 levels from 1" in map(in_short, refused.value.faults)
    assert "Agreement by" not in [cell.value for cell in load_workbook(BytesIO(unchanged()))[OVERVIEW]["A"]]


@pytest.mark.parametrize(("levels", "themes", "areas"), [(3, 1, 1), (4, 3, 2), (10, 1, 1)])
def test_a_new_workbook_says_what_is_still_to_be_filled_and_passes_once_it_is(
    levels: int, themes: int, areas: int
) -> None:
    data = empty_book(levels, themes, areas=areas)
    to_fill = still_to_fill(data, "book.xlsx")
    assert {fault.found for fault in to_fill} == {"nothing"}
    assert len(to_fill) == 4 + themes * areas * (1 + 4 + 2 + levels)
    book = load_workbook(BytesIO(data))
    for n, fault in enumerate(to_fill):
        sheet, cell = fault.place.removeprefix("sheet “").split("”, cell ")
        book[sheet][cell] = f"Text {n}"
    read = back(saved(book))
    assert (len(read.levels), len(read.key_areas)) == (levels, themes * areas)
    assert (read.id, read.version, read.score_follows) == ("text-0", "1", "weakest part")


def test_each_workbook_says_how_it_is_filled_in() -> None:
    said = " ".join(str(row[0]) for row in load_workbook(BytesIO(book_of(MEETINGS)))[NOTES].iter_rows(values_only=True))
    assert "send it on the start page, or nps-workshop rubric from-excel" in said
    assert "above the columns of each key area" in said, "where the numbers of levels stand a second time"
