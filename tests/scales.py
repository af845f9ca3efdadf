"""Rubrics of other lengths: one about something else, and the diagnostic as it would be with them."""

from dataclasses import replace

from room import Room, make_room
from sqlalchemy import Engine

from npswidgets.domain.rubric import KeyArea, Rubric, Theme, ValueCode
from npswidgets.domain.rubric_words import PLAIN_WORDS, Noun, RubricWords
from npswidgets.domain.scale import Level, ScoreFollows
from npswidgets.store.rubric_files import load_rubric

NAMES = ("Not yet", "Partly", "Mostly", "Fully", "Well", "Very well", "Leading", "Ahead", "Far ahead", "Best")
OWN_WORDS = RubricWords(
    Noun("item", "items"), Noun("grade", "grades"), Noun("bed", "beds"), topic_in_reports=Noun("entry", "entries")
)
"""Of a rubric with other nouns, one of which takes "an"."""
TOPICS = ("Watering", "Weeding", "Pruning", "Sowing", "Mulching", "Picking")


def garden_of(
    length: int,
    lowest: int = 1,
    follows: ScoreFollows = "weakest part",
    anchored: bool = False,
    case_study: bool = True,
    words: RubricWords = PLAIN_WORDS,
) -> Rubric:
    """A rubric of so many levels on six topics of a garden; anchored, words stand at its ends and in between once."""
    values = range(lowest, lowest + length)
    anchors = (values[0], values[length // 2], values[-1]) if anchored else ()
    levels = tuple(
        Level(value, "" if anchors and value not in anchors else name)
        for value, name in zip(values, NAMES, strict=False)
    )
    said = {value: () if anchors and value not in anchors else (f"{value} of ten beds.",) for value in values}
    codes = [ValueCode(name.lower(), name, name, f"How {name} goes.", said) for name in TOPICS]
    areas = [
        KeyArea("beds", "Beds", "Where things grow.", "Earth.", "Soup.", tuple(codes[:4])),
        KeyArea("trees", "Trees", "Where apples grow.", "Wood.", "Cake.", tuple(codes[4:])),
    ]
    return Rubric(
        id="garden",
        title="Garden review",
        version="1",
        source="Written for the tests.",
        levels=levels,
        themes=(Theme("garden", "Garden", tuple(areas)),),
        score_follows=follows,
        case_study=values[-1] if case_study else None,
        anchored_at=anchors,
        question="How good is the garden?" if anchored else "",
        words=words,
    )


def diagnostic_of(length: int) -> Rubric:
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
    return replace(found, levels=levels, themes=themes, good_enough=None, case_study=levels[-1].value)


def room_of(engine: Engine, rubric: Rubric, people: int = 6) -> Room:
    """A workshop with this rubric, on its first theme."""
    theme = rubric.themes[0]
    codes = tuple(code.id for code in theme.value_codes[:3])
    return make_room(engine, people, rubric=rubric, sessions=((theme.name, codes),))
