"""What the scripts of widgets say of their traits and messages, beside what Python has; TypeScript checks the rest."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
import traitlets

from npswidgets.screens.facilitator import FacilitatorScreen
from npswidgets.screens.facilitator.messages import Message
from npswidgets.screens.helper import HelperScreen
from npswidgets.screens.helper.messages import Message as FromHelper
from npswidgets.screens.participant import ParticipantScreen
from npswidgets.screens.participant.messages import Message as FromPhone
from npswidgets.screens.projector import ProjectorScreen
from npswidgets.widgets import sources
from npswidgets.widgets.base import Widget

ROOT = Path(__file__).parents[[one.name for one in Path(__file__).parents].index("tests") + 1]
SCREENS = (FacilitatorScreen, HelperScreen, ParticipantScreen, ProjectorScreen)  # they import every widget
OPENING = {"{": "}", "[": "]", "(": ")", "<": ">"}


def of_the_package(kind: type[Widget]) -> Iterator[type[Widget]]:
    for one in kind.__subclasses__():
        if one.__module__.startswith("npswidgets.") and "_esm" in one.__dict__:
            yield one
        yield from of_the_package(one)


WIDGETS = sorted(set(of_the_package(Widget)), key=lambda one: one.__name__)


def split(text: str, by: str) -> list[str]:
    """Cut where no bracket is open."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in OPENING) - (letter in OPENING.values())
        if letter in by and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def typedefs(script: str) -> dict[str, str]:
    """The types that a script's comments define, by name."""
    found = {}
    for start in re.finditer(r"@typedef \{", script):
        depth, end = 1, start.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(script[end], 0)
            end += 1
        name = re.match(r"\s*(\w+)", script[end:])
        assert name
        found[name[1]] = re.sub(r"\n \*\s*", " ", script[start.end() : end - 1]).strip()
    return found


def names(kind: str, known: dict[str, str]) -> dict[str, str]:
    """The names of an object's type, or of several joined by "&", with the type of each."""
    found: dict[str, str] = {}
    for part in split(kind, "&"):
        if part in known:
            found |= names(known[part], known)
        else:
            assert part.startswith("{"), part
            found |= dict(re.split(r"\??:\s*", one, maxsplit=1) for one in split(part[1:-1], ","))
    return found


def alternatives(kind: str, known: dict[str, str]) -> Iterator[dict[str, str]]:
    for part in split(kind, "|"):
        if part in known and "|" in known[part]:
            yield from alternatives(known[part], known)
        else:
            yield names(part, known)


def script_of(widget: type[Widget]) -> str:
    return str(widget._esm)


def test_every_widget_is_looked_at() -> None:
    files = {names.split("+")[-1] for names, kind in sources.ASKED_FOR if kind == "js"}
    assert len(WIDGETS) == len(files) > 20


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda one: one.__name__)
def test_a_script_knows_the_traits_that_python_writes(widget: type[Widget]) -> None:
    known = typedefs(script_of(widget))
    said = names(known["Traits"], known) | names(known["SharedTraits"], known)
    ours = {name: trait for name, trait in widget.class_traits(sync=True).items() if not name.startswith("_")}
    ours = {name: trait for name, trait in ours.items() if trait.this_class.__module__.startswith("npswidgets.")}
    assert set(said) == set(ours)
    for name, trait in ours.items():
        assert fits(trait, said[name], known), f"{name}: {said[name]}"


def fits(trait: traitlets.TraitType[Any, Any], said: str, known: dict[str, str]) -> bool:
    """Whether a type of a script can be what a trait of this kind holds."""
    match trait:
        case traitlets.Bool():
            return said == "boolean"
        case traitlets.Int() | traitlets.Float():
            return said == ("number | null" if trait.allow_none else "number")
        case traitlets.Enum():
            return {json.loads(one) for one in split(said, "|")} == set(trait.values or ())
        case traitlets.Unicode():
            return said == "string"
        case traitlets.List():
            return said.endswith("[]")
        case _:
            said = known.get(said, said)
            return said.startswith(("{", "OrEmpty<", "Partial<", "Record<")) or split(said, "|")[0].startswith(
                "OrEmpty<"
            )


def messages() -> list[Any]:
    """Each message that a script sends, as (widget, its fields)."""
    found = []
    for widget in WIDGETS:
        known = typedefs(script_of(widget))
        for one in alternatives(known["Message"], known) if "Message" in known else ():
            found.append(pytest.param(one, id=f"{widget.__name__}-{one['kind'].strip(chr(34))}"))
    return found


TAKEN = (*get_args(Message), *get_args(FromPhone), *get_args(FromHelper))
READ = {get_args(one.__annotations__["kind"])[0]: one for one in TAKEN}


@pytest.mark.parametrize("said", messages())
def test_a_message_of_a_script_has_the_fields_that_python_reads(said: dict[str, str]) -> None:
    kind = json.loads(said["kind"])
    needed = {one.name for one in fields(READ[kind]) if one.default is one.default_factory}
    assert needed <= set(said) <= {one.name for one in fields(READ[kind])}


def test_every_message_that_python_reads_is_sent_by_a_script() -> None:
    assert set(READ) == {json.loads(one.values[0]["kind"]) for one in messages()}


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda one: one.__name__)
def test_a_widget_has_every_script_that_its_own_asks_for(widget: type[Widget]) -> None:
    folder = ROOT / "npswidgets/widgets/static"
    script = script_of(widget)
    texts = [one.read_text("utf-8") for one in folder.glob("*.js")]
    for text in (one for one in texts if "export default" not in one and one not in script):
        for name in re.findall(r"^(?:function|const) (\w+)", text, re.MULTILINE):
            own = re.search(rf"(?:const|let|function) {name}\b|[(,] ?{name}[,)]", script)
            assert own or not re.search(rf"(?<![\w.\-]){name}[(,;)]", script), name


def test_types_are_checked_of_every_script_by_make_test() -> None:
    included = [ROOT.glob(pattern) for pattern in json.loads((ROOT / "tsconfig.json").read_text("utf-8"))["include"]]
    assert {one for found in included for one in found} == set((ROOT / "npswidgets").rglob("*.js"))
    assert "\t@tools/check-script-types\n" in (ROOT / "Makefile").read_text("utf-8")
