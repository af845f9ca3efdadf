"""The state of a workshop: what the events so far add up to. `rules.after` makes the next state of this one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from npswidgets.domain.card import Card, Carded
from npswidgets.domain.edition_map import Carried
from npswidgets.domain.events import (
    Anonymity,
    Answer,
    ClosingPart,
    DepartmentsCounted,
    Move,
    NoteKind,
    Proposal,
    Vote,
    Words,
)
from npswidgets.domain.ids import dated_id
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.scale import Scale
from npswidgets.errors import RuleBroken

TopicStatus: TypeAlias = Literal["not_started", "open", "stopped", "shown", "agreed", "not_applicable", "parked"]

MOST_EXPECTED = 500
"""How many people a session can expect."""

LAST_ROUND = 3
ROUND_NAMES = ("First scores", "Vote in the room", "Second vote in the room", "Third vote in the room")


@dataclass(frozen=True, repr=False)
class Round(Carded):
    """One vote on one value code.

    Attributes:
        number: 0 for the first scores, then 1 to 3.
        scale: what people could choose from.
        state: open (votes come in), stopped (none may, none is shown), shown.
        opened_at: when votes were let in last.
        opening: which opening of its topic it is; another one once it is started from zero, and 0 until then.
        from_zero: whether votes were discarded, so that it was started from zero.
        votes: empty until they are shown.
        voted_in_both: how many voted in the round shown before, too; None where the record does not say.
        weakest_department: the lowest middle vote of a department, where the votes do not tell it.
        people: who had joined when the votes were shown, by id, with the departments that they had then.
    """

    number: int
    scale: Scale
    state: Literal["open", "stopped", "shown"] = "open"
    opened_at: datetime | None = None
    opening: int = 0
    from_zero: bool = False
    shown_at: datetime | None = None
    votes: tuple[Vote, ...] = ()
    absent: int = 0
    moves: tuple[Move, ...] = ()
    voted_in_both: int | None = None
    weakest_department: int | None = None
    people: Mapping[str, "Participant"] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people call it: "First scores", "Vote in the room"."""
        return ROUND_NAMES[self.number]

    @property
    def counts(self) -> tuple[int, ...]:
        """How many votes stand on each level, lowest first."""
        return self.scale.counts(vote.answer for vote in self.votes)

    @property
    def n(self) -> int:
        """How many chose a level."""
        return sum(self.counts)

    def count_of(self, answer: Answer) -> int:
        """How many chose this answer."""
        return sum(vote.answer == answer for vote in self.votes)

    @property
    def moved(self) -> int:
        """How many changed their answer since the vote before."""
        return sum(move.voters for move in self.moves)

    def card(self) -> Card:
        """How far it is; how many answered, once that is shown."""
        return Card("Round", self.name, [("state", self.state), ("answers", len(self.votes) or "")])


@dataclass(frozen=True, repr=False)
class Score(Carded):
    """What the room agreed on for a value code; `value` is None where the code does not apply."""

    value: int | None
    at: datetime
    not_applicable: Words | None = None
    reason_above: Words | None = None
    case_study: bool = False

    def card(self) -> Card:
        """The level, or why there is none, and since when."""
        level = "not applicable" if self.value is None else self.value
        reasons = [("because", self.not_applicable or ""), ("reason", self.reason_above or "")]
        return Card("Score", str(level), [("recorded", f"{self.at:%Y-%m-%d %H:%M} UTC"), *reasons])


@dataclass(frozen=True, repr=False)
class Action(Carded):
    """What will be done about a value code, by which job title and by when; `due` is a date or None."""

    id: str
    what: Words
    owner: Words
    due: date | None = None
    done_when: Words | None = None

    def card(self) -> Card:
        """What, who, by when, and how one will know."""
        facts = [
            ("what", self.what),
            ("owner", self.owner),
            ("due", self.due or ""),
            ("done when", self.done_when or ""),
        ]
        return Card("Action", self.id, facts)


