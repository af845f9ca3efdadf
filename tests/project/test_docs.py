"""What can go stale: examples in docstrings, the direction of imports, what the README promises."""

import doctest
import importlib
import importlib.util
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import click
import pytest
from paths import ROOT

import npswidgets
from npswidgets.cli import COMMANDS, main
from npswidgets.screens.facilitator.buttons import LABELS


@pytest.mark.slow
def test_the_examples_in_docstrings_work() -> None:
    tried = 0
    for module in pkgutil.walk_packages(npswidgets.__path__, "npswidgets."):
        if ".migrations" in module.name:
            continue
        result = doctest.testmod(importlib.import_module(module.name))
        assert result.failed == 0
        tried += result.attempted
    assert tried > 0


def test_the_readme_names_only_targets_of_make_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE)) <= targets


def commands_of(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """What somebody can type: the command, or those within it."""
    within = command.commands if isinstance(command, click.Group) else {}
    for part, one in within.items():
        yield from commands_of(f"{name} {part}", one)
    if not within:
        yield name, command


def all_commands() -> dict[str, click.Command]:
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in COMMANDS}
    return dict(one for name, command in found.items() if command for one in commands_of(name, command))


def test_each_command_is_in_the_documents_with_what_it_does_and_the_example_of_its_help() -> None:
    rows = ["| command | does | for example |", "| --- | --- | --- |"]
    for name, command in all_commands().items():
        does, *_, example = inspect.cleandoc(command.help or "").split("\n\n")
        assert example.startswith(f"Example: nps-workshop {name}"), name
        rows.append(f"| `{name}` | {does} | `{example.removeprefix('Example: ')}` |")
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line.startswith("|")] == rows


def test_what_the_documents_call_is_a_command_with_options_that_it_has() -> None:
    commands, called = all_commands(), 0
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for line in re.findall(r"nps-workshop ([a-z][^`\n]*)", page.read_text(encoding="utf-8")):
            words = line.split("#")[0].split()
            name = next((name for name in (" ".join(words[:2]), words[0]) if name in commands), "")
            assert name, f"{page.name}: there is no command {line!r}"
            options = {option for one in commands[name].params for option in one.opts} | {"--help"}
            assert {word for word in words if word.startswith("--")} <= options, f"{page.name}: {line}"
            called += 1
    assert called > len(commands)


def test_what_is_promised_names_a_day_and_only_tests_and_commands_that_exist() -> None:
    lines = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
    promises = [line.strip("|").split("|") for line in lines if line.startswith("| **")]
    assert len(promises) >= 20
    for promise, figure, day, again in promises:
        assert figure.strip(), promise
        assert re.fullmatch(r" \d{1,2} [A-Z][a-z]+ 20\d\d ", day), promise
        commands = re.findall(r"`([^`]+)`", again)
        assert commands, promise
        for command in commands:
            assert exists(command), f"{promise}: there is no {command}"


CRITERION = re.compile(r"(?<![\d.])([1-4]\.[1-5]\.\d{1,2})(?![\d.])")


