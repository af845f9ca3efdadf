"""`/facilitate/<workshop>/reports` and the files below it: for a facilitator of the workshop, and nobody else."""

import asyncio
import mimetypes
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from jupyter_server.auth.decorator import allow_unauthenticated
from pydantic import TypeAdapter, ValidationError
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler

from npswidgets.domain.ids import is_id, readable_id
from npswidgets.report.formats import FORMATS, OFFERED
from npswidgets.server.http.access import grant_of
from npswidgets.server.machine.journal import say_happened
from npswidgets.server.pages.page import Page
from npswidgets.server.pages.plan import MOST_LISTED, say_workshop
from npswidgets.server.pages.reports import FileState, Order, Reports
from npswidgets.store.archive import archive_text
from npswidgets.store.workshops import WorkshopSummary, earlier_workshops, read_workshop

PART_BYTES = 2**18

_order: TypeAdapter[Order] = TypeAdapter(Order)


class FacilitatorPage(Page):
    """An address below a facilitator's page."""

    @property
    def reports(self) -> Reports:
        """What was made since the server started."""
        reports: Reports = self.settings["reports"]
        return reports

    def check(self, workshop: str) -> None:
        """403 for anybody but a facilitator of this workshop."""
        if grant_of(self, "facilitator", workshop) is None:
            raise HTTPError(403)

    def name_file(self, name: str) -> None:
        """Says that the answer is a file to keep, which no browser shows as a page of ours."""
        kind, _ = mimetypes.guess_type(name)
        self.set_header("Content-Type", kind or "application/octet-stream")
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(name)}")
        self.set_header("Cache-Control", "no-store")


class ReportsPage(FacilitatorPage):
    """Says how far the reports are, and has them made."""

    @allow_unauthenticated
    def get(self, workshop: str) -> None:
        """What there can be, and how far it is."""
        self.check(workshop)
        self._say(workshop)

    @allow_unauthenticated
    def post(self, workshop: str) -> None:
        """Has files made; while some are being made, it is those."""
        self.check(workshop)
        try:
            order = _order.validate_json(self.request.body)
        except ValidationError:
            raise HTTPError(400) from None
        if order.earlier not in {"", *(one.id for one in self._earlier(workshop))}:
            raise HTTPError(400)
        self.reports.ask(workshop, order)
        self._say(workshop)

    def _earlier(self, workshop: str) -> list[WorkshopSummary]:
        return earlier_workshops(self.settings["engine"], workshop)[:MOST_LISTED]

    def _say(self, workshop: str) -> None:
        self.set_header("Cache-Control", "no-store")
        making = self.reports.of(workshop)
        files = {one.format: one for one in making.files} if making else {}
        said: dict[str, Any] = {
            "formats": [
                {"format": one, "name": FORMATS[one].name, "use": FORMATS[one].use, **_said(files.get(one))}
                for one in OFFERED
            ],
            "earlier": [
                {"id": one.id, "name": say_workshop(self.settings["engine"], one)} for one in self._earlier(workshop)
            ],
            "together": _file(making.together if making else None),
            "compared": bool(making and making.order.earlier),
            "running": making is not None and not making.ended,
            "asked_at": making.asked_at.isoformat() if making else "",
            "step": making.step if making else 0,
            "steps": making.steps if making else 1,
        }
        self.finish(said)


def _said(file: FileState | None) -> dict[str, Any]:
    if file is None:
        return {"state": "", **_file(None), "reason": ""}
    return {"state": file.state, **_file(file.path), "reason": file.reason}


def _file(path: Path | None) -> dict[str, Any]:
    """The name and length of a file; empty where it was not made, or is gone."""
    there = path if path and path.exists() else None
    return {"file": there.name if there else "", "bytes": there.stat().st_size if there else 0}


class ReportFile(FacilitatorPage):
    """A file that was made, by its name: an address never becomes a path."""

    @allow_unauthenticated
    async def get(self, workshop: str, name: str) -> None:
        """The file; 404 if it was not made, or is gone."""
        self.check(workshop)
        making = self.reports.of(workshop)
        path = making.file(name) if making else None
        if path is None:
            raise HTTPError(404)
        try:
            file = await asyncio.to_thread(path.open, "rb")
        except OSError:
            raise HTTPError(404) from None
        say_happened("exported", workshop)
        self.name_file(path.name)
        with file:
            await send_in_parts(self, file)


class RecordFile(FacilitatorPage):
    """The saved workshop, as it stands: for the council's records."""

    @allow_unauthenticated
    async def get(self, workshop: str) -> None:
        """The file that `nps-workshop archive` writes."""
        self.check(workshop)
        text = await asyncio.to_thread(archive_text, self.settings["engine"], workshop)
        name = read_workshop(self.settings["engine"], workshop).file_name
        say_happened("exported", workshop)
        self.name_file(f"{name if is_id(name) else readable_id(name)}.jsonl")
        self.finish(text)


async def send_in_parts(page: RequestHandler, file: BinaryIO) -> None:
    """Answers with a file of any length: no more of it is in memory than is on its way."""
    page.set_header("Content-Length", os.fstat(file.fileno()).st_size)
    with suppress(StreamClosedError):  # whoever asked has gone
        while part := await asyncio.to_thread(file.read, PART_BYTES):
            page.write(part)
            await page.flush()
        await page.finish()
