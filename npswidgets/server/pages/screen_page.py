"""The three screens: a notebook each, run by Voila in a kernel of its own, and only for somebody with the grant."""

import asyncio
import logging
import re
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from nbformat.v4 import new_code_cell
from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from voila.notebook_renderer import NotebookRenderer

from npswidgets.addresses import VOTE
from npswidgets.domain.actor import Role
from npswidgets.domain.door import TAKEN_OUT
from npswidgets.errors import WorkshopError, say_error
from npswidgets.server.http.access import Grant, grant_of, owns_kernel, still_holds, was_taken_out
from npswidgets.server.http.browsers import is_for_nobody
from npswidgets.server.kernels.forks import ForkFailed
from npswidgets.server.kernels.workshop_kernels import (
    FULL,
    FULL_ELSEWHERE,
    FULL_ON_A_PHONE,
    ServerFull,
    WorkshopKernels,
)
from npswidgets.server.pages.councils import Council
from npswidgets.server.pages.join_page import HERE, draw_code_page
from npswidgets.server.pages.link_page import draw_link_page
from npswidgets.server.pages.one_address import belongs_at, lost_place
from npswidgets.server.pages.page import LOOSE, STRICT, Page, foot, whose
from npswidgets.server.pages.prepared_page import (
    Opening,
    OrdinaryRenderer,
    PreparedPage,
    PreparedRenderer,
    prepare_page,
)
from npswidgets.server.pages.screen_files import FOLLOW_DARK, screen_file
from npswidgets.server.pages.screen_notebook import CODE
from npswidgets.store.workshop_cache import WorkshopCache

TITLES: dict[Role, str] = {
    "participant": "Your vote",
    "projector": "Big screen",
    "facilitator": "Facilitator",
    "helper": "Helper",
}
TRIES = 2
"""For a kernel that died while it started there is one more, before the page is opened in the slower way."""

KERNEL_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
"""In ASCII: a kernel's socket has the name, and the path of a socket is short."""
FAILED = '<template id="not-opened"></template></main></body></html>'
COMPRESSION = 5

log = logging.getLogger(__name__)


