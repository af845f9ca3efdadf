"""Workshops as tables."""

from pathlib import Path

import pandas as pd
import pytest
from played import SESSION, beginning, finished_theme, scored, store_events, theme_codes, voted, votes
from sqlalchemy import Engine

import npswidgets as nps
from npswidgets.errors import ArchiveFault, NotFound, StoreFault
from npswidgets.settings import NPS_DATABASE
from npswidgets.store.archive import write_archive

COLUMNS = [
    *["theme", "key_area", "value_code", "score", "starting_level", "target", "comment"],
    *["n", "median", "iqr", "cns", "a"],
]


@pytest.fixture
def saved(engine: Engine, tmp_path: Path) -> Path:
    workshop = store_events(engine, finished_theme())
    return write_archive(engine, workshop, tmp_path / "saved.jsonl")


def saved_with(engine: Engine, tmp_path: Path, *events: object) -> Path:
    workshop = store_events(engine, [*beginning(["reporting"]), *events])  # type: ignore[list-item]
    return write_archive(engine, workshop, tmp_path / "saved.jsonl")


def test_scores_have_the_columns_and_types_of_the_contract(saved: Path) -> None:
    scores = nps.open_workshop(saved).scores()
    assert list(scores.columns) == COLUMNS
    assert [str(kind) for kind in scores.dtypes] == [
        *["string"] * 3,
        *["Int64"] * 3,
        "string",
        "Int64",
        *["float64"] * 4,
    ]
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
    assert row[["score", "starting_level", "target", "median", "iqr", "cns", "a"]].isna().all()
    assert (row.n, row.comment) == (0, "")
    assert len(workshop.votes()) == 0
    assert str(workshop.votes().dtypes["level"]) == "Int64"


def test_a_code_that_does_not_apply_has_no_score(saved: Path) -> None:
    assert pd.isna(nps.open_workshop(saved).scores().loc[theme_codes()[10], "score"])


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
