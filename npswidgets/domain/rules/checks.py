"""What the rules ask about, and the words when it does not hold."""

from datetime import date
from typing import Any

from npswidgets.domain.workshop import Participant, Round, Session, Topic, Workshop
from npswidgets.errors import RuleBroken

FIRST_SCORES_OPEN = "The first scores are still open. Show them first."
TAKEN_OUT = "This person was taken out of the session."
SIGNED_OFF = "This workshop is signed off and locked. Reopen it with a reason to make changes."


def check(holds: bool, otherwise: str) -> None:
    """Raises `RuleBroken` with these words where it does not hold."""
    if not holds:
        raise RuleBroken(otherwise)


def check_answer(workshop: Workshop, answer: object) -> None:
    """Whether this is an answer at all.

    Raises:
        RuleBroken: it is neither a level nor one of the two other answers.
    """
    known = answer in workshop.rubric.scale or answer in ("dont_know", "not_my_role")
    check(known, f"There is no answer {answer!r}.")


def check_level(workshop: Workshop, value: object, what: str) -> None:
    """Whether this is a level of the rubric; `what` it is for begins the sentence: "A score".

    Raises:
        RuleBroken: it is none.
    """
    scale = workshop.rubric.scale
    check(value in scale, f"{what} is a level from {scale.ends}, not {value!r}.")


def check_answer_open(workshop: Workshop, code: str, round_number: int) -> None:
    """Whether a vote may still be cast.

    Raises:
        RuleBroken: this value code has no open vote of that number.
    """
    if workshop.sealed:
        raise RuleBroken(SIGNED_OFF)
    topic = workshop.topics.get(code)
    running = topic.running if topic else None
    if topic is None or running is None or running.number != round_number or running.state != "open":
        raise RuleBroken("Voting on this topic is not open.")
    open_session(workshop, topic.session)


def date_of(text: str | None) -> date | None:
    """The date that was written; None for none.

    Raises:
        RuleBroken: it is no date.
    """
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise RuleBroken(f"{str(text)[:40]!r} is not a date such as 2026-09-30.") from None


def session_of(workshop: Workshop, session: str) -> Session:
    """The session of this id.

    Raises:
        RuleBroken: there is none.
    """
    check(session in workshop.sessions, f"The workshop has no session {session!r}.")
    return workshop.sessions[session]


def open_session(workshop: Workshop, session: str) -> Session:
    """The session of this id, which is open.

    Raises:
        RuleBroken: there is none, or it is not open.
    """
    found = session_of(workshop, session)
    check(found.state == "open", f"The session {found.title!r} is not open.")
    return found


def person_in(session: Session, participant: str) -> Participant:
    """Somebody who joined the session.

    Raises:
        RuleBroken: nobody of this id did, or the person was erased.
    """
    found = session.participants.get(participant)
    if found is None or found.erased:
        raise RuleBroken("This person has not joined the session.")
    return found


def person_inside(session: Session, participant: str) -> Participant:
    """Somebody who joined the session and is in it.

    Raises:
        RuleBroken: nobody of this id did, or the person was erased or taken out.
    """
    found = person_in(session, participant)
    check(not found.taken_out, TAKEN_OUT)
    return found


def check_nothing_open(workshop: Workshop, session: Session) -> None:
    """Neither first scores nor a vote may be open in this session."""
    check(not workshop.on_their_own(session.id), FIRST_SCORES_OPEN)
    check_no_vote_open(workshop, session)


def check_no_vote_open(workshop: Workshop, session: Session, besides: str = "") -> None:
    """On no topic besides this one; first scores may go on beside it: nobody waits for them."""
    for topic in workshop.topics_of(session.id):
        voting = topic.voting and topic.code != besides
        check(not voting, f"Voting on {name_of(workshop, topic.code)} is still open. Show or stop those votes first.")


def topic_of(workshop: Workshop, event: Any) -> Topic:
    """The topic that an event is about.

    Raises:
        RuleBroken: nobody scores it, or another session does.
    """
    check(event.code in workshop.topics, f"No session of this workshop scores {event.code!r}.")
    topic = workshop.topics[event.code]
    at_home = topic.session == event.session
    check(at_home, f"{event.code!r} belongs to the session {topic.session!r}, not {event.session!r}.")
    return topic


def running_vote(topic: Topic, number: int) -> Round:
    """The vote of this number, which is under way on the topic.

    Raises:
        RuleBroken: none is, or another one.
    """
    running = topic.running
    if running is None or running.number != number:
        raise RuleBroken(f"There is no vote number {number} under way on this topic.")
    return running


def name_of(workshop: Workshop, code: str) -> str:
    """What a topic is called where people read it."""
    found = workshop.rubric.value_codes.get(code)
    return found.display_name if found else repr(code)
