"""Workshops for analysts: `open_workshop` gives one, with its scores and its votes as tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from npswidgets.domain.ballots import say_answer
from npswidgets.domain.starting_level import starting_level_of
from npswidgets.domain.statistics import spread
from npswidgets.domain.workshop import Topic, Workshop
from npswidgets.errors import NotFound
from npswidgets.store.database import open_database
from npswidgets.store.example import example_path
from npswidgets.store.saved import is_saved, read_archive
from npswidgets.store.workshops import read_workshop

SCORES = {
    "theme": "string",
    "key_area": "string",
    "value_code": "string",
    "score": "Int64",
    "starting_level": "Int64",
    "target": "Int64",
    "comment": "string",
    "n": "Int64",
    "median": "float64",
    "iqr": "float64",
    "cns": "float64",
    "a": "float64",
}
VOTES = {
    "session": "string",
    "theme": "string",
    "key_area": "string",
    "value_code": "string",
    "code": "string",
    "round": "Int64",
    "level": "Int64",
    "answer": "string",
    "department": "string",
    "participant": "string",
}


@dataclass(frozen=True)
class OpenedWorkshop(Workshop):
    """A workshop that can be put into tables. What it says is what was recorded; changing it changes no workshop."""

    def scores(self) -> pd.DataFrame:
        """A row for each value code, in the order of the diagnostic; the index is its id.

        `score` is empty where there is none, or where the code does not apply; `target` is empty where none was set.
        `n` is how many chose a level in the last vote shown; `median`, `iqr`, `cns` (consensus, 0 to 1), `a`
        (agreement, -1 to 1) and `starting_level` are of that vote, and empty without one.
        """
        topics = self._topics()
        index = pd.Index([topic.code for topic in topics], name="code", dtype="string")
        return _table((self._score_row(topic) for topic in topics), SCORES, index)

    def votes(self) -> pd.DataFrame:
        """A row for each vote that was shown, as the anonymity mode allows. The order does not tell who voted when.

        `round` is 0 for first scores; `level` is empty for the other answers; `department` and
        `participant` are empty in an anonymous workshop (records from before may hold departments).
        """
        return _table(self._vote_rows(), VOTES)

    def _topics(self) -> Sequence[Topic]:
        return [self.topics[code] for code in self.rubric.value_codes if code in self.topics]

    def _place(self, code: str) -> dict[str, Any]:
        return {
            "theme": self.rubric.theme_of(code).name,
            "key_area": self.rubric.key_area_of(code).name,
            "value_code": self.rubric.value_codes[code].display_name,
        }

    def _score_row(self, topic: Topic) -> dict[str, Any]:
        last = topic.shown[-1] if topic.shown else None
        figures = spread(last.counts if last else ())
        return self._place(topic.code) | {
            "score": topic.score.value if topic.score else None,
            "starting_level": starting_level_of(last).level if last else None,
            "target": topic.target,
            "comment": topic.note("comment"),
            "n": figures.n,
            "median": figures.median,
            "iqr": figures.iqr,
            "cns": figures.consensus,
            "a": figures.agreement,
        }

    def _vote_rows(self) -> Iterable[dict[str, Any]]:
        for topic in self._topics():
            place = self._place(topic.code) | {"session": topic.session, "code": topic.code}
            for shown in topic.shown:
                for vote in shown.votes:
                    yield place | {
                        "round": shown.number,
                        "level": vote.answer if isinstance(vote.answer, int) else None,
                        "answer": say_answer(vote.answer),
                        "department": vote.department,
                        "participant": vote.participant,
                    }


def open_workshop(path_or_id: str | Path | None = None, at: int | None = None) -> OpenedWorkshop:
    """A workshop, from its saved file or, by its id, from the database; the committed example if none is named.

    Args:
        path_or_id: what ends in `.jsonl`, or is a file, is a saved workshop; anything else is an id.
        at: a revision, to see the workshop as it stood then.

    Raises:
        NotFound: there is no such workshop or revision.
        ArchiveFault: the file is not a saved workshop, or was changed.
        StoreFault: the database is missing, locked, or from another version.
    """
    if path_or_id is None:
        return open_workshop(example_path(), at)
    path = Path(path_or_id)
    workshop = _saved(path, at) if is_saved(path) else _stored(str(path_or_id), at)
    return OpenedWorkshop(**{one.name: getattr(workshop, one.name) for one in fields(workshop)})


def _saved(path: Path, at: int | None) -> Workshop:
    archive = read_archive(path)
    last = archive.workshop.revision
    if at is None or at == last:
        return archive.workshop
    if not 1 <= at < last:
        raise NotFound(f"{path}: the record ends at revision {last}, so there is no revision {at}.")
    return archive.at(at)


def _stored(workshop: str, at: int | None) -> Workshop:
    engine = open_database()
    try:
        return read_workshop(engine, workshop, at)
    finally:
        engine.dispose()


def _table(rows: Iterable[dict[str, Any]], types: Mapping[str, str], index: pd.Index | None = None) -> pd.DataFrame:
    """The rows with exactly these columns, typed also if there are none."""
    found = list(rows)
    columns = {name: pd.Series([row[name] for row in found], dtype=kind, index=index) for name, kind in types.items()}
    return pd.DataFrame(columns, index=index)
