"""Where libraries keep what they need: below the data folder, where there is no home or nothing else can be written.

So it is in a container: any number for a user, of whom the system knows nothing, and a file system that is read-only.
"""

import os
import sys
import tempfile
from os import R_OK, W_OK, X_OK, access
from pathlib import Path

HOME, TEMPORARY = ".home", ".tmp"
ELSEWHERE = (
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"),
    *("JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR"),
)
"""What sends libraries away from the home; an image may set it to what only another user can write."""


def settle_below(data: Path, *, make: bool = False) -> None:
    """Gives this process and its children a home and a folder for temporary files, where they have none.

    Args:
        data: the folder of the database, which can be written.
        make: it is made where it is needed and not there.
    """
    if sys.platform == "win32":
        return
    for name in ELSEWHERE:
        if name in os.environ and not _is_ours(os.environ[name]):
            del os.environ[name]
    if make and not (_is_ours(os.environ.get("HOME", "")) and _has_temporary()):
        data.mkdir(parents=True, exist_ok=True)
    if not _is_ours(os.environ.get("HOME", "")):
        os.environ["HOME"] = str(_made(data / HOME))
    if not _has_temporary():
        os.environ["TMPDIR"] = str(_made(data / TEMPORARY))
        tempfile.tempdir = None  # it is looked for again


def _is_ours(folder: str) -> bool:
    return bool(folder) and Path(folder).is_dir() and access(folder, R_OK | W_OK | X_OK)


def _has_temporary() -> bool:
    """Whether there is a usual folder; the working one, which Python takes in need, is not."""
    usual = (*(os.environ.get(name, "") for name in ("TMPDIR", "TEMP", "TMP")), "/tmp", "/var/tmp", "/usr/tmp")
    return any(map(_is_ours, usual))


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder.absolute()
