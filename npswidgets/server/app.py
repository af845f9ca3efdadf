"""The server: Voila with our pages alone, each screen bound to its notebook."""

import asyncio
import gc
import hashlib
import logging
import os
import shutil
import tempfile
import time
from contextlib import aclosing, suppress
from functools import lru_cache
from pathlib import Path
from socket import AF_INET, AF_INET6, socket
from typing import Any

import voila
from jupyter_server.services.kernels.handlers import KernelHandler
from sqlalchemy import Engine
from tornado.httputil import HTTPHeaders, set_parse_body_config
from tornado.ioloop import IOLoop
from tornado.iostream import IOStream
from tornado.web import RequestHandler
from traitlets import Callable, Instance, List
from voila.app import Voila
from voila.paths import collect_static_paths
from voila.utils import get_page_config

from npswidgets import __version__, addresses
from npswidgets.errors import WorkshopError
from npswidgets.server.configuration import (
    FORM_BOUNDS,
    LAB_EXTENSIONS,
    LONGEST_MESSAGE_BYTES,
    PING_MS,
    SILENT_MS,
    folder_for_sockets,
    voila_config,
)
from npswidgets.server.forwarder import Forwarder
from npswidgets.server.http.access import KernelOwner, WorkshopIdentity, browser_in, cookie_mark, still_holds
from npswidgets.server.http.alarm import tell_of_guessing
from npswidgets.server.http.guesses import Guesses
from npswidgets.server.http.hosting import is_hosted
from npswidgets.server.http.http_server import WorkshopHTTPServer
from npswidgets.server.http.hub import Hub
from npswidgets.server.http.hub_activity import keep_from_being_ended
from npswidgets.server.http.proxies import Proxies
from npswidgets.server.http.sign_on_header import SignOnHeader
from npswidgets.server.kernels.connection import KernelSocket, WorkshopConnection
from npswidgets.server.kernels.kernel_process import CONNECTION_FOLDER_PREFIX
from npswidgets.server.kernels.readiness import Readiness
from npswidgets.server.kernels.workshop_kernels import Ceiling, most_connections
from npswidgets.server.machine.address import NOWHERE, host_of, join_address
from npswidgets.server.machine.clock import ServerClock
from npswidgets.server.machine.forgetting import forget_people
from npswidgets.server.machine.journal import say_happened, say_what_happens
from npswidgets.server.machine.other_servers import OtherServers
from npswidgets.server.machine.taking_back import times_to_look
from npswidgets.server.pages.about_pages import AccessibilityPage, PrivacyPage
from npswidgets.server.pages.books import Books
from npswidgets.server.pages.check_page import CheckPage, CheckSocket, PhonePage, Phones
from npswidgets.server.pages.councils import Councils
from npswidgets.server.pages.date_page import DatePage
from npswidgets.server.pages.files import Files
from npswidgets.server.pages.guide_page import GuidePage, GuidePicture
from npswidgets.server.pages.health_pages import HealthPage, MetricsPage, ReadinessPage, serve_figures
from npswidgets.server.pages.hosts import Hosts, WorkshopApplication
from npswidgets.server.pages.join_page import JoinPage
from npswidgets.server.pages.link_page import LinkPage, SecretPage
from npswidgets.server.pages.mark_pages import MarkPage, MarkPicture
from npswidgets.server.pages.names_page import NamesPage
from npswidgets.server.pages.pack_file import PackFile
from npswidgets.server.pages.page import (
    PAGE_FILES,
    TEMPLATES,
    WIDGET_FILES,
    NotFoundPage,
    page_templates,
    security_headers,
    without_secrets,
)
from npswidgets.server.pages.report_pages import RecordFile, ReportFile, ReportsPage
from npswidgets.server.pages.reports import Reports
from npswidgets.server.pages.rubric_books import EmptyBook, RubricBook
from npswidgets.server.pages.rubric_pages import RubricPage, RubricsPage
from npswidgets.server.pages.saved_page import SavedPage
from npswidgets.server.pages.screen_files import SCREEN_FILES, ScreenScript
from npswidgets.server.pages.screen_notebook import ScreenNotebooks
from npswidgets.server.pages.screen_page import KERNEL_ID, LeavePage, ScreenPage
from npswidgets.server.pages.sign_on_page import SignedOnPage, SignOnPage, SignOutPage
from npswidgets.server.pages.start_page import ReadyPage, SessionsPage, StartPage
from npswidgets.server.pages.wall_page import WallPage, WallsPage
from npswidgets.server.pages.widget_files import WidgetFile
from npswidgets.server.pages.writes import Writes
from npswidgets.server.stopping import ANSWER_SECONDS, STOPPING_SECONDS, LeftThreads, stop_signal
from npswidgets.settings import NPS_LIVE, NPS_METRICS_TOKEN, NPS_PAGES, data_folder
from npswidgets.store.workshop_cache import WorkshopCache
from npswidgets.store.workshops import list_workshops