@dataclass(frozen=True)
class GivenElsewhere:
    """First scores that were given in another session, before the topic was moved from it.

    Attributes:
        ballots_deleted, departments: as in `Topic`, of that session.
    """

    session: str
    round: Round
    ballots_deleted: bool = False
    departments: DepartmentsCounted | None = None


@dataclass(frozen=True, repr=False)
class Topic(Carded):
    """A value code in a session: its votes, its score and target, and what was written and agreed about it.

    Attributes:
        to_talk: somebody wanted to talk about it rather than take its score together with others.
        departments: what was counted of a vote by department when the session closed; it may not be the last one.
        openings: how often voting on it was opened, but for going on after it was stopped.
        presented_at: when the room went to it last; None for never.
        elsewhere: first scores of other people, in the session that the topic was moved from.
        ballots_deleted: the session was closed after votes on it were shown, so that nobody knows whose they were.
    """

    code: str
    session: str
    rounds: tuple[Round, ...] = ()
    score: Score | None = None
    notes: dict[NoteKind, Words] = field(default_factory=dict)
    parked: bool = False
    reason_shown: Words | None = None
    target: int | None = None
    to_talk: bool = False
    actions: dict[str, Action] = field(default_factory=dict)
    departments: DepartmentsCounted | None = None
    elsewhere: tuple[GivenElsewhere, ...] = ()
    ballots_deleted: bool = False
    presented_at: datetime | None = None
    openings: int = 0

    @property
    def running(self) -> Round | None:
        """The round that is open or stopped, if any."""
        return self.rounds[-1] if self.rounds and self.rounds[-1].state != "shown" else None

    @property
    def shown(self) -> tuple[Round, ...]:
        """The rounds whose votes are shown, oldest first."""
        return tuple(one for one in self.rounds if one.state == "shown")

    @property
    def agreed_level(self) -> int | None:
        """The level that was agreed; None for none, and where the topic does not apply. A level can be 0."""
        return self.score.value if self.score else None

    @property
    def talk_since(self) -> datetime | None:
        """Since when the room talks about the votes shown: not before it went to the topic; None without any."""
        shown_at = self.shown[-1].shown_at if self.shown else None
        return max(shown_at, self.presented_at or shown_at) if shown_at else None

    @property
    def settled(self) -> bool:
        """Whether the room has voted on it or agreed its score: from then on it keeps its place on the agenda."""
        return self.score is not None or any(one.number > 0 for one in self.rounds)

    @property
    def voting(self) -> bool:
        """Whether the room votes on it now; first scores, which everybody gives alone, are no vote of the room."""
        return self.status == "open" and self.rounds[-1].number > 0

    @property
    def next_round(self) -> int:
        """The number that the next vote in the room has; above 3 there is none."""
        return self.rounds[-1].number + 1 if self.rounds else 1

    @property
    def status(self) -> TopicStatus:
        """Where the topic stands; a running vote outranks a score from before it, not what came since it stopped."""
        if self.running and not self._settled_without_it:
            return "open" if self.running.state == "open" else "stopped"
        if self.parked:
            return "parked"
        if self.score:
            return "not_applicable" if self.score.value is None else "agreed"
        return "shown" if self.rounds else "not_started"

    @property
    def _settled_without_it(self) -> bool:
        """Whether it was scored or put off while the vote under way had stopped; starting that again takes it up."""
        running, score = self.running, self.score
        if running is None or running.state == "open":
            return False
        scored = score is not None and running.opened_at is not None and score.at > running.opened_at
        return self.parked or scored

    def given_in(self, session: str) -> GivenElsewhere | None:
        """The first scores that were given last in a session which does not score it now."""
        return next((one for one in reversed(self.elsewhere) if one.session == session), None)

    def note(self, kind: NoteKind) -> str:
        """The text of a note; empty if none was written."""
        return str(self.notes[kind]) if kind in self.notes else ""

    def card(self) -> Card:
        """How far it is, and what was agreed."""
        levels = {"score": self.agreed_level, "target": self.target}
        said = [(name, "" if level is None else level) for name, level in levels.items()]
        facts = [("session", self.session), ("status", self.status), *said]
        votes = [(str(one.number), f"{one.name}: {one.state}") for one in self.rounds]
        return Card("Topic", self.code, [*facts, ("actions", len(self.actions) or "")], votes)


