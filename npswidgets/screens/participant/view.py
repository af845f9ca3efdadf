"""What a participant's page shows: a plain function of the workshop, the person, and the person's own votes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from npswidgets.domain.actor import Actor
from npswidgets.domain.ballots import Ballot, recorded_votes
from npswidgets.domain.days import say_day
from npswidgets.domain.door import TAKEN_OUT
from npswidgets.domain.first_scores import next_topic, outcome
from npswidgets.domain.practice import is_practice
from npswidgets.domain.question import question, steps
from npswidgets.domain.workshop import LAST_ROUND, Participant, Session, Topic, Workshop
from npswidgets.screens import words
from npswidgets.screens.closing_parts import actions_by_topic, agreed_scores, closing_parts, closing_title, done_so_far
from npswidgets.screens.levels import level_rows, vote_columns
from npswidgets.screens.participant.own_votes import OwnVotes, called, short
from npswidgets.widgets import passage
from npswidgets.widgets.department_field import NO_DEPARTMENT
from npswidgets.widgets.passage import Part

State: TypeAlias = Literal[
    "waiting", "first_scores", "together", "between", "ready", "vote", "stopped", "shown", "agreed", "parked",
    "not_applicable", "break", "closing", "ended", "taken_out", "left",
]  # fmt: skip

CONNECTED = "Connected"
FROM_ZERO = "Voting was started from zero: votes from before do not count."
SLEEP = "If your phone goes to sleep, open this page again. You keep your place."


@dataclass(frozen=True)
class ParticipantView:
    """The traits of each widget of the page, by widget. Nobody else's vote is in it before the votes are shown.

    Attributes:
        at: the value code that the person is on while everybody scores alone; empty for none.
        leaving: whether the person may leave ("here"), or has left.
    """

    state: State
    heading: dict[str, Any]
    parts: list[Part] = field(default_factory=list)
    board: dict[str, Any] = field(default_factory=dict)
    pad: dict[str, Any] = field(default_factory=dict)
    department: dict[str, Any] = field(default_factory=dict)
    first: dict[str, Any] = field(default_factory=dict)
    together: dict[str, Any] = field(default_factory=dict)
    at: str = ""
    leaving: Literal["", "here", "left"] = "here"


def participant_view(
    workshop: Workshop,
    actor: Actor,
    ballots: Mapping[tuple[str, int], Ballot],
    at: str | None = None,
    to_talk: frozenset[str] = frozenset(),
    elsewhere: frozenset[str] = frozenset(),
) -> ParticipantView:
    """What this person sees now.

    Args:
        ballots: the person's own, by (value code, round). After the session only what the record holds is shown.
        at: the value code that the person is on while everybody scores alone; None for the first without a score.
        to_talk: the value codes that the person wants to talk about before their scores are taken together.
        elsewhere: the person's ids in other sessions, under which the record has first scores that came from there.

    Raises:
        KeyError: the actor is not a participant of one of the workshop's sessions.
    """
    session = workshop.sessions[actor.session or ""]
    me = session.participants[actor.participant or ""]
    kept = dict(ballots) if session.state != "closed" else {}
    own = recorded_votes(workshop, session.id, me.id, elsewhere) | kept
    page = _Page(workshop, session, me, OwnVotes(workshop, own), session.live or "")
    if me.taken_out:
        return _taken_out(page)
    if session.state == "closed":
        return _ended(page)
    if me.left:
        return _left(page)
    if session.break_until:
        return _break(page, session.break_until)
    if session.closing:
        return _closing(page)
    if session.together:
        return _together(page, to_talk)
    if alone := workshop.on_their_own(session.id):
        return _first_scores(page, [topic.code for topic in alone], at)
    if session.live is None or page.before_practice:
        return _waiting(page)
    return _VIEWS[page.topic.status](page)


@dataclass(frozen=True)
class _Page:
    workshop: Workshop
    session: Session
    person: Participant
    own: OwnVotes
    code: str

    @property
    def topic(self) -> Topic:
        return self.workshop.topics[self.code]

    @property
    def before_practice(self) -> bool:
        """Whether the big screen explains how to score, which stands on the waiting page as well."""
        return is_practice(self.code) and not self.topic.rounds

    @property
    def levels(self) -> list[dict[str, Any]]:
        return level_rows(self.workshop.rubric, self.workshop.rubric.value_codes[self.code])

    def heading(self, **more: str) -> dict[str, Any]:
        place, title = words.place(self.workshop, self.code), words.topic_name(self.workshop, self.code)
        if self.session.live and not is_practice(self.code):
            place = f"{place} · {words.done(self.workshop, self.session.id)}"
        wanted = words.somebody(self.workshop.rubric) if self.topic.to_talk and not self.topic.score else ""
        return {"place": place, "title": title, "named": True, **more, "note": more.get("note") or wanted}

    @property
    def description(self) -> str:
        return self.workshop.rubric.value_codes[self.code].description

    @property
    def topic_word(self) -> str:
        return self.workshop.rubric.words.topic.one


def _first_will_appear(page: _Page) -> str:
    return f"The first {page.topic_word} will appear here."


def _waiting(page: _Page) -> ParticipantView:
    parts = [
        passage.text(_first_will_appear(page)),
        passage.text(SLEEP),
        passage.heading("How we score"),
        passage.steps(*steps(page.workshop.rubric)),
    ]
    departments = page.workshop.departments
    department = {
        "choices": [*departments, NO_DEPARTMENT] if departments else [],
        "chosen": page.person.department or NO_DEPARTMENT,
    }
    if any(topic.rounds or topic.score for topic in page.workshop.topics_of(page.session.id)):
        return _between(page)
    heading = {"place": page.session.title, "title": "You have joined"}
    return ParticipantView("waiting", heading, parts, pad=_closed(page), department=department)


def _between(page: _Page) -> ParticipantView:
    """The room is on no topic, but has been on some."""
    own = page.own.lines(page.session.id)
    title, coming = words.done(page.workshop, page.session.id), f"The next {page.topic_word} will appear here."
    found, far = outcome(page.workshop, page.session.id), page.workshop.scored(page.session.id)
    lines = [] if far or not found else [f"{words.first_scores_say(page.workshop.rubric, found)}."]
    if not far and found and not found.close:
        title, coming, lines = (
            f"{page.workshop.rubric.words.topic.counted(found.to_talk)} to talk about",
            "The first one appears here.",
            [],
        )
    elif lines:
        title, coming = words.FIRST_SCORES_IN, f"The first {page.topic_word} appears here."
    news = [*lines, _coming(page, coming)]
    parts = [*map(passage.text, news), passage.text(SLEEP)]
    parts += [done_so_far(page.workshop, page.session.id)] if far else []
    parts += [passage.more("Your votes", passage.items(*own))] if own else []
    heading = {"place": page.session.title, "title": title}
    return ParticipantView("between", heading, parts, pad=_closed(page, " ".join(news).replace("\n", ". ")))


def _coming(page: _Page, otherwise: str) -> str:
    """What comes next, as far as that is known: the room has agreed a first score."""
    codes = page.session.codes
    following = next_topic(page.workshop, page.session.id, codes[-1]) if page.workshop.scored(page.session.id) else None
    return _next(page, following) if following else otherwise


def _next(page: _Page, following: Topic) -> str:
    return f"Next: {words.topic_name(page.workshop, following.code)}\nIt will appear here."


def _agreed_so_far(page: _Page) -> list[Part]:
    """What the room has agreed; nothing before the first score."""
    if not page.workshop.scored(page.session.id):
        return []
    return [passage.heading("Agreed so far"), agreed_scores(page.workshop, page.session, waiting=False)]


def _first_scores(page: _Page, codes: list[str], at: str | None) -> ParticipantView:
    """One topic after the other, at this person's own pace; after the last one, all of them to change."""
    todo = [code for code in codes if (code, 0) not in page.own.ballots]
    code = at if at in codes else "" if at == "" else next(iter(todo), "")  # it may have been left out meanwhile
    scored = len(codes) - len(todo)
    first = {
        "words": f"{scored} of {len(codes)} scored",
        "rows": [_own_score(page, one, here=one == code) for one in codes],
        "finished": not code,
    }
    if not code:
        return _all_scored(page, first)
    page = replace(page, code=code)
    view = _vote(page)
    onward = f"Next {page.topic_word}" if [one for one in todo if one != code] else "Finish"
    said = f"{page.heading()['place'].split(' · ')[0]}."
    note = "" if scored else "You can stop and go on later."
    heading = page.heading(description=page.description, note=note)
    pad = view.pad | {"onward": onward, "said": said}
    return ParticipantView("first_scores", heading, pad=pad, first=first, at=code)


