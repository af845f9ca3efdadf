"""The mark of a council: setting it, and the picture as pages ask for it."""

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError, stream_request_body

from npswidgets.errors import NotFound, WorkshopError
from npswidgets.server.pages.page import Page
from npswidgets.server.pages.start_page import OperatorPage
from npswidgets.server.pages.widget_files import FOR_GOOD
from npswidgets.store.mark_image import MOST_GIVEN_BYTES
from npswidgets.store.marks import picture, remove_mark, set_mark

LONGEST_SECONDS = 120


@stream_request_body
class MarkPage(OperatorPage):
    """`/start/<workshop>/mark`: takes the picture as it is, from the operator or who facilitates the workshop."""

    async def prepare(self) -> None:  # type: ignore[override]  # the base also takes an option of its own
        """Decides how much may come: one byte more than is taken, so that a larger file is told so."""
        await super().prepare()
        self._given = bytearray()
        if self.may_prepare(self.path_args[0]):
            self.request.connection.set_max_body_size(2 * MOST_GIVEN_BYTES)  # type: ignore[union-attr]  # HTTP/1 has it
            self.request.connection.set_body_timeout(LONGEST_SECONDS)  # type: ignore[union-attr]

    def data_received(self, chunk: bytes) -> None:
        """Takes what comes, and no more of it than says that it is too much."""
        if len(self._given) <= MOST_GIVEN_BYTES:
            self._given += chunk

    @allow_unauthenticated
    async def post(self, workshop: str) -> None:
        """204, or 409 with why it is not taken."""
        self._check(workshop)
        try:
            await self.stored(set_mark, self.engine, workshop, bytes(self._given))
        except NotFound:
            raise HTTPError(404) from None
        except WorkshopError as error:
            self.set_status(409)
            await self.finish({"problem": str(error)})
            return
        self._done()

    @allow_unauthenticated
    async def delete(self, workshop: str) -> None:
        """204: the name stands alone from now on."""
        self._check(workshop)
        await self.stored(remove_mark, self.engine, workshop)
        self._done()

    def _check(self, workshop: str) -> None:
        if not self.may_prepare(workshop):
            raise HTTPError(403)

    def _done(self) -> None:
        self.councils.forget()
        self.set_status(204)
        self.finish()


class MarkPicture(Page):
    """`/mark/<digest>.png`: for everybody, since it stands at the head of the page on which people join."""

    @allow_unauthenticated
    def get(self, digest: str) -> None:
        """The picture; its address changes with what is in it."""
        png = picture(self.settings["engine"], digest)
        if png is None:
            raise HTTPError(404)
        self.send_fewer_headers()
        self.set_header("Content-Type", "image/png")
        self.set_header("Cache-Control", FOR_GOOD)
        self.finish(png)

    head = get
