"""The command `nps-workshop`: one file a subject, imported only when one of its commands is asked for."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from npswidgets import __version__
from npswidgets.cli.logged import with_lines
from npswidgets.domain.text import printable
from npswidgets.errors import WorkshopError

# jsonschema, which Jupyter's server and formats import, would build a parser for international addresses, in 2 to 6
# seconds; nothing here has any to check, and it does without.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None is how an import is made to fail

COMMANDS = {
    "serve": "serve:serve",
    "new": "workshops:new",
    "list": "workshops:list_",
    "show": "workshops:show",
    "link": "workshops:link",
    "export": "export:export",
    "response": "response:response",
    "archive": "saved:archive",
    "backup": "saved:backup",
    "restore": "saved:restore",
    "copy": "saved:copy",
    "import": "saved:import_",
    "verify": "saved:verify",
    "seal": "saved:seal",
    "reopen": "saved:reopen",
    "erase": "people:erase",
    "purge": "people:purge",
    "rehearse": "rehearse:rehearse",
    "rubric": "rubric:rubric",
    "pack": "pack:pack",
    "operator": "operator:operator",
    "sign-on": "sign_on:sign_on",
    "doctor": "doctor:doctor",
}
"""Where each command is: module and function."""


class _Commands(click.Group):
    """Finds a command when it is needed, and turns our errors into a message and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(f"npswidgets.cli.{module}"), name)
        return command

    def make_context(self, *args: Any, **more: Any) -> click.Context:
        with _said_in_words():
            return super().make_context(*args, **more)

    def invoke(self, ctx: click.Context) -> Any:
        with _cleared_away(), with_lines(ctx), _said_in_words():
            return super().invoke(ctx)


@contextmanager
def _cleared_away() -> Iterator[None]:
    """Who is asked to end takes along what was begun: an unfinished backup holds what a database holds.

    A server asks for these signals itself, as soon as it runs.
    """
    ours: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # not as with nohup
                ours[number] = signal.signal(number, _end)
    try:
        yield
    finally:
        for number, before in ours.items():
            if signal.getsignal(number) is _end:
                signal.signal(number, before)


def _end(number: int, _: object) -> None:
    raise SystemExit(128 + number)


@contextmanager
def _said_in_words() -> Iterator[None]:
    """Our errors, and the system's, end the command with a message, and no message controls the terminal."""
    try:
        yield
    except BrokenPipeError:  # whoever reads what is printed has read enough; click ends in silence
        raise
    except OSError as error:
        raise click.ClickException(printable(_say_system(error))) from error
    except WorkshopError as error:
        raise click.ClickException(printable(str(error))) from error
    except click.ClickException as error:
        error.message = printable(error.message)  # type: ignore[misc]  # nothing else reaches usage errors
        raise


def _say_system(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or type(error).__name__}. Check the name, the rights and the free space."


@click.group(cls=_Commands, name="nps-workshop")
@click.version_option(__version__, prog_name="nps-workshop")
def main() -> None:
    """Workshops in which councils find out, together, how good their procurement is.

    Example: nps-workshop new --council "Example County Council"
    """
