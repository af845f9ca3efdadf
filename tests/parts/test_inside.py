"""What `nps-workshop doctor` says of a server's own computer."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from room import make_room
from sqlalchemy import Engine

from npswidgets.server import doctor
from npswidgets.server.machine import inside
from npswidgets.store.backup import back_up
from npswidgets.store.erasures import list_beside
from npswidgets.store.place import file_of

GB = 10**9


def test_the_bound_of_a_control_group_is_named_with_what_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "memory_bound", lambda: 2 * GB)
    monkeypatch.setattr(inside, "memory_bytes", lambda: 2 * GB)
    monkeypatch.setattr(inside, "memory_used", lambda: 300_000_000)
    monkeypatch.setattr(inside, "processors", lambda: 1)
    says = "2.0 GB of memory by its control group, of which 0.3 GB are used, and 1 processor."
    assert inside.look_at_box() == ("Box", says, "")
    monkeypatch.setattr(inside, "memory_bound", lambda: None)
    assert "of the machine, and" in inside.look_at_box().says
    monkeypatch.setattr(inside, "memory_bytes", lambda: GB // 2)
    assert "1 GB or more" in inside.look_at_box().todo


def test_a_clock_that_nobody_keeps_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 3, 12, 9, 14, tzinfo=UTC)
    monkeypatch.setattr(inside, "is_synchronised", lambda _: True)
    assert not inside.look_at_clock(now).todo
    monkeypatch.setattr(inside, "is_synchronised", lambda _: False)
    assert "12 March 2026" in inside.look_at_clock(now).says
    assert "timedatectl" in inside.look_at_clock(now).todo


def test_a_disk_that_is_nearly_full_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "ENOUGH_SPACE_BYTES", 0)
    assert not inside.look_at_space(tmp_path / "not yet" / "w.db").todo
    monkeypatch.setattr(inside, "ENOUGH_SPACE_BYTES", 2**80)
    assert str(tmp_path) in inside.look_at_space(tmp_path / "w.db").todo
    assert not inside.look_at_space(None).todo


def test_it_says_how_old_the_last_backup_is(engine: Engine, tmp_path: Path) -> None:
    make_room(engine)
    file, before = file_of(engine.url), datetime.now(UTC)
    assert file is not None

    def seen(later: timedelta, *, hosted: bool = True) -> inside.Seen:
        return inside.look_at_backup(file, before + later, hosted=hosted)

    assert seen(timedelta()).says == "No backup is known."
    assert "each night" in seen(timedelta()).todo
    assert not seen(timedelta(), hosted=False).todo
    back_up(engine, tmp_path / "backup.db")
    for later, said in {
        timedelta(0): "within the last hour",
        timedelta(hours=5): "5 hours ago",
        timedelta(days=1, hours=1): "a day ago",
        timedelta(days=9, hours=1): "9 days ago",
    }.items():
        assert f"The last backup was made {said}, on " in seen(later).says
        assert bool(seen(later).todo) == (later > timedelta(days=2))
        assert not seen(later, hosted=False).todo
    list_beside(file).write_bytes(list_beside(file).read_bytes().replace(b'"kind": "backup"', b'"kind": "new"'))
    assert "newer toolkit" in seen(timedelta()).todo
    assert not inside.look_at_backup(None, before, hosted=True).todo


def test_doctor_says_all_of_it(tmp_path: Path) -> None:
    said = {one.what for one in doctor.examine(str(tmp_path / "w.db"))}
    assert {"Box", "Clock", "Space", "Backup"} <= said
    assert list(tmp_path.iterdir()) == []
