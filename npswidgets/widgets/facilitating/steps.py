"""What each button does, as events. Nothing is stored here; the store checks the rules once more."""

from npswidgets.domain.events import (
    BreakEnded,
    BreakStarted,
    ClosingPart,
    ClosingShown,
    Event,
    ReasonShown,
    ScoreRecorded,
    SessionClosed,
    SessionOpened,
    TogetherShown,
    TopicParked,
    TopicPresented,
    VotesDiscarded,
    VotingOpened,
    VotingStopped,
    Words,
)
from npswidgets.domain.first_scores import opening
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken
from npswidgets.widgets import words
from npswidgets.widgets.facilitating.look import Look, draft_of


def start(workshop: Workshop, code: str) -> tuple[Event, ...]:
    """The room goes to this topic, and its vote starts; a topic whose votes are shown is only taken up again.

    Raises:
        RuleBroken: the room is voting on another topic.
    """
    _check_nothing_open(workshop, code)
    topic = workshop.topics[code]
    present = TopicPresented(topic.session, code)
    if topic.running:
        again = VotingOpened(topic.session, code, topic.running.number)
        return (present, again) if topic.running.state == "stopped" else (present,)
    return (present,) if topic.shown else (present, VotingOpened(topic.session, code, topic.next_round))


def start_first_scores(look: Look) -> tuple[Event, ...]:
    """Everybody scores all topics of the session alone."""
    return opening(look.workshop, look.session_id)


def start_talk(look: Look) -> tuple[Event, ...]:
    """The room goes to the topic that it talks about first; nothing if all are done."""
    return start(look.workshop, look.first_to_talk.code) if look.first_to_talk else ()


def take_together(look: Look, show: bool) -> tuple[Event, ...]:
    """The room is asked about what stands close together, or no longer."""
    return (TogetherShown(look.session_id, look.proposals if show else ()),)


def present(look: Look) -> tuple[Event, ...]:
    """The room goes to the topic looked at; nobody votes yet."""
    return (TopicPresented(look.session_id, look.code),)


def start_afresh(look: Look) -> tuple[Event, ...]:
    """The vote that was stopped starts again without the votes so far.

    Raises:
        RuleBroken: no vote is under way, or the room is voting on another topic.
    """
    if look.topic.running is None:
        raise RuleBroken("Voting on this topic is not open.")
    discarded = VotesDiscarded(look.session_id, look.code, look.topic.running.number)
    return (discarded, *start(look.workshop, look.code))


def show_reason(look: Look, number: int, show: bool) -> tuple[Event, ...]:
    """A reason is on the big screen, or none is; nothing if there is no such reason."""
    if look.last is None or number >= len(look.reasons):
        return ()
    said = Words(look.reasons[number].text if show else "")
    return (ReasonShown(look.session_id, look.code, look.last.number, said),)


def start_break(look: Look, until: str) -> tuple[Event, ...]:
    """The room has a break."""
    return (BreakStarted(look.session_id, until),)


def end_break(look: Look) -> tuple[Event, ...]:
    """The room goes on."""
    return (BreakEnded(look.session_id),)


def vote_again(look: Look) -> tuple[Event, ...]:
    """Another vote on the topic looked at.

    Raises:
        RuleBroken: the room is voting on another topic.
    """
    _check_nothing_open(look.workshop, look.code)
    return (VotingOpened(look.session_id, look.code, look.topic.next_round),)


def stop(look: Look) -> tuple[Event, ...]:
    """No more votes for now, and nothing is shown.

    Raises:
        RuleBroken: no vote is under way.
    """
    if look.topic.running is None:
        raise RuleBroken("Voting on this topic is not open.")
    return (VotingStopped(look.session_id, look.code, look.topic.running.number),)


def save(look: Look) -> tuple[Event, ...]:
    """The chosen score; nothing if it is saved already.

    Raises:
        RuleBroken: no score was chosen.
    """
    draft = look.draft or draft_of(look.topic.score)
    if draft is None:
        raise RuleBroken("Choose the agreed score")
    if not look.unsaved:
        return ()
    reason = Words(draft.reason_above) if draft.reason_above else None
    score = ScoreRecorded(look.session_id, look.code, draft.score, reason_above=reason, case_study=draft.case_study)
    return (score,)


def save_not_applicable(look: Look, reason: str) -> tuple[Event, ...]:
    """The topic does not apply to the council; the rules ask for the reason."""
    return (ScoreRecorded(look.session_id, look.code, not_applicable=Words(reason.strip())),)


def start_next(look: Look) -> tuple[Event, ...]:
    """The vote on the next topic; nothing if all others are done."""
    return start(look.workshop, look.next.code) if look.next else ()


def park(look: Look) -> tuple[Event, ...]:
    """The room comes back to the topic later."""
    return (TopicParked(look.session_id, look.code),)


def open_session(look: Look) -> tuple[Event, ...]:
    """People can join; also after the end."""
    return (SessionOpened(look.session_id),)


def show_closing(look: Look, part: ClosingPart | None) -> tuple[Event, ...]:
    """The room reads the scores or the actions together, or None; nothing if it does so already, or has ended."""
    if look.session.state != "open" or look.session.closing == part:
        return ()
    return (ClosingShown(look.session_id, part),)


def close_session(look: Look) -> tuple[Event, ...]:
    """The session ends."""
    return (SessionClosed(look.session_id),)


def _check_nothing_open(workshop: Workshop, code: str) -> None:
    for topic in workshop.topics_of(workshop.topics[code].session):
        if topic.code != code and topic.status == "open" and topic.rounds[-1].number > 0:
            name = words.topic_name(workshop, topic.code)
            raise RuleBroken(f"Voting on {name} is still open. Show or stop those votes first.")
