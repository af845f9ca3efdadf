"""Workshops as tables."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from paths import ROOT
from played import SESSION, beginning, finished_theme, scored, store_events, theme_codes, voted, votes
from sqlalchemy import Engine

import npswidgets as nps
from npswidgets.errors import ArchiveFault, NotFound, StoreFault
from npswidgets.report.workbook import excel_report
from npswidgets.settings import NPS_DATABASE
from npswidgets.store.archive import write_archive

pytestmark = pytest.mark.slow

TYPES = {
    **dict.fromkeys(["theme", "key_area", "value_code"], "string"),
    "state": "category",
    "score": "Int64",
    "score_text": "string",
    **dict.fromkeys(["starting_level", "target"], "Int64"),
    **dict.fromkeys(["comment", "verdict", "session"], "string"),
    "score_level": "category",
    "not_applicable": "string",
    "earlier_score": "Int64",
    "earlier_changes": "string",
    **dict.fromkeys(["benchmark", "to_benchmark"], "Float64"),
    "priority": "Int64",
    **dict.fromkeys(["different_view", "evidence", "reason_above"], "string"),
    "agreed_at": "datetime64[ns, UTC]",
    "last_vote": "category",
    **dict.fromkeys(["n", "dont_know", "not_my_role", "absent"], "Int64"),
    **dict.fromkeys(["median", "q1", "q3", "iqr", "cns", "a"], "Float64"),
}
TABLES_OF_A_WORKSHOP = (
    *("scores", "votes", "rounds", "ratings", "actions", "statements", "departments_voted", "panel", "times"),
)


@pytest.fixture
def saved(engine: Engine, tmp_path: Path) -> Path:
    workshop = store_events(engine, finished_theme())
    return write_archive(engine, workshop, tmp_path / "saved.jsonl")


def saved_with(engine: Engine, tmp_path: Path, *events: object) -> Path:
    workshop = store_events(engine, [*beginning(["reporting"]), *events])  # type: ignore[list-item]
    return write_archive(engine, workshop, tmp_path / "saved.jsonl")


def test_scores_have_the_columns_and_types_of_the_contract(saved: Path) -> None:
    scores = nps.open_workshop(saved).scores()
    assert {name: str(kind) for name, kind in scores.dtypes.items()} == TYPES
    assert list(scores.columns) == list(TYPES)
    assert tuple(scores.index) == theme_codes()


def test_a_row_of_scores_holds_what_was_recorded_and_worked_out(saved: Path) -> None:
    row = nps.open_workshop(saved).scores().loc["reporting"]
    assert (row.theme, row.key_area, row.value_code) == ("Showing leadership", "Engaging Councillors", "Reporting")
    assert (row.score, row.starting_level, row.n) == (2, 2, 15)
    assert row.comment == "Scrutiny gets reports when a decision is due."
    assert pd.isna(row.target)
    assert (row["median"], row.iqr) == (2.0, 1.0)
    assert (row.cns, row.a) == (pytest.approx(0.751, abs=0.001), pytest.approx(0.667, abs=0.001))


def test_where_nothing_was_voted_or_scored_cells_are_empty_and_typed(engine: Engine, tmp_path: Path) -> None:
    workshop = nps.open_workshop(saved_with(engine, tmp_path))
    row = workshop.scores().loc["reporting"]
    told = ["theme", "key_area", "value_code", "state", "score_text", "session"]
    assert row.drop(told).isna().all()
    assert (row.state, row.score_text) == ("not_scored", "(not scored)")
    numbers = workshop.scores().loc["reporting", ["score", "n", "median", "comment", "score_level"]]
    assert all(cell is pd.NA for cell in numbers[:4])
    assert len(workshop.votes()) == 0
    assert str(workshop.votes().dtypes["level"]) == "Int64"


def test_what_does_not_apply_and_what_is_not_scored_are_told_apart(engine: Engine, tmp_path: Path) -> None:
    first, second, third = theme_codes()[:3]
    workshop = store_events(engine, [*beginning([first, second, third]), scored(first, None, "No"), scored(second, 3)])
    scores = nps.open_workshop(write_archive(engine, workshop, tmp_path / "saved.jsonl")).scores()
    assert list(scores.state) == ["not_applicable", "agreed", "not_scored"]
    assert list(scores.state.cat.categories) == ["not_scored", "not_applicable", "agreed"]
    assert scores.loc[first, ["score", "score_level"]].isna().all()
    assert scores.loc[first, "not_applicable"] == "No"
    assert scores.loc[second, "score_level"] == "3 Mature"


def test_levels_by_name_are_in_the_order_of_the_rubric(saved: Path) -> None:
    workshop = nps.open_workshop(saved)
    levels = [str(level) for level in workshop.rubric.levels]
    for table, column in ((workshop.scores(), "score_level"), (workshop.votes(), "level_name")):
        assert table[column].cat.ordered
        assert list(table[column].cat.categories) == levels
    assert list(workshop.statements()["name"].cat.categories) == [level.name for level in workshop.rubric.levels]
    assert (workshop.votes().level_name > "4 Leader").sum() == (workshop.votes().level > 4).sum() > 0


def test_the_tables_of_a_workshop_are_the_sheets_of_its_workbook() -> None:
    workshop = nps.open_workshop()
    book = openpyxl.load_workbook(BytesIO(excel_report(nps.make_report(workshop))))
    for name in ("scores", "rounds", "actions", "statements", "panel", "times"):
        table = getattr(workshop, name)()
        table = table if table.index.name is None else table.reset_index()
        head, *rows = book[name].iter_rows(values_only=True, max_col=len(table.columns))
        assert [_NAMES.get(one, one) for one in head] == [_NAMES.get(one, one) for one in table.columns]
        assert len(rows) == len(table) > 0
        for row, cells in zip(rows, table.itertuples(index=False), strict=True):
            assert [_plain(one) for one in cells] == [_plain(one) for one in row]


_NAMES = {"votes": "n", "consensus": "cns", "agreement": "a", "votes_shown": "rounds"}


def _plain(cell: object) -> object:
    """A cell as both can hold it: without the zone, to two digits."""
    if cell is None or pd.isna(cell):
        return None
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    return round(float(cell), 2) if isinstance(cell, int | float) else cell


def test_votes_one_by_one_come_to_the_counts_of_the_workbook(saved: Path) -> None:
    workshop = nps.open_workshop(saved)
    counts = workshop.votes().groupby(["code", "round"])["level"].count()
    rounds = workshop.rounds().set_index(["code", "round"])
    assert counts.to_dict() == rounds["n"].to_dict()


def test_times_are_those_of_the_record_in_utc(saved: Path) -> None:
    workshop = nps.open_workshop(saved)
    times, topic = workshop.times().loc["reporting"], workshop.topics["reporting"]
    assert times.opened_at == topic.rounds[0].opened_at
    assert times.last_shown_at == topic.rounds[-1].shown_at
    assert topic.score
    assert times.agreed_at == topic.score.at
    assert times.rounds == 2
    assert times.minutes == pytest.approx((times.agreed_at - times.opened_at).total_seconds() / 60, abs=0.01)


@pytest.mark.parametrize("name", TABLES_OF_A_WORKSHOP)
def test_each_column_says_what_it_holds(saved: Path, name: str) -> None:
    table = getattr(nps.open_workshop(saved), name)()
    known = nps.tables().loc[name]
    held = table if table.index.name is None else table.reset_index()
    assert set(table.attrs["columns"]) == set(held.columns) == set(known.index)
    assert known["holds"].str.len().min() > 5
    types = known["dtype"].str.removesuffix(" (ordered)")
    assert {column: str(kind) for column, kind in held.dtypes.items()} == types.to_dict()


def test_the_documented_columns_are_those_of_the_tables() -> None:
    written = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    for (table, column), row in nps.tables().iterrows():
        assert f"| `{column}` | {row['holds']} | {row['dtype']} |" in written, table


@pytest.mark.parametrize("name", TABLES_OF_A_WORKSHOP)
def test_a_workshop_with_nothing_in_it_gives_tables_of_the_same_types(
    engine: Engine, tmp_path: Path, name: str
) -> None:
    empty = getattr(nps.open_workshop(saved_with(engine, tmp_path)), name)()
    full = getattr(nps.open_workshop(), name)()
    assert empty.dtypes.astype(str).to_dict() == full.dtypes.astype(str).to_dict()


def test_votes_are_one_row_each_with_the_other_answers_apart(saved: Path) -> None:
    votes_cast = nps.open_workshop(saved).votes()
    second = votes_cast[(votes_cast.code == "reporting") & (votes_cast["round"] == 2)]
    assert second.level.value_counts().to_dict() == {2: 8, 3: 5, 1: 1, 4: 1}
    assert second[second.level.isna()].answer.value_counts().to_dict() == {"I don't know": 2, "Not part of my role": 1}
    assert set(votes_cast.session) == {SESSION}


def test_votes_name_nobody_in_an_anonymous_workshop(saved: Path) -> None:
    assert nps.open_workshop(saved).votes().participant.isna().all()


def test_a_workshop_can_be_seen_as_it_stood(engine: Engine, tmp_path: Path) -> None:
    path = saved_with(engine, tmp_path, *voted("reporting", votes(0, 5, 5, 0, 0)), scored("reporting", 2))
    last = nps.open_workshop(path).revision
    before = nps.open_workshop(path, at=last - 1)
    assert before.revision == last - 1
    assert pd.isna(before.scores().loc["reporting", "score"])
    assert nps.open_workshop(path, at=last).scores().loc["reporting", "score"] == 2


@pytest.mark.parametrize("revision", [0, -1, 1000])
def test_a_revision_that_is_not_there_is_said_so(saved: Path, revision: int) -> None:
    with pytest.raises(NotFound, match=f"no revision {revision}"):
        nps.open_workshop(saved, at=revision)


def test_the_database_and_the_file_give_the_same_workshop(
    engine: Engine, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NPS_DATABASE, engine.url.render_as_string(hide_password=False))
    stored = nps.open_workshop("2026-03-example")
    assert stored.head == nps.open_workshop(str(saved)).head
    pd.testing.assert_frame_equal(stored.scores(), nps.open_workshop(saved).scores())
    assert nps.open_workshop("2026-03-example", at=3).revision == 3


def test_what_cannot_be_opened_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes.jsonl").write_text("hello\n")
    with pytest.raises(ArchiveFault, match="not a saved workshop"):
        nps.open_workshop(tmp_path / "notes.jsonl")
    with pytest.raises(ArchiveFault, match="cannot be read"):
        nps.open_workshop(tmp_path / "nothing.jsonl")
    monkeypatch.setenv(NPS_DATABASE, f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(StoreFault):
        nps.open_workshop("2026-01-nowhere")


def test_without_a_name_the_example_is_opened() -> None:
    workshop = nps.open_workshop()
    assert workshop.id == "example"
    assert len(workshop.scores()) == 13


def test_the_charts_of_a_workshop_are_one_call_each(saved: Path) -> None:
    workshop = nps.open_workshop(saved)
    profile = nps.charts.profile(workshop)
    assert "13 value codes" in profile.alt
    assert nps.charts.profile(workshop, "Engaging Councillors").alt.startswith("Agreed scores: 3 value codes")
    assert "8 at 2 Developing" in nps.charts.spread(workshop, "reporting").alt
    assert len(nps.charts.spreads(workshop, everything=True).charts) == 12
    with pytest.raises(ValueError, match="No votes"):
        nps.charts.spread(workshop, theme_codes()[10])


def test_a_chart_in_a_cell_has_its_alternative_text(saved: Path) -> None:
    profile = nps.charts.profile(nps.open_workshop(saved))
    assert profile._repr_html_().startswith(f'<figure><img alt="{profile.alt}" src="data:image/svg+xml;base64,')
