"""The map between two editions of a rubric: one to begin from, and what does not fit."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from editions import NEW, OLD, map_text
from scales import garden_of

from npswidgets.cli import main
from npswidgets.domain.edition_map import Mapped, first_map, misfits
from npswidgets.errors import RubricFaults
from npswidgets.store.edition_map import first_map_text, read_map
from npswidgets.store.rubric_files import load_rubric, rubric_digest, rubric_from_json, rubric_to_json
from npswidgets.store.rubric_writing import write_rubric


def written(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = map_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "map.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_map_is_read_as_it_is_written(tmp_path: Path) -> None:
    entries = read_map(written(tmp_path), OLD, NEW)
    assert entries[1] == Mapped("split", ("people",), ("hosts", "guests"), "with care", "Hosts were among them.")
    assert [one.comparable for one in entries] == ["yes", "with care", "no", "yes", "with care", "no", "no"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "gone, before: [decisions]",
            "lost, before: [decisions]",
            "entry 6, change (line 9): expected one to one, split",
        ),
        (
            "[voices], comparable: with care",
            "[voices], comparable: mostly",
            "entry 5, comparable (line 8): expected yes, wi",
        ),
        (
            "after: [time]",
            "after: [tme]",
            "entry 4, after (line 7): expected a value code of meetings 2, found “tme” Did you",
        ),
        (
            "after: [minutes]",
            "after: [time]",
            "entry 7, after (line 10): expected each value code once, found “time” again",
        ),
        ("[time], comparable: yes", "[time]", 'entry 4 (line 7): expected the key "comparable": yes, with care or no'),
        (
            "before: [decisions]",
            "before: [decisions], comparable: yes",
            "entry 6, comparable (line 9): expected no, because",
        ),
        (
            "[papers, room]",
            "[papers]",
            "entry 3, before (line 6): expected several value codes, because it is “merged”",
        ),
        ("[papers, room]", "[papers]", "changes (line 3): expected before: “room” of meetings 1 in one entry"),
        (
            "new, after: [minutes]",
            "new, before: [minutes]",
            "entry 7, after (line 10): expected one value code, because",
        ),
        (
            "after: [minutes]",
            "afterwards: [minutes]",
            "expected one of the keys change, before, after, comparable, note",
        ),
        ('version: "2"', 'version: "3"', 'after, version (line 2): expected "2", found "3"'),
        (rubric_digest(NEW), rubric_digest(OLD), "after, digest (line 2): expected"),
        ("[hosts, guests]", "[hosts, [guests]]", "expected the id of a value code, found a list of 1"),
        ("  - {change: new", "  - [change: new", "expected YAML that can be read"),
        ("before: [time]", "before: time", "entry 4, before (line 7): expected a list of ids of value codes"),
    ],
)
def test_what_does_not_fit_is_told_by_its_line(tmp_path: Path, old: str, new: str, fault: str) -> None:
    with pytest.raises(RubricFaults) as found:
        read_map(written(tmp_path, (old, new)), OLD, NEW)
    assert fault in str(found.value)


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = written(
        tmp_path, ("change: gone", "change: lost"), ("after: [time]", "after: [tme]"), ("[voices], c", "[v], c")
    )
    with pytest.raises(RubricFaults) as found:
        read_map(path, OLD, NEW)
    places = [fault.place for fault in found.value.faults]
    assert places == [
        *["changes (line 3)"] * 2,
        "entry 4, after (line 7)",
        "entry 5, after (line 8)",
        "entry 6, change (line 9)",
    ]


def test_scores_of_different_scales_can_be_compared_in_no_map() -> None:
    before, after = garden_of(4), garden_of(5)
    entries = [replace(one, comparable="with care") for one in first_map(before, after)]
    assert {one.expected for one in misfits(entries, before, after)} == {
        "no, because levels were 1 to 4 and are 1 to 5"
    }
    assert {one.comparable for one in first_map(before, after)} == {"no"}


def test_a_first_map_fits_and_says_what_the_words_tell(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    for before, after in ((OLD, NEW), (NEW, OLD), (OLD, OLD), (OLD, load_rubric("panel-rating"))):
        path.write_text(first_map_text(before, after), encoding="utf-8")
        assert read_map(path, before, after) == first_map(before, after)
    said = {one.before or one.after: (one.change, one.comparable) for one in first_map(OLD, NEW)}
    assert said["purpose",] == ("one to one", "yes")
    assert said["people",] == ("gone", "no")
    assert said["hosts",] == ("new", "no")
    assert {one.comparable for one in first_map(OLD, replace(OLD, score_follows="nothing"))} == {"with care"}
    other_id = rubric_from_json(_with_id(rubric_to_json(OLD), "aim"))
    assert Mapped("one to one", ("purpose",), ("aim",), "yes") in first_map(OLD, other_id)


def test_a_first_map_pairs_nothing_by_words_that_several_have() -> None:
    whole = rubric_to_json(OLD)
    codes = whole["themes"][0]["key_areas"][0]["value_codes"]
    codes[:1] = [codes[0] | {"id": id_} for id_ in ("aim", "goal")]
    twice = rubric_from_json(whole)
    for before, after, change in ((OLD, twice, "new"), (twice, OLD, "gone")):
        said = {one.before or one.after: one.change for one in first_map(before, after)}
        assert said["aim",] == said["goal",] == change
        assert said["purpose",] == ("gone" if change == "new" else "new")


def _with_id(made: dict[str, Any], id_: str) -> dict[str, Any]:
    made["themes"][0]["key_areas"][0]["value_codes"][0]["id"] = id_
    return made


def test_the_commands_write_a_map_and_check_it(tmp_path: Path) -> None:
    def run(*words: str | Path) -> str:
        result = CliRunner().invoke(main, ["rubric", *map(str, words)])
        return f"{result.exit_code} {result.output}"

    own, path = tmp_path / "meetings", tmp_path / "first.yaml"
    write_rubric(NEW, own)
    assert run("diff", "meetings", own, "--map", path).startswith("0 ")
    assert "there is such a file already" in run("diff", "meetings", own, "--map", path)
    assert run("check-map", path, "meetings", own).endswith(f"{path} is complete: 3 to compare, 8 not to compare.\n")
    assert run("check-map", written(tmp_path), "meetings", own).endswith(
        "is complete: 2 to compare, 2 to compare with care, 3 not to compare.\n"
    )
    path.write_text(path.read_text().replace("change: gone", "change: lost", 1))
    assert "1 Error: 1 mistake in " in run("check-map", path, "meetings", own)
