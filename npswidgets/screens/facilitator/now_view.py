"""The right-hand column: where the room is, what to say, and what comes next."""

from typing import Any

from npswidgets.domain.agenda import voting_seconds
from npswidgets.domain.ballots import Reason, say_answer
from npswidgets.domain.first_scores import minutes, unfinished
from npswidgets.domain.question import question
from npswidgets.domain.scale import ScoreFollows
from npswidgets.domain.sign_off import missing_counted
from npswidgets.domain.starting_level import ENOUGH_VOTES, called, starting_level_of
from npswidgets.domain.statistics import rounded, spread
from npswidgets.domain.workshop import Round
from npswidgets.screens import words
from npswidgets.screens.facilitator import room_view, together_view
from npswidgets.screens.facilitator.buttons import LABELS, Action, buttons
from npswidgets.screens.facilitator.closing import MOST_TOPICS, chosen_topics
from npswidgets.screens.facilitator.view_state import Stage, ViewState
from npswidgets.screens.levels import level_rows

WORDS: dict[Stage, str] = {
    "planned": "Not open yet",
    "ready": "Ready",
    "first_scores": "First scores",
    "voting": "Voting",
    "stopped": "Voting has stopped",
    "shown": "Votes shown",
    "agree": "Agree a score",
    "agreed": "Score saved",
    "parked": "Leave for later",
    "not_applicable": "Not applicable",
    "asking": "Not applicable",
    "closed": "Ended",
}
TOPIC_PAGES = ("topic", "scoring", "not_applicable")
"""The pages that show the topic and its levels."""

HURRY = "Once they are shown, nobody can score on their own any more: what was seen was seen."
SUGGESTED: dict[ScoreFollows, str] = {
    "weakest part": "The council's score follows its weakest part. The suggested {level} is where that part seems to "
    "stand. You decide.",
    "median": "The score follows the vote in the middle. You decide.",
    "nothing": "",
}
ON_SCREEN = "The big screen and the phones show it."
DRAFT = 'Until somebody signs off, every title says "(draft)".'


def now_panel(state: ViewState) -> dict[str, Any]:
    """The traits of the panel. Figures of the votes are in it only after these are shown."""
    main, others = buttons(state)
    shown = (
        state.page == "topic"
        and not state.session.break_until
        and state.stage in ("shown", "agree", "agreed", "parked", "closed")
        and state.last
    )
    return {
        "moment": press_token(state),
        "word": _word(state),
        "clock": _clock(state),
        "count": room_view.votes(state),
        "people": room_view.people(state),
        "verdict": state.verdict.sentence if shown and state.verdict else "",
        "lines": [*_wanted(state), *_lines(state), *_elsewhere(state)],
        "starting": _starting(state.last) if shown and state.last and not state.is_practice else [],
        "starting_title": called(state.workshop.rubric.scale),
        "reasons": _reasons(state, bool(shown)) if state.page == "topic" and not state.is_practice else {},
        "figures": _figures(state.last) if shown and state.last and not state.is_practice else [],
        "unfolded": state.stage == "agree",
        "levels": _levels(state),
        "why": _why(state),
        "main": _button(main, state) if main else {},
        "others": [_button(action, state) for action in others],
        "announce": _announce(state),
    }


def press_token(state: ViewState) -> str:
    """What the main button means; a click that was made for another moment does nothing.

    Choosing a score where the votes stand close is no other moment: "Save and start next" may follow at once.
    """
    last = state.topic.rounds[-1] if state.topic.rounds else None
    vote = f"{last.number}/{last.opening}" if last else "0"
    agreeing = str(len(state.to_agree)) if state.page == "together" else ""
    return "/".join([state.code, state.page, vote, state.session.state, *map(str, buttons(state)[:1]), agreeing])


def page_title(state: ViewState) -> str:
    """What the tab is called: what is open, the topic, the council."""
    on_topic = not state.finishing and state.page not in ("together", "sheets", "agenda")
    topic = f": {words.topic_name(state.workshop, state.code)}" if on_topic else ""
    return words.tab_title(f"{_word(state)}{topic}", state.session.title, state.workshop.council)


