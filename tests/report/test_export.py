"""Exports, by reading the files back."""

import json
import os
import re
import subprocess
import sys
import traceback
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from nbclient.exceptions import CellExecutionError
from nbconvert.exporters.base import get_exporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from played import (
    DEPARTMENTS,
    HOSTILE,
    HOSTILE_NAME,
    LONG,
    PEOPLE,
    START,
    beginning,
    finished_theme,
    hostile_events,
    store_events,
    theme_codes,
)
from reports import notebook_with

from npswidgets.cli import main
from npswidgets.domain.events import Event, Words, WorkshopSealed
from npswidgets.errors import ExportFailed
from npswidgets.report import typesetting
from npswidgets.report.added import added_cells, additions, mark_of
from npswidgets.report.contents import MIME_TYPE, Report
from npswidgets.report.exporter import NpsHtmlExporter
from npswidgets.report.exports import Step, export
from npswidgets.report.formats import FORMATS, OFFERED, Format
from npswidgets.report.make import make_report
from npswidgets.report.notebook import added_to, carried_report, page, run
from npswidgets.report.phrases import one_line, typed
from npswidgets.settings import data_folder
from npswidgets.store.archive import stored_archive
from npswidgets.store.database import open_database
from npswidgets.store.saved import Archive, read_archive
from npswidgets.whole_file import write_whole
from npswidgets.widgets.base import PAGE

pytestmark = pytest.mark.slow

YEAR_BEFORE = START - timedelta(days=365)
RUN_PAGE = "npswidgets.report.notebook.run_page"


@dataclass(frozen=True)
class Exported:
    """The files of an export, read back."""

    folder: Path
    archive: Path
    notebook: NotebookNode
    html: str

    @property
    def report(self) -> Report:
        return carried_report(self.notebook)

    @property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.html, "html.parser")


def archive_of(events: list[Event], begun: datetime = START) -> Archive:
    """The saved form of a workshop in which this happened."""
    engine = open_database("sqlite://")
    return stored_archive(engine, store_events(engine, events, begun))


def exported(events: list[Event], out: Path, earlier: list[Event] | None = None) -> Exported:
    """Everything of a workshop in which this happened."""
    archive = archive_of(events)
    workshop = archive.workshop.id
    steps = export(archive, ("ipynb", "html"), out, earlier=archive_of(earlier, YEAR_BEFORE) if earlier else None)
    assert [step.state for step in steps] == ["done"] * 3, steps
    folder = out / workshop
    notebook = nbformat.read(folder / f"{workshop}.ipynb", as_version=4)
    html = (folder / f"{workshop}.html").read_text(encoding="utf-8")
    return Exported(folder, folder / f"{workshop}.jsonl", notebook, html)


