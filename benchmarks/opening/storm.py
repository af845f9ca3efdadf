"""Everybody joins at once, and each loads every file that a browser with an empty cache loads, six at a time."""

import asyncio
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks.join_storm import SETTLING_SECONDS, join
from benchmarks.people import Person
from benchmarks.servers import Server

AT_A_TIME = 6
"""Connections, as browsers have them to a server."""
LONGEST_SECONDS = 90.0


@dataclass(frozen=True)
class FileStorm:
    """Seconds from the tap until a person has all files and the state of all widgets; what it cost the server."""

    people: int
    failed: int
    p50: float
    last: float
    cpu_a_person: float
    mb_a_person: float
    load: float
    faults: tuple[str, ...] = ()


async def storm(server: Server, people: int, files: tuple[str, ...]) -> FileStorm:
    """Lets one person in to warm up, then all at once."""
    paths = [urlsplit(file)._replace(scheme="", netloc="").geturl() for file in files]
    first = Person(server.base)
    await server.arrive(first)
    await asyncio.wait_for(_come_in(server, first, paths), LONGEST_SECONDS)
    crowd = [Person(server.base) for _ in range(people)]
    for person in crowd:
        await server.arrive(person)
    memory, cpu = server.memory_mb(), server.cpu_seconds()
    coming = (asyncio.wait_for(_come_in(server, person, paths), LONGEST_SECONDS) for person in crowd)
    took = await asyncio.gather(*coming, return_exceptions=True)
    cpu, load = server.cpu_seconds() - cpu, os.getloadavg()[0]
    await asyncio.sleep(SETTLING_SECONDS)
    memory = server.memory_mb() - memory
    for person in (first, *crowd):
        if person.socket:
            person.socket.close()
    good = sorted(one for one in took if isinstance(one, float)) or [0.0]
    failed = [repr(one)[:200] for one in took if not isinstance(one, float)]
    costs = cpu / people, memory / people, load
    return FileStorm(people, len(failed), good[len(good) // 2], good[-1], *costs, tuple(sorted(set(failed))))


async def _come_in(server: Server, person: Person, paths: list[str]) -> float:
    """Seconds; the files are asked for while the page opens, as its head names them."""
    start = time.monotonic()
    waiting = iter(paths)
    await asyncio.gather(join(server, person), *(_load(server.base, waiting) for _ in range(AT_A_TIME)))
    return time.monotonic() - start


async def _load(base: str, paths: Iterable[str]) -> None:
    """One connection: the next file as soon as the last is here."""
    host = base.removeprefix("http://")
    name, port = host.rsplit(":", 1)
    writer = None
    for path in paths:
        if writer is None:
            reader, writer = await asyncio.open_connection(name, int(port))
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        await _read_answer(reader)
    if writer is not None:
        writer.close()


async def _read_answer(reader: asyncio.StreamReader) -> None:
    """Reads one answer; it is thrown away.

    Raises:
        ConnectionError: the server did not give the file.
    """
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if " 200 " not in head.split("\r\n", 1)[0]:
        raise ConnectionError(head.split("\r\n", 1)[0])
    if "transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
        return
    length = next(line for line in head.split("\r\n") if line.startswith("content-length:"))
    await reader.readexactly(int(length.split(":")[1]))
