"""Keeps the computer awake while the server runs, where the system has a way, and knows about its battery."""

import ctypes
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

HOLD = ("sh", "-c", "echo awake; exec cat")
"""Says that it runs, then waits for the end of its input: it ends with the server, however that ended."""
COMMANDS = {
    "linux": ("systemd-inhibit", "--what=idle:sleep", "--who=nps-workshop", "--why=A workshop is running", *HOLD),
    "darwin": ("caffeinate", "-dims", *HOLD),
}
ANSWER_SECONDS = 3.0
CONTINUOUS, SYSTEM_REQUIRED, DISPLAY_REQUIRED = 0x80000000, 0x1, 0x2
"""Of Windows' SetThreadExecutionState."""


@contextmanager
def kept_awake() -> Iterator[bool]:
    """Whether the computer stays awake inside the block; False where the system has no way, or does not allow it."""
    if sys.platform == "win32":
        set_state = ctypes.windll.kernel32.SetThreadExecutionState  # it holds until this thread ends
        try:
            yield bool(set_state(CONTINUOUS | SYSTEM_REQUIRED | DISPLAY_REQUIRED))
        finally:
            set_state(CONTINUOUS)
    else:
        with held(COMMANDS.get(sys.platform, ("",))) as awake:
            yield awake


@contextmanager
def held(command: tuple[str, ...]) -> Iterator[bool]:
    """Runs a command that ends with `HOLD` inside the block; whether it came to run that."""
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError:
        yield False
        return
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        answered, _, _ = select.select([process.stdout], [], [], ANSWER_SECONDS)
        yield bool(answered and process.stdout.readline())
    finally:
        process.stdin.close()
        process.stdout.close()
        process.terminate()
        process.wait()


def say_awake(awake: bool) -> tuple[str, ...]:
    """What whoever starts the server is to do about sleep and the battery."""
    sleep = "This computer stays awake while the server runs. Leave its lid open."
    if not awake:
        sleep = "This computer may go to sleep by itself. Switch that off in its settings, and leave its lid open."
    return tuple(filter(None, (sleep, battery_warning())))


def battery_warning() -> str:
    """What to say where the computer runs on its battery; empty otherwise."""
    import psutil

    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    if battery is None or battery.power_plugged is not False:
        return ""
    return f"This computer runs on its battery ({battery.percent:.0f}%). Plug it in."
