"""Where a database is not safe, on three systems."""

import os
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from npswidgets.server import doctor
from npswidgets.server.machine.disks import Disk, disks_here, doubt_about
from npswidgets.store.database import open_database

LINUX = [
    Disk("/", "ext4"),
    Disk("/home", "btrfs"),
    Disk("/home/anna/share", "cifs"),
    Disk("/home/anna/share/local", "xfs"),
    Disk("/net", "nfs4"),
    Disk("/home/anna/far", "fuse.sshfs"),
    Disk("/run/user/1000/gvfs", "fuse.gvfsd-fuse"),
    Disk("/mnt/c", "9p"),
    Disk("/media/usb", "fuseblk"),
]
MAC = [Disk("/", "apfs"), Disk("/Volumes/council", "smbfs"), Disk("/Volumes/dav", "webdav"), Disk("/Volumes/a", "apfs")]
WINDOWS = [
    Disk("C:\\", "NTFS"),
    Disk("D:\\", "exFAT"),
    Disk("Z:\\", "NTFS", remote=True),
    Disk("Y:\\", "", remote=True),
]
SET = {"OneDriveCommercial": "C:\\Users\\anna\\Council", "OneDrive": "", "PATH": "C:\\"}


@pytest.mark.parametrize(
    ("folder", "disks", "doubt"),
    [
        (PurePosixPath("/home/anna/sessions"), LINUX, ""),
        (PurePosixPath("/home/anna/share/2026"), LINUX, "on a share of a network (cifs)"),
        (PurePosixPath("/home/anna/shared"), LINUX, ""),
        (PurePosixPath("/home/anna/share/local/x"), LINUX, ""),
        (PurePosixPath("/net/council"), LINUX, "on a share of a network (nfs4)"),
        (PurePosixPath("/home/anna/far"), LINUX, "fuse.sshfs"),
        (PurePosixPath("/run/user/1000/gvfs/smb:x"), LINUX, "fuse.gvfsd-fuse"),
        (PurePosixPath("/mnt/c/Users/anna"), LINUX, "9p"),
        (PurePosixPath("/media/usb/x"), LINUX, ""),
        (PurePosixPath("/home/anna/Nextcloud/Workshops"), LINUX, "synchronised by Nextcloud"),
        (PurePosixPath("/home/anna/Dropbox (Council)/x"), LINUX, "synchronised by Dropbox"),
        (PurePosixPath("/Users/anna/sessions"), MAC, ""),
        (PurePosixPath("/Volumes/council/x"), MAC, "smbfs"),
        (PurePosixPath("/Volumes/dav"), MAC, "webdav"),
        (PurePosixPath("/Volumes/a/x"), MAC, ""),
        (PurePosixPath("/Users/anna/Library/Mobile Documents/com~apple~CloudDocs/x"), MAC, "synchronised by iCloud"),
        (PurePosixPath("/Users/anna/Library/CloudStorage/GoogleDrive-a@b.uk/My Drive"), MAC, "synchronised by"),
        (PureWindowsPath("C:\\Users\\anna\\sessions"), WINDOWS, ""),
        (PureWindowsPath("D:\\x"), WINDOWS, ""),
        (PureWindowsPath("Z:\\x"), WINDOWS, "on a share of a network (NTFS)"),
        (PureWindowsPath("y:\\x"), WINDOWS, "on a share of a network"),
        (PureWindowsPath("\\\\server\\share\\x"), WINDOWS, "on another computer"),
        (PureWindowsPath("C:\\Users\\anna\\OneDrive - Example Council\\x"), WINDOWS, "synchronised by OneDrive"),
        (PureWindowsPath("C:\\Users\\anna\\Council\\x"), WINDOWS, "synchronised by OneDrive"),
        (PureWindowsPath("C:\\Users\\anna\\Google Drive\\x"), WINDOWS, "synchronised by Google Drive"),
    ],
    ids=str,
)
def test_shares_and_synchronised_folders_are_known(folder: PurePath, disks: list[Disk], doubt: str) -> None:
    found = doubt_about(folder, disks, SET if isinstance(folder, PureWindowsPath) else {})
    assert doubt in found
    assert bool(doubt) == bool(found)


def test_the_disks_of_this_computer_are_found(tmp_path: Path) -> None:
    assert any(tmp_path.is_relative_to(one.place) for one in disks_here())


def test_the_doctor_says_where_the_database_is_not_safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("npswidgets.server.machine.disks.disks_here", lambda: (Disk("/", "ext4"),))
    good = doctor.look_at_disk(str(tmp_path / "w.db"))
    assert (good.says, good.todo) == ("The database is on a disk of this computer.", "")
    bad = doctor.look_at_disk(str(tmp_path / "OneDrive" / "w.db"))
    assert "not safe there: it is synchronised by OneDrive" in bad.says
    assert "folder of this computer that no program synchronises" in bad.todo


@pytest.mark.skipif(os.name != "posix", reason="rights are others there")
def test_the_doctor_names_a_database_that_others_may_read(tmp_path: Path) -> None:
    file = tmp_path / "a b" / "w.db"
    open_database(str(file), migrate=True).dispose()
    assert doctor.look_at_rights(str(file)).todo == ""
    file.chmod(0o644)
    assert doctor.look_at_rights(str(file)).todo == f"Stop the server, then: chmod 600 '{file}'"
    assert doctor.look_at_rights(str(tmp_path / "none.db")).todo == ""