def _button(action: Action, state: ViewState) -> dict[str, str]:
    return {"action": action, "label": _label(action, state)}


def _label(action: Action, state: ViewState) -> str:
    if action == "ask" and state.stage == "not_applicable":
        return "Change the reason"
    if action == "end_practice" and state.stage == "ready":
        return LABELS["hide_closing"]
    if action == "agree_together":
        return together_view.agree_label(state)
    if action == "take_up" and not state.topic.parked:
        return "Talk about it"
    if action in ("actions", "start_first"):
        topic = state.called.topic
        return f"Choose {topic.many} for action" if action == "actions" else f"Start the first {topic.one}"
    if action == "close":
        return words.end_words(state.workshop, state.session_id)
    return LABELS[action]


def _word(state: ViewState) -> str:
    if state.page == "actions":
        return "Actions"
    if state.page == "sheets":
        return "Paper sheets"
    if state.page == "agenda":
        return "Agenda"
    if state.page == "together":
        return "Break" if state.session.break_until else "Agree without talking"
    if state.page == "tidy":
        return "Signed off" if state.workshop.sealed else "Check before sign-off"
    if state.page == "report":
        return "Report" if state.workshop.sealed else "Draft report"
    if state.page == "agreed":
        return "Read back" if state.session.state == "open" else WORDS["closed"]
    return "Break" if state.session.break_until else WORDS[state.stage]


def _clock(state: ViewState) -> dict[str, str]:
    """Since when people vote or talk, for a clock that the browser counts; empty where nothing runs."""
    running = state.topic.running
    if state.page == "topic" and state.stage in ("voting", "first_scores") and running and running.opened_at:
        return {"label": "", "since": running.opened_at.isoformat()}
    since = state.topic.talk_since
    if state.page == "topic" and state.stage == "shown" and state.presented and since:
        return {"label": "talk", "since": since.isoformat()}
    return {}


def _lines(state: ViewState) -> list[str]:
    """What to know and to say, one paragraph each."""
    if state.finishing:
        return _closing(state)
    if state.page == "agenda":
        return ["What is left out stays at the end of the list, and can be put back."]
    if state.page == "sheets":
        return ["The sheets are entered in the order of their numbers. Nobody sees what stands on them."]
    if state.session.break_until:
        return [f"Back at {state.session.break_until}. It stands on all screens."]
    if state.page == "together":
        return together_view.lines(state)
    if state.is_practice:
        return _practising(state)
    match state.stage:
        case "planned":
            return ["Nobody can join before the session is open."]
        case "first_scores":
            return [_unfinished(state), HURRY] if state.hurrying else [_first_say(state), _how_long(state)]
        case "ready" if state.first_scores == "default":
            return [
                f"Everybody first scores all {state.called.topic.many} alone. "
                "Then the room talks only about those on which it differs.",
                _how_long(state),
            ]
        case "ready":
            return [_say(state), f"About {voting_seconds(state.value_code)} seconds to vote"]
        case "voting":
            return [_say(state)]
        case "stopped":
            return ["Nobody can vote now. The votes so far are kept."]
        case "shown" if not state.presented:
            return ["The room does not see these first scores yet."]
        case "shown":
            return state.verdict.say.splitlines() if state.verdict else []
        case "agree" if not state.topic.shown:
            return ["A score needs no vote. Write in the comment how you came to it."]
        case "agree":
            said = state.verdict.say.splitlines() if state.verdict else []
            return [*_moved(state), *(["Read the comment aloud."] if state.unsaved else said)]
        case "agreed":
            return [*_moved(state), _onward(state)]
        case "parked" | "closed":
            return [_onward(state)]
        case "not_applicable":
            reason = state.topic.score.not_applicable if state.topic.score else None
            return [f"Not applicable: {reason}", _onward(state)]
        case "asking":
            return [f"The {state.called.topic.one} then counts as done. It can still be scored later."]


