"""All that can happen in a workshop, as the record keeps it. Nothing in an event is secret.

An event is a frozen dataclass; `Entry` is its place in the record. Words that people typed are of type `Words`, which
the store splits off, so that they can be erased while the record still verifies.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

FORMAT_VERSION = 1

Anonymity: TypeAlias = Literal["anonymous", "alias", "named"]
Abstention: TypeAlias = Literal["dont_know", "not_my_role"]
Answer: TypeAlias = int | Abstention
"""What a person chose: a level of the rubric, or one of the two other answers, which are in no statistic."""

NoteKind: TypeAlias = Literal["comment", "different_view", "evidence"]
ClosingPart: TypeAlias = Literal["scores", "actions"]


@dataclass(frozen=True)
class Words:
    """Something a person typed.

    Attributes:
        text: the words; None when they are not at hand (in the record itself) or were erased.
        digest: SHA-256 of salt and words, set by the store.
    """

    text: str | None = None
    digest: str | None = None

    def __str__(self) -> str:
        return "(removed)" if self.text is None else self.text

    def __bool__(self) -> bool:
        return self.text != ""


@dataclass(frozen=True)
class Vote:
    """One vote after it was shown.

    Attributes:
        answer: the level or the other answer.
        department: the voter's department where the workshop is held with names or aliases; None if unknown. Records
            from before hold it in anonymous workshops, too, where three or more of it gave an answer.
        participant: the voter's id where the workshop is held with names or aliases; else None.
    """

    answer: Answer
    department: str | None = None
    participant: str | None = None


@dataclass(frozen=True)
class Move:
    """How many people changed from one answer to another since the vote before."""

    before: Answer
    after: Answer
    voters: int


@dataclass(frozen=True)
class DepartmentLevels:
    """How many people of a department chose each level, lowest first; without a name, all others together."""

    counts: tuple[int, ...]
    department: str | None = None


@dataclass(frozen=True)
class DepartmentAnswers:
    """How many people of a department answered, and how many of them "I don't know"; without a name, all others."""

    answers: int
    dont_know: int
    department: str | None = None


@dataclass(frozen=True)
class Proposal:
    """A score that the room may take for a value code without talking about it."""

    code: str
    level: int


@dataclass(frozen=True)
class WorkshopCreated:
    """The first event. `rubric` is the id; the digest is that of its canonical JSON.

    Attributes:
        departments_in_reports: reports may show how departments voted; absent where nobody chose so at the start.
    """

    workshop: str
    council: str
    title: str
    rubric: str
    rubric_version: str
    rubric_digest: str
    anonymity: Anonymity = "anonymous"
    departments: tuple[str, ...] = ()
    departments_in_reports: Literal[True] | None = None


@dataclass(frozen=True)
class SessionPlanned:
    """Some value codes are scored together. A code belongs to one session at a time."""

    session: str
    title: str
    codes: tuple[str, ...]
    people_expected: int = 0


@dataclass(frozen=True)
class SessionNamed:
    """What a session is called, and how many people are expected; 0 where nobody said."""

    session: str
    title: str
    people_expected: int = 0


@dataclass(frozen=True)
class NamesChanged:
    """What council, workshop and sessions are called from now on: all of it, in full. Ids and addresses stay.

    Attributes:
        sessions: each session of the workshop, once.
    """

    council: str
    title: str
    sessions: tuple[SessionNamed, ...]


@dataclass(frozen=True)
class TopicsLeftOut:
    """The session does not score these value codes, unless they are put back."""

    session: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class TopicsPutBack:
    """The session scores these value codes after all; they come last."""

    session: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class TopicMoved:
    """Another session scores this value code; it comes last there.

    Attributes:
        along: its first scores are those of that session, too, because the same people take part in it. Without it they
            stay what they are: first scores of the session in which they were given.
        back: first scores that were given in that session, before the topic left it, are its first scores again; absent
            where there are none, and in records from before.
    """

    session: str
    code: str
    to: str
    along: bool = False
    back: Literal[True] | None = None


@dataclass(frozen=True)
class AgendaOrdered:
    """The order in which the session takes its value codes: all of them, each once."""

    session: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class SessionOpened:
    """People can join and vote from now on."""

    session: str


@dataclass(frozen=True)
class SessionClosed:
    """The session has ended; its ballots are deleted."""

    session: str


@dataclass(frozen=True)
class ParticipantJoined:
    """Somebody came in."""

    session: str
    participant: str
    department: str | None = None


@dataclass(frozen=True)
class DepartmentChanged:
    """A participant chose another department or role; it holds for the votes shown from then on."""

    session: str
    participant: str
    department: str | None = None


@dataclass(frozen=True)
class PersonErased:
    """What led to a person is deleted: the name, the ballots, the way back in. The id stays, and means nobody."""

    session: str
    participant: str


@dataclass(frozen=True)
class PeopleCounted:
    """How many people took part in the sessions that have ended, but for those on paper.

    The store counts it when a session closes and is not the only one: whoever came to several with one browser is one
    person. What joins them is not in the record.
    """

    people: int


@dataclass(frozen=True)
class PresenceChanged:
    """Who counts as in the room.

    Attributes:
        on_paper: how many vote on paper from now on; None leaves that as it is.
        away: participants who are taken out of the count until their pages are seen again.
        back: participants who count again.
        left: participants who have left: they count again when they say so, or when somebody puts them back; absent
            in records from before.
    """

    session: str
    on_paper: int | None = None
    away: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    left: tuple[str, ...] | None = None


@dataclass(frozen=True)
class PeopleTakenOut:
    """These people are not in the session any more: they do not vote, and what they voted does not count."""

    session: str
    participants: tuple[str, ...]


@dataclass(frozen=True)
class PeopleBroughtBack:
    """People who were taken out are in the session again, with what they voted."""

    session: str
    participants: tuple[str, ...]


@dataclass(frozen=True)
class TopicPresented:
    """The room is on this value code."""

    session: str
    code: str


@dataclass(frozen=True)
class VotingOpened:
    """Round 0 is the first scores on one's own, 1 to 3 are votes in the room."""

    session: str
    code: str
    round: int


