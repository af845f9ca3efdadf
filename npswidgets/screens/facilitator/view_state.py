"""One facilitator's view of a session. What the room is on and what a facilitator looks at are two things."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from npswidgets.domain.ballots import Reason
from npswidgets.domain.events import Proposal
from npswidgets.domain.first_scores import are_default, are_offered, next_topic, talk_order, to_take_together
from npswidgets.domain.rubric import ValueCode
from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.starting_level import starting_level_of
from npswidgets.domain.verdict import Verdict, verdict
from npswidgets.domain.workshop import LAST_ROUND, Round, Score, Session, Topic, Workshop

Page: TypeAlias = Literal[
    "topic", "scoring", "not_applicable", "together", "sheets", "agenda", "agreed", "actions", "tidy", "report"
]  # fmt: skip
Stage: TypeAlias = Literal[
    "planned",
    "first_scores",
    "ready",
    "voting",
    "stopped",
    "shown",
    "agree",
    "agreed",
    "parked",
    "not_applicable",
    "asking",
    "closed",
]


@dataclass(frozen=True)
class Draft:
    """A score that was chosen and is not saved yet."""

    score: int
    reason_above: str = ""
    case_study: bool = False


@dataclass(frozen=True)
class Unseen:
    """Participants whose phones were not seen for at least so many minutes."""

    participants: tuple[str, ...] = ()
    minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class ViewState:
    """What one facilitator's screen shows.

    Attributes:
        code: the value code looked at; the room may be on another one.
        page: the topic, its score without a vote, why it does not apply; what is taken together; score sheets; "Is this
            what we agreed?", the actions, all topics to check, or the reports.
        votes_in: how many have voted in the round under way on that value code.
        draft: chosen for that value code and not saved; None if nothing is.
        finished: how many people have scored all topics on their own, while first scores are open.
        to_talk: the value codes that somebody wants to talk about before their scores are taken together.
        reasons: what people gave as reasons with the votes that are shown.
        agenda: the workshop with its topics, where the topic looked at is the practice, which is none of them.
        live_practice: the practice topic if the room is on it, which may be another one than the one looked at.
        still_to_vote: the names of those who have not voted in that round, where people take part by name.
        paper_in: the numbers of the paper votes that were entered in that round.
        names: until when names are kept, where all topics are checked.
        hurrying: whether the first scores are to be shown although some have not finished.
        unseen: whose phones were not seen for long.
        booked: for how many minutes the session is planned; 0 where nobody said.
    """

    workshop: Workshop
    session_id: str
    code: str
    page: Page = "topic"
    votes_in: int = 0
    draft: Draft | None = None
    paper_in: tuple[int, ...] = ()
    unseen: Unseen = Unseen()
    reasons: tuple[Reason, ...] = ()
    finished: int = 0
    to_talk: frozenset[str] = frozenset()
    agenda: Workshop | None = None
    live_practice: Topic | None = None
    still_to_vote: tuple[str, ...] = ()
    names: str = ""
    hurrying: bool = False
    booked: int = 0

    @property
    def session(self) -> Session:
        """The session on this screen."""
        return self.workshop.sessions[self.session_id]

    @property
    def topic(self) -> Topic:
        """The topic looked at."""
        return self.workshop.topics[self.code]

    @property
    def is_practice(self) -> bool:
        """Whether the topic looked at is the practice."""
        return self.agenda is not None

    @property
    def of_agenda(self) -> "ViewState":
        """The same among the topics of the workshop, which the practice is none of."""
        return replace(self, workshop=self.agenda) if self.agenda else self

    @property
    def value_code(self) -> ValueCode:
        """The words of the topic looked at."""
        return self.workshop.rubric.value_codes[self.code]

    @property
    def next(self) -> Topic | None:
        """What comes after the topic looked at; None if all others are done."""
        return next_topic(self.workshop, self.session_id, self.code)

    @property
    def first_scores(self) -> Literal["default", "offered", ""]:
        """Whether everybody may score alone first: by default, if the facilitator wants it, or no longer."""
        if are_default(self.workshop, self.session_id):
            return "default"
        return "offered" if are_offered(self.workshop, self.session_id) else ""

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The scores that the room is asked to take together, or could be asked."""
        return self.session.together or to_take_together(self.workshop, self.session_id)

    @property
    def to_agree(self) -> tuple[Proposal, ...]:
        """Those of them that nobody wants to talk about."""
        return tuple(one for one in self.proposals if one.code not in self.to_talk)

    @property
    def first_to_talk(self) -> Topic | None:
        """The topic to talk about first of those that still want a score; None if there is none."""
        close = {one.code for one in to_take_together(self.workshop, self.session_id)}
        todo = [one for one in talk_order(self.workshop, self.session_id) if one.score is None]
        return next((one for one in todo if one.code not in close and not one.parked), next(iter(todo), None))

    @property
    def presented(self) -> bool:
        """Whether the room is on this topic, or has voted on it: first scores alone do not bring it there."""
        return self.session.live == self.code or self.votes_held > 0 or self.session.state != "open"

    @property
    def live(self) -> bool:
        """Whether the room is on this topic, or on none yet."""
        return self.session.live in (None, self.code)

    @property
    def last(self) -> Round | None:
        """The last vote on this topic that was shown."""
        return self.topic.shown[-1] if self.topic.shown else None

    @property
    def called(self) -> RubricWords:
        """What the rubric calls a topic, a level and a key area."""
        return self.workshop.rubric.words

    @property
    def votes_held(self) -> int:
        """How many votes in the room were shown; the first scores on one's own do not count."""
        return sum(one.number > 0 for one in self.topic.shown)

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on the last vote shown; None before."""
        if self.last is None:
            return None
        return verdict(
            self.last.counts,
            lowest=self.last.scale.lowest,
            dont_know=self.last.count_of("dont_know"),
            not_my_role=self.last.count_of("not_my_role"),
            rounds=self.votes_held,
            level=starting_level_of(self.last).level,
            follows=self.last.scale.score_follows,
            word=self.last.scale.word,
        )

    @property
    def can_vote_again(self) -> bool:
        """Whether another vote on this topic is possible."""
        return self.session.state == "open" and bool(self.topic.shown) and self.topic.next_round <= LAST_ROUND

    @property
    def unsaved(self) -> bool:
        """Whether the chosen score differs from the saved one."""
        return self.draft is not None and self.draft != draft_of(self.topic.score)

    @property
    def finishing(self) -> bool:
        """Whether this screen shows the end of the workshop in place of a topic."""
        return self.page in ("agreed", "actions", "tidy", "report")

    @property
    def stage(self) -> Stage:
        """Where the topic stands for the facilitator."""
        held = self.session.state == "open"
        if held and self.topic.running and self.topic.running.number == 0:
            return "first_scores"
        if held and self.topic.status == "open":
            return "voting"
        if self.page == "not_applicable":
            return "asking"
        stopped = held and self.topic.status == "stopped"
        if self.page == "scoring" or (self.unsaved and not stopped):
            return "agree"
        if self.session.state == "planned":
            return "planned"
        if stopped:
            return "stopped"
        if self.session.state == "closed":
            return "closed"
        return _settled(self)


def _settled(state: ViewState) -> Stage:
    topic = state.topic
    if topic.parked:
        return "parked"
    if topic.score:
        return "agreed" if topic.agreed_level is not None else "not_applicable"
    if not topic.shown:
        return "ready"
    return "agree" if state.votes_held > 1 and not state.is_practice else "shown"


def draft_of(score: Score | None) -> Draft | None:
    """The choice that would save this score again; None without one, and where the topic does not apply."""
    if score is None or score.value is None:
        return None
    return Draft(score.value, str(score.reason_above) if score.reason_above else "", score.case_study)


def mark_of(score: Score | None) -> str:
    """All that a saved score says, which tells one from another: "4: Evidence shown in the room"; empty for none."""
    if score is None:
        return ""
    if score.value is None:
        return f"not applicable: {score.not_applicable}"
    return _mark(Draft(score.value, str(score.reason_above or ""), score.case_study))


def _mark(draft: Draft) -> str:
    reason = f": {draft.reason_above}" if draft.reason_above else ""
    return f"{draft.score}{reason}{' (case study)' if draft.case_study else ''}"


def mark_of_draft(draft: Draft | None, why_not: str) -> str:
    """The same of what is chosen or typed here: a level, or why the topic does not apply."""
    return _mark(draft) if draft else f"not applicable: {why_not}"


def say_score(score: Score) -> str:
    """A saved score, where somebody is told of it."""
    return f"a score of {mark_of(score)}" if score.value is not None else f"“{mark_of(score)}”"


def tidy(draft: Draft, workshop: Workshop, topic: Topic) -> Draft:
    """The choice without a reason where none belongs to it, and without a case study below the highest level."""
    start = starting_level_of(topic.shown[-1]).level if topic.shown else None
    above = start is not None and draft.score > start
    case_study = draft.case_study and draft.score == workshop.rubric.case_study
    return Draft(draft.score, draft.reason_above.strip() if above else "", case_study)
