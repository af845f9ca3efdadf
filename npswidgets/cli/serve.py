"""Running the server."""

import click

from npswidgets.cli.common import TEXT, database_option, echo
from npswidgets.settings import NPS_PREFIX


@click.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="Where to listen; 0.0.0.0 is everywhere.")
@click.option("--port", type=click.IntRange(0, 65535), help="Default: the one of the last time, else 8866.")
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
    envvar="NPS_BEHIND_PROXY",
    metavar="ADDRESS...",
    help="From where a proxy in front asks, such as 127.0.0.1: it is believed who asks it.",
)
@database_option
@click.option(
    "--wifi", type=TEXT, metavar="NAME", help='A Wi-Fi that you bring along: kept until it is changed; "" for none.'
)
@click.option("--wifi-password", type=TEXT, default="", help="Its password; it is printed on the table cards.")
@click.option("--demo", is_flag=True, help="With a demonstration workshop of an invented council.")
def serve(
    host: str,
    port: int | None,
    url: str | None,
    prefix: str | None,
    behind: tuple[str, ...],
    database: str | None,
    wifi: str | None,
    wifi_password: str,
    demo: bool,
) -> None:
    """Run the server, and say how people get in.

    It prints the link for whoever starts workshops, the address where people join, and a QR code.

    Example: nps-workshop serve --demo
    """
    from npswidgets import settings
    from npswidgets.server.run import run_server
    from npswidgets.store.wifi import Wifi

    settings.time_zone()  # one that there is not is told now, and not to whoever opens a page
    run_server(
        host, port, url, prefix, behind, database, demo, None if wifi is None else Wifi(wifi, wifi_password), echo
    )