@dataclass(frozen=True)
class VotingStopped:
    """No more votes for now, and nothing is shown."""

    session: str
    code: str
    round: int


@dataclass(frozen=True)
class VotesDiscarded:
    """The votes of a round that has stopped are gone: what was voted in it counts no more."""

    session: str
    code: str
    round: int


@dataclass(frozen=True)
class VotesRevealed:
    """The votes of a round, as the anonymity mode allows; built by the store in the transaction that ends the voting.

    Attributes:
        votes: sorted, so that the order says nothing about who voted when.
        absent: people who counted as in the room and gave no answer.
        moves: changes since the last round shown, as counts; empty in the first.
        voted_in_both: how many voted in that round, too, but for votes on paper; absent in the first, and in records
            from before.
        weakest_department: the lowest middle vote of a department with three votes or more, whose name it does not
            tell, since no vote of an anonymous workshop has a department; absent where no department is so large.
    """

    session: str
    code: str
    round: int
    votes: tuple[Vote, ...]
    absent: int = 0
    moves: tuple[Move, ...] = ()
    voted_in_both: int | None = None
    weakest_department: int | None = None


@dataclass(frozen=True)
class DepartmentsCounted:
    """What reports may show of the departments in the last vote on a value code of an anonymous workshop.

    The store counts it from the ballots when the session closes, in the same transaction, where it was chosen at the
    start that reports show departments, and once: a vote after the session was opened again is not counted so.
    """

    session: str
    code: str
    round: int
    levels: tuple[DepartmentLevels, ...] = ()
    answers: tuple[DepartmentAnswers, ...] = ()


@dataclass(frozen=True)
class ReasonShown:
    """A reason that somebody gave with a vote is on the big screen, without a name; an empty one takes it off."""

    session: str
    code: str
    round: int
    words: Words


