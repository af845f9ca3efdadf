"""What is different where the server is hosted."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from npswidgets.cli import main
from npswidgets.cli.configured import ALONE
from npswidgets.cli.doctor import settings_of_server
from npswidgets.cli.operator import operator
from npswidgets.server import run
from npswidgets.server.doctor import look_at_mode, look_at_proxy, look_at_settings
from npswidgets.server.http.sign_on_header import ASKED_BY
from npswidgets.settings import NPS_PREFIX
from npswidgets.store import rights
from npswidgets.store.access import keep_mode, set_server_value
from npswidgets.store.database import open_database

URL, BELOW = "https://nps.example.gov.uk/", "https://nps.example.gov.uk/nps/"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where a server that is started would listen; it goes no further, and leaves this process as it is."""
    hosts: list[str] = []

    def listen(host: str, *_: object) -> list[object]:
        hosts.append(host)
        raise run.PortBusy("No server is needed here.")

    monkeypatch.setenv(NPS_PREFIX, "/")
    monkeypatch.setattr(run, "listen", listen)
    for name in ("keep_texts_out_of_logs", "set_up_log"):
        monkeypatch.setattr(run, name, lambda **_: None)
    return hosts


@pytest.mark.parametrize(
    ("options", "listens"),
    [
        ({}, "0.0.0.0"),
        ({"url": URL}, "0.0.0.0"),
        ({"url": URL, "behind": ("127.0.0.1",)}, "127.0.0.1"),
        ({"url": BELOW, "prefix": "/nps/"}, "127.0.0.1"),
        ({"url": BELOW, "prefix": "/nps/", "host": "10.0.0.5"}, "10.0.0.5"),
        ({"url": URL, "behind": ("10.0.0.0/8",), "host": "0.0.0.0"}, "0.0.0.0"),
    ],
)
def test_a_hosted_server_listens_to_its_proxy_alone_unless_it_is_told(
    tmp_path: Path, asked: list[str], options: dict[str, object], listens: str
) -> None:
    with pytest.raises(run.PortBusy):
        run.run_server(database_url=str(tmp_path / "w.db"), **options)  # type: ignore[arg-type]
    assert asked == [listens]


@pytest.mark.parametrize(
    ("options", "seen", "quiet"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"log_json": True}, True, False),
        ({"url": BELOW, "prefix": "/nps/"}, True, False),
    ],
)
def test_at_a_laptop_s_terminal_the_links_stand_alone(
    tmp_path: Path,
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, object],
    seen: bool,
    quiet: bool,
) -> None:
    told: list[bool] = []
    monkeypatch.setattr(run, "keep_quiet", lambda: told.append(True))
    monkeypatch.setattr("sys.stderr.isatty", lambda: seen)
    with pytest.raises(run.PortBusy):
        run.run_server(database_url=str(tmp_path / "w.db"), **options)  # type: ignore[arg-type]
    assert told == [True] * quiet
    assert asked


def test_a_port_for_figures_that_is_not_free_is_told_by_its_own_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NPS_PREFIX, "/")
    for name in ("keep_texts_out_of_logs", "set_up_log"):
        monkeypatch.setattr(run, name, lambda **_: None)

    def bind(port: int, _: str) -> None:
        assert port == 9466, "nothing else was asked for before"
        raise OSError(errno.EADDRINUSE, "in use")

    monkeypatch.setattr(run, "bind_sockets", bind)
    for other, said in ((8866, "Port 9466 is in use .* with --metrics-port"), (9466, "are both 9466")):
        with pytest.raises(run.PortBusy, match=said):
            run.run_server("127.0.0.1", other, database_url=str(tmp_path / "w.db"), metrics_port=9466)


def test_the_doctor_says_how_the_server_ran_and_that_nobody_can_start_a_workshop(tmp_path: Path) -> None:
    path = str(tmp_path / "w.db")
    assert look_at_mode(path).says.startswith("A laptop")
    assert not Path(path).exists(), "it changes nothing"
    engine = open_database(path, migrate=True)
    assert look_at_mode(path).says.startswith("A laptop")
    keep_mode(engine, hosted=True)
    assert "operator new" in look_at_mode(path).todo
    rights.new_operator(engine, "anna")
    assert (look_at_mode(path).says[:6], look_at_mode(path).todo) == ("Hosted", "")
    engine.dispose()