@pytest.fixture(scope="module")
def theme(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    return exported(finished_theme(), tmp_path_factory.mktemp("theme"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Beside it stand the scores of an earlier workshop."""
    earlier = [*finished_theme(title=f"Earlier {HOSTILE_NAME}"), WorkshopSealed(1, Words("Head of procurement"))]
    return exported(list(hostile_events()), tmp_path_factory.mktemp("hostile"), earlier)


def without_day(report: Report) -> Report:
    """The report without the day on which it was made."""
    return replace(report, made="", made_on="")


def test_an_export_is_three_whole_files_in_a_folder_of_the_workshop(theme: Exported) -> None:
    names = sorted(path.name for path in theme.folder.iterdir())
    assert names == ["2026-03-example.html", "2026-03-example.ipynb", "2026-03-example.jsonl"]


def test_the_saved_workshop_beside_the_reports_verifies_and_is_the_one_they_name(theme: Exported) -> None:
    assert read_archive(theme.archive).workshop.head == theme.report.record.head
    assert theme.report.record.head in theme.soup.get_text()


def test_the_notebook_carries_the_report_of_the_saved_workshop(theme: Exported) -> None:
    expected = make_report(read_archive(theme.archive).workshop)
    assert without_day(theme.report) == without_day(expected)


def test_the_notebook_run_again_elsewhere_gives_the_same_report(theme: Exported, tmp_path: Path) -> None:
    (tmp_path / theme.archive.name).write_bytes(theme.archive.read_bytes())
    again = run(nbformat.reads(nbformat.writes(theme.notebook), as_version=4), tmp_path)
    assert without_day(carried_report(again)) == without_day(theme.report)


def test_the_scores_of_an_earlier_workshop_stand_beside_and_its_file_lies_beside(hostile: Exported) -> None:
    earlier = hostile.report.earlier
    assert earlier
    assert read_archive(hostile.folder / "2026-03-example-earlier.jsonl").workshop.head == earlier.head
    parameters = next(cell.source for cell in hostile.notebook.cells if cell.id == "nps-parameters")
    assert 'earlier = "2026-03-example-earlier.jsonl"\n' in parameters
    assert parameters.endswith("radar = False")
    assert one_line(f"Earlier {HOSTILE_NAME}") in hostile.soup.get_text()


def test_the_notebook_names_its_file_and_no_place_of_this_machine(theme: Exported) -> None:
    assert any('saved = "2026-03-example.jsonl"' in cell.source for cell in theme.notebook.cells)
    assert str(theme.folder) not in nbformat.writes(theme.notebook)


def test_the_notebook_shows_chart_scores_and_spreads(theme: Exported) -> None:
    outputs = {cell.id: cell.outputs[0].data for cell in theme.notebook.cells if cell.get("outputs")}
    assert 'alt="Agreed scores: 13 value codes' in outputs["nps-profile"]["text/html"]
    assert "Scrutiny gets reports" in outputs["nps-scores"]["text/html"]
    assert outputs["nps-spreads"]["text/html"].count("<img alt=") == 1
    assert outputs["nps-report"]["text/plain"].startswith(
        "Example County Council: How good is our procurement? (draft)"
    )


def test_no_person_and_no_department_is_in_the_reports(theme: Exported) -> None:
    for text in (nbformat.writes(theme.notebook), theme.html):
        assert not [found for found in (*PEOPLE, *DEPARTMENTS) if found in text]


def test_the_committed_page_has_no_outputs_and_no_program() -> None:
    for cell in page().cells:
        assert cell.id.startswith("nps-")
        assert not cell.get("outputs")
        assert not re.search(r"^\s*(def|for|if|while|with|try)\b", cell.source, re.M) or cell.cell_type == "markdown"


def test_the_html_page_is_one_file_that_loads_nothing(theme: Exported) -> None:
    soup = theme.soup
    assert not soup.find_all(["script", "link", "iframe", "object"])
    assert not re.search(r"@import|url\(\s*['\"]?http", theme.html)
    assert all(image["src"].startswith("data:") for image in soup.find_all("img"))


def test_the_html_page_says_its_language_title_and_source(theme: Exported) -> None:
    soup = theme.soup
    assert soup.html is not None
    assert soup.html["lang"] == "en-GB"
    assert soup.title is not None
    assert soup.title.text == "How good is our procurement? (draft) – Example County Council"
    assert "Local Government Association" in soup.select_one("footer").text  # type: ignore[union-attr]


def test_each_table_of_the_html_page_has_scoped_headers(theme: Exported) -> None:
    tables = theme.soup.find_all("table")
    assert len(tables) > 13
    for table in tables:
        assert {head["scope"] for head in table.select("thead th")} == {"col"}
        assert all(row.find("th", scope=True) for row in table.select("tbody tr"))


def test_the_chart_of_the_html_page_has_its_words_and_a_table(theme: Exported) -> None:
    chart = theme.soup.select_one("#profile ~ figure svg[role=img]")
    assert chart is not None
    described = theme.soup.find(id=chart["aria-describedby"])
    assert described is not None
    assert described.text.startswith("Agreed scores: 13 value codes")
    assert len(theme.soup.select("table.scores tbody tr th[scope=row]")) == 13


def test_the_html_page_marks_the_agreed_level_in_words(theme: Exported) -> None:
    rows = theme.soup.find(id="code-reporting").find_parent("article").select(".levels tbody tr")  # type: ignore[union-attr]
    agreed = [row.th.get_text(" ", strip=True) for row in rows if "Agreed score" in row.th.text]
    assert agreed == ["2 Developing Agreed score"]
    assert [cell.select_one(".count").text for cell in rows[1].select(".votes")] == ["4", "8"]


def test_the_html_page_and_the_report_agree_on_every_value_code(theme: Exported) -> None:
    for _, _, code in theme.report.codes:
        article = theme.soup.find(id=f"code-{code.id}").find_parent("article")  # type: ignore[union-attr]
        text = article.get_text(" ", strip=True)  # type: ignore[union-attr]
        wanted = [code.name, code.score_text, code.comment, code.different_view, code.evidence, code.reason_above]
        wanted += [said for one in code.rounds for said in (one.verdict, one.sentence, one.movement)]
        wanted += [statement for level in code.levels for statement in level.statements]
        figures = [one.figures for one in code.rounds if one.figures]
        wanted += [said for one in figures for said in (one.median_text, one.iqr_text)]
        wanted += [said for one in figures for said in (one.consensus_text, one.agreement_text)]
        assert not [one for one in wanted if one not in text]


def test_hostile_words_stay_words_in_the_html_page(hostile: Exported) -> None:
    soup = hostile.soup
    assert not soup.find_all(["script", "textarea"])
    assert not [tag for tag in soup.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    assert not [link for link in soup.find_all("a", href=True) if not link["href"].startswith("#")]
    assert not soup.find_all("img")


def test_hostile_words_are_read_back_from_the_html_page(hostile: Exported) -> None:
    soup = hostile.soup
    above = soup.find(id=f"code-{theme_codes()[0]}").find_parent("article")  # type: ignore[union-attr]
    said = {pair.dt.text: pair.dd.text for pair in above.select(".said > div")}  # type: ignore[union-attr]
    assert said["Comment"] == typed(HOSTILE + LONG)
    assert said["A different view"] == typed(f"View {HOSTILE}")
    assert said["Evidence"] == typed(f"Evidence {HOSTILE}")
    assert said["Why above the suggested level"] == typed(f"Above {HOSTILE}")
    assert soup.h1 is not None
    assert soup.h1.text == one_line(f"Title {HOSTILE_NAME}")
    assert soup.select_one(".council").text == one_line(f"Council {HOSTILE_NAME}")  # type: ignore[union-attr]
    text = soup.get_text()
    for line in (
        f"(not applicable: {typed(f'Not {HOSTILE}')})",
        one_line(f"Session {HOSTILE_NAME}"),
        typed(f"Far {HOSTILE}"),
    ):
        assert line in text
    assert one_line(f"Role {HOSTILE}") in text


def test_words_that_run_from_right_to_left_are_kept_apart(hostile: Exported) -> None:
    for typed_here in hostile.soup.select(".typed"):
        assert typed_here["dir"] == "auto"


def test_hostile_words_stay_words_in_the_notebook(hostile: Exported) -> None:
    code = next(one for _, _, one in hostile.report.codes if one.id == theme_codes()[0])
    assert code.comment == typed(HOSTILE + LONG)
    for cell in hostile.notebook.cells:
        for output in cell.get("outputs", []):
            soup = BeautifulSoup(output.data.get("text/html", ""), "html.parser")
            assert not soup.find_all("script")
            assert not [tag for tag in soup.find_all(True) if any(name.startswith("on") for name in tag.attrs)]


def html_of(notebook: NotebookNode) -> str:
    """What nbconvert makes of a notebook."""
    html, _ = NpsHtmlExporter().from_notebook_node(notebook)
    return str(html)


def with_cells(notebook: NotebookNode, *cells: NotebookNode) -> BeautifulSoup:
    """The last section of the page of a notebook to which people added these cells."""
    changed = nbformat.reads(nbformat.writes(notebook), as_version=4)
    changed.cells += cells
    section = BeautifulSoup(html_of(changed), "html.parser").select_one("section.added")
    assert section is not None
    return section  # type: ignore[return-value]


def cell_with(*outputs: NotebookNode) -> NotebookNode:
    return new_code_cell("1 + 1", outputs=list(outputs))


def display(data: dict[str, Any], metadata: dict[str, Any] | None = None) -> NotebookNode:
    return new_output("display_data", data=data, metadata=metadata or {})


def test_markdown_that_people_add_follows_in_the_last_section(theme: Exported) -> None:
    section = with_cells(
        theme.notebook, new_markdown_cell("# What we do next\n\n- a **plan**\n\n| a | b |\n|--|--|\n| 1 | 2 |")
    )
    assert section.find("h3").text == "What we do next"  # type: ignore[union-attr]
    assert section.find("strong").text == "plan"  # type: ignore[union-attr]
    assert section.find("table") is not None
    assert theme.soup.select_one("section.added") is None


def test_markdown_that_people_add_is_made_harmless(theme: Exported) -> None:
    source = (
        "<script>alert(1)</script>\n\nSee <b onclick=alert(1)>x</b> [a](javascript:alert(1)) "
        "![seen](http://example.org/a.png) ![lost](attachment:lost.png)"
    )
    section = with_cells(theme.notebook, new_markdown_cell(source))
    assert not section.find_all(["script", "img", "b"])
    assert "<script>alert(1)</script>" in section.text
    assert "javascript:" not in {link["href"] for link in section.find_all("a")}
    assert "seen (not in this file)" in section.text


def test_pictures_that_people_add_are_in_the_file_with_their_words(theme: Exported) -> None:
    attached = new_markdown_cell("![A plan](attachment:plan.png)", attachments={"plan.png": {"image/png": "aGVsbG8="}})
    drawn = cell_with(display({"image/png": "aGVsbG8=\n", "text/plain": "<Figure>"}, {"image/png": {"alt": "A chart"}}))
    vector = cell_with(display({"image/svg+xml": "<svg onload='alert(1)'></svg>", "text/plain": "A drawing"}))
    pictures = with_cells(theme.notebook, attached, drawn, vector).find_all("img")
    assert [picture["alt"] for picture in pictures] == ["A plan", "A chart", "A drawing"]
    assert pictures[0]["src"] == pictures[1]["src"] == "data:image/png;base64,aGVsbG8="
    assert pictures[2]["src"].startswith("data:image/svg+xml;base64,")


def test_text_that_people_add_stays_text(theme: Exported) -> None:
    printed = new_output("stream", name="stdout", text="\x1b[31m<b>red</b>\x1b[0m\n")
    table = new_output("execute_result", data={"text/html": "<table onclick=x></table>", "text/plain": "a  b"})
    failed = new_output("error", ename="ValueError", evalue="<i>wrong</i>", traceback=[])
    section = with_cells(theme.notebook, cell_with(printed, table, failed))
    assert [block.text for block in section.find_all("pre")] == ["<b>red</b>", "a  b", "ValueError: <i>wrong</i>"]


def test_the_committed_page_marks_its_own_texts() -> None:
    texts = [cell for cell in page().cells if cell.cell_type == "markdown"]
    assert [cell.metadata["npswidgets"] for cell in texts] == [mark_of(cell.source) for cell in texts]


def test_own_text_of_the_page_that_people_changed_is_not_lost(theme: Exported) -> None:
    changed = nbformat.reads(nbformat.writes(theme.notebook), as_version=4)
    changed.cells[0].source = "# Our workshop in March"
    assert "Our workshop in March" in html_of(changed)


def test_a_notebook_without_a_report_is_refused_in_words() -> None:
    with pytest.raises(ExportFailed, match="carries no report"):
        html_of(new_notebook())
    strange = new_notebook(cells=[cell_with(display({MIME_TYPE: {"format": 99}}))])
    with pytest.raises(ExportFailed, match="has the format 99"):
        html_of(strange)


def test_nbconvert_knows_the_exporter_by_a_name_that_jupyterlab_can_ask_for() -> None:
    exporter = get_exporter("nps_html")
    assert exporter.output_mimetype == "text/html"
    assert re.fullmatch(r"\w+", "nps_html")


def small_archive() -> Archive:
    return archive_of(list(beginning(["reporting"])))


SECRET = "Wilhelmina thinks that it was poor"
"""A library's text can quote what people typed."""


def broken(_: object) -> str:
    raise RuntimeError(SECRET)


def unused(*_: object) -> NotebookNode:
    raise AssertionError("The notebook was run.")


def test_a_format_that_fails_leaves_the_others_and_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RUN_PAGE, unused)
    monkeypatch.setitem(FORMATS, "html", replace(FORMATS["html"], made=broken))
    told: list[Step] = []
    made = export(small_archive(), ("html", "csv"), tmp_path, told.append)
    assert [(step.format, step.state) for step in made] == [("jsonl", "done"), ("html", "failed"), ("csv", "done")]
    assert "RuntimeError" in made[1].reason
    assert SECRET not in made[1].reason
    stem = made[0].file.removesuffix(".jsonl")
    assert sorted(map(str, Path(stem).parent.iterdir())) == [f"{stem}.csv", f"{stem}.jsonl"]
    assert tuple(told) == made


def test_a_notebook_that_cannot_be_run_leaves_the_other_formats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_archive: Path, _ran: object) -> NotebookNode:
        raise ExportFailed("The notebook could not be run: ValueError.")

    monkeypatch.setattr(RUN_PAGE, fails)
    made = export(small_archive(), ("ipynb", "csv"), tmp_path)
    assert [(step.format, step.state) for step in made] == [("jsonl", "done"), ("ipynb", "failed"), ("csv", "done")]
    assert made[1].reason == "The notebook could not be run: ValueError."


def test_a_notebook_that_comes_to_another_result_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = small_archive()
    other = replace(make_report(archive.workshop), title="Another one")
    monkeypatch.setattr(RUN_PAGE, lambda _archive, _ran: notebook_with(other))
    (_, made) = export(archive, ("ipynb",), tmp_path)
    assert (made.state, made.reason) == (
        "failed",
        "The session notebook came to another result than the other formats.",
    )


def test_what_people_added_to_a_notebook_stays_when_it_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = small_archive()
    report = make_report(archive.workshop)
    monkeypatch.setattr(RUN_PAGE, lambda _archive, _ran: notebook_with(report))
    (_, first) = export(archive, ("ipynb",), tmp_path)
    older = replace(report, title="An older one")
    again = new_output("execute_result", data=older._repr_mimebundle_())
    added = [new_markdown_cell("## What we think"), new_code_cell("report", outputs=[again])]
    text = new_markdown_cell("The page's own text, changed", id="nps-about", metadata={"npswidgets": mark_of("before")})
    nbformat.write(notebook_with(older, *added, text), first.file)
    for _ in range(2):
        export(archive, ("ipynb",), tmp_path)
    kept = nbformat.read(first.file, as_version=4)
    assert [cell.source for cell in kept.cells] == ["report", "## What we think", "report", text.source]
    assert len({cell.id for cell in kept.cells}) == 4
    assert without_day(carried_report(kept)) == without_day(report)


PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
WIDGET = {
    "application/vnd.jupyter.widget-view+json": {"model_id": "1", "version_major": 2, "version_minor": 0},
    "text/plain": "VBox(children=(FacilitatorBar(code='482915', council='Example'),))",
    "text/markdown": "VBox(children=())",
}


def test_of_a_widget_that_people_add_reports_show_a_picture_or_nothing(theme: Exported) -> None:
    changed = nbformat.reads(nbformat.writes(theme.notebook), as_version=4)
    changed.cells += [cell_with(display(WIDGET)), cell_with(display(WIDGET | {"image/png": PNG}))]
    (picture,) = additions(changed)
    assert (picture.kind, picture.alt) == ("picture", "A picture from the notebook")


def test_a_notebook_that_is_made_again_keeps_nothing_of_a_widget_but_its_picture(theme: Exported) -> None:
    outputs = [display(WIDGET), display(WIDGET | {"image/png": PNG}), display({"text/plain": "2"})]
    changed = nbformat.reads(nbformat.writes(theme.notebook), as_version=4)
    changed.cells += [cell_with(*outputs), new_markdown_cell("Ours")]
    shown, _ = added_cells(changed)
    assert [dict(output.data) for output in shown.outputs] == [{"image/png": PNG}, {"text/plain": "2"}]


def test_a_notebook_that_was_run_holds_nothing_of_what_its_widgets_show(tmp_path: Path) -> None:
    made = run(new_notebook(cells=[new_code_cell("import npswidgets as nps\n[nps.facilitator()]")]), tmp_path)
    assert "widgets" not in made.metadata
    assert made.cells[0].outputs[0].data == {"text/plain": f"[{PAGE}]"}


def test_a_file_that_is_no_notebook_is_not_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RUN_PAGE, unused)
    archive = small_archive()
    place = tmp_path / archive.workshop.id / f"{archive.workshop.id}.ipynb"
    place.parent.mkdir()
    place.write_text("My notes")
    (_, made) = export(archive, ("ipynb",), tmp_path)
    assert made.state == "failed"
    assert "no notebook that can be read" in made.reason
    assert place.read_text() == "My notes"


