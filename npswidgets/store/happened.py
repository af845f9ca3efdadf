"""What happens to workshops that whoever hosts a server reads in its log: what, and to which; nothing of people.

It is marked in the transaction that does it, and told to the server after the commit, from whichever process. A
command, which has no server, writes the same lines itself (`cli/logged.py`).
"""

from types import MappingProxyType

from sqlalchemy import Connection

from npswidgets.domain import events
from npswidgets.domain.ids import is_id
from npswidgets.store import hints

SENTENCES = MappingProxyType(
    {
        "started": "The server has started.",
        "stopped": "The server has stopped.",
        "workshop-made": "The workshop was made.",
        "session-started": "A session has started.",
        "session-ended": "A session has ended.",
        "signed-off": "The workshop is signed off.",
        "reopened": "The workshop is open for changes again.",
        "link-made": "A link was made.",
        "link-withdrawn": "A link was withdrawn.",
        "code-changed": "A session has a new code.",
        "signed-on": "Somebody has signed on.",
        "exported": "A file was handed out.",
        "erased": "A person was erased.",
        "imported": "A saved workshop was brought in.",
        "copied": "The database was copied.",
        "restored": "A backup was put in the place of the database.",
        "operator-made": "An operator was made.",
        "operator-withdrawn": "An operator was withdrawn.",
        "named": "Somebody was named who may sign on.",
        "unnamed": "Somebody may not sign on any more.",
        "purged": "People whose date has come are forgotten.",
    }
)
"""What a log says of each; no more than is here is ever said."""

_OF_EVENTS: dict[type, str] = {
    events.WorkshopCreated: "workshop-made",
    events.SessionOpened: "session-started",
    events.SessionClosed: "session-ended",
    events.WorkshopSealed: "signed-off",
    events.WorkshopReopened: "reopened",
}


def note(db: Connection, workshop: str, what: str) -> None:
    """Marks what this transaction does, one of SENTENCES."""
    hints.note(db, hints.EVERYWHERE, "log", f"{what} {workshop}")


def note_event(db: Connection, workshop: str, event: events.Event) -> None:
    """Marks an event of the record, if it is one that a log says."""
    if what := _OF_EVENTS.get(type(event)):
        note(db, workshop, what)


def read(words: str) -> tuple[str, str] | None:
    """What has happened, and to which workshop, as it was told; None for anything else."""
    what, _, workshop = words.partition(" ")
    return (what, workshop if is_id(workshop) else "") if what in SENTENCES else None
