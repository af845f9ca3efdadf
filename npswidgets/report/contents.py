"""What a report says: one frozen value, which every format is made from. A renderer lays it out and decides nothing.

All texts are final. Statistics are numbers, and rounded once, here, for those who read them: median, quartiles and
their distance exactly ("3", "2.5", "1.25"), consensus and agreement with two digits ("0.63"). Times are ISO 8601 in
UTC, empty where there is none. No person or participant is in a report, and a department only where that was chosen
when the workshop was made.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from npswidgets.domain.agenda import worked_seconds
from npswidgets.domain.card import Brief, Card, Carded
from npswidgets.domain.events import NoteKind
from npswidgets.domain.rubric_words import OF_2018, RubricWords
from npswidgets.domain.scale import AgreementBy, Level, Scale, ScoreFollows
from npswidgets.domain.statistics import percentage, rounded
from npswidgets.errors import ExportFailed
from npswidgets.report.ratings import PanelRatings

FORMAT = 5
MIME_TYPE = "application/vnd.npswidgets.report+json"
"""The type of the notebook output that carries a report."""

WORDS_UNSAID = OF_2018.in_reports
"""Those of a report whose JSON names none: of the diagnostic of 2018, as all were before."""
CodeState = Literal["agreed", "not_scored", "not_applicable"]


@dataclass(frozen=True, repr=False)
class Fact(Brief):
    """A line of the first page, such as "Date": "12 March 2026"."""

    label: str
    text: str


@dataclass(frozen=True, repr=False)
class Section(Brief):
    """A part of the method statement."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class SessionLine(Brief):
    """Who took part: one session.

    Attributes:
        people: who joined it, and who voted on paper at the end: `on_paper`.
        expected: None if nobody said how many come.
        scored: of its `value_codes`; `not_applicable` do not apply.
        kendalls_w, krippendorffs_alpha: how alike people judged; None where the record has no voters, or few.
    """

    id: str
    title: str
    date: str
    state: Literal["planned", "open", "closed"]
    opened_at: str
    closed_at: str
    people: int
    on_paper: int
    expected: int | None
    value_codes: int
    scored: int
    not_applicable: int
    kendalls_w: float | None = None
    krippendorffs_alpha: float | None = None


@dataclass(frozen=True, repr=False)
class Figures(Brief):
    """The statistics of one vote, and as they are shown.

    Attributes:
        median, q1, q3, iqr: in levels.
        consensus: from 0 to 1.
        agreement: from -1 to 1.
    """

    median: float
    q1: float
    q3: float
    iqr: float
    consensus: float
    agreement: float

    @property
    def median_text(self) -> str:
        """Such as "2.5"."""
        return _exactly(self.median)

    @property
    def middle_half(self) -> str:
        """Such as "2 to 3"."""
        return f"{_exactly(self.q1)} to {_exactly(self.q3)}" if self.iqr else _exactly(self.q1)

    @property
    def iqr_text(self) -> str:
        """Such as "1.25"."""
        return _exactly(self.iqr)

    @property
    def consensus_text(self) -> str:
        """Such as "0.63"."""
        return rounded(self.consensus, 2)

    @property
    def agreement_text(self) -> str:
        """Such as "-0.25"."""
        return rounded(self.agreement, 2)


def _moment(said: str) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def _exactly(value: float) -> str:
    return rounded(value, 2).rstrip("0").rstrip(".")


@dataclass(frozen=True, repr=False)
class MoveLine(Brief):
    """How many people went from one answer to another since the vote before: a level, or the other answer in words."""

    before: int | str
    after: int | str
    people: int


@dataclass(frozen=True, repr=False)
class VoteRound(Brief):
    """One vote on a value code.

    Attributes:
        name: "First scores", "Vote in the room", "Second vote in the room" or "Third vote in the room".
        counts: votes on each level of the rubric, lowest first.
        absent: people who had joined and gave no answer.
        opened_at, shown_at: when voting was opened, and the votes were shown.
        sentence: how many voted, from where to where, and who gave another answer or none.
        verdict: in words.
        figures: None where too few chose a level.
        movement: what changed since the vote before; empty for the first.
        voted_in_both: how many voted in the one before, too; None for the first, and where the record does not say.
        stability: the share of them who kept their answer, 0 to 1; None for too few people.
        panel: how a panel agrees; None, and not in JSON, but for rubrics that name a criterion of agreement.
    """

    number: int
    name: str
    counts: tuple[int, ...]
    votes: int
    dont_know: int
    not_my_role: int
    absent: int
    opened_at: str
    shown_at: str
    sentence: str
    verdict: str
    figures: Figures | None
    movement: str
    moves: tuple[MoveLine, ...]
    voted_in_both: int | None = None
    stability: float | None = None
    panel: Annotated[PanelRatings | None, Field(exclude_if=lambda panel: panel is None)] = None


