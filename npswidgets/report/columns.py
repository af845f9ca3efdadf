"""The columns of all tables, each with what it holds and in which unit: Excel, CSV and pandas show these."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from npswidgets.domain.notes import FURTHER_NOTES, NOTES
from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.scale import RATINGS
from npswidgets.domain.starting_level import ENOUGH_VOTES
from npswidgets.domain.workshop import ROUND_NAMES
from npswidgets.report.ratings import BANDS, CRITERIA, JUDGED

Kind = Literal["text", "level", "choice", "whole", "figure", "index", "yes", "date", "time"]
Cell: TypeAlias = str | int | float | None

KINDS: dict[Kind, str] = {
    "text": "text",
    "level": "level with its name, lowest first",
    "choice": "one of a few words, in their order",
    "whole": "whole number",
    "figure": "number",
    "index": "number, two digits in Excel and CSV",
    "yes": "yes or no",
    "date": "day",
    "time": "time in UTC",
}
"""What people call each kind."""


@dataclass(frozen=True)
class Column:
    """A column; an empty cell is None or "".

    Attributes:
        says: what it holds, and in which unit.
        kind: of `KINDS`. A level is such as "2 Developing", a day "2026-09-30", a time ISO 8601 in UTC.
        width: in Excel, in characters.
        frame: its name in a DataFrame, where that is another.
        choices: what a "choice" may be, in order.
    """

    name: str
    says: str
    kind: Kind = "text"
    width: int = 18
    frame: str = ""
    choices: tuple[str, ...] = ()

    @property
    def frame_name(self) -> str:
        """Its name in a DataFrame."""
        return self.frame or self.name


_NOUN = re.compile(r"\b(an? )?(value code|level|key area)(s?)\b")


def in_words(says: str, words: RubricWords) -> str:
    """What a column or a kind holds, in the words of a rubric.

    >>> from npswidgets.domain.rubric_words import Noun
    >>> in_words("score of the value code, as a level", RubricWords(Noun("item", "items"), Noun("mark", "marks")))
    'score of the item, as a mark'
    """
    called = {"value code": words.topic, "level": words.level, "key area": words.key_area}

    def put(found: re.Match[str]) -> str:
        noun = called[found[2]]
        return noun.many if found[3] else noun.a if found[1] else noun.one

    return _NOUN.sub(put, says)


STATES = ("not_scored", "not_applicable", "agreed")
ROUNDS = ROUND_NAMES

PLACE = (
    Column("code", "id of the value code", width=39),
    Column("theme", "name of its theme", width=21),
    Column("key_area", "name of its key area", width=31),
    Column("value_code", "name of the value code", width=40),
)
_SESSION = Column("session", "id of the session that scores it", width=20)
_VOTED_IN = Column("session", "id of the session that voted", width=20)
_ROUND = Column("round", "0 for first scores, 1 to 3 for votes in the room", "whole", 8)
_VOTE = Column("vote", "name of the round", "choice", 26, choices=ROUNDS)
_COUNTS = (
    Column("votes", "people who chose a level", "whole", 8, frame="n"),
    Column("dont_know", "people who answered “I don't know”", "whole", 11),
    Column("not_my_role", "people who answered “Not part of my role”", "whole", 12),
    Column("absent", "people who had joined and gave no answer", "whole", 8),
)
_FIGURES = (
    Column("median", f"middle of the votes, in levels; empty below {ENOUGH_VOTES} votes", "figure", 9),
    Column("q1", "first quartile of the votes, in levels", "figure", 8),
    Column("q3", "third quartile of the votes, in levels", "figure", 8),
    Column("iqr", "distance of the quartiles, in levels", "figure", 8),
    Column("consensus", "consensus after Tastle and Wierman, 0 to 1", "index", 11, frame="cns"),
    Column("agreement", "agreement after van der Eijk, -1 to 1", "index", 11, frame="a"),
)
SCORES = (
    *PLACE,
    Column("state", "whether a score was agreed on", "choice", 14, choices=STATES),
    Column("score", "agreed score, as a level of the rubric; empty where there is none", "whole", 8),
    Column("score_text", "the score with its name, or why there is none", width=16),
    Column(
        "starting_level",
        f"where the talk starts, from the last vote shown; empty below {ENOUGH_VOTES} votes",
        "whole",
        14,
    ),
    Column("target", "level to reach next", "whole", 8),
    Column("comment", NOTES["comment"].holds, width=50),
    Column("verdict", "in words, how the last votes shown lie", width=30),
    _SESSION,
    Column("score_level", "the score with its name; empty where there is none", "level", 14),
    Column("not_applicable", "why the value code does not apply", width=30),
    Column("earlier_score", "score in the earlier workshop, if one is given", "whole", 13),
    Column("earlier_changes", "what else changed since then, where a difference may come from that", width=20),
    Column("benchmark", "figure of the benchmark, if one is given and a score is agreed on, in levels", "figure", 11),
    Column("to_benchmark", "score less benchmark, in levels", "figure", 13),
    Column("priority", "(1 + target - score) squared - 1; 0 where the target is met", "whole", 9),
    *(Column(kind, NOTES[kind].holds, width=40) for kind in FURTHER_NOTES),
    Column("reason_above", "why the score is above the suggested level", width=30),
    Column("agreed_at", "when the score was recorded, or that the value code does not apply", "time", 17),
    Column("last_vote", "name of the last vote shown; the columns that follow are of it", "choice", 26, choices=ROUNDS),
    *_COUNTS,
    *_FIGURES,
)
ROUND_TABLE = (
    *PLACE,
    _VOTED_IN,
    _ROUND,
    _VOTE,
    Column("opened_at", "when voting was opened", "time", 17),
    Column("shown_at", "when the votes were shown", "time", 17),
    Column("verdict", "in words, how the votes lie", width=30),
    *_COUNTS,
    *_FIGURES,
    Column("moved", "people who changed their answer since the vote before", "whole", 8),
    Column("voted_in_both", "people who voted in the vote before, too; empty where it is not recorded", "whole", 12),
    Column("stability", f"share of them who kept their answer, 0 to 1; empty below {ENOUGH_VOTES} people", "index", 9),
)
RATINGS_TABLE = (
    *PLACE,
    _VOTED_IN,
    _ROUND,
    _VOTE,
    *(Column(f"rated_{value}", f"people who rated {value}", "whole", 9) for value in RATINGS),
    Column("votes", "people who rated", "whole", 8, frame="n"),
    Column("median", "middle of the ratings, in levels", "figure", 9),
    *(Column(f"in_{band.replace('-', '_')}", f"people who rated {band}", "whole", 8) for band in BANDS),
    Column("band", "band of the median", "choice", 8, choices=BANDS),
    Column("p30", "30th percentile of the ratings, in levels", "figure", 8),
    Column("p70", "70th percentile of the ratings, in levels", "figure", 8),
    Column("ipr", "distance of these percentiles, in levels", "figure", 8),
    Column("ipras", "2.35 + 1.5 times the distance of their middle from 5, in levels", "figure", 8),
    Column("index", "ipr by ipras; above 1 is disagreement by IPRAS", "index", 8),
    Column(
        "by",
        "the criterion that judged; IPRAS where there is no published count",
        "choice",
        10,
        choices=CRITERIA,
    ),
    Column("judged", "what the criterion found", "choice", 16, choices=JUDGED),
    Column("result", "the band; 4-6 wherever there is disagreement", "choice", 8, choices=BANDS),
)
"""A row for each vote of a panel, where the rubric names a criterion and enough people rated."""
ANSWERS = (
    *PLACE,
    _ROUND,
    _VOTE,
    Column("answer", "a level of the rubric, or the other answer", width=20),
    Column("people", "people who gave it", "whole", 9),
    _VOTED_IN,
)
VOTES = (
    _VOTED_IN,
    *PLACE[1:],
    PLACE[0],
    _ROUND,
    _VOTE,
    Column("level", "the level that was chosen; empty for the other answers", "whole", 8),
    Column("level_name", "the same with its name", "level", 14),
    Column("answer", "the level, “I don't know” or “Not part of my role”", width=20),
    Column("department", "department or role of the voter; empty in an anonymous workshop", width=28),
    Column("participant", "id of the voter; empty in an anonymous workshop"),
)
DEPARTMENTS = (
    *PLACE,
    Column("department", "department or role, or the other ones together", width=28),
    Column("level", "a level of the rubric", "whole", 8),
    Column("people", "people of it who chose that level in the last vote", "whole", 9),
)
ACTIONS = (
    *PLACE,
    Column("what", "what will be done", width=50),
    Column("owner", "job title of who does it", width=28),
    Column("due", "until when", "date", 12),
    Column("done_when", "how one will know that it is done", width=50),
    Column("score", "agreed score of the value code, as a level", "whole", 8),
    Column("target", "level to reach next", "whole", 8),
)
STATEMENTS = (
    *PLACE,
    Column("level", "a level of the rubric", "whole", 8),
    Column("name", "its name", "choice", 14),
    Column("statement", "what is true at this level", width=80),
    Column("agreed", "whether the room agreed on this level", "yes", 8),
)
PANEL = (
    Column("session", "id of the session", width=24),
    Column("title", "title of the session", width=34),
    Column("state", "how far it is", "choice", 10, choices=("planned", "open", "closed")),
    Column("opened_at", "when it was opened", "time", 17),
    Column("closed_at", "when it was closed", "time", 17),
    Column("people", "people who took part: on phones, and on paper at the end", "whole", 9),
    Column("on_paper", "people who voted on paper at the end", "whole", 9),
    Column("expected", "people who were expected; empty if nobody said", "whole", 9),
    Column("value_codes", "value codes that it scores", "whole", 12),
    Column("scored", "value codes with a score", "whole", 8),
    Column("not_applicable", "value codes that do not apply", "whole", 14),
    Column("kendalls_w", "how far people put value codes in the same order, 0 to 1; empty without voters", "index", 11),
    Column("krippendorffs_alpha", "1 where people give the same levels, 0 as by chance; empty likewise", "index", 18),
)
TIMES = (
    *PLACE,
    _SESSION,
    Column("opened_at", "when the first vote in the room was opened", "time", 17),
    Column("first_shown_at", "when votes in the room were shown first", "time", 17),
    Column("last_shown_at", "when votes in the room were shown last", "time", 17),
    Column("agreed_at", "when the score was recorded", "time", 17),
    Column("votes_shown", "votes in the room that were shown", "whole", 12, frame="rounds"),
    Column("minutes", "from its first vote in the room, else from when the room came to it, to the score", "figure", 9),
)
TABLES: dict[str, tuple[Column, ...]] = {
    "scores": SCORES,
    "rounds": ROUND_TABLE,
    "ratings": RATINGS_TABLE,
    "votes": ANSWERS,
    "departments": DEPARTMENTS,
    "actions": ACTIONS,
    "statements": STATEMENTS,
    "panel": PANEL,
    "times": TIMES,
}
"""The tables of a report, by name; `VOTES` are the single votes of a workshop, which no report has."""
