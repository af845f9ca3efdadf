"""The Unix socket by which a proxy on this computer asks, in place of a port: who may open it, and whose it is.

Whoever may open it is believed to be the proxy. So nobody else may put another one in its place: its folder, and those
around it, can be written by the server's user and root alone; the socket itself is open to that user and to the group
of its folder.
"""

import errno
import os
import socket
import stat
import sys
from contextlib import suppress
from pathlib import Path

from npswidgets.errors import WorkshopError

LONGEST_PATH_BYTES = 100
"""What every system takes: Linux has room for 107, others for 103."""

MOST_WAITING = 1024
"""Connections that nobody has accepted yet. The next one is refused at once, where a port would have it wait."""

IN_USE = "Another server listens at {}. Stop that one, or choose another path for --socket."
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class SocketRefused(WorkshopError):
    """The server cannot listen there, or not safely."""


class UnixSocket:
    """A socket of the file system that listens; one that a server has left behind gives way, and one in use does not.

    Attributes:
        path: where it is.
        listening: the socket.

    Raises:
        SocketRefused: why it cannot be.
    """

    def __init__(self, path: Path) -> None:
        if sys.platform == "win32":
            raise SocketRefused("--socket needs Linux or macOS. Choose a port with --port.")
        if "\0" in str(path):
            raise SocketRefused("--socket is no path of a file.")
        self.path = path.absolute()
        if len(os.fsencode(self.path)) > LONGEST_PATH_BYTES:
            raise SocketRefused(f"--socket is longer than {LONGEST_PATH_BYTES} bytes: {path}. Choose a shorter path.")
        check_folder(self.path.parent)
        try:
            self._lock = _locked(self.path)  # for as long as this process lives, whatever ends it
            _clear(self.path)
            self.listening = _bound(self.path)
        except OSError as error:
            raise SocketRefused(f"The server cannot listen at {path}: {error.strerror or error}.") from error

    def take_away(self) -> None:
        """Removes the socket; what was put there meanwhile stays."""
        self.listening.close()
        with suppress(OSError):
            if stat.S_ISSOCK(self.path.lstat().st_mode):
                self.path.unlink()
        os.close(self._lock)


def check_folder(folder: Path) -> None:
    """Refuses a folder in which others could put another socket in place of this one.

    Raises:
        SocketRefused: what is wrong with it.
    """
    try:
        real = folder.resolve(strict=True)
        if real != folder:
            raise SocketRefused(f"The folder of --socket is reached by a link: {folder}. Name {real} itself.")
        for one in (real, *real.parents):
            _check(one, is_around=one != real)
    except OSError as error:
        raise SocketRefused(f"The folder of --socket cannot be used: {folder}: {error.strerror}.") from None


def _check(folder: Path, is_around: bool) -> None:
    found = folder.stat()
    if not stat.S_ISDIR(found.st_mode):
        raise SocketRefused(f"The folder of --socket is none: {folder}.")
    if found.st_uid not in (0, os.geteuid()):
        raise SocketRefused(
            f"{folder} belongs to another user, who could put something else in place of --socket. "
            "Choose a folder of the server's own, such as /run/nps."
        )
    kept_apart = is_around and found.st_mode & stat.S_ISVTX  # as in /tmp, nobody moves what is somebody else's
    if found.st_mode & OTHERS_WRITE and not kept_apart:
        raise SocketRefused(
            f"Others on this computer may write in {folder}, and could put something else in place of --socket. "
            f"Then: chmod go-w {folder}"
        )


def _locked(path: Path) -> int:
    """A file beside the socket that this process alone holds.

    Raises:
        SocketRefused: another server does.
    """
    import fcntl

    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise SocketRefused(IN_USE.format(path)) from None
    return lock


def _clear(path: Path) -> None:
    """Removes what a server that was killed has left there.

    Raises:
        SocketRefused: it is something else, or somebody listens there.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise SocketRefused(f"There is something else at {path}, which is no socket. Choose another path for --socket.")
    with socket.socket(socket.AF_UNIX) as probe:
        probe.setblocking(False)  # where many wait it would block, and says so in place of that
        said = probe.connect_ex(os.fsencode(path))
    if said != errno.ECONNREFUSED:
        raise SocketRefused(IN_USE.format(path))
    path.unlink()


def _bound(path: Path) -> socket.socket:
    """The socket, which has been open to nobody else for no moment."""
    made = socket.socket(socket.AF_UNIX)
    before = os.umask(0o777)
    try:
        made.bind(os.fsencode(path))
    except OSError:
        made.close()
        raise
    finally:
        os.umask(before)
    group = path.parent.stat().st_gid
    try:
        if path.lstat().st_gid != group:
            os.chown(path, -1, group)
    except PermissionError:
        made.close()
        path.unlink()
        raise SocketRefused(
            f"The proxy opens the socket by the group of its folder, which this user may not give to it. "
            f"Then: chmod g+s {path.parent}"
        ) from None
    path.chmod(stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IWGRP)
    made.setblocking(False)
    made.listen(MOST_WAITING)
    return made
