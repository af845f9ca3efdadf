"""The print pack and the invitation: what stands on paper, and that it can be read aloud by a machine."""

import re
from dataclasses import fields, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from room import JOIN_CODE
from sqlalchemy import Engine

from npswidgets.cli import main
from npswidgets.domain.actor import Actor
from npswidgets.domain.door import Door
from npswidgets.domain.events import Anonymity, VotingOpened
from npswidgets.domain.join_code import grouped
from npswidgets.domain.question import question
from npswidgets.domain.rubric import ValueCode
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import ExportFailed
from npswidgets.report.invitation import invitation
from npswidgets.report.pack import WaysIn, pack_pdf
from npswidgets.report.typesetting import TEMPLATES
from npswidgets.screens.facilitator.buttons import LABELS
from npswidgets.server.machine.address import keep_address
from npswidgets.store.example import example_path
from npswidgets.store.opening import store_of
from npswidgets.store.plans import Plan, keep_plan
from npswidgets.store.saved import read_archive
from npswidgets.store.wifi import Wifi, keep_wifi
from npswidgets.store.workshops import Created, NewWorkshop, create_workshop, read_workshop

pytestmark = pytest.mark.slow
DAY = date(2027, 3, 12)


@pytest.fixture(scope="module")
def workshop() -> Workshop:
    return read_archive(str(example_path())).workshop


@pytest.fixture(scope="module")
def door(workshop: Workshop) -> WaysIn:
    (session,) = workshop.sessions
    return WaysIn(
        "http://192.168.1.20:8866",
        {session: Door(JOIN_CODE, "8xE0bU0cTgmN7k1c2yHh5w")},
        Wifi("NPS-Workshop", "good-morning"),
    )


@pytest.fixture(scope="module")
def pages(workshop: Workshop, door: WaysIn) -> list[str]:
    """What stands on each page, on one line."""
    return said(pack_pdf(workshop, door, sheets=3, days=on_the(DAY, workshop)))


def on_the(day: date, workshop: Workshop) -> dict[str, date]:
    return dict.fromkeys(workshop.sessions, day)


