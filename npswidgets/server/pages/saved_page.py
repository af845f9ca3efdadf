"""`/saved`: a saved workshop comes back, from a file that the operator chooses."""

from pathlib import Path

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError, stream_request_body

from npswidgets.addresses import FACILITATE
from npswidgets.errors import WorkshopError
from npswidgets.server.pages.start_page import OperatorPage
from npswidgets.store.archive import import_archive
from npswidgets.store.saved import parse_archive
from npswidgets.store.travelled import TRAVELLED

MOST_BYTES = 50_000_000
"""A workshop on all 59 value codes takes less than a hundredth of it."""

LONGEST_SECONDS = 600


@stream_request_body
class SavedPage(OperatorPage):
    """Takes the file as it is: it is larger than any form, and only the operator may send so much."""

    async def prepare(self) -> None:  # type: ignore[override]  # the base also takes an option of its own
        """Decides how much may come."""
        await super().prepare()
        self._file = bytearray()
        if self.is_operator():
            self.request.connection.set_max_body_size(MOST_BYTES)  # type: ignore[union-attr]  # HTTP/1 has it
            self.request.connection.set_body_timeout(LONGEST_SECONDS)  # type: ignore[union-attr]

    def data_received(self, chunk: bytes) -> None:
        """Takes what comes."""
        self._file += chunk

    @allow_unauthenticated
    async def post(self) -> None:
        """Says where the workshop is now, or why it is not."""
        if not self.is_operator():
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
        archive = parse_archive(bytes(self._file), Path("The file"))
        return import_archive(self.engine, archive), archive.travelled
