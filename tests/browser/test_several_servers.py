"""A workshop that two servers of one PostgreSQL share goes on when either ends, and when the database is away."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nginx import nginx_here
from playwright.sync_api import Page, expect
from postgresql import programs_here
from serving import wait_until
from several import SeveralServers
from test_browser_healing import CODE, COMMENT, Told, back, comment, kernel_of, mark, renewed, set_up, vote, went_on

__all__ = ["back"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (nginx_here() and programs_here()), reason="nginx or PostgreSQL is not here"),
]


@pytest.fixture
def several(tmp_path: Path) -> Iterator[SeveralServers]:
    running = SeveralServers(tmp_path)
    yield running
    running.stop()


def test_people_go_on_at_the_other_server_and_when_the_database_is_back(
    new_page: Callable[..., Page], several: SeveralServers, back: Told
) -> None:
    def open_page(size: str, allow: tuple[str, ...], **options: Any) -> Page:
        return new_page(size, allow=(*allow, "50"), ignore_https_errors=True, **options)  # 500 and 502 for a while

    first, second = several.servers
    stage = set_up(open_page, first)
    there = [page for page in stage.pages if several.has(first, page, kernel_of(page))]
    assert all(several.has(second, page, kernel_of(page)) for page in stage.pages if page not in there)
    mark(*stage.pages)
    first.kill()
    with back.within(f"one of two servers killed, with {len(there)} of 3 pages"):
        renewed(*there)
        stage.is_right()
    first.start()
    mark(*stage.pages)
    second.process.terminate()
    with back.within("the other one ended"):
        renewed(*stage.pages)
        stage.is_right()
    second.stop()
    several.database.halt()
    stage.phone.locator("label", has_text=re.compile("^2 Developing")).click()
    comment(stage.facilitator).press_sequentially("ment")
    expect(stage.phone.get_by_text(re.compile("(Not|not) saved")).first).to_be_visible()
    expect(stage.facilitator.get_by_text(re.compile("Not connected to the workshop since"))).to_be_visible()
    several.database.start()
    with back.within("the database is back"):
        expect(stage.phone.get_by_text("Saved: 2 Developing")).to_be_visible()
        wait_until(lambda: stage.store.workshop.topics[CODE].note("comment") == f"{COMMENT}ment")
    vote(stage.phone, "3 Mature")
    went_on(*stage.pages)
    stage.goes_on()
