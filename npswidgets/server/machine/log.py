"""The log of the server and its kernels: lines that nobody can forge, without secrets, and with one brake for all."""

import json
import logging
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TextIO

from npswidgets.domain import join_code
from npswidgets.errors import WorkshopError

SAME_A_MINUTE = 10
ALL_A_MINUTE = 200
MINUTE_SECONDS = 60.0
MOST_KINDS = 500
LONGEST_LINE = 400
MOST_TRACE_LINES = 40
SECRETS = re.compile(
    r"\b\w{8}-\w{4}-\w{4}-\w{4}-\w{12}\b"  # ids of kernels
    rf"|{join_code.PATTERN}"
    r"|(?<=#)[\w-]{16,}|(?<=secret=)[^&\s'\"]+"  # links
    r"|\b2\|1:0\|[^\s;'\"]+"  # signed cookies
)

log = logging.getLogger(__name__)
kernels = logging.getLogger("npswidgets.kernels")


def set_up_log(stream: TextIO | None = None, *, as_json: bool = False) -> None:
    """Sends what this process logs, libraries included, to a stream (standard error) through the brake.

    Args:
        as_json: each line is a JSON object with `at`, `level`, `workshop`, `event`, `words` and `trace`.
    """
    handler = BrakedHandler(stream)
    handler.setFormatter(JsonLine() if as_json else OneLine())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    logging.getLogger("tornado").setLevel(logging.ERROR)


def kernel_log() -> int:
    """The end of a pipe whose lines go into the log: standard error of what the server starts."""
    readable, writable = os.pipe()
    threading.Thread(target=_pass_on, args=(readable,), name="kernel log", daemon=True).start()
    return writable


def _pass_on(readable: int) -> None:
    with os.fdopen(readable, "rb") as said:
        while line := said.readline(4 * LONGEST_LINE):
            kernels.warning(line.decode(errors="replace").rstrip())


def one_line(text: str) -> str:
    r"""A text as it may stand in a log: on one line, bounded, without secrets, and with nothing that steers a terminal.

    >>> one_line("a name\n12:00:00 a forged line \x1b[2J, /join/123456")
    'a name\\n12:00:00 a forged line \\x1b[2J, /join/...'
    """
    bounded = text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}… ({len(text):,} characters)"
    hidden = SECRETS.sub("...", bounded)
    if hidden.isprintable():
        return hidden
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in hidden)


class OneLine(logging.Formatter):
    """The time (UTC), the level, the workshop and what is said, on one line; a traceback stands indented below.

    A line of a traceback looks like no line of its own. Where no workshop is known, "-" stands in its place.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The text of a record."""
        words, trace = _said(record)
        workshop = one_line(getattr(record, "workshop", "")) or "-"
        said = f"{_at(record)} {record.levelname.lower()} {workshop} {words}"
        return "\n".join([said, *(f"    {line}" for line in trace)])


class JsonLine(logging.Formatter):
    """The same as one JSON object on a line, with the same keys each time."""

    def format(self, record: logging.LogRecord) -> str:
        """The text of a record."""
        words, trace = _said(record)
        workshop, event = (one_line(getattr(record, key, "")) for key in ("workshop", "event"))
        level = record.levelname.lower()
        said = {"at": _at(record), "level": level, "workshop": workshop, "event": event, "words": words, "trace": trace}
        return json.dumps(said)


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds")


def _said(record: logging.LogRecord) -> tuple[str, list[str]]:
    """What a record says, and the lines of its traceback.

    An error that is raised on purpose says in its own words what a traceback would, and has none.
    """
    error = record.exc_info[1] if record.exc_info else None
    message = record.getMessage()
    if isinstance(error, WorkshopError):
        return one_line(message if str(error) in message else f"{message} {error}"), []
    text = record.exc_text or (logging.Formatter().formatException(record.exc_info) if record.exc_info else "")
    trace = [one_line(line) for line in text.splitlines()] if record.exc_info else []
    if len(trace) > MOST_TRACE_LINES:
        half = MOST_TRACE_LINES // 2
        trace = [*trace[:half], f"... {len(trace) - MOST_TRACE_LINES} lines ...", *trace[-half:]]
    return one_line(message), trace


class BrakedHandler(logging.StreamHandler[TextIO]):
    """Writes ten lines of a kind and 200 in all a minute; the others are counted, and said in one when it is over."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._clock = clock
        self._ends = 0.0
        self._seen: Counter[str] = Counter()
        self._held: Counter[str] = Counter()
        self._timer: threading.Timer | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Writes a record, or counts it."""
        if self._clock() >= self._ends:
            self.say_held()
            self._ends = self._clock() + MINUTE_SECONDS
            self._seen.clear()
        kind = _kind(record)
        if kind not in self._seen and len(self._seen) >= MOST_KINDS:
            kind = "lines of many kinds"
        if self._seen[kind] < SAME_A_MINUTE and self._seen.total() - self._held.total() < ALL_A_MINUTE:
            super().emit(record)
        else:
            self._held[kind] += 1
            self._say_later()
        self._seen[kind] += 1

    def say_held(self) -> None:
        """Says how many lines of each kind were not written."""
        held, self._held = self._held, Counter()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        shown = held.most_common(SAME_A_MINUTE)
        for kind, count in shown:
            super().emit(_summary(f"… {count:,} more of these: {kind}"))
        if left := held.total() - sum(count for _, count in shown):
            super().emit(_summary(f"… {left:,} more lines of {len(held) - len(shown)} other kinds"))

    def close(self) -> None:
        """Says what was held back, at the end of the process."""
        with self.lock or threading.RLock():
            self.say_held()
        super().close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the interface)
        """A full disk, or words that do not fit their template: no more is said, since that would not fit either."""

    def _say_later(self) -> None:
        """Also where nothing is logged after the flood."""
        if self._timer is None:
            self._timer = threading.Timer(max(0.0, self._ends - self._clock()), self._time_is_up)
            self._timer.daemon = True
            self._timer.start()

    def _time_is_up(self) -> None:
        with self.lock or threading.RLock():
            self.say_held()


def _kind(record: logging.LogRecord) -> str:
    """What lines of one kind share: the template, and the error; without numbers and ids."""
    error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    template = re.sub(r"\b[\da-f]*\d[\da-f]*\b", "#", str(record.msg)[:LONGEST_LINE].split("\n")[0])
    workshop = one_line(getattr(record, "workshop", ""))  # a busy one takes no other's lines
    return f"{template[:100]} {error} {workshop}".replace("  ", " ").strip()


def _summary(text: str) -> logging.LogRecord:
    return logging.LogRecord(__name__, logging.WARNING, __file__, 0, text, None, None)
