"""Links with a secret: it stands behind the # of the address, so that neither logs nor mail scanners use it up."""

from jupyter_server.auth.decorator import allow_unauthenticated

from npswidgets.addresses import START
from npswidgets.server.http.access import let_in_by_link
from npswidgets.server.http.guesses import TooManyGuesses
from npswidgets.server.machine.journal import say_happened
from npswidgets.server.pages.one_address import opened_at
from npswidgets.server.pages.page import Page
from npswidgets.server.pages.screen_files import SCREENS, screen_files
from npswidgets.server.pages.sign_on_page import people_sign_on, sign_on_address

NOT_VALID = "This link is no longer valid.", "Open the workshop from the Start icon, or ask for a new link."


OF_OPERATORS = (
    "This page is for operators, who start workshops. Each has a secret of their own.",
    "Whoever runs the server makes one with: nps-workshop operator new NAME",
)

WRONG_SECRET = "This is no operator’s secret, or it was withdrawn"
NO_SECRET = "Enter your secret"
TOO_MANY_SECRETS = "Too many wrong secrets. The right one opens at any time"

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
        try:
            valid = await let_in_by_link(self, role, workshop, secret)
            self.set_status(200 if valid else 403)
            if valid and role == "operator":
                say_signed_on(self)
        except TooManyGuesses:
            valid = False
            self.set_status(429)
        await self.finish({"valid": valid})


class SecretPage(Page):
    """`/operator`: a form posts the secret that an operator has typed."""

    @allow_unauthenticated
    def get(self) -> None:
        """The form is on the operator's first page."""
        self.redirect(START.of())

    head = get

    @allow_unauthenticated
    async def post(self) -> None:
        """Opens the operator's pages, or says that it does not."""
        secret, problem = self.get_body_argument("secret", "").strip(), ""
        try:
            if await let_in_by_link(self, "operator", "", secret):
                say_signed_on(self)
                return self.redirect(START.of(), status=303)
            code, problem = 403, WRONG_SECRET if secret else NO_SECRET
        except TooManyGuesses:
            code, problem = 429, TOO_MANY_SECRETS
        return self.draw("operator.html", code, problems={"secret": problem})


def say_signed_on(page: Page) -> None:
    """Where others read the log, it says that an operator has come in; on a laptop its owner knows."""
    if page.settings["hosted"]:
        say_happened("signed-on", "")


def draw_link_page(page: Page, role: str, workshop: str = "") -> None:
    """The page for somebody without a grant: it posts the secret in its address; without one it says what to do."""
    ahead = [file for screen in SCREENS if screen == role for file in screen_files(screen)]
    asks = role == "operator" and page.settings["hosted"]
    sentences = OF_OPERATORS if asks else OF_HELPERS if role == "helper" else NOT_VALID
    can_sign_on = people_sign_on(page) and role in ("operator", "facilitator")
    sign_on = sign_on_address(workshop) if can_sign_on else ""
    page.draw(
        "link.html",
        role=role,
        workshop=workshop,
        sentences=sentences,
        ahead=ahead,
        sign_on=sign_on,
        asks=asks,
        opened=opened_at(page),
    )
