"""The big screens of a workshop: which one a page is for, and whether one is open somewhere."""

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.addresses import PROJECT_SESSION
from npswidgets.domain.workshop import Workshop, wall_session
from npswidgets.server.http.access import grant_of
from npswidgets.server.kernels.workshop_kernels import WorkshopKernels
from npswidgets.server.pages.link_page import draw_link_page
from npswidgets.server.pages.page import Page


class WallsPage(Page):
    """`/project/<workshop>`: the wall of its session; where it has several, the page asks which."""

    @allow_unauthenticated
    def get(self, workshop: str) -> None:
        """Leads to a wall; anybody who may not see one to the way in."""
        if grant_of(self, "projector", workshop) is None:
            return draw_link_page(self, "projector", workshop)
        state: Workshop = self.settings["workshop_cache"].latest(self.settings["engine"], workshop)
        if only := wall_session(state, None):
            return self.redirect(PROJECT_SESSION.of(workshop, only.id))
        return self.draw("walls.html", council=self.councils.of(workshop), workshop=state)

    head = get


class WallPage(Page):
    """`/facilitate/<workshop>/screen/<session>`: asked again and again by a facilitator's page that is open."""

    @allow_unauthenticated
    def get(self, workshop: str, session: str) -> None:
        """`{"connected": true}` or false; 403 for anybody but a facilitator of this workshop."""
        if grant_of(self, "facilitator", workshop) is None:
            raise HTTPError(403)
        kernels: WorkshopKernels = self.settings["kernel_manager"]
        self.set_header("Cache-Control", "no-store")
        self.finish({"connected": kernels.shows_wall(workshop, session)})