@dataclass(frozen=True)
class ScoreRecorded:
    """The score that was agreed on, or why the code does not apply: exactly one of the two.

    Attributes:
        score: a level of the rubric.
        not_applicable: the reason.
        reason_above: why the score is above the suggested level.
        case_study: the council is ready to be a case study; belongs to the highest level.
    """

    session: str
    code: str
    score: int | None = None
    not_applicable: Words | None = None
    reason_above: Words | None = None
    case_study: bool = False


@dataclass(frozen=True)
class TopicParked:
    """The room comes back to this value code later."""

    session: str
    code: str


@dataclass(frozen=True)
class BreakStarted:
    """The room has a break until this time on its clock, such as "11:15"; another one changes the time."""

    session: str
    until: str


@dataclass(frozen=True)
class BreakEnded:
    """The room goes on."""

    session: str


@dataclass(frozen=True)
class NoteWritten:
    """A text about a value code, in full each time; an empty one takes it back."""

    session: str
    code: str
    note: NoteKind
    words: Words


@dataclass(frozen=True)
class TargetSet:
    """The level that the council wants to reach next; None takes it back."""

    session: str
    code: str
    target: int | None = None


@dataclass(frozen=True)
class ActionAgreed:
    """What will be done about a value code.

    Attributes:
        action: its id.
        owner: a job title, never a name.
        due: a date such as "2026-09-30"; None if there is none yet.
        done_when: how one will know, as a rule the statements of the next level.
    """

    session: str
    code: str
    action: str
    what: Words
    owner: Words
    due: str | None = None
    done_when: Words | None = None


@dataclass(frozen=True)
class ActionChanged:
    """An action in its new form, in full."""

    session: str
    code: str
    action: str
    what: Words
    owner: Words
    due: str | None = None
    done_when: Words | None = None


@dataclass(frozen=True)
class ActionDropped:
    """An action will not be done after all."""

    session: str
    code: str
    action: str


@dataclass(frozen=True)
class ClosingShown:
    """The room reads together what it agreed; None ends that, and so does the next topic."""

    session: str
    part: ClosingPart | None = None


@dataclass(frozen=True)
class TogetherShown:
    """The room is asked whether it takes these scores together; none ends that, and so does the next topic."""

    session: str
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True)
class TogetherAgreed:
    """The room took these scores together, but for value codes that somebody, nobody knows who, wants to talk about."""

    session: str
    to_talk: tuple[str, ...] = ()


@dataclass(frozen=True)
class DraftPromised:
    """The facilitator sends the draft report by this day, such as "2026-03-19"; None takes it back."""

    session: str
    by: str | None = None


@dataclass(frozen=True)
class WorkshopSealed:
    """Signed off and locked as this version, by a role (a job title)."""

    version: int
    role: Words


@dataclass(frozen=True)
class WorkshopReopened:
    """The lock is off, for a reason; the sealed version stays in the record."""

    reason: Words


Event: TypeAlias = (
    WorkshopCreated
    | SessionPlanned
    | NamesChanged
    | TopicsLeftOut
    | TopicsPutBack
    | TopicMoved
    | AgendaOrdered
    | SessionOpened
    | SessionClosed
    | ParticipantJoined
    | DepartmentChanged
    | PersonErased
    | PeopleCounted
    | PresenceChanged
    | PeopleTakenOut
    | PeopleBroughtBack
    | TopicPresented
    | VotingOpened
    | VotingStopped
    | VotesDiscarded
    | VotesRevealed
    | DepartmentsCounted
    | ReasonShown
    | ScoreRecorded
    | TopicParked
    | BreakStarted
    | BreakEnded
    | NoteWritten
    | TargetSet
    | ActionAgreed
    | ActionChanged
    | ActionDropped
    | ClosingShown
    | TogetherShown
    | TogetherAgreed
    | DraftPromised
    | WorkshopSealed
    | WorkshopReopened
)


@dataclass(frozen=True)
class Entry:
    """An event's place in the record.

    Attributes:
        revision: 1 for the first; the order of the record, whatever the times say.
        at: aware UTC.
        by: the role of whoever did it.
        previous: SHA-256 of the bytes of the line before; 64 zeros for the first.
    """

    revision: int
    at: datetime
    by: str
    event: Event
    previous: str
    version: int = FORMAT_VERSION
