"""The right-hand column: where the room is, what to say, and what comes next."""

from typing import Any

from npswidgets.domain.agenda import voting_seconds
from npswidgets.domain.ballots import say_answer
from npswidgets.domain.first_scores import minutes
from npswidgets.domain.sign_off import missing
from npswidgets.domain.starting_level import ENOUGH_VOTES, starting_level_of
from npswidgets.domain.statistics import rounded, spread
from npswidgets.domain.workshop import Round
from npswidgets.widgets import words
from npswidgets.widgets.facilitating import room, together
from npswidgets.widgets.facilitating.buttons import LABELS, Action, buttons
from npswidgets.widgets.facilitating.closing import MOST_TOPICS, chosen_topics
from npswidgets.widgets.facilitating.look import Look, Stage

WORDS: dict[Stage, str] = {
    "planned": "Not open yet",
    "ready": "Ready",
    "first_scores": "First scores",
    "voting": "Voting",
    "stopped": "Voting has stopped",
    "shown": "Votes shown",
    "agree": "Agree a score",
    "agreed": "Score saved",
    "parked": "Come back to it",
    "not_applicable": "Not applicable",
    "asking": "Not applicable",
    "closed": "Ended",
}
FIRST_SAY = 'Say: "Score all topics on your own. There is no hurry, and nobody sees your scores until we show them."'
WEAKEST = (
    "The council's score follows its weakest part. The starting level is where that part seems to stand. You decide."
)
DRAFT = 'Until somebody signs off, every title says "(draft)".'


def now(look: Look) -> dict[str, Any]:
    """The traits of the panel. Figures of the votes are in it only after these are shown."""
    main, others = buttons(look)
    shown = (
        look.page == "topic"
        and not look.session.break_until
        and look.stage in ("shown", "agree", "agreed", "parked", "closed")
        and look.last
    )
    return {
        "moment": moment(look),
        "word": _word(look),
        "clock": _clock(look),
        "count": room.votes(look),
        "people": room.people(look),
        "verdict": look.verdict.sentence if shown and look.verdict else "",
        "lines": _lines(look),
        "starting": _starting(look.last) if shown and look.last and not look.practice else [],
        "reasons": _reasons(look) if shown and not look.practice else {},
        "figures": _figures(look.last) if shown and look.last and not look.practice else [],
        "unfolded": look.stage == "agree",
        "main": _button(main, look) if main else {},
        "others": [_button(action, look) for action in others],
        "announce": _announce(look),
    }


def moment(look: Look) -> str:
    """What the main button means; a click that was made for another moment does nothing.

    Choosing a score where the votes stand close is no other moment: "Save and start next" may follow at once.
    """
    number = look.topic.rounds[-1].number if look.topic.rounds else 0
    agreeing = str(len(look.to_agree)) if look.page == "together" else ""
    return "/".join([look.code, look.page, str(number), look.session.state, *map(str, buttons(look)[:1]), agreeing])


def _button(action: Action, look: Look) -> dict[str, str]:
    return {"action": action, "label": _label(action, look)}


def _label(action: Action, look: Look) -> str:
    if action == "ask" and look.stage == "not_applicable":
        return "Change the reason"
    if action == "end_practice" and look.stage == "ready":
        return LABELS["hide_closing"]
    if action == "agree_together":
        return together.agree_label(look)
    if action == "take_up" and not look.topic.parked:
        return "Talk about it"
    return LABELS[action]


def _word(look: Look) -> str:
    if look.page == "actions":
        return "Actions"
    if look.page == "sheets":
        return "Paper sheets"
    if look.page == "together":
        return "Break" if look.session.break_until else "Take together"
    if look.page == "tidy":
        return "Signed off" if look.workshop.sealed else "Tidy up"
    if look.page == "report":
        return "Report" if look.workshop.sealed else "Draft report"
    if look.page == "agreed":
        return "Read back" if look.session.state == "open" else WORDS["closed"]
    return "Break" if look.session.break_until else WORDS[look.stage]


def _clock(look: Look) -> dict[str, str]:
    """Since when people vote or talk, for a clock that the browser counts; empty where nothing runs."""
    running = look.topic.running
    if look.page == "topic" and look.stage in ("voting", "first_scores") and running and running.opened_at:
        return {"label": "", "since": running.opened_at.isoformat()}
    if look.page == "topic" and look.stage == "shown" and look.last and look.last.shown_at:
        return {"label": "talk", "since": look.last.shown_at.isoformat()}
    return {}


def _lines(look: Look) -> list[str]:
    """What to know and to say, one paragraph each."""
    if look.finishing:
        return _closing(look)
    if look.page == "sheets":
        return ["The sheets are entered in the order of their numbers. Nobody sees what stands on them."]
    if look.session.break_until:
        return [f"Back at {look.session.break_until}. It stands on all screens."]
    if look.page == "together":
        return together.lines(look)
    if look.practice:
        return _practising(look)
    match look.stage:
        case "planned":
            return ["Nobody can join before the session is open."]
        case "first_scores":
            return [FIRST_SAY, _how_long(look)]
        case "ready" if look.first_scores == "default":
            return [
                "Everybody first scores all topics alone. Then the room talks only about those on which it differs.",
                _how_long(look),
            ]
        case "ready":
            return [_say(look), f"About {voting_seconds(look.value_code)} seconds to vote"]
        case "voting":
            return [_say(look)]
        case "stopped":
            return ["Nobody can vote now. The votes so far are kept."]
        case "shown" if not look.presented:
            return ["The room does not see these first scores yet."]
        case "shown":
            return look.verdict.say.splitlines() if look.verdict else []
        case "agree" if not look.topic.shown:
            return ["A score needs no vote. Write in the comment how you came to it."]
        case "agree":
            said = look.verdict.say.splitlines() if look.verdict else []
            return [*_moved(look), *(["Read the comment aloud."] if look.unsaved else said)]
        case "agreed":
            return [*_moved(look), _onward(look)]
        case "parked" | "closed":
            return [_onward(look)]
        case "not_applicable":
            reason = look.topic.score.not_applicable if look.topic.score else None
            return [f"Not applicable: {reason}", _onward(look)]
        case "asking":
            return ["The topic then counts as done. It can still be scored later."]


