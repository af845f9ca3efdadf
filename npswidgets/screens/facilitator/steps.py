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
from npswidgets.domain.rules.checks import check_no_vote_open
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken
from npswidgets.screens.facilitator.view_state import ViewState, draft_of


def start(workshop: Workshop, code: str) -> tuple[Event, ...]:
    """The room goes to this topic, and its vote starts; a topic whose votes are shown is only taken up again.

    Raises:
        RuleBroken: the room is voting on another topic.
    """
    _check_no_other_vote(workshop, code)
    topic = workshop.topics[code]
    present = TopicPresented(topic.session, code)
    if topic.running:
        again = VotingOpened(topic.session, code, topic.running.number)
        return (present, again) if topic.running.state == "stopped" else (present,)
    return (present,) if topic.shown else (present, VotingOpened(topic.session, code, topic.next_round))


def start_first_scores(state: ViewState) -> tuple[Event, ...]:
    """Everybody scores all topics of the session alone."""
    return opening(state.workshop, state.session_id)


def start_talk(state: ViewState) -> tuple[Event, ...]:
    """The room goes to the topic that it talks about first; nothing if all are done."""
    return start(state.workshop, state.first_to_talk.code) if state.first_to_talk else ()


def take_together(state: ViewState, show: bool) -> tuple[Event, ...]:
    """The room is asked about what stands close together, or no longer."""
    return (TogetherShown(state.session_id, state.proposals if show else ()),)


def present(state: ViewState) -> tuple[Event, ...]:
    """The room goes to the topic looked at; nobody votes yet."""
    return (TopicPresented(state.session_id, state.code),)


def start_afresh(state: ViewState) -> tuple[Event, ...]:
    """The vote that was stopped starts again without the votes so far.

    Raises:
        RuleBroken: no vote is under way, or the room is voting on another topic.
    """
    if state.topic.running is None:
        raise RuleBroken("Voting on this topic is not open.")
    discarded = VotesDiscarded(state.session_id, state.code, state.topic.running.number)
    return (discarded, *start(state.workshop, state.code))


def show_reason(state: ViewState, number: int, show: bool) -> tuple[Event, ...]:
    """A reason is on the big screen, or none is; nothing if there is no such reason of this room."""
    if state.last is None or number >= len(state.reasons) or state.reasons[number].session:
        return ()
    said = Words(state.reasons[number].text if show else "")
    return (ReasonShown(state.session_id, state.code, state.last.number, said),)


def start_break(state: ViewState, until: str) -> tuple[Event, ...]:
    """The room has a break."""
    return (BreakStarted(state.session_id, until),)


def end_break(state: ViewState) -> tuple[Event, ...]:
    """The room goes on."""
    return (BreakEnded(state.session_id),)


def vote_again(state: ViewState) -> tuple[Event, ...]:
    """Another vote on the topic looked at.

    Raises:
        RuleBroken: the room is voting on another topic.
    """
    _check_no_other_vote(state.workshop, state.code)
    return (VotingOpened(state.session_id, state.code, state.topic.next_round),)


def stop(state: ViewState) -> tuple[Event, ...]:
    """No more votes for now, and nothing is shown.

    Raises:
        RuleBroken: no vote is under way.
    """
    if state.topic.running is None:
        raise RuleBroken("Voting on this topic is not open.")
    return (VotingStopped(state.session_id, state.code, state.topic.running.number),)


def save(state: ViewState) -> tuple[Event, ...]:
    """The chosen score; nothing if it is saved already.

    Raises:
        RuleBroken: no score was chosen.
    """
    draft = state.draft or draft_of(state.topic.score)
    if draft is None:
        raise RuleBroken("Choose the agreed score")
    if not state.unsaved:
        return ()
    reason = Words(draft.reason_above) if draft.reason_above else None
    score = ScoreRecorded(state.session_id, state.code, draft.score, reason_above=reason, case_study=draft.case_study)
    return (score,)


def save_not_applicable(state: ViewState, reason: str) -> tuple[Event, ...]:
    """The topic does not apply to the council; the rules ask for the reason."""
    return (ScoreRecorded(state.session_id, state.code, not_applicable=Words(reason.strip())),)


def start_next(state: ViewState) -> tuple[Event, ...]:
    """The vote on the next topic; nothing if all others are done."""
    return start(state.workshop, state.next.code) if state.next else ()


def park(state: ViewState) -> tuple[Event, ...]:
    """The room comes back to the topic later."""
    return (TopicParked(state.session_id, state.code),)


def open_session(state: ViewState) -> tuple[Event, ...]:
    """People can join; also after the end."""
    return (SessionOpened(state.session_id),)


def show_closing(state: ViewState, part: ClosingPart | None) -> tuple[Event, ...]:
    """The room reads the scores or the actions together, or None; nothing if it does so already, or has ended."""
    if state.session.state != "open" or state.session.closing == part:
        return ()
    return (ClosingShown(state.session_id, part),)


def close_session(state: ViewState) -> tuple[Event, ...]:
    """The session ends."""
    return (SessionClosed(state.session_id),)


def _check_no_other_vote(workshop: Workshop, code: str) -> None:
    check_no_vote_open(workshop, workshop.sessions[workshop.topics[code].session], besides=code)
