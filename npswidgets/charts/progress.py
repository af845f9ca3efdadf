"""Scores of several workshops side by side, value code by value code."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from matplotlib.axes import Axes

from npswidgets.charts.cells import Cell, draw_cells
from npswidgets.charts.chart import Chart, ChartTable
from npswidgets.charts.rows import (
    SMALLER,
    GroupHeading,
    Sizes,
    draw_heading,
    draw_name,
    height_of,
    number,
    sizes_for,
    with_headings,
)
from npswidgets.charts.style import QUIET, WIDTH, sheet, wrap, write
from npswidgets.domain.rubric_words import capital
from npswidgets.domain.scale import Scale

_NAMES, _CHANGE, _MARK = 196.0, 74.0, "*"
SAME = "the same"


@dataclass(frozen=True)
class ProgressRow:
    """A value code: its score in each workshop, the earliest first; None where it has none.

    Attributes:
        changes: what else is not the same in all workshops, in a word or a few, such as "wording"; a star marks them.
        other: one id stands for different things, so that no score says anything of another.
    """

    key_area: str
    name: str
    scores: Sequence[int | None]
    changes: tuple[str, ...] = ()
    other: bool = False
    theme: str = ""

    @property
    def change(self) -> int | None:
        """From the first workshop to the last; None where one has no score, or both are of different things."""
        first, last = self.scores[0], self.scores[-1]
        return None if self.other or first is None or last is None else last - first

    @property
    def weakest(self) -> int | None:
        """The lowest of all scores; None if there is none, or they are of different things."""
        if self.other:
            return None
        return min((score for score in self.scores if score is not None), default=None)


def progress(
    rows: Sequence[ProgressRow], workshops: Sequence[str], scales: Sequence[Scale], title: str = "Progress"
) -> Chart:
    """A row for each value code, a column for each of two or more workshops, the level in colour and as a number.

    What became of it from the first to the last stands at the right, in words. A star marks where something else
    changed, too, such as the wording. All 59 of the diagnostic fit one page of A4; six workshops side by side are still
    easy to read. `scales` are those of the workshops.
    """
    return _side_by_side(
        rows, workshops, scales, Words(title, "Change", _progress_says(rows, scales[-1]), _say_step, _alt(rows))
    )


def weakest(
    rows: Sequence[ProgressRow],
    councils: Sequence[str],
    scales: Sequence[Scale],
    title: str = "Councils side by side",
) -> Chart:
    """The same for councils that become one: at the right stands the lowest level, at which the new one would be.

    No score of a council is better than another: the chart says where the weakest part of the new council lies.
    """
    said = Words(title, "Weakest", _weakest_says(rows, councils, scales[-1]), partial(_say_weakest, scales[-1]), "")
    return _side_by_side(rows, councils, scales, said)


@dataclass(frozen=True)
class Words:
    """What is written in such a chart: `outcome` says what the right column says of a row."""

    title: str
    head: str
    says: str
    outcome: Callable[[ProgressRow], str]
    alt: str


def _side_by_side(
    rows: Sequence[ProgressRow], workshops: Sequence[str], scales: Sequence[Scale], words: Words
) -> Chart:
    sizes = sizes_for(rows)
    lines = list(with_headings(rows))
    heights = [height_of(line, _NAMES, sizes) for line in lines]
    cell = (WIDTH - _NAMES - _CHANGE) / len(workshops)
    heads = [wrap(name, cell - 6, SMALLER * sizes.text, bold=True) for name in workshops]
    head = sizes.line * (0.8 + max(map(len, heads)))
    bottom = head + sum(heights)
    changed = any(row.changes for row in rows)
    figure, axes = sheet(bottom + (2.2 if changed else 0.5) * sizes.line)
    for at, name in enumerate(heads):
        for line, text in enumerate(name):
            place = _NAMES + cell * (at + 0.5), sizes.line * (0.6 + line)
            write(axes, *place, text, size=SMALLER * sizes.text, bold=True, align="center")
    write(axes, WIDTH - _CHANGE + 8, 0.6 * sizes.line, words.head, size=SMALLER * sizes.text, bold=True)
    cells: list[Cell] = []
    for one, height, top in zip(lines, heights, accumulate(heights, initial=head), strict=False):
        if isinstance(one, GroupHeading):
            draw_heading(axes, one, top, sizes)
        else:
            cells += _row(axes, one, (top, height), cell, sizes, scales)
            y = top + height / 2
            write(axes, WIDTH - _CHANGE + 8, y, words.outcome(one), size=sizes.text, bold=words.outcome(one) != SAME)
    draw_cells(axes, cells, sizes.text)
    if changed:
        said = f"{_MARK} Compare with care: {_said(rows)}"
        write(axes, 0, bottom + 1.2 * sizes.line, said, size=SMALLER * sizes.text, colour=QUIET)
    alt = f"{words.title}. {words.says} {words.alt}".strip()
    return Chart(words.title, alt, figure, words.says, _table(rows, workshops, scales[-1], words))


def _row(
    axes: Axes,
    row: ProgressRow,
    place: tuple[float, float],
    cell: float,
    sizes: Sizes,
    scales: Sequence[Scale],
) -> list[Cell]:
    """The row but for its cells, which are given back."""
    top, height = place
    y = top + height / 2
    draw_name(axes, f"{row.name} {_MARK}" if row.changes else row.name, top, _NAMES, sizes)
    middles = [_NAMES + cell * (at + 0.5) for at in range(len(row.scores))]
    for x, score in zip(middles, row.scores, strict=True):
        if score is None:
            write(axes, x, y, "–", size=sizes.text, colour=QUIET, align="center")
    return [
        Cell(x, y, min(cell - 4, 46), sizes.row, str(score), scale.colour(score))
        for x, score, scale in zip(middles, row.scores, scales, strict=True)
        if score is not None
    ]


def _say_step(row: ProgressRow) -> str:
    return say_change(row.change)


def _say_weakest(scale: Scale, row: ProgressRow) -> str:
    return "–" if row.weakest is None else f"{scale.word.one} {row.weakest}"


def say_change(change: int | None) -> str:
    """Such as "1 higher", "2 lower", "the same"; a dash where there is nothing to compare."""
    if change is None:
        return "–"
    if change == 0:
        return SAME
    return f"{change} higher" if change > 0 else f"{-change} lower"


def _progress_says(rows: Sequence[ProgressRow], scale: Scale) -> str:
    steps = [row.change for row in rows if row.change is not None]
    if not steps:
        return f"No {scale.words.topic_in_reports.one} has a score in both the first and the last workshop."
    higher, lower = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    return (
        f"From the first workshop to the last, {higher} of {len(steps)} scores are higher, {lower} lower and "
        f"{len(steps) - higher - lower} the same."
    )


def _weakest_says(rows: Sequence[ProgressRow], councils: Sequence[str], scale: Scale) -> str:
    """Where the weakest level lies: in one council alone, or in several."""
    alone: Counter[str] = Counter()
    shared = 0
    for row in rows:
        lowest = [
            name for name, score in zip(councils, row.scores, strict=True) if score is not None and score == row.weakest
        ]
        alone.update(lowest if len(lowest) == 1 else ())
        shared += len(lowest) > 1
    said = [f"in {name} on {alone[name]}" for name in councils if alone[name]]
    said += [f"in more than one of them on {shared}"] if shared else []
    if not said:
        return f"No {scale.words.topic_in_reports.one} has a score yet."
    *first, last = said
    where = f"{', '.join(first)} and {last}" if first else last
    return f"Of {scale.words.topic_in_reports.counted(len(rows))}, the weakest {scale.word.one} lies {where}."


def _alt(rows: Sequence[ProgressRow]) -> str:
    """Which changed, if they are few."""
    changed = [row for row in rows if row.change]
    said = [f"{row.name}: {say_change(row.change)}." for row in changed] if len(changed) <= 10 else []
    said += [f"{capital(change)} on {number}." for change, number in _changes(rows).items()]
    return " ".join(said)


def _changes(rows: Sequence[ProgressRow]) -> Counter[str]:
    """On how many rows each change is, in the order in which they come first."""
    return Counter(change for row in rows for change in row.changes)


def _said(rows: Sequence[ProgressRow]) -> str:
    """All changes that are there, for the key of the star."""
    return ", ".join(_changes(rows))


def _heads(scale: Scale) -> tuple[str, str]:
    return scale.words.key_area.head, scale.words.topic_in_reports.head


def _table(rows: Sequence[ProgressRow], workshops: Sequence[str], scale: Scale, words: Words) -> ChartTable:
    head = (*_heads(scale), *workshops, words.head, "What else changed")
    found = [
        (
            row.key_area,
            row.name,
            *(number(score, "–") for score in row.scores),
            words.outcome(row),
            "; ".join(row.changes) or "nothing",
        )
        for row in rows
    ]
    return ChartTable(head, tuple(found), texts=(*head[:2], *head[-2:]))
