"""The log: bounded, on one line, without secrets, and with a brake."""

import io
import json
import logging
import os
import re
from collections.abc import Iterator

import pytest
from serving import wait_until

from npswidgets.domain.join_code import new_code
from npswidgets.server.kernels.forks import ForkFailed
from npswidgets.server.machine.log import (
    ALL_A_MINUTE,
    LONGEST_LINE,
    MINUTE_SECONDS,
    MOST_TRACE_LINES,
    SAME_A_MINUTE,
    BrakedHandler,
    JsonLine,
    OneLine,
    kernel_log,
    set_up_log,
)


class Log:
    """A log in memory, with a clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.out = io.StringIO()
        self.handler = BrakedHandler(self.out, clock=lambda: self.now)
        self.handler.setFormatter(OneLine())
        self.logger = logging.Logger("a test", logging.WARNING)
        self.logger.addHandler(self.handler)

    @property
    def lines(self) -> list[str]:
        return self.out.getvalue().splitlines()


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    monkeypatch.setattr(logging, "_logRecordFactory", logging.LogRecord)  # another test may have started a server here
    log = Log()
    yield log
    log.handler.close()


def test_a_line_says_when_how_grave_and_of_which_workshop(log: Log) -> None:
    log.logger.warning("It is late.")
    log.logger.error("It failed.", extra={"workshop": "2026-01-example"})
    when = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"
    assert re.fullmatch(rf"{when} warning - It is late\.", log.lines[0])
    assert re.fullmatch(rf"{when} error 2026-01-example It failed\.", log.lines[1])


def test_in_json_each_line_is_an_object_with_the_same_keys_and_nothing_more_than_in_words(log: Log) -> None:
    said = 'a "name"\n{"forged": 1} \x1b[2J, /join/' + new_code(lambda below: below - 1)
    try:
        raise ValueError(said)
    except ValueError:
        log.logger.exception("%s", said, extra={"workshop": "2026-01-example", "event": "fault"})
    in_words = log.lines
    log.handler.setFormatter(JsonLine())
    try:
        raise ForkFailed("It died.")
    except ForkFailed:
        log.logger.exception(said)
    (line,) = log.lines[len(in_words) :]
    found = json.loads(line)
    assert [*found] == ["at", "level", "workshop", "event", "words", "trace"]
    assert (found["level"], found["workshop"], found["trace"]) == ("error", "", [])
    assert found["words"] == f"{in_words[0].partition(' 2026-01-example ')[2]} It died."


def test_a_busy_workshop_takes_no_other_ones_lines(log: Log) -> None:
    for workshop in ("one", "two"):
        for _ in range(SAME_A_MINUTE + 1):
            log.logger.warning("A link was made.", extra={"workshop": workshop})
    assert len(log.lines) == 2 * SAME_A_MINUTE


def test_the_same_line_again_and_again_is_counted(log: Log) -> None:
    for number in range(100_000):
        log.logger.warning("Request %s failed.", number)
    assert len(log.lines) == SAME_A_MINUTE
    log.now = MINUTE_SECONDS
    log.logger.warning("Something else.")
    assert log.lines[-2].endswith("… 99,990 more of these: Request %s failed.")
    assert log.lines[-1].endswith("Something else.")


def test_an_error_that_is_raised_on_purpose_has_no_traceback(log: Log) -> None:
    for said in ("A page did not open.", ForkFailed("It died while it started.")):
        try:
            raise ForkFailed("It died while it started.") from ConnectionError("nobody there")
        except ForkFailed:
            log.logger.exception(said)
    assert [line.partition(" - ")[2] for line in log.lines] == [
        "A page did not open. It died while it started.",
        "It died while it started.",
    ]


def test_numbers_make_no_line_another_one(log: Log) -> None:
    for number in range(1000):
        log.logger.warning(f"Kernel {number:08x}1 of {number} died.")
    assert len(log.lines) == SAME_A_MINUTE


def test_many_kinds_of_lines_have_a_brake_too(log: Log) -> None:
    words = ["".join(chr(97 + int(digit)) for digit in str(number)) for number in range(20_000)]
    for word in words:
        log.logger.warning(f"{word} failed.")
    assert len(log.lines) == ALL_A_MINUTE
    log.handler.say_held()
    assert len(log.lines) <= ALL_A_MINUTE + SAME_A_MINUTE + 1
    assert any("lines of many kinds" in line for line in log.lines)


def test_what_was_held_back_is_said_when_nothing_more_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("npswidgets.server.machine.log.MINUTE_SECONDS", 0.2)
    out = io.StringIO()
    logger = logging.Logger("a test", logging.WARNING)
    logger.addHandler(BrakedHandler(out))
    for _ in range(SAME_A_MINUTE + 5):
        logger.warning("again")
    wait_until(lambda: "5 more of these" in out.getvalue())


def test_what_was_held_back_is_said_at_the_end(log: Log) -> None:
    for _ in range(SAME_A_MINUTE + 3):
        log.logger.warning("again")
    log.handler.close()
    assert log.lines[-1].endswith("… 3 more of these: again")


def test_no_text_makes_a_line_of_its_own(log: Log) -> None:
    log.logger.warning("%s", "x\n12:00:00 forged\r\x1b[2J\x00\u2028\u202e\x85")
    assert len(log.lines) == 1
    assert log.lines[0].endswith(r"x\n12:00:00 forged\r\x1b[2J\x00\u2028\u202e\x85")


def test_a_traceback_is_indented_and_bounded(log: Log) -> None:
    def fail(depth: int) -> None:
        if depth:
            fail(depth - 1) if depth % 2 else (lambda: fail(depth - 1))()
        raise ValueError("one\n12:00:00 two " + "long" * LONGEST_LINE)

    try:
        fail(60)
    except ValueError:
        log.logger.exception("It failed.")
    first, *trace = log.lines
    assert first.endswith("It failed.")
    assert len(trace) == MOST_TRACE_LINES + 1
    assert all(line.startswith("    ") and len(line) < LONGEST_LINE + 50 for line in trace)


def test_secrets_are_left_out(log: Log) -> None:
    secrets = (
        new_code(lambda below: below - 1),
        "bdf5d2ee-66e1-4cc1-8a3e-2f6a1d7f3c11",
        "K0mZ5dXqkq0l3v9h5s2x1A",
        "2|1:0|10:1764340000|16:nps-browser-8866|44:abc|def",
    )
    code, kernel, link, cookie = secrets
    log.logger.error("/join/%s %s /start#%s secret=%s", code, kernel, link, link)
    log.logger.error("Cookie: nps-browser-8866=%s; other=1", cookie)
    assert len(log.lines) == 2
    assert not any(secret in line for secret in secrets for line in log.lines)
    assert "other=1" in log.lines[1]


def test_words_that_do_not_fit_their_template_are_no_traceback(log: Log, capsys: pytest.CaptureFixture[str]) -> None:
    log.logger.warning("%d", "no number")
    assert capsys.readouterr().err == ""


def test_all_loggers_and_what_kernels_say_go_through_the_brake() -> None:
    root, out = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    kernel = -1
    try:
        root.handlers = []
        set_up_log(out)
        for name in ("asyncio", "tornado.application", "npswidgets.server", "py.warnings"):
            for _ in range(1000):
                logging.getLogger(name).error("Flood of %s", name)
        kernel = kernel_log()
        os.write(kernel, b"from a kernel\x1b[2J\n" * 1000 + b"x" * 100_000 + b"\nlast word\n")
        wait_until(lambda: "last word" in out.getvalue())
    finally:
        if kernel >= 0:
            os.close(kernel)
        logging.captureWarnings(False)
        for handler in root.handlers:
            handler.close()
        root.handlers = before
        root.setLevel(level)
        logging.getLogger("tornado").setLevel(logging.NOTSET)
    lines = out.getvalue().splitlines()
    assert sum(r"from a kernel\x1b[2J" in line for line in lines if "more of these" not in line) == SAME_A_MINUTE
    assert len(lines) < 100
