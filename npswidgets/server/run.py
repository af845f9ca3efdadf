"""Starting the server: what has to be in place, and what is said to whoever starts it."""

import errno
import json
import os
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socket import socket

import click
from sqlalchemy import Engine
from tornado.netutil import bind_sockets

from npswidgets.addresses import FACILITATE, START, below, join_link
from npswidgets.domain.join_code import grouped
from npswidgets.domain.text import printable
from npswidgets.errors import WorkshopError, keep_texts_out_of_logs
from npswidgets.server.demo import demo_door, open_demo
from npswidgets.server.http.access import cookie_mark, operator_secret
from npswidgets.server.http.hosting import is_hosted
from npswidgets.server.http.hub import hub_here, proxy_of, url_of
from npswidgets.server.http.proxies import proxies_at
from npswidgets.server.http.sign_on_header import ASKED_BY, sign_on_header
from npswidgets.server.http.unix_socket import SocketRefused, UnixSocket
from npswidgets.server.machine.address import (
    NOWHERE,
    check_url,
    find_address,
    host_of,
    join_address,
    keep_address,
    listens_everywhere,
    other_ways,
    print_qr_code,
)
from npswidgets.server.machine.awake import kept_awake, say_awake
from npswidgets.server.machine.home import settle_below
from npswidgets.server.machine.interfaces import Way
from npswidgets.server.machine.journal import keep_quiet
from npswidgets.server.machine.log import set_up_log
from npswidgets.server.stopping import leave_threads
from npswidgets.settings import NPS_PREFIX, NPS_PROXY_SECRET
from npswidgets.store.access import keep_mode, server_value, set_server_value, stored_value
from npswidgets.store.database import close_whole, open_database
from npswidgets.store.place import file_of, say_place
from npswidgets.store.wifi import Wifi, keep_wifi

EVERYWHERE, LOOPBACK = "0.0.0.0", "127.0.0.1"
PORT = 8866
FEWEST_FILES = 256
ENOUGH_FILES = 4096
NO_NETWORK = "This computer is in no network that phones can reach. Connect it to the room's Wi-Fi, then start again."


class TooFewFiles(WorkshopError):
    """The system does not let the server open enough files."""


class PortBusy(WorkshopError):
    """The port cannot be used."""


def run_server(
    host: str | None = None,
    port: int | None = None,
    url: str | None = None,
    prefix: str | None = None,
    behind: tuple[str, ...] = (),
    database_url: str | None = None,
    *,
    socket_path: Path | None = None,
    sign_on: str | None = None,
    demo: bool = False,
    wifi: Wifi | None = None,
    say: Callable[[str], None] = click.echo,
    most_people: int = 0,
    most_memory: int | None = None,
    log_json: bool = False,
    metrics_port: int | None = None,
) -> None:
    """Serves until it is stopped.

    Args:
        host: by default all of this computer's addresses, or 127.0.0.1 where it is hosted, or where JupyterHub asks.
        port: by default the one of the last time, else 8866, or where JupyterHub asks; 0 for any that is free.
        url: the address that phones use, where the server cannot know it; with the prefix.
        behind: from where a proxy in front asks: addresses and networks, of which what it says of browsers is believed.
        prefix: the path that all pages are below; None for none.
        socket_path: where a proxy asks by a Unix socket; then there is no host or port.
        sign_on: the header in which the proxy says who has signed on; None where people do not sign on by it.
        wifi: the one that the workshop brings along; None for that of the last time, one without a name for none.
        most_people: how many participants' pages may be open at a time; 0 for as many as there is memory for.
        most_memory: how many bytes the server may count on; None for what the container or computer has.
        log_json: the log is one JSON object a line.
        metrics_port: where `/metrics` is answered without a token, beside the port that people ask.

    Raises:
        WrongAddress: the address or the prefix is none, or they lead to different places.
        PortBusy: another program has the port.
        WrongSignOn: that header could be anybody's.
        SocketRefused: the socket cannot be, or not safely.
        TooFewFiles: the system does not let it open enough files.
        StoreFault: the database cannot be used.
    """
    keep_texts_out_of_logs()
    set_up_log(as_json=log_json)
    os.environ[NPS_PREFIX] = below(prefix or "/")  # for the kernels, too
    secret_of_proxy = os.environ.pop(NPS_PROXY_SECRET, "")  # no kernel needs to know it
    hub = hub_here()
    if hub:
        host, port = host or hub.listen[0], hub.listen[1] if port is None else port
        url, behind = url_of(hub, url), proxy_of(hub, behind)
        if socket_path:
            raise SocketRefused("JupyterHub asks its servers by a port: leave --socket out.")
    hosted = is_hosted(bool(behind) or socket_path is not None, hub is not None)
    host = host or (LOOPBACK if hosted else EVERYWHERE)
    if sys.stderr.isatty() and not (hosted or log_json):
        keep_quiet()
    if url:
        check_url(url)
    proxies = proxies_at(behind, url, hub is not None, socket_path is not None)
    header = sign_on_header(sign_on, secret_of_proxy, proxies, hub is not None)
    raise_file_limit()
    engine = open_database(database_url, migrate=True)
    file = file_of(engine.url)
    settle_below(file.absolute().parent if file else Path.cwd())  # before anything of Jupyter's is imported
    cookie_mark(engine)  # before the port is another one
    before = int(stored_value(engine, "port") or PORT)
    wanted = before if port is None else port
    if metrics_port == wanted and not socket_path:
        raise PortBusy(f"--metrics-port and --port are both {wanted}. Choose another one for --metrics-port.")
    figures_sockets = listen(host, metrics_port, "--metrics-port") if metrics_port else []
    place = UnixSocket(socket_path) if socket_path else None
    sockets = [place.listening] if place else listen(host, wanted)
    port = before if place else sockets[0].getsockname()[1]
    if hub is None and not place:  # whose ports are others each time
        set_server_value(engine, "port", str(port))
    asked = ask_for_way if sys.stdin.isatty() and sys.stdout.isatty() else None
    address = find_address(host, port, url, join_address(engine), asked)
    keep_address(engine, address)
    keep_mode(engine, hosted, hub is not None)
    asked_by = {"socket": str(place.path) if place else "", "header": sign_on or ""}
    set_server_value(engine, ASKED_BY, json.dumps(asked_by))
    if wifi:
        keep_wifi(engine, wifi)
    from npswidgets.server.app import make_server
    from npswidgets.server.doctor import file_limit, look_at_disk, look_at_room
    from npswidgets.server.kernels.workshop_kernels import Ceiling, most_kernels

    def say_ready() -> None:
        if hosted:
            _announce_hosted(engine, address, place, demo, say)
        else:
            _announce(engine, address, demo, say)
        room = look_at_room(file_limit(), most_kernels(most_memory))
        crowded = (f"{room.says} {room.todo}",) if room.todo else ()
        disk = look_at_disk(say_place(engine.url))
        unsafe = (f"{disk.says} {disk.todo}",) if disk.todo else ()
        lid = () if hosted else say_awake(awake)  # a server has none
        for sentence in (*say_network(host, address, url), *crowded, *unsafe, *lid):
            say(sentence)

    secret = server_value(engine, "cookie secret", lambda: secrets.token_hex(32))
    server = make_server(engine, sockets, secret, proxies, Ceiling(most_people, most_memory), hub, header)
    server.say_ready = say_ready
    server.figures_sockets = figures_sockets
    with kept_awake() as awake:
        try:
            server.start()
        finally:
            if place:
                place.take_away()
            close_whole(engine)
    with suppress(OSError):  # the terminal was closed
        say("Stopped. Everything is saved.")
    leave_threads()


