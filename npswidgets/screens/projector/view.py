"""What the wall shows: a plain function of the workshop, how many votes are in, and how to join.

Never a name, a vote that is not shown, a control, a verdict, a suggested level or a comment.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from npswidgets.addresses import join_link, typed
from npswidgets.domain.events import Proposal
from npswidgets.domain.first_scores import Outcome, next_topic, outcome
from npswidgets.domain.join_code import grouped
from npswidgets.domain.practice import is_practice
from npswidgets.domain.question import steps
from npswidgets.domain.workshop import Session, Topic, Workshop
from npswidgets.screens import words
from npswidgets.screens.closing_parts import (
    actions_by_topic,
    closing_parts,
    closing_title,
    count_words,
    done_so_far,
    profile,
    scores_side_by_side,
)
from npswidgets.screens.levels import level_rows, vote_columns
from npswidgets.store.wifi import Wifi
from npswidgets.widgets import passage
from npswidgets.widgets.join_card import qr_drawing
from npswidgets.widgets.passage import Part

State: TypeAlias = Literal[
    "join",
    "scoring",
    "between",
    "first_scores",
    "together",
    "ready",
    "voting",
    "stopped",
    "shown",
    "agreed",
    "parked",
    "not_applicable",
    "break",
    "closing",
    "ended",
    "plenary",
]

MOST_ACTIONS = 7
"""So many stand beside the profile at the end; phones have all of them."""
NO_PHONE = "No phone? Ask for a paper sheet."


@dataclass(frozen=True)
class WayIn:
    """How to join a session.

    Attributes:
        code: as people type it; None where nobody can join.
        secret: what the QR code lets people in by.
        address: such as "http://10.0.0.1:8866"; None without a server.
        wifi: one that the workshop brings along; None where people use the one of the house.
    """

    code: str | None = None
    address: str | None = None
    wifi: Wifi | None = None
    secret: str = field(default="", repr=False)

    @property
    def short_address(self) -> str:
        """The address as people type it."""
        return typed(self.address or "")

    @property
    def link(self) -> str:
        """What the QR code opens: the page where one joins, with the secret behind the #."""
        return join_link(self.address or "", self.secret)


@dataclass(frozen=True)
class ProjectorView:
    """The traits of each widget of the wall, by widget.

    Attributes:
        since: when the vote was opened; None when none is.
        until: when the break ends, such as "11:15", and when that was said; None when there is none.
    """

    state: State
    heading: dict[str, Any]
    foot: dict[str, Any]
    board: dict[str, Any] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    join: dict[str, Any] = field(default_factory=dict)
    since: datetime | None = None
    until: tuple[str, datetime] | None = None


def projector_view(workshop: Workshop, session: Session, votes_in: int, way_in: WayIn) -> ProjectorView:
    """What the wall shows of a session.

    Args:
        votes_in: how many have voted in the round under way on the live value code; while everybody scores alone, how
            many have finished.
    """
    if session.state == "closed":
        return _ended(workshop, session)
    if session.break_until:
        return _break(workshop, session, way_in, session.break_until)
    if session.closing:
        return _closing(workshop, session, way_in)
    if session.together:
        return _together(workshop, session, way_in)
    if alone := workshop.on_their_own(session.id):
        return _first_scores(workshop, session, way_in, votes_in, alone[0].rounds[-1].opened_at)
    if found := outcome(workshop, session.id):
        return _between(workshop, session, way_in, found)
    if session.live is None:
        return _join(workshop, session, way_in)
    topic = workshop.topics[session.live]
    if is_practice(topic.code) and not topic.rounds:
        return _scoring(workshop, session, way_in)
    heading = _heading(workshop, topic, way_in)
    match topic.status:
        case "agreed":
            return _agreed(workshop, topic, heading)
        case "parked":
            return _one_sentence("parked", words.parked(workshop.rubric), workshop, topic, heading)
        case "not_applicable":
            return _one_sentence("not_applicable", words.not_applicable(workshop.rubric), workshop, topic, heading)
        case _:
            return _levels(workshop, topic, heading, votes_in)


