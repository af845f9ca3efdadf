"""The command `nps-workshop` in a process of its own, so that what it imports, and a crash, stay out of the server."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from npswidgets import settings
from npswidgets.errors import keep_texts_out_of_logs
from npswidgets.server.kernels.kernel_process import end_with_server

LONGEST_LINE_BYTES = 2**20
_PROGRAM = "from npswidgets.server.pages.command import begin; begin(); from npswidgets.cli import main; main()"


async def start_command(*arguments: str, out: Path, database: str, lifeline: int) -> Process:
    """The process of this command; what it says and what it complains of are pipes.

    Args:
        out: where it writes to: a folder in that of the connections, which goes if the server is killed.
        lifeline: the end of a pipe whose other end only the server holds.
    """
    values = {settings.NPS_DATABASE: database}
    return await start_program(_PROGRAM, *arguments, "--out", folder=out, lifeline=lifeline, **values)


async def start_program(program: str, *arguments: str, folder: Path, lifeline: int, **environment: str) -> Process:
    """The process of a program of ours, which calls `begin` first; what it says and complains of are pipes.

    Args:
        folder: in that of the connections; the last of its arguments, where `end_with_server` reads it.
        lifeline: as above.
    """
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", program, *arguments, str(folder)),
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment},
        stdin=lifeline,
        stdout=PIPE,
        stderr=PIPE,
        limit=LONGEST_LINE_BYTES,
    )


def begin(patient_seconds: float = 0) -> None:
    """Called first in the new process: it ends when the server does, and the room comes before its work.

    Args:
        patient_seconds: of processor time, before which it does not: for what is done by then, and somebody waits for.
    """
    end_with_server()
    keep_texts_out_of_logs()
    if not hasattr(os, "nice"):
        return
    if not patient_seconds:
        os.nice(10)
        return
    signal.signal(signal.SIGPROF, lambda *_: os.nice(10))
    signal.setitimer(signal.ITIMER_PROF, patient_seconds)
