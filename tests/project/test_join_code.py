"""The shape of a join code stands in one place."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import ROOT

from npswidgets.domain import join_code
from npswidgets.domain.join_code import digits_of, grouped, is_code, new_code
from npswidgets.server.pages.page import without_secrets
from npswidgets.store import tables

SHAPE = re.compile(
    r"\\d\{6\}|\[0-9\]\{6\}|\(\\d\{3\}\)|\bcode\w*(?:\[[^]]*\])?\[:?3:?\]"
    r"|len\(code\) [!=]= 6|900_000|6 numbers|[Ss]ix (?:digits|numbers)"
)
"""A code of six digits, as each file once had it."""

FILES = [
    path for kind in ("py", "js", "html", "j2", "typ") for path in sorted((ROOT / "npswidgets").rglob(f"*.{kind}"))
]


def test_the_shape_of_a_code_stands_in_one_place() -> None:
    assert len(FILES) > 200
    knowing = {path.name: found for path in FILES if (found := SHAPE.findall(path.read_text("utf-8")))}
    assert not knowing


@pytest.mark.parametrize(
    "text",
    [r"\b\d{6}\b", "code[:3]", "codes[session][3:]", "if len(code) != 6:", "enter 6 numbers", r"/^(\d{3})(\d{3})$/"],
)
def test_one_that_is_written_by_hand_is_found(text: str) -> None:
    assert SHAPE.search(text)


@given(st.integers())
def test_a_new_code_is_read_as_it_is_shown_and_stays_out_of_logs(seed: int) -> None:
    code = new_code(random.Random(seed).randrange)
    assert is_code(code)
    assert not code.startswith("0")
    assert digits_of(grouped(code)) == code
    assert code not in without_secrets(f"/join/{code}")


def test_no_code_is_shown_as_nothing() -> None:
    assert grouped("") == ""


def test_the_database_has_room_for_a_code() -> None:
    assert tables.join_codes.c.code.type.length == join_code.DIGITS