def test_what_never_ends_is_no_notebook_with_cells_of_people(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ipynb")
    with pytest.raises(ExportFailed, match="this is no file"):
        added_to(tmp_path / "pipe.ipynb")


def test_a_cell_that_fails_says_what_kind_of_error_it_was(tmp_path: Path) -> None:
    with pytest.raises(ExportFailed, match=r"could not be run: ZeroDivisionError\.$"):
        run(new_notebook(cells=[new_code_cell("1 / 0")]), tmp_path)


def test_an_export_that_fails_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_whole(path, "first")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")
    assert path.read_text() == "first"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_two_who_write_a_file_at_once_leave_one_of_theirs_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, write = tmp_path / ("r" * 251 + ".csv"), Path.write_bytes

    def write_and_let_another_write(one: Path, data: bytes) -> int:
        monkeypatch.setattr(Path, "write_bytes", write)
        written = write(one, data)
        write_whole(path, "second")
        return written

    monkeypatch.setattr(Path, "write_bytes", write_and_let_another_write)
    write_whole(path, "first")
    assert path.read_text() == "first"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["none/a.csv", "file/a.csv", "folder"])
def test_what_cannot_be_written_is_named_as_people_know_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=rf"{name}'$") as caught:
        write_whole(tmp_path / name, "first")
    assert caught.value.filename == str(tmp_path / name)
    assert not list(tmp_path.rglob("*.part"))


