"""`/saved`: a saved workshop comes back, from a file that the operator chooses."""

from pathlib import Path

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.addresses import FACILITATE
from npswidgets.errors import WorkshopError
from npswidgets.server.pages.file_page import FilePage
from npswidgets.store.archive import import_archive
from npswidgets.store.saved import parse_archive
from npswidgets.store.travelled import TRAVELLED

MOST_BYTES = 50_000_000
"""A workshop on all 59 value codes takes less than a hundredth of it."""


class SavedPage(FilePage):
    """Takes the file as it is: it is larger than any form, and only the operator may send so much."""

    most_sent = most_taken = MOST_BYTES
    longest_seconds = 600

    @allow_unauthenticated
    async def post(self) -> None:
        """Says where the workshop is now, or why it is not."""
        if not self.may_send():
            raise HTTPError(403)
        try:
            workshop, travelled = await self.stored(self._bring_back)
        except WorkshopError as error:
            self.set_status(409)
            self.finish({"problem": str(error)})
            return
        await self.open_workshop(workshop)
        self.finish({"address": FACILITATE.of(workshop), "note": TRAVELLED if travelled else ""})

    def _bring_back(self) -> tuple[str, bool]:
        """The workshop, and whether a program changed the ends of the lines on the way."""
        archive = parse_archive(bytes(self.given), Path("The file"))
        return import_archive(self.engine, archive), archive.travelled
