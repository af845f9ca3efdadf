"""What somebody hands over in place of a rubric's workbook: each is refused in words, before much of it is read."""

import struct
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from npswidgets.errors import NotFound, RubricFaults
from npswidgets.rubric_book import opening
from npswidgets.rubric_book.opening import bytes_of, open_book
from npswidgets.rubric_book.writing import book_of
from npswidgets.store.rubric_files import load_rubric

SHEET = "xl/worksheets/sheet2.xml"


@cache
def book() -> bytes:
    return book_of(load_rubric("meetings"))


def with_parts(changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """The workbook with other texts in some of its files, or with more files."""
    buffer = BytesIO()
    with ZipFile(BytesIO(book())) as old, ZipFile(buffer, "w", ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *changes]):
            text = old.read(name) if name in old.namelist() else b""
            made = changes.get(name, lambda same: same)(text)
            assert name not in changes or made != text
            new.writestr(name, made)
    return buffer.getvalue()


def zip_of(**files: bytes) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as made:
        for name, text in files.items():
            made.writestr(name, text)
    return buffer.getvalue()


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda text: text.replace(old, new, 1)


def with_a_password() -> bytes:
    """What a zip says of a file in it that is encrypted: the lowest bit of its flags, in both places."""
    data = bytearray(zip_of(**{"[Content_Types].xml": b"x", "xl/workbook.xml": b"x"}))
    data[6:8] = struct.pack("<H", 1)
    at = data.index(b"PK\x01\x02")
    data[at + 8 : at + 10] = struct.pack("<H", 1)
    return bytes(data)


SHEETS_END = b"</sheetData>"
FAR = b'<row r="9000"><c r="A9000"><v>1</v></c></row>' + SHEETS_END
ALL = SHEETS_END + b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
LAUGHS = b'<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]>'
OUTSIDE = b'<!DOCTYPE foo [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "an empty file"),
    "CSV": (lambda: b"code,score\nreporting,3\n", "a text, such as CSV, which has no sheets"),
    "CSV in UTF-16": (lambda: "code;score\n".encode("utf-16"), "a text, such as CSV"),
    "a web page": (lambda: b"\xef\xbb\xbf <HTML><table>", "a web page"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel (.xls), or one with a"),
    "a PDF": (lambda: b"%PDF-1.7", "a PDF"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "a file of another kind"),
    "half a workbook": (lambda: book()[:4000], "broken or not complete"),
    "a zip": (lambda: zip_of(notes=b"x"), "a zip without a workbook in it"),
    "a Word document": (
        lambda: zip_of(**{"[Content_Types].xml": b"<T/>", "word/document.xml": b"<d/>"}),
        "a zip without a workbook in it",
    ),
    "LibreOffice's own": (lambda: zip_of(mimetype=b"x", **{"content.xml": b"<d/>"}), "LibreOffice's own kind (.ods)"),
    "a binary workbook": (lambda: zip_of(**{"xl/workbook.bin": b"x"}), "a binary workbook (.xlsb)"),
    "a zip with a password": (with_a_password, "a file with a password"),
    "macros": (lambda: with_parts({"xl/vbaProject.bin": lambda _: b"x"}), "a workbook with macros"),
    "macros by its kind": (
        lambda: with_parts({"[Content_Types].xml": replaced(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")}),
        "a workbook with macros (.xlsm)",
    ),
    "a thousand laughs": (
        lambda: with_parts({SHEET: replaced(b"<worksheet", LAUGHS + b"<worksheet")}),
        "entities of XML",
    ),
    "a sheet by another name": (
        lambda: with_parts(
            {
                "xl/sheet.txt": lambda _: XML + LAUGHS + b"<worksheet/>",
                "xl/_rels/workbook.xml.rels": replaced(b"worksheets/sheet2.xml", b"sheet.txt"),
            }
        ),
        "a file that cannot be read",
    ),
    "a file from outside": (
        lambda: with_parts({"xl/sharedStrings.xml": replaced(b"<sst", OUTSIDE + b"<sst")}),
        "entities of XML",
    ),
    "an entity where nothing is read": (
        lambda: with_parts({"docProps/custom.xml": lambda _: XML + LAUGHS + b"<a>&lol2;</a>"}),
        "entities of XML",
    ),
    "a cell far away": (
        lambda: with_parts({SHEET: replaced(SHEETS_END, FAR)}),
        "something in cell A9000, beyond cells up to row 5,000",
    ),
    "all cells merged": (
        lambda: with_parts({SHEET: replaced(SHEETS_END, ALL)}),
        "more than 200,000 cells",
    ),
    "more than memory holds": (
        lambda: with_parts({"xl/styles.xml": lambda _: b"<a>" + b"<b/>" * opening.MOST_ELEMENTS + b"</a>"}),
        "far more in it than any rubric needs",
    ),
    "a hole without a floor": (
        lambda: with_parts({"xl/styles.xml": lambda _: b"<a>" * 1000 + b"</a>" * 1000}),
        "far more in it than any rubric needs",
    ),
    "no XML": (lambda: with_parts({"xl/workbook.xml": lambda _: b"<workbook"}), "a file that cannot be read"),
    "a text that is not there": (
        lambda: with_parts({"xl/sharedStrings.xml": lambda _: XML + b"<sst/>"}),
        "a file that cannot be read",
    ),
    "too many files": (lambda: zip_of(**{f"xl/{n}": b"" for n in range(1001)}), "a file that holds 1,001 others"),
    "too large": (lambda: b"PK" + bytes(opening.MOST_BYTES), "a file of more than 5 MB"),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_what_is_no_workbook_that_is_safe_is_refused_in_words(what: str) -> None:
    make, found = CASES[what]
    with pytest.raises(RubricFaults) as refused:
        open_book(make(), "b.xlsx")
    (fault,) = refused.value.faults
    assert str(fault).startswith("b.xlsx: whole file: expected an Excel workbook (.xlsx), found ")
    assert found in fault.found


def test_what_unpacks_to_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    data = with_parts({"xl/media/picture.xml": lambda _: bytes(opening.MOST_UNPACKED)})
    assert len(data) < 100_000
    monkeypatch.setattr(ZipFile, "open", lambda *_, **__: pytest.fail("it was unpacked"))
    with pytest.raises(RubricFaults, match="unpacks to more than 20 MB"):
        open_book(data, "b.xlsx")


def test_a_link_to_another_workbook_is_not_followed() -> None:
    far = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    )
    far += b'Type="x/externalLinkPath" Target="http://127.0.0.1:9/x.xlsx" TargetMode="External"/></Relationships>'
    data = with_parts({"xl/externalLinks/_rels/externalLink1.xml.rels": lambda _: far})
    assert open_book(data, "b.xlsx")[0].title == "Overview"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.xlsx", tmp_path / ("x" * 300)):
        with pytest.raises(NotFound):
            bytes_of(path)