def _wanted(state: ViewState) -> list[str]:
    """That somebody pulled the topic out of those that are agreed without talking."""
    talked = state.page == "topic" and state.topic.to_talk and not state.topic.score and not state.session.break_until
    return [words.somebody(state.workshop.rubric)] if talked else []


def _unfinished(state: ViewState) -> str:
    people, number = state.session.people, unfinished(state.session, state.finished)
    if not number:
        return "All have finished."
    certain = all(one.counts for one in state.session.inside)
    if certain and number == people:
        return "Nobody has finished."
    said = f"{number} of {people} {'has' if number == 1 else 'have'} not finished."
    return said if certain else f"Up to {said} Somebody who has left may be among those who have."


def _elsewhere(state: ViewState) -> list[str]:
    """First scores that other people gave, in the session that the topic comes from: while the room talks about it."""
    if (
        state.page not in ("topic", "scoring")
        or state.session.break_until
        or state.stage not in ("ready", "shown", "agree")
    ):
        return []
    sessions = state.workshop.sessions
    return [words.given_in(sessions[one.session].title, one.round) for one in state.topic.elsewhere]


def _how_long(state: ViewState) -> str:
    number = len(state.session.codes)
    return f"About {minutes(state.workshop, state.session_id)} minutes for {state.called.topic.counted(number)}"


def _practising(state: ViewState) -> list[str]:
    kept = "Nothing of the practice is kept."
    match state.stage:
        case "ready" if state.live_practice:
            return ["How we score stands on the big screen and on phones.", _say(state), kept]
        case "ready":
            return [_say(state), f"About {voting_seconds(state.value_code)} seconds to vote", kept]
        case "voting":
            return [_say(state)]
        case "stopped":
            return ["Nobody can vote now. The votes so far are kept."]
        case _:
            return [kept]


def _say(state: ViewState) -> str:
    return f'Say: "{question(state.workshop)}"'


def _moved(state: ViewState) -> list[str]:
    moved = state.last.moved if state.last else 0
    return [f"{moved} vote{'' if moved == 1 else 's'} moved"] if moved else []


def _onward(state: ViewState) -> str:
    if state.session.state == "closed":
        ended = words.has_ended(state.workshop, state.session_id)
        return f"{ended} A score or a comment can still be put right until it is signed off."
    if state.session.live not in (None, state.code):
        return f"The room is on {words.topic_name(state.workshop, str(state.session.live))}."
    return f"Next: {words.topic_name(state.workshop, state.next.code)}" if state.next else _others_done(state)


def _first_say(state: ViewState) -> str:
    topics = state.called.topic.many
    return f'Say: "Score all {topics} on your own. There is no hurry, and nobody sees your scores until we show them."'


def _others_done(state: ViewState) -> str:
    return f"All other {state.called.topic.many} are done."


def _closing(state: ViewState) -> list[str]:
    """What to know at the end, on the page that is open."""
    if state.page == "actions":
        return _choosing(state)
    if state.page == "report":
        return [] if state.workshop.sealed else [DRAFT]
    following = state.workshop.next_session(state.session_id) if state.session.state == "closed" else None
    onward = [f"Next session: {following.title}"] if following else []
    return [*missing_counted(state.workshop), *onward, *_seen(state), words.nothing_sent(state.workshop.rubric)]


def _choosing(state: ViewState) -> list[str]:
    chosen = len(chosen_topics(state.workshop, state.session_id))
    return [f"{chosen} of {MOST_TOPICS} {state.called.topic.many} chosen", *_seen(state)]


def _seen(state: ViewState) -> list[str]:
    """Whether the room sees what is on this page; empty after the end."""
    if state.session.state != "open" or state.page == "tidy":
        return []
    if state.session.closing == ("scores" if state.page == "agreed" else "actions"):
        return [f"{ON_SCREEN.rstrip('.')} as you type." if state.page == "actions" else ON_SCREEN]
    return ["The room does not see this page yet."]


