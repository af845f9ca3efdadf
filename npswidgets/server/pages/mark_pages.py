"""The mark of a council: setting it, and the picture as pages ask for it."""

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.errors import NotFound, WorkshopError
from npswidgets.server.pages.file_page import FilePage
from npswidgets.server.pages.page import Page
from npswidgets.server.pages.widget_files import FOR_GOOD
from npswidgets.store.mark_image import MOST_GIVEN_BYTES
from npswidgets.store.marks import picture, remove_mark, set_mark


class MarkPage(FilePage):
    """`/start/<workshop>/mark`: takes the picture as it is, from the operator or who facilitates the workshop."""

    most_sent, most_taken, longest_seconds = 2 * MOST_GIVEN_BYTES, MOST_GIVEN_BYTES, 120

    def may_send(self) -> bool:
        """Whether this browser may prepare the workshop."""
        return self.may_prepare(self.path_args[0])

    @allow_unauthenticated
    async def post(self, workshop: str) -> None:
        """204, or 409 with why it is not taken."""
        self._check()
        try:
            await self.stored(set_mark, self.engine, workshop, bytes(self.given))
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
        self._check()
        await self.stored(remove_mark, self.engine, workshop)
        self._done()

    def _check(self) -> None:
        if not self.may_send():
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
