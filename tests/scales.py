"""Rubrics of other lengths than the check lets in, which it lets in for as long as a test runs."""

from dataclasses import replace

import pytest
from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain.rubric import Rubric
from npswidgets.domain.scale import Level
from npswidgets.store import rubric_json, workshops
from npswidgets.store.rubric_files import load_rubric

NAMES = ("Not yet", "Partly", "Mostly", "Fully", "Well", "Very well", "Leading", "Ahead", "Far ahead", "Best")


def rubric_of(length: int) -> Rubric:
    """The diagnostic with so many levels; each has the statements of one of 2018, the ends those of its ends."""
    found = load_rubric()
    levels = tuple(Level(value, NAMES[value - 1]) for value in range(1, length + 1))
    apart = found.scale.steps / (length - 1)
    places = {level.value: found.levels[round(at * apart)] for at, level in enumerate(levels)}

    def with_levels(part: object) -> object:
        statements = part.levels  # type: ignore[attr-defined]
        return replace(part, levels={value: statements[place.value] for value, place in places.items()})  # type: ignore[type-var]

    themes = tuple(
        replace(
            theme,
            key_areas=tuple(
                replace(area, value_codes=tuple(map(with_levels, area.value_codes)))  # type: ignore[arg-type]
                for area in theme.key_areas
            ),
        )
        for theme in found.themes
    )
    return replace(found, levels=levels, themes=themes)


def room_of(engine: Engine, length: int, monkeypatch: pytest.MonkeyPatch, people: int = 6) -> Room:
    """A workshop with a rubric of so many levels, which the check lets in."""
    rubric = rubric_of(length)
    monkeypatch.setattr(rubric_json, "LENGTHS", (length,))
    monkeypatch.setattr(workshops, "load_rubric", lambda _: rubric)
    return make_room(engine, people)
