"""What a notebook that is saved, or a log, says of a widget: its kind, and nothing that it shows."""

import pytest
from messages import attached
from room import make_room
from sqlalchemy import Engine

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import NoteWritten, Words
from npswidgets.screens import facilitator, participant, projector
from npswidgets.store.opening import store_of
from npswidgets.widgets.base import PAGE, Widget


@pytest.fixture
def screens(engine: Engine) -> list[object]:
    room = make_room(engine, people=1)
    room.open_voting("reporting")
    room.facilitator.record(NoteWritten(room.session, "reporting", "comment", Words("Nobody knows")))
    actors = [Actor(room.created.workshop, "facilitator"), Actor(room.created.workshop, "projector", room.session)]
    made = [(facilitator, store_of(engine, actors[0])), (projector, store_of(engine, actors[1]))]
    return [attached(kind.build(), store) for kind, store in [*made, (participant, room.participants[0])]]


def test_a_page_and_its_widgets_say_nothing_of_what_they_show(screens: list[object]) -> None:
    for screen in screens:
        widgets = [one for one in vars(screen).values() if isinstance(one, Widget)]
        assert len(widgets) > 3
        assert {repr(one) for one in widgets} == {f"{type(one).__name__}()" for one in widgets}
        page = screen.widget  # type: ignore[attr-defined]
        assert page._repr_mimebundle_()["text/plain"] == repr(page) == PAGE
        for child in page.children:
            assert repr(child) in (PAGE, f"{type(child).__name__}()")
