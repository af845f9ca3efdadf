"""What a server's own computer gives it: memory and processors, the clock, room on the disk, and when it was copied."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from npswidgets.errors import StoreFault
from npswidgets.server.machine.box import memory_bound, memory_bytes, memory_used, processors
from npswidgets.server.machine.clock import say_time
from npswidgets.server.machine.outside import Seen
from npswidgets.server.machine.system_clock import is_synchronised
from npswidgets.store import erasures

GB = 10**9
ENOUGH_MEMORY_BYTES = GB
ENOUGH_SPACE_BYTES = GB
BACKUP_DAYS = 2
"""A copy is made each night; one night may fail."""


def look_at_box() -> Seen:
    """How much memory and time there is, and who says so."""
    bound, there, used = memory_bound(), memory_bytes(), memory_used()
    if there is None:
        return Seen("Box", "How much memory there is, this system does not say.")
    bounded = bound is not None and bound <= there
    whose = "by its control group" if bounded else "of the machine"
    taken = f", of which {_gb(used)} are used" if bounded and used is not None else ""
    number = processors()
    says = f"{_gb(there)} of memory {whose}{taken}, and {number} processor{'s' if number > 1 else ''}."
    return Seen("Box", says, "" if there >= ENOUGH_MEMORY_BYTES else "Give it 1 GB or more: a page counts as 32 MB.")


def look_at_clock(now: datetime) -> Seen:
    """Whether the date, by which people are forgotten, can be relied on."""
    if is_synchronised(now):
        return Seen("Clock", f"It is {say_time(now)}, by a time server.")
    todo = "Compare it with another clock, and have a time server keep it: timedatectl set-ntp true"
    return Seen("Clock", f"It is {say_time(now)}; nothing says that a time server keeps this clock.", todo)


def look_at_space(file: Path | None) -> Seen:
    """How much more the database's disk takes."""
    folder = next((one for one in file.absolute().parents if one.is_dir()), None) if file else None
    if folder is None:
        return Seen("Space", "The database is not on a disk of this computer.")
    free = shutil.disk_usage(folder).free
    says = f"{_gb(free)} are free where the database is."
    return Seen("Space", says, "" if free >= ENOUGH_SPACE_BYTES else f"Make room on the disk of {folder}.")


def look_at_backup(file: Path | None, now: datetime, *, hosted: bool) -> Seen:
    """How old the last backup is, as far as the list beside the database knows.

    Args:
        hosted: somebody else's computer is to be copied each night; a laptop need not be.
    """
    if file is None:
        return Seen("Backup", "A database on a server is copied by that server's own program.")
    try:
        made = [line.at for line in erasures.read_list(erasures.list_beside(file)) if line.kind == "backup"]
    except StoreFault as fault:
        return Seen("Backup", "When the last backup was made is not known.", str(fault))
    if not made:
        return Seen("Backup", "No backup is known.", "Have one made each night: nps-workshop backup FILE" * hosted)
    says = f"The last backup was made {_ago(now - max(made))}, on {say_time(max(made))}."
    late = hosted and now - max(made) > timedelta(days=BACKUP_DAYS)
    return Seen("Backup", says, "Have one made each night: nps-workshop backup FILE" * late)


def looks_inside(file: Path | None, *, hosted: bool) -> tuple[Seen, ...]:
    """All of that."""
    now = datetime.now(UTC)
    return look_at_box(), look_at_clock(now), look_at_space(file), look_at_backup(file, now, hosted=hosted)


def _gb(size: int) -> str:
    return f"{size / GB:.1f} GB"


def _ago(passed: timedelta) -> str:
    """As in "3 days ago"; a clock that was put back makes no time that is still to come."""
    days, hours = max(0, passed.days), max(0, round(passed.total_seconds() / 3600))
    if days:
        return "a day ago" if days == 1 else f"{days} days ago"
    return "within the last hour" if hours < 1 else "an hour ago" if hours == 1 else f"{hours} hours ago"
