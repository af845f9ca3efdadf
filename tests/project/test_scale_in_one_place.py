"""How many levels there are is the rubric's to say; that it has to be five, its reader's; nothing else knows."""

import re
from pathlib import Path

import pytest
from paths import ROOT

FIVE = re.compile(
    r"""
      \bfive\s+(?:levels?|steps?\b(?!\s+a)|statements|keys)        # in words: "the five levels"
    | \b1\s*(?:to|-|–)\s*5\b                                       # "from 1 to 5", "[1-5]"
    | \b(?:levels?|scores?|value|answer|target)(?:\ of)?\s+5\b     # "a score of 5", "level 5"
    | \ba\s+5\b                                                    # "belongs to a 5"
    | \b(?:score|level|value|answer|target)\s*[=!<>]=?=?\s*5\b     # score == 5, score !== 5, level < 5
    | \b(?:after|below|above|tick\ at)\s+5\b                       # "below 5"
    | \b[gl]e=5\b | \bmin\(5,\ m | \b1,\s*[56]\)                     # le=5, range(1, 6), between(1, 5)
    | ["']?1["']?,\s*["']?2["']?,\s*["']?3["']?,\s*["']?4["']?,\s*["']?5\b   # 1, 2, 3, 4, 5
    | repeat\(5\b | \*\s*5\)\s*,\s*\d | (?:level-|-l|\.l)5\b       # in a style or a table
    | %\s*5\b | \[:5\] | "max":\s*5\b | \bEXEMPLAR\b
    | (?i:\#(?:440154|463480|355f8d|25848e|22a884))                # the colours
    """,
    re.VERBOSE,
)
READER = {"store/rubric_json.py", "store/rubric_check.py"}
COLOURS = "domain/scale.py"
KINDS = {".py", ".js", ".css", ".typ", ".j2", ".html"}
PACKAGE = ROOT / "npswidgets"


def found_in(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if FIVE.search(line)]


def files() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*") if path.suffix in KINDS)


def test_only_the_reader_of_rubrics_knows_that_there_are_five_levels() -> None:
    found = {path.relative_to(PACKAGE).as_posix(): found_in(path.read_text(encoding="utf-8")) for path in files()}
    colours = found.pop(COLOURS)
    assert {name: lines for name, lines in found.items() if lines and name not in READER} == {}
    assert [line for line in colours if "#" not in line] == []


def test_the_colours_of_the_levels_stand_in_one_file() -> None:
    colour = re.compile("#440154|#22a78[45]|#22a884", re.IGNORECASE)
    with_colours = [path for path in files() if colour.search(path.read_text(encoding="utf-8"))]
    assert [path.relative_to(PACKAGE).as_posix() for path in with_colours] == [COLOURS]


@pytest.mark.parametrize(
    "line",
    [
        "return tuple(self.count_of(level) for level in range(1, 6))",
        'check(event.score is None or is_level(event.score), f"A score is a level from 1 to 5, not {event.score!r}.")',
        "score: Annotated[int, Field(ge=1, le=5)]",
        "return score + 1 if score and score < 5 else None",
        "ready.hidden = shown.score !== 5;",
        "const STEPS = [1, 2, 3, 4, 5];",
        '#let answers = ("1", "2", "3", "4", "5", "?", "–")',
        'return /^[1-5]$/.test(key ?? "") ? Number(key) : undefined;',
        ".nps-keys { display: grid; grid-template-columns: repeat(5, 1fr); }",
        "  --nps-level-5: #22a884;",
        'chart.set_x_axis({"min": 0, "max": 5, "major_unit": 1})',
        '"answer": 1 + time % 5}',
        "return min(5, max(1, round(view)))",
        'in_full = passage.more("Read the five levels", passage.levels(rows))',
    ],
)
def test_the_pattern_finds_what_stood_there(line: str) -> None:
    assert found_in(line) == [line.strip()]
