"""What can go stale: examples in docstrings, the direction of imports, what the README promises."""

import doctest
import importlib
import importlib.util
import pkgutil
import re
from pathlib import Path

import npswidgets
from npswidgets.cli import COMMANDS

ROOT = Path(__file__).parent.parent


def test_the_examples_in_docstrings_work() -> None:
    tried = 0
    for module in pkgutil.walk_packages(npswidgets.__path__, "npswidgets."):
        if ".migrations" in module.name:
            continue
        result = doctest.testmod(importlib.import_module(module.name))
        assert result.failed == 0
        tried += result.attempted
    assert tried > 0


def test_the_readme_names_only_commands_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"nps-workshop ([a-z]+)", text))
    assert named
    assert named <= set(COMMANDS)
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= targets


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


def exists(command: str) -> bool:
    """Whether a test, a target of make or a benchmark of this name is there."""
    if command.startswith("make "):
        return f"\n{command.removeprefix('make ')}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
    if command.startswith("python -m "):
        return importlib.util.find_spec(command.removeprefix("python -m ")) is not None
    file, *names = command.split("::")
    text = (ROOT / file).read_text(encoding="utf-8") if (ROOT / file).exists() else ""
    return bool(text) and all(re.search(rf"(?:def|class) {name}\b", text) for name in names)


def test_links_within_the_documents_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_no_notebook_is_committed_with_outputs() -> None:
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        assert '"output_type"' not in notebook.read_text(encoding="utf-8"), notebook.name