@dataclass(frozen=True, repr=False)
class FirstScoresElsewhere(Brief):
    """First scores of other people, given in the session from which a value code was moved.

    Attributes:
        session: its id; `title` is its title.
        vote: as in `CodeReport.rounds`; nothing else is worked out from it.
    """

    session: str
    title: str
    vote: VoteRound

    @property
    def name(self) -> str:
        """Such as "First scores in Leadership"."""
        return f"{self.vote.name} in {self.title}"


@dataclass(frozen=True, repr=False)
class LevelStatements(Brief):
    """A level of a value code; `agreed` marks the one that the room agreed on."""

    value: int
    name: str
    statements: tuple[str, ...]
    agreed: bool


@dataclass(frozen=True, repr=False)
class StartingPoint(Brief):
    """The suggested level of the last vote, and the sentences that explain it. `level` is None for too few votes."""

    level: int | None
    text: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class DepartmentLine(Brief):
    """How a department or role voted in the last vote on a value code; "Other departments and roles" come last.

    Attributes:
        counts: votes on each level of the rubric, lowest first; `votes` is their number, enough to be shown.
        middle: the level of the middle vote, the lower one of two.
    """

    name: str
    counts: tuple[int, ...]
    votes: int
    middle: int


@dataclass(frozen=True, repr=False)
class ActionLine(Brief):
    """What will be done about a value code.

    Attributes:
        code, name: the value code's id and name.
        owner: a job title; "(no owner yet)" if there is none.
        due: a date such as "2026-09-30"; empty if there is none. `due_text` says it in words, or "(no date yet)".
        done_when: how one will know; empty if nothing was said.
    """

    code: str
    name: str
    what: str
    owner: str
    due: str
    due_text: str
    done_when: str


THEN = "then “"
"""How a change begins that says what a value code was called, after all others."""


@dataclass(frozen=True, repr=False)
class EarlierScore(Brief):
    """The score of a value code in an earlier workshop.

    Attributes:
        score, text: as in `CodeReport`.
        changes: "wording changed", "scored by another rule", "compared with care" (a map says so), "other people
            scored" or several of them, where a difference may come from that, and its name then; else empty.
    """

    score: int | None
    text: str
    changes: str

    @property
    def is_marked(self) -> bool:
        """Whether it is to be compared with care: another name alone is no reason."""
        return bool(self.changes) and not self.changes.startswith(THEN)


@dataclass(frozen=True, repr=False)
class CodeReport(Brief):
    """All about one value code.

    Attributes:
        name: for reading; `source_name` is what the source prints.
        session: the id of the one that scores it.
        score: a level of the rubric; None if there is none.
        score_text: "2 Developing", "(not scored)" or "(not applicable: the reason)".
        score_brief: the same without a reason.
        not_applicable: why it does not apply; empty where it does.
        agreed_at: when that was recorded.
        comment: "(no comment)" if there is none.
        different_view, evidence, case_study, reason_above: empty if there is none.
        target: the level to reach next; None if none was set. `target_text` is "4 Leader", or empty.
        priority: how urgent it is to close the gap between score and target; None without one of the two.
        actions: what was agreed, the earliest date first.
        rounds: the votes that were shown, oldest first.
        last_vote: the verdict on the last of them, with "First scores: " before it if these are all there is; or
            "No votes".
        departments: that vote by department; empty if it was not chosen to show that, or would give somebody away.
        earlier: None without an earlier workshop, or if that was not about this value code.
        benchmark: the figure of a benchmark, as it was given; None without one, and until a score is agreed on.
        presented_at: when the room came to it last; empty for never.
        elsewhere: first scores of other people, before the value code was moved; they are in no other figure.
    """

    id: str
    name: str
    source_name: str
    description: str
    session: str
    levels: tuple[LevelStatements, ...]
    state: CodeState
    score: int | None
    score_text: str
    score_brief: str
    not_applicable: str
    agreed_at: str
    comment: str
    different_view: str
    evidence: str
    case_study: str
    reason_above: str
    target: int | None
    target_text: str
    priority: int | None
    actions: tuple[ActionLine, ...]
    rounds: tuple[VoteRound, ...]
    last_vote: str
    starting: StartingPoint
    departments: tuple[DepartmentLine, ...]
    earlier: EarlierScore | None
    benchmark: float | None = None
    presented_at: str = ""
    elsewhere: tuple[FirstScoresElsewhere, ...] = ()

    @property
    def minutes(self) -> float | None:
        """From its first vote in the room, else from when the room came to it, to its score; None without either."""
        opened = next((one.opened_at for one in self.rounds if one.number), "")
        spent = worked_seconds(*map(_moment, (opened, self.presented_at, self.agreed_at)))
        return None if spent is None else round(spent / 60, 2)

    def note(self, kind: NoteKind) -> str:
        """What is written down of this kind, in the attribute of its name."""
        text: str = getattr(self, kind)
        return text

    @property
    def benchmark_text(self) -> str:
        """Such as "3.4"; empty without one."""
        return "" if self.benchmark is None else f"{self.benchmark:g}"


