"""All files of an export in one: whole, with a page that names each and its digest."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from accessible import check_with_axe
from bs4 import BeautifulSoup
from click.testing import CliRunner
from playwright.sync_api import Browser

from npswidgets.cli import main
from npswidgets.report.bundle import bundle
from npswidgets.report.exports import export
from npswidgets.report.formats import FORMATS
from npswidgets.report.make import make_report
from npswidgets.store.example import example_path
from npswidgets.store.saved import read_archive

QUICK = ("html", "xlsx", "csv", "json")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    out = tmp_path_factory.mktemp("exports")
    answer = CliRunner().invoke(
        main, ["export", str(example_path()), "--to", ",".join(QUICK), "--zip", "--out", str(out)]
    )
    assert answer.exit_code == 0, answer.output
    assert answer.output.splitlines()[-1].endswith("example.zip")
    return ZipFile(out / "example" / "example.zip")


@pytest.fixture(scope="module")
def contents(packed: ZipFile) -> BeautifulSoup:
    return BeautifulSoup(packed.read("example/contents.html"), "html.parser")


def test_all_files_are_in_it_as_they_stand_beside_it(packed: ZipFile) -> None:
    assert packed.namelist() == [
        "example/contents.html",
        "example/example.jsonl",
        *(f"example/example{FORMATS[one].ending}" for one in QUICK),
    ]
    assert packed.filename
    for name in packed.namelist()[1:]:
        assert packed.read(name) == (Path(packed.filename).parent / Path(name).name).read_bytes()


def test_the_page_of_contents_leads_to_each_file_and_gives_its_digest(packed: ZipFile, contents: BeautifulSoup) -> None:
    links = [link["href"] for link in contents.select("#files ~ ul a")]
    assert links == [Path(name).name for name in packed.namelist()[1:]]
    digests = {row.dt.text: row.dd.text for row in contents.select("#digests ~ dl div") if row.dt and row.dd}
    assert {name: digests[name] for name in links} == {
        name: sha256(packed.read(f"example/{name}")).hexdigest() for name in links
    }
    assert "The words are those of the Local Government Association" in contents.text


def test_the_same_files_are_the_same_bundle(tmp_path: Path) -> None:
    report, file = make_report(read_archive(str(example_path())).workshop), tmp_path / "example.csv"
    file.write_text("code\n")
    assert bundle(report, [file]) == bundle(report, [file])
    assert ZipFile(BytesIO(bundle(report, [file]))).testzip() is None


def test_what_could_not_be_made_is_not_in_it_and_takes_nothing_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(report: object) -> str:
        raise ValueError

    monkeypatch.setitem(FORMATS, "html", FORMATS["html"].__class__("HTML report", "to read", 1, ".html", fails))
    *_, failed, made, together = export(read_archive(str(example_path())), ["html", "csv"], tmp_path, together=True)
    assert (failed.state, made.state, together.state) == ("failed", "done", "done")
    assert (made.step, together.step, together.steps) == (3, 4, 4)
    assert [Path(name).suffix for name in ZipFile(together.file).namelist()] == [".html", ".jsonl", ".csv"]


def test_whatever_a_report_was_made_from_is_in_it_and_is_named(tmp_path: Path) -> None:
    archive = read_archive(str(example_path()))
    code = next(iter(archive.workshop.topics))
    *_, together = export(archive, ["csv"], tmp_path, benchmark={code: 2.5}, together=True)
    file = ZipFile(together.file)
    assert {Path(name).name for name in file.namelist()} == {
        "contents.html",
        *(f"example{ending}" for ending in (".jsonl", ".csv", "-benchmark.csv")),
    }
    (listed,) = BeautifulSoup(file.read("example/contents.html"), "html.parser").select("#files ~ ul")
    assert [one for one in ("figures that", "table of scores") if listed.text.count(one) != 1] == []


@pytest.mark.browser
def test_the_page_of_contents_is_accessible_and_fits_a_phone(contents: BeautifulSoup, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 320, "height": 640})
    page.set_content(str(contents))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    check_with_axe(page)
    page.close()