log = logging.getLogger(__name__)

KERNEL = rf"(?P<kernel_id>{KERNEL_ID})"
EXTENSION_FILE = rf"((?:{'|'.join(LAB_EXTENSIONS)})/.*)"


class WorkshopServer(Voila):  # type: ignore[misc]  # Voila has no types
    """Voila without its own addresses: no directory, files, contents or free choice of a notebook.

    Attributes:
        engine: the database.
        sockets: what the server listens on, bound already.
        figures_sockets: where `/metrics` is answered to whoever reaches it; none where it has no port of its own.
        proxies: what is in front of it.
        hub: the JupyterHub that has started it; None where none has.
        sign_on_header: in which a proxy says who has signed on; None where none does.
        say_ready: called when people can join.
    """

    name = "voila"
    engine = Instance(Engine)
    sockets: Any = List()
    figures_sockets: Any = List()
    proxies = Instance(Proxies, ())
    hub = Instance(Hub, allow_none=True)
    sign_on_header = Instance(SignOnHeader, allow_none=True)
    say_ready: Any = Callable(lambda: None)

    def setup_template_dirs(self) -> None:
        """Our templates alone, and Voila's own scripts."""
        self.template_paths = [str(TEMPLATES / "voila" / "nps")]
        self.full_template_paths = [str(TEMPLATES / "voila" / "full")]
        self.static_paths = collect_static_paths(["voila"], "base")

    def init_settings(self) -> dict[str, Any]:
        """What Voila needs, with our headers, pages and limits."""
        version, mark = _asset_version(), cookie_mark(self.engine)
        voila_files, page_files = addresses.VOILA_FILE.of(version, ""), addresses.PAGE_FILE.of(version, "")
        ours = {
            "engine": self.engine,
            "clock": ServerClock(self.engine),
            "guesses": Guesses(),
            "secret_guesses": Guesses(),
            "writes": Writes(),
            "workshop_cache": WorkshopCache(),
            "councils": Councils(self.engine),
            "prepared_pages": {},
            "notebooks": ScreenNotebooks(Path(self.root_dir)),
            "proxies": self.proxies,
            "hub": self.hub,
            "sign_on_header": self.sign_on_header,
            "hosted": is_hosted(bool(self.proxies), self.hub is not None),
            "phones": Phones("0.0.0.0" if self.proxies else self.ip),
            "hosts": Hosts((self.ip, host_of(join_address(self.engine)))),
            "browser_cookie": f"nps-browser-{mark}",
            "pass_cookie": f"nps-pass-{mark}",
            "sign_on_cookie": f"nps-sign-on-{mark}",
            "xsrf_cookie_name": f"nps-token-{mark}",
            "asset_version": version,
            "compressed_files": str(Path(self.connection_dir) / "compressed"),
            "headers": security_headers(),
            "jinja2_env": page_templates(),
            "default_handler_class": NotFoundPage,
            "log_function": _log_request,
            "xsrf_cookie_kwargs": {"samesite": "Lax", "expires_days": None, "path": addresses.root()},
            "websocket_max_message_size": LONGEST_MESSAGE_BYTES,
            "ws_ping_interval": PING_MS,
            "ws_ping_timeout": SILENT_MS,
            "static_immutable_cache": [voila_files, addresses.LAB_EXTENSION.start, page_files],
        }
        settings: dict[str, Any] = super().init_settings() | ours
        kernels = self.kernel_manager
        settings["readiness"] = Readiness(self.engine, kernels)
        settings["metrics_token"] = os.environ.pop(NPS_METRICS_TOKEN, "")  # no kernel needs to know it
        settings["books"] = Books(kernels.lifeline, Path(self.connection_dir))
        settings["reports"] = Reports(kernels.database, kernels.lifeline, Path(self.connection_dir))
        self.page_config = get_page_config(addresses.root(), settings, self.log, self.voila_configuration)
        self.page_config |= {
            "fullStaticUrl": voila_files.removesuffix("/"),
            "pagesUrl": page_files.removesuffix("/"),
            "pagesVersion": version,
            "tokenCookie": settings["xsrf_cookie_name"],
            "addresses": {name: one.whole_shape for name, one in addresses.FOR_SCREENS.items()},
        }
        return settings

    def init_handlers(self) -> list[Any]:
        """Every address that there is."""
        return [
            (addresses.HOME.pattern(), JoinPage),
            (addresses.JOIN.pattern() + "/?", JoinPage),
            (addresses.JOIN_FORM.pattern(), JoinPage),
            (addresses.LINK.pattern(), LinkPage),
            (addresses.OPERATOR.pattern(), SecretPage),
            (addresses.SIGN_ON.pattern(), SignOnPage),
            (addresses.SIGNED_ON.pattern(), SignedOnPage),
            (addresses.SIGN_OUT.pattern(), SignOutPage),
            (addresses.START.pattern() + "/?", StartPage),
            (addresses.GUIDE.pattern(), GuidePage),
            (addresses.GUIDE_PICTURE.pattern(), GuidePicture),
            (addresses.ACCESSIBILITY.pattern(), AccessibilityPage),
            (addresses.PRIVACY.pattern(), PrivacyPage),
            (addresses.DATE.pattern(), DatePage),
            (addresses.READY.pattern(), ReadyPage),
            (addresses.ADD_SESSION.pattern(), SessionsPage),
            (addresses.NAMES.pattern(), NamesPage),
            (addresses.PHONE.pattern(), PhonePage),
            (addresses.PACK.pattern(), PackFile),
            (addresses.MARK.pattern(), MarkPage),
            (addresses.MARK_PICTURE.pattern(), MarkPicture),
            (addresses.SAVED.pattern(), SavedPage),
            (addresses.RUBRICS.pattern() + "/?", RubricsPage),
            (addresses.EMPTY_BOOK.pattern(), EmptyBook),
            (addresses.RUBRIC.pattern(), RubricPage),
            (addresses.RUBRIC_BOOK.pattern(), RubricBook),
            (addresses.CHECK.pattern() + "/?", CheckPage),
            (addresses.CHECK_SOCKET.pattern(), CheckSocket),
            (addresses.VOTE.pattern(), ScreenPage, {"role": "participant"}),
            (addresses.HELP.pattern(), ScreenPage, {"role": "helper"}),
            (addresses.PROJECT.pattern(), WallsPage),
            (addresses.PROJECT_SESSION.pattern(), ScreenPage, {"role": "projector"}),
            (addresses.PLENARY.pattern(), ScreenPage, {"role": "projector"}),
            (addresses.FACILITATE.pattern(), ScreenPage, {"role": "facilitator"}),
            (addresses.FACILITATE_SESSION.pattern(), ScreenPage, {"role": "facilitator"}),
            (addresses.WALL.pattern(), WallPage),
            (addresses.REPORTS.pattern(), ReportsPage),
            (addresses.REPORT.pattern(), ReportFile),
            (addresses.RECORD.pattern(), RecordFile),
            (addresses.KERNEL.pattern(KERNEL), KernelHandler),
            (addresses.KERNEL_SOCKET.pattern(KERNEL), KernelSocket),
            (addresses.LEAVE.pattern(KERNEL), LeavePage),
            (addresses.VOILA_FILE.pattern(r"\w+", "(.*)"), Files, {"path": self.static_paths}),
            (addresses.LAB_EXTENSION.pattern(EXTENSION_FILE), Files, {"path": self.labextensions_path}),
            (addresses.WIDGET_FILE.pattern(r"\w+", r"([a-z_+]+)\.(js|css)"), WidgetFile),
            (addresses.PAGE_FILE.pattern(r"\w+", "(.*)"), Files, {"path": str(PAGE_FILES)}),
            (addresses.HEALTH.pattern(), HealthPage),
            (addresses.READINESS.pattern(), ReadinessPage),
            (addresses.METRICS.pattern(), MetricsPage),
            (addresses.SCREEN_FILE.pattern(r"(\w+)", r"([a-z]+)\.(js|css)"), ScreenScript),
        ]

    def start(self) -> None:
        """Serves until it is told to stop, by Ctrl+C, SIGTERM or SIGHUP."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        count_time_steadily()
        stopped = stop_signal()
        asyncio.get_running_loop().set_default_executor(LeftThreads())
        self.connection_dir = tempfile.mkdtemp(prefix=CONNECTION_FOLDER_PREFIX, dir=folder_for_sockets())
        forwarder = Forwarder(Path(self.connection_dir))
        os.environ[NPS_LIVE] = forwarder.addresses  # for what this process stores, and for the kernels
        others = OtherServers(self.engine)
        os.environ[NPS_PAGES] = _asset_version()
        self.app = WorkshopApplication(**self.init_settings())
        self.app.add_handlers(".*$", self.init_handlers())
        self.app.settings["notebooks"].say_what_was_added()
        set_parse_body_config(FORM_BOUNDS)
        http = WorkshopHTTPServer(self.app, self._browser_in, most_connections(), self.proxies.client_of)
        self.app.settings["connections"] = lambda: http.number
        http.add_sockets(self.sockets)
        figures = serve_figures(self.app.settings, self.figures_sockets)
        journal = asyncio.create_task(say_what_happens())
        forgetting = asyncio.create_task(forget_people(self.engine, self.app.settings["clock"]))
        alarm = asyncio.create_task(tell_of_guessing(self.engine, self.app.settings["guesses"]))
        activity = asyncio.create_task(self._keep_from_being_ended())
        sweep = asyncio.create_task(self._sweep())
        opening = asyncio.create_task(self._open())
        opening.add_done_callback(lambda done: None if done.cancelled() or not done.exception() else stopped.set())
        try:
            await stopped.wait()
            if opening.done():
                opening.result()
        finally:
            forgetting.cancel()
            alarm.cancel()
            activity.cancel()
            opening.cancel()
            sweep.cancel()
            http.stop()
            figures.stop()
            await asyncio.gather(self._end_all_kernels(), http.answered(ANSWER_SECONDS))
            http.let_go()
            journal.cancel()
            others.stop()
            forwarder.stop()
            shutil.rmtree(self.connection_dir, ignore_errors=True)
            say_happened("stopped")

    def _browser_in(self, headers: HTTPHeaders) -> str:
        """The browser that a request is from; empty for a stranger."""
        return browser_in(headers, self.app.settings["browser_cookie"], self.cookie_secret)

    async def _keep_from_being_ended(self) -> None:
        """Where a hub ends what nobody uses."""
        if self.hub is not None and self.hub.activity:
            await keep_from_being_ended(self.engine, self.app.settings["workshop_cache"], self.hub)

    async def _open(self) -> None:
        self.kernel_manager.expected = self._people_to_come
        await self.kernel_manager.prepare()
        gc.collect()
        say_happened("started")
        gc.freeze()  # else all that was imported is looked through again and again while people join
        await asyncio.to_thread(self.say_ready)  # which stores the demonstration

    def _people_to_come(self) -> int:
        """How many people may still join the workshop that was changed last, of those that can be read."""
        with suppress(WorkshopError):
            for newest in list_workshops(self.engine):
                with suppress(Exception):  # one that cannot be read keeps nobody waiting for the others
                    workshop = self.app.settings["workshop_cache"].latest(self.engine, newest.id)
                    return sum(session.people_to_come for session in workshop.sessions.values())
        return 0

    async def _sweep(self) -> None:
        """Ends pages that may not go on, as soon as somebody has lost a grant."""
        async with aclosing(times_to_look(self.engine)) as times:
            async for _ in times:
                await self._end_kernels_without_grant()

    async def _end_kernels_without_grant(self) -> None:
        """A new link shuts out whoever came by the old one, also from a page that is open."""
        for kernel_id in list(self.kernel_manager.owners):
            grant = self.kernel_manager.owner_of(kernel_id)  # as it is now: a link may have been used meanwhile
            try:
                if grant is not None and not still_holds(self.engine, grant):
                    await self.kernel_manager.end_kernel(kernel_id)
            except Exception as fault:  # the others are looked at all the same, and this one the next time
                log.warning("Whether a page may go on is not known (%s).", type(fault).__name__)

    async def _end_all_kernels(self) -> None:
        """Those that do not answer end with this process."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPPING_SECONDS):
                await asyncio.gather(
                    self.kernel_manager.stop_preparing(),
                    self.app.settings["reports"].stop(),
                    self.kernel_manager.end_all(),
                )


