"""A workbook to fill in, for a rubric that is still to be written."""

from npswidgets.domain.rubric import KeyArea, Rubric, Theme, ValueCode
from npswidgets.domain.scale import Level, ScoreFollows
from npswidgets.errors import Fault, RubricFaults
from npswidgets.rubric_book.reading import read_book
from npswidgets.rubric_book.writing import book_of


def empty_book(
    levels: int,
    themes: int,
    *,
    areas: int = 1,
    lowest: int = 1,
    title: str = "",
    follows: ScoreFollows = "weakest part",
) -> bytes:
    """A workbook with so many levels and themes, each theme with so many key areas; a title is filled in already."""
    scale = tuple(Level(value, "") for value in range(lowest, lowest + levels))
    topic = ValueCode("", "", "", "", {})
    area = KeyArea("", "", "", "", "", (topic,))
    parts = tuple(Theme("", "", tuple(area for _ in range(areas))) for _ in range(themes))
    return book_of(Rubric("", title, "1", "", scale, parts, score_follows=follows))


def still_to_fill(data: bytes, name: str) -> tuple[Fault, ...]:
    """The cells of a workbook that something has to stand in; none where it is complete."""
    try:
        read_book(data, name)
    except RubricFaults as error:
        return error.faults
    return ()
