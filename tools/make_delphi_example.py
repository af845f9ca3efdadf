"""Writes sessions/delphi.jsonl, the example of docs/delphi.md: an invented panel rates in two rounds.

Each run writes the same file, byte for byte. Its ratings show what can come out: agreement that was not there in the
first round, disagreement that is stable, and agreement on an answer in the middle.
"""

import secrets
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

from sqlalchemy import Engine

from npswidgets.domain.events import (
    Answer,
    Event,
    Move,
    NoteWritten,
    ParticipantJoined,
    ScoreRecorded,
    SessionClosed,
    SessionOpened,
    SessionPlanned,
    TopicPresented,
    Vote,
    VotesRevealed,
    VotingOpened,
    Words,
    WorkshopCreated,
    WorkshopSealed,
)
from npswidgets.store import record, workshops
from npswidgets.store.archive import archive_text
from npswidgets.store.database import open_database, writing
from npswidgets.store.rubric_files import load_rubric, rubric_digest

EXAMPLE = Path(__file__).parent.parent / "sessions" / "delphi.jsonl"
SESSION, RUBRIC = "ways-of-working", "panel-rating"
BEGUN, APART = datetime(2026, 3, 19, 9, 30, tzinfo=UTC), timedelta(minutes=1)

RATED: dict[str, tuple[str, str]] = {
    "short-meeting": ("6 7 7 8 8 5 9 7 8 3 6 8", "7 7 7 8 8 6 9 7 8 5 7 8"),
    "quiet-hours": ("1 2 2 3 8 8 9 9 7 2 8 5", "1 2 2 3 8 8 9 9 7 3 8 5"),
    "shared-notes": ("4 5 5 6 7 ? 4 5 6 8 5 6", "4 5 5 6 6 5 4 5 6 7 5 6"),
}
"""What the twelve panellists answered, in one order in both rounds; ? is "I don't know"."""
AGREED = {
    "short-meeting": (7, "Keep it. Those who work from home take part by phone.", ""),
    "quiet-hours": (5, "No recommendation: the panel disagrees, and stays so.", "Whoever answers the public cannot."),
    "shared-notes": (5, "Uncertain: good where a team shares a task. We try it in two teams.", ""),
}
"""The score, the comment, and a different view."""


def main() -> None:
    """Writes the file, or another one that is named."""
    path = Path(sys.argv[1]) if sys.argv[1:] else EXAMPLE
    path.write_text(example(), encoding="utf-8")


def example() -> str:
    """The text of the saved workshop."""
    chance = Random(1)
    engine = open_database("sqlite://")
    try:
        with patch.object(secrets, "token_hex", lambda size=32: chance.randbytes(size).hex()):
            return archive_text(engine, _stored(engine, list(_events(chance))))
    finally:
        engine.dispose()


def _stored(engine: Engine, events: Sequence[Event]) -> str:
    first, *rest = events
    assert isinstance(first, WorkshopCreated)
    rubric = load_rubric(RUBRIC)
    with writing(engine) as db:
        workshops.insert_row(db, first, rubric)
        workshop = record.start(db, first, rubric, BEGUN)
        for at, event in enumerate(rest, 1):
            by = "participant" if isinstance(event, ParticipantJoined) else "facilitator"
            workshop = record.append(db, workshop, event, by, BEGUN + at * APART)
    return workshop.id


def _events(chance: Random) -> Iterator[Event]:
    rubric, panellists = load_rubric(RUBRIC), len(_answers("short-meeting", 0))
    digest = rubric_digest(rubric)
    yield WorkshopCreated(
        "delphi", "Example County Council", rubric.asks, rubric.id, rubric.version, digest, "anonymous", ()
    )
    yield SessionPlanned(SESSION, "Ways of working", tuple(RATED), panellists)
    yield SessionOpened(SESSION)
    yield from (ParticipantJoined(SESSION, chance.randbytes(8).hex(), None) for _ in range(panellists))
    yield from (VotingOpened(SESSION, code, 0) for code in RATED)
    yield from (_shown(code, 0) for code in RATED)
    for code, (score, comment, view) in AGREED.items():
        yield TopicPresented(SESSION, code)
        yield VotingOpened(SESSION, code, 1)
        yield _shown(code, 1)
        yield NoteWritten(SESSION, code, "comment", Words(comment))
        if view:
            yield NoteWritten(SESSION, code, "different_view", Words(view))
        yield ScoreRecorded(SESSION, code, score)
    yield SessionClosed(SESSION)
    yield WorkshopSealed(1, Words("Head of service"))


def _shown(code: str, number: int) -> VotesRevealed:
    votes = tuple(map(Vote, sorted(_answers(code, number), key=str)))
    if not number:
        return VotesRevealed(SESSION, code, number, votes)
    before, after = _answers(code, 0), _answers(code, 1)
    changed = Counter(pair for pair in zip(before, after, strict=True) if pair[0] != pair[1])
    moves = tuple(Move(*pair, people) for pair, people in sorted(changed.items(), key=str))
    return VotesRevealed(SESSION, code, number, votes, moves=moves, voted_in_both=len(before))


def _answers(code: str, number: int) -> list[Answer]:
    return ["dont_know" if one == "?" else int(one) for one in RATED[code][number].split()]


if __name__ == "__main__":
    main()
