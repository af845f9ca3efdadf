"""Where a database is not safe: on shares of a network, and in folders that a program copies elsewhere as it works.

SQLite's journal needs locks and memory that all programs have in common, which a share does not give; who copies the
database and its journal one after the other keeps what never belonged together. See https://www.sqlite.org/howtocorrupt.html.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PureWindowsPath

SHARES = (
    *("nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "davfs2", "sshfs"),
    *("ncpfs", "afs", "ceph", "glusterfs", "lustre", "beegfs", "gfs2", "ocfs2", "rclone", "s3fs", "gvfsd-fuse"),
    *("9p", "drvfs", "virtiofs", "vboxsf", "vmhgfs", "vmhgfs-fuse", "prl_fs", "google-drive-ocamlfuse", "onedriver"),
)
"""How file systems are called on Linux and macOS that are another computer's; FUSE's own names stand before a dot."""

SYNCHRONISED = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud": "iCloud",
    "mobile documents": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "box sync": "Box",
    "box-box": "Box",
    "pcloud": "pCloud",
    "seafile": "Seafile",
    "tresorit": "Tresorit",
    "megasync": "MEGA",
    "cloudstorage": "a cloud",
    "sharepoint": "SharePoint",
}
"""How the names of folders begin that a program synchronises, and that program."""


@dataclass(frozen=True)
class Disk:
    """What is at a place in the system.

    Attributes:
        place: where it begins, such as "/home" or a drive.
        kind: its file system.
        remote: the system says that it is another computer's.
    """

    place: str
    kind: str
    remote: bool = False


def doubt_about(folder: PurePath, disks: Iterable[Disk], environment: Mapping[str, str]) -> str:
    """Why a database is not safe in a folder, as in "it is synchronised by OneDrive"; empty if nothing is known."""
    if isinstance(folder, PureWindowsPath) and folder.drive.startswith("\\\\"):
        return "it is on another computer"
    around = [one for one in disks if folder.is_relative_to(one.place)]
    disk = max(around, key=lambda one: len(type(folder)(one.place).parts), default=Disk("", ""))
    if disk.remote or disk.kind.lower().removeprefix("fuse.").removeprefix("fuseblk.") in SHARES:
        return f"it is on a share of a network ({disk.kind})" if disk.kind else "it is on a share of a network"
    for name, place in environment.items():
        if name.lower().startswith("onedrive") and place and folder.is_relative_to(place):
            return "it is synchronised by OneDrive"
    for part in folder.parts:
        for name, program in SYNCHRONISED.items():
            if part.casefold().startswith(name):
                return f"it is synchronised by {program}"
    return ""


def doubt_here(folder: Path) -> str:
    """The same for a folder of this computer, wherever links lead."""
    return doubt_about(folder.resolve(), disks_here(), os.environ)


def disks_here() -> tuple[Disk, ...]:
    """What this computer has."""
    import psutil  # the command needs it only where somebody serves

    found = psutil.disk_partitions(all=True)
    return tuple(Disk(one.mountpoint, one.fstype, "remote" in one.opts.split(",")) for one in found)
