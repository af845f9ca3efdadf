"""A record from before, with what no format can carry in each text, is exported in every format all the same."""

import json
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from played import START, workshop_of
from pypdf import PdfReader
from reports import pdf_words
from sqlalchemy import Engine
from test_export_words import events, made_of

from npswidgets.cli import main
from npswidgets.domain.door import Door
from npswidgets.domain.text import _map_texts, cleaned
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken
from npswidgets.report.invitation import invitation
from npswidgets.report.make import make_report
from npswidgets.report.pack import WaysIn, pack_pdf
from npswidgets.settings import data_folder
from npswidgets.store.access import set_server_value
from npswidgets.store.rubric_files import load_rubric
from npswidgets.store.wifi import WIFI, Wifi, keep_wifi, wifi_of

UNSEEN = "\x00\x08\x1b\x7f\x9b\u202e\u2066\ufeff\ufffb\uffff\ud83d"


def spoiled(value: Any) -> Any:
    """The same with what nobody sees at the end of each text that is no id."""
    return _map_texts(value, lambda text: f"{text}{UNSEEN}" if " " in text else text)


@pytest.fixture(scope="module")
def old() -> Workshop:
    workshop: Workshop = spoiled(workshop_of(list(events("the end"))))
    assert UNSEEN in workshop.rubric.title + workshop.council + workshop.departments[0]
    return workshop


@pytest.fixture(scope="module")
def files(old: Workshop) -> dict[str, bytes]:
    return made_of(make_report(old, START))


def is_clean(text: str) -> bool:
    return cleaned(text) == text.replace("\r\n", "\n")


def test_the_report_says_the_same_as_that_of_a_clean_record(old: Workshop) -> None:
    clean = workshop_of(list(events("the end")))
    assert make_report(old, START) == make_report(clean, START)


def test_every_format_is_made_and_can_be_read(files: dict[str, bytes]) -> None:
    for name, file in files.items():
        if file.startswith(b"%PDF"):
            assert is_clean(pdf_words(PdfReader(BytesIO(file)))), name
        elif file.startswith(b"PK"):
            with ZipFile(BytesIO(file)) as parts:
                for part in parts.namelist():
                    if part.endswith((".xml", ".rels")):
                        ElementTree.fromstring(parts.read(part))
                        assert is_clean(parts.read(part).decode()), (name, part)
        else:
            text = file.decode().removeprefix("\ufeff")  # a table begins with it, for Excel
            assert is_clean(text), name


def test_json_holds_them_in_no_escape_either(files: dict[str, bytes]) -> None:
    def texts(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [*value, *(one for part in value.values() for one in texts(part))]
        return [one for part in value for one in texts(part)] if isinstance(value, list) else [str(value)]

    found = texts(json.loads(files["json"]))
    assert len(found) > 100
    assert all(map(is_clean, found))


def test_the_pack_and_the_invitation_are_made(old: Workshop) -> None:
    session = next(iter(old.sessions.values()))
    ways = WaysIn(
        "http://10.0.0.1:8866", {session.id: Door("123456", "8xE0bU0cTgmN7k1c2yHh5w")}, Wifi("NPS", "secret words")
    )
    assert is_clean(pdf_words(PdfReader(BytesIO(pack_pdf(old, ways, 1)))))
    assert is_clean(invitation(old, session))


@pytest.mark.parametrize(
    "wifi", [Wifi("a\x00b"), Wifi("ab", "pass\u202eword"), Wifi("\ud83d"), Wifi("a\nb"), Wifi("ab", "\t")]
)
def test_a_wifi_that_no_phone_could_join_is_not_kept(engine: Engine, wifi: Wifi) -> None:
    with pytest.raises(RuleBroken, match="nobody can type"):
        keep_wifi(engine, wifi)
    assert wifi_of(engine) is None


def test_a_wifi_from_before_breaks_no_page(engine: Engine) -> None:
    set_server_value(engine, WIFI, json.dumps({"name": f"NPS{UNSEEN}", "password": f"good morning{UNSEEN}"}))
    assert wifi_of(engine) == Wifi("NPS", "good morning")


def test_a_rubric_is_read_without_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    tmp_path = tmp_path_factory.mktemp("old", numbered=False)
    for file in data_folder("rubric").glob("nps-2018/*.yaml"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    index = tmp_path / "rubric.yaml"
    text = index.read_text(encoding="utf-8").replace("id: nps-2018", f"id: {tmp_path.name}")
    title = next(line for line in text.splitlines() if line.startswith("title: "))
    index.write_text(text.replace(title, 'title: "Old\\x1b[2J\\u202e title"'), encoding="utf-8")
    assert load_rubric(tmp_path).title == "Old[2J title"


@pytest.mark.parametrize(
    "words",
    [
        ["new", "--council", "Caf\udce9"],
        ["new", "--council", "A", "--title", "\udcff"],
        ["new", "--council", "A", "--department", "\udcff"],
        ["new", "--council", "A", "--session", "\udcff=enablers"],
        ["seal", "x", "--role", "\udcff"],
        ["reopen", "x", "--reason", "\udcff"],
        ["serve", "--wifi", "\udcff"],
        ["serve", "--wifi-password", "\udcff"],
    ],
    ids=ascii,
)
def test_bytes_that_are_no_text_are_refused_on_the_command_line(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("NPS_DATABASE", engine.url.render_as_string())
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert "is not in UTF-8. Set the terminal to UTF-8" in " ".join(result.output.split())
