"""The dated line of a command that changes something, as a server's log has it, on standard error.

At a terminal there is none: whoever types there reads what the command says. Where `NPS_LOG_JSON` is set, as in a
container, it is a JSON object. Of what a server has its commands do, the server's own log speaks.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from npswidgets.settings import NPS_LIVE

READ_ONLY = frozenset(("list", "show", "verify", "rubric", "doctor"))
LOG_JSON = "NPS_LOG_JSON"


@contextmanager
def with_lines(context: click.Context) -> Iterator[None]:
    """Around a command: what its transactions tell has a line each, and so has its failure."""
    from npswidgets.store import hints

    if context.invoked_subcommand not in READ_ONLY:
        _as_json()  # a wrong value is told before anything is done
    hints.told_here = _hear
    try:
        yield
    except click.ClickException as error:
        command = context.invoked_subcommand
        if command not in {None, *READ_ONLY} and not isinstance(error, click.UsageError):
            _write(logging.ERROR, "failed", f"The command {command} has failed ({_kind(error)}).")
        raise
    finally:
        hints.told_here = None


def at_a_terminal() -> bool:
    """Whether somebody reads what commands say to people."""
    return sys.stderr.isatty()


def say_done(what: str, workshop: str = "") -> None:
    """Writes that something was done that no transaction tells, one of `happened.SENTENCES`."""
    from npswidgets.store.happened import SENTENCES

    _write(logging.INFO, what, SENTENCES[what], workshop)


def _hear(hint: str) -> None:
    from npswidgets.store import happened, hints

    topic, _, words = hint.partition(" ")
    if topic == f"{hints.EVERYWHERE}/log" and (told := happened.read(words)):
        say_done(*told)


def _write(level: int, event: str, words: str, workshop: str = "") -> None:
    as_json = _as_json()
    if os.environ.get(NPS_LIVE) or (at_a_terminal() and not as_json):
        return
    from npswidgets.server.machine.log import JsonLine, OneLine

    record = logging.LogRecord(__name__, level, __file__, 0, words, None, None)
    record.event, record.workshop = event, workshop
    click.echo((JsonLine() if as_json else OneLine()).format(record), err=True)


def _as_json() -> bool:
    try:
        return bool(click.BOOL.convert(os.environ.get(LOG_JSON) or "no", None, None))
    except click.BadParameter as error:
        error.param_hint = LOG_JSON
        raise


def _kind(error: click.ClickException) -> str:
    """Of the error that was turned into words, which could name somebody."""
    return type(error.__cause__ or error).__name__