def _all_scored(page: _Page, first: dict[str, Any]) -> ParticipantView:
    number = len(first["rows"])
    scored = {1: "You have scored it.", 2: "Both scored."}.get(number, f"All {number} scored.")
    title, own = f"{scored} Thank you.", "score" if number == 1 else "scores"
    said = f"You can still change your {own} until the votes are shown."
    heading = {"place": page.session.title, "title": title}
    return ParticipantView("first_scores", heading, [passage.text(said)], pad=_closed(page, said), first=first)


def _own_score(page: _Page, code: str, here: bool) -> dict[str, Any]:
    own = page.own.ballots.get((code, 0))
    answer = page.own.named(own) if own else ""
    return {"code": code, "name": words.topic_name(page.workshop, code), "answer": answer, "here": here}


def _together(page: _Page, to_talk: frozenset[str]) -> ParticipantView:
    number = len(page.session.together)
    rows = [
        {
            "code": one.code,
            "name": words.topic_name(page.workshop, one.code),
            "level": str(page.workshop.rubric.level(one.level)),
            "statements": list(page.workshop.rubric.value_codes[one.code].levels[one.level]),
            "spread": words.vote_sentences(page.workshop.topics[one.code].shown[-1])[0],
            "own": _own_answer(page, one.code),
            "talk": one.code in to_talk,
        }
        for one in page.session.together
    ]
    said = words.together(number)
    heading = {"place": page.session.title, "title": words.take_together(number), "description": said}
    return ParticipantView("together", heading, pad=_closed(page, said), together={"rows": rows})


