"""Reports that a facilitator asks for: who gets them, and what happens when something goes wrong in the middle."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from messages import run
from paths import EXAMPLE
from serving import WAIT_SECONDS, Client, Made, RunningServer, wait_until

from npswidgets.server.pages import reports as reports_module
from npswidgets.server.pages.reports import MAKING_SECONDS, STOPPED, Making, Order, Reports
from npswidgets.store.archive import import_archive
from npswidgets.store.saved import read_archive, verify

LEADERSHIP = (("Showing leadership", ("showing-leadership",)),)
TELL = """
import json, pathlib, sys, time
folder, number = pathlib.Path(sys.argv[-1]) / "w", 0
def tell(format, state, reason=""):
    global number
    number += 1
    file = folder / f"w.{format}" if state == "done" else ""
    if file:
        folder.mkdir(exist_ok=True)
        file.write_text(format)
    step = {"format": format, "state": state, "step": number, "steps": 3, "file": str(file), "reason": reason}
    print(json.dumps(step), flush=True)
"""
"""Says what the command would say."""


def commands(monkeypatch: pytest.MonkeyPatch, program: str) -> list[Process]:
    """This program runs instead of the command; gives the processes."""
    started: list[Process] = []

    async def start(*arguments: str, out: Path, **_: Any) -> Process:
        command = (sys.executable, "-c", TELL + program, str(out))
        started.append(await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE))
        return started[-1]

    monkeypatch.setattr(reports_module, "start_command", start)
    return started


async def ended(reports: Reports, workshop: str = "w") -> Making:
    while not (found := reports.of(workshop)) or not found.ended:
        await asyncio.sleep(0.01)
    return found


def test_two_who_ask_at_once_get_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = commands(monkeypatch, "tell('jsonl', 'done'); tell('pdf', 'done')")

    async def making() -> Making:
        reports = Reports("sqlite://", 0, tmp_path)
        reports.ask("w", Order(("pdf",)))
        reports.ask("w", Order(("html", "docx")))
        return await ended(reports)

    made = run(making())
    assert [(one.format, one.state) for one in made.files] == [("pdf", "done")]
    assert len(started) == 1


def test_files_of_an_earlier_record_go_when_new_ones_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands(monkeypatch, "tell('pdf', 'done'); tell('csv', 'done')")

    async def making() -> tuple[Path | None, Making]:
        reports = Reports("sqlite://", 0, tmp_path)
        reports.ask("w", Order(("pdf", "csv")))
        first = (await ended(reports)).file("w.pdf")
        reports.ask("w", Order(("csv", "pdf")))
        assert reports.of("w").file("w.pdf") is None  # type: ignore[union-attr]
        return first, await ended(reports)

    first, second = run(making())
    assert first
    assert not first.exists()
    assert [one.path.exists() for one in second.files if one.path] == [True, True]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_crash_leaves_what_was_made_and_says_what_was_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands(monkeypatch, "tell('html', 'failed', 'no ink'); tell('pdf', 'done'); import os; os.abort()")

    async def making() -> Making:
        reports = Reports("sqlite://", 0, tmp_path)
        reports.ask("w", Order(("html", "pdf", "docx")))
        return await ended(reports)

    made = run(making())
    assert [(one.format, one.state, one.reason) for one in made.files] == [
        ("pdf", "done", ""),
        ("docx", "failed", STOPPED),
        ("html", "failed", "no ink"),
    ]


def test_what_the_command_says_to_people_is_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands(monkeypatch, "sys.exit('Error: the disk is full.')")

    async def making() -> Making:
        reports = Reports("sqlite://", 0, tmp_path)
        reports.ask("w", Order(("pdf",)))
        return await ended(reports)

    assert [one.reason for one in run(making()).files] == ["the disk is full."]


def test_what_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = commands(monkeypatch, "time.sleep(60)")
    monkeypatch.setattr(reports_module, "MAKING_SECONDS", 0.2)

    async def making() -> Making:
        reports = Reports("sqlite://", 0, tmp_path)
        reports.ask("w", Order(("pdf",)))
        return await ended(reports)

    assert run(making()).files[0].state == "failed"
    assert started[0].returncode is not None


def test_the_end_of_the_server_ends_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = commands(monkeypatch, "tell('pdf', 'done'); time.sleep(60)")

    async def making() -> None:
        reports = Reports("sqlite://", 0, tmp_path)
        reports.ask("w", Order(("pdf", "docx")))
        while not reports.of("w").file("w.pdf"):  # type: ignore[union-attr]
            await asyncio.sleep(0.01)
        await reports.stop()

    run(making())
    assert started[0].returncode is not None


def ask(client: Client, made: Made, *formats: str, **more: Any) -> requests.Response:
    headers = {"X-XSRFToken": client.token}
    body = json.dumps({"formats": list(formats), **more})
    return client.http.post(f"{made.facilitator_page}/reports", data=body, headers=headers, timeout=WAIT_SECONDS)


def state(client: Client, made: Made) -> dict[str, Any]:
    return dict(client.get(f"{made.facilitator_page}/reports").json())


def files(said: dict[str, Any]) -> dict[str, str]:
    return {one["file"]: one["state"] for one in said["formats"] if one["state"]}


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make()


def test_a_facilitator_has_files_made_and_keeps_them(
    server: RunningServer, client: Client, made: Made, tmp_path: Path
) -> None:
    client.use_link(made.facilitator_link)
    assert not state(client, made)["running"]
    assert ask(client, made, "csv", "json").json()["running"]
    wait_until(lambda: not state(client, made)["running"], MAKING_SECONDS)
    assert files(state(client, made)) == {f"{made.id}.csv": "done", f"{made.id}.json": "done"}
    answer = client.get(f"{made.facilitator_page}/reports/{made.id}.json")
    assert json.loads(answer.content)["record"]["workshop"] == made.id
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{made.id}.json"
    assert answer.headers["Cache-Control"] == "no-store"
    record = client.get(f"{made.facilitator_page}/record")
    (tmp_path / "saved.jsonl").write_bytes(record.content)
    assert verify(tmp_path / "saved.jsonl") == json.loads(answer.content)["record"]["head"]


def test_an_earlier_workshop_of_the_council_stands_beside(server: RunningServer, client: Client) -> None:
    example = import_archive(server.engine, read_archive(EXAMPLE))
    own, other = server.make(sessions=LEADERSHIP), server.make(council="Other Council")
    draft = server.make().id
    for made in (own, other):
        client.use_link(made.facilitator_link)
    listed = [one["id"] for one in state(client, own)["earlier"]]
    assert example in listed
    assert not {own.id, draft} & set(listed)
    assert state(client, other)["earlier"] == []
    assert ask(client, other, "json", earlier=example).status_code == 400
    assert ask(client, own, "json", earlier=example, radar=True).json()["compared"]
    wait_until(lambda: not state(client, own)["running"], MAKING_SECONDS)
    report = client.get(f"{own.facilitator_page}/reports/{own.id}.json").json()
    assert (report["earlier"]["workshop"], len(report["radar"])) == (example, 4)


def test_an_order_that_cannot_be_made_is_said_once(server: RunningServer, client: Client, made: Made) -> None:
    client.use_link(made.facilitator_link)
    ask(client, made, "json", "csv", radar=True)
    wait_until(lambda: not state(client, made)["running"], MAKING_SECONDS)
    reasons = {one["reason"] for one in state(client, made)["formats"] if one["state"]}
    assert reasons == {"A radar needs 3 key areas or more, and this workshop has 1."}


@pytest.mark.parametrize("name", ["..%2F..%2Fworkshops.db", "%2Fetc%2Fpasswd", "..", "other.csv", "%00", "."])
def test_no_name_leads_to_another_file(server: RunningServer, client: Client, made: Made, name: str) -> None:
    client.use_link(made.facilitator_link)
    answer = client.http.get(f"{made.facilitator_page}/reports/{name}", timeout=WAIT_SECONDS, allow_redirects=False)
    assert answer.status_code == 404


def test_nobody_else_gets_files(server: RunningServer, made: Made) -> None:
    participant, projector, other, stranger = (Client(server) for _ in range(4))
    participant.join(made)
    projector.use_link(made.projector_link)
    other.use_link(server.make().facilitator_link)
    stranger.get("/")
    for client in (participant, projector, other, stranger):
        assert ask(client, made, "csv").status_code == 403
        for path in ("reports", f"reports/{made.id}.csv", "record"):
            assert client.get(f"{made.facilitator_page}/{path}").status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"formats": []}',
        '{"formats": ["fax"]}',
        '{"formats": "csv"}',
        '{"formats": ["csv"], "out": "/"}',
        '{"formats": ["csv"], "earlier": "nothing"}',
        '{"formats": ["csv"], "earlier": "../example.jsonl"}',
        '{"formats": ["csv"], "radar": "yes"}',
    ],
)
def test_what_cannot_be_asked_for_is_refused(server: RunningServer, client: Client, made: Made, body: str) -> None:
    client.use_link(made.facilitator_link)
    headers = {"X-XSRFToken": client.token}
    address = f"{made.facilitator_page}/reports"
    assert client.http.post(address, data=body, headers=headers, timeout=WAIT_SECONDS).status_code == 400
    assert client.http.post(address, data='{"formats": ["csv"]}', timeout=WAIT_SECONDS).status_code == 403


def half_made(server: RunningServer, made: Made) -> tuple[list[psutil.Process], Path]:
    """Reports that are being made: the processes, and the folder of their files."""
    client = Client(server)
    client.use_link(made.facilitator_link)
    ask(client, made, "pdf", "docx", "html", "ipynb")  # the last in a kernel of its own
    running = wait_until(lambda: found if len(found := processes(server)) > 1 else None)
    (command,) = [one for one in running if "export" in one.cmdline()]
    folder = Path(command.cmdline()[-1]).parent
    assert folder.is_dir()
    return running, folder


def processes(server: RunningServer) -> list[psutil.Process]:
    """The command, and all that it has started."""
    found: list[psutil.Process] = []
    for child in psutil.Process(server.process.pid).children():
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            found += [child, *child.children(recursive=True)] if "export" in child.cmdline() else []
    return found
