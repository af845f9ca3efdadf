"""The one script and the one style of each screen: all that its widgets need is in it, once, and little else."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import ipywidgets
import nbformat
import pytest

from npswidgets.domain.actor import Role
from npswidgets.server.pages.page import PAGE_FILES, WIDGET_FILES
from npswidgets.server.pages.screen_files import SCREEN_FILES, SCREENS, SCRIPTS, screen_file, widgets_of
from npswidgets.server.pages.screen_notebook import ScreenNotebooks, is_shipped
from npswidgets.settings import data_folder
from npswidgets.widgets.base import Widget

ROLES: tuple[Role, ...] = get_args(Role)
FILES = sorted([*(data_folder("rubric").parent / "npswidgets/widgets/static").glob("*.js"), *SCREEN_FILES.glob("*.js")])


def inside(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


@pytest.mark.parametrize("role", ROLES)
def test_a_screen_has_the_script_and_the_style_of_each_of_its_widgets(role: Role) -> None:
    shown = {type(one) for one in inside(SCREENS[role].build().widget) if isinstance(one, Widget)}
    assert {one.__name__ for one in shown} == {one.__name__ for one in widgets_of(role)}
    script, style = screen_file(role, "js").plain.decode(), screen_file(role, "css").plain.decode()
    for widget in shown:
        assert script.count(f'"{widget.__module__}.{widget.__name__}": () => {{') == 1
        assert f".nps-{widget.scripts[-1].replace('_', '-')}" in style
    assert script.count("function widget(") == 1, "what all widgets share is there once"


def test_every_script_of_the_screens_is_put_in() -> None:
    assert {path.stem for path in SCREEN_FILES.glob("*.js")} == set(SCRIPTS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_script_can_be_shortened(path: Path) -> None:
    """No text goes over several lines, and none holds what looks like a comment."""
    script = path.read_text("utf-8")
    code = re.sub(r"/\*\*.*?\*/", "", script, flags=re.DOTALL)
    for line in code.splitlines():
        assert line.lstrip().startswith("//") or line.count("`") % 2 == 0, line
        before, _, note = line.partition(" // ")
        assert not note or not (before.count('"') % 2 or before.count("`") % 2), f"a text looks like a comment: {line}"
    assert "/*" not in code, "another kind of comment than /** ... */"


def test_the_pages_before_a_screen_have_its_colours_in_light_and_in_dark() -> None:
    pages = (PAGE_FILES / "pages.css").read_text("utf-8")
    light, _, dark = pages.partition("@media (prefers-color-scheme: dark)")
    screens = (WIDGET_FILES / "base.css").read_text("utf-8"), (SCREEN_FILES / "dark.css").read_text("utf-8")
    for page, screen in zip((light, dark.partition("\n}\n")[0]), screens, strict=True):
        own, theirs = (
            dict(re.findall(rf"^ +--{prefix}([\w-]+): (#\w+);", style, re.MULTILINE))
            for prefix, style in (("", page), ("nps-", screen))
        )
        assert own == theirs


@pytest.mark.parametrize("role", ROLES)
def test_no_comment_is_sent_to_a_page(role: Role) -> None:
    assert " // " not in screen_file(role, "js").plain.decode()


FIELD = re.compile(r'(?:h\("(?:input|textarea)", |const about = )(\{[^}]*\})|<(?:input|textarea) ([^>]*)>')
NO_WORDS = re.compile(
    r"inputmode|readonly|nps-hands|\.\.\.about"
    r'|type(?:=|: )"(?:radio|checkbox|time|date|hidden|file|number|password)'
)


@pytest.mark.parametrize(
    "path", [*WIDGET_FILES.glob("*.js"), *PAGE_FILES.parent.glob("*.html")], ids=lambda path: path.name
)
def test_what_people_write_is_typed_from_its_own_side(path: Path) -> None:
    """A sentence in Hebrew or Arabic ends on the left while somebody types it, too."""
    fields = ["".join(found) for found in FIELD.findall(path.read_text("utf-8"))]
    assert [field for field in fields if not NO_WORDS.search(field) and "auto" not in field] == []


def test_what_a_participants_page_parses_is_small() -> None:
    assert len(screen_file("participant", "js").plain) <= 64_000


def test_the_notebooks_that_are_shipped_are_known_and_one_that_was_added_to_is_not(tmp_path: Path) -> None:
    for role in ROLES:
        notebook = nbformat.read(data_folder("notebooks") / f"{role}.ipynb", as_version=4)
        assert is_shipped(notebook, role)
        notebook.cells[0].source = "# Our own title"
        assert is_shipped(notebook, role)
        notebook.cells.append(nbformat.v4.new_code_cell(""))
        assert is_shipped(notebook, role)
        nbformat.write(notebook, tmp_path / f"{role}.ipynb")
    notebooks = ScreenNotebooks(tmp_path)
    assert not any(map(notebooks.is_added_to, ROLES))
    for role in ROLES:
        notebook = nbformat.read(tmp_path / f"{role}.ipynb", as_version=4)
        notebook.cells.append(nbformat.v4.new_code_cell("import ipywidgets\nipywidgets.IntSlider()"))
        nbformat.write(notebook, tmp_path / f"{role}.ipynb")
    assert {role for role in ROLES if notebooks.is_added_to(role)} == {"facilitator", "projector"}