@dataclass(frozen=True, repr=False)
class AreaReport(Brief):
    """A key area, with those of its value codes that the workshop is about."""

    id: str
    name: str
    definition: str
    what_it_is: str
    why_it_is_important: str
    codes: tuple[CodeReport, ...]


@dataclass(frozen=True, repr=False)
class ThemeReport(Brief):
    """A theme, with its key areas; `scored` says how many of its value codes have a score."""

    id: str
    name: str
    scored: str
    key_areas: tuple[AreaReport, ...]


@dataclass(frozen=True, repr=False)
class Disagreement(Brief):
    """A value code whose last vote was far from close; `consensus` is None where too few voted."""

    code: str
    name: str
    key_area: str
    verdict: str
    consensus: float | None
    score_text: str
    different_view: str

    @property
    def consensus_text(self) -> str:
        """Such as "0.63"; empty for none."""
        return "" if self.consensus is None else rounded(self.consensus, 2)


@dataclass(frozen=True, repr=False)
class UnsureLine(Brief):
    """A value code on which people did not know: `dont_know` of `answers` in the last vote."""

    code: str
    name: str
    key_area: str
    dont_know: int
    answers: int


@dataclass(frozen=True, repr=False)
class UnsureDepartment(Brief):
    """How often a department or role did not know.

    Attributes:
        value_codes: on how many its answers may be shown; `answers` are those of all its people on them.
        share: of those who did not know, 0 to 1.
        most: the value codes on which three or more of them did not know, three at most; empty for none.
    """

    name: str
    value_codes: int
    answers: int
    dont_know: int
    share: float
    most: str

    @property
    def share_text(self) -> str:
        """Such as "12%"."""
        return percentage(Fraction(self.dont_know, self.answers))


@dataclass(frozen=True, repr=False)
class Gap(Brief):
    """A value code whose target is above its score, and by how many levels."""

    code: str
    name: str
    key_area: str
    score_text: str
    target_text: str
    levels: int
    priority: int


@dataclass(frozen=True, repr=False)
class Exemplar(Brief):
    """A score at the highest level, which others may want to learn from; `statements` are those of that level."""

    code: str
    name: str
    key_area: str
    score_text: str
    statements: tuple[str, ...]
    comment: str
    evidence: str
    case_study: str


@dataclass(frozen=True, repr=False)
class Source(Brief):
    """The diagnostic whose statements are quoted; `guidance` is what it says about how to score.

    Attributes:
        score_follows: which of the votes a score follows; in JSON it stands where that is not the weakest part.
        agreement_by: by which criterion the agreement of a panel is judged; in JSON it stands where there is one.
        words: what reports call a topic, a level and a key area; in JSON where they are not those of 2018.
    """

    title: str
    version: str
    credit: str
    guidance: str
    score_follows: Annotated[ScoreFollows, Field(exclude_if=lambda follows: follows == "weakest part")] = "weakest part"
    agreement_by: Annotated[AgreementBy | None, Field(exclude_if=lambda by: by is None)] = None
    words: Annotated[RubricWords, Field(exclude_if=lambda words: words == WORDS_UNSAID)] = WORDS_UNSAID


@dataclass(frozen=True, repr=False)
class Record(Brief):
    """Where the report comes from: whoever holds it can check the saved workshop against revision and digest."""

    workshop: str
    revision: int
    head: str
    sentence: str


@dataclass(frozen=True, repr=False)
class EarlierWorkshop(Brief):
    """The workshop whose scores stand beside those of this one; `sentence` says what became of them."""

    workshop: str
    revision: int
    head: str
    sentence: str


