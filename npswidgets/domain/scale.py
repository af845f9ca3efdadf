"""The scale of a rubric: what its levels are called, where they begin and end, and in which colour each is shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from npswidgets.domain.nearest import unknown
from npswidgets.domain.rubric_words import PLAIN_WORDS, Noun, RubricWords

_COLOURS = {
    3: "#440154 #355f8d #22a785",
    4: "#440154 #414487 #2a778e #22a785",
    5: "#440154 #463480 #355f8d #25848e #22a884",
    6: "#440154 #472a7a #3c4f8a #2e6e8e #228b8d #22a785",
    7: "#440154 #482475 #414487 #355f8d #2a778e #21908d #22a785",
    8: "#440154 #482071 #443a83 #3a538b #306a8e #277f8e #20928c #22a785",
    9: "#440154 #481c6e #463480 #3e4a89 #355f8d #2c718e #25838e #1f958b #22a785",
    10: "#440154 #481a6c #472f7d #414487 #39568c #31678e #2a778e #24878e #1f978b #22a785",
}
"""By the number of levels, lowest first: even steps of viridis, as far as they have 3:1 on white."""

_ON_DARK = {
    3: "#2e6f8e #3bbb75 #fde725",
    4: "#2e6f8e #1fa187 #73d056 #fde725",
    5: "#2e6f8e #1f958b #3bbb75 #95d840 #fde725",
    6: "#2e6f8e #228d8d #25ac82 #5ac864 #aadc32 #fde725",
    7: "#2e6f8e #23888e #1fa187 #3bbb75 #73d056 #b8de29 #fde725",
    8: "#2e6f8e #25848e #1f9a8a #2ab07f #50c46a #86d549 #c2df23 #fde725",
    9: "#2e6f8e #26828e #1f958b #22a884 #3bbb75 #63cb5f #95d840 #cae11f #fde725",
    10: "#2e6f8e #27808e #21918c #1fa187 #2db27d #4cc26c #73d056 #a0da39 #d0e11c #fde725",
}
"""The same for a dark page: even steps from where viridis has 3:1 on `DARK_PAPER` to its end."""

DARK_PAPER = "#14181c"
"""What a page is on that follows a phone's dark colours: `templates/screen/dark.css`."""

_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


ScoreFollows: TypeAlias = Literal["weakest part", "median", "nothing"]
"""Which of the votes a score follows: from it comes the level that is suggested; from nothing comes none."""

AgreementBy: TypeAlias = Literal["counting", "IPRAS"]
"""By which criterion the ratings of a panel agree: see `panel_agreement`."""
RATINGS = tuple(range(1, 10))
"""The values on which panels rate that are judged by such a criterion."""


@dataclass(frozen=True)
class Level:
    """A step of a scale: its value and its name, such as 1 and "Minimum"; one between two others may have no name."""

    value: int
    name: str

    def __str__(self) -> str:
        return f"{self.value} {self.name}".strip()


@dataclass(frozen=True)
class Scale:
    """The levels from the lowest up, their values one apart. Nothing else knows how many there are.

    `value in scale` is whether somebody can choose it, whatever it is: a browser may send anything.

    Attributes:
        score_follows: which of the votes a score follows.
        good_enough: the level that is already a good result; None where the rubric names none.
        case_study: the level with which people are asked to be a case study for others; None for none.
        agreement_by: by which criterion reports judge the agreement of a panel; None but for `RATINGS`, and for none.
        words: what people call a topic, a level and a key area; scales are the same, whatever that is.
    """

    levels: tuple[Level, ...]
    score_follows: ScoreFollows = "weakest part"
    good_enough: int | None = None
    case_study: int | None = None
    agreement_by: AgreementBy | None = None
    words: RubricWords = field(default=PLAIN_WORDS, compare=False)

    @property
    def word(self) -> Noun:
        """What people call a level."""
        return self.words.level

    @cached_property
    def values(self) -> tuple[int, ...]:
        """The values, lowest first."""
        return tuple(level.value for level in self.levels)

    @property
    def lowest(self) -> int:
        """The value of the first level."""
        return self.values[0]

    @property
    def highest(self) -> int:
        """The value of the last level."""
        return self.values[-1]

    @property
    def steps(self) -> int:
        """How many steps it is from the lowest level to the highest."""
        return len(self.levels) - 1

    @property
    def number(self) -> str:
        """How many levels there are, in a word: "five"."""
        return in_words(len(self.levels))

    @property
    def ends(self) -> str:
        """From where to where it goes, as sentences say it: "1 to 4"."""
        return f"{self.lowest} to {self.highest}"

    @property
    def colours(self) -> tuple[str, ...]:
        """The colour of each level, lowest first.

        In this order people with any colour vision tell them apart; beside each stands its number. Raises KeyError for
        fewer than three levels, and for more than ten.
        """
        return tuple(_COLOURS[len(self.levels)].split())

    @property
    def colours_on_dark(self) -> tuple[str, ...]:
        """The same for a dark page: here, too, a higher level is lighter."""
        return tuple(_ON_DARK[len(self.levels)].split())

    @property
    def middle_colour(self) -> str:
        """For what belongs to the scale and to no level: the one in the middle, the upper one of two."""
        return self.colours[len(self.levels) // 2]

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and value in self.values

    def level(self, value: int | None) -> Level:
        """The level with this value. Raises UnknownName if there is none, and for None."""
        if value is None or value not in self:
            raise unknown("level", value, map(str, self.values))
        return self.levels[self.place(value)]

    def place(self, value: int) -> int:
        """Where a level stands, counted from 0: the index of its votes in `counts`."""
        return value - self.lowest

    def colour(self, value: int) -> str:
        """The colour of the level with this value."""
        return self.colours[self.place(value)]

    def counts(self, answers: Iterable[object]) -> tuple[int, ...]:
        """How many of the answers are each of the levels, lowest first; other answers do not count."""
        given = tuple(answers)
        return tuple(given.count(value) for value in self.values)

    def nearest(self, view: float) -> int:
        """The level that is nearest to a place on the scale, or beyond it."""
        return min(self.highest, max(self.lowest, round(view)))

    def above(self, value: int | None) -> int | None:
        """The next level to reach; None for none, and above the highest."""
        return None if value is None or value >= self.highest else value + 1


def in_words(number: int) -> str:
    """So many levels, or steps between them, in a word; none to ten."""
    return _WORDS[number]
