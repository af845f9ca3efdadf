"""`/facilitate/<workshop>/screen`: whether the big screen is open somewhere, for the facilitator's page."""

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.server.http.access import grant_of
from npswidgets.server.kernels.workshop_kernels import WorkshopKernels
from npswidgets.server.pages.page import Page


class WallPage(Page):
    """Asked again and again by a page that is open."""

    @allow_unauthenticated
    def get(self, workshop: str) -> None:
        """`{"connected": true}` or false; 403 for anybody but a facilitator of this workshop."""
        if grant_of(self, "facilitator", workshop) is None:
            raise HTTPError(403)
        kernels: WorkshopKernels = self.settings["kernel_manager"]
        self.set_header("Cache-Control", "no-store")
        self.finish({"connected": kernels.shows_wall(workshop)})
