"""Starting the server: what has to be in place, and what is said to whoever starts it."""

import errno
import os
import secrets
import sys
from collections.abc import Callable
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
from npswidgets.server.http.proxies import proxies_at
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
from npswidgets.server.machine.interfaces import Way
from npswidgets.server.machine.log import set_up_log
from npswidgets.settings import NPS_PREFIX
from npswidgets.store.access import server_value, set_server_value, stored_value
from npswidgets.store.database import open_database
from npswidgets.store.place import say_place
from npswidgets.store.wifi import Wifi, keep_wifi

PORT = 8866
FEWEST_FILES = 256
ENOUGH_FILES = 4096
NO_NETWORK = "This computer is in no network that phones can reach. Connect it to the room's Wi-Fi, then start again."


class TooFewFiles(WorkshopError):
    """The system does not let the server open enough files."""


class PortBusy(WorkshopError):
    """The port cannot be used."""


def run_server(
    host: str = "0.0.0.0",
    port: int | None = None,
    url: str | None = None,
    prefix: str | None = None,
    behind: tuple[str, ...] = (),
    database_url: str | None = None,
    demo: bool = False,
    wifi: Wifi | None = None,
    say: Callable[[str], None] = click.echo,
) -> None:
    """Serves until it is stopped.

    Args:
        port: by default the one of the last time, else 8866; 0 for any that is free.
        url: the address that phones use, where the server cannot know it; with the prefix.
        behind: from where a proxy in front asks: addresses and networks, of which what it says of browsers is believed.
        prefix: the path that all pages are below; None for none.
        wifi: the one that the workshop brings along; None for that of the last time, one without a name for none.

    Raises:
        WrongAddress: the address or the prefix is none, or they lead to different places.
        PortBusy: another program has the port.
        TooFewFiles: the system does not let it open enough files.
        StoreFault: the database cannot be used.
    """
    keep_texts_out_of_logs()
    set_up_log()
    os.environ[NPS_PREFIX] = below(prefix or "/")  # for the kernels, too
    if url:
        check_url(url)
    proxies = proxies_at(behind, url)
    raise_file_limit()
    engine = open_database(database_url, migrate=True)
    cookie_mark(engine)  # before the port is another one
    sockets = listen(host, int(stored_value(engine, "port") or PORT) if port is None else port)
    port = sockets[0].getsockname()[1]
    set_server_value(engine, "port", str(port))
    asked = ask_for_way if sys.stdin.isatty() and sys.stdout.isatty() else None
    address = find_address(host, port, url, join_address(engine), asked)
    keep_address(engine, address)
    if wifi:
        keep_wifi(engine, wifi)
    from npswidgets.server.app import make_server
    from npswidgets.server.doctor import file_limit, look_at_disk, look_at_room
    from npswidgets.server.kernels.workshop_kernels import most_kernels

    def say_ready() -> None:
        _announce(engine, address, demo, say)
        room = look_at_room(file_limit(), most_kernels())
        crowded = (f"{room.says} {room.todo}",) if room.todo else ()
        disk = look_at_disk(say_place(engine.url))
        unsafe = (f"{disk.says} {disk.todo}",) if disk.todo else ()
        for sentence in (*say_network(host, address, url), *crowded, *unsafe, *say_awake(awake)):
            say(sentence)

    server = make_server(engine, sockets, server_value(engine, "cookie secret", lambda: secrets.token_hex(32)), proxies)
    server.say_ready = say_ready
    with kept_awake() as awake:
        server.start()
    say("Stopped. Everything is saved.")


def listen(host: str, port: int) -> list[socket]:
    """What the server listens on.

    Raises:
        PortBusy: it cannot.
    """
    try:
        return bind_sockets(port, host or None)
    except OSError as error:
        raise PortBusy(_why_not(error, host, port)) from error


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Stop that program, or choose another one with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by you. Choose one above 1023 with --port."
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
