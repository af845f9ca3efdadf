"""What a screen's page holds when something changes while it opens."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from serving import WAIT_SECONDS, Client, RunningServer

from npswidgets.domain.actor import Actor
from npswidgets.server.kernels.forks import can_fork
from npswidgets.store.opening import store_of


@contextmanager
def no_kernel_starts(server: RunningServer) -> Iterator[None]:
    """Pages that are asked for have their head, and wait for the rest."""
    server.wait_until_ready()
    (forks,) = server.fork_servers()
    os.kill(forks, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(forks, signal.SIGCONT)


@pytest.mark.skipif(not can_fork(), reason="Only a forked kernel can be kept waiting.")
def test_a_page_whose_grant_is_withdrawn_while_it_opens_holds_nothing_of_anybody(
    server: RunningServer, client: Client
) -> None:
    made, before = server.make(), datetime.now(UTC)
    client.join(made)
    with no_kernel_starts(server):
        answer = client.http.get(made.vote_page, stream=True, timeout=WAIT_SECONDS)
        pieces = answer.iter_content(None)
        head = next(pieces)
        store_of(server.engine, Actor(made.id, "facilitator")).take_people_out(made.session, before)
    page = b"".join([head, *pieces])
    assert b"Example County Council" in head
    assert b'id="not-opened"' in page
    assert b'id="states"' not in page
    assert "You have been taken out" in client.get(made.vote_page).text
