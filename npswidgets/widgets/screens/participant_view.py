"""What a participant's page shows: a plain function of the workshop, the person, and the person's own votes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import Ballot, say_answer
from npswidgets.domain.events import Answer
from npswidgets.domain.workshop import LAST_ROUND, Participant, Round, Session, Topic, Workshop
from npswidgets.widgets import passage, words
from npswidgets.widgets.department_field import NO_DEPARTMENT
from npswidgets.widgets.passage import Part
from npswidgets.widgets.vote_board import level_rows

State: TypeAlias = Literal[
    "waiting", "ready", "vote", "stopped", "shown", "agreed", "parked", "not_applicable", "ended"
]
Ballots: TypeAlias = Mapping[tuple[str, int], Ballot]

KEEP_PLACE = "If your phone goes to sleep, open this page again. You keep your place."
CONNECTED = "Connected"


@dataclass(frozen=True)
class ParticipantView:
    """The traits of each widget of the page, by widget. Nobody else's vote is in it before the votes are shown."""

    state: State
    heading: dict[str, Any]
    parts: list[Part] = field(default_factory=list)
    board: dict[str, Any] = field(default_factory=dict)
    pad: dict[str, Any] = field(default_factory=dict)
    department: dict[str, Any] = field(default_factory=dict)


def participant_view(workshop: Workshop, actor: Actor, ballots: Ballots) -> ParticipantView:
    """What this person sees now.

    Args:
        ballots: the person's own, by (value code, round).

    Raises:
        KeyError: the actor is not a participant of one of the workshop's sessions.
    """
    page = _Page(workshop, workshop.sessions[actor.session or ""], actor.participant or "", ballots)
    return _STATES[_state(page)](page)


@dataclass(frozen=True)
class _Page:
    workshop: Workshop
    session: Session
    participant: str
    ballots: Ballots

    @property
    def person(self) -> Participant:
        return self.session.participants[self.participant]

    @property
    def topic(self) -> Topic:
        return self.workshop.topics[self.session.live or ""]

    @property
    def name(self) -> str:
        return words.topic_name(self.workshop, self.topic.code)

    @property
    def levels(self) -> list[dict[str, Any]]:
        return level_rows(self.workshop.rubric, self.workshop.rubric.value_codes[self.topic.code])

    def own(self, one: Round | None) -> Ballot | None:
        return self.ballots.get((self.topic.code, one.number)) if one else None

    def named(self, ballot: Ballot | None) -> str:
        return words.answer_name(self.workshop.rubric, ballot.answer) if ballot else ""

    def heading(self, status: str = "", note: str = "", description: bool = False) -> dict[str, Any]:
        code = self.workshop.rubric.value_codes[self.topic.code]
        return {
            "place": words.place(self.workshop, self.topic.code),
            "title": self.name,
            "description": code.description if description else "",
            "status": status,
            "note": note,
        }


def _state(page: _Page) -> State:
    if page.session.state == "closed":
        return "ended"
    if page.session.live is None:
        return "waiting"
    states: dict[str, State] = {"not_started": "ready", "open": "vote"}
    return states.get(page.topic.status, page.topic.status)  # type: ignore[arg-type]


def _waiting(page: _Page) -> ParticipantView:
    return ParticipantView(
        "waiting",
        {"place": page.session.title, "title": "You have joined"},
        [
            passage.text("The first topic will appear here."),
            passage.text(KEEP_PLACE),
            passage.heading("How we score"),
            passage.steps(*words.STEPS),
        ],
        pad=_closed(page),
        department=_department(page),
    )


def _ready(page: _Page) -> ParticipantView:
    parts = [passage.levels(page.levels), passage.more("How we score", *map(passage.text, words.HELP))]
    return ParticipantView("ready", page.heading(description=True), parts, pad=_closed(page))


def _vote(page: _Page) -> ParticipantView:
    running = page.topic.running
    assert running is not None
    own = page.own(running)
    late = running.opened_at is not None and page.person.joined_at > running.opened_at
    number = words.topic_number(page.workshop, page.topic.code)
    pad = {
        "voter": page.participant,
        "code": page.topic.code,
        "round": running.number,
        "voting": True,
        "question": words.question(page.workshop),
        "lead": _lead(page, running),
        "levels": page.levels,
        "help": list(words.HELP),
        "source": "Statements: LGA diagnostic 2018",
        "saved": {"ballot": own.id, "answer": own.answer} if own else {},
        "said": _voting_is_open(page, running),
    }
    note = f"Welcome. {number} is open: you can vote now." if late else ""
    return ParticipantView("vote", page.heading(note=note, description=True), pad=pad)


def _stopped(page: _Page) -> ParticipantView:
    own = page.own(page.topic.running)
    said = "Voting has stopped for now." + (" Your vote is kept." if own else "")
    return ParticipantView(
        "stopped", page.heading(), [passage.text(said), _five_levels(page)], pad=_closed(page, said, own)
    )


def _shown(page: _Page) -> ParticipantView:
    last = page.topic.shown[-1]
    own = page.own(last)
    late = not own and last.shown_at is not None and page.person.joined_at > last.shown_at
    board = {
        "levels": page.levels,
        "rounds": [{"label": words.VOTES[one.number], "counts": list(one.counts)} for one in page.topic.shown],
        "own": own.answer if own and isinstance(own.answer, int) else None,
        "summary": " ".join(f"{sentence}." for sentence in words.vote_sentences(last)),
    }
    again = f" There may be a {words.VOTES[last.number + 1]}." if last.number < LAST_ROUND else ""
    counts = " ".join(f"Level {level}: {count}." for level, count in enumerate(last.counts, start=1))
    said = f"The votes are shown. {counts}" + (f" Your vote: {_short(own.answer)}." if own else "")
    note = "The votes on this topic have been shown. You can vote on the next one." if late else ""
    parts = [passage.text("Now we talk." + again), _five_levels(page)]
    return ParticipantView("shown", page.heading("The votes are shown", note), parts, board, _closed(page, said, own))


