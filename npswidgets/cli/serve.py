"""Running the server."""

import re
from pathlib import Path
from typing import Any

import click

from npswidgets.cli.common import TEXT, database_option, echo
from npswidgets.cli.configured import Configured, said_where
from npswidgets.errors import WorkshopError
from npswidgets.settings import NPS_PREFIX


class _Size(click.types.StringParamType):
    """How much memory, as people write it: 512M, 2G, or bytes."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, int):
            return value
        found = re.fullmatch(r"([1-9]\d{0,14})([KMGT]?)(?:i?B)?", value.strip(), re.IGNORECASE | re.ASCII)
        if not found:
            self.fail(f"{value!r} is no amount of memory. Expected one such as 512M or 2G.", param, ctx)
        return int(int(found[1]) * 1024 ** " KMGT".index(found[2].upper() or " "))


SIZE = _Size()


class PassedOver(WorkshopError):
    """Two options were said of which one would count for nothing."""


def check_together(context: click.Context) -> None:
    """Refuses what would be passed over without a word.

    Raises:
        PassedOver: what goes without what, and where it was said.
    """
    said = {
        one: said_where(context, one) for one in ("socket", "port", "host", "metrics-port", "wifi", "wifi-password")
    }
    other = said["port"] or ("" if said["metrics-port"] else said["host"])
    if said["socket"] and other:
        raise PassedOver(
            f"The server was told two places to listen at: {said['socket']}, and {other}. At a Unix socket there is no "
            "address and no port: take one of the two away."
        )
    if said["wifi-password"] and not said["wifi"]:
        raise PassedOver(f"A password of a Wi-Fi, and no name of it: {said['wifi-password']}. Say --wifi, too.")


@click.command(cls=Configured)
@click.option(
    "--host",
    help="Where to listen. Default: 0.0.0.0, everywhere; with a proxy or prefix 127.0.0.1; in JupyterHub as it asks.",
)
@click.option("--port", type=click.IntRange(0, 65535), help="Default: the one of the last time, else 8866.")
@click.option(
    "--socket",
    "socket_path",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Listen at a Unix socket, which the proxy alone may open, and at no --port; --host is that of --metrics-port.",
)
@click.option("--url", help="The address that phones use, where it is not the one of this computer.")
@click.option(
    "--prefix",
    envvar=[NPS_PREFIX, "JUPYTERHUB_SERVICE_PREFIX"],
    metavar="PATH",
    help="Below which path of a proxy all pages are, such as /nps/.",
)
@click.option(
    "--behind-proxy",
    "behind",
    multiple=True,
    metavar="ADDRESS...",
    help="From where a proxy in front asks, such as 127.0.0.1: it is believed who asks it.",
)
@click.option(
    "--sign-on-header",
    "sign_on",
    metavar="NAME",
    help="In which the proxy says who has signed on, such as X-Remote-User: with --socket or a secret of the proxy's.",
)
@database_option
@click.option(
    "--wifi", type=TEXT, metavar="NAME", help='A Wi-Fi that you bring along: kept until it is changed; "" for none.'
)
@click.option("--wifi-password", type=TEXT, default="", help="Its password; it is printed on the table cards.")
@click.option(
    "--most-people",
    type=click.IntRange(1, 1000),
    help="How many people may have a page open at a time. Default: as many as there is memory for.",
)
@click.option(
    "--most-memory",
    type=SIZE,
    metavar="SIZE",
    help="How much memory the server may count on, such as 2G. Default: what the container or this computer has.",
)
@click.option(
    "--metrics-port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    help="Where Prometheus gets its figures without a token: a port of its own, which no proxy leads to.",
)
@click.option("--log-json", is_flag=True, help="Each line of the log is a JSON object.")
@click.option("--demo", is_flag=True, help="With a demonstration workshop of an invented council.")
def serve(
    host: str | None,
    port: int | None,
    socket_path: Path | None,
    url: str | None,
    prefix: str | None,
    behind: tuple[str, ...],
    sign_on: str | None,
    database: str | None,
    wifi: str | None,
    wifi_password: str,
    demo: bool,
    most_people: int | None,
    most_memory: int | None,
    metrics_port: int | None,
    log_json: bool,
) -> None:
    """Run the server, and say how people get in.

    It prints the link for whoever starts workshops, the address where people join, and a QR code. Behind a proxy
    or below a path it prints nothing secret: operators are made by `nps-workshop operator new`.

    Example: nps-workshop serve --demo
    """
    from npswidgets import settings
    from npswidgets.server.run import run_server
    from npswidgets.store.wifi import Wifi

    check_together(click.get_current_context())
    settings.time_zone()  # one that there is not is told now, and not to whoever opens a page
    given = None if wifi is None else Wifi(wifi, wifi_password)
    run_server(
        host,
        port,
        url,
        prefix,
        behind,
        database,
        socket_path=socket_path,
        sign_on=sign_on,
        demo=demo,
        wifi=given,
        say=echo,
        most_people=most_people or 0,
        most_memory=most_memory,
        log_json=log_json,
        metrics_port=metrics_port,
    )
