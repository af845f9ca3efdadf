"""A Unix socket in place of a port: who may open it, and whose it is."""

import os
import socket
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from npswidgets.server.http.proxies import BY_SOCKET, proxies_at
from npswidgets.server.http.unix_socket import SocketRefused, UnixSocket, check_folder

URL = "https://nps.example.gov.uk/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    own = tmp_path / "nps"
    own.mkdir(mode=0o750)
    return own


@pytest.fixture
def listen(folder: Path) -> Iterator[Callable[[Path], UnixSocket]]:
    places: list[UnixSocket] = []

    def at(path: Path) -> UnixSocket:
        places.append(UnixSocket(path))
        return places[-1]

    yield at
    for one in places:
        if one.listening.fileno() != -1:
            one.take_away()


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0


Listen = Callable[[Path], UnixSocket]


def test_it_is_open_to_the_server_and_the_group_of_its_folder_and_goes_with_the_server(
    folder: Path, listen: Listen
) -> None:
    folder.chmod(0o2750)  # as where the group is the proxy's
    path = folder / "socket"
    place = listen(path)
    assert answers(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert path.stat().st_gid == folder.stat().st_gid
    place.take_away()
    assert not path.exists()


def test_one_on_which_a_server_listens_is_not_taken_away(folder: Path, listen: Listen) -> None:
    path = folder / "socket"
    listen(path)
    with pytest.raises(SocketRefused, match="Another server listens at"):
        UnixSocket(path)
    assert answers(path)


def test_one_on_which_another_program_listens_is_not_taken_away_however_many_wait(folder: Path) -> None:
    path = folder / "socket"
    with socket.socket(socket.AF_UNIX) as other, socket.socket(socket.AF_UNIX) as waits:
        other.bind(str(path))
        other.listen(0)
        waits.connect(str(path))  # the system has room for no more
        with pytest.raises(SocketRefused, match="Another server listens at"):
            UnixSocket(path)
        assert path.exists()


def test_one_that_a_killed_server_has_left_gives_way(folder: Path, listen: Listen) -> None:
    path = folder / "socket"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))
        killed.listen()
    assert path.exists()
    listen(path)
    assert answers(path)


def test_what_is_no_socket_stays(folder: Path) -> None:
    file, link = folder / "workshops.db", folder / "link"
    file.write_text("votes")
    link.symlink_to(file)
    for path in (file, link):
        with pytest.raises(SocketRefused, match="no socket"):
            UnixSocket(path)
    assert file.read_text() == "votes"


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o757, 0o1777])
def test_a_folder_that_others_may_write_is_refused(folder: Path, mode: int) -> None:
    folder.chmod(mode)
    with pytest.raises(SocketRefused, match="chmod go-w"):
        UnixSocket(folder / "socket")


def test_a_folder_below_one_that_others_may_write_is_refused(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    folder.chmod(0o777)
    with pytest.raises(SocketRefused, match="chmod go-w"):
        check_folder(inner)
    folder.chmod(0o1777)  # as /tmp: nobody moves what is somebody else's
    check_folder(inner)


def test_a_folder_of_somebody_else_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    if folder.stat().st_uid == 0:
        check_folder(folder)  # root may do anything already
        os.chown(folder, 4712, -1)
    with pytest.raises(SocketRefused, match="belongs to another user"):
        check_folder(folder)


def test_a_folder_that_is_a_link_or_is_not_there_is_refused(folder: Path) -> None:
    link = folder.parent / "link"
    link.symlink_to(folder)
    (folder / "inner").mkdir()
    for path in (link, link / "inner", folder / "inner" / ".."):
        with pytest.raises(SocketRefused, match=f"Name {path.resolve()} itself"):
            UnixSocket(path / "socket")
    with pytest.raises(SocketRefused, match="No such file"):
        UnixSocket(folder / "none" / "socket")


def test_a_path_that_no_system_takes_is_refused_in_words(folder: Path) -> None:
    with pytest.raises(SocketRefused, match="Choose a shorter path"):
        UnixSocket(folder / ("x" * 100))
    with pytest.raises(SocketRefused, match="no path of a file"):
        UnixSocket(folder / "\0socket")


def test_whoever_comes_by_it_is_the_proxy_and_nobody_else_is() -> None:
    proxies = proxies_at([], URL, by_socket=True)
    assert proxies
    assert proxies.client_of(BY_SOCKET, {"X-Forwarded-For": "203.0.113.9, 192.0.2.7"}) == "192.0.2.7"
    assert not proxies.are_at("127.0.0.1")
    assert not proxies_at(["127.0.0.1"], URL).are_at(BY_SOCKET)
