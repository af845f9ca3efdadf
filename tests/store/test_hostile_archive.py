"""Files that somebody made to break whoever opens them: refused with the line, and nothing of them is stored."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from paths import EXAMPLE
from sqlalchemy import Engine

from npswidgets.errors import ArchiveFault
from npswidgets.store import archive, workshops
from npswidgets.store.saved import LONGEST_LINE, MOST_LINES, parse_archive

LINES = EXAMPLE.read_text(encoding="utf-8").splitlines()
HEADER: dict[str, Any] = json.loads(LINES[0])
LAST: dict[str, Any] = json.loads(LINES[-1])
COUNT = HEADER["count"]
DEEP = ("[" * 100_000, "[" * 900 + "]" * 900, '{"a":' * 900 + "1" + "}" * 900, "[" * 30 + "]" * 30)
ODD = (
    *DEEP,
    "9" * 5000,
    "9" * 4000,
    "NaN",
    "-Infinity",
    "1e999",
    "1.5",
    "true",
    "null",
    '"\\ud800"',
    '"\\u0000"',
    "[]",
    "",
)
"""Values that stand where another is expected."""


def with_value(part: dict[str, Any], key: str, value: str) -> str:
    """The JSON of a part with this text as a key's value."""
    return json.dumps(part | {key: "HERE"}, ensure_ascii=False).replace('"HERE"', value)


def refused(lines: list[str]) -> str:
    with pytest.raises(ArchiveFault) as caught:
        parse_archive(("\n".join(lines) + "\n").encode(), Path("The file"))
    assert len(str(caught.value)) < 500
    return str(caught.value)


@pytest.mark.parametrize("value", ODD, ids=lambda value: value[:12])
@pytest.mark.parametrize("key", ["count", "head", "version", "workshop", "rubric", "format"])
def test_an_odd_header(key: str, value: str) -> None:
    assert "The file" in refused([with_value(HEADER, key, value), *LINES[1:]])


@pytest.mark.parametrize("value", [one for one in ODD if one], ids=lambda value: value[:12])
@pytest.mark.parametrize("key", ["digest", "salt", "text"])
def test_odd_words(key: str, value: str) -> None:
    if (key, value) == ("text", "null"):
        return  # erased
    assert f"line {len(LINES)}" in refused([*LINES[:-1], with_value(LAST, key, value)])


@pytest.mark.parametrize(
    "line", [*filter(None, ODD), "{" * 1000, '{"event":' + "[" * 100_000], ids=lambda line: line[:12]
)
@pytest.mark.parametrize("number", [1, 2, COUNT + 1, len(LINES)])
def test_an_odd_line(number: int, line: str) -> None:
    assert f"line {number}:" in refused([*LINES[: number - 1], line, *LINES[number:]])


@pytest.mark.parametrize("key", ["at", "by", "event", "previous", "revision", "version"])
@pytest.mark.parametrize("value", ODD, ids=lambda value: value[:12])
def test_an_odd_event(key: str, value: str) -> None:
    assert "line 2:" in refused([LINES[0], with_value(json.loads(LINES[1]), key, value), *LINES[2:]])


def test_a_key_that_stands_twice() -> None:
    assert "line 1" in refused([LINES[0][:-1] + ',"format":"nps-workshop"}', *LINES[1:]])
    assert f"line {len(LINES)}" in refused([*LINES[:-1], LINES[-1][:-1] + ',"text":"other"}'])


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        lambda: ["x" * (LONGEST_LINE + 1)],
        lambda: [LINES[0], '"' + "x" * 30_000_000 + '"'],
        lambda: [*LINES, *[""] * (MOST_LINES + 1)],
        lambda: ["\n" * 20_000_000],
        lambda: [LINES[0], *["{}"] * 150_000],
    ],
    ids=["one long line", "a long line further on", "many lines", "nothing but lines", "many small ones"],
)
def test_a_large_file_is_refused_at_once(make: Callable[[], list[str]]) -> None:
    refused(make())


def test_nothing_of_it_is_stored(engine: Engine) -> None:
    for line in (*LINES[:1], LINES[-1]):
        with pytest.raises(ArchiveFault):
            archive.import_archive(engine, parse_archive("\n".join([*LINES, line]).encode(), Path("The file")))
    assert not workshops.list_workshops(engine)


def test_the_example_itself_is_none_of_these(engine: Engine) -> None:
    assert archive.import_archive(engine, parse_archive(("\n".join(LINES) + "\n").encode(), Path("The file")))
