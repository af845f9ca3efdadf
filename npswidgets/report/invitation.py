"""The invitation to a session, to copy into an e-mail."""

from datetime import date

from npswidgets.domain import first_scores
from npswidgets.domain.days import say_day
from npswidgets.domain.privacy import PRIVACY
from npswidgets.domain.workshop import Session, Workshop
from npswidgets.report.phrases import counted, one_line

AFTER_FIRST_SCORES = "talk only about the topics on which we differ"
WITHOUT_FIRST_SCORES = "vote in private, talk about the topics on which we differ"


def invitation(workshop: Workshop, session: Session, day: date | None = None, link: str = "") -> str:
    """The text, in one paragraph.

    Args:
        day: None where it is not known yet; then a gap is left to fill in.
        link: where first scores are given; it is named while first scores are open.
    """
    who = f"{session.people_expected} colleagues and councillors" if session.people_expected else "colleagues"
    topics = counted(len(session.codes), "topic")
    before = _first_scores(workshop, session, link)
    return " ".join(
        [
            f"On {say_day(day) if day else '...'} we score how good our council is, with {who}.",
            f"We use {topics} on {_inside(one_line(session.title))} from “{one_line(workshop.rubric.title)}”.",
            one_line(workshop.rubric.source),
            *before,
            PRIVACY[workshop.anonymity],
            f"On the day we {AFTER_FIRST_SCORES if before else WITHOUT_FIRST_SCORES}, and agree what to do next.",
        ]
    )


def _first_scores(workshop: Workshop, session: Session, link: str) -> list[str]:
    """What to do before the day; nothing while first scores are not open."""
    if not workshop.on_their_own(session.id) or not link:
        return []
    minutes = first_scores.minutes(workshop, session.id)
    return [
        f"Before the day, please give your own first scores: about {counted(minutes, 'minute')}, on any phone or "
        f"computer: {link}.",
        "You can stop and go on later.",
    ]


def _inside(title: str) -> str:
    """A title as it stands within a sentence: "showing leadership"; an abbreviation stays as it is."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
