"""What one sees who works in a notebook: short names for things, cards, completion, and errors in words."""

import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from IPython.core.completer import IPCompleter, provisionalcompleter
from played import beginning, created, finished_theme, sealed, store_events
from sqlalchemy import Engine

import npswidgets as nps
from npswidgets.domain.events import Words
from npswidgets.errors import (
    ArchiveFault,
    ExportFailed,
    NotFound,
    RuleBroken,
    StoreFault,
    UnknownName,
    WorkshopError,
)
from npswidgets.settings import NPS_DATABASE
from npswidgets.store.archive import write_archive


@pytest.fixture(scope="module")
def workshop() -> Any:
    return nps.open_workshop()


@pytest.fixture(scope="module")
def things(workshop: Any) -> dict[str, Any]:
    rubric, topic = workshop.rubric, workshop.topics["reporting"]
    return {
        "workshop": workshop,
        "rubric": rubric,
        "theme": rubric.themes[0],
        "key area": rubric.key_areas[0],
        "value code": rubric.value_codes["reporting"],
        "session": next(iter(workshop.sessions.values())),
        "topic": topic,
        "round": topic.rounds[0],
        "score": topic.score,
        "action": next(iter(topic.actions.values())),
        "report": nps.make_report(workshop),
        "chart": nps.charts.spread(workshop, "reporting"),
        "charts": nps.charts.spreads(workshop),
    }


THINGS = (
    *("workshop", "rubric", "theme", "key area", "value code", "session", "topic", "round"),
    *("score", "action", "report", "chart", "charts"),
)


@pytest.mark.parametrize("name", THINGS)
def test_each_thing_shows_itself_in_a_line(things: dict[str, Any], name: str) -> None:
    said = repr(things[name])
    assert said.startswith("<")
    assert "\n" not in said
    assert len(said) < 600


@pytest.mark.parametrize("name", [one for one in THINGS if one not in ("chart", "charts")])
def test_each_thing_has_a_card_of_a_few_thousand_characters(things: dict[str, Any], name: str) -> None:
    thing = things[name]
    card = thing._repr_mimebundle_()["text/html"] if name == "report" else thing._repr_html_()
    assert card.startswith("<table><caption")
    assert len(card) < 6_000


