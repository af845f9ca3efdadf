"""The server as in a container: a user whom the system does not know, no home, and one folder that can be written."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from serving import WAIT_SECONDS, Client, RunningServer

USER = 54321
BOX = (
    "import os, sys\n"
    "inside = 'cd /; exec env -i PATH=/usr/bin:/bin LANG=C.UTF-8 setpriv --reuid {user} --regid {user} --clear-groups"
    ' --inh-caps +dac_read_search --ambient-caps +dac_read_search "$0" "$@"\'\n'
    "readonly = 'mount --make-rprivate / && mount --bind {data} {data} && mount -o remount,bind,ro / && '\n"
    "command = [sys.executable, '-c', 'from npswidgets.cli import main; main()', *sys.argv[1:]]\n"
    "os.execvp('unshare', ['unshare', '--mount', 'sh', '-c', readonly + inside, *command])\n"
)
"""A file system of its own, of which the data folder alone can be written, and then another user, who may
read all, since this Python may lie where root alone looks, and may write nothing more."""


def boxed(data: Path, *words: str, program: str = "") -> subprocess.CompletedProcess[str]:
    box = BOX.format(user=USER, data=data)
    box = box.replace("'from npswidgets.cli import main; main()'", repr(program)) if program else box
    command = [sys.executable, "-c", box, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=WAIT_SECONDS, check=False)


@pytest.fixture
def data() -> Iterator[Path]:
    """With a short path, since sockets lie below it; nobody else looks into it."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("Who is not root cannot become another user.")
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/box-XXXXXX"], text=True).strip())
    os.chown(folder, USER, USER)
    seen = "import os; print(os.getuid(), os.environ.get('HOME'), os.access('/tmp', os.W_OK))"
    tried = boxed(folder, program=seen)
    if tried.stdout.split() != [str(USER), "None", "False"]:
        pytest.skip(f"There is no box to try it in here: {tried.stdout}{tried.stderr}")
    yield folder
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_people_vote_and_reports_and_backups_are_made(data: Path) -> None:
    (data / "server.log").touch()
    server = RunningServer(data, program=BOX.format(user=USER, data=data))
    try:
        assert psutil.Process(server.process.pid).uids().real == USER
        made = server.make()
        person, facilitator = Client(server), Client(server)
        person.join(made)
        assert person.open_kernel(made.vote_page)
        facilitator.use_link(made.facilitator_link)
        assert facilitator.open_kernel(made.facilitator_page)
        assert server.forked_kernels()
        place = ("--database", str(data / "workshops.db"))
        exported = boxed(data, "export", made.id, "--to", "pdf,ipynb", "--out", str(data / "out"), *place)
        assert (exported.returncode, "Traceback" in exported.stderr) == (0, False), exported.stderr
        assert [*(data / "out").glob("*/*.pdf")]
        packed = boxed(data, "pack", made.id, "--out", str(data / "out"), *place)
        assert packed.returncode == 0, packed.stderr
        copied = boxed(data, "backup", str(data / "backup.db"), *place)
        assert (copied.returncode, copied.stdout[: len(str(data))]) == (0, str(data)), copied.stderr
    finally:
        server.stop()
    assert "Traceback" not in server.log
    assert {one.stat().st_uid for one in data.rglob("*")} <= {USER, 0}