def _agreed(page: _Page) -> ParticipantView:
    level = page.workshop.rubric.level(page.topic.score.value or 0) if page.topic.score else None
    statements = page.workshop.rubric.value_codes[page.topic.code].levels[level.value if level else 0]
    parts = [
        passage.big(str(level)),
        passage.statements(*statements),
        passage.text(_own_votes(page, page.topic.code) or "You did not vote on this topic."),
        *_onward(page),
    ]
    return ParticipantView("agreed", page.heading("Agreed score"), parts, pad=_closed(page, f"Agreed score: {level}."))


def _parked(page: _Page) -> ParticipantView:
    return _told(page, "parked", "We will come back to this topic.")


def _not_applicable(page: _Page) -> ParticipantView:
    return _told(page, "not_applicable", "This topic does not apply to our council.")


def _told(page: _Page, state: State, said: str) -> ParticipantView:
    return ParticipantView(state, page.heading(), [passage.text(said), *_onward(page)], pad=_closed(page, said))


def _ended(page: _Page) -> ParticipantView:
    said = "Thank you. The workshop has ended."
    own = _all_own_votes(page)
    votes = [passage.heading("Your votes"), passage.items(*own)] if own else []
    parts = [*votes, passage.text("You can close this page.")]
    return ParticipantView("ended", {"place": page.session.title, "title": said}, parts, pad=_closed(page, said))


_STATES = {
    "waiting": _waiting,
    "ready": _ready,
    "vote": _vote,
    "stopped": _stopped,
    "shown": _shown,
    "agreed": _agreed,
    "parked": _parked,
    "not_applicable": _not_applicable,
    "ended": _ended,
}


def _closed(page: _Page, said: str = "", own: Ballot | None = None) -> dict[str, Any]:
    """The pad while no votes are taken: its bar alone. It stays with the last vote, to which an answer may be due."""
    running_or_last = page.topic.rounds[-1:] if page.session.live else ()
    return {
        "voter": page.participant,
        "code": page.session.live or "",
        "round": running_or_last[0].number if running_or_last else 0,
        "status": f"Your vote: {page.named(own)}" if own else CONNECTED,
        "said": said,
    }


def _lead(page: _Page, running: Round) -> dict[str, Any]:
    """What stands above the choice from the second vote on."""
    if running.number < 2:
        return {}
    lead = {"title": f"{words.VOTES[running.number].capitalize()} · {page.name}"}
    before = _last_before(page, running)
    if before is None:
        return lead
    which = words.ORDINALS[before.round]
    keep = f"Keep {before.answer}" if isinstance(before.answer, int) else "Keep this answer"
    return lead | {
        "words": f"Your {which} vote was {page.named(before)}.",
        "hint": f"Your {which} vote does not count in this round.",
        "keep": before.answer,
        "label": keep,
    }


def _last_before(page: _Page, running: Round) -> Ballot | None:
    earlier = (page.ballots.get((page.topic.code, number)) for number in range(running.number - 1, 0, -1))
    return next((ballot for ballot in earlier if ballot), None)


def _voting_is_open(page: _Page, running: Round) -> str:
    if running.number < 2:
        return f"Voting is open: {page.name}."
    before = _last_before(page, running)
    opened = f"{words.VOTES[running.number].capitalize()} is open."
    return opened + (f" Your {words.ORDINALS[before.round]} vote was {_short(before.answer)}." if before else "")


def _five_levels(page: _Page) -> Part:
    return passage.more("Read the five levels", passage.levels(page.levels))


def _onward(page: _Page) -> list[Part]:
    following = page.workshop.next_topic(page.session.id, page.topic.code)
    name = words.topic_name(page.workshop, following.code) if following else ""
    own = _all_own_votes(page)
    return [
        *([passage.text(f"Next: {name}\nIt will appear here.")] if following else []),
        *([passage.more("Your votes", passage.items(*own))] if own else []),
    ]


def _own_votes(page: _Page, code: str) -> str:
    """What this person chose in the rounds shown: "Your votes: first 3, second 2"; empty for nothing."""
    shown = [page.ballots.get((code, one.number)) for one in page.workshop.topics[code].shown]
    own = [ballot for ballot in shown if ballot]
    if len(own) == 1:
        return f"Your vote: {page.named(own[0])}"
    votes = ", ".join(f"{words.ORDINALS[ballot.round]} {_short(ballot.answer)}" for ballot in own)
    return f"Your votes: {votes}" if own else ""


def _all_own_votes(page: _Page) -> list[str]:
    """The votes so far, one line a topic."""
    lines = {code: _own_votes(page, code) for code in page.session.codes}
    return [
        f"{words.topic_name(page.workshop, code)}: {line.partition(': ')[2]}" for code, line in lines.items() if line
    ]


def _department(page: _Page) -> dict[str, Any]:
    if not page.workshop.departments:
        return {"choices": []}
    choices = [*page.workshop.departments, NO_DEPARTMENT]
    return {"choices": choices, "chosen": page.person.department or NO_DEPARTMENT}


def _short(answer: Answer) -> str:
    return str(answer) if isinstance(answer, int) else f"“{say_answer(answer)}”"