def plenary_view(workshop: Workshop) -> ProjectorView:
    """The scores of all sessions in which somebody took part, side by side; of all of them before that."""
    sessions = [*workshop.sessions.values()]
    begun = [one for one in sessions if one.took_part or workshop.scored(one.id)] or sessions
    heading = {"place": workshop.council, "title": "What we have agreed"}
    scored, topics = sum(workshop.scored(one.id) for one in begun), sum(len(one.codes) for one in begun)
    foot = {"texts": [f"{scored} of {workshop.rubric.words.topic.counted(topics)} scored"]}
    return ProjectorView("plenary", heading, foot, parts=[scores_side_by_side(workshop, begun)])


def _join(workshop: Workshop, session: Session, way_in: WayIn) -> ProjectorView:
    heading = {"place": workshop.council, "title": workshop.title, "description": session.title}
    far = words.done(workshop, session.id) if workshop.scored(session.id) else _joined(session)
    foot = {"texts": [far, NO_PHONE], "small": words.full_source(workshop.rubric)}
    return ProjectorView("join", heading, foot, join=_join_card(way_in))


def _scoring(workshop: Workshop, session: Session, way_in: WayIn) -> ProjectorView:
    """How we score, before the practice."""
    heading = {"place": session.title, "title": "How we score", "corner": _corner(way_in)}
    return ProjectorView(
        "scoring", heading, {"texts": [_joined(session)]}, parts=[passage.steps(*steps(workshop.rubric))]
    )


def _joined(session: Session) -> str:
    joined = len(session.inside)
    return f"{joined} have joined" if joined != 1 else "1 has joined"


def _first_scores(
    workshop: Workshop, session: Session, way_in: WayIn, finished: int, since: datetime | None
) -> ProjectorView:
    """Everybody scores at their own pace; who comes late still finds the way in."""
    people, topics = max(session.people, finished), workshop.rubric.words.topic.counted(len(session.codes))
    heading = {
        "place": session.title,
        "title": "Score on your own",
        "description": f"{topics}, at your own pace, on your phone or sheet",
    }
    said = [words.finished(finished, people)] if people else []
    foot = {"texts": said, "filled": finished, "total": people}
    return ProjectorView("first_scores", heading, foot, join=_join_card(way_in), since=since)


def _together(workshop: Workshop, session: Session, way_in: WayIn) -> ProjectorView:
    heading = {"place": session.title, "title": words.take_together(len(session.together)), "corner": _corner(way_in)}
    rows = [(words.topic_name(workshop, one.code), _proposed(workshop, one)) for one in session.together]
    foot = {"texts": ["Tick on your phone what you want to talk about", "Nobody sees who ticked"]}
    return ProjectorView("together", heading, foot, parts=[passage.pairs(rows)])


def _proposed(workshop: Workshop, one: Proposal) -> str:
    """The level, and where the votes stand: "2 Developing (8 votes, from 2 to 3)"."""
    return f"{workshop.rubric.level(one.level)} ({words.vote_sentences(workshop.topics[one.code].shown[-1])[0]})"


def _between(workshop: Workshop, session: Session, way_in: WayIn, found: Outcome) -> ProjectorView:
    """The first scores are shown, and the room is on no topic yet: what comes, or what is done so far."""
    far = workshop.scored(session.id)
    heading = {"place": session.title, "title": words.FIRST_SCORES_IN, "corner": _corner(way_in)}
    said = words.first_scores_say(workshop.rubric, found)
    parts = [done_so_far(workshop, session.id)] if far else [passage.heading(f"{said}.")]
    return ProjectorView("between", heading, {"texts": [words.done(workshop, session.id) if far else ""]}, parts=parts)


def _join_card(way_in: WayIn) -> dict[str, Any]:
    """The traits of the join card; empty where nobody can join."""
    if way_in.code is None:
        return {}
    qr = qr_drawing(way_in.link) if way_in.address else {}
    wifi = {"name": way_in.wifi.name, "qr": qr_drawing(way_in.wifi.join_text)} if way_in.wifi else {}
    return {"qr": qr, "address": way_in.short_address, "code": grouped(way_in.code), "wifi": wifi}


def _break(workshop: Workshop, session: Session, way_in: WayIn, until: str) -> ProjectorView:
    heading = {"place": workshop.council, "title": words.break_words(until), "description": session.title}
    foot = {"texts": [words.done(workshop, session.id), NO_PHONE]}
    back = (until, session.break_since) if session.break_since else None
    return ProjectorView("break", heading, foot, join=_join_card(way_in), until=back)


