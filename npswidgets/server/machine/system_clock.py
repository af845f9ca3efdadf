"""What the system knows of the time: whether its clock is set by a time server, and how much time has passed."""

import ctypes
import sys
import time
from datetime import UTC, datetime, timedelta

from npswidgets.domain.clock import DRIFT

NOT_SYNCHRONISED = 5
"""TIME_ERROR of adjtimex(2): nothing has set the clock for so long that it may be wrong, or somebody has set it."""


class _Timex(ctypes.Structure):
    """`struct timex` of <sys/timex.h>; with `modes` 0 it is only read."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("before_time", ctypes.c_long * 4),
        ("status", ctypes.c_int),
        ("constant", ctypes.c_long * 3),
        ("seconds", ctypes.c_long),
        ("rest", ctypes.c_char * 256),
    )


def is_synchronised(now: datetime) -> bool:
    """Whether a time server keeps this computer's clock; False where the system does not say so.

    Linux's kernel knows it, whichever program does it (systemd-timesyncd, chrony, ntpd). What this program takes for
    the date has to be the kernel's.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        told = _Timex()
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(told))
    except (OSError, AttributeError):
        return False
    by_kernel = datetime.fromtimestamp(told.seconds, UTC)
    return 0 <= state < NOT_SYNCHRONISED and abs(by_kernel - now) < DRIFT


def time_passed() -> timedelta:
    """Time that no change of the date moves, from an unknown beginning; while the computer sleeps it goes on.

    Python's own `time.monotonic()` stands still in sleep on Linux and macOS, and the clock would seem to jump.
    """
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        if hasattr(time, name):
            return timedelta(seconds=time.clock_gettime(getattr(time, name)))
    return timedelta(seconds=time.monotonic())