@dataclass(frozen=True)
class Participant:
    """Somebody who joined a session. No name: names are not in the record.

    Attributes:
        present: until taken out of the count, as somebody whose phone was not seen for long, or who has left.
        left: taken out of the count as somebody who has left: an open page does not bring this person back.
        erased: nothing else is known of this person any more, who took part all the same.
        taken_out_at: when the facilitator took this person out of the session; None for who is in it.
    """

    id: str
    department: str | None
    joined_at: datetime
    present: bool = True
    left: bool = False
    erased: bool = False
    taken_out_at: datetime | None = None

    @property
    def taken_out(self) -> bool:
        """Whether this person is not in the session any more."""
        return self.taken_out_at is not None

    @property
    def counts(self) -> bool:
        """Whether this person counts as in the room."""
        return self.present and not self.taken_out


@dataclass(frozen=True, repr=False)
class Session(Carded):
    """The scoring of some value codes by some people; `live` is the value code that the room is on.

    `break_until` is the time when a break ends, such as "11:15", and `break_since` when that was said; both are None
    outside a break. `went_on_at` is when the room went on after a break, or when the session was opened again.
    `together` are the scores that the room is asked to take without talk. With `own_order` the facilitator has put the
    topics into their order since the first scores were shown, which sort them otherwise.
    """

    id: str
    title: str
    codes: tuple[str, ...]
    people_expected: int = 0
    state: Literal["planned", "open", "closed"] = "planned"
    participants: dict[str, Participant] = field(default_factory=dict)
    on_paper: int = 0
    live: str | None = None
    break_until: str | None = None
    break_since: datetime | None = None
    went_on_at: datetime | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    closing: ClosingPart | None = None
    together: tuple[Proposal, ...] = ()
    draft_by: date | None = None
    own_order: bool = False

    @property
    def inside(self) -> tuple[Participant, ...]:
        """All who joined and were not taken out, in the order in which they came."""
        return tuple(person for person in self.participants.values() if not person.taken_out)

    @property
    def on_phones(self) -> int:
        """How many of those who joined count as in the room."""
        return sum(person.counts for person in self.participants.values())

    @property
    def took_part(self) -> int:
        """How many took part: all who joined and were not taken out, and those on paper at the end."""
        return len(self.inside) + self.on_paper

    @property
    def people(self) -> int:
        """How many count as in the room, on phones and on paper."""
        return self.on_phones + self.on_paper

    @property
    def people_to_come(self) -> int:
        """How many of the people expected may still join; none unless it is open."""
        return max(0, self.people_expected - len(self.inside)) if self.state == "open" else 0

    def card(self) -> Card:
        """How far it is, and how many take part."""
        facts = [("title", self.title), ("state", self.state), ("people", self.took_part), ("codes", len(self.codes))]
        return Card("Session", self.id, facts)


