"""The votes on one value code, the rounds side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from matplotlib.axes import Axes

from npswidgets.charts.chart import Chart, ChartTable
from npswidgets.charts.style import INK, QUIET, WIDTH, rule, sheet, shorten, wrap, write
from npswidgets.domain.scale import Scale
from npswidgets.domain.verdict import verdict

_TYPE, _SMALL = 10.0, 9.0
_ROW, _HEAD, _LINE = 34.0, 24.0, 13.0
_NAMES, _GAP, _COUNT = 104.0, 14.0, 24.0
_MOVES = 44.0
"""Between two rounds, for the lines of those who moved."""
_LARGEST, _VISIBLE = 11.0, 6.0


@dataclass(frozen=True)
class RoundVotes:
    """One vote: its name ("Vote in the room"), the votes on each level, lowest first, and the other answers.

    Attributes:
        moves: how many people went from one level to another one since the round before: (3, 2, 4) for four people.
    """

    name: str
    counts: Sequence[int]
    dont_know: int = 0
    not_my_role: int = 0
    moves: Sequence[tuple[int, int, int]] = ()

    @property
    def in_words(self) -> tuple[str, ...]:
        """How many voted, and how many gave the other answers."""
        n = sum(self.counts)
        said = ["1 vote" if n == 1 else f"{n} votes"]
        said += [f"{self.dont_know} {'does' if self.dont_know == 1 else 'do'}n't know"] if self.dont_know else []
        said += [f"{self.not_my_role} not part of their role"] if self.not_my_role else []
        return tuple(said)

    def moved_in_words(self, scale: Scale) -> tuple[str, ...]:
        """How many went to a lower and to a higher level; empty if nobody moved."""
        lower = sum(people for before, after, people in self.moves if after < before)
        higher = sum(people for before, after, people in self.moves if after > before)
        return tuple(
            f"{people} to a {way} {scale.word.one}" for people, way in ((lower, "lower"), (higher, "higher")) if people
        )


@dataclass(frozen=True)
class _Grid:
    """How the dots of a row stand: how many side by side, and how far apart."""

    per_line: int
    pitch: float


def spread_of_votes(rounds: Sequence[RoundVotes], scale: Scale, topic: str = "") -> Chart:
    """A dot for each vote: a row for each level from the top down, a column for each of one or more rounds.

    Votes before the last are rings. The number of votes stands in each row, the other answers stand below. Between two
    rounds a line leads from level to level for those who moved, the thicker the more of them.

    Args:
        rounds: oldest first, each with a count for each level.
        scale: of the rubric.
        topic: the value code's name, for the words.
    """
    column = (WIDTH - _NAMES) / len(rounds)
    gap = _MOVES if any(one.moves for one in rounds[1:]) else _GAP
    below = [
        [line for said in (*one.in_words, *one.moved_in_words(scale)) for line in wrap(said, column - gap, _SMALL)]
        for one in rounds
    ]
    bottom = _HEAD + _ROW * len(scale.levels)
    figure, axes = sheet(bottom + _LINE * (max(map(len, below)) + 1))
    _name_levels(axes, scale)
    grid = _grid(max(max(one.counts) for one in rounds), column - gap - _COUNT)
    for at, one in enumerate(rounds):
        left = _NAMES + column * at
        write(axes, left, _HEAD / 2, shorten(one.name, column - gap, _TYPE, bold=True), size=_TYPE, bold=True)
        _draw_round(axes, left, one, scale, grid, latest=one is rounds[-1])
        if at:
            _draw_moves(axes, (left - gap + 4, left - 4), one, scale)
        for line, said in enumerate(below[at]):
            write(axes, left, bottom + _LINE * (line + 1), said, size=_SMALL, colour=QUIET)
    title = f"Votes on {topic}" if topic else "Votes"
    return Chart(title, _alt(rounds, scale, topic), figure, _says(rounds, scale), _table(rounds, scale))


def _name_levels(axes: Axes, scale: Scale) -> None:
    rule(axes, 0, WIDTH, _HEAD)
    for row, level in enumerate(scale.levels):
        lines = wrap(str(level), _NAMES - 8, _TYPE)[:2]
        for line, text in enumerate(lines):
            write(axes, 0, _middle_of(row) + _LINE * (line - (len(lines) - 1) / 2), text, size=_TYPE)
        rule(axes, 0, WIDTH, _HEAD + _ROW * (row + 1))


def _middle_of(row: int) -> float:
    return _HEAD + _ROW * (row + 0.5)


def _grid(most: int, width: float) -> _Grid:
    """The dots of the fullest row, in as few lines as keep them well visible."""
    for lines in (1, 2, 3, 4):
        per_line = max(1, ceil(most / lines))
        grid = _Grid(per_line, pitch=min(_LARGEST, width / per_line, _ROW / (lines + 0.2)))
        if grid.pitch >= _VISIBLE:
            break
    return grid


def _draw_round(axes: Axes, left: float, one: RoundVotes, scale: Scale, grid: _Grid, *, latest: bool) -> None:
    pitch = grid.pitch
    right = left + pitch * grid.per_line + _COUNT
    for row, (level, count) in enumerate(zip(scale.levels, one.counts, strict=True)):
        xs, ys = _places(count, grid.per_line)
        axes.scatter(
            [left + pitch * x for x in xs],
            [_middle_of(row) + pitch * y for y in ys],
            s=(0.74 * pitch) ** 2,
            facecolor=scale.colour(level.value) if latest else "white",
            edgecolor=scale.colour(level.value),
            linewidth=0.11 * pitch,
            label=f"{one.name}: {level}",
        )
        write(axes, right, _middle_of(row), str(count), size=_TYPE, bold=count > 0, align="right")


def _draw_moves(axes: Axes, ends: tuple[float, float], one: RoundVotes, scale: Scale) -> None:
    for before, after, people in one.moves:
        ys = [_middle_of(scale.place(before)), _middle_of(scale.place(after))]
        width = min(5.0, 0.7 + 0.6 * people)
        axes.plot(ends, ys, color=INK, alpha=0.55, linewidth=width, solid_capstyle="butt", label=f"{one.name}: moved")
        axes.scatter([ends[1]], ys[1:], s=(width + 3.0) ** 2, marker=">", color=INK, alpha=0.75, linewidth=0)


def _places(count: int, per_line: int) -> tuple[list[float], list[float]]:
    """Where the dots of a row stand, in dots to the right of its start and below its middle."""
    lines = ceil(count / per_line)
    xs = [dot % per_line + 0.5 for dot in range(count)]
    ys = [dot // per_line - (lines - 1) / 2 for dot in range(count)]
    return xs, ys


def _alt(rounds: Sequence[RoundVotes], scale: Scale, topic: str) -> str:
    return " ".join([f"Votes on {topic}." if topic else "Votes.", *(_sentence(one, scale) for one in rounds)])


def _says(rounds: Sequence[RoundVotes], scale: Scale) -> str:
    last = rounds[-1]
    ways = last.moved_in_words(scale) if len(rounds) > 1 else ()
    moved = f"; then {' and '.join(ways)}" if ways else ""
    before = f"{rounds[-2].name}: {_lowered(rounds[-2], scale)}{moved}. " if len(rounds) > 1 else ""
    return f"{before}{last.name}: {_lowered(last, scale)}."


def _lowered(one: RoundVotes, scale: Scale) -> str:
    said = verdict(one.counts, lowest=scale.lowest, word=scale.word).sentence
    return said[0].lower() + said[1:]


def _table(rounds: Sequence[RoundVotes], scale: Scale) -> ChartTable:
    rows = [(str(level), *(str(one.counts[at]) for one in rounds)) for at, level in enumerate(scale.levels)]
    others = [("I don't know", *(str(one.dont_know) for one in rounds))]
    others += [("Not part of my role", *(str(one.not_my_role) for one in rounds))]
    head = ("Answer", *(one.name for one in rounds))
    return ChartTable(head, (*rows, *others), texts=head[:1])


def _sentence(one: RoundVotes, scale: Scale) -> str:
    cast = [f"{count} at {level}" for level, count in zip(scale.levels, one.counts, strict=True) if count]
    total, *others = one.in_words
    said = "".join(f"; {other}" for other in (*others, *one.moved_in_words(scale)))
    return f"{one.name}: {', '.join([total, *cast])}{said}."