def said(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def made(engine: Engine, **more: object) -> Created:
    options = {
        "council": "Example County Council",
        "sessions": (("Showing leadership", ("engaging-councillors",)),),
        "people_expected": 4,
    }
    return create_workshop(engine, NewWorkshop(**(options | more)))  # type: ignore[arg-type]


def renamed(workshop: Workshop, name: str) -> Workshop:
    """With this name for each topic."""

    def each(part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(map(each, part))
        inner = {"themes", "key_areas", "value_codes"} & {one.name for one in fields(part)}
        own = {"display_name": name.strip()} if isinstance(part, ValueCode) else {}
        return replace(part, **own, **{one: each(getattr(part, one)) for one in inner})

    return replace(workshop, rubric=each(workshop.rubric))


class TestCards:
    def test_say_how_to_get_in(self, pages: list[str]) -> None:
        for words in ("Join the Wi-Fi", "NPS-Workshop", "good-morning", "192.168.1.20:8866", grouped(JOIN_CODE)):
            assert pages[0].count(words) == 2, words

    def test_name_no_wifi_where_there_is_none(self, workshop: Workshop, door: WaysIn) -> None:
        plain = said(pack_pdf(workshop, WaysIn(door.address, door.doors), sheets=0))
        assert grouped(JOIN_CODE) in plain[0]
        assert "Wi-Fi" not in plain[0]

    def test_need_an_address(self, workshop: Workshop) -> None:
        assert "Question book" in said(pack_pdf(workshop, sheets=0))[0]


class TestSheets:
    def test_of_a_short_session_are_two_on_a_page(self, workshop: Workshop) -> None:
        pages = said(pack_pdf(workshop, sheets=3, parts=["sheets"]))
        assert [page.count("Write no name.") for page in pages] == [2, 1]
        assert [f"Score sheet {number}" in pages[(number - 1) // 2] for number in (1, 2, 3)] == [True] * 3
        assert [page.count(workshop.rubric.source) for page in pages] == [2, 1]

    def test_have_a_row_a_topic(self, workshop: Workshop, pages: list[str]) -> None:
        for number, code in enumerate(next(iter(workshop.sessions.values())).codes, 1):
            assert f"{number} {workshop.rubric.value_codes[code].display_name} 1 2 3 4 5 ? –" in pages[1]

    def test_are_as_many_as_people_are_expected(self, engine: Engine) -> None:
        four = read_workshop(engine, made(engine).workshop)
        assert sum(page.count("Write no name.") for page in said(pack_pdf(four))) == 4

    def test_of_all_topics_take_two_pages_each_and_name_their_themes(self, engine: Engine) -> None:
        themes = "showing-leadership", "behaving-commercially", "achieving-community-benefits", "enablers"
        all_in_one = read_workshop(engine, made(engine, sessions=(("Everything", themes),)).workshop)
        pages = said(pack_pdf(all_in_one, sheets=2, parts=["sheets"]))
        assert ["Write no name." in page for page in pages] == [True, False, True, False]
        assert [f"Score sheet {number} ·" in page for number, page in zip((1, 1, 2, 2), pages, strict=True)] == [
            True
        ] * 4
        assert all(theme.name in pages[0] + pages[1] for theme in all_in_one.rubric.themes)
        assert "59 " in pages[1]

    def test_whose_topics_have_long_names_take_a_page_each(self, workshop: Workshop) -> None:
        """What stands on a sheet never runs into the next one."""
        for words, count in ((1, 1), (12, 2)):
            pages = said(pack_pdf(renamed(workshop, "procurement " * words), sheets=2, parts=["sheets"]))
            assert len(pages) == count
            assert "".join(pages).replace(" ", "").count("procurement" * words + "12345?–") == 2 * 13


class TestParts:
    @pytest.mark.parametrize(
        ("part", "words"),
        [
            ("cards", "go to 192.168.1.20:8866"),
            ("sheets", "Score sheet 1"),
            ("book", "Question book:"),
            ("run-sheet", "Run sheet:"),
        ],
    )
    def test_can_be_printed_alone(self, workshop: Workshop, door: WaysIn, part: str, words: str) -> None:
        pages = said(pack_pdf(workshop, door, sheets=1, parts=[part]))
        assert words in pages[0]
        others = {"go to 192.168.1.20:8866", "Score sheet 1", "Question book:", "Run sheet:"} - {words}
        assert not any(other in page for page in pages for other in others)

    @pytest.mark.parametrize(("parts", "sheets"), [(["cards"], None), (["sheets"], 0), ([], None)])
    def test_that_are_empty_are_said(self, workshop: Workshop, parts: list[str], sheets: int | None) -> None:
        with pytest.raises(ExportFailed, match="nothing to print"):
            pack_pdf(workshop, sheets=sheets, parts=parts)


class TestBook:
    def test_holds_every_statement_of_the_session(self, workshop: Workshop, pages: list[str]) -> None:
        book = "".join("".join(pages).split())
        for code in next(iter(workshop.sessions.values())).codes:
            for statements in workshop.rubric.value_codes[code].levels.values():
                for statement in statements:
                    assert "".join(statement.removeprefix("•").split()) in book.replace("\u00ad", ""), statement


class TestRunSheet:
    def test_names_buttons_as_the_page_does(self) -> None:
        template = (TEMPLATES / "pack.typ").read_text(encoding="utf-8")
        sheet = template[template.index("#let run-sheet") :]
        sheet = sheet.replace("#given.words.topics", "topics")
        named = {words.rstrip(".:") for words in re.findall(r"\*([A-Z][^*\n]+)\*", sheet)}
        assert named <= set(LABELS.values()), named - set(LABELS.values())
        assert {"Explain scoring", "Start first scores", "Agree without talking", "Read back the scores"} <= named

    def test_follows_the_way_that_the_session_takes(self, engine: Engine, workshop: Workshop) -> None:
        many = " ".join(said(pack_pdf(workshop, sheets=0, parts=["run-sheet"])))
        assert "First scores: about 1" in many
        few = " ".join(said(pack_pdf(read_workshop(engine, made(engine).workshop), sheets=0, parts=["run-sheet"])))
        assert "First scores" not in few
        for words in (many, few):
            assert "practice" in words
            assert "Closing: ten minutes" in words

    def test_has_the_topics_with_the_times_to_aim_at(self, pages: list[str]) -> None:
        assert "12 March 2027 · 13 topics, about 90 minutes with 18 people" in pages[-2]
        assert "1 Procurement and commercial champions" in pages[-2]


class TestFile:
    def test_is_tagged_and_named_for_people_who_do_not_see_it(self, workshop: Workshop, door: WaysIn) -> None:
        reader = PdfReader(BytesIO(pack_pdf(workshop, door, sheets=1, days=on_the(DAY, workshop))))
        assert reader.metadata is not None
        assert reader.metadata.title == "Example County Council: Print pack"
        catalog = reader.root_object
        assert catalog["/MarkInfo"]["/Marked"]  # type: ignore[index]
        assert catalog["/Lang"] == "en-GB"

    def test_is_the_same_each_time(self, workshop: Workshop, door: WaysIn) -> None:
        days = on_the(DAY, workshop)
        assert pack_pdf(workshop, door, 1, days) == pack_pdf(workshop, door, 1, days)

    def test_takes_names_for_words_and_not_for_markup(self, engine: Engine) -> None:
        odd = read_workshop(engine, made(engine, council="#panic() $x$ *Council* <a>").workshop)
        assert "#panic() $x$ *Council* <a>" in said(pack_pdf(odd, sheets=0))[0]


class TestInvitation:
    def test_says_when_what_and_how_private(self, workshop: Workshop) -> None:
        (session,) = workshop.sessions.values()
        assert invitation(workshop, session, DAY) == (
            "On 12 March 2027 we score how good our council is, with 18 colleagues and councillors. "
            "We use 13 topics on showing leadership from “National Procurement Strategy 2018 diagnostic”. "
            "The words are those of the Local Government Association (LGA), from the 2018 National Procurement "
            "Strategy (NPS) diagnostic for English councils. "
            "No screen and no report shows who voted for what. "
            "On the day we vote in private, talk about the topics on which we differ, and agree what to do next."
        )

    def test_asks_for_first_scores_before_they_are_open_only_where_that_is_wanted_and_can_still_be(
        self, engine: Engine
    ) -> None:
        theme = (("Showing leadership", ("showing-leadership",)),)
        workshop = read_workshop(engine, made(engine, sessions=theme).workshop)
        (session,) = workshop.sessions.values()
        link = "http://192.168.1.20:8866/join#secret"
        text = invitation(workshop, session, DAY, link)
        assert link not in text
        assert "On the day we first score all topics on our own, then talk only about the topics on which" in text
        text = invitation(workshop, session, DAY, link, before_the_day=True)
        assert f"on any phone or computer: {link}." in text
        assert "On the day we talk only about the topics on which we differ" in text
        few = read_workshop(engine, made(engine).workshop)
        (session,) = few.sessions.values()
        assert "On the day we vote in private" in invitation(few, session, DAY)
        store = store_of(engine, Actor(few.id, "facilitator"))
        store.record(VotingOpened(session.id, session.codes[0], 1))
        begun = read_workshop(engine, few.id)
        assert link not in invitation(begun, begun.sessions[session.id], DAY, link, before_the_day=True)

    def test_names_the_source_of_an_own_rubric_and_no_other(self, workshop: Workshop) -> None:
        own = replace(workshop.rubric, title="Health check", source="The words are our own.")
        text = invitation(replace(workshop, rubric=own), next(iter(workshop.sessions.values())))
        assert "from “Health check”. The words are our own. " in text
        assert not re.search("LGA|Local Government|National Procurement", text)

    def test_asks_for_first_scores_while_they_are_open(self, engine: Engine) -> None:
        created = made(engine)
        store = store_of(engine, Actor(created.workshop, "facilitator"))
        before = read_workshop(engine, created.workshop)
        (session,) = before.sessions.values()
        for code in session.codes:
            store.record(VotingOpened(session.id, code, 0))
        workshop = read_workshop(engine, created.workshop)
        (session,) = workshop.sessions.values()
        text = invitation(workshop, session, DAY, "http://192.168.1.20:8866/join/482915")
        assert "about 3 minutes, on any phone or computer: http://192.168.1.20:8866/join/482915." in text
        assert "we talk only about the topics on which we differ" in text

    @pytest.mark.parametrize(
        ("anonymity", "said"),
        [
            ("named", "The record keeps your name with your votes."),
            ("alias", "The name that you choose is kept with your votes, not your own."),
        ],
    )
    def test_promises_no_more_than_is_kept_where_names_are_recorded(
        self, engine: Engine, anonymity: Anonymity, said: str
    ) -> None:
        named = read_workshop(engine, made(engine, anonymity=anonymity).workshop)
        (session,) = named.sessions.values()
        text = invitation(named, session)
        assert said in text
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
        assert grouped(code) in first
        assert "NPS-Workshop" in first
        assert (folder / "invitation.txt").read_text().startswith("On 12 March 2027")
        assert "The cards say http://192.168.1.20:8866." in answer.output

    def test_each_session_has_its_own_day_on_paper_and_in_its_invitation(self, engine: Engine, tmp_path: Path) -> None:
        parts = ("engaging-councillors", "engaging-smes", "engaging-vcses")
        created = made(engine, sessions=tuple((part, (part,)) for part in parts))
        _, second, _ = created.codes
        keep_plan(engine, created.workshop, Plan(parts[0], DAY.isoformat(), 90, {second: ("2027-03-19", 90)}))
        asked = ["pack", created.workshop, "--out", str(tmp_path), "--database", engine.url.render_as_string()]
        assert CliRunner().invoke(main, [*asked, "--part", "run-sheet"]).exit_code == 0
        pages = said((tmp_path / created.workshop / "pack.pdf").read_bytes())
        days = [re.findall(r"1[29] March 2027", page) for page in pages if "Run sheet:" in page]
        assert days == [["12 March 2027"], ["19 March 2027"], []]
        letters = (tmp_path / created.workshop / "invitation.txt").read_text().split("\n\n")
        begins = [letter.split(" we score")[0] for letter in letters]
        assert begins == ["On 12 March 2027", "On 19 March 2027", "On ..."]

    def test_writes_the_pack_of_a_saved_workshop_without_cards(self, tmp_path: Path) -> None:
        answer = CliRunner().invoke(main, ["pack", str(example_path()), "--out", str(tmp_path), "--sheets", "1"])
        assert answer.exit_code == 0, answer.output
        assert "There are no table cards" in answer.output
        assert (tmp_path / "example" / "pack.pdf").stat().st_size > 10_000

    def test_writes_the_parts_that_are_asked_for(self, tmp_path: Path) -> None:
        parts = ["--part", "sheets", "--part", "run-sheet", "--sheets", "1"]
        answer = CliRunner().invoke(main, ["pack", str(example_path()), "--out", str(tmp_path), *parts])
        assert answer.exit_code == 0, answer.output
        pages = said((tmp_path / "example" / "pack.pdf").read_bytes())
        assert ("Score sheet 1" in pages[0], "Run sheet:" in pages[1], len(pages)) == (True, True, 3)


def test_paper_asks_what_the_screens_ask(workshop: Workshop) -> None:
    """Where no departments are known, nobody is asked about the part of the council that they know."""
    assert workshop.departments
    for asked in (workshop, replace(workshop, departments=())):
        words = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pack_pdf(asked))).pages).split())
        assert words.count(question(asked)) == 2  # on the question book and the run sheet
        assert words.count("Which level is true") == 2