@dataclass(frozen=True, repr=False)
class WeakestScore(Brief):
    """A key area on the radar: its lowest score and its lowest target, None where it has none."""

    key_area: str
    score: int | None
    target: int | None


@dataclass(frozen=True, repr=False)
class Report(Carded):
    """Everything that a report says.

    Attributes:
        title: with "(draft)" until the workshop is signed off.
        status: draft, or by whom and when it was signed off.
        made: the day it was made, in words; `made_on` is the same as "2026-03-12".
        facts: the lines of the first page.
        decided: what the room decided, in sentences: scores, targets, actions.
        summary: what came out, in sentences; no average among them.
        disagreement_sentence: introduces `disagreements`, or says that there are none.
        unsure_sentence: introduces `unsure`, the value codes on which people did not know, or says that there are none.
        unsure_departments: the same by department; empty if it was not chosen to show that.
        gap_sentence: introduces `gaps`, the most urgent first, or says that there are none.
        plan_sentence: introduces `plan`, all actions by owner and date, or says that there are none.
        earlier: None unless an earlier workshop was given.
        radar: the weakest score of each key area; empty unless it was asked for.
        panel: how alike people judged over all value codes, in sentences; empty where the record has no voters.
        benchmark: where the figures of a benchmark come from; empty without one.
    """

    title: str
    council: str
    draft: bool
    status: str
    made: str
    made_on: str
    facts: tuple[Fact, ...]
    decided: tuple[str, ...]
    summary: tuple[str, ...]
    source: Source
    sessions: tuple[SessionLine, ...]
    disagreement_sentence: str
    disagreements: tuple[Disagreement, ...]
    unsure_sentence: str
    unsure: tuple[UnsureLine, ...]
    unsure_departments: tuple[UnsureDepartment, ...]
    gap_sentence: str
    gaps: tuple[Gap, ...]
    plan_sentence: str
    plan: tuple[ActionLine, ...]
    exemplars: tuple[Exemplar, ...]
    themes: tuple[ThemeReport, ...]
    method: tuple[Section, ...]
    record: Record
    earlier: EarlierWorkshop | None = None
    radar: tuple[WeakestScore, ...] = ()
    panel: tuple[str, ...] = ()
    benchmark: str = ""
    format: int = FORMAT

    @property
    def codes(self) -> Iterator[tuple[ThemeReport, AreaReport, CodeReport]]:
        """All value codes with their theme and key area, in the order of the diagnostic."""
        return ((theme, area, code) for theme in self.themes for area in theme.key_areas for code in area.codes)

    @property
    def words(self) -> RubricWords:
        """What its rubric calls a topic, a level and a key area, in reports."""
        return self.source.words

    @property
    def scale(self) -> Scale:
        """The levels of the scores, as the value codes have them, and what a score follows."""
        _, _, first = next(self.codes)
        levels = tuple(Level(level.value, level.name) for level in first.levels)
        source = self.source
        return Scale(levels, source.score_follows, agreement_by=source.agreement_by, words=source.words)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """The output of a notebook cell: the report itself, and a few lines for the reader."""
        lines = [f"{self.council}: {self.title}", self.status, *self.decided, *self.summary]
        carried = json.loads(report_to_json(self))
        return {MIME_TYPE: carried, "text/html": self.card().html, "text/plain": "\n".join(lines)}

    def card(self) -> Card:
        """Whose it is, how far it is, and what came out."""
        facts = [("title", self.title), ("status", self.status), ("made", self.made)]
        return Card("Report", self.council, facts, [("", said) for said in (*self.decided, *self.summary)])


@cache
def _codec() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


def report_to_json(report: Report) -> str:
    """The report as JSON; `report_from_json` gives the same value back."""
    return _codec().dump_json(report).decode()


def report_schema() -> dict[str, Any]:
    """The JSON Schema of a report."""
    schema = _codec().json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Report of a workshop", **schema}


def report_from_json(text: str) -> Report:
    """The report that `report_to_json` wrote.

    Raises:
        ExportFailed: it is not one, or one of another version of the toolkit.
    """
    try:
        found = json.loads(text).get("format")
        if found != FORMAT:
            raise ExportFailed(f"This report has the format {found!r}; this version of the toolkit reads {FORMAT}.")
        return _codec().validate_json(text, strict=True)
    except (ValueError, AttributeError) as error:
        raise ExportFailed(f"This is not a report of a workshop: {error}") from error
