"""That somebody is let in no more: told to the server by a hint, and by a value for where no hint comes from.

A command has nobody to tell; the server looks at the value again and again, which costs one question.
"""

import secrets

from sqlalchemy import Connection, Engine

from npswidgets.store import hints, server_values
from npswidgets.store.faults import faults

_KEY = "taken back"


def note(db: Connection) -> None:
    """Marks that this transaction takes something back."""
    server_values.write(db, _KEY, secrets.token_hex(8))
    hints.note(db, hints.EVERYWHERE, "access")


def latest(engine: Engine) -> str:
    """Another value whenever something was taken back; empty before anything was."""
    with faults(), engine.connect() as db:
        return server_values.read(db, _KEY) or ""