def make_server(
    engine: Engine,
    sockets: list[socket],
    cookie_secret: str,
    proxies: Proxies,
    ceiling: Ceiling,
    hub: Hub | None = None,
    sign_on_header: SignOnHeader | None = None,
) -> WorkshopServer:
    """A server that is ready to start."""
    database = engine.url.render_as_string(hide_password=False)
    host, port = host_and_port_of(sockets[0])
    server = WorkshopServer(
        config=voila_config(database, ceiling),
        engine=engine,
        sockets=sockets,
        proxies=proxies,
        hub=hub,
        sign_on_header=sign_on_header,
        ip=host,
        port=port,
        base_url=addresses.root(),
        root_dir=str(data_folder("notebooks")),
        cookie_secret=cookie_secret.encode(),
        authorizer_class=KernelOwner,
        identity_provider_class=WorkshopIdentity,
        kernel_websocket_connection_class=WorkshopConnection,
        config_file_paths=[],  # else a voila.py in the working folder is executed
        open_browser=False,
        port_retries=0,
        log=_quiet_log(),
    )
    server.initialize([])
    return server


def host_and_port_of(listening: socket) -> tuple[str, int]:
    """Where a socket listens; for one that has no port, this computer and none."""
    if listening.family in (AF_INET, AF_INET6):
        host, port = listening.getsockname()[:2]
        return host, port
    return NOWHERE, 0


