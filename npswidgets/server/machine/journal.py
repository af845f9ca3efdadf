"""What happens on the server and in its workshops, as lines of its log: `store/happened.py` says which."""

import logging

from npswidgets.store import happened
from npswidgets.store.hints import EVERYWHERE, Listener

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)


def keep_quiet() -> None:
    """Writes nothing of it from now on: on a laptop it would stand between the links that its start prints."""
    log.setLevel(logging.WARNING)


def say_happened(what: str, workshop: str = "") -> None:
    """Writes that something has happened, one of `happened.SENTENCES`."""
    log.info(happened.SENTENCES[what], extra={"event": what, "workshop": workshop})


async def say_what_happens() -> None:
    """Writes what any process of this server stores; never returns."""
    listener = Listener(EVERYWHERE, "log")
    try:
        while True:
            if told := happened.read(await listener.next()):
                say_happened(*told)
    finally:
        listener.close()