def _own_answer(page: _Page, code: str) -> str:
    """What this person answered on a topic last: "Your first score: 3 Mature"; empty for nothing."""
    given = [one for one in page.workshop.topics[code].shown if page.own.in_round(code, one)]
    own = page.own.in_round(code, given[-1]) if given else None
    return f"Your {words.OWN[own.round]}: {page.own.named(own)}" if own else ""


def _ready(page: _Page) -> ParticipantView:
    parts = [
        passage.levels(page.levels),
        passage.more("How we score", *map(passage.text, words.how_to_score(page.workshop.rubric))),
    ]
    return ParticipantView("ready", page.heading(description=page.description), parts, pad=_closed(page))


def _vote(page: _Page) -> ParticipantView:
    running = page.topic.rounds[-1]
    own = page.own.in_round(page.code, running)
    late = running.number > 0 and running.opened_at is not None and page.person.joined_at > running.opened_at
    number = words.topic_number(page.workshop, page.code)
    afresh = FROM_ZERO if running.from_zero else ""
    note = f"Welcome. {number} is open: you can vote now." if late else afresh
    pad = _closed(page, page.own.opened(page.code, running)) | {
        "voting": True,
        "question": question(page.workshop),
        "lead": page.own.lead(page.code, running),
        "levels": page.levels,
        "help": list(words.how_to_score(page.workshop.rubric)),
        "source": words.source(page.workshop.rubric),
        "saved": {"ballot": own.id, "answer": own.answer} if own else {},
        "reasons": not is_practice(page.code),
        "reason": own.reason if own else "",
    }
    return ParticipantView("vote", page.heading(description=page.description, note=note), pad=pad)


def _stopped(page: _Page) -> ParticipantView:
    own = page.own.in_round(page.code, page.topic.running)
    said = "Voting has stopped for now." + (" Your vote is kept." if own else "")
    parts = [passage.text(said), _levels(page)]
    return ParticipantView("stopped", page.heading(), parts, pad=_closed(page, said, own))


def _shown(page: _Page) -> ParticipantView:
    last = page.topic.shown[-1]
    own = page.own.in_round(page.code, last)
    board = {
        "levels": page.levels,
        "rounds": vote_columns(page.topic.shown, most=2),
        "own": own.answer if own and isinstance(own.answer, int) else None,
        "summary": " ".join(f"{sentence}." for sentence in words.vote_sentences(last)),
    }
    late = not own and last.shown_at is not None and page.person.joined_at > last.shown_at
    note = f"The votes on this {page.topic_word} have been shown. You can vote on the next one." if late else ""
    said = f"The votes are shown. {words.level_counts(last)}" + (f" {called(own)}: {short(own.answer)}." if own else "")
    parts = [passage.text(_after_votes(page, last.number)), _levels(page)]
    heading = page.heading(status="The votes are shown", note=note)
    return ParticipantView("shown", heading, parts, board, _closed(page, said, own))


def _after_votes(page: _Page, number: int) -> str:
    if is_practice(page.code):
        return f"This was for practice: nothing of it is kept. {_first_will_appear(page)}"
    coming = words.VOTES[number + 1] if number < LAST_ROUND else ""
    again = f" There may be a {coming}." if number < LAST_ROUND else ""
    return f"Now we talk.{again}"


def _agreed(page: _Page) -> ParticipantView:
    level = page.workshop.rubric.level(page.topic.agreed_level)
    parts = [
        passage.big(str(level)),
        passage.statements(*page.workshop.rubric.value_codes[page.code].levels[level.value]),
        passage.text(page.own.sentence(page.code) or _no_vote(page)),
        *_onward(page),
    ]
    pad = _closed(page, f"Agreed score: {level}.")
    return ParticipantView("agreed", page.heading(status="Agreed score"), parts, pad=pad)