def count_time_steadily() -> None:
    """Has what Tornado does again and again go by a clock that nobody sets.

    By the system's own, as Tornado has it, the watch over kernels, the sweep of grants and the pings of websockets rest
    for as long as that clock was put back.
    """
    IOLoop.current().time = time.monotonic  # type: ignore[method-assign]


def _quiet_log() -> logging.Logger:
    """What Voila logs by: errors alone, through the same brake as all."""
    quiet = logging.getLogger("npswidgets.voila")
    quiet.setLevel(logging.ERROR)
    return quiet


@lru_cache
def _asset_version() -> str:
    """Changes when a file that pages load does, so that browsers keep these files for good."""
    digest = hashlib.sha256(f"{voila.__version__} {__version__}".encode())
    for folder in (PAGE_FILES, WIDGET_FILES, SCREEN_FILES):
        for path in sorted(Path(folder).iterdir()):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _log_request(handler: RequestHandler) -> None:
    """Says what went wrong, and nothing else.

    Not of an answer that nobody waits for, such as when the server ends, and not that people cannot come in yet: who
    asks that asks every few seconds.
    """
    if handler.get_status() >= 500 and not _has_gone(handler) and not isinstance(handler, ReadinessPage):
        where = without_secrets(handler.request.uri or "")
        log.warning("%s %s: %s", handler.request.method, where, handler.get_status())


def _has_gone(handler: RequestHandler) -> bool:
    stream: IOStream | None = getattr(handler.request.connection, "stream", None)
    return stream is not None and stream.closed()
