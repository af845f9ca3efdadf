"""The map between two editions of a rubric as a YAML file: `rubric/map.schema.json` says its shape."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from npswidgets.domain.edition_map import Mapped, first_map, misfits
from npswidgets.domain.rubric import Rubric
from npswidgets.errors import Fault, RubricFaults
from npswidgets.store.rubric_check import place_in_words, structure
from npswidgets.store.rubric_json import Json, rubric_digest
from npswidgets.store.rubric_writing import as_yaml
from npswidgets.store.yaml_file import Mistake, YamlFile, read_yaml

_HEAD = """\
# How the topics of one edition became those of the next, and which scores can be compared.
# change: one to one, split, merged, new or gone. comparable: yes, with care or no.
# note: why, if there is something to say.
# Each topic of both editions stands here once. Check it: nps-workshop rubric check-map

"""


_SIDES = ("before", "after")


def read_map(path: Path, before: Rubric, after: Rubric) -> tuple[Mapped, ...]:
    """The map in this file, which fits both editions.

    Raises:
        RubricFaults: it cannot be read, or something does not fit; the error carries all faults.
    """
    file = read_yaml(path)
    entries = [_entry(one) for one in _entries(file)]
    file.mistakes.extend(structure("map", file))
    if isinstance(file.data, dict):
        file.mistakes.extend([*_editions(file, before, after), *_unsaid(file), *_misfits(file, entries, before, after)])
    faults = (_fault(path, file, one) for one in sorted(file.mistakes, key=lambda one: one.line))
    if found := tuple(dict.fromkeys(faults)):
        raise RubricFaults(found)
    return tuple(entries)


def _entries(file: YamlFile) -> list[Any]:
    found = file.data.get("changes") if isinstance(file.data, dict) else None
    return found if isinstance(found, list) else []


def _entry(data: Any) -> Mapped:
    """An entry as far as it can be understood; what is wrong with its shape the schema says."""
    said = data if isinstance(data, dict) else {}
    change, comparable = said.get("change"), said.get("comparable")
    return Mapped(
        change=change if isinstance(change, str) else "",  # type: ignore[arg-type]  # told by the schema
        before=_codes(said.get("before")),
        after=_codes(said.get("after")),
        comparable=comparable if comparable in ("yes", "with care") else "no",
        note=str(said.get("note", "")),
    )


def _codes(said: object) -> tuple[str, ...]:
    return tuple(one for one in said if isinstance(one, str)) if isinstance(said, list) else ()


def _editions(file: YamlFile, before: Rubric, after: Rubric) -> Iterator[Mistake]:
    """Where the file is of other editions than those it is to be read for."""
    for key, rubric in zip(_SIDES, (before, after), strict=True):
        for name, value in _edition(rubric).items():
            said = file.data.get(key)
            found = said.get(name) if isinstance(said, dict) else None
            if isinstance(found, str) and found != value:
                yield Mistake((key, name), file.line((key, name)), f'"{value}"', f'"{found}"')


def _edition(rubric: Rubric) -> Json:
    return {"id": rubric.id, "version": rubric.version, "digest": rubric_digest(rubric)}


def _unsaid(file: YamlFile) -> Iterator[Mistake]:
    """Entries with something on both sides that do not say whether it can be compared."""
    for at, one in enumerate(_entries(file)):
        if isinstance(one, dict) and "comparable" not in one and all(one.get(key) for key in _SIDES):
            place = ("changes", at)
            yield Mistake(place, file.line(place), 'the key "comparable": yes, with care or no', "no such key")


def _misfits(file: YamlFile, entries: list[Mapped], before: Rubric, after: Rubric) -> Iterator[Mistake]:
    for one in misfits(entries, before, after):
        place = ("changes",) if one.entry is None else ("changes", one.entry, one.key)
        yield Mistake(
            place, file.line(place), f"{one.key}: {one.expected}" if one.entry is None else one.expected, one.found
        )


def _fault(path: Path, file: YamlFile, mistake: Mistake) -> Fault:
    words = place_in_words(file.data, mistake.place)
    return Fault(
        path.name, f"{words} (line {mistake.line})" if mistake.place else words, mistake.expected, mistake.found
    )


def first_map_text(before: Rubric, after: Rubric) -> str:
    """A map to begin from, as the text of a file."""
    entries = [_entry_to_json(one) for one in first_map(before, after)]
    return _HEAD + as_yaml({"before": _edition(before), "after": _edition(after), "changes": entries})


def _entry_to_json(one: Mapped) -> Json:
    said: Json = {"change": one.change}
    said |= {key: list(codes) for key, codes in (("before", one.before), ("after", one.after)) if codes}
    return said | ({"comparable": one.comparable} if one.before and one.after else {})
