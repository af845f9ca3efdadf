"""What a notebook that is saved, or a log, says of a widget: its kind, and nothing that it shows."""

import json
from pathlib import Path
from typing import Any

import comm
import nbformat
import pytest
from ipywidgets import Widget as AnyWidget
from messages import attached, send
from nbclient import NotebookClient
from room import make_room
from sqlalchemy import Engine

import npswidgets as nps
from npswidgets import settings
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


CELL = """import npswidgets as nps
pad = nps.VotePad(code="reporting")
pad.saved, pad.reason = {"ballot": "b", "answer": 3}, "The auditor said so"
notes = nps.NotesForm(code="reporting")
notes.notes = {"comment": "Nobody knows"}
card = nps.JoinCard(address="10.0.0.1:8866", code="482 915")
card"""


def test_a_notebook_that_any_client_runs_keeps_nothing_that_its_widgets_show(tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell(one) for one in (CELL, "nps.facilitator()", "[pad, notes]")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, kernel_name="python3", store_widget_state=True, resources=resources).execute()
    states = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"].state
    models = [one["state"] for one in states.values() if one["model_name"] == "AnyModel"]
    assert len(models) > 10
    for one in models:
        assert {name for name in one if name[0] != "_"} <= {"layout", "tabbable", "tooltip"}
    for said in ("auditor", "Nobody knows", "482 915", "10.0.0.1", "reporting"):
        assert said not in json.dumps([notebook.metadata, [cell.outputs for cell in notebook.cells]])


@pytest.fixture
def plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines to a page as they are without a kernel: once ipykernel is imported, others send nothing without one."""
    monkeypatch.setattr(comm, "create_comm", comm.DummyComm)


def told(widget: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What goes to the page of a widget from now on."""
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(widget.comm, "send", lambda data, **_: messages.append(data))
    return messages


@pytest.mark.usefixtures("plain_lines")
def test_a_page_that_draws_a_widget_in_a_notebook_gets_its_traits_by_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    pad = nps.VotePad(code="reporting")
    messages = told(pad, monkeypatch)
    pad.status = "Nobody hears this yet"
    assert messages == []
    send(pad, {"kind": "drawn"})
    (first,) = [one["content"]["traits"] for one in messages if one["method"] == "custom"]
    assert (first["status"], first["code"], first["fault"]) == ("Nobody hears this yet", "reporting", "")
    assert set(pad.get_state()) - set(first) == {name for name in pad.get_state() if name[0] == "_"} | DRAWN_BY_JUPYTER
    pad.status = "Now heard"
    assert messages[-1] == {"method": "custom", "content": {"kind": "traits", "traits": {"status": "Now heard"}}}
    assert "Now heard" not in json.dumps(AnyWidget.get_manager_state(widgets=[pad]))


DRAWN_BY_JUPYTER = {"layout", "tabbable", "tooltip"}


@pytest.mark.usefixtures("plain_lines")
def test_on_the_server_traits_are_in_the_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.NPS_PAGES, "1")
    pad = nps.VotePad(code="reporting")
    messages = told(pad, monkeypatch)
    pad.status = "Now heard"
    assert messages == [{"method": "update", "state": {"status": "Now heard"}, "buffer_paths": []}]
    send(pad, {"kind": "drawn"})
    assert len(messages) == 1
    assert "Now heard" in json.dumps(AnyWidget.get_manager_state(widgets=[pad]))