class ScreenPage(Page):
    """`/vote/<workshop>/<session>`, `/project/<workshop>/<session>`, `/plenary/<workshop>`, `/facilitate/...`.

    The head of the page is sent at once, so that a phone shows that something happens while the kernel starts.
    """

    def initialize(self, role: Role) -> None:
        """Binds the address to one role. Where its notebook was added to, its page has all of Voila's scripts."""
        self.role = role
        self._gone = False
        self._packing: Any = None
        self._is_full: bool = self.settings["notebooks"].is_added_to(role)

    def on_connection_close(self) -> None:
        """Nobody waits for the answer any more."""
        self._gone = True
        super().on_connection_close()

    def has_gone(self) -> bool:
        """Whether nobody waits for the answer any more."""
        return self._gone

    @allow_unauthenticated
    async def get(self, workshop: str, session: str | None = None) -> None:
        """The screen; for anybody else the way in, and no kernel."""
        grant = self._grant(workshop, session)
        if grant is None:
            return self._show_the_way_in(workshop, session)
        kernels: WorkshopKernels = self.settings["kernel_manager"]
        if is_for_nobody(self.request.headers):  # a browser that wanted it in advance asks again when somebody opens it
            if kernels.is_full(self.role):
                raise HTTPError(503)  # for a page that waits for room
            return self.head(workshop, session)
        try:
            await kernels.make_room(grant)
        except ServerFull:
            now = FULL_ON_A_PHONE if self.role == "participant" else FULL_ELSEWHERE
            council = self.councils.of(workshop)
            title = "There is no room for now"
            return self.draw_problem(503, title, FULL, *now, again=True, waits=True, council=council)
        return await self._send_screen(grant, kernels)

    @allow_unauthenticated
    def head(self, workshop: str, session: str | None = None) -> None:
        """Nothing but the headers: previews of links start no kernel. 403 for who was taken out, and waits."""
        if self.request.method == "GET" or was_taken_out(self, workshop, session):
            self.set_status(403)
        self.set_header("Cache-Control", "no-store")
        self.finish()

    @allow_unauthenticated
    async def post(self, workshop: str, session: str | None = None) -> None:
        """A new kernel, under the old id, for a page that is open and has lost its own.

        The widgets of prepared kernels have the same ids in each, so that the page goes on as if it had lost touch for
        a moment. 204 when it can; 409 where it has to be opened again.
        """
        grant = self._grant(workshop, session)
        if grant is None:
            raise HTTPError(403)
        kernel_id, version = self.get_body_argument("kernel", ""), self.get_body_argument("version", "")
        usable = version == self.settings["asset_version"] and re.fullmatch(KERNEL_ID, kernel_id)
        self.set_status(204 if usable and await self._replace_kernel(grant, kernel_id) else 409)
        await self.finish()

    def _grant(self, workshop: str, session: str | None) -> Grant | None:
        """What lets this browser in here; None for nothing.

        Raises:
            HTTPError: it is let into the workshop, which has no such session.
        """
        grant = grant_of(self, self.role, workshop, session)
        if grant and session is not None and self.role != "participant":
            cache: WorkshopCache = self.settings["workshop_cache"]
            if session not in cache.latest(self.settings["engine"], workshop).sessions:
                raise HTTPError(404)
        return grant

    async def _replace_kernel(self, grant: Grant, kernel_id: str) -> bool:
        """Whether this grant has a prepared kernel of this id now."""
        kernels: WorkshopKernels = self.settings["kernel_manager"]
        await kernels.wait_until_prepared(is_open=True)
        async with kernels.openings.turn(grant.browser, self.has_gone):
            for _ in range(TRIES):
                await kernels.wait_until_prepared()
                if self.has_gone() or kernels.owner_of(kernel_id) is not None or not self._is_prepared(kernels):
                    break
                with suppress(ForkFailed, ServerFull):
                    await kernels.make_room(grant)
                    await kernels.start_kernel(grant=grant, kernel_id=kernel_id, prepared=True)
                    kernels.take_states(kernel_id)  # the page asks for what is new to it
        return kernels.owner_of(kernel_id) == grant

    def _show_the_way_in(self, workshop: str, session: str | None) -> None:
        if was_taken_out(self, workshop, session):
            into = VOTE.of(workshop, session or "")
            council = self.councils.of(workshop)
            return self.draw("taken_out.html", council=council, sentences=TAKEN_OUT, here=HERE, into=into)
        if self.role == "participant" and (address := belongs_at(self)):
            return self.redirect(address)
        if self.role == "participant":
            return draw_code_page(self, moved=self._lost_place(workshop, session))
        return draw_link_page(self, self.role, workshop)

    def _lost_place(self, workshop: str, session: str | None) -> str:
        """The host at which people joined this session, where this computer has another address since."""
        with suppress(WorkshopError):
            found = self.settings["workshop_cache"].latest(self.settings["engine"], workshop)
            if there := found.sessions.get(session or ""):
                return lost_place(self, there)
        return ""

    def _is_prepared(self, kernels: WorkshopKernels) -> bool:
        """Whether a kernel of this screen can be had at once."""
        return self.role in kernels.screens and not self._is_full

    async def _send_screen(self, grant: Grant, kernels: WorkshopKernels) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Vary", "Accept-Encoding")
        if self._is_full:
            self.set_header("Content-Security-Policy", self.content_security_policy.replace(STRICT, LOOSE))
        if "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            self._packing = zlib.compressobj(COMPRESSION, wbits=zlib.MAX_WBITS | 16)
        self.kernel_id = ""
        async with AsyncExitStack() as turn:
            try:
                async for html in self._pieces(grant, kernels, turn):
                    if self.kernel_id and not self._may_go_on(kernels):
                        await kernels.end_kernel(self.kernel_id)
                        return await self.finish(self._packed(FAILED, is_last=True))
                    self.write(self._packed(html))
                    await self.flush()
                self.write(self._packed("", is_last=True))
            except StreamClosedError:
                await kernels.end_kernel(self.kernel_id)
            except Exception as error:
                log.error("A page did not open: %s", say_error(error))
                await kernels.end_kernel(self.kernel_id)
                if not self._headers_written:
                    self.clear_header("Content-Encoding")
                    raise HTTPError(500) from None
                await self.finish(self._packed(FAILED, is_last=True))

    def _may_go_on(self, kernels: WorkshopKernels) -> bool:
        """Whether the kernel of this page is there, and the grant still holds: it may have waited long for its turn."""
        owner = kernels.owner_of(self.kernel_id)
        return owner is not None and still_holds(self.settings["engine"], owner)

    def _packed(self, html: str, is_last: bool = False) -> bytes:
        """A part of the page as it is sent: what is there can be read at once."""
        if self._packing is None:
            return html.encode()
        part: bytes = self._packing.compress(html.encode())
        rest: bytes = self._packing.flush(zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH)
        return part + rest

    async def _pieces(self, grant: Grant, kernels: WorkshopKernels, turn: AsyncExitStack) -> AsyncIterator[str]:
        """The page: the same for everybody of a role but for its kernel and what is in it, or as its notebook makes it.

        The head comes first; then a kernel is started, when it is this page's turn.
        """
        await kernels.wait_until_prepared()  # after a restart all pages are here at once
        page, opening = await self._prepared(kernels), self._opening(grant)
        yield page.with_opening(opening)
        await turn.enter_async_context(kernels.openings.turn(grant.browser, self.has_gone))
        prepared = await self._open_prepared(grant, kernels, turn)
        if prepared:
            yield prepared.with_kernel(self.kernel_id, kernels.take_states(self.kernel_id))
            return
        async for html in self._run_notebook(grant, kernels):
            yield html

    def _opening(self, grant: Grant) -> Opening:
        """What the page says while it opens: where it leads."""
        try:
            workshop = self.settings["workshop_cache"].latest(self.settings["engine"], grant.actor.workshop)
        except WorkshopError:
            return Opening(whose(Council()))  # its kernel says what is wrong
        session = workshop.sessions.get(grant.actor.session or "")
        return Opening(whose(self.councils.of(workshop.id)), session.title if session else workshop.title)

    async def _open_prepared(self, grant: Grant, kernels: WorkshopKernels, turn: AsyncExitStack) -> PreparedPage | None:
        """The page of a prepared kernel that has been started; None when the page is to be opened in the slower way.

        A fork server that has died is waited for as long as it is worth it; and whoever waits for a turn in the slower
        way takes a fork if there is one before.

        Raises:
            StreamClosedError: nobody waits for the page any more.
            ServerFull: all kernels are in use.
        """
        tries, forks, never = 0 if self._is_full else TRIES, kernels.forks, asyncio.Event()
        while True:
            await kernels.wait_until_prepared()
            if self.has_gone():
                raise StreamClosedError
            if tries and self._is_prepared(kernels):
                tries -= 1
                page = await self._prepared(kernels)
                with suppress(ForkFailed):
                    await kernels.make_room(grant)  # others of this browser may have come meanwhile
                    self.kernel_id = kernels.new_kernel_id()
                    await kernels.start_kernel(grant=grant, kernel_id=self.kernel_id, prepared=True)
                    return page
            elif not forks or await turn.enter_async_context(
                kernels.openings.slower_turn(forks.there if tries else never)
            ):
                break
        if (forks or not tries) and not self._is_full:
            log.warning("A page is opened in the slower way.")
        return None

    async def _run_notebook(self, grant: Grant, kernels: WorkshopKernels) -> AsyncIterator[str]:
        """What follows the head where a kernel imports everything by itself."""
        started, self.kernel_id = False, kernels.new_kernel_id()

        async def start_kernel() -> Any:
            nonlocal started
            started = True
            await kernels.make_room(grant)
            await kernels.start_kernel(grant=grant, kernel_id=self.kernel_id)
            return kernels.get_kernel(self.kernel_id)

        renderer = await self._renderer(NotebookRenderer if self._is_full else OrdinaryRenderer)
        async for html, _ in renderer.generate_content_generator(self.kernel_id, start_kernel()):
            if started:
                yield html

    async def _prepared(self, kernels: WorkshopKernels) -> PreparedPage:
        """The page around this role's screen, rendered once; while no kernel is prepared, its head alone is of use."""
        pages: dict[tuple[str, str, bool], asyncio.Task[PreparedPage]] = self.settings["prepared_pages"]
        key = self.role, kernels.screens.get(self.role, ""), self._is_full
        if key not in pages:
            pages[key] = asyncio.create_task(prepare_page(await self._renderer(PreparedRenderer), key[1]))
        return await asyncio.shield(pages[key])

    async def _renderer(self, kind: type[NotebookRenderer]) -> NotebookRenderer:
        server = self.settings["voila"]
        renderer = kind(
            voila_configuration=server.voila_configuration,
            traitlet_config=server.config,
            notebook_path=f"{self.role}.ipynb",
            template_paths=server.full_template_paths if self._is_full else server.template_paths,
            contents_manager=self.contents_manager,
            kernel_spec_manager=self.kernel_spec_manager,
            base_url=self.base_url,
            page_config=server.page_config,
        )
        await renderer.initialize()
        notebook = renderer.notebook
        if not self._is_full:
            notebook.cells = [new_code_cell(CODE.format(self.role))]  # whatever a participant's notebook says by now
        files = {"script": screen_file(self.role, "js").address, "style": screen_file(self.role, "css").address}
        notebook.metadata |= {"title": TITLES[self.role], "role": self.role, "foot": foot(), "states": "null", **files}
        notebook.metadata |= {
            "whose": "",
            "session": "",
            "colours": "light dark" if self.role in FOLLOW_DARK else "light",
        }
        return renderer


class LeavePage(Page):
    """Where a page says goodbye; its kernel ends."""

    @allow_unauthenticated
    async def post(self, kernel_id: str) -> None:
        """204, or 403 for somebody else's kernel."""
        if not owns_kernel(self, kernel_id):
            raise HTTPError(403)
        await self.settings["kernel_manager"].end_kernel(kernel_id)
        self.set_status(204)
        with suppress(StreamClosedError):  # a page that says goodbye seldom waits for the answer
            await self.finish()
