"""Workbooks with rubrics that operators send: each read in a process of its own, one at a time."""

import asyncio
import json
import logging
import tempfile
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from npswidgets.domain.nearest import shown
from npswidgets.domain.rubric import Rubric
from npswidgets.errors import Fault, RubricFaults, WorkshopError
from npswidgets.server.pages.book_process import BOOK, PROGRAM, Answer
from npswidgets.server.pages.command import start_program
from npswidgets.store.rubric_json import rubric_digest, rubric_from_json

READING_SECONDS = 120
MOST_DRAFTS = 20

TOO_LONG = "Reading the workbook took too long. Copy its sheets into a new one, then send that."
STOPPED = "The workbook was not read: its process has stopped. Send it again, or copy its sheets into a new one."

log = logging.getLogger(__name__)


class NotRead(WorkshopError):
    """A workbook that nothing could be made of, in words for whoever sent it."""


class BookFaults(RubricFaults):
    """All faults in a workbook, or the first of them.

    Attributes:
        found: how many there are.
    """

    def __init__(self, faults: tuple[Fault, ...], found: int) -> None:
        super().__init__(faults)
        self.found = found


@dataclass(frozen=True)
class Draft:
    """A rubric that was read and is not kept yet, and what people may want to know of its workbook."""

    rubric: Rubric
    notices: tuple[str, ...]


class Books:
    """Reads workbooks, and holds the last `MOST_DRAFTS` rubrics, for whoever looks at one before keeping it."""

    def __init__(self, lifeline: int, folder: Path) -> None:
        """Files lie in this folder for a while; the processes end when nobody holds the other end of `lifeline`."""
        self._lifeline, self._folder = lifeline, folder
        self._drafts: OrderedDict[str, Draft] = OrderedDict()
        self._turn = asyncio.Lock()

    async def read(self, data: bytes, name: str) -> str:
        """Reads a workbook, and gives the digest by which its draft is asked for. Who comes meanwhile waits.

        Args:
            name: how its faults call it; whatever a browser says.

        Raises:
            BookFaults: something in it is not right.
            NotRead: it took too long or too much memory, or no rubric can be so.
        """
        async with self._turn:
            answer = await self._run(data, shown(name))
        if "problem" in answer:
            raise NotRead(answer["problem"])
        if "faults" in answer:
            raise BookFaults(tuple(Fault(*one) for one in answer["faults"]), answer["found"])
        draft = Draft(rubric_from_json(answer["rubric"]), tuple(answer["notices"]))
        digest = rubric_digest(draft.rubric)
        self._drafts[digest] = draft
        self._drafts.move_to_end(digest)
        while len(self._drafts) > MOST_DRAFTS:
            self._drafts.popitem(last=False)
        return digest

    def draft(self, digest: str) -> Draft | None:
        """What was read; None where it is too long ago, or the server has started since."""
        return self._drafts.get(digest)

    async def _run(self, data: bytes, name: str) -> Answer:
        with tempfile.TemporaryDirectory(prefix="rubric-", dir=self._folder) as folder:
            Path(folder, BOOK).write_bytes(data)
            process = await start_program(PROGRAM, name, folder=Path(folder), lifeline=self._lifeline)
            try:
                said, complaint = await asyncio.wait_for(process.communicate(), READING_SECONDS)
            except TimeoutError:
                raise NotRead(TOO_LONG) from None
            finally:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode != 0 or not said:
            log.error("A workbook was not read. %s", complaint.decode(errors="replace").strip()[-1000:])
            raise NotRead(STOPPED)
        answer: Answer = json.loads(said)
        return answer
