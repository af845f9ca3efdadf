"""What a server may use is what its control group says, not what the machine has."""

from pathlib import Path

import pytest

from npswidgets.server.kernels.workshop_kernels import most_kernels
from npswidgets.server.machine import box

GIB = 2**30


class Groups:
    """Control groups in files of the test's own."""

    def __init__(self, folder: Path, *lines: str) -> None:
        self.own, self.groups = folder / "own", folder / "groups"
        self.groups.mkdir()
        self.own.write_text("\n".join(lines) + "\n")

    def say(self, path: str, text: object) -> None:
        file = self.groups / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")


def test_the_memory_of_a_container_is_its_own(tmp_path: Path) -> None:
    groups = Groups(tmp_path, "0::/")
    groups.say("memory.max", GIB // 2)
    groups.say("memory.current", 12345)
    assert box.memory_bytes(groups.own, groups.groups) == box.memory_bound(groups.own, groups.groups) == GIB // 2
    assert box.memory_used(groups.own, groups.groups) == 12345


def test_the_group_around_a_service_bounds_it_too(tmp_path: Path) -> None:
    groups = Groups(tmp_path, "0::/councils.slice/nps-workshop@kent.service")
    groups.say("councils.slice/nps-workshop@kent.service/memory.max", "max")
    groups.say("councils.slice/memory.max", GIB)
    assert box.memory_bound(groups.own, groups.groups) == GIB


def test_the_older_version_is_read(tmp_path: Path) -> None:
    groups = Groups(tmp_path, "5:cpu,cpuacct:/a", "4:memory:/a", "1:name=systemd:/a")
    groups.say("memory/a/memory.limit_in_bytes", GIB)
    groups.say("memory/memory.limit_in_bytes", 9223372036854771712)
    groups.say("cpu,cpuacct/a/cpu.cfs_quota_us", 50_000)
    groups.say("cpu,cpuacct/a/cpu.cfs_period_us", 100_000)
    assert box.memory_bound(groups.own, groups.groups) == GIB
    assert box.processors(groups.own, groups.groups) == 1


@pytest.mark.parametrize("path", ["/docker/0123", "/../../elsewhere", "/a:b"])
def test_a_container_finds_its_bound_at_the_top_whatever_its_path(tmp_path: Path, path: str) -> None:
    groups = Groups(tmp_path, f"0::{path}")
    groups.say("memory.max", GIB)
    groups.say("cpu.max", "100000 100000")
    assert box.memory_bound(groups.own, groups.groups) == GIB
    assert box.processors(groups.own, groups.groups) == 1


@pytest.mark.parametrize("said", ["max", "", "none", "-1", "0", "99999999999999999999"])
def test_no_bound_is_the_machine(tmp_path: Path, said: str) -> None:
    groups = Groups(tmp_path, "0::/", "odd", "::")
    groups.say("memory.max", said)
    groups.say("cpu.max", f"{said} 100000")
    assert box.memory_bound(groups.own, groups.groups) is None
    assert box.memory_bytes(groups.own, groups.groups) == box.memory_bytes(tmp_path / "none", tmp_path)
    assert box.processors(groups.own, groups.groups) >= 1


def test_a_time_share_is_rounded_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(16)))
    groups = Groups(tmp_path, "0::/")
    groups.say("cpu.max", "150000 100000")
    assert box.processors(groups.own, groups.groups) == 2


def test_pages_are_counted_by_the_memory_of_the_box(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("npswidgets.server.kernels.workshop_kernels.memory_bytes", lambda: GIB)
    assert most_kernels() <= GIB * 3 // 4 // (32 * 2**20)
    assert most_kernels(256 * 2**20) < most_kernels()
