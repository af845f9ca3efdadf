"""`/start/<workshop>/pack.pdf`: the print pack, made by the command in a process of its own."""

import asyncio
import logging
import os
import sys
import tempfile
from pathlib import Path

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets import settings
from npswidgets.server.start_page import OperatorPage
from npswidgets.store.workshops import list_workshops

MAKING_SECONDS = 120
COMMAND = (sys.executable, "-P", "-c", "from npswidgets.cli import main; main()", "pack")
FAILED = "The pack was not made.", "Nothing else is affected. In a terminal, `nps-workshop pack` says why."

log = logging.getLogger(__name__)


class PackFile(OperatorPage):
    """The PDF, as the address and the codes are now."""

    @allow_unauthenticated
    async def get(self, workshop: str) -> None:
        """The file, to look at and to print."""
        if not self.is_operator():
            raise HTTPError(403)
        if workshop not in {one.id for one in list_workshops(self.engine)}:
            raise HTTPError(404)
        with tempfile.TemporaryDirectory(prefix="nps-pack-") as folder:
            made = await self._make(workshop, folder)
            if made is None:
                return self.draw_problem(500, *FAILED, again=True)
        self.set_header("Content-Type", "application/pdf")
        self.set_header("Content-Disposition", 'inline; filename="pack.pdf"')
        self.set_header("Cache-Control", "no-store")
        return await self.finish(made)

    async def _make(self, workshop: str, folder: str) -> bytes | None:
        """What the command writes; None if it fails or takes too long."""
        database = self.engine.url.render_as_string(hide_password=False)
        environment = {**os.environ, settings.NPS_DATABASE: database}
        process = await asyncio.create_subprocess_exec(
            *(*COMMAND, workshop, "--out", folder),
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await asyncio.wait_for(process.communicate(), MAKING_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
            return None
        file = Path(folder) / workshop / "pack.pdf"
        if process.returncode != 0 or not file.exists():
            log.error("The print pack was not made. %s", said.decode(errors="replace").strip())
            return None
        return file.read_bytes()
