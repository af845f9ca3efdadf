"""The check of a rubric's files: one small broken rubric per mistake, and what it says about it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from paths import DATA
from ruamel.yaml import YAML

from npswidgets.cli import main
from npswidgets.errors import RubricFaults
from npswidgets.settings import data_folder
from npswidgets.store.rubric_files import load_rubric, rubric_to_json

BROKEN = DATA / "broken_rubrics"


def faults(name: str) -> str:
    """What the check has to say about a broken rubric: each folder carries it."""
    return (BROKEN / name / "faults.txt").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("name", sorted(folder.name for folder in BROKEN.iterdir()))
def test_a_broken_rubric_is_refused_with_every_fault_and_its_place(name: str) -> None:
    with pytest.raises(RubricFaults) as refused:
        load_rubric(BROKEN / name)
    assert str(refused.value) == faults(name)


def test_no_and_yes_stay_words() -> None:
    code = load_rubric(DATA / "rubrics" / "smallest").value_codes["watering"]
    assert (code.name, code.levels[1]) == ("Yes", ("No",))


@pytest.mark.parametrize("name", ["many-mistakes", "no-index"])
def test_the_command_says_what_is_wrong_and_ends_with_1(name: str) -> None:
    result = CliRunner().invoke(main, ["rubric", "check", str(BROKEN / name)])
    assert result.exit_code == 1
    assert f"{len(faults(name).splitlines())} mistake" in result.stderr
    assert faults(name) in result.stderr


def test_the_command_says_that_the_diagnostic_is_complete() -> None:
    result = CliRunner().invoke(main, ["rubric", "check"])
    assert result.exit_code == 0
    assert result.output == ("nps-2018 is complete: 4 themes, 11 key areas, 59 value codes, 564 statements.\n")


def test_the_command_does_not_know_a_rubric_that_is_not_there() -> None:
    result = CliRunner().invoke(main, ["rubric", "check", "nowhere"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert 'No rubric "nowhere"' in result.stderr


def test_wrong_usage_ends_with_2() -> None:
    assert CliRunner().invoke(main, ["rubric", "bend"]).exit_code == 2


@pytest.mark.parametrize("command", [["rubric"], ["rubric", "check"], ["rubric", "show"]])
def test_the_help_of_a_command_has_an_example(command: list[str]) -> None:
    result = CliRunner().invoke(main, [*command, "--help"])
    assert result.exit_code == 0
    assert "Example: nps-workshop " in result.output


def test_the_command_shows_the_whole_rubric_as_json() -> None:
    result = CliRunner().invoke(main, ["rubric", "show", "--json"])
    shown = json.loads(result.output)
    assert shown == rubric_to_json(load_rubric())
    assert list(shown) == ["id", "title", "version", "source", "levels", "themes", "guidance"]
    area = shown["themes"][0]["key_areas"][0]
    assert list(area) == ["id", "name", "definition", "what_it_is", "why_it_is_important", "value_codes"]
    assert area["value_codes"][1] == {
        "id": "reporting",
        "name": "Reporting",
        "display_name": "Reporting",
        "description": "The extent to which reporting is used to inform your councillors and those councillors in "
        "collaborative networks.",
        "levels": area["value_codes"][1]["levels"],
    }
    assert list(area["value_codes"][1]["levels"]) == ["1", "2", "3", "4", "5"]


def test_the_command_shows_every_part_with_its_id() -> None:
    shown = CliRunner().invoke(main, ["rubric", "show"]).output
    rubric = load_rubric()
    for part in (*rubric.themes, *rubric.key_areas, *rubric.value_codes.values()):
        assert f"[{part.id}]" in shown
    assert rubric.source in shown


SCHEMAS = {
    kind: json.loads((data_folder("rubric") / f"{kind}.schema.json").read_text()) for kind in ("rubric", "key-area")
}


def subschemas(schema: Any) -> Iterator[dict[str, Any]]:
    """All schemas inside a schema that ask for a type."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema
        for part in schema.values():
            yield from subschemas(part)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_valid_knows_no_other_keys_and_says_what_it_expects(kind: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[kind])
    for schema in subschemas(SCHEMAS[kind]):
        assert schema["description"]
        assert schema["type"] != "object" or schema["additionalProperties"] is False


def rubric_files() -> list[Path]:
    return sorted(data_folder("rubric").glob("*/*.yaml"))


@pytest.mark.parametrize("path", rubric_files(), ids=lambda path: path.name)
def test_a_file_names_the_schema_that_it_fits(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    kind = "rubric" if path.name == "rubric.yaml" else "key-area"
    assert first == f"# yaml-language-server: $schema=../{kind}.schema.json"
    as_json = json.loads(json.dumps(YAML(typ="safe").load(path)))
    assert not list(Draft202012Validator(SCHEMAS[kind]).iter_errors(as_json))


def test_reading_a_rubric_from_json_needs_no_yaml_and_no_schema() -> None:
    program = (
        "import sys; from npswidgets.store.rubric_files import rubric_from_json; "
        "print(sorted({'ruamel', 'ruamel.yaml', 'jsonschema', 'pandas', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
