"""One knowledge stands in one place: what is a constant or a function is not written again by hand."""

import ast
import re
from collections.abc import Iterator

import pytest
from paths import ROOT

PACKAGE = ROOT / "npswidgets"
KNOWN = [
    (
        "how many votes are enough",
        r"(?i)\b(five|5) or more\b|\b(at least|fewer than|below) (five|5) (votes|people|of)",
        None,
    ),
    ("how many topics are chosen for action", r"(?i)\bup to (five|5) topics\b", None),
    ("how the token's cookie is called", r"\b_xsrf=|cookies?\b.{0,9}[\"']_xsrf", None),
    ("what is asked", r" is true for the (council|part)\b", "npswidgets/domain/question.py"),
    ("what a kind of note holds", r"\bwhat shows it\b", "npswidgets/domain/notes.py"),
    ("how a kind of note is called", r"\bA different view\b", "npswidgets/domain/notes.py"),
]


def written() -> Iterator[tuple[str, str]]:
    """What people or browsers get from each file of the package: all of a template, and what no docstring says."""
    for file in sorted(PACKAGE.rglob("*")):
        name = file.relative_to(ROOT).as_posix()
        if file.suffix in (".html", ".j2", ".js", ".typ"):
            yield name, file.read_text("utf-8")
        elif file.suffix == ".py":
            yield name, "\n".join(_texts(ast.parse(file.read_text("utf-8"))))


def _texts(tree: ast.Module) -> Iterator[str]:
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize(("what", "pattern", "place"), KNOWN, ids=[one[0] for one in KNOWN])
def test_it_stands_in_one_place(what: str, pattern: str, place: str | None) -> None:
    found = {name for name, text in written() if re.search(pattern, text)}
    assert found == ({place} if place else set())


def test_no_test_runs_a_loop_in_the_thread_that_playwright_keeps_one_in() -> None:
    """It would fail behind a test in a browser, and never alone: `messages.run` has a thread of its own."""
    found = [
        path.name
        for path in (ROOT / "tests").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "asyncio.run"
    ]
    assert found == ["messages.py"]