def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes all of ours out of the environment, and whatever comes into it back afterwards."""
    for name in {*ALONE.values(), NPS_PREFIX, *(name for name in os.environ if name.startswith("NPS_"))}:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.fixture
def proxys_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """What the doctor says to do, with these variables in the environment."""

    def todo(**variables: str) -> str:
        nothing_said(monkeypatch)
        for name, value in variables.items():
            monkeypatch.setenv(f"NPS_{name}", value)
        database, given = settings_of_server(None)
        assert database is None
        found = look_at_proxy(str(tmp_path / "w.db"), given)
        return found.todo if found else "nothing was looked at"

    return todo


def test_the_doctor_names_what_is_wrong_with_the_proxy_s_way_in(tmp_path: Path, proxys_way: Callable[..., str]) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    place, secret = str(tmp_path / "socket"), "a-secret-of-the-proxy-alone"
    assert proxys_way() == "nothing was looked at"
    assert "Anybody on this computer could send X-User" in proxys_way(SIGN_ON_HEADER="X-User")
    assert "Anybody on this computer" in proxys_way(SIGN_ON_HEADER="X-User", PROXY_SECRET=secret)
    assert proxys_way(SIGN_ON_HEADER="X-User", PROXY_SECRET=secret, BEHIND_PROXY="127.0.0.1") == ""
    assert "which is no header's name" in proxys_way(SIGN_ON_HEADER="X_User", SOCKET=place)
    assert "expected 22" in proxys_way(SIGN_ON_HEADER="X-User", SOCKET=place, PROXY_SECRET="short")
    assert "chmod go-w" in proxys_way(SOCKET=str(tmp_path / "open" / "socket"))
    assert proxys_way(SIGN_ON_HEADER="X-User", SOCKET=place) == ""
    assert "no --sign-on-header" in proxys_way(PROXY_SECRET=secret)
    assert not list(tmp_path.glob("*.db*")), "it changes nothing"


def test_the_doctor_knows_how_the_server_has_started(tmp_path: Path, proxys_way: Callable[..., str]) -> None:
    engine = open_database(str(tmp_path / "w.db"), migrate=True)
    set_server_value(engine, ASKED_BY, json.dumps({"socket": str(tmp_path / "socket"), "header": "X-User"}))
    assert proxys_way() == ""
    tmp_path.chmod(0o777)
    assert "chmod go-w" in proxys_way()
    tmp_path.chmod(0o700)
    engine.dispose()


HOSTED = """url = "https://nps.example.gov.uk/nps/"
prefix = "/nps/"
behind-proxy = ["127.0.0.1"]
sign-on-header = "X-User"
proxy-secret = "a-secret-of-the-proxy-alone"
most-memory = "512M"
"""


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Of settings, which nobody else may read."""
    nothing_said(monkeypatch)
    path = tmp_path / "serve.toml"
    path.touch(0o600)
    path.write_text(f'{HOSTED}database = "{tmp_path / "w.db"}"')
    return path


def test_the_doctor_looks_at_the_settings_that_the_server_takes(file: Path, tmp_path: Path) -> None:
    database, given = settings_of_server(file)
    assert database == str(tmp_path / "w.db")
    found = [look_at_settings(given), look_at_proxy(database, given), look_at_mode(database, given)]
    assert [one and (one.what, one.todo) for one in found] == [
        ("Settings", ""),
        ("Proxy", ""),
        ("Mode", "Nobody is an operator: nps-workshop operator new NAME"),
    ]
    assert given.most_memory == 512 * 2**20
    assert not Path(database).exists(), "it changes nothing"


@pytest.mark.parametrize(
    ("before", "now", "says"),
    [
        ('prefix = "/nps/"', 'prefix = "/np/"', "--url leads to /nps/, but the pages are below /np/"),
        ('prefix = "/nps/"', 'prefix = "/a b/"', "The pages cannot be below '/a b/'"),
        ('prefix = "/nps/"', 'prefix = ""', "It is empty."),
        ("prefix", "prefiks", 'line 2: "prefiks" is no setting'),
        ("127.0.0.1", "the proxy", "--behind-proxy is the, which is no address"),
        ("127.0.0.1", "0.0.0.0/0", "everybody would be believed"),
        ("behind-proxy", "time-zone = 'Europe/Lundon'\nbehind-proxy", "NPS_TIME_ZONE is 'Europe/Lundon'"),
        ("behind-proxy", "socket = '/run/nps/socket'\nport = 1\nbehind-proxy", "two places to listen at"),
        ("512M", "much", "is no amount of memory"),
    ],
)
def test_the_doctor_says_with_which_settings_it_would_not_start(file: Path, before: str, now: str, says: str) -> None:
    file.write_text(file.read_text().replace(before, now, 1))
    found = look_at_settings(settings_of_server(file)[1])
    assert found
    assert found.needed
    assert says in found.todo


def test_without_any_the_doctor_says_nothing_of_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_said(monkeypatch)
    monkeypatch.setenv("NPS_DATABASE", "w.db")
    database, given = settings_of_server(None)
    assert (database, look_at_settings(given)) == ("w.db", None)


@pytest.mark.parametrize("named", ["option", "variable"])
def test_the_doctor_takes_the_file_and_looks_at_its_database(
    file: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    looked: list[tuple[str | None, str | None]] = []
    monkeypatch.setattr("npswidgets.server.doctor.examine", lambda at, given: looked.append((at, given.url)) or ())
    if named == "variable":
        monkeypatch.setenv("NPS_CONFIG", str(file))
    answer = CliRunner().invoke(main, ["doctor", *(("--config", str(file)) if named == "option" else ())])
    assert answer.exit_code == 0, answer.output
    assert looked == [(str(file.with_name("w.db")), "https://nps.example.gov.uk/nps/")]


def test_a_new_operator_is_not_sent_to_the_address_of_a_laptop(tmp_path: Path) -> None:
    path = str(tmp_path / "w.db")
    engine = open_database(path, migrate=True)

    def told(name: str) -> str:
        return CliRunner().invoke(operator, ["new", name, "--database", path]).output

    assert "127.0.0.1" not in told("anna")
    set_server_value(engine, "address", "http://192.168.1.20:8866")
    keep_mode(engine, hosted=False)
    assert "192.168.1.20" not in told("ben")
    assert "at /start, below the address that `nps-workshop serve --url` says" in told("carl")
    set_server_value(engine, "address", BELOW.rstrip("/"))
    keep_mode(engine, hosted=True)
    assert f"{BELOW}start#" in told("dora")
    engine.dispose()
