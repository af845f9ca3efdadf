"""A workshop that can be put into tables."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from npswidgets.analysis.frames import frame
from npswidgets.domain.ballots import say_answer
from npswidgets.domain.card import Card
from npswidgets.domain.known import Known
from npswidgets.domain.nearest import no_attribute
from npswidgets.domain.workshop import Topic, Workshop
from npswidgets.report.columns import VOTES
from npswidgets.report.contents import Report
from npswidgets.report.make import make_report
from npswidgets.report.sheets import Row, Sheet, sheet, with_levels

TABLES_OF_A_WORKSHOP = (
    "scores",
    "votes",
    "rounds",
    "ratings",
    "actions",
    "statements",
    "departments_voted",
    "panel",
    "times",
)
SHOWN_FIRST = (
    *TABLES_OF_A_WORKSHOP,
    *("id", "council", "title", "rubric", "sessions", "topics", "sealed", "version", "created_at", "sealed_at"),
    *("anonymity", "departments_in_reports", "revision", "head"),
)
"""What completion offers of a workshop: tables, then what it is."""


@dataclass(frozen=True, repr=False)
class OpenedWorkshop(Workshop):
    """A workshop that can be put into tables. What it says is what was recorded; changing it changes no workshop.

    What each column holds, and in which unit, stands in `attrs["columns"]` of a table, in `nps.tables()` and in
    docs/tables.md. A missing cell is `pd.NA`; levels by name are ordered categoricals; times are UTC.
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "topics", Known("value code of this workshop", self.topics))
        object.__setattr__(self, "sessions", Known("session of this workshop", self.sessions))

    def card(self) -> Card:
        """What it is, and which tables it has."""
        return replace(super().card(), calls=[f"{name}()" for name in TABLES_OF_A_WORKSHOP])

    def __dir__(self) -> Iterable[str]:
        return SHOWN_FIRST

    if not TYPE_CHECKING:  # a misspelt name is mypy's to find

        def __getattr__(self, name: str) -> object:
            raise no_attribute("A workshop", name, SHOWN_FIRST)

    def scores(self) -> pd.DataFrame:
        """A row for each value code, in the order of the diagnostic; the index is its id.

        `state` tells "agreed", "not_scored" and "not_applicable" apart. `score` is empty for the last two, `target`
        where none was set. `n` is how many chose a level in the last vote shown; `median`, `iqr`, `cns` (consensus, 0
        to 1), `a` (agreement, -1 to 1) and `starting_level` are of that vote, and empty below five votes.
        """
        return frame(sheet(self._report, "scores"), "code")

    def votes(self) -> pd.DataFrame:
        """A row for each vote that was shown, as the anonymity mode allows. The order does not tell who voted when.

        `round` is 0 for first scores; `level` is empty for the other answers; `department` and
        `participant` are empty in an anonymous workshop (records from before may hold departments).
        """
        levels = self.rubric.levels
        columns = with_levels(VOTES, tuple(map(str, levels)), tuple(one.name for one in levels))
        return frame(Sheet("votes", columns, tuple(self._votes())))

    def rounds(self) -> pd.DataFrame:
        """A row for each vote that was shown on a value code: when, who answered, and its figures."""
        return frame(sheet(self._report, "rounds"))

    def ratings(self) -> pd.DataFrame:
        """A row for each vote of a panel that rates from 1 to 9, and how it was judged; else no rows.

        `judged` is by the criterion that the rubric names, or by IPRAS where there is no published count.
        """
        return frame(sheet(self._report, "ratings"))

    def actions(self) -> pd.DataFrame:
        """A row for each action, in the order of the value codes; `due` is a day."""
        return frame(sheet(self._report, "actions"))

    def statements(self) -> pd.DataFrame:
        """A row for each statement of each level; `agreed` is true where the room agreed on that level."""
        return frame(sheet(self._report, "statements"))

    def departments_voted(self) -> pd.DataFrame:
        """The last vote by department or role, a row for each level, where that may be shown; else no rows."""
        return frame(sheet(self._report, "departments"))

    def panel(self) -> pd.DataFrame:
        """Who scored: a row for each session; nobody is named."""
        return frame(sheet(self._report, "panel"), "session")

    def times(self) -> pd.DataFrame:
        """When the room worked on each value code, and for how many minutes; the index is its id."""
        return frame(sheet(self._report, "times"), "code")

    @cached_property
    def _report(self) -> Report:
        return make_report(self)

    def _votes(self) -> Iterable[Row]:
        topics = (self.topics[code] for code in self.rubric.value_codes if code in self.topics)
        return (row for topic in topics for row in self._votes_on(topic))

    def _votes_on(self, topic: Topic) -> Iterable[Row]:
        code, rubric = topic.code, self.rubric
        groups = (rubric.theme_of(code).name, rubric.key_area_of(code).name, rubric.value_codes[code].display_name)
        given = [*((one.session, one.round) for one in topic.elsewhere), *((topic.session, one) for one in topic.shown)]
        for session, shown in given:
            for vote in shown.votes:
                level = vote.answer if isinstance(vote.answer, int) else None
                name = None if level is None else str(rubric.level(level))
                said = (level, name, say_answer(vote.answer), vote.department, vote.participant)
                yield (session, *groups, code, shown.number, shown.name, *said)