def test_making_a_file_needs_neither_a_database_nor_nbconvert() -> None:
    program = (
        "import sys, npswidgets.cli.export, npswidgets.report.exports, npswidgets.report.html, npswidgets.report.pdf, "
        "npswidgets.report.make, npswidgets.store.saved; "
        "print(*sorted({'nbclient', 'nbconvert', 'nbformat', 'pandas', 'sqlalchemy'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == ""


@pytest.mark.parametrize("workshop", ["../outside", "", ".hidden", "a/b"])
def test_an_id_that_cannot_name_a_folder_is_refused(tmp_path: Path, workshop: str) -> None:
    archive = small_archive()
    with pytest.raises(ExportFailed, match="cannot be the name of a folder"):
        export(replace(archive, workshop=replace(archive.workshop, id=workshop)), ("html",), tmp_path)


def test_the_command_tells_each_step_as_a_line_of_json(tmp_path: Path) -> None:
    example = str(data_folder("sessions") / "example.jsonl")
    result = CliRunner().invoke(main, ["export", example, "--to", "html", "--out", str(tmp_path), "--json"])
    assert result.exit_code == 0, result.output
    steps = [json.loads(line) for line in result.stdout.splitlines()]
    assert [step["step"] for step in steps] == list(range(1, steps[0]["steps"] + 1))
    assert [step["state"] for step in steps] == ["done"] * 2
    assert steps[-1]["file"] == str(tmp_path / "example" / "example.html")
    assert sorted(path.name for path in (tmp_path / "example").iterdir()) == ["example.html", "example.jsonl"]


def test_the_command_prints_the_files_and_says_what_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "html", replace(FORMATS["html"], made=broken))
    example = str(data_folder("sessions") / "example.jsonl")
    result = CliRunner().invoke(main, ["export", example, "--to", "csv,html", "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [str(tmp_path / "example" / name) for name in ("example.jsonl", "example.csv")]
    assert "The HTML report was not made: something went wrong in the toolkit: RuntimeError" in result.stderr
    assert "\nThe other files are ready." in result.stderr
    assert SECRET not in result.stderr


def test_a_new_format_is_one_entry_in_one_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "words", Format("page of words", "to read aloud", 11, "-words.txt", lambda _: "words"))
    example = str(data_folder("sessions") / "example.jsonl")
    result = CliRunner().invoke(main, ["export", example, "--to", "words", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "example" / "example-words.txt").read_text() == "words"
    assert sorted(OFFERED) == sorted(set(FORMATS) - {"words"})
    assert [FORMATS[one].place for one in OFFERED] == list(range(1, len(OFFERED) + 1))


def test_all_formats_are_made_if_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = data_folder("sessions") / "example.jsonl"
    carrying = notebook_with(make_report(read_archive(example).workshop))
    monkeypatch.setattr(RUN_PAGE, lambda _archive, _ran: carrying)
    for one, format_ in FORMATS.items():
        if format_.made:
            monkeypatch.setitem(FORMATS, one, replace(format_, made=lambda _: b"made"))
    result = CliRunner().invoke(main, ["export", str(example), "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert [Path(line).name.removeprefix("example") for line in result.stdout.splitlines()] == [
        ".jsonl", ".ipynb", ".html", ".pdf", ".docx", ".xlsx", ".csv", ".json", ".slides.html", "-summary.pdf",
        "-response.pdf",
    ]  # fmt: skip


def test_the_command_compares_with_an_earlier_workshop_that_was_signed_off(tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.jsonl"
    signed = [*finished_theme(), WorkshopSealed(1, Words("Somebody"))]
    earlier.write_text(archive_of(signed, YEAR_BEFORE).text, encoding="utf-8")
    example = str(data_folder("sessions") / "example.jsonl")
    command = ["export", example, "--to", "json", "--out", str(tmp_path), "--radar", "--earlier"]
    result = CliRunner().invoke(main, [*command, str(earlier)])
    assert result.exit_code == 0, result.output
    told = json.loads((tmp_path / "example" / "example.json").read_text(encoding="utf-8"))
    assert (told["earlier"]["workshop"], len(told["radar"])) == ("2026-03-example", 4)
    earlier.write_text(archive_of(finished_theme()).text, encoding="utf-8")
    result = CliRunner().invoke(main, [*command, str(earlier)])
    assert (result.exit_code, "is not signed off yet" in result.stderr) == (1, True)


def test_the_command_compares_with_another_council_only_where_that_is_said(tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    signed = [*finished_theme(council="Anytown Borough Council"), WorkshopSealed(1, Words("Somebody"))]
    other.write_text(archive_of(signed, YEAR_BEFORE).text, encoding="utf-8")
    example = str(data_folder("sessions") / "example.jsonl")
    command = ["export", example, "--to", "json", "--out", str(tmp_path), "--earlier", str(other)]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1
    assert "is of another council, Anytown Borough Council" in result.stderr
    assert not (tmp_path / "example").exists()
    assert CliRunner().invoke(main, [*command, "--other-council"]).exit_code == 0


def test_the_command_names_the_formats_that_there_are(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["export", "example.jsonl", "--to", "html,fax", "--out", str(tmp_path)])
    assert result.exit_code == 2
    assert (
        "There is no format 'fax'. There is: ipynb, html, pdf, docx, xlsx, csv, json, slides, summary, response."
        in result.output
    )


@pytest.mark.parametrize("formats", ["CSV", " csv , Json ,", "json,,csv"])
def test_formats_are_named_however_one_spells_them(tmp_path: Path, formats: str) -> None:
    command = ["export", str(data_folder("sessions") / "example.jsonl"), "--to", formats, "--out", str(tmp_path)]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert (tmp_path / "example" / "example.csv").exists()
    assert (tmp_path / "example" / "example.json").exists() == ("json" in formats.casefold())


def test_the_command_says_when_there_is_no_such_workshop(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["export", str(tmp_path / "none.jsonl"), "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert "this file cannot be read (No such file or directory)" in result.output


def test_what_ends_a_cell_of_the_notebook_is_named_without_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise CellExecutionError(SECRET, "ValueError", SECRET)

    monkeypatch.setattr("nbclient.NotebookClient.async_execute", fails)
    (_, made) = export(small_archive(), ("ipynb",), tmp_path)
    assert (made.state, made.reason) == ("failed", "The notebook could not be run: ValueError.")


def test_what_cannot_be_typeset_is_not_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.typ").write_text("#panic(sys.inputs.given)", encoding="utf-8")
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)
    with pytest.raises(ExportFailed, match="could not be made to its standards") as told:
        typesetting.typeset("one.typ", "given", {"reason": SECRET}, [])
    assert SECRET not in "".join(traceback.format_exception(told.value))
