"""The invitation to a session, to copy into an e-mail."""

from datetime import date

from npswidgets.domain import first_scores
from npswidgets.domain.days import say_day
from npswidgets.domain.privacy import PRIVACY
from npswidgets.domain.workshop import Session, Workshop
from npswidgets.report.phrases import counted, one_line

NOT_OPEN_YET = (
    "First scores are not open yet. Before you send this, open the workshop, let people join, and press “Start first "
    "scores”. Who opens the link earlier can join, and waits."
)


def invitation(
    workshop: Workshop, session: Session, day: date | None = None, link: str = "", *, before_the_day: bool = False
) -> str:
    """The text, in one paragraph.

    Args:
        day: None where it is not known yet; then a gap is left to fill in.
        link: where first scores are given; it is named while first scores are open.
        before_the_day: people are asked for first scores that are not open yet; the link leads there once they are.
    """
    who = f"{session.people_expected} colleagues and councillors" if session.people_expected > 1 else "colleagues"
    topics = workshop.rubric.words.topic.counted(len(session.codes))
    asked = bool(workshop.on_their_own(session.id)) or (before_the_day and can_ask_before(workshop, session))
    before = _first_scores(workshop, session, link) if link and asked else []
    return " ".join(
        [
            f"On {say_day(day) if day else '...'} we score how good our council is, with {who}.",
            f"We use {topics} on {_inside(one_line(session.title))} from “{one_line(workshop.rubric.title)}”.",
            one_line(workshop.rubric.source),
            *before,
            PRIVACY[workshop.anonymity],
            f"On the day we {_on_the_day(workshop, session, bool(before))}, and agree what to do next.",
        ]
    )


def can_ask_before(workshop: Workshop, session: Session) -> bool:
    """Whether people can be asked for first scores that are not open yet."""
    return session.state != "closed" and first_scores.untouched(workshop, session.id)


def _on_the_day(workshop: Workshop, session: Session, asked: bool) -> str:
    topics = workshop.rubric.words.topic.many
    after_first_scores = f"talk only about the {topics} on which we differ"
    if asked:
        return after_first_scores
    by_default = can_ask_before(workshop, session) and len(session.codes) >= first_scores.DEFAULT_FROM
    in_the_room = f"first score all {topics} on our own, then {after_first_scores}"
    return in_the_room if by_default else f"vote in private, talk about the {topics} on which we differ"


def _first_scores(workshop: Workshop, session: Session, link: str) -> list[str]:
    """What to do before the day."""
    minutes = first_scores.minutes(workshop, session.id)
    return [
        f"Before the day, please give your own first scores: about {counted(minutes, 'minute')}, on any phone or "
        f"computer: {link}.",
        "You can stop and go on later.",
    ]


def _inside(title: str) -> str:
    """A title as it stands within a sentence: "showing leadership"; an abbreviation stays as it is."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