def _no_vote(page: _Page) -> str:
    unknown = page.topic.ballots_deleted and page.workshop.anonymity == "anonymous"
    return words.not_known(page.workshop.rubric) if unknown else f"You did not vote on this {page.topic_word}."


def _parked(page: _Page) -> ParticipantView:
    return _one_sentence(page, "parked", words.parked(page.workshop.rubric))


def _not_applicable(page: _Page) -> ParticipantView:
    return _one_sentence(page, "not_applicable", words.not_applicable(page.workshop.rubric))


def _one_sentence(page: _Page, state: State, said: str) -> ParticipantView:
    return ParticipantView(state, page.heading(), [passage.text(said), *_onward(page)], pad=_closed(page, said))


def _break(page: _Page, until: str) -> ParticipantView:
    heading = {"place": page.session.title, "title": words.break_words(until)}
    said = "You can lock your phone."
    return ParticipantView("break", heading, [passage.text(said), passage.text(SLEEP)], pad=_closed(page, said))


def _closing(page: _Page) -> ParticipantView:
    title = closing_title(page.session)
    heading = {"place": page.session.title, "title": title}
    parts = closing_parts(page.workshop, page.session)
    return ParticipantView("closing", heading, parts, pad=_closed(page))


def _taken_out(page: _Page) -> ParticipantView:
    heading = {"place": page.session.title, "title": "You have been taken out"}
    parts = [passage.text(sentence) for sentence in TAKEN_OUT]
    pad = _closed(page, TAKEN_OUT[0])
    return ParticipantView("taken_out", heading, parts, pad=pad, leaving="")


def _left(page: _Page) -> ParticipantView:
    heading = {"place": page.session.title, "title": "You have left"}
    said = "You do not count as in the room, and nobody waits for your vote. What you voted stays."
    parts = [passage.text(said), passage.text("Are you in the room? Say so, and go on where the room is.")]
    return ParticipantView("left", heading, parts, pad=_closed(page, said), leaving="left")


def _ended(page: _Page) -> ParticipantView:
    own, draft_by = page.own.lines(page.session.id), page.session.draft_by
    draft = f"The facilitator sends the draft report by {say_day(draft_by)}." if draft_by else ""
    votes = [passage.heading("Your votes"), passage.items(*own)] if own else []
    scored = page.workshop.scored(page.session.id)
    agreed = [passage.heading("What we agreed"), agreed_scores(page.workshop, page.session)] if scored else []
    actions = actions_by_topic(page.workshop, page.session)
    will_do = [passage.heading("What we will do"), *actions] if actions else []
    parts = [
        *([passage.text(draft)] if draft else []),
        *agreed,
        *will_do,
        *votes,
        passage.text("You can close this page."),
    ]
    ended = words.thanks(page.workshop, page.session.id)
    heading = {"place": page.session.title, "title": ended}
    return ParticipantView("ended", heading, parts, pad=_closed(page, draft), leaving="")


_VIEWS: dict[str, Callable[[_Page], ParticipantView]] = {
    "not_started": _ready,
    "open": _vote,
    "stopped": _stopped,
    "shown": _shown,
    "agreed": _agreed,
    "parked": _parked,
    "not_applicable": _not_applicable,
}
"""What is shown by the status of the live topic."""


def _closed(page: _Page, said: str = "", own: Ballot | None = None) -> dict[str, Any]:
    """The pad while no votes are taken: its bar alone. It stays with the last vote, to which an answer may be due.

    Args:
        said: read out when it changes: what the title does not say, to which the keyboard goes then.
    """
    last = page.topic.rounds[-1] if page.code and page.topic.rounds else None
    stored = page.own.in_round(page.code, last)
    return {
        "voter": page.person.id,
        "code": page.code,
        "round": last.number if last else 0,
        "opening": last.opening if last else 0,
        "topic": words.topic_name(page.workshop, page.code) if page.code else "",
        "given": {f"{code}/{number}": one.reason for (code, number), one in page.own.ballots.items() if one.reason},
        "shown": bool(last and page.topic.status == "shown"),
        "reason": stored.reason if stored else "",
        "status": f"{called(own)}: {page.own.named(own)}" if own else CONNECTED,
        "said": said,
    }


def _onward(page: _Page) -> list[Part]:
    following = next_topic(page.workshop, page.session.id, page.code)
    own = page.own.lines(page.session.id)
    parts = []
    if following:
        parts.append(passage.text(_next(page, following)))
    if own:
        parts.append(passage.more("Your votes", passage.items(*own)))
    return parts


def _levels(page: _Page) -> Part:
    return passage.more(words.read_levels(page.workshop.rubric), passage.levels(page.levels))
