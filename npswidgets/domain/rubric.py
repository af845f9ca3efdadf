"""What is assessed: themes, key areas, value codes and the statements of their levels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from npswidgets.domain.card import Card, Carded
from npswidgets.domain.known import Known
from npswidgets.domain.nearest import unknown
from npswidgets.domain.rubric_words import PLAIN_WORDS, RubricWords
from npswidgets.domain.scale import AgreementBy, Level, Scale, ScoreFollows

FEWEST_ON_A_RADAR = 3
"""Key areas that make a shape."""


@dataclass(frozen=True, repr=False)
class ValueCode(Carded):
    """One thing to score, with the statements of each level, by its value; none where only some levels have words.

    Attributes:
        name: as the source prints it; `display_name` is the one for screens and reports.
        notes: what is to be known about the transcription, such as an open border between two levels.
    """

    id: str
    name: str
    display_name: str
    description: str
    levels: dict[int, tuple[str, ...]]
    notes: tuple[str, ...] = ()

    def card(self) -> Card:
        """Its description and the first statement of each level."""
        facts = [(str(level), " ".join(said)) for level, said in self.levels.items()]
        return Card("ValueCode", self.id, [("name", self.display_name), ("description", self.description)], facts)


@dataclass(frozen=True, repr=False)
class KeyArea(Carded):
    """A group of value codes, with the source's introduction to it."""

    id: str
    name: str
    definition: str
    what_it_is: str
    why_it_is_important: str
    value_codes: tuple[ValueCode, ...]

    def card(self) -> Card:
        """Its value codes."""
        facts = [("name", self.name), ("value codes", len(self.value_codes))]
        return Card("KeyArea", self.id, facts, [(code.id, code.display_name) for code in self.value_codes])


@dataclass(frozen=True, repr=False)
class Theme(Carded):
    """A group of key areas: what one session scores."""

    id: str
    name: str
    key_areas: tuple[KeyArea, ...]

    @property
    def value_codes(self) -> tuple[ValueCode, ...]:
        """All value codes of the theme, in the order of the source."""
        return tuple(code for area in self.key_areas for code in area.value_codes)

    def card(self) -> Card:
        """Its key areas."""
        facts = [("name", self.name), ("value codes", len(self.value_codes))]
        return Card("Theme", self.id, facts, [(area.id, area.name) for area in self.key_areas])


@dataclass(frozen=True, repr=False)
class Rubric(Carded):
    """A whole diagnostic. Ids of themes, key areas and value codes are unique in it.

    Attributes:
        source: a sentence that says whose words these are.
        score_follows, good_enough, case_study, agreement_by: as in `Scale`.
        anchored_at: the levels that have statements on every value code, lowest first; empty where all have.
        question: what each vote asks, in place of the question that everybody else is asked.
        credit: the source in a few words, below a vote; the title where it is empty.
        credit_in_full: the same on the big screen; the source where it is empty.
        asks: what a workshop is called that nobody gave a title; the title where it is empty.
        form: whose form takes the answers as text, such as "LGA"; empty for nobody's.
        licence: on what terms the words may be used; empty where nobody said.
        words: what people call a topic, a level and a key area.
    """

    id: str
    title: str
    version: str
    source: str
    levels: tuple[Level, ...]
    themes: tuple[Theme, ...]
    guidance: str = field(default="", repr=False)
    score_follows: ScoreFollows = "weakest part"
    good_enough: int | None = None
    case_study: int | None = None
    anchored_at: tuple[int, ...] = ()
    question: str = ""
    credit: str = ""
    credit_in_full: str = ""
    asks: str = ""
    form: str = ""
    licence: str = ""
    agreement_by: AgreementBy | None = None
    words: RubricWords = PLAIN_WORDS

    @cached_property
    def scale(self) -> Scale:
        """What a score can be: its levels, lowest first."""
        return Scale(self.levels, self.score_follows, self.good_enough, self.case_study, self.agreement_by, self.words)

    @cached_property
    def key_areas(self) -> tuple[KeyArea, ...]:
        """All key areas, in the order of the source."""
        return tuple(area for theme in self.themes for area in theme.key_areas)

    @cached_property
    def value_codes(self) -> dict[str, ValueCode]:
        """All value codes by id, in the order of the source."""
        return Known("value code", {code.id: code for area in self.key_areas for code in area.value_codes})

    @cached_property
    def _area_by_code(self) -> dict[str, KeyArea]:
        return Known("value code", {code.id: area for area in self.key_areas for code in area.value_codes})

    @cached_property
    def _theme_by_area(self) -> dict[str, Theme]:
        return {area.id: theme for theme in self.themes for area in theme.key_areas}

    def key_area_of(self, code: str) -> KeyArea:
        """The key area that a value code belongs to. Raises UnknownName if there is none."""
        return self._area_by_code[code]

    def theme_of(self, code: str) -> Theme:
        """The theme that a value code belongs to. Raises UnknownName if there is none."""
        return self._theme_by_area[self.key_area_of(code).id]

    def level(self, value: int | None) -> Level:
        """The level with this value. Raises UnknownName if there is none, and for None."""
        return self.scale.level(value)

    def codes_in(self, part: str) -> tuple[str, ...]:
        """The ids of the value codes of a theme or key area (by id or name, in any case), or a value code's own id.

        Raises:
            UnknownName: the rubric has no such part.
        """
        if str(part) in self.value_codes:
            return (part,)
        wanted = str(part).strip().casefold()
        found = [*self._named(self.themes, wanted), *self._named(self.key_areas, wanted)]
        if not found:
            parts = {one.id: one.name for one in self.themes} | {one.id: one.name for one in self.key_areas}
            known = [*parts, *parts.values(), *self.value_codes]
            raise unknown("theme, key area or value code", part, known)
        return tuple(code.id for code in found[0].value_codes)

    def code_named(self, name: str) -> str:
        """The id of the value code of this id or name, in any case.

        Raises:
            UnknownName: there is none.
        """
        if str(name) in self.value_codes:
            return name
        wanted = str(name).strip().casefold()
        known = {text: one.id for one in self.value_codes.values() for text in (one.id, one.name, one.display_name)}
        found = next((code for text, code in known.items() if text.casefold() == wanted), None)
        if found is None:
            raise unknown("value code", name, known)
        return found

    def card(self) -> Card:
        """Its version, its levels and its themes."""
        facts = [("title", self.title), ("version", self.version), ("value codes", len(self.value_codes))]
        levels = ", ".join(map(str, self.levels))
        return Card("Rubric", self.id, [*facts, ("levels", levels)], [(theme.id, theme.name) for theme in self.themes])

    @staticmethod
    def _named(parts: tuple[Theme, ...] | tuple[KeyArea, ...], wanted: str) -> Iterator[Theme | KeyArea]:
        return (part for part in parts if wanted in (part.id.casefold(), part.name.casefold()))


def wording_changed(rubrics: Iterable[Rubric], code: str) -> bool:
    """Whether a value code was not put in the same words in all of these that have it.

    Its words are its description and statements, the names of the levels, and what each vote asks.
    """
    found = [(one, one.value_codes[code]) for one in rubrics if code in one.value_codes]
    return len({(one.levels, one.question, of.description, *of.levels.items()) for one, of in found}) > 1
