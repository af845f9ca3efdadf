"""The files to start hosting from: what they call is there, and what they set is read."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from paths import ROOT

from npswidgets.cli.configured import ALONE
from npswidgets.cli.serve import serve

FOLDER = ROOT / "docs" / "hosting"
UNIT, DOCKERFILE, NGINX = FOLDER / "nps-workshop@.service", FOLDER / "Dockerfile", FOLDER / "nginx.conf"
OPTIONS = [one for one in serve.params if isinstance(one, click.Option)]
VARIABLES = {name for one in OPTIONS for name in ([one.envvar] if isinstance(one.envvar, str) else one.envvar or [])}


def test_each_option_and_variable_is_one_of_the_server() -> None:
    names = {name for one in OPTIONS for name in one.opts}
    for file in (UNIT, DOCKERFILE, NGINX):
        text = file.read_text(encoding="utf-8")
        called = re.findall(r"nps-workshop serve([^\n]*)", text)
        assert {word for line in called for word in line.split() if word.startswith("--")} <= names, file.name
        assert set(re.findall(r"NPS_[A-Z_]+", text)) <= VARIABLES | {*ALONE.values()}, file.name


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8")
    there = re.sub(r"^ExecStart=\S+", f"ExecStart={sys.executable}", text, flags=re.MULTILINE)
    (tmp_path / "nps-workshop@anytown.service").write_text(there)
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "nps-workshop@anytown.service")]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    assert [line for line in told.splitlines() if "nps-workshop@" in line] == []


def test_the_image_runs_the_command_of_the_package_as_a_user_of_its_own() -> None:
    text = DOCKERFILE.read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (command,) = re.findall(r'^ENTRYPOINT \["/opt/nps/bin/([^"]+)"\]$', text, re.MULTILINE)
    assert f'\n{command} = "npswidgets.cli:main"' in project
    assert "\nUSER nps\n" in text
    assert "not tested with Docker" in text
