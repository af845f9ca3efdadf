"""What goes over the wire before the votes are shown: to nobody anything of somebody else's vote."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocket, expect
from serving import Made, RunningServer, states_in
from sqlalchemy import select
from test_browser_theme import DEPARTMENTS, facilitate, join, press, project, vote

from npswidgets.store import tables

pytestmark = pytest.mark.browser


def listen(page: Page) -> list[str]:
    """All that this page receives from its kernel from now on, when it is opened again."""
    received: list[str] = []

    def note(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: received.append(frame if isinstance(frame, str) else repr(frame)))

    page.on("websocket", note)
    received.append(opened_again(page))
    return received


def opened_again(page: Page) -> str:
    """What is in its widgets, as a page brings it that is opened again."""
    answer = page.reload()
    assert answer
    return json.dumps(states_in(answer.text()))


def test_a_vote_reaches_nobody_before_the_votes_are_shown(new_page: Callable[..., Page], server: RunningServer) -> None:
    made: Made = server.make(departments=DEPARTMENTS)
    facilitator, wall = facilitate(new_page, made), project(new_page, made)
    voter, other, bystander = (join(new_page, made, department) for department in DEPARTMENTS)
    press(facilitator, "Start voting")
    heard = {name: listen(page) for name, page in (("wall", wall), ("bystander", bystander), ("other", other))}
    heard["facilitator"] = listen(facilitator)
    for phone in (other, bystander):
        expect(phone.get_by_role("radio").first).to_be_visible()
    expect(wall.get_by_text("0 of 3 votes in").first).to_be_visible()
    expect(facilitator.get_by_text("0 of 3 votes in").first).to_be_visible()
    for received in heard.values():
        received.clear()

    vote(voter, "1 Minimum")
    expect(facilitator.get_by_text("1 of 3 votes in").first).to_be_visible()
    expect(wall.get_by_text("1 of 3 votes in").first).to_be_visible()
    heard_of_first = {name: len(received) for name, received in heard.items()}
    vote(voter, "5 Innovator")
    vote(other, "2 Developing")
    expect(facilitator.get_by_text("2 of 3 votes in").first).to_be_visible()
    expect(wall.get_by_text("2 of 3 votes in").first).to_be_visible()

    assert heard_of_first["bystander"] == 0
    assert heard["bystander"] == [], "a phone hears nothing of the votes of others, not even that there are any"
    with server.engine.connect() as db:
        ballots = db.execute(select(tables.ballots).where(tables.ballots.c.workshop == made.id)).all()
    assert sorted(ballot.answer for ballot in ballots) == ["2", "5"]
    for ballot in ballots:
        for name in ("facilitator", "wall", "bystander"):
            said = "".join(heard[name])
            assert ballot.ballot not in said
            assert ballot.participant not in said
    for name in ("facilitator", "wall"):
        said = "".join(heard[name])
        assert "votes in" in said, "the test listens at the right place"
        for level in ("1 Minimum", "2 Developing", "5 Innovator"):
            assert level not in said
    for name, page in (("facilitator", facilitator), ("wall", wall), ("bystander", bystander)):
        said = opened_again(page)
        assert '"participant' in said or '"facilitator' in said or '"projector' in said, "it has brought its widgets"
        assert '"counts": [' not in said
        for ballot in ballots:
            assert ballot.ballot not in said, name
            assert ballot.participant not in said, name

    press(facilitator, "Show the votes")
    expect(bystander.get_by_text("2 votes").first).to_be_visible()
    assert heard["bystander"] != []
