"""Words on a page: headings, sentences, lists, and what opens in place."""

from collections.abc import Iterable
from typing import Any, TypeAlias

import traitlets

from npswidgets.widgets.base import Widget

Part: TypeAlias = dict[str, Any]


class Passage(Widget, files="passage"):
    """A column of parts, as the functions below make them. Written by Python; nothing is drawn without parts."""

    parts = traitlets.List(traitlets.Dict()).tag(sync=True)


def text(words: str) -> Part:
    """A paragraph; a line break in it is kept."""
    return {"kind": "text", "text": words}


def heading(words: str) -> Part:
    """A heading of the second level."""
    return {"kind": "heading", "text": words}


def big(words: str) -> Part:
    """What is to be seen first, such as an agreed score."""
    return {"kind": "big", "text": words}


def steps(*lines: str) -> Part:
    """A numbered list."""
    return {"kind": "steps", "items": list(lines)}


def items(*lines: str) -> Part:
    """A list with a line for each."""
    return {"kind": "items", "items": list(lines)}


def statements(*lines: str) -> Part:
    """The statements of one level: a paragraph, or a list where there are several."""
    return {"kind": "statements", "items": list(lines)}


def levels(rows: list[dict[str, Any]]) -> Part:
    """Levels to read, as `screens.levels.level_rows` gives them."""
    return {"kind": "levels", "levels": rows}


def pairs(rows: Iterable[tuple[str, str]]) -> Part:
    """A name and what belongs to it, a line each; on the wall in as many columns as fit."""
    return {"kind": "pairs", "rows": [list(row) for row in rows]}


def side_by_side(lists: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> Part:
    """Lists of pairs beside each other, each below its title."""
    return {"kind": "side_by_side", "lists": [{"title": title, "rows": [*map(list, rows)]} for title, rows in lists]}


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> Part:
    """Rows of texts below the names of their columns."""
    return {"kind": "table", "columns": list(columns), "rows": [list(row) for row in rows]}


def countdown(left: float | None) -> Part:
    """How long it still is, in seconds as of drawing: the browser counts on, whose own clock may be wrong."""
    return {"kind": "countdown", "left": left}


def beside(*parts: Part) -> Part:
    """Parts that stand beside each other on the wall, and below each other elsewhere."""
    return {"kind": "beside", "parts": list(parts)}


def profile(rows: Iterable[dict[str, Any]]) -> Part:
    """What stands on each level: {"value", "name", "colour", "topics": [names]}, the lowest level first."""
    return {"kind": "profile", "rows": list(rows)}


def actions(rows: Iterable[dict[str, str]]) -> Part:
    """What will be done: {"what", "about", "owner", "due"}."""
    return {"kind": "actions", "rows": list(rows)}


def more(title: str, *parts: Part) -> Part:
    """Parts behind a title that opens them in place."""
    return {"kind": "more", "text": title, "parts": list(parts)}
