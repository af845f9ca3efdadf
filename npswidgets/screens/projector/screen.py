"""The wall: how to join, the topic, how many votes are in, the votes, and what was agreed."""

from asyncio import Task
from datetime import UTC, datetime

import ipywidgets

from npswidgets.domain.days import seconds_until
from npswidgets.domain.workshop import wall_session
from npswidgets.screens import words
from npswidgets.screens.nouns import name_in
from npswidgets.screens.opening import opened
from npswidgets.screens.projector.view import ProjectorView, WayIn, plenary_view, projector_view
from npswidgets.store.live import follow
from npswidgets.store.projector_store import ProjectorStore
from npswidgets.widgets import passage
from npswidgets.widgets.base import Column
from npswidgets.widgets.foot_line import FootLine
from npswidgets.widgets.join_card import JoinCard
from npswidgets.widgets.passage import Passage
from npswidgets.widgets.topic_heading import TopicHeading
from npswidgets.widgets.wall_board import WallBoard


class ProjectorScreen:
    """The widgets of the wall; it has no control."""

    def __init__(self) -> None:
        self.heading = TopicHeading(scale="wall")
        self.join = JoinCard(scale="wall")
        self.board = WallBoard(scale="wall")
        self.passage = Passage(scale="wall")
        self.foot = FootLine(scale="wall")
        self.widget = Column([self.heading, self.join, self.board, self.passage, self.foot])
        self.widget.add_class("nps-page").add_class("nps-page-wall")

    def attach(self, store: ProjectorStore) -> Task[None]:
        """Shows the workshop from now on; cancel the task to stop.

        Raises:
            RuntimeError: no event loop is running.
        """
        self._store = store
        name_in(self, store.workshop.rubric)
        self._draw()
        return follow(store, self._draw)

    def _draw(self) -> None:
        view = _view(self._store)
        now = datetime.now(UTC)
        elapsed = (now - view.since).total_seconds() if view.since else None
        back = [passage.countdown(seconds_until(*view.until, now))] if view.until else []
        page = words.tab_title(view.heading["title"], "big screen", self._store.workshop.council)
        self.heading.fill(view.heading | {"page": page})
        self.join.fill(view.join)
        self.board.fill(view.board)
        self.passage.fill({"parts": [*view.parts, *back]})
        self.foot.fill(view.foot | {"elapsed": elapsed})


def _view(store: ProjectorStore) -> ProjectorView:
    """The session that the wall is for; without one, all of them."""
    session = wall_session(store.workshop, store.actor.session)
    if session is None:
        return plenary_view(store.workshop)
    workshop = store.in_the_room(session.id)
    session = workshop.sessions[session.id]
    with store.at_once():
        votes_in = store.votes_in(session.live) if session.live else store.finished(session.id)
        way_in = _way_in(store, session.id)
    return projector_view(workshop, session, votes_in, way_in)


def _way_in(store: ProjectorStore, session: str) -> WayIn:
    door = store.doors.get(session)
    address, wifi = store.join_address(), store.join_wifi()
    return WayIn(door.code, address, wifi, door.secret) if door else WayIn(None, address, wifi)


def build() -> ProjectorScreen:
    """The wall without a workshop or a database."""
    return ProjectorScreen()


def projector() -> ipywidgets.Widget:
    """The wall of the workshop for which this kernel was started; in JupyterLab, of the example."""
    return opened(build(), ProjectorStore)
