"""The Wi-Fi that a workshop brings along, for the ready page and for paper. It is not in the record."""

import json
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Engine

from npswidgets.domain.text import cleaned_all
from npswidgets.errors import RuleBroken
from npswidgets.store.access import set_server_value, value
from npswidgets.store.faults import faults, readable

WIFI = "wifi"


@dataclass(frozen=True)
class Wifi:
    """A Wi-Fi of the room; without a password it is open to everybody."""

    name: str
    password: str = ""

    @property
    def join_text(self) -> str:
        """What a QR code says so that a phone joins this Wi-Fi."""
        from segno.helpers import make_wifi_data  # only paper and the wall need it

        text: str = make_wifi_data(self.name, self.password or None, "WPA" if self.password else None)
        return text


def keep_wifi(engine: Engine, wifi: Wifi) -> None:
    """Stores the Wi-Fi in place of the one before; one without a name is none.

    Raises:
        RuleBroken: its name or password holds what nobody can type; without it, no phone would get in.
    """
    if cleaned_all(wifi) != wifi or any(one in wifi.name + wifi.password for one in "\t\n"):
        raise RuleBroken(
            "The name or the password of the Wi-Fi holds a character that nobody can type. Enter it again."
        )
    set_server_value(engine, WIFI, json.dumps(asdict(wifi)))


def wifi_of(engine: Engine) -> Wifi | None:
    """The Wi-Fi of the workshops; None where people use the one of the house."""
    with faults(), engine.connect() as db:
        return read_wifi(db)


def read_wifi(db: Connection) -> Wifi | None:
    """The same for who has a connection."""
    stored = value(db, WIFI)
    with readable("The Wi-Fi"):
        wifi = cleaned_all(Wifi(**json.loads(stored))) if stored else None
    return wifi if wifi and wifi.name else None
