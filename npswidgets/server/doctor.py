"""What this computer can do for a workshop, and what to do about what it lacks."""

import json
import os
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from glob import escape
from os import W_OK, access
from pathlib import Path
from shlex import quote
from typing import TypeVar

from sqlalchemy import Engine

from npswidgets import settings
from npswidgets.errors import StoreFault, WorkshopError
from npswidgets.server.http.proxies import Proxies, proxies_at
from npswidgets.server.http.sign_on_header import ASKED_BY, sign_on_header
from npswidgets.server.http.unix_socket import check_folder
from npswidgets.server.kernels.forks import can_fork
from npswidgets.server.kernels.provisioner import NAME, is_registered
from npswidgets.server.kernels.spares import MOST
from npswidgets.server.kernels.workshop_kernels import DEFAULT_PROVISIONER, FILES_A_KERNEL, kernels_for, most_kernels
from npswidgets.server.machine.address import check_url
from npswidgets.server.machine.awake import battery_warning, kept_awake
from npswidgets.server.machine.disks import doubt_here
from npswidgets.server.machine.inside import looks_inside
from npswidgets.server.machine.interfaces import Way, interfaces_here, ways_in
from npswidgets.server.machine.outside import looks
from npswidgets.store.access import stored_value
from npswidgets.store.database import open_database
from npswidgets.store.place import file_of, place_of, say_place
from npswidgets.store.rights import has_operator
from npswidgets.store.sqlite_file import SOUND_SQLITE, identity_of, sqlite_library

ELSEWHERE = "Votes can be lost. Move it to a folder of this computer that no program synchronises, and start there."
Answer = TypeVar("Answer")
ENOUGH_PAGES = 60
"""30 people with a phone each, some of whom open the page twice, and the screens."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: such as "Address".
        says: what was found, in a sentence.
        todo: what to do about it; empty where all is well.
        needed: no workshop runs without it.
    """

    what: str
    says: str
    todo: str = ""
    needed: bool = False


@dataclass(frozen=True)
class ServerSettings:
    """What the server would be started with, by the environment and the file of settings, as `serve` reads them.

    Attributes:
        said: whether anything is said there.
        wrong: why `serve` would not take them; empty where it would.
        behind: from where a proxy asks.
        header: in which it says who has signed on.
        below: whether the pages are below a path.
    """

    said: bool = False
    wrong: str = ""
    url: str | None = None
    behind: tuple[str, ...] = ()
    socket: Path | None = None
    header: str | None = None
    below: bool = False
    most_memory: int | None = None

    @property
    def hosted(self) -> bool:
        """Whether it would be a hosted server."""
        return bool(self.behind or self.socket) or self.below

    def proxies(self) -> Proxies:
        """The proxies of these settings. Where people reach the server can stand on its command line, too.

        Raises:
            WrongAddress: see there.
        """
        return proxies_at(self.behind, self.url or "as --url says", by_socket=self.socket is not None)


NOTHING_SAID = ServerSettings()


def examine(database: str | None = None, given: ServerSettings = NOTHING_SAID) -> tuple[Finding, ...]:
    """All findings, in the order in which a workshop needs them. Takes up to three seconds; changes nothing.

    Of a hosted server nobody asks what a laptop in the room has to have: phones reach it through its proxy.
    """
    hosted = given.hosted or _hosted(database)[0]
    looks: tuple[Callable[[], Finding | None], ...] = (
        lambda: look_at_settings(given),
        lambda: look_at_library(sqlite_library().sqlite_version_info),
        lambda: look_at_database(database or settings.database_url()),
        lambda: look_at_rights(database),
        lambda: look_at_disk(database),
        lambda: look_at_mode(database, given),
        lambda: look_at_proxy(database, given),
        lambda: None if hosted else look_at_address(ways_in(interfaces_here())),
        lambda: look_at_room(file_limit(), most_kernels(given.most_memory)),
        lambda: look_at_joining(can_fork(), os.environ.get(DEFAULT_PROVISIONER, NAME)),
        *(() if hosted else (look_at_sleep, look_at_battery, look_at_browser)),
        look_at_fonts,
    )
    inside = looks_inside(_file(database), hosted=hosted)
    return (*(found for look in looks if (found := look())), *(Finding(*seen) for seen in inside))


async def examine_from_outside(url: str) -> AsyncIterator[Finding]:
    """How a server looks at this address, through what is in front of it. Takes a minute."""
    async for seen in looks(url):
        yield Finding(*seen, needed=True)


