"""The computer stays awake while the server runs, where its system has a way."""

import ctypes
import subprocess
import sys
from types import SimpleNamespace

import psutil
import pytest
from serving import wait_until

from npswidgets.server.machine import awake
from npswidgets.server.machine.awake import COMMANDS, HOLD, battery_warning, held, kept_awake, say_awake

here = pytest.mark.skipif(sys.platform == "win32", reason="Windows needs no command")


def children() -> set[int]:
    """What this process started itself; a server of other tests has children of its own, which come and go."""
    return {child.pid for child in psutil.Process().children()}


@here
def test_the_command_runs_as_long_as_the_server() -> None:
    before = children()
    with held(HOLD) as awake:
        assert awake
        assert len(children() - before) == 1
    assert children() == before


@here
def test_the_command_ends_with_a_server_that_was_killed() -> None:
    code = "from npswidgets.server.machine.awake import *\nwith held(HOLD): print('awake', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "awake\n"
        (command,) = psutil.Process(server.pid).children()
        server.kill()
    wait_until(lambda: not command.is_running())


@here
@pytest.mark.parametrize("command", [("no-such-command",), ("false",), ("",)])
def test_a_system_that_does_not_allow_it_is_no_error(command: tuple[str, ...]) -> None:
    with held(command) as awake:
        assert awake is False


@pytest.mark.parametrize(("system", "command"), [("linux", "systemd-inhibit"), ("darwin", "caffeinate")])
def test_each_system_has_its_own_way(monkeypatch: pytest.MonkeyPatch, system: str, command: str) -> None:
    assert COMMANDS[system][0] == command
    assert COMMANDS[system][-3:] == HOLD


@here
def test_an_unknown_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "plan9")
    with kept_awake() as awake:
        assert awake is False


def test_windows_is_asked_and_told_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[int] = []
    kernel32 = SimpleNamespace(SetThreadExecutionState=lambda state: said.append(state) or 1)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel32), raising=False)
    with kept_awake() as awake:
        assert awake
        assert said == [0x80000003]
    assert said == [0x80000003, 0x80000000]


@pytest.mark.parametrize(
    ("battery", "warning"),
    [
        (None, ""),
        (SimpleNamespace(percent=41.6, power_plugged=True), ""),
        (SimpleNamespace(percent=41.6, power_plugged=None), ""),
        (SimpleNamespace(percent=41.6, power_plugged=False), "This computer runs on its battery (42%). Plug it in."),
    ],
)
def test_a_computer_on_its_battery_is_to_be_plugged_in(
    monkeypatch: pytest.MonkeyPatch, battery: object, warning: str
) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    assert battery_warning() == warning


def test_whoever_starts_the_server_hears_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(awake, "battery_warning", lambda: "Plug it in.")
    assert say_awake(True) == ("This computer stays awake while the server runs. Leave its lid open.", "Plug it in.")
    assert "Switch that off" in say_awake(False)[0]
