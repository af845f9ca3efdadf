"""The command `nps-workshop` in a process of its own, so that what it imports, and a crash, stay out of the server."""

import asyncio
import os
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
    environment = {**os.environ, settings.NPS_DATABASE: database, "OPENBLAS_NUM_THREADS": "1"}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-c", _PROGRAM, *arguments, "--out", str(out)),  # `end_with_server` reads the last
        env=environment,
        stdin=lifeline,
        stdout=PIPE,
        stderr=PIPE,
        limit=LONGEST_LINE_BYTES,
    )


def begin() -> None:
    """Called first in the new process: it ends when the server does, and the room comes before its work."""
    end_with_server()
    keep_texts_out_of_logs()
    if hasattr(os, "nice"):
        os.nice(10)