def _how_long(look: Look) -> str:
    number = len(look.session.codes)
    return f"About {minutes(look.workshop, look.session_id)} minutes for {number} topics"


def _practising(look: Look) -> list[str]:
    kept = "Nothing of the practice is kept."
    match look.stage:
        case "ready" if look.practising:
            return ["How we score stands on the big screen and on phones.", _say(look), kept]
        case "ready":
            return [_say(look), f"About {voting_seconds(look.value_code)} seconds to vote", kept]
        case "voting":
            return [_say(look)]
        case "stopped":
            return ["Nobody can vote now. The votes so far are kept."]
        case _:
            return [kept]


def _say(look: Look) -> str:
    return f'Say: "{words.question(look.workshop)}"'


def _moved(look: Look) -> list[str]:
    moved = look.last.moved if look.last else 0
    return [f"{moved} vote{'' if moved == 1 else 's'} moved"] if moved else []


def _onward(look: Look) -> str:
    if look.session.state == "closed":
        return "The workshop has ended. A score or a comment can still be put right until it is signed off."
    if look.session.live not in (None, look.code):
        return f"The room is on {words.topic_name(look.workshop, str(look.session.live))}."
    return f"Next: {words.topic_name(look.workshop, look.next.code)}" if look.next else "All other topics are done."


def _closing(look: Look) -> list[str]:
    """What to know at the end, on the page that is open."""
    if look.page == "actions":
        return _choosing(look)
    if look.page == "report":
        return [] if look.workshop.sealed else [DRAFT]
    topics = look.workshop.topics_of(look.session_id)
    later = sum(topic.score is None for topic in topics)
    lacks = len(missing(look.workshop))
    lines = [f"{later} topic{'s' if later > 1 else ''} to come back to"] if later else []
    lines += [f"{lacks} thing{'s' if lacks > 1 else ''} missing before sign-off"] if lacks else []
    return [*lines, *_seen(look), "Nothing is sent to the LGA."]


def _choosing(look: Look) -> list[str]:
    chosen = len(chosen_topics(look.workshop, look.session_id))
    return [f"{chosen} of {MOST_TOPICS} topics chosen", *_seen(look)]


def _seen(look: Look) -> list[str]:
    """Whether the room sees what is on this page; empty after the end."""
    if look.session.state != "open" or look.page == "tidy":
        return []
    if look.session.closing == ("scores" if look.page == "agreed" else "actions"):
        return [f"The big screen and the phones show it{' as you type' if look.page == 'actions' else ''}."]
    return ["The room does not see this page yet."]


def _starting(last: Round) -> list[str]:
    """The starting level, its reasons, and what it is; empty where the votes say nothing."""
    sentences = starting_level_of(last).sentences
    return [*sentences, WEAKEST] if sentences else []


def _reasons(look: Look) -> dict[str, Any]:
    """The reasons typed with the votes shown; empty for none."""
    if not look.reasons:
        return {}
    number, on_wall = len(look.reasons), str(look.topic.reason_shown) if look.topic.reason_shown else None
    return {
        "title": f"{number} reason{'' if number == 1 else 's'}",
        "hint": "Lowest level first, without names.",
        "code": look.code,
        "rows": [
            {"answer": say_answer(one.answer), "text": one.text, "shown": one.text == on_wall} for one in look.reasons
        ],
    }


def _figures(last: Round) -> list[str]:
    """The figures, then what they mean; empty for so few votes that they say nothing."""
    figures = spread(last.counts)
    if figures.n < ENOUGH_VOTES or figures.q1 is None or figures.q3 is None or figures.consensus is None:
        return []
    return [
        f"Median {figures.median:g}",
        f"Middle half of the votes {figures.q1:g} to {figures.q3:g}",
        f"Agreement {rounded(figures.consensus, 2)}, from 0 to 1",
        "The median is the vote in the middle. Half of all votes lie in the middle half. Agreement is 1 when all votes "
        "are the same, and 0 when half of them stand at each end.",
    ]


def _announce(look: Look) -> str:
    """What a screen reader says when it changes."""
    if look.finishing:
        return f"{_word(look)}."
    name = words.topic_name(look.workshop, look.code)
    if look.page == "together":
        return "Take together."
    if look.session.break_until:
        return f"Break until {look.session.break_until}."
    match look.stage:
        case "first_scores":
            return "First scores are open."
        case "voting" if look.votes_held:
            return f"Another vote is open: {name}."
        case "voting":
            return f"Voting is open: {name}."
        case "shown" | "agree" if look.last:
            levels = " ".join(f"Level {level}: {count}." for level, count in enumerate(look.last.counts, start=1))
            return f"The votes are shown. {levels}"
        case "agreed" if look.topic.score and look.topic.score.value:
            return f"Agreed score: {look.workshop.rubric.level(look.topic.score.value)}."
        case _:
            return f"{WORDS[look.stage]}: {name}."
