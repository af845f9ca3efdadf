"""What a program may use of this computer: where it runs in a container or a service, its control group says less.

Both versions are read: https://docs.kernel.org/admin-guide/cgroup-v2.html, and .../cgroup-v1/memory.html.
"""

import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

CGROUPS = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")
NO_BOUND_BYTES = 2**60
"""What version 1 says where there is no bound is about 8 EiB."""


def memory_bytes(own: Path = OWN, groups: Path = CGROUPS) -> int | None:
    """How much memory there is for this program and its children; None where the system does not say."""
    return min(filter(None, (memory_bound(own, groups), *_of_the_machine())), default=None)


def memory_bound(own: Path = OWN, groups: Path = CGROUPS) -> int | None:
    """The same where a control group says it; None where there is only the machine."""
    said = _numbers("memory.max", "memory", "memory.limit_in_bytes", own, groups)
    return min((one for one in said if 0 < one < NO_BOUND_BYTES), default=None)


def memory_used(own: Path = OWN, groups: Path = CGROUPS) -> int | None:
    """How much of it the innermost control group uses; None where there is none."""
    return next(_numbers("memory.current", "memory", "memory.usage_in_bytes", own, groups), None)


def processors(own: Path = OWN, groups: Path = CGROUPS) -> int:
    """How many processors' worth of time this program has, rounded up; at least 1."""
    given = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = [math.ceil(one) for one in _quotas(own, groups)]
    return max(1, min(given, *quotas)) if quotas else given


def _of_the_machine() -> tuple[int, ...]:
    if not hasattr(os, "sysconf"):
        return ()
    return (os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),)


def _numbers(name: str, controller: str, older_name: str, own: Path, groups: Path) -> Iterator[int]:
    """What a file says in each group that this program is in, the innermost first."""
    for text in (*_texts("", name, own, groups), *_texts(controller, older_name, own, groups)):
        if text.strip().isdecimal():
            yield int(text)


def _quotas(own: Path, groups: Path) -> Iterator[float]:
    """Of how many processors each group has the time."""
    older = zip(
        _texts("cpu", "cpu.cfs_quota_us", own, groups), _texts("cpu", "cpu.cfs_period_us", own, groups), strict=False
    )
    for words in (*(text.split() for text in _texts("", "cpu.max", own, groups)), *older):
        quota, period = words[0].strip(), words[-1].strip()
        if quota.isdecimal() and period.isdecimal() and int(period):
            yield int(quota) / int(period)


def _texts(controller: str, name: str, own: Path, groups: Path) -> Iterator[str]:
    """What stands in the files of this name: a group's own, and of those around it, which bound it, too."""
    for folder in _folders(controller, own, groups):
        try:
            yield (folder / name).read_text()
        except (OSError, ValueError):
            continue


def _folders(controller: str, own: Path, groups: Path) -> Iterator[Path]:
    """The groups of this program for a controller (version 1), or for all (version 2, no controller)."""
    try:
        lines = own.read_text().splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        _, controllers, path = line.split(":", 2) if line.count(":") >= 2 else ("", "?", "")
        if controller in controllers.split(","):
            start = next((one for one in (groups / controllers, groups / controller) if one.is_dir()), groups)
            inside = PurePosixPath(path.lstrip("/"))  # a container sees its own group at the top, whatever its path
            for one in (inside, *inside.parents) if ".." not in inside.parts else (PurePosixPath(),):
                yield start / one
