"""An earlier workshop in the value codes of a later edition, as a map says: the same in every format."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from editions import NEW, OLD, map_text
from matplotlib.text import Text
from room import make_room
from scales import garden_of
from sqlalchemy import Engine

from npswidgets.analysis.opening import carried as carried_by_file
from npswidgets.charts import councils, profile, progress
from npswidgets.cli import main
from npswidgets.comparison import compare
from npswidgets.domain.carrying import carried
from npswidgets.domain.edition_map import Mapped, first_map
from npswidgets.domain.events import Words, WorkshopSealed
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RubricFaults, RuleBroken
from npswidgets.report.make import make_report
from npswidgets.report.notebook import carried_report
from npswidgets.store.archive import write_archive

SCORES = {"purpose": 2, "people": 3, "papers": 2, "room": 4, "time": 1, "voices": 4, "decisions": 3}
FOUND = {
    "purpose": ("2", ""),
    "hosts": ("3", "compared with care; then “People”"),
    "guests": ("3", "compared with care; then “People”"),
    "material": ("2", "compared with care; then “Papers” and “Room”"),
    "time": ("1", ""),
    "voices": ("4", "compared with care"),
    "minutes": ("", ""),
}
"""By value code of the second edition, what stands beside it: score and what else changed."""


def scored_with(engine: Engine, rubric: Rubric, name: str, scores: dict[str, int]) -> Workshop:
    """A workshop with this rubric that was signed off."""
    room = make_room(engine, 6, rubric=rubric, id=name, sessions=(("All", tuple(one.id for one in rubric.themes)),))
    for code in rubric.value_codes:
        room.agree(code, scores.get(code, 2), "As agreed.")
    room.close()
    room.facilitator.record(WorkshopSealed(1, Words("Head of meetings")))
    return room.workshop


@pytest.fixture
def both(engine: Engine) -> tuple[Workshop, Workshop]:
    return scored_with(engine, OLD, "before", SCORES), scored_with(engine, NEW, "now", {})


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    path = tmp_path / "map.yaml"
    path.write_text(map_text().replace("[material], comparable: no", "[material], comparable: with care"))
    return path


def test_every_format_follows_the_map_and_says_where_it_compares_with_care(
    engine: Engine, both: tuple[Workshop, Workshop], map_file: Path, tmp_path: Path
) -> None:
    for one in both:
        write_archive(engine, one.id, tmp_path / f"{one.id}.jsonl")
    words = ["export", "now.jsonl", "--earlier", "before.jsonl", "--map", "map.yaml", "--out", ".", "--zip"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        result = CliRunner().invoke(main, [*words, "--to", "csv,json,html,ipynb"])
        assert CliRunner().invoke(main, ["export", "now.jsonl", "--map", "map.yaml"]).exit_code == 2
    assert result.exit_code == 0, result.output
    made = tmp_path / "now"
    assert (made / "now-map.yaml").read_bytes() == map_file.read_bytes()
    with (made / "now.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["code"]: (row["earlier_score"], row["earlier_changes"]) for row in csv.DictReader(file)}
    assert rows == FOUND
    report = carried_report(nbformat.read(made / "now.ipynb", as_version=4))
    said = {one.id: one.earlier for _, _, one in report.codes}
    assert {code: (str(one.score), one.changes) if one else ("", "") for code, one in said.items()} == FOUND
    assert report.earlier
    sentence = report.earlier.sentence
    assert "It was scored with “Meetings that are worth their time”, version 1: a map says what became" in sentence
    assert "On 4 topics scores are to be compared with care: a difference may come from that." in sentence
    assert json.loads((made / "now.json").read_text(encoding="utf-8"))["earlier"]["sentence"] == sentence
    page = BeautifulSoup((made / "now.html").read_text(encoding="utf-8"), "html.parser").get_text()
    assert sentence in page
    assert "compared with care; then “People”" in page


def test_charts_and_tables_follow_it_too(both: tuple[Workshop, Workshop], map_file: Path) -> None:
    before, now = both
    old = carried_by_file(before, now, map_file)
    table = compare(old, now)
    assert dict(zip(table.index, table["with_care"], strict=True)) == {
        code: "care" in changes for code, (_, changes) in FOUND.items()
    }
    assert table["before"].fillna(0).tolist() == [int(score or 0) for score, _ in FOUND.values()]
    assert table["wording_changed"].any() == table["rule_changed"].any() == False  # noqa: E712  # of pandas
    for chart in (progress(old, now), councils(old, now)):
        assert [row[-1] for row in chart.cells.rows].count("a map says to compare with care") == 4
        assert [row[-1] for row in chart.cells.rows].count("nothing") == 3
    assert "Since the earlier workshop: 1 higher, 3 lower, 2 the same." in profile(now, earlier=old).alt


def test_without_a_map_only_the_same_ids_are_beside_and_a_map_of_others_is_refused(
    both: tuple[Workshop, Workshop], map_file: Path
) -> None:
    before, now = both
    assert carried_by_file(before, now) is before
    report = make_report(now, earlier=before)
    assert [one.id for _, _, one in report.codes if one.earlier] == ["purpose", "time", "voices"]
    with pytest.raises(RubricFaults, match=r"map.yaml: before, version \(line 1\)"):
        carried_by_file(now, before, map_file)
    with pytest.raises(RuleBroken, match="Expected an opened workshop"):
        carried_by_file("before", now, map_file)  # type: ignore[arg-type]


def test_what_was_merged_has_no_score_where_one_part_has_none(both: tuple[Workshop, Workshop], map_file: Path) -> None:
    before, now = both
    fewer = {code: topic for code, topic in before.topics.items() if code != "room"}
    old = carried_by_file(replace(before, topics=fewer), now, map_file)
    assert "material" not in old.topics
    assert {one.session for one in old.topics.values()} == set(old.sessions)
    assert [topic.code for one in old.sessions for topic in old.topics_of(one)] == list(old.topics)


def test_a_map_between_different_scales_compares_nothing(both: tuple[Workshop, Workshop]) -> None:
    before, _ = both
    other = garden_of(5)
    assert carried(before, first_map(OLD, other), other).topics == {}


def test_another_name_alone_is_said_and_is_no_reason_for_care(both: tuple[Workshop, Workshop]) -> None:
    before, now = both
    old = carried(before, [Mapped("one to one", ("people",), ("hosts",), "yes")], NEW)
    (found,) = [one.earlier for _, _, one in make_report(now, earlier=old).codes if one.earlier]
    assert (found.score, found.changes, found.is_marked) == (3, "then “People”", False)
    assert "With care" not in " ".join(one.get_text() for one in profile(now, earlier=old).figure.findobj(Text))
