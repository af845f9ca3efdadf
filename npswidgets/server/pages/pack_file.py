"""`/start/<workshop>/pack.pdf`: the print pack, made by the command in a process of its own."""

import asyncio
import logging
import tempfile
from pathlib import Path

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.addresses import READY
from npswidgets.domain.ids import file_in
from npswidgets.errors import ExportFailed
from npswidgets.report.pack import MOST_SHEETS, PARTS
from npswidgets.server.machine.journal import say_happened
from npswidgets.server.pages.command import start_command
from npswidgets.server.pages.start_page import OperatorPage
from npswidgets.store.workshops import list_workshops

MAKING_SECONDS = 120
FAILED = "The pack was not made", "Nothing else is affected. In a terminal, `nps-workshop pack` says why."
NOTHING = (
    "Nothing was chosen",
    "No part of the pack was ticked.",
    "Go back and tick what to print. Score sheets need a number of people above 0.",
)
LONGEST_NUMBER = 9

log = logging.getLogger(__name__)


class PackFile(OperatorPage):
    """The PDF, as the address and the codes are now."""

    @allow_unauthenticated
    async def get(self, workshop: str) -> None:
        """The file, to look at and to print."""
        if not self.may_prepare(workshop):
            raise HTTPError(403)
        if workshop not in {one.id for one in list_workshops(self.engine)}:
            raise HTTPError(404)
        options = self._options()
        if options is None:
            return self.draw_problem(409, *NOTHING, back=READY.of(workshop))
        with tempfile.TemporaryDirectory(prefix="pack-", dir=self.settings["voila"].connection_dir) as folder:
            try:
                made = await self._make(workshop, Path(folder), options)
            except ExportFailed as error:
                return self.draw_problem(409, FAILED[0], str(error), back=READY.of(workshop))
            if made is None:
                return self.draw_problem(500, *FAILED, again=True)
        say_happened("exported", workshop)
        self.set_header("Content-Type", "application/pdf")
        self.set_header("Content-Disposition", 'inline; filename="pack.pdf"')
        self.set_header("Cache-Control", "no-store")
        return await self.finish(made)

    def _options(self) -> list[str] | None:
        """What was ticked on the ready page, as the command's options: none without the form, None if nothing was."""
        people, asked = self.get_query_argument("sheets", ""), self.get_query_arguments("part")
        if not people and not asked:
            return []
        sheets = min(int(people), MOST_SHEETS) if people.isdecimal() and len(people) < LONGEST_NUMBER else None
        parts = [part for part in PARTS if part in asked and (part != "sheets" or sheets != 0)]
        options = [f"--part={part}" for part in parts] + ([] if sheets is None else [f"--sheets={sheets}"])
        return options if parts else None

    async def _make(self, workshop: str, folder: Path, options: list[str]) -> bytes | None:
        """What the command writes; None if it fails or takes too long.

        Raises:
            ExportFailed: the id cannot name a folder.
        """
        file = file_in(folder, workshop) / "pack.pdf"
        kernels = self.settings["kernel_manager"]
        process = await start_command(
            "pack", workshop, *options, out=folder, database=kernels.database, lifeline=kernels.lifeline
        )
        try:
            _, said = await asyncio.wait_for(process.communicate(), MAKING_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
            return None
        if process.returncode != 0 or not file.exists():
            log.error("The print pack was not made. %s", said.decode(errors="replace").strip())
            return None
        return file.read_bytes()
