"""The process of one kernel: ipykernel, which ends when the server does, however that ended.

Run as ``python -m npswidgets.server.kernels.kernel_process -f CONNECTION_FILE``. Its standard input is the read
end of a pipe whose write end only the server holds, so that the end of the file means the end of the server.
"""

import os
import shutil
import signal
import sys
import threading
from pathlib import Path

from npswidgets.errors import keep_texts_out_of_logs

CONNECTION_FOLDER_PREFIX = "nps-"


def end_with_server() -> None:
    """Ends this process as soon as nobody holds the other end of standard input; takes standard input away."""
    lifeline = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=_wait_for_the_end, args=(lifeline,), daemon=True).start()


def _wait_for_the_end(lifeline: int) -> None:
    while os.read(lifeline, 1):
        pass
    _remove_connection_folder()
    os._exit(0)


def _remove_connection_folder() -> None:
    """A server that was killed has left it behind."""
    folder = Path(sys.argv[-1]).parent
    if folder.name.startswith(CONNECTION_FOLDER_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Runs the kernel."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # one that the server ends while it starts, ends without a traceback
    end_with_server()
    keep_texts_out_of_logs()
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


if __name__ == "__main__":
    main()