def _levels(workshop: Workshop, topic: Topic, heading: dict[str, Any], votes_in: int) -> ProjectorView:
    """The levels, before, during and after a vote: always in the same place."""
    running, shown = topic.running, topic.shown
    rounds = vote_columns(shown, most=2)
    levels = level_rows(workshop.rubric, workshop.rubric.value_codes[topic.code])
    board = {"levels": levels, "rounds": rounds, "voting": bool(running) or not shown}
    if running and running.state == "stopped":
        return ProjectorView("stopped", heading, {"texts": ["Voting has stopped for now"]}, board)
    if running:
        people = max(workshop.sessions[topic.session].people, votes_in)
        vote = "Vote now" if running.number < 2 else words.VOTES[running.number].capitalize()
        foot = {"texts": [vote, *_votes_in(votes_in, people)], "filled": votes_in, "total": people}
        return ProjectorView("voting", heading, foot, board, since=running.opened_at)
    if shown:
        heading |= _quoting(workshop, topic) if topic.reason_shown else {}
        return ProjectorView("shown", heading, {"texts": [words.what_is_seen(shown[-1])]}, board)
    return ProjectorView("ready", heading, {}, board)


def _quoting(workshop: Workshop, topic: Topic) -> dict[str, Any]:
    """Of the heading: a reason in the place of the name of the topic, which stands above it, so that no row moves."""
    place = f"{words.topic_number(workshop, topic.code)} · {words.topic_name(workshop, topic.code)}"
    return {"place": place, "quote": f"“{topic.reason_shown}”"}


def _votes_in(votes_in: int, people: int) -> list[str]:
    if people == 0:
        return []
    if votes_in >= people:
        return ["All votes are in"]
    missing = [words.not_voted_yet(people - votes_in)] if votes_in else []
    return [f"{votes_in} of {people} votes in", *missing]


def _agreed(workshop: Workshop, topic: Topic, heading: dict[str, Any]) -> ProjectorView:
    level = workshop.rubric.level(topic.agreed_level)
    parts = [
        passage.heading("Agreed score"),
        passage.big(f"{level.value}  {level.name}".strip()),
        passage.statements(*workshop.rubric.value_codes[topic.code].levels[level.value]),
    ]
    return ProjectorView("agreed", heading, _onward(workshop, topic), parts=parts)


def _one_sentence(state: State, said: str, workshop: Workshop, topic: Topic, heading: dict[str, Any]) -> ProjectorView:
    return ProjectorView(state, heading, _onward(workshop, topic), parts=[passage.heading(said)])


def _closing(workshop: Workshop, session: Session, way_in: WayIn) -> ProjectorView:
    heading = {"place": session.title, "title": closing_title(session), "corner": _corner(way_in)}
    foot = {"texts": [count_words(workshop, session)]}
    return ProjectorView("closing", heading, foot, parts=closing_parts(workshop, session))


def _ended(workshop: Workshop, session: Session) -> ProjectorView:
    heading = {"place": workshop.council, "title": workshop.title, "description": session.title}
    parts = [passage.heading(f"Thank you. {count_words(workshop, session)}.")]
    if workshop.scored(session.id):
        parts.append(passage.beside(profile(workshop, session), *actions_by_topic(workshop, session, MOST_ACTIONS)))
    following = workshop.next_session(session.id)
    upcoming = {"texts": [f"Next session: {following.title}"]} if following else {}
    return ProjectorView("ended", heading, {**upcoming, "small": words.full_source(workshop.rubric)}, parts=parts)


def _heading(workshop: Workshop, topic: Topic, way_in: WayIn) -> dict[str, Any]:
    return {
        "place": words.place(workshop, topic.code),
        "title": words.topic_name(workshop, topic.code),
        "named": True,
        "corner": _corner(way_in),
        "note": words.somebody(workshop.rubric) if topic.to_talk and not topic.score else "",
    }


def _corner(way_in: WayIn) -> str:
    return f"Join: {way_in.short_address}   {grouped(way_in.code)}" if way_in.code and way_in.address else ""


def _onward(workshop: Workshop, topic: Topic) -> dict[str, Any]:
    following = next_topic(workshop, topic.session, topic.code)
    upcoming = f"Next: {words.topic_name(workshop, following.code)}" if following else ""
    return {"texts": [upcoming, words.done(workshop, topic.session)]}