@dataclass(frozen=True, repr=False)
class Workshop(Carded):
    """A council's assessment with one rubric.

    Attributes:
        departments_in_reports: it was chosen at the start that reports may show how departments voted.
        called_anew: the council is called otherwise than when the workshop was made, from which the id comes.
        left_out: by value code, what is on no agenda now; the session in it may put it back.
        people: how many took part in sessions that have ended, where somebody may have come to several; those
            `counted` are among them.
        revision: of the last event.
        head: SHA-256 of that event's line.
        version: how often it was signed off.
        sealed: it is locked now.
        carried: a map has put it on a later edition of its rubric, to be compared; None as it was recorded.
    """

    id: str
    council: str
    title: str
    rubric: Rubric
    anonymity: Anonymity
    departments: tuple[str, ...]
    created_at: datetime
    sessions: dict[str, Session] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    departments_in_reports: bool = False
    called_anew: bool = False
    left_out: dict[str, Topic] = field(default_factory=dict)
    people: int = 0
    counted: frozenset[str] = frozenset()
    revision: int = 0
    head: str = "0" * 64
    version: int = 0
    sealed: bool = False
    sealed_at: datetime | None = None
    signed_off_by: Words | None = None
    carried: Carried | None = None

    @property
    def file_name(self) -> str:
        """What its files are called: its id; month and council where the council is called otherwise by now."""
        return dated_id(self.council, self.created_at) if self.called_anew else self.id

    def topics_of(self, session: str) -> tuple[Topic, ...]:
        """The topics of a session, in the order of its agenda."""
        return tuple(self.topics[code] for code in self.sessions[session].codes)

    def openings_of(self, session: str) -> int:
        """How often voting was opened in a session, so that two votes are told from each other."""
        return sum(topic.openings for topic in self.topics_of(session))

    def on_their_own(self, session: str) -> tuple[Topic, ...]:
        """The topics of a session that each person scores alone now: their first scores are open."""
        return tuple(one for one in self.topics_of(session) if one.running and one.running.number == 0)

    def left_out_of(self, session: str) -> tuple[Topic, ...]:
        """The topics that a session may put back on its agenda."""
        return tuple(topic for topic in self.left_out.values() if topic.session == session)

    def is_free(self, code: str) -> bool:
        """Whether one more session can score this value code: no other one does, or has first scores on it."""
        kept = self.left_out.get(code)
        return code not in self.topics and not (kept and kept.rounds)

    @property
    def in_ended_sessions(self) -> tuple[str, ...]:
        """Whoever took part in a session that has ended, by the id there."""
        ended = (session for session in self.sessions.values() if session.state == "closed")
        return tuple(person.id for session in ended for person in session.inside)

    @property
    def took_part(self) -> int:
        """How many people took part.

        Who came to several sessions with one browser is one person once that is counted. Whoever was on paper counts in
        each session, since nobody knows who it was.
        """
        sessions = self.sessions.values()
        uncounted = sum(person.id not in self.counted for session in sessions for person in session.inside)
        return self.people + uncounted + sum(session.on_paper for session in sessions)

    def to_come(self, session: str) -> tuple[Session, ...]:
        """The other sessions that have not ended, in the order in which they were planned: the workshop goes on."""
        return tuple(one for one in self.sessions.values() if one.id != session and one.state != "closed")

    def next_session(self, session: str) -> Session | None:
        """The session that begins after this one: the first one behind it on which no room has voted or agreed yet."""
        order = list(self.sessions)
        later = order[order.index(session) + 1 :]
        waiting = [one for one in self.to_come(session) if not any(topic.settled for topic in self.topics_of(one.id))]
        return min(waiting, key=lambda one: one.id not in later, default=None)

    def scored(self, session: str) -> int:
        """How many topics of a session have a score or do not apply."""
        return sum(topic.score is not None for topic in self.topics_of(session))

    def card(self) -> Card:
        """Whose it is, how far it is, and its sessions."""
        facts = [
            ("council", self.council),
            ("title", self.title),
            ("rubric", f"{self.rubric.id} {self.rubric.version}"),
        ]
        scored = sum(topic.score is not None for topic in self.topics.values())
        facts += [("scored", f"{scored} of {len(self.topics)}"), ("state", self._state)]
        sessions = [(one.id, f"{one.title}: {one.state}") for one in self.sessions.values()]
        return Card("Workshop", self.id, facts, sessions)

    @property
    def _state(self) -> str:
        return f"signed off as version {self.version}" if self.sealed else "draft"


def wall_session(workshop: Workshop, session: str | None) -> Session | None:
    """The session that a wall shows: the one it was opened for, else the only one; None where there are several."""
    if session is None and len(workshop.sessions) == 1:
        return next(iter(workshop.sessions.values()))
    return workshop.sessions.get(session or "")


def check_opened(*given: object) -> None:
    """Who works in a notebook may hand over a name where an opened workshop is expected.

    Raises:
        RuleBroken: one of them is no workshop.
    """
    for wrong in (one for one in given if not isinstance(one, Workshop)):
        found = repr(wrong) if isinstance(wrong, str) else type(wrong).__name__
        raise RuleBroken(f"Expected an opened workshop, found {found}. Open it first: nps.open_workshop(...).")
