"""Whether people can come in, and figures about the server: for whatever watches it, without a word about anybody."""

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import Engine

from npswidgets.domain.actor import Role
from npswidgets.errors import WorkshopError
from npswidgets.server.http.access import Grant
from npswidgets.server.kernels.workshop_kernels import WorkshopKernels
from npswidgets.server.machine.box import memory_bytes, memory_used
from npswidgets.store.database import writing
from npswidgets.store.faults import BUSY
from npswidgets.store.place import file_of

BUSY_SECONDS = 1.0
"""Votes take milliseconds; a database that another program keeps for longer than this is told."""

KEPT_SECONDS = 2.0
"""An answer serves whoever asks within that time: however often that is, the database is asked no more often."""

FEWEST_FREE_BYTES = 64 * 2**20

WORDS = {
    "starting": "The server is starting.",
    "database": "The database cannot be written.",
    "database_busy": "Another program keeps the database busy.",
    "disk": "The disk of the database is nearly full.",
    "forks": "Pages open slowly: what prepares them is being started again.",
    "full": "As many pages are open as this server takes. Whoever is in goes on.",
}
"""Why nobody should be sent here now, by its code. No word of it says where anything is, or of which version."""


@dataclass
class _Kept:
    lacks: tuple[str, ...] = ()
    until: float = 0.0


class Readiness:
    """Looks whether the server can take people."""

    def __init__(self, engine: Engine, kernels: WorkshopKernels) -> None:
        self._engine, self._kernels = engine, kernels
        self._kept, self._looking = _Kept(), asyncio.Lock()

    async def lacks(self) -> tuple[str, ...]:
        """The codes of what is wrong; none where all is well."""
        async with self._looking:  # who asks meanwhile gets the same answer
            if time.monotonic() >= self._kept.until:
                found = [*self._lacks_of_kernels(), *await asyncio.to_thread(self._lacks_of_disk)]
                self._kept = _Kept(tuple(found), time.monotonic() + KEPT_SECONDS)
        return self._kept.lacks

    async def figures(self, connections: int) -> bytes:
        """What Prometheus reads."""
        lacks = await self.lacks()
        registry = CollectorRegistry()
        registry.register(_Figures(self._kernels, connections, lacks, self._free_bytes()))
        return generate_latest(registry)

    def _lacks_of_kernels(self) -> Iterator[str]:
        if not self._kernels.prepared.is_set():
            yield "starting"
        elif self._kernels.forks and not self._kernels.forks.there.is_set():
            yield "forks"
        if self._kernels.is_full():
            yield "full"

    def _lacks_of_disk(self) -> Iterator[str]:
        try:
            with writing(self._engine, BUSY_SECONDS):
                pass
        except WorkshopError as fault:
            return iter(("database_busy" if BUSY in str(fault) else "database",))
        free = self._free_bytes()
        return iter(("disk",) if free is not None and free < FEWEST_FREE_BYTES else ())

    def _free_bytes(self) -> int | None:
        file = file_of(self._engine.url)
        try:
            return shutil.disk_usage(file.absolute().parent).free if file else None
        except OSError:
            return None


def _by_role(owners: list[Grant]) -> dict[str, int]:
    return dict.fromkeys(get_args(Role), 0) | Counter(one.actor.role for one in owners)


class _Figures:
    """The figures of now. Labels are roles and codes of ours: there are no more of them whatever people do."""

    def __init__(self, kernels: WorkshopKernels, connections: int, lacks: tuple[str, ...], free: int | None) -> None:
        self._kernels, self._connections, self._lacks, self._free = kernels, connections, lacks, free

    def collect(self) -> Iterator[Any]:
        """Called by the library."""
        owners = list(self._kernels.owners.values())
        pages = GaugeMetricFamily("nps_pages", "Pages that have a process, by role.", labels=["role"])
        for role, number in _by_role(owners).items():
            pages.add_metric([role], number)
        yield pages
        wrong = GaugeMetricFamily("nps_lacks", "1 for each reason why nobody should be sent here.", labels=["code"])
        for code in WORDS:
            wrong.add_metric([code], float(code in self._lacks))
        yield wrong
        figures: dict[str, tuple[float | None, str]] = {
            "nps_pages_most": (self._kernels.most, "Pages that may be open at a time."),
            "nps_browsers": (len({one.browser for one in owners}), "Browsers with an open page."),
            "nps_connections": (self._connections, "Connections, websockets too."),
            "nps_memory_bytes": (memory_used(), "Memory in use, of the control group."),
            "nps_memory_most_bytes": (memory_bytes(), "Memory that there is for the server."),
            "nps_disk_free_bytes": (self._free, "Free on the disk of the database."),
        }
        for name, (value, says) in figures.items():
            if value is not None:
                yield GaugeMetricFamily(name, says, value=value)