def listen(host: str, port: int, option: str = "--port") -> list[socket]:
    """What the server listens on.

    Args:
        option: which one has named the port.

    Raises:
        PortBusy: it cannot.
    """
    try:
        return bind_sockets(port, host or None)
    except OSError as error:
        raise PortBusy(_why_not(error, host, port, option)) from error


def _why_not(error: OSError, host: str, port: int, option: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Stop that program, or choose another one with {option}."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by you. Choose one above 1023 with {option}."
    return f"The server cannot listen on {host}, port {port}: {error.strerror or error}."


def ask_for_way(ways: tuple[Way, ...], likely: Way) -> Way:
    """The way that whoever starts the server chooses; Enter takes the likely one."""
    click.echo("This computer is in several networks. Which one are the phones in?")
    for number, way in enumerate(ways, 1):
        click.echo(printable(f"  {number}  {way.interface}  {way.address}"))
    numbers = click.IntRange(1, len(ways))
    return ways[click.prompt("Number", type=numbers, default=ways.index(likely) + 1) - 1]


def say_network(host: str, address: str, url: str | None) -> tuple[str, ...]:
    """What is to be known about the address: that no phone can reach it, or that there was another one."""
    if url or not listens_everywhere(host):
        return ()
    if host_of(address) == NOWHERE:
        return (NO_NETWORK,)
    others = other_ways(address)
    named = " and ".join(map(str, others))
    return (f"If the phones are in another network ({named}), start with --host and that address.",) if others else ()


def _announce(engine: Engine, address: str, demo: bool, say: Callable[[str], None]) -> None:
    join = address
    say("")
    say(f"  Start a workshop   {START.at(address)}#{operator_secret(engine)}")
    if demo:
        made = open_demo(engine)
        door = demo_door(engine, made)
        join = join_link(address, door.secret)
        say(f"  Facilitator        {FACILITATE.at(address, made.workshop)}#{made.facilitator_secret}")
        say(f"  Join               {address} with the code {grouped(door.code)}")
    else:
        say(f"  Join               {address}")
    say("")
    print_qr_code(join, sys.stdout)
    say("Whoever has a link with a # gets in: keep it to yourself. Ctrl+C stops the server; nothing is lost.")


def _announce_hosted(
    engine: Engine, address: str, place: UnixSocket | None, demo: bool, say: Callable[[str], None]
) -> None:
    """The same where others read the log: nothing secret."""
    if place:
        say(f"  Listens alone at   {place.path}")
    say(f"  Start a workshop   {START.at(address)}")
    say(f"  Join               {address}")
    if demo:
        say(f"  Demonstration      {open_demo(engine).workshop}")
    say("Nothing secret is printed here. `nps-workshop operator new NAME` makes a secret for whoever starts workshops.")
    say("Ctrl+C stops the server; nothing is lost.")


def raise_file_limit() -> None:
    """Lets the server open as many files as the system allows: each page takes up to 20, and the usual 1024 soon go.

    Raises:
        TooFewFiles: the system allows too few for any workshop.
    """
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= most < FEWEST_FILES:
        raise TooFewFiles(
            f"This system lets a program open {most} files, and a workshop of ten people needs {FEWEST_FILES}. "
            f"Raise the limit (`ulimit -Hn {ENOUGH_FILES}`, or in the service's settings), then start again."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
