"""A YAML 1.2 file as plain data, with the line of each part, and every key that stands twice."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MOST_BYTES = 1_000_000
"""The longest file of the diagnostic of 2018 has 18,005."""

_ODD = r"[^\S \t\n\r]|[\u200b-\u200f\u2060-\u2064\u00ad\ufeff]"
_ODD_SPACE = re.compile(rf"^[ ]*(?:- +)*(?P<before>{_ODD})|[:-](?P<behind>{_ODD})|(?P<ahead>{_ODD}):")
"""A blank that is none to YAML, where a blank would mean something."""

Place = tuple[str | int, ...]
"""The keys and indexes that lead to a part, from the top: ("value_codes", 0, "levels", "4")."""


@dataclass(frozen=True)
class Mistake:
    """What is wrong in a file, and where; `line` counts from 1."""

    place: Place
    line: int
    expected: str
    found: str


@dataclass
class YamlFile:
    """What a file says: `data` of dicts (keys are always text), lists and scalars; None when it is unreadable.

    Attributes:
        written: how scalars that are no text stand in the file, such as 007 for the number 7.
    """

    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    written: dict[Place, str] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line where this part begins, or the nearest part around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read_yaml(path: Path) -> YamlFile:
    """Reads a file. One that is no YAML, or uses YAML's references, gives no data and one mistake.

    So does what is no file: a folder, a link that leads nowhere, or what a program would have to write to first.
    """
    try:
        raw = path.read_bytes() if path.is_file() and path.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        return YamlFile(mistakes=[Mistake((), 1, "a file that can be read", error.strerror or "something else")])
    return YamlFile(mistakes=[_no_file(path)]) if raw is None else _parsed(raw)


def _no_file(path: Path) -> Mistake:
    if path.is_file():
        return Mistake((), 1, f"a file of up to {MOST_BYTES // 1_000_000} MB", "a longer one")
    found = "a folder" if path.is_dir() else "what is no file" if path.exists() else "a link that leads nowhere"
    return Mistake((), 1, "a file", found)


def _parsed(raw: bytes) -> YamlFile:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml, file = YAML(typ="safe"), YamlFile()
    try:
        file.data = _Walk(yaml, file).value(yaml.compose(raw.decode()), ())
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        file.mistakes.append(Mistake((), line, "a file saved as UTF-8", f"the byte {raw[error.start]:#x}"))
    except _Reference as error:
        file.mistakes.append(Mistake((), error.line, "the text written out", "a YAML reference (&, *)"))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        file.mistakes.append(_unreadable(line, (error.problem or "a mistake") + _odd_space(raw.decode(), line)))
    except (YAMLError, ValueError, LookupError, RecursionError) as error:
        file.mistakes.append(_unreadable(1, str(error).splitlines()[0]))
    return file


def _unreadable(line: int, problem: str) -> Mistake:
    if problem.startswith("mapping values"):
        problem += ' (a text with ": " in it goes in quotes)'
    return Mistake((), line, "YAML that can be read", problem)


def _odd_space(text: str, until: int) -> str:
    """Says which blank above a mistake, or on its line, is none to YAML; nothing if there is none."""
    for number, line in reversed(list(enumerate(text.removeprefix("\ufeff").split("\n")[:until], 1))):
        if found := _ODD_SPACE.search(line):
            return f'; line {number} has "{found[found.lastgroup or 0]}" where a plain space, or nothing, belongs'
    return ""


class _Reference(Exception):
    def __init__(self, line: int) -> None:
        self.line = line


class _Walk:
    """Turns the nodes that the YAML parser composed into plain data, and notes lines and mistakes in the file."""

    def __init__(self, yaml: Any, file: YamlFile) -> None:
        self._yaml, self._file = yaml, file
        self._seen: set[int] = set()

    def value(self, node: Any, place: Place) -> Any:
        """The plain data of a node (None for an empty file)."""
        if node is None:
            return None
        self._file.lines.setdefault(place, node.start_mark.line + 1 if place else 1)
        if id(node) in self._seen:
            raise _Reference(self._file.line(place))
        self._seen.add(id(node))
        match node.id:
            case "mapping":
                return self._mapping(node, place)
            case "sequence":
                return [self.value(child, (*place, n)) for n, child in enumerate(node.value)]
        if node.tag == "tag:yaml.org,2002:str":
            return node.value
        self._file.written[place] = node.value
        return self._yaml.constructor.construct_object(node)

    def _mapping(self, node: Any, place: Place) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if key_node.id == "scalar" else "a list or mapping as a key"
            line = key_node.start_mark.line + 1
            if key in data:
                found = f"it again, after line {self._file.line((*place, key))}"
                self._file.mistakes.append(Mistake((*place, key), line, "each key once", found))
                continue
            self._file.lines[(*place, key)] = line
            data[key] = self.value(value_node, (*place, key))
        return data