def all_in(thing: object, seen: set[int]) -> Iterator[object]:
    """Whatever of ours one gets to by attributes and places from a thing, each kind of thing a few times."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if type(thing).__module__.startswith("npswidgets."):
        yield thing
    if isinstance(thing, dict):
        parts = [*thing.values()][:3]
    elif isinstance(thing, tuple):
        parts = [*thing[:3]]
    else:
        parts = [getattr(thing, one.name) for one in fields(thing)] if is_dataclass(thing) else []  # type: ignore[arg-type]
    for part in parts:
        yield from all_in(part, seen)


@pytest.mark.parametrize("name", ["workshop", "rubric", "report"])
def test_whatever_one_gets_to_shows_itself_in_a_line(things: dict[str, Any], name: str) -> None:
    found = list(all_in(things[name], set()))
    assert len({type(one) for one in found}) > 4
    for one in found:
        assert "\n" not in repr(one)
        assert len(repr(one)) < 600, type(one).__name__


def test_what_is_found_by_id_says_how_it_is_called(workshop: Any) -> None:
    assert repr(workshop.topics) == (
        "<By id, each a value code of this workshop: these procurement-and-commercial-champions, reporting, "
        "councillor-development, and 10 more>"
    )
    card = workshop.topics._repr_html_()
    assert '<th scope="row" style="text-align: left">reporting</th>' in card
    assert len(card) < 6_000


MADE: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("VotePad", "ScoreForm", "NotesForm"), lambda make: make(code="reporting")),
    **dict.fromkeys(("AgreedList", "TopicHeading", "open_workshop"), lambda make: make()),
    "JoinCard": lambda make: make(address="10.0.0.1:8866", code="482 915"),
    "VoteBoard": lambda make: make(counts=(3, 4, 4, 4, 0)),
    "carried": lambda make: make(nps.open_workshop(), nps.open_workshop()),
    "make_report": lambda make: make(nps.open_workshop()),
    "charts": lambda charts: charts.spread(nps.open_workshop(), "reporting"),
}
FRAMES_AND_ROWS = {"compare", "levels_of", "panels", "tables", "workshops"}
SCREENS = {"facilitator", "helper", "participant", "projector"}


def test_each_name_of_the_toolkit_is_looked_at() -> None:
    assert set(MADE) | FRAMES_AND_ROWS | SCREENS == set(nps.__all__)


@pytest.mark.parametrize("name", MADE)
def test_what_a_name_of_the_toolkit_gives_fits_into_a_cell(name: str) -> None:
    thing = MADE[name](getattr(nps, name))
    assert "\n" not in repr(thing)
    assert len(repr(thing)) < 600
    if hasattr(thing, "_repr_html_"):
        assert thing._repr_html_().startswith(("<table", "<figure"))
    else:
        found = thing._repr_mimebundle_()
        assert {"text/html", "application/vnd.jupyter.widget-view+json"} & set(found[0])


def test_the_card_of_a_workshop_says_what_it_is_and_what_to_ask_for(workshop: Any) -> None:
    card = workshop._repr_html_()
    assert "13 of 13" in card
    assert all(f"{table}()" in card for table in ("scores", "votes", "rounds", "actions", "panel", "times"))


def test_words_on_a_card_are_text() -> None:
    card = replace(sealed("spring", 2), council="<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in card
    assert "&lt;script&gt;" in card


def test_what_steers_a_terminal_is_shown_as_escapes(workshop: Any) -> None:
    hostile = "\x1b[31m<b>\u202eend"
    topic = workshop.topics["reporting"]
    action = replace(next(iter(topic.actions.values())), what=Words(hostile))
    code = replace(workshop.rubric.value_codes["reporting"], display_name=hostile)
    for thing in (replace(workshop, title=hostile), replace(workshop.rubric, title=hostile), action):
        for said in (repr(thing), thing._repr_html_()):
            assert "\x1b" not in said
            assert "\u202e" not in said
            assert r"\x1b[31m" in said
        assert "<b>" not in thing._repr_html_()
    assert "\x1b" not in repr(code)


def test_completion_offers_what_one_needs(workshop: Any) -> None:
    completer = IPCompleter(namespace={"nps": nps, "workshop": workshop})
    completer.use_jedi = False
    with provisionalcompleter():
        of_workshop = {one.text for one in completer.completions("workshop.", 9)}
        of_package = {one.text for one in completer.completions("nps.", 4)}
    assert {".scores", ".votes", ".actions", ".panel", ".sessions"} <= of_workshop
    assert {one.lstrip(".") for one in of_package} == set(nps.__all__)
    for name in dir(workshop):
        assert getattr(workshop, name) is not None or name == "sealed_at"


@pytest.fixture
def database(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    store_events(engine, finished_theme())
    monkeypatch.setenv(NPS_DATABASE, engine.url.render_as_string(hide_password=False))
    return engine


def test_the_workshops_that_there_are_stand_in_a_table(database: Engine) -> None:
    there = nps.workshops()
    assert list(there.index) == ["2026-03-example"]
    assert (there.council.iloc[0], there.state.iloc[0]) == ("Example County Council", "draft")
    assert str(there.changed_at.dtype) == "datetime64[ns, UTC]"


@pytest.mark.parametrize(
    "name", ["2026-03-example", " 2026-03-EXAMPLE ", "Example County Council", "example county council"]
)
def test_a_workshop_opens_by_its_id_and_by_its_name(database: Engine, name: str) -> None:
    assert nps.open_workshop(name).id == "2026-03-example"


def test_a_name_that_two_workshops_have_asks_for_the_id(database: Engine) -> None:
    _, *rest = beginning(["reporting"])
    store_events(database, [replace(created(), workshop="2027-03-example"), *rest])  # type: ignore[type-var]
    with pytest.raises(NotFound, match=r"can be 202\d-03-example, 202\d-03-example\. Name one by its id"):
        nps.open_workshop("Example County Council")


@pytest.mark.parametrize(
    "name", ["2026-03-exmple", "Example Conty Council", "x" * 5_000, "", "\0", 7, "/nowhere/at/all"]
)
def test_a_workshop_that_there_is_not_is_said_so_with_the_nearest_name(database: Engine, name: object) -> None:
    with pytest.raises(NotFound, match="There is no workshop") as caught:
        nps.open_workshop(name)  # type: ignore[arg-type]
    if str(name).startswith(("2026", "Example")):
        assert "Did you mean “" in str(caught.value)


def test_a_file_that_there_is_not_is_said_so_with_the_nearest_name(engine: Engine, tmp_path: Path) -> None:
    write_archive(engine, store_events(engine, finished_theme()), tmp_path / "spring.jsonl")
    for name in ("sprign.jsonl", "spring1.jsonl"):
        with pytest.raises(ArchiveFault, match=r"Did you mean “.*spring\.jsonl”"):
            nps.open_workshop(tmp_path / name)
    (tmp_path / "spring.pdf").write_bytes(b"%PDF")
    with pytest.raises(ArchiveFault, match=r"this is a PDF.*\.jsonl\.$"):
        nps.open_workshop(tmp_path / "spring.pdf")
    for wrong in ("\0.jsonl", "y" * 5_000 + ".jsonl", tmp_path / "none" / "a.jsonl"):
        with pytest.raises(ArchiveFault, match="cannot be read"):
            nps.open_workshop(wrong)


def test_a_path_is_read_as_people_write_it(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = write_archive(engine, store_events(engine, finished_theme()), tmp_path / "spring.jsonl")
    monkeypatch.setenv("HOME", str(tmp_path))
    for path in ("~/spring.jsonl", f'"{saved}"', f" {saved}\n", Path("~/spring.jsonl")):
        assert nps.open_workshop(path).id == "2026-03-example"


def test_without_a_database_one_reads_how_a_file_is_opened(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_archive(engine, store_events(engine, finished_theme()), tmp_path / "spring.jsonl")
    monkeypatch.setenv(NPS_DATABASE, str(tmp_path / "none.db"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreFault, match=r"no workshop database.*ends in \.jsonl\. Did you mean “spring\.jsonl”"):
        nps.open_workshop("spring")


@pytest.mark.parametrize(
    "ask",
    [
        lambda one: one.topics["reportin"],
        lambda one: one.rubric.value_codes["reportin"],
        lambda one: one.rubric.theme_of("reportin"),
        lambda one: one.rubric.key_area_of("reportin"),
        lambda one: nps.charts.spread(one, "reportin"),
        lambda one: nps.charts.departments(one, "Reportin"),
        lambda one: one.sessions["showing-leadershp"],
        lambda one: nps.charts.profile(one, "Showing leadershp"),
        lambda one: nps.charts.heat_map(one, "showing-leadershp"),
    ],
)
def test_an_id_or_name_that_there_is_not_gets_the_nearest_one(workshop: Any, ask: Any) -> None:
    with pytest.raises(UnknownName, match=r"^There is no .*Did you mean “(.eporting|.howing.leadership)”\?$"):
        ask(workshop)


@pytest.mark.parametrize("wrong", [7, None, ["reporting"], object()])
def test_what_is_no_name_at_all_is_a_name_that_there_is_not(workshop: Any, wrong: Any) -> None:
    asked = [
        workshop.rubric.code_named,
        workshop.rubric.codes_in,
        nps.levels_of,
        lambda one: nps.charts.spread(workshop, one),
        lambda one: nps.charts.departments(workshop, one),
    ]
    for ask in asked:
        with pytest.raises(UnknownName, match="There is no "):
            ask(wrong)


@pytest.mark.parametrize("revision", ["3", 1.5, []])
def test_what_is_no_revision_is_said_so(revision: Any) -> None:
    with pytest.raises(NotFound, match="A revision is a whole number"):
        nps.open_workshop(at=revision)


def test_a_misspelt_name_of_a_workshop_or_a_chart_gets_the_nearest_one(workshop: Any) -> None:
    with pytest.raises(AttributeError, match=r"A workshop has no “score”\. Did you mean “scores”"):
        workshop.score  # noqa: B018
    with pytest.raises(AttributeError, match=r"npswidgets\.charts has no “profil”\. Did you mean “profile”"):
        nps.charts.profil  # noqa: B018
    assert dir(nps.charts) == nps.charts.__all__
    assert pickle.loads(pickle.dumps(workshop)).scores().equals(workshop.scores())


def test_without_a_workshop_there_is_nothing_to_compare() -> None:
    for ask, least in ((nps.panels, "a workshop"), (nps.compare, "two workshops")):
        with pytest.raises(RuleBroken, match=f"Name {least} or more"):
            ask()


def test_tables_of_several_workshops_have_the_types_of_the_others_with_and_without_rows(workshop: Any) -> None:
    empty = nps.open_workshop(at=1)
    for ask in (lambda *some: nps.compare(*some, drafts=True), nps.panels):
        full, none = ask(workshop, workshop), ask(empty, empty)
        assert full.dtypes.astype(str).to_dict() == none.dtypes.astype(str).to_dict()
        assert {str(kind) for kind in full.dtypes} <= {"string", "Int64", "Float64", "boolean"}


def test_a_level_that_there_is_not_gets_those_that_are(workshop: Any) -> None:
    with pytest.raises(UnknownName, match=r"There is no level “9”\. There is: 1, 2, 3, 4, 5"):
        workshop.rubric.level(9)


def test_a_misspelt_name_of_the_toolkit_gets_the_nearest_one() -> None:
    with pytest.raises(AttributeError, match="Did you mean “open_workshop”"):
        nps.open_workshp  # noqa: B018
    assert not hasattr(nps, "__wrapped__")


@pytest.mark.parametrize(
    "ask",
    [
        lambda one: nps.compare(one, "example"),
        lambda one: nps.panels("example"),
        lambda one: nps.make_report("example"),
        lambda one: nps.make_report(one, earlier="example"),
        lambda one: nps.charts.profile("example"),
        lambda one: nps.charts.profile(one, earlier="example"),
        lambda one: nps.charts.spread("example", "reporting"),
        lambda one: nps.charts.radar("example"),
        lambda one: nps.charts.progress(one, "example"),
        lambda one: nps.charts.councils(one, "example"),
        lambda one: nps.charts.gaps("example"),
    ],
)
def test_a_name_in_place_of_an_opened_workshop_says_how_to_open_it(workshop: Any, ask: Any) -> None:
    with pytest.raises(RuleBroken, match=r"found 'example'\. Open it first"):
        ask(workshop)


@pytest.mark.parametrize(
    "ask",
    [
        lambda one: nps.make_report(None),  # type: ignore[arg-type]
        lambda one: nps.make_report(one, earlier=""),  # type: ignore[arg-type]
        lambda one: nps.panels(None),  # type: ignore[arg-type]
        lambda one: nps.charts.radar(None),
        lambda one: nps.charts.councils(one, None),
        lambda one: nps.charts.progress(None, one),
    ],
)
def test_nothing_in_place_of_an_opened_workshop_says_how_to_open_it(workshop: Any, ask: Any) -> None:
    with pytest.raises(RuleBroken, match=r"Expected an opened workshop, found .*Open it first"):
        ask(workshop)


@pytest.mark.parametrize("most", [-1, 1.5, "all", None])
def test_what_is_no_number_of_rows_is_said_so(workshop: Any, most: Any) -> None:
    with pytest.raises(RuleBroken, match="Expected a whole number from 0"):
        nps.charts.gaps(workshop, most)


@pytest.mark.parametrize("screen", sorted(SCREENS))
def test_a_screen_in_a_shell_says_where_it_is_shown(screen: str) -> None:
    """In a thread of its own, since Playwright keeps a loop running in that of the tests."""
    with (
        ThreadPoolExecutor(1) as thread,
        pytest.raises(WorkshopError, match="run this in a cell of JupyterLab or in Voila"),
    ):
        thread.submit(getattr(nps, screen)).result()


def test_what_a_chart_cannot_show_is_one_of_our_errors(workshop: Any) -> None:
    with pytest.raises(WorkshopError, match="two workshops"):
        nps.charts.progress(workshop)
    with pytest.raises(WorkshopError, match="not chosen at the start"):
        nps.charts.departments(workshop, "reporting")


def test_the_table_of_a_chart_is_a_frame_with_numbers(workshop: Any) -> None:
    table = nps.charts.profile(workshop).table
    assert list(table.columns[:3]) == ["Key area", "Value code", "Agreed score"]
    assert str(table["Agreed score"].dtype) == "Int64"
    assert table["Agreed score"].tolist() == workshop.scores().score.tolist()
    assert str(nps.charts.heat_map(workshop).table.iloc[:, 2].dtype) == "Int64"


def dtypes(chart: Any) -> dict[str, str]:
    return {name: str(kind) for name, kind in chart.table.dtypes.items()}


@pytest.mark.parametrize("name", ["profile", "heat_map", "gaps"])
def test_the_table_of_a_chart_has_its_types_without_rows_too(workshop: Any, name: str) -> None:
    draw = getattr(nps.charts, name)
    full, none = dtypes(draw(workshop)), dtypes(draw(nps.open_workshop(at=1)))
    assert none == {column: kind for column, kind in full.items() if column in none}
    assert list(none)[:3] == list(full)[:3]
    assert none.get("Agreed score") == "Int64"


def test_a_column_has_its_type_whatever_stands_in_it() -> None:
    first, second = sealed("spring", None, None), sealed("autumn", None, None)
    side_by_side = dtypes(nps.charts.progress(first, second))
    assert list(side_by_side.values()) == ["string", "string", "Int64", "Int64", "string", "string"]
    assert dtypes(nps.charts.profile(first))["Agreed score"] == "Int64"
    code = next(iter(sealed("spring", 2).topics))
    assert dtypes(nps.charts.profile(sealed("spring", 2), benchmark={code: 3}))["Benchmark"] == "Float64"


def test_what_stands_in_place_of_a_number_has_a_column_of_its_own() -> None:
    table = nps.charts.profile(sealed("spring", 2, None)).table
    assert table["Agreed score"].tolist() == [2, pd.NA]
    assert table["Agreed score: note"].tolist() == [pd.NA, "(not applicable)"]


@pytest.mark.parametrize(("name", "begins"), [("a.svg", b"<svg"), ("a.PNG", b"\x89PNG"), ("a.pdf", b"%PDF")])
def test_a_chart_is_saved_as_its_name_says(workshop: Any, tmp_path: Path, name: str, begins: bytes) -> None:
    chart = nps.charts.spread(workshop, "Reporting")
    saved = chart.save(tmp_path / name)
    assert saved == tmp_path / name
    assert saved.read_bytes().startswith(begins)
    assert chart.figure.axes


@pytest.mark.parametrize("wrong", [7, None, ["a.svg"], b"a.svg"])
def test_what_is_no_path_is_said_so(workshop: Any, wrong: Any) -> None:
    with pytest.raises(ExportFailed, match="Expected the path of a file for the chart, found"):
        nps.charts.gaps(workshop).save(wrong)


def test_a_chart_that_cannot_be_written_as_a_whole_leaves_the_one_before(
    workshop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    saved = nps.charts.gaps(workshop).save("~/a.svg")
    before = saved.read_bytes()

    def half(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(ExportFailed, match="No space left"):
        nps.charts.gaps(workshop).save("~/a.svg")
    assert saved.read_bytes() == before
    assert list(tmp_path.iterdir()) == [saved] == [tmp_path / "a.svg"]


@pytest.mark.parametrize("name", ["a", "a.xyz", "none/a.svg", "\0.svg", "\ud800.svg", "y" * 300 + ".svg"])
def test_a_chart_that_cannot_be_saved_is_said_so(workshop: Any, tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportFailed, match="chart"):
        nps.charts.gaps(workshop).save(f"{tmp_path}/{name}")
