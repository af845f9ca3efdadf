"""What is not the same in two editions of a rubric, told in words."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scales import garden_of

from npswidgets.cli import main
from npswidgets.cli.editions import say_differences
from npswidgets.domain.editions import Difference, differences
from npswidgets.domain.rubric import Rubric
from npswidgets.errors import RubricFaults
from npswidgets.store.rubric_files import load_rubric, rubric_digest, rubric_from_json, rubric_to_json
from npswidgets.store.rubric_writing import write_rubric

Way = tuple[str | int, ...]

SAID = {
    "guidance": "Talk.",
    "question": "How is it?",
    "licence": "Free.",
    "form": "LGA",
    "asks": "How?",
    "credit": "Us",
}

RUBRICS = st.builds(
    garden_of,
    st.integers(3, 10),
    st.integers(0, 1),
    st.sampled_from(["weakest part", "median", "nothing"]),
    st.booleans(),
    st.booleans(),
)


def parts(data: Any, way: Way = ()) -> Iterator[tuple[Way, Any]]:
    """Each value in it, with the way there."""
    yield way, data
    if isinstance(data, dict | list):
        for key, one in data.items() if isinstance(data, dict) else enumerate(data):
            yield from parts(one, (*way, key))


def put(data: Any, way: Way, value: object) -> Any:
    """The same with another value at the end of this way; None takes it away."""
    changed = deepcopy(data)
    at = changed
    for key in way[:-1]:
        at = at[key]
    if value is None:
        del at[way[-1]]
    else:
        at[way[-1]] = value
    return changed


def changes(data: dict[str, Any]) -> Iterator[tuple[Way, object]]:
    """Each change that somebody could make, as a way and what is put there; some make no rubric."""
    for way, value in parts(data):
        if isinstance(value, str):
            yield way, f"{value}s" if way[-1] == "id" else f"{value} indeed"
        elif isinstance(value, int):
            yield from ((way, value + step) for step in (-1, 1))
        elif isinstance(value, list) and value:
            yield from ((way, other) for other in (value[:-1], value[::-1], [*value, "One more."]))
        if way:
            yield way, None


def as_rubric(data: dict[str, Any]) -> Rubric | None:
    try:
        return rubric_from_json(data)
    except RubricFaults:
        return None


@settings(max_examples=50)
@given(RUBRICS, st.data())
def test_any_single_change_is_told_and_none_where_nothing_changed(rubric: Rubric, data: st.DataObject) -> None:
    made = rubric_to_json(rubric) | SAID
    before = rubric_from_json(made)
    after = as_rubric(put(made, *data.draw(st.sampled_from(list(changes(made))))))
    assume(after)
    assert after
    for old, new in ((before, after), (after, before)):
        assert bool(differences(old, new)) == (rubric_digest(old) != rubric_digest(new))
        assert len(list(say_differences(old, new))) > len(differences(old, new)) or old == new
    assert differences(before, rubric_from_json(made)) == ()


def test_each_text_that_changes_is_told_once() -> None:
    made = rubric_to_json(garden_of(4)) | SAID
    before = rubric_from_json(made)
    texts = [way for way, value in parts(made) if isinstance(value, str) and way[-1] not in ("id", "score_follows")]
    for way in texts:
        (told,) = differences(before, rubric_from_json(put(made, way, "Otherwise")))
        assert "Otherwise" in str(told.after), way


def with_first_code(made: dict[str, Any], **changed: object) -> Rubric:
    """A rubric whose first value code is another in this."""
    data = deepcopy(made)
    data["themes"][0]["key_areas"][0]["value_codes"][0].update(changed)
    return rubric_from_json(data)


def test_a_statement_that_goes_to_another_level_is_told_as_that() -> None:
    made = rubric_to_json(garden_of(3))
    said = {"1": ["A.", "B."], "2": ["C."], "3": ["D."]}
    before = with_first_code(made, levels=said)
    after = with_first_code(made, levels=said | {"1": ["A."], "2": ["C.", "B."]})
    assert differences(before, after) == (Difference("other level", "value code", "watering", "B.", 1, 2),)
    assert "  level changed, from 1 to 2: “B.”" in say_differences(before, after)


def test_a_topic_that_moves_and_a_change_of_order_are_told_as_such() -> None:
    made = rubric_to_json(garden_of(3))
    before, moved, order = rubric_from_json(made), deepcopy(made), deepcopy(made)
    beds, trees = moved["themes"][0]["key_areas"]
    trees["value_codes"].insert(0, beds["value_codes"].pop(1))
    assert list(say_differences(before, rubric_from_json(moved))) == [
        "\nTopic “Weeding” [weeding]",
        "  moved from Key area “Beds” [beds] to Key area “Trees” [trees]",
    ]
    order["themes"][0]["key_areas"].reverse()
    assert list(say_differences(before, rubric_from_json(order))) == [
        "\nTheme “Garden” [garden]",
        "  order of the key areas changed",
        "    was: “Beds” [beds], “Trees” [trees]",
        "    now: “Trees” [trees], “Beds” [beds]",
    ]


def test_what_nobody_sees_is_named() -> None:
    made = rubric_to_json(garden_of(3))
    lines = list(say_differences(rubric_from_json(made), rubric_from_json(made | {"title": "Garden  review"})))
    assert lines[-1] == "    They differ in spaces, line ends or characters that nobody sees."


def test_another_criterion_of_agreement_is_told() -> None:
    panel = load_rubric("panel-rating")
    assert list(say_differences(panel, replace(panel, agreement_by=None)))[1:] == [
        "  criterion by which a panel agrees changed",
        "    was: “counting”",
        "    now: nothing",
    ]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A second edition of the example that comes along."""
    made = rubric_to_json(load_rubric("meetings")) | {"version": "2", "score_follows": "weakest part"}
    write_rubric(rubric_from_json(made), tmp_path / "meetings")
    return tmp_path / "meetings"


def test_the_command_takes_ids_folders_and_workbooks(own: Path, tmp_path: Path) -> None:
    def diff(*words: str | Path) -> str:
        result = CliRunner().invoke(main, ["rubric", "diff", *map(str, words)])
        assert result.exit_code == 0, result.output
        return result.output

    book = tmp_path / "meetings.xlsx"
    assert CliRunner().invoke(main, ["rubric", "to-excel", str(own), str(book)]).exit_code == 0
    assert diff("meetings", "meetings").endswith("\nBoth are the same.\n")
    assert diff(own, book).endswith("\nBoth are the same.\n")
    for edition in (own, book):
        assert "  version changed\n    was: “1”\n    now: “2”\n  what the score follows changed" in diff(
            "meetings", edition
        )


def test_an_edition_with_mistakes_is_told_with_all_of_them(own: Path) -> None:
    (own / "inviting.yaml").unlink()
    result = CliRunner().invoke(main, ["rubric", "diff", "meetings", str(own)])
    assert result.exit_code
    assert "1 mistake in " in result.output
    assert "expected a file inviting.yaml" in result.output
