"""What the facilitator's page shows: the traits of each widget, each made in the module of its part of the page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from npswidgets.domain.days import in_a_quarter_of_an_hour
from npswidgets.domain.join_code import grouped
from npswidgets.screens.facilitator import closing_view, report_view, together_view, topic_view
from npswidgets.screens.facilitator.agenda import agenda_list
from npswidgets.screens.facilitator.controller import Controller, ScoreClash
from npswidgets.screens.facilitator.door_view import door_band
from npswidgets.screens.facilitator.now_view import now_panel, page_title
from npswidgets.screens.facilitator.people_view import people_list
from npswidgets.screens.facilitator.time_view import time_of
from npswidgets.screens.facilitator.view_state import ViewState, say_score
from npswidgets.screens.notes import NoteClash
from npswidgets.screens.paper import paper_entry

Traits: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class FacilitatorView:
    """The traits of each widget of the page, by widget. A vote that is not shown is in none of them.

    Attributes:
        sheets: None while the entry of sheets is not open: it stays as it is; so does `agenda` while it is not open.
    """

    bar: Traits
    door: Traits
    people: Traits
    helpers: Traits
    topics: Traits
    now: Traits
    band: Traits
    heading: Traits
    board: Traits
    paper: Traits
    score: Traits
    notes: Traits
    agreed: Traits
    together: Traits
    reports: Traits
    actions: Traits
    tidy: Traits
    sheets: Traits | None
    agenda: Traits | None


def facilitator_view(state: ViewState, controller: Controller, now: datetime) -> FacilitatorView:
    """What the page shows.

    Args:
        state: as `controller.counted_state` gives it.
        controller: what went wrong, and what is to be settled with another facilitator.
        now: the time, by which the door says who came last, and what is left of the time that was booked.
    """
    store, agenda = controller.store, state.of_agenda
    door = None if state.session.state == "closed" else store.doors.get(state.session_id)
    code, paper = grouped(door.code) if door else "", _paper(state, controller)
    problem = controller.current_problem(state.votes_in) or ("" if paper["total"] else controller.paper_problem)
    clash = {"clash": _score_clash(state, controller.clash)}
    unsaved = {"problem": controller.unsaved, "clash": _note_clash(state, controller.notes.clash)}
    unsaved |= {"overwritten": {} if state.is_practice else controller.notes.overwritten(state.code)}
    actions, tidy = _of_closing(agenda, controller)
    return FacilitatorView(
        bar=topic_view.bar(state, code, store.join_address(), store.saved_at),
        door=door_band(state.session, door, store.guessing, now) | {"problem": controller.door_problem},
        people=people_list(state.session, store.names(state.session_id)) | {"problem": controller.people_problem},
        helpers=controller.helpers.traits(state.session_id) | {"problem": controller.helper_problem},
        topics=topic_view.topics(agenda) | {"break_end": in_a_quarter_of_an_hour(now)},
        now=_counting(now_panel(state), now) | {"time": time_of(agenda, now), "problem": problem},
        band=topic_view.band(state),
        heading=topic_view.heading(state) | {"page": page_title(state)},
        board=topic_view.board(state),
        paper=paper,
        score=topic_view.score(state) | clash,
        notes=topic_view.notes(state) | unsaved,
        agreed=topic_view.agreed(agenda),
        together=together_view.together_list(agenda),
        reports=report_view.report_files(agenda),
        actions=actions,
        tidy=tidy,
        sheets=controller.sheets.traits(agenda.workshop, state.session_id) if state.page == "sheets" else None,
        agenda=_agenda(state, controller) if state.page == "agenda" else None,
    )


def _counting(panel: Traits, now: datetime) -> Traits:
    """The panel with the time that its clock shows now, by which the browser counts on: its own clock may be wrong."""
    since = panel["clock"].get("since")
    elapsed = (now - datetime.fromisoformat(since)).total_seconds() if since else 0
    return panel | {"clock": panel["clock"] | {"elapsed": elapsed}} if since else panel


def _paper(state: ViewState, controller: Controller) -> Traits:
    """The entry of paper votes, with why the last one was not entered, as long as it is open."""
    entry = paper_entry(state.workshop, state.code, state.paper_in, controller.entering)
    return entry | {"problem": (entry["total"] and controller.paper_problem) or entry["problem"]}


def _agenda(state: ViewState, controller: Controller) -> Traits:
    return agenda_list(controller.store, state.session_id, controller.moved) | {"problem": controller.trouble}


def _of_closing(state: ViewState, controller: Controller) -> tuple[Traits, Traits]:
    """Actions, and topics to check. What goes wrong is said on the page that is open, and on no other."""
    clash, texts = closing_view.clash_of(controller.closing.clash), controller.notes.clash
    actions, tidy = closing_view.actions(state), closing_view.tidy_up(state)
    if state.page == "actions":
        actions |= {"problem": controller.trouble, "clash": clash, "overwritten": controller.closing.overwritten()}
    if state.page == "tidy":
        in_text = {"code": texts.code, "note": texts.note, "theirs": texts.theirs} if texts else {}
        tidy |= {"problem": controller.trouble or controller.unsaved, "clash": clash or in_text}
        tidy |= {"overwritten": controller.closing.overwritten() | controller.notes.overwritten_anywhere()}
    return actions, tidy


def _score_clash(state: ViewState, clash: ScoreClash | None) -> Traits:
    here = clash is not None and clash.code == state.code
    if not clash or not here:
        return {}
    return {"theirs": str(clash.theirs.value or ""), "said": say_score(clash.theirs), "at": clash.theirs.at.isoformat()}


def _note_clash(state: ViewState, clash: NoteClash | None) -> Traits:
    here = clash is not None and clash.code == state.code
    return {"note": clash.note, "theirs": clash.theirs} if clash and here else {}
