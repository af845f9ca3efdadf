"""Reports that facilitators ask for: made by `nps-workshop export` in a process of its own, one workshop at a time."""

import asyncio
import json
import logging
import shutil
import tempfile
from asyncio.subprocess import Process
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import ConfigDict

from npswidgets.domain.ids import file_in
from npswidgets.errors import WorkshopError, say_error
from npswidgets.report.formats import BUNDLE, OFFERED
from npswidgets.server.pages.command import start_command

MAKING_SECONDS = 300
STOPPED = "it stopped before the end. Try again."
TOO_LONG = f"it took longer than {MAKING_SECONDS // 60} minutes. Try again."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Order:
    """What is asked for.

    Attributes:
        formats: of `FORMATS`, one at least.
        earlier: the id of a workshop that was signed off, to compare with; empty for none.
        radar: whether the report shows the weakest score of each key area as a shape.
    """

    formats: tuple[str, ...]
    earlier: str = ""
    radar: bool = False
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(strict=True, extra="forbid")

    def __post_init__(self) -> None:
        if not self.formats or not set(self.formats) <= set(OFFERED):
            raise ValueError("unknown formats")

    def arguments(self) -> tuple[str, ...]:
        """The order as options of `nps-workshop export`."""
        formats = ",".join(one for one in OFFERED if one in self.formats)
        return (
            "--to",
            formats,
            "--zip",
            *(("--earlier", self.earlier) if self.earlier else ()),
            *["--radar"] * self.radar,
        )


@dataclass(frozen=True)
class FileState:
    """What has become of one format; `path` is the whole file once it is "done", `reason` says why it "failed"."""

    format: str
    state: Literal["waiting", "running", "done", "failed"] = "waiting"
    path: Path | None = None
    reason: str = ""


@dataclass(frozen=True)
class Making:
    """How far the reports of a workshop are.

    Attributes:
        asked_at: when somebody asked for them.
        files: the formats that were asked for, in the order in which they are made.
        step, steps: how many steps are done, of how many.
        ended: nothing more is going on.
        together: all files in one, once it is made.
    """

    asked_at: datetime
    order: Order
    files: tuple[FileState, ...]
    step: int = 0
    steps: int = 1
    ended: bool = False
    together: Path | None = None

    def file(self, name: str) -> Path | None:
        """The file of this name; None if none was made."""
        made = (*(one.path for one in self.files), self.together)
        return next((path for path in made if path and path.name == name), None)

    def after(self, step: FileState, number: int, steps: int) -> "Making":
        """How far they are after a step."""
        files = (step if step.format == one.format else one for one in self.files)
        together = step.path if step.format == BUNDLE else self.together
        return replace(self, files=tuple(files), step=number, steps=steps, together=together)

    def at_the_end(self, why_not: str) -> "Making":
        """What was not made by now has failed."""
        done = (
            one if one.state in ("done", "failed") else FileState(one.format, "failed", None, why_not)
            for one in self.files
        )
        return replace(self, files=tuple(done), ended=True)


class Reports:
    """The reports made since the server started; the files go when it ends.

    Two who ask at once get the same files. Files from before go when new ones are asked for, so that all that are there
    belong to one record.
    """

    def __init__(self, database: str, lifeline: int, folder: Path) -> None:
        """Writes into this folder; the processes end when nobody holds the other end of the pipe `lifeline`."""
        self._database, self._lifeline, self._folder = database, lifeline, folder
        self._makings: dict[str, Making] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    def of(self, workshop: str) -> Making | None:
        """How far they are; None if nobody has asked for any."""
        return self._makings.get(workshop)

    def ask(self, workshop: str, order: Order) -> None:
        """Has these files made, unless some are being made already."""
        before = self.of(workshop)
        if before and not before.ended:
            return
        files = tuple(FileState(one) for one in OFFERED if one in order.formats)
        self._makings[workshop] = Making(datetime.now(UTC), order, files)
        task = asyncio.create_task(self._make(workshop, before))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Ends what is going on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _make(self, workshop: str, before: Making | None) -> None:
        why_not = STOPPED
        try:
            async with self._turn:
                _remove_files(before)
                why_not = await asyncio.wait_for(self._run(workshop), MAKING_SECONDS) or STOPPED
        except TimeoutError:
            why_not = TOO_LONG
        except WorkshopError as error:
            why_not = str(error)
        except Exception as error:
            log.error("The reports were not made: %s", say_error(error))
        finally:
            self._makings[workshop] = self._makings[workshop].at_the_end(why_not)

    async def _run(self, workshop: str) -> str:
        """Why the command did not do all; empty if it did, or said it format by format."""
        out = Path(tempfile.mkdtemp(prefix="reports-", dir=self._folder))
        file_in(out, workshop)  # an id that cannot name a folder goes into no command line
        arguments = ("export", workshop, *self._makings[workshop].order.arguments(), "--json")
        process = await start_command(*arguments, out=out, database=self._database, lifeline=self._lifeline)
        try:
            complaint, _ = await asyncio.gather(_read_complaint(process), self._follow(workshop, process))
            return complaint if await process.wait() else ""
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _follow(self, workshop: str, process: Process) -> None:
        """Takes note of each step that the command tells."""
        assert process.stdout
        async for line in process.stdout:
            told = json.loads(line)
            path = Path(told["file"]) if told["file"] else None
            step = FileState(told["format"], told["state"], path, told["reason"])
            self._makings[workshop] = self._makings[workshop].after(step, told["step"], told["steps"])


async def _read_complaint(process: Process) -> str:
    """What the command says to people when it gives up; what it says to programmers is logged."""
    assert process.stderr
    said = (await process.stderr.read()).decode(errors="replace").strip()
    if said:
        log.warning("Reports: %s", said)
    last = said.splitlines()[-1] if said else ""
    return last.removeprefix("Error: ") if last.startswith("Error: ") else ""


def _remove_files(making: Making | None) -> None:
    for one in making.files if making else ():
        if one.path:
            shutil.rmtree(one.path.parent.parent, ignore_errors=True)
