"""What `nps-workshop doctor` finds, and what it says to do."""

import json
import webbrowser
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from npswidgets.cli import main
from npswidgets.errors import StoreFault
from npswidgets.server import doctor
from npswidgets.server.doctor import Finding, examine
from npswidgets.server.kernels import provisioner
from npswidgets.server.machine.interfaces import Way
from npswidgets.store.access import keep_mode
from npswidgets.store.place import file_of

WIFI, CABLE = Way("wlan0", "192.168.1.20"), Way("eth0", "10.0.0.3")


def test_each_lack_says_what_to_do(tmp_path: Path) -> None:
    findings = examine(f"sqlite:///{tmp_path / 'w.db'}")
    assert [one.what for one in findings] == [
        "Database library",
        "Database",
        "Rights",
        "Disk",
        "Mode",
        "Address",
        "Room",
        "Joining",
        "Sleep",
        "Battery",
        "Browser",
        "Fonts",
        "Box",
        "Clock",
        "Space",
        "Backup",
    ]
    assert all(one.says.endswith(".") for one in findings)


def test_a_server_is_not_asked_for_what_a_laptop_in_the_room_has(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in no network but its proxy's, and nobody opens a browser on it."""
    monkeypatch.setattr(doctor, "interfaces_here", dict)
    monkeypatch.setattr(doctor, "ways_in", lambda _: ())
    there = str(file_of(engine.url))
    assert [one.what for one in examine(there) if one.needed and one.todo] == ["Address"]
    keep_mode(engine, hosted=True)
    found = {one.what for one in examine(there)}
    assert not found & {"Address", "Sleep", "Battery", "Browser"}
    assert {"Database", "Mode", "Room", "Box", "Clock", "Space", "Backup"} <= found


def test_looking_makes_no_database(tmp_path: Path) -> None:
    examine(f"sqlite:///{tmp_path / 'sessions' / 'w.db'}")
    assert not list(tmp_path.iterdir())


def test_an_old_library_is_safe_and_slower() -> None:
    assert not doctor.look_at_library((3, 51, 3)).todo
    old = doctor.look_at_library((3, 40, 1))
    assert "SQLite 3.40.1 is older than 3.51.3" in old.says
    assert "pysqlite3" in old.todo


def test_a_database_that_does_not_open_is_a_lack(tmp_path: Path) -> None:
    (tmp_path / "w.db").write_text("This is not a database at all, but a text of some length.\n" * 50)
    found = doctor.look_at_database(f"sqlite:///{tmp_path / 'w.db'}")
    assert found.needed
    assert "not a workshop database" in found.todo


def test_a_folder_that_cannot_be_written_is_a_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "access", lambda *_: False)
    found = doctor.look_at_database(f"sqlite:///{tmp_path / 'new' / 'w.db'}")
    assert found.todo == "Start in a folder of your own."


def test_a_computer_without_a_network_cannot_run_a_workshop() -> None:
    alone = doctor.look_at_address(())
    assert alone.needed
    assert "Wi-Fi" in alone.todo
    assert not doctor.look_at_address((WIFI,)).todo
    both = doctor.look_at_address((WIFI, CABLE))
    assert "192.168.1.20 (wlan0) or 10.0.0.3 (eth0)" in both.says
    assert both.todo
    assert not both.needed


def test_few_open_files_and_little_memory_are_told_apart() -> None:
    assert not doctor.look_at_room(20_000, 282).todo
    assert "from 1024 to 1500" in doctor.look_at_room(1024, 40).todo
    assert "memory" in doctor.look_at_room(20_000, 20).todo
    assert "memory" in doctor.look_at_room(None, 20).todo


def test_it_says_how_kernels_start_and_how_many_files_may_be_open() -> None:
    assert "forked kernels" in doctor.look_at_joining(True).says
    assert "kernels kept warm" in doctor.look_at_joining(False).says
    switched_off = doctor.look_at_joining(True, "local-provisioner")
    assert "plain kernels" in switched_off.says
    assert "JUPYTER_DEFAULT_PROVISIONER_NAME" in switched_off.todo
    assert "open files is 20000" in doctor.look_at_room(20_000, 282).says


def test_an_installation_older_than_the_place_of_the_kernels_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    older = EntryPoint(provisioner.NAME, "npswidgets.server.provisioner:WorkshopProvisioner", "")
    monkeypatch.setattr(provisioner, "entry_points", lambda **_: [older])
    found = doctor.look_at_joining(True)
    assert "plain kernels" in found.says
    assert "install again" in found.todo


def test_a_battery_and_a_missing_browser_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "battery_warning", lambda: "This computer runs on its battery (42%). Plug it in.")
    assert doctor.look_at_battery() == Finding("Battery", "This computer runs on its battery (42%).", "Plug it in.")

    def none() -> None:
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", none)
    assert "install Firefox" in doctor.look_at_browser().todo


def test_the_command_says_all_and_ends_with_1_where_no_workshop_can_run(monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [Finding("Fonts", "The fonts are here."), Finding("Sleep", "It may sleep.", "Switch that off.")]
    monkeypatch.setattr(doctor, "examine", lambda *_: tuple(findings))
    ready = CliRunner().invoke(main, ["doctor"])
    assert ready.exit_code == 0
    assert "ok    Fonts" in ready.output
    assert "look  Sleep" in ready.output
    assert "Switch that off." in ready.output
    findings.append(Finding("Address", "No network.", "Connect it.", needed=True))
    unready = CliRunner().invoke(main, ["doctor", "--json"])
    assert unready.exit_code == 1
    assert "Error: This computer is not ready for a workshop: address." in unready.output
    assert [one["what"] for one in json.loads(unready.stdout)] == ["Fonts", "Sleep", "Address"]


def test_a_newer_database_is_a_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def newer(_: str) -> None:
        raise StoreFault("the database has version 9999")

    (tmp_path / "w.db").touch()
    monkeypatch.setattr(doctor, "open_database", newer)
    assert "9999" in doctor.look_at_database(f"sqlite:///{tmp_path / 'w.db'}").todo