def test_each_criterion_of_wcag_names_tests_that_exist_or_says_that_a_person_has_to_look() -> None:
    text = (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8")
    rows = [line.strip("|").split("|") for line in text.splitlines() if re.match(r"\| [1-4]\.\d", line)]
    found = {number for criterion, *_ in rows for number in CRITERION.findall(criterion.replace(" to ", ", "))}
    assert len(found | {"1.2.2", "1.2.3", "1.2.4"}) == 55, "all of 2.2 at A and AA"
    for criterion, how, proved in rows:
        assert how.strip(), criterion
        tests = re.findall(r"`([^`]+)`", proved)
        assert tests or re.search(r"not applicable|person", proved), criterion
        for test in tests:
            assert exists(test.split(" ")[0] if test.startswith("tests/") else test), f"{criterion}: there is no {test}"


def exists(command: str) -> bool:
    """Whether a test, a target of make or a benchmark of this name is there."""
    if command.startswith("make "):
        return f"\n{command.removeprefix('make ')}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
    if command.startswith("python -m "):
        return importlib.util.find_spec(command.removeprefix("python -m ")) is not None
    file, *names = command.split("::")
    text = (ROOT / file).read_text(encoding="utf-8") if (ROOT / file).exists() else ""
    return bool(text) and all(re.search(rf"(?:def|class) {name}\b", text) for name in names)


def test_the_package_itself_imports_each_library_that_it_asks_for() -> None:
    """But for JupyterLab, in which it is used. What tests alone import is an extra."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    code = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "npswidgets").rglob("*.py"))
    imported = set(re.findall(r"^\s*(?:import|from) (\w+)", code, re.MULTILINE))
    used = {plain(name) for module, names in packages_distributions().items() if module in imported for name in names}
    assert {plain(re.split(r"[<>=]", one)[0]) for one in asked} - used == {"jupyterlab"}


def plain(distribution: str) -> str:
    """Its name as an index writes it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_each_word_of_the_machine_is_found_in_the_code_where_the_glossary_says() -> None:
    rows = re.findall(r"^\| ([a-z ]+) \| .+ \| `([^`]+)` \|$", chapter("The machine's words"), re.MULTILINE)
    assert len(rows) == len({word for word, _ in rows}) == 32
    for word, where in rows:
        code = f"{where}\n{(ROOT / 'npswidgets' / where).read_text(encoding='utf-8')}".lower().replace("_", " ")
        assert word in code or word.replace(" ", "") in code, f"{where} has no word {word!r}"


def test_every_button_of_the_facilitator_stands_where_the_words_of_screens_are() -> None:
    said = " ".join((ROOT / "docs" / "screens.md").read_text(encoding="utf-8").split())
    assert [label for label in LABELS.values() if f"*{label}*" not in said] == []
    assert not re.search(r"\b(Take together|Come back to it|Tidy up|Starting level|Start again)\b", said)


def test_the_guide_names_buttons_that_are_there_and_pictures_that_were_taken() -> None:
    guide = (ROOT / "docs" / "facilitating.md").read_text(encoding="utf-8")
    for label in (
        "Start first scores",
        "Agree without talking",
        "Vote again",
        "Leave for later",
        "Check before sign-off",
    ):
        assert label in LABELS.values()
        assert f"*{label}*" in guide
    for picture in re.findall(r"\((pictures/[^)]+)\)", guide):
        assert (ROOT / "docs" / picture).is_file(), picture


def test_where_to_add_something_is_there() -> None:
    named = re.findall(r"`([\w/]+(?:\.py|\.md|/))`", chapter("To add something"))
    assert len(named) > 20
    for place in named:
        assert (ROOT / place).exists() or (ROOT / "npswidgets" / place).exists(), place


def test_what_a_change_touches_is_there_and_six_files_at_the_most_but_for_a_role_and_a_language() -> None:
    rows = [
        line.strip("|").split("|") for line in chapter("What a change touches").splitlines() if line.startswith("| ")
    ]
    changes = {change.strip(): (now, which) for change, _, now, which in rows[2:]}
    assert len(changes) == 12
    for change, (now, which) in changes.items():
        for place in re.findall(r"`([\w.]+/[\w./]+)`", which):
            assert (ROOT / place).exists() or (ROOT / "npswidgets" / place).exists(), place
        large = int(re.findall(r"\d+", now)[0]) > 6
        assert large == (change in ('a role "observer"', "phones in another language")), change


def test_the_documents_tell_the_floors_as_the_contract_has_them() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    floors = tools["importlinter"]["contracts"][0]["layers"]
    layers = [one.replace("npswidgets.", "") for one in reversed(floors)]
    told = " ".join((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").replace("`", "").split())
    assert f"Knowledge flows one way: {' < '.join(layers)}" in told.replace("**", "")
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for part in re.findall(r"\w+", " ".join(layers)):
        assert re.search(rf"^\| .*`{part}/?`.* \|", architecture, re.MULTILINE), f"what does {part} know?"


def chapter(title: str) -> str:
    """A chapter of the architecture, without its heading."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    return text.split(f"## {title}\n")[1].split("\n## ")[0]


def test_links_within_the_documents_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_no_notebook_is_committed_with_outputs() -> None:
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        assert '"output_type"' not in notebook.read_text(encoding="utf-8"), notebook.name


def test_the_ten_lines_for_jupyterlab_make_a_chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "jupyterlab.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len([line for line in lines.splitlines() if line]) <= 10
    (tmp_path / "sessions").symlink_to(ROOT / "sessions")
    monkeypatch.chdir(tmp_path)
    exec(lines, {})  # they are ours, and what a reader pastes into a cell
    assert "<svg" in (tmp_path / "apart.svg").read_text(encoding="utf-8")
