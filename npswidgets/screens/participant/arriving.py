"""What the browser does when a participant's page comes to another state: where it is, and what its tab is called."""

from npswidgets.domain.workshop import Session, Workshop
from npswidgets.screens import words
from npswidgets.screens.participant.view import ParticipantView, State

_OF_A_TOPIC: dict[State, str] = {
    "first_scores": "Score",
    "ready": "Read",
    "vote": "Vote",
    "stopped": "Voting has stopped",
    "shown": "Votes shown",
    "agreed": "Agreed score",
    "parked": "Come back to",
    "not_applicable": "Does not apply",
}
"""What people do, or see, in the states that are of one topic."""


def arrival(workshop: Workshop, session: Session, view: ParticipantView) -> dict[str, str]:
    """Of the heading: `page`, the title of the page, and `moment`, which is another one in each new state."""
    code = view.at or session.live or ""
    if view.state not in _OF_A_TOPIC or code not in workshop.topics or not view.heading.get("title"):
        return _elsewhere(workshop, view)
    if view.state == "first_scores" and not view.at:
        return _elsewhere(workshop, view)
    topic = workshop.topics[code]
    number = topic.rounds[-1].number if topic.rounds else 0
    what = words.VOTES[number].capitalize() if view.state == "vote" and number > 1 else _OF_A_TOPIC[view.state]
    place = words.place(workshop, code).split(" · ")[0]
    place = f"{place[0].lower()}{place[1:]}"
    page = words.tab_title(f"{what}: {words.topic_name(workshop, code)}", place, workshop.council)
    return {"page": page, "moment": f"{view.state} {code} {number}"}


def _elsewhere(workshop: Workshop, view: ParticipantView) -> dict[str, str]:
    title = view.heading.get("title", "").rstrip(".")
    return {"page": words.tab_title(title, workshop.council), "moment": f"{view.state} {title}"}
