"""A clock that jumps, for the server and all that it starts; nothing in the product knows of it.

Debian's libfaketime stands between these processes and the system's clock, and reads from a file how far it is off.
"""

import random
from pathlib import Path

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
FURTHEST_SECONDS = 20 * 86_400
"""Nearer than the 30 days beyond which the server doubts a clock, and forgets nobody."""


class Clock:
    """The server's clock.

    Attributes:
        jumps: how often it was put forward or back.
        environment: what the server's processes are started with; empty where libfaketime is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self.jumps, self._file = 0, folder / "clock"
        self._put(0)
        self.environment: dict[str, str] = {}
        if LIBRARIES:
            self.environment = {
                "LD_PRELOAD": str(LIBRARIES[0]),
                "FAKETIME_TIMESTAMP_FILE": str(self._file),
                "FAKETIME_CACHE_DURATION": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # waits are waits, as when somebody sets a computer's clock
                "FAKETIME_DONT_RESET": "1",
                "NO_FAKE_STAT": "1",
            }

    def jump(self, chance: random.Random) -> None:
        """Puts it forward or back, by a minute or by weeks."""
        if self.environment:
            self._put(chance.choice((0, -1, 1)) * round(60 * (FURTHEST_SECONDS / 60) ** chance.random()))
            self.jumps += 1

    def _put(self, seconds: int) -> None:
        self._file.write_text(f"{seconds:+d}s\n")