def look_at_settings(given: ServerSettings) -> Finding | None:
    """Whether the server would start with its settings; None where there are none."""
    if not given.said:
        return None
    wrong = given.wrong
    try:
        settings.time_zone()
        if given.url:
            check_url(given.url)
        given.proxies()
    except WorkshopError as refused:
        wrong = wrong or str(refused)
    if wrong:
        return Finding("Settings", "The server would not start with its settings.", wrong, needed=True)
    return Finding("Settings", "The server takes its settings.", needed=True)


def look_at_library(version: tuple[int, ...]) -> Finding:
    """Whether several programs may write to the database at once."""
    named = "SQLite " + ".".join(map(str, version[:3]))
    if version >= SOUND_SQLITE:
        return Finding("Database library", f"{named} lets many people vote at once.")
    sound = ".".join(map(str, SOUND_SQLITE))
    says = f"{named} is older than {sound}. Votes are saved in a slower way, which is safe with it."
    return Finding("Database library", says, "Install pysqlite3 on Linux, or a newer Python elsewhere.")


def look_at_database(url: str) -> Finding:
    """Whether the database can be opened, or made."""
    try:
        place = place_of(url)
    except StoreFault as fault:
        return Finding("Database", "The database is not named as it should be.", str(fault), needed=True)
    shown, file = say_place(place), file_of(place)
    try:
        if file is None or identity_of(file):
            open_database(url).dispose()
            return Finding("Database", f"{shown} opens.", needed=True)
    except StoreFault as fault:
        return Finding("Database", f"{shown} does not open.", str(fault), needed=True)
    parent = next(folder for folder in (file.absolute().parent, *file.absolute().parents) if identity_of(folder))
    if parent.is_dir() and access(parent, W_OK):
        return Finding("Database", f"{shown} will be made.", needed=True)
    return Finding("Database", f"{parent} cannot be written.", "Start in a folder of your own.", needed=True)


def look_at_rights(database: str | None = None) -> Finding:
    """Whether others on this computer can read the database, as one that an older toolkit has made."""
    file = _file(database)
    if sys.platform == "win32" or file is None or not identity_of(file) or not file.stat().st_mode & 0o077:
        return Finding("Rights", "Nobody else on this computer may read the database.")
    names = " ".join(quote(str(one)) for one in sorted(file.parent.glob(f"{escape(file.name)}*")))
    todo = f"Stop the server, then: chmod 600 {names}"
    return Finding("Rights", "Others on this computer may read the database.", todo)


def look_at_mode(database: str | None = None, given: ServerSettings = NOTHING_SAID) -> Finding:
    """How the server runs, by its settings or the last time, and whether anybody can start a workshop there."""
    hosted, known = _hosted(database)
    if not (hosted or given.hosted):
        return Finding("Mode", "A laptop in a room: its start prints the links, for whoever starts it.")
    says = "Hosted: behind a proxy or below a path. Its start prints nothing secret."
    return Finding("Mode", says, "" if known else "Nobody is an operator: nps-workshop operator new NAME")


def look_at_proxy(database: str | None = None, given: ServerSettings = NOTHING_SAID) -> Finding | None:
    """How a proxy asks and says who has signed on, by the settings or the last start; None where there is none."""
    before = json.loads(_stored(database, ASKED_BY) or "{}")
    place, header = given.socket or before.get("socket"), given.header or before.get("header")
    secret = os.environ.get(settings.NPS_PROXY_SECRET, "")
    if not (place or header or secret):
        return None
    try:
        if place:
            check_folder(Path(place).absolute().parent)
        if header != before.get("header") or secret:  # else the server has started with it, and with its secret
            with_place = replace(given, socket=Path(place) if place else None)
            sign_on_header(header, secret, with_place.proxies(), by_hub=False)
    except WorkshopError as wrong:
        return Finding("Proxy", "What the proxy shows would not be believed.", str(wrong), needed=True)
    asks = f"The proxy asks at {place}" if place else "The proxy is known by its secret"
    return Finding("Proxy", f"{asks}, and says in {header} who has signed on." if header else f"{asks}.")


def _hosted(database: str | None) -> tuple[bool, bool]:
    """Whether the server was hosted the last time, and whether anybody is an operator there."""
    return _asked(
        database, lambda engine: (stored_value(engine, "mode") == "hosted", has_operator(engine)), (False, False)
    )


