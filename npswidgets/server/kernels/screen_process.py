"""A participant's kernel as a process of its own: it builds the screen, and waits until it is told whose it is.

Run as ``python -m npswidgets.server.kernels.screen_process [warmed-up]``, where kernels cannot be forked. On standard
output it says which widget is the screen; then one line on standard input tells it who it is for, and it answers when
the screen is open. One that is "warmed-up" takes a little longer to build, and opens for its person in half of the
time. Standard input is the read end of a pipe that only the server holds open: this process ends with the server.
"""

import gc
import json
import os
import signal
import sys
from typing import Any

from npswidgets import settings
from npswidgets.domain.actor import Actor
from npswidgets.errors import keep_texts_out_of_logs
from npswidgets.server.kernels.fork_server import import_all, prepare, told_states

WARMED_UP = "warmed-up"


def main() -> None:
    """Runs the kernel; returns when it has been shut down, or when the server has ended before anybody came."""
    keep_texts_out_of_logs()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the server's
    screen, database = prepare(settings.database_url(), times=1) if WARMED_UP in sys.argv[1:] else build_screen()
    gc.collect()
    gc.freeze()
    say({"screen": screen.widget.model_id})
    wanted = sys.stdin.buffer.readline()
    if wanted:
        run(screen, database, **json.loads(wanted))


def build_screen() -> tuple[Any, None]:
    """The screen, which belongs to nobody, with all imported that it will need; and no database yet."""
    import_all()
    from npswidgets.screens import participant
    from npswidgets.server.kernels.screen_kernel import name_widgets, prepare_widgets

    prepare_widgets()
    name_widgets("participant")
    return participant.build(), None


def run(screen: Any, database: Any, connection_file: str, env: dict[str, str]) -> None:
    """Opens the screen for somebody, and is their kernel."""
    from npswidgets.server.kernels.kernel_process import end_with_server
    from npswidgets.server.kernels.screen_kernel import run_screen

    os.environ.clear()
    os.environ.update(env)
    sys.argv = [sys.argv[0], connection_file]
    end_with_server()
    run_screen(connection_file, lambda: open_screen(screen, database))


def open_screen(screen: Any, database: Any) -> None:
    """Shows the person's page, or what went wrong, and says so."""
    from npswidgets.screens.opening import attach_when_possible
    from npswidgets.store.database import open_database
    from npswidgets.store.opening import store_of

    actor = Actor.from_json(os.environ[settings.NPS_ACTOR])
    attach_when_possible(screen, lambda: database.store(actor) if database else store_of(open_database(), actor))
    say({"open": True, "states": told_states().decode()})
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # the server listens no more


def say(words: dict[str, Any]) -> None:
    """Tells the server something, in a line."""
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
