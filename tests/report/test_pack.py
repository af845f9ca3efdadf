"""The print pack and the invitation: what stands on paper, and that it can be read aloud by a machine."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from sqlalchemy import Engine

from npswidgets.cli import main
from npswidgets.domain.actor import Actor
from npswidgets.domain.door import Door
from npswidgets.domain.events import VotingOpened
from npswidgets.domain.workshop import Workshop
from npswidgets.report.invitation import invitation
from npswidgets.report.pack import WaysIn, pack_pdf
from npswidgets.server.machine.address import keep_address
from npswidgets.server.pages.plan import Plan, keep_plan
from npswidgets.store.example import example_path
from npswidgets.store.saved import read_archive
from npswidgets.store.wifi import Wifi, keep_wifi
from npswidgets.store.workshop_store import WorkshopStore
from npswidgets.store.workshops import Created, NewWorkshop, create_workshop, read_workshop

DAY = date(2027, 3, 12)


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    return read_archive(str(example_path())).workshop


@pytest.fixture(scope="module")
def door(workshop: Workshop) -> WaysIn:
    (session,) = workshop.sessions
    return WaysIn(
        "http://192.168.1.20:8866",
        {session: Door("482915", "8xE0bU0cTgmN7k1c2yHh5w")},
        Wifi("NPS-Workshop", "good-morning"),
    )


@pytest.fixture(scope="module")
def pages(workshop: Workshop, door: WaysIn) -> list[str]:
    """What stands on each page, on one line."""
    return said(pack_pdf(workshop, door, sheets=3, day=DAY))


def said(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def made(engine: Engine, **more: object) -> Created:
    options = {
        "council": "Example County Council",
        "sessions": (("Showing leadership", ("engaging-councillors",)),),
        "people_expected": 4,
    }
    return create_workshop(engine, NewWorkshop(**(options | more)))  # type: ignore[arg-type]


class TestCards:
    def test_say_how_to_get_in(self, pages: list[str]) -> None:
        for words in ("Join the Wi-Fi", "NPS-Workshop", "good-morning", "192.168.1.20:8866", "482 915"):
            assert pages[0].count(words) == 2, words

    def test_name_no_wifi_where_there_is_none(self, workshop: Workshop, door: WaysIn) -> None:
        plain = said(pack_pdf(workshop, WaysIn(door.address, door.doors), sheets=0))
        assert "482 915" in plain[0]
        assert "Wi-Fi" not in plain[0]

    def test_need_an_address(self, workshop: Workshop) -> None:
        assert "Question book" in said(pack_pdf(workshop, sheets=0))[0]


class TestSheets:
    def test_are_one_page_a_person_and_theme(self, pages: list[str]) -> None:
        sheets = [page for page in pages if "Write no name." in page]
        assert [page.split("Sheet ")[1][0] for page in sheets] == ["1", "2", "3"]

    def test_have_a_row_a_topic(self, workshop: Workshop, pages: list[str]) -> None:
        for number, code in enumerate(next(iter(workshop.sessions.values())).codes, 1):
            assert f"{number} {workshop.rubric.value_codes[code].display_name} 1 2 3 4 5 ? –" in pages[1]

    def test_are_as_many_as_people_are_expected(self, engine: Engine) -> None:
        four = read_workshop(engine, made(engine).workshop)
        assert sum("Write no name." in page for page in said(pack_pdf(four))) == 4

    def test_of_the_longest_theme_take_one_page_each(self, engine: Engine) -> None:
        rubric = (("Everything", ("showing-leadership", "achieving-community-benefits", "Enablers")),)
        all_in_one = read_workshop(engine, made(engine, sessions=rubric).workshop)
        sheets = [page for page in said(pack_pdf(all_in_one, sheets=2)) if "circle the level" in page]
        assert len(sheets) == 6
        assert "38 " in sheets[1]


class TestBook:
    def test_holds_every_statement_of_the_session(self, workshop: Workshop, pages: list[str]) -> None:
        book = "".join("".join(pages).split())
        for code in next(iter(workshop.sessions.values())).codes:
            for statements in workshop.rubric.value_codes[code].levels.values():
                for statement in statements:
                    assert "".join(statement.removeprefix("•").split()) in book.replace("\u00ad", ""), statement


class TestRunSheet:
    def test_has_the_topics_with_the_times_to_aim_at(self, pages: list[str]) -> None:
        assert "12 March 2027 · 13 topics, about 90 minutes with 18 people" in pages[-1]
        assert "1 0:05 Procurement and commercial champions" in pages[-1]


class TestFile:
    def test_is_tagged_and_named_for_people_who_do_not_see_it(self, workshop: Workshop, door: WaysIn) -> None:
        reader = PdfReader(BytesIO(pack_pdf(workshop, door, sheets=1, day=DAY)))
        assert reader.metadata is not None
        assert reader.metadata.title == "Example County Council: Print pack"
        catalog = reader.root_object
        assert catalog["/MarkInfo"]["/Marked"]  # type: ignore[index]
        assert catalog["/Lang"] == "en-GB"

    def test_is_the_same_each_time(self, workshop: Workshop, door: WaysIn) -> None:
        assert pack_pdf(workshop, door, 1, DAY) == pack_pdf(workshop, door, 1, DAY)

    def test_takes_names_for_words_and_not_for_markup(self, engine: Engine) -> None:
        odd = read_workshop(engine, made(engine, council="#panic() $x$ *Council* <a>").workshop)
        assert "#panic() $x$ *Council* <a>" in said(pack_pdf(odd, sheets=0))[0]


class TestInvitation:
    def test_says_when_what_and_how_private(self, workshop: Workshop) -> None:
        (session,) = workshop.sessions.values()
        assert invitation(workshop, session, DAY) == (
            "On 12 March 2027 we score how good our council's procurement is, with 18 colleagues and councillors. "
            "We use the Local Government Association's 13 topics on showing leadership. "
            "No screen and no report shows who voted for what. "
            "On the day we vote in private, talk about the topics on which we differ, and agree what to do next."
        )

    def test_asks_for_first_scores_while_they_are_open(self, engine: Engine) -> None:
        created = made(engine)
        store = WorkshopStore(engine, Actor(created.workshop, "facilitator"))
        before = read_workshop(engine, created.workshop)
        (session,) = before.sessions.values()
        for code in session.codes:
            store.record(VotingOpened(session.id, code, 0))
        workshop = read_workshop(engine, created.workshop)
        (session,) = workshop.sessions.values()
        text = invitation(workshop, session, DAY, "http://192.168.1.20:8866/join/482915")
        assert "about 3 minutes, on any phone or computer: http://192.168.1.20:8866/join/482915." in text
        assert "we talk only about the topics on which we differ" in text

    def test_promises_no_more_than_is_kept_where_names_are_recorded(self, engine: Engine) -> None:
        named = read_workshop(engine, made(engine, anonymity="named").workshop)
        (session,) = named.sessions.values()
        text = invitation(named, session)
        assert "The record keeps your name with your votes." in text
        assert "No screen and no report" not in text
        assert text.startswith("On ... we score")


class TestCommand:
    def test_writes_the_pack_of_a_workshop_with_its_address(
        self, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        created = made(engine)
        keep_address(engine, "http://192.168.1.20:8866")
        keep_wifi(engine, Wifi("NPS-Workshop"))
        keep_plan(engine, created.workshop, Plan("Showing leadership", DAY.isoformat(), 90))
        answer = CliRunner().invoke(
            main, ["pack", created.workshop, "--out", str(tmp_path), "--database", engine.url.render_as_string()]
        )
        assert answer.exit_code == 0, answer.output
        folder = tmp_path / created.workshop
        (code,) = created.codes.values()
        first = said((folder / "pack.pdf").read_bytes())[0]
        assert f"{code[:3]} {code[3:]}" in first
        assert "NPS-Workshop" in first
        assert (folder / "invitation.txt").read_text().startswith("On 12 March 2027")
        assert "The cards say http://192.168.1.20:8866." in answer.output

    def test_writes_the_pack_of_a_saved_workshop_without_cards(self, tmp_path: Path) -> None:
        answer = CliRunner().invoke(main, ["pack", str(example_path()), "--out", str(tmp_path), "--sheets", "1"])
        assert answer.exit_code == 0, answer.output
        assert "There are no table cards" in answer.output
        assert (tmp_path / "example" / "pack.pdf").stat().st_size > 10_000