def _stored(database: str | None, key: str) -> str | None:
    """A value that the server has stored; None where it has not."""
    return _asked(database, lambda engine: stored_value(engine, key), None)


def _asked(database: str | None, ask: Callable[[Engine], Answer], unknown: Answer) -> Answer:
    """What a database says, if there is one that can say it; none is made."""
    file = _file(database)
    with suppress(StoreFault):
        if file is None or identity_of(file):
            engine = open_database(database)
            try:
                return ask(engine)
            finally:
                engine.dispose()
    return unknown


def look_at_disk(database: str | None = None) -> Finding:
    """Whether the database is on a disk of this computer alone."""
    file = _file(database)
    doubt = doubt_here(file.parent) if file else ""
    if doubt:
        return Finding("Disk", f"{file} is not safe there: {doubt}.", ELSEWHERE)
    return Finding("Disk", "The database is on a disk of this computer.")


def _file(database: str | None) -> Path | None:
    try:
        return file_of(place_of(database))
    except StoreFault:
        return None


def look_at_address(ways: tuple[Way, ...]) -> Finding:
    """Where phones get in."""
    if not ways:
        says = "This computer is in no network that phones can reach."
        return Finding("Address", says, "Connect it to the room's Wi-Fi, or make a hotspot of it.", needed=True)
    named = " or ".join(map(str, ways))
    if len(ways) == 1:
        return Finding("Address", f"Phones reach this computer at {named}.", needed=True)
    todo = "Answer the question of `nps-workshop serve`, or leave the network that phones are not in."
    return Finding("Address", f"Phones reach this computer at {named}.", todo)


def look_at_room(files: int | None, pages: int) -> Finding:
    """How many phones and screens may be open at a time; `files` is the limit of the system, None for none."""
    limit = "" if files is None else f" The limit of open files is {files}."
    says = f"About {pages} phones and screens may be open at a time.{limit}"
    if pages >= ENOUGH_PAGES:
        return Finding("Room", says)
    if files is not None and kernels_for(files) <= pages:
        wanted = ENOUGH_PAGES * FILES_A_KERNEL * 5 // 4
        return Finding("Room", says, f"Raise the limit of open files from {files} to {wanted} (ulimit -n, or its kin).")
    return Finding("Room", says, "Close other programs, take a computer with more memory, or keep score sheets ready.")


def look_at_joining(forked: bool, chosen: str = NAME) -> Finding:
    """How kernels start; `forked` whether they can be forked, `chosen` the provisioner that the operator wants."""
    if chosen != NAME or not is_registered():
        says = "Pages are not prepared here (plain kernels): let people join as they arrive."
        return Finding("Joining", says, f"Take {DEFAULT_PROVISIONER} out of the environment, or install again.")
    if forked:
        return Finding("Joining", "Pages are prepared before people come (forked kernels): everybody can join at once.")
    says = f"Up to {MOST} pages are prepared before people come (kernels kept warm): as many can join at once."
    return Finding("Joining", says)


def look_at_sleep() -> Finding:
    """Whether the server keeps the computer awake."""
    with kept_awake() as awake:
        if awake:
            return Finding("Sleep", "The server keeps this computer awake.")
    says = "The server cannot keep this computer awake."
    return Finding("Sleep", says, "Switch off sleep in the settings of the system for the day.")


def look_at_battery() -> Finding:
    """Whether the computer is plugged in."""
    warning, _, todo = battery_warning().partition(". ")
    return Finding("Battery", f"{warning}.", todo) if warning else Finding("Battery", "It does not run on a battery.")


def look_at_browser() -> Finding:
    """Whether the facilitator's screen can be opened here."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        todo = "Open the facilitator's link on another computer, or install Firefox, Chrome or Edge."
        return Finding("Browser", "No browser was found.", todo)
    return Finding("Browser", "There is a browser for the facilitator's screen.")


def look_at_fonts() -> Finding:
    """Whether PDFs can be set. The fonts come along, so that a page looks the same everywhere."""
    import matplotlib as mpl

    if (Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf").exists():
        return Finding("Fonts", "The fonts of reports and charts are here.")
    return Finding("Fonts", "The fonts of reports and charts are missing.", "Install matplotlib again.")


def file_limit() -> int | None:
    """How many files the server may open; None where the system sets no such limit."""
    if sys.platform == "win32":
        return None
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    return most if most > 0 else None