def _starting(last: Round) -> list[str]:
    """The suggested level, its reasons, and what it is; empty where none is suggested."""
    sentences = starting_level_of(last).sentences
    what_it_is = SUGGESTED[last.scale.score_follows].format(level=last.scale.word.one)
    return [*sentences, what_it_is] if sentences else []


def _reasons(state: ViewState, shown: bool) -> dict[str, Any]:
    """The reasons typed with the votes, once these are shown, and with first scores of another session."""
    reasons = [one for one in state.reasons if shown or one.session]
    if not reasons:
        return {}
    return {
        "title": f"{len(reasons)} reason{'' if len(reasons) == 1 else 's'}",
        "hint": f"Lowest {state.called.level.one} first, without names.",
        "code": state.code,
        "rows": [_reason(state, one) for one in reasons],
    }


def _reason(state: ViewState, one: Reason) -> dict[str, Any]:
    """A reason; one from another session says so, and is for the facilitator alone."""
    on_wall = str(state.topic.reason_shown) if state.topic.reason_shown and not one.session else None
    row = {"answer": say_answer(one.answer), "text": one.text, "shown": one.text == on_wall}
    return row | {"session": state.workshop.sessions[one.session].title} if one.session else row


def _figures(last: Round) -> list[str]:
    """The figures, then what they mean; empty for so few votes that they say nothing."""
    figures = spread(last.counts, last.scale.lowest)
    if figures.n < ENOUGH_VOTES or figures.q1 is None or figures.q3 is None or figures.consensus is None:
        return []
    return [
        f"Median {figures.median:g}",
        f"Middle half of the votes {figures.q1:g} to {figures.q3:g}",
        f"Agreement {rounded(figures.consensus, 2)}, from 0 to 1",
        "The median is the vote in the middle. Half of all votes lie in the middle half. Agreement is 1 when all votes "
        "are the same, and 0 when half of them stand at each end.",
    ]


def _levels(state: ViewState) -> dict[str, Any]:
    """The levels to read, once votes stand beside them, where there is not always room for all statements."""
    if state.page not in TOPIC_PAGES or not state.topic.shown:
        return {}
    rubric = state.workshop.rubric
    return {"title": words.read_levels(rubric), "rows": level_rows(rubric, state.value_code)}


def _why(state: ViewState) -> str:
    """Why the key area of the topic is important; empty where no topic is on the page, and for the practice."""
    asked = state.page in TOPIC_PAGES and not state.is_practice
    return state.workshop.rubric.key_area_of(state.code).why_it_is_important if asked else ""


def _announce(state: ViewState) -> str:
    """What a screen reader says when it changes."""
    if state.finishing or state.page in ("sheets", "agenda"):
        return " ".join([f"{_word(state)}.", *(_seen(state) if state.finishing else [])])
    name = words.topic_name(state.workshop, state.code)
    if state.page == "together" and not state.session.break_until:
        told = [ON_SCREEN] if state.session.together else together_view.lines(state)
        return " ".join([f"{_word(state)}.", *(f"{line.rstrip('.')}." for line in told)])
    if state.session.break_until:
        return f"Break until {state.session.break_until}."
    match state.stage:
        case "first_scores":
            return "First scores are open."
        case "voting" if state.votes_held:
            return f"Another vote is open: {name}."
        case "voting":
            return f"Voting is open: {name}."
        case "shown" if not state.presented:
            return f"The first scores are shown: {name}. {words.done(state.workshop, state.session_id)}."
        case "shown" | "agree" if state.last:
            levels = words.level_counts(state.last)
            return f"The votes are shown. {levels}"
        case "agreed" if state.topic.agreed_level is not None:
            return f"Agreed score: {state.workshop.rubric.level(state.topic.agreed_level)}."
        case _:
            return f"{WORDS[state.stage]}: {name}."
