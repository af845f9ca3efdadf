"""The steps of docs/hosting/Dockerfile, each as it stands there, in folders of their own and as the user that it names.

Docker is not asked. In place of it, its places are below folders of the test, what pip would fetch is linked from
here, and the number of the user stands for the user, whom this system does not know.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
import requests
from installing import asked_for, closure, link_all
from nginx import free_port
from paths import ROOT
from serving import START_SECONDS, WAIT_SECONDS, wait_until

DOCKERFILE = ROOT / "docs" / "hosting" / "Dockerfile"
IN_THE_BOX = """
mount --make-rprivate / && mount --bind {data} {data} && mount -o remount,bind,ro / && cd {folder} &&
exec env -i PATH=/usr/bin:/bin {environment} setpriv --reuid {user} --regid {user} --clear-groups \\
  --inh-caps +dac_read_search --ambient-caps +dac_read_search {command}
"""
OF_THIS_RUN = ("PIP_NO_DEPS=1", "PIP_NO_BUILD_ISOLATION=0", "PIP_DISABLE_PIP_VERSION_CHECK=1")
"""pip fetches nothing; 0 is how its variable says that there is no isolation."""


@dataclass
class Image:
    """What the steps have made.

    Attributes:
        places: for each of the image's folders the one in its place.
        environment: what ENV says.
    """

    places: dict[str, Path]
    user: str = ""
    folder: str = "/"
    environment: dict[str, str] = field(default_factory=dict)
    entry: tuple[str, ...] = ()
    command: tuple[str, ...] = ()

    def here(self, text: str) -> str:
        """With these places in place of the image's."""
        for place, there in self.places.items():
            text = re.sub(rf"(?<![\w/]){place}(?![\w-])", str(there), text)
        return text

    def do(self, step: str, rest: str) -> None:
        """Does one step."""
        if step == "COPY":
            *sources, to = rest.split()
            for source in sources:
                self._copy(ROOT / source, to)
        elif step == "RUN":
            for command in rest.split(" && "):
                self._run(command)
        elif step == "ENV":
            self.environment |= dict(one.split("=", 1) for one in shlex.split(self.here(rest)))
        elif step == "WORKDIR":
            self.folder = self.here(rest)
        elif step in ("ENTRYPOINT", "CMD"):
            said = tuple(json.loads(self.here(rest)))
            self.entry, self.command = (said, self.command) if step == "ENTRYPOINT" else (self.entry, said)
        else:
            assert step in ("FROM", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL"), step

    def _copy(self, source: Path, to: str) -> None:
        there = Path(self.here(to))
        if source.is_dir():
            shutil.copytree(source, there, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            there.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, there / source.name)

    def _run(self, command: str) -> None:
        words = [self.user if word == "nps" else word for word in shlex.split(self.here(command))]
        if words[0] == "useradd":
            self.user = words[words.index("--uid") + 1]
            return
        words[0] = sys.executable if words[0] == "python3" else words[0]
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "NPS_"))}
        environment |= dict(one.split("=") for one in OF_THIS_RUN)
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=WAIT_SECONDS)
        assert done.returncode == 0, done.stdout + done.stderr
        library = next((self.places["/opt/nps"] / "lib").glob("*/site-packages"))
        if "venv" in words:
            link_all(closure(["hatchling"]), library)
        elif "install" in words[1:2]:
            link_all(asked_for(library), library)


def steps() -> Iterator[tuple[str, str]]:
    """Each line of the file that is no comment, as its word and the rest."""
    for line in DOCKERFILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            step, _, rest = line.partition(" ")
            yield step, rest


pytestmark = pytest.mark.slow


@pytest.fixture
def image() -> Iterator[Image]:
    """In a folder into which others may look, and its data in one with a short path, since sockets lie below it."""
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(["unshare", "--mount", "true"]).returncode:
        pytest.skip("Who is not root cannot become another user.")
    box, data = (Path(tempfile.mkdtemp(prefix="box-", dir="/tmp")) for _ in range(2))
    box.chmod(0o755)
    made = Image({"/source": box / "source", "/opt/nps": box / "nps", "/data": data})
    try:
        for step, rest in steps():
            made.do(step, rest)
        yield made
    finally:
        shutil.rmtree(box)
        shutil.rmtree(data)


def test_its_steps_make_a_server_that_people_reach(image: Image, tmp_path: Path) -> None:
    port, data = free_port(), image.places["/data"]
    assert (data.stat().st_uid, data.stat().st_mode & 0o777) == (int(image.user), 0o700)
    assert not image.places["/source"].exists()
    said = image.environment | {  # what the head of the file asks for, and a port of the test
        "NPS_URL": "https://nps.example.gov.uk/nps/",
        "NPS_PREFIX": "/nps/",
        "NPS_BEHIND_PROXY": "127.0.0.1",
        "NPS_PORT": str(port),
    }
    script = IN_THE_BOX.format(
        data=data,
        folder=image.folder,
        user=image.user,
        environment=shlex.join(f"{key}={value}" for key, value in said.items()),
        command=shlex.join([*image.entry, *image.command]),
    )
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(["unshare", "--mount", "sh", "-c", script], stdout=log, stderr=log)
    through = {"Host": "nps.example.gov.uk", "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}

    def asked(path: str) -> requests.Response | None:
        try:
            return requests.get(f"http://127.0.0.1:{port}{path}", headers=through, timeout=WAIT_SECONDS)
        except requests.ConnectionError:
            assert process.poll() is None, (tmp_path / "log").read_text()
            return None

    try:
        wait_until(lambda: (answer := asked("/nps/ready")) and answer.ok, START_SECONDS)
        assert psutil.Process(process.pid).uids().real == int(image.user)
        page = asked("/nps/")
        assert page is not None
        assert "; Secure" in page.headers["Set-Cookie"]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(WAIT_SECONDS)
    told = (tmp_path / "log").read_text()
    assert process.returncode == 0, told
    assert "Join               https://nps.example.gov.uk/nps\n" in told
    events = [json.loads(line)["event"] for line in told.splitlines() if line.startswith("{")]
    assert events == ["started", "stopped"], told
    assert {one.stat().st_uid for one in data.rglob("*")} == {int(image.user)}
