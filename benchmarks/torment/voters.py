"""People who vote again and again, open their page again whenever it breaks, and note what they were told."""

import asyncio
import random
import time
from contextlib import suppress
from typing import Any

from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketError

from benchmarks.people import Person
from benchmarks.torment.ledger import Ledger

SURPRISES = (OSError, RuntimeError, TimeoutError, AssertionError, HTTPClientError, WebSocketError)
"""What a page meets while a server or a kernel is dead: no answer, an answer that says so, silence."""

ANSWER_SECONDS = 20.0
OPENING_SECONDS = 60.0
"""Longer than the server lets anybody wait for a page."""
PAUSE_SECONDS = 0.3


class Page(Person):
    """A page that notices when its connection breaks."""

    broken = False

    def _hear(self, message: bytes | str | None) -> None:
        if message is None:
            self.broken = True
            self.changed.set()
        super()._hear(message)

    async def until(self, holds: Any) -> float:
        """Waits until `holds(states)`; the moment.

        Raises:
            ConnectionError: the connection broke before.
        """
        moment = await super().until(lambda states: self.broken or holds(states))
        if self.broken:
            raise ConnectionError
        return moment

    async def join(self, code: str, name: str) -> str:
        """Comes in by the code, and presses again where the database was busy; the path of the screen."""
        while True:
            with suppress(*SURPRISES):
                await self.get(f"/join/{code}")
                answer = await self.post(f"/join/{code}", {"department": "other", "name": name})
                return answer.headers["Location"]
            await asyncio.sleep(PAUSE_SECONDS)

    async def open_again(self, path: str) -> None:
        """Opens the page anew, as often as it takes, with the same cookies."""
        while True:
            with suppress(*SURPRISES):
                self.connections += 1  # the end of the older one is not this one's
                if self.socket:
                    self.socket.close()
                async with asyncio.timeout(OPENING_SECONDS):
                    self.states, self.broken = {}, False
                    await self.open(path)
                    return
            await asyncio.sleep(PAUSE_SECONDS)

    async def connect_again(self) -> bool:
        """Opens another websocket to the same kernel; whether there is one."""
        with suppress(*SURPRISES):
            async with asyncio.timeout(OPENING_SECONDS):
                if self.kernel:
                    self.broken = False
                    await self._connect()
                    return True
        return False

    async def wait(self, holds: Any, seconds: float) -> bool:
        """Waits until `holds()`; whether it did before the time was over and the connection broke."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not holds() and not self.broken:
                    self.changed.clear()
                    await self.changed.wait()
        return bool(holds()) and not self.broken


class Voter:
    """One person.

    Attributes:
        told: how many of this person's votes the page was told to be saved.
        backs: how many seconds it took each time from the break of the connection until the page was there again.
    """

    def __init__(self, base: str, code: str, name: str, ledger: Ledger, seed: str) -> None:
        self.page, self.told, self.backs = Page(base), 0, list[float]()
        self._code, self._name, self._ledger, self._chance = code, name, ledger, random.Random(f"{seed}-{name}")
        self._path = ""

    async def join(self) -> None:
        """Comes in by the code."""
        self._path = await self.page.join(self._code, self._name)
        await self.page.open_again(self._path)

    async def live(self, pause: float) -> None:
        """Votes until it is cancelled; `pause` is how many seconds there are between two votes, on average."""
        while True:
            with suppress(*SURPRISES):
                await self._vote()
                await self.page.wait(lambda: False, self._chance.expovariate(1 / pause))
            if self.page.broken:
                began = time.monotonic()
                await self.page.open_again(self._path)
                self.backs.append(time.monotonic() - began)
                self._look_at_what_is_saved()

    async def vote_once(self) -> bool:
        """Casts one vote if there is one; whether the page was told that it is saved."""
        return await self._vote()

    async def leave(self) -> None:
        """Closes the page."""
        with suppress(*SURPRISES):
            await self.page.leave()

    def _pad(self) -> tuple[str, dict[str, Any]]:
        return next(((model, state) for model, state in self.page.states.items() if "voting" in state), ("", {}))

    def _look_at_what_is_saved(self) -> None:
        _, pad = self._pad()
        if pad.get("voting"):
            self._ledger.was_shown_again(pad["voter"], pad["code"], pad["round"], pad["saved"].get("ballot"))

    async def _vote(self) -> bool:
        model, pad = self._pad()
        if not pad.get("voting"):
            return False
        place = pad["voter"], pad["code"], pad["round"]
        sent = self._ledger.new_vote(*place, self._chance)
        content = {"kind": "cast", "id": sent.ballot, "code": place[1], "round": place[2], "answer": sent.answer}
        await self.page.click(model, content | {"replaces": pad["saved"].get("ballot")})

        def answered() -> bool:
            now = self.page.states.get(model, {})
            return sent.ballot in (now.get("saved", {}).get("ballot"), now.get("refused", {}).get("ballot"))

        if not await self.page.wait(answered, ANSWER_SECONDS):
            self.page.broken = True
            return False
        saved: bool = self.page.states[model]["saved"].get("ballot") == sent.ballot
        if saved:
            self._ledger.was_told(*place, sent)
            self.told += 1
        return saved
