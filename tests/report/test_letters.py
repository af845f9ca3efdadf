"""Letters and tabs: what PDFs show of what people type, and what the export says that they lack."""

import doctest
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import pytest
from click.testing import CliRunner
from paths import EXAMPLE
from played import beginning, rubric, scored, store_events, written
from pypdf import PdfReader

from npswidgets.charts.profile import ProfileRow, profile
from npswidgets.cli import main
from npswidgets.report import letters
from npswidgets.report.layout import Bullets, Document, Facts, Paragraph, Picture, Table
from npswidgets.report.letters import missing_letters, say_missing
from npswidgets.report.pack import pack_pdf
from npswidgets.report.pdf import to_pdf
from npswidgets.report.typesetting import fonts_folder
from npswidgets.store.archive import stored_archive
from npswidgets.store.database import open_database
from npswidgets.store.saved import read_archive

HELD = "Ŵŵ Ŷŷ Łódź żółć Αθήνα Κέρκυρα Київ Ґанок القاهرة"


def words_of(pdf: bytes) -> str:
    return " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def document(text: str) -> Document:
    blocks = (
        Paragraph(text),
        Bullets((text,)),
        Facts((("Label", text),)),
        Table("A table", ("Head",), ((text,),), (1,)),
    )
    return Document("A title", "A council", "2026-03-12", "The foot", Facts(()), blocks, contents=False)


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(letters).failed == 0


def test_the_letters_of_the_languages_that_councils_write_in_are_there() -> None:
    assert missing_letters([HELD, "“quotes” – dashes — … • → ≥ £ €", "a\tb\n\u200d\ufe0f\u202f"]) == ()
    assert "lack" not in words_of(to_pdf(document(HELD)))


def test_the_letters_that_are_not_looked_up_are_in_all_faces() -> None:
    assert {ord(letter) for letter in letters.SURE if letters._is_seen(letter)} <= letters._known()


def test_the_fonts_are_those_of_matplotlib() -> None:
    assert fonts_folder() == Path(mpl.get_data_path()) / "fonts" / "ttf"


def test_the_summary_and_the_response_report_import_no_matplotlib(tmp_path: Path) -> None:
    """Which takes a third of their time; they draw no chart."""
    run = (
        "import sys; from npswidgets.cli import main\n"
        "main(['export', *sys.argv[1:], '--to', 'summary,response'], standalone_mode=False)\n"
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", run, EXAMPLE, "--out", tmp_path], capture_output=True, check=False
        ).returncode
        == 0
    )


PICTURES = "❤️ ❤️‍🔥 1️⃣ #️⃣ 🏳️‍🌈 👨‍👩‍👧 🇬🇧 👍🏽 e\u0301\u0489 \u0644\u200d\u0627"


def test_a_pdf_is_made_whatever_emoji_and_marks_people_type() -> None:
    """Typst refused the whole report for a heart with a second look."""
    row = ProfileRow("Area", PICTURES, 2, "", "Theme", 3, earlier=None, changed=False, benchmark=None)
    chart = profile([row], rubric().scale)
    text = document(PICTURES)
    assert words_of(to_pdf(replace(text, blocks=(*text.blocks, Picture("A chart", chart)))))


@pytest.mark.parametrize("private", ["\uf0b7 a bullet of Word", "\ue000", "\U000f0000 and \U0010fffd"])
def test_a_pdf_is_made_of_texts_with_characters_that_mean_something_in_one_font_alone(private: str) -> None:
    said = words_of(to_pdf(document(private)))
    assert "\ufffd" in said
    assert f"U+{ord(private[0]):04X}" in said


def test_a_pdf_says_which_letters_it_lacks() -> None:
    said = words_of(to_pdf(document("漢字 and ไทย")))
    assert "The fonts of PDFs lack these characters" in said
    for letter in "漢字ไทย":
        assert f"U+{ord(letter):04X}" in said


def test_a_few_letters_are_named_and_the_rest_counted() -> None:
    many = tuple(map(chr, range(0x4E00, 0x4E00 + 20)))
    assert say_missing(many).count("U+") == letters.MOST_NAMED
    assert " and 8 more." in say_missing(many)
    assert say_missing(()) == ""


def test_the_export_says_which_letters_its_pdfs_lack(tmp_path: Path) -> None:
    engine = open_database("sqlite://")
    events = [*beginning(["reporting"]), scored("reporting", 2), *written("reporting", comment="漢 is missing")]
    saved = tmp_path / "saved.jsonl"
    saved.write_text(stored_archive(engine, store_events(engine, events)).text, encoding="utf-8")
    result = CliRunner().invoke(main, ["export", str(saved), "--to", "pdf,summary,csv", "--out", str(tmp_path)])
    assert result.exit_code == 0
    assert result.stderr.count("漢 (U+6F22)") == 1


def test_the_response_and_the_pack_say_it_too(tmp_path: Path) -> None:
    engine = open_database("sqlite://")
    events = [*beginning(["reporting"]), scored("reporting", 2), *written("reporting", comment="漢 is missing")]
    saved = tmp_path / "saved.jsonl"
    saved.write_text(stored_archive(engine, store_events(engine, events)).text, encoding="utf-8")
    result = CliRunner().invoke(main, ["response", str(saved), "--out", str(tmp_path)])
    assert (result.exit_code, result.stderr.count("漢 (U+6F22)")) == (0, 1)
    workshop = replace(read_archive(saved).workshop, council="漢 Council")
    assert "漢 (U+6F22)" in words_of(pack_pdf(workshop, parts=["run-sheet"]))
    assert "lack" not in words_of(pack_pdf(read_archive(saved).workshop, parts=["run-sheet"]))


@pytest.mark.parametrize("text", ["one\ttwo", "\tone two", "one\t\ttwo\nthree\tfour"])
def test_a_tab_in_a_pdf_parts_words(text: str) -> None:
    said = words_of(to_pdf(document(text)))
    assert said.count(" ".join(text.split())) == 4
