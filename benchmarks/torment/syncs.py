"""How many times the disk is told to write for one vote, as the system itself counts it."""

import asyncio
import re
import shutil
import signal
from dataclasses import dataclass

from benchmarks.torment.ledger import Ledger
from benchmarks.torment.server import Server
from benchmarks.torment.voters import Voter

VOTES_EACH = 10


@dataclass(frozen=True)
class Syncs:
    """Calls of fsync and fdatasync by all kernels, while so many votes were acknowledged."""

    calls: int
    votes: int


async def count_syncs(server: Server, voters: list[Voter], ledger: Ledger) -> Syncs | None:
    """Counts them with strace while everybody votes in peace; None where there is none, or it may not look."""
    strace = shutil.which("strace")
    if strace is None:
        return None
    pids = [part for one in server.kernels() for part in ("-p", str(one.pid))]
    tracer = await asyncio.create_subprocess_exec(
        strace, "-f", "-e", "trace=fsync,fdatasync", "-e", "signal=none", *pids, stderr=asyncio.subprocess.PIPE
    )
    said: list[bytes] = []
    listening = asyncio.create_task(_listen(tracer, said))
    while len([one for one in said if b" attached" in one]) < len(pids) // 2 and tracer.returncode is None:
        await asyncio.sleep(0.1)
    before = ledger.acknowledged
    for voter in voters:
        for _ in range(VOTES_EACH):
            await voter.vote_once()
    if tracer.returncode is None:
        tracer.send_signal(signal.SIGINT)
    await listening
    calls = sum(bool(re.search(rb"\b(?:fsync|fdatasync)\(", one)) for one in said)
    return Syncs(calls, ledger.acknowledged - before) if calls else None


async def _listen(tracer: asyncio.subprocess.Process, said: list[bytes]) -> None:
    assert tracer.stderr is not None
    while line := await tracer.stderr.readline():
        said.append(line)
    await tracer.wait()
