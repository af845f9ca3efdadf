"""Links with a secret: it stands behind the # of the address, so that neither logs nor mail scanners use it up."""

from jupyter_server.auth.decorator import allow_unauthenticated

from npswidgets.server.http.access import let_in_by_link
from npswidgets.server.pages.page import Page
from npswidgets.server.pages.screen_files import SCREENS, screen_files

NOT_VALID = "This link is no longer valid.", "Open the workshop from the Start icon, or ask for a new link."


OF_HELPERS = (
    "This link is no longer valid.",
    "A helper's link opens one browser, until it is withdrawn or the session ends. Ask the facilitator for a new one.",
)


class LinkPage(Page):
    """`/link`: a page posts the secret that it found in its own address, and is let in."""

    @allow_unauthenticated
    async def post(self) -> None:
        """Whether the browser has been let in: 200 or 403, and the same in JSON."""
        role, workshop, secret = (self.get_body_argument(name, "") for name in ("role", "workshop", "secret"))
        valid = await let_in_by_link(self, role, workshop, secret)
        self.set_status(200 if valid else 403)
        await self.finish({"valid": valid})


def draw_link_page(page: Page, role: str, workshop: str = "") -> None:
    """The page for somebody without a grant: it posts the secret in its address; without one it says what to do."""
    ahead = [file for screen in SCREENS if screen == role for file in screen_files(screen)]
    sentences = OF_HELPERS if role == "helper" else NOT_VALID
    page.draw("link.html", role=role, workshop=workshop, sentences=sentences, ahead=ahead)
