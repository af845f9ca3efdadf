"""What the room reads together at the end, on the wall and on phones: its scores, its actions. Never a comment."""

from collections.abc import Iterable

from npswidgets.domain.days import say_day
from npswidgets.domain.first_scores import talk_order
from npswidgets.domain.workshop import Session, Topic, Workshop
from npswidgets.screens import words
from npswidgets.screens.levels import level_names
from npswidgets.widgets import passage
from npswidgets.widgets.passage import Part

TITLES = {"scores": "Is this what we agreed?", "actions": "Our actions"}
"""The heading of each part of the closing."""


def closing_title(session: Session) -> str:
    """The heading of the part that the room reads; empty before the closing."""
    return TITLES[session.closing] if session.closing else ""


def closing_parts(workshop: Workshop, session: Session) -> list[Part]:
    """The part that the room reads; empty before the closing."""
    topics = workshop.topics_of(session.id)
    match session.closing:
        case "scores":
            return [agreed_scores(workshop, session)]
        case "actions":
            return [_actions(topics)]
        case _:
            return []


def agreed_scores(workshop: Workshop, session: Session, waiting: bool = True) -> Part:
    """Each topic with its score; those that wait for one are left out where that is not wanted."""
    topics = [one for one in workshop.topics_of(session.id) if waiting or one.score]
    none = "Not scored" if session.state == "closed" else "Left for later"
    return passage.pairs((words.topic_name(workshop, one.code), _agreed(workshop, one) or none) for one in topics)


def profile(workshop: Workshop, session: Session) -> Part:
    """The topics on each level, the lowest first; those that were not scored are left out."""
    topics = [one for one in workshop.topics_of(session.id) if one.score]
    return passage.profile(
        level | {"topics": [words.topic_name(workshop, one.code) for one in topics if _is_at(one, level["value"])]}
        for level in level_names(workshop.rubric.scale)
    )


def _is_at(topic: Topic, level: int) -> bool:
    return topic.score is not None and topic.score.value == level


def actions_by_topic(workshop: Workshop, session: Session, most: int | None = None) -> list[Part]:
    """What will be done, with the topic that it is about, at `most` so many; nothing where nothing was agreed."""
    rows = [
        {
            "what": str(action.what),
            "about": words.topic_name(workshop, topic.code),
            "owner": str(action.owner),
            "due": f"by {say_day(action.due)}" if action.due else "",
        }
        for topic in workshop.topics_of(session.id)
        for action in topic.actions.values()
    ]
    rest = len(rows[most:]) if most else 0
    more = [{"what": f"and {rest} more", "about": "", "owner": "", "due": ""}] if rest else []
    return [passage.actions(rows[:most] + more)] if rows else []


def done_so_far(workshop: Workshop, session: str) -> Part:
    """Each topic in the order of the talk: with a tick and its score, or that it is still to be talked about."""

    def said(topic: Topic) -> str:
        agreed = _agreed(workshop, topic)
        return f"✓ {agreed}" if agreed else "Left for later" if topic.parked else "To talk about"

    return passage.pairs((words.topic_name(workshop, one.code), said(one)) for one in talk_order(workshop, session))


def scores_side_by_side(workshop: Workshop, sessions: Iterable[Session]) -> Part:
    """What several sessions have agreed so far, each below its title and how far it is."""
    return passage.side_by_side(
        (f"{session.title}: {words.done(workshop, session.id)}", _scored(workshop, session)) for session in sessions
    )


def _scored(workshop: Workshop, session: Session) -> list[tuple[str, str]]:
    scored = (topic for topic in workshop.topics_of(session.id) if topic.score is not None)
    return [(words.topic_name(workshop, topic.code), _agreed(workshop, topic)) for topic in scored]


def count_words(workshop: Workshop, session: Session) -> str:
    """What came of it: "13 topics scored, 4 actions agreed"; actions only where there are some, and not before them."""
    topics = workshop.topics_of(session.id)
    scored = sum(topic.agreed_level is not None for topic in topics)
    actions = 0 if session.closing == "scores" else sum(len(topic.actions) for topic in topics)
    said = [f"{workshop.rubric.words.topic.counted(scored)} scored"]
    return ", ".join([*said, f"{actions} action{'' if actions == 1 else 's'} agreed"] if actions else said)


def _agreed(workshop: Workshop, topic: Topic) -> str:
    if topic.score is None:
        return ""
    return "Not applicable" if topic.agreed_level is None else str(workshop.rubric.level(topic.agreed_level))


def _actions(topics: tuple[Topic, ...]) -> Part:
    rows = [
        (str(action.what), str(action.owner), say_day(action.due) if action.due else "")
        for topic in topics
        for action in topic.actions.values()
    ]
    return passage.table(("What", "Who", "By when"), rows) if rows else passage.text("No actions yet.")
