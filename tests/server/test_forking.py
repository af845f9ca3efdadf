"""Kernels of participants are forked from a process that has built their screen: its rules, and what goes wrong."""

import asyncio
import contextlib
import fcntl
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import psutil
import pytest
import zmq
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.connect import write_connection_file
from jupyter_client.session import Session
from messages import run
from serving import WAIT_SECONDS, Client, Made, RunningServer, states_in, wait_until
from test_server import ask, ask_for_states, open_websocket, send
from websockets.exceptions import ConnectionClosed

from npswidgets.domain.actor import Actor
from npswidgets.server.kernels import forks
from npswidgets.server.kernels.forks import ForkedProcess, ForkFailed, Forks, can_fork
from npswidgets.server.kernels.screen_kernel import ScreenKernel
from npswidgets.server.kernels.workshop_kernels import KERNELS_A_GRANT
from npswidgets.store import workshops

VERSION = r'"pagesVersion": "(\w+)"'

pytestmark = pytest.mark.skipif(not can_fork(), reason="kernels are forked on Linux alone")


@pytest.fixture
def made(server: RunningServer) -> Made:
    server.wait_until_ready()
    return server.make()


@pytest.fixture
def own_server(tmp_path: Path) -> Any:
    running = RunningServer(tmp_path)
    yield running
    running.stop()


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=WAIT_SECONDS, check=False)


class TestBeforeTheFork:
    CHECK = "from npswidgets.server.kernels.fork_server import *; files = open_files(); {}; check_forkable(files)"

    def test_all_is_well_with_one_thread_and_no_connection(self) -> None:
        assert python(self.CHECK.format("pass")).returncode == 0

    @pytest.mark.parametrize(
        "fault",
        [
            "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()",
            "import socket; one = socket.socket()",
            "import sqlite3; one = sqlite3.connect('w.db')",
            "import zmq; one = zmq.Context().socket(zmq.PUB)",
        ],
    )
    def test_a_thread_or_a_connection_forbids_it(self, fault: str, tmp_path: Path) -> None:
        code = f"import os; os.chdir({str(tmp_path)!r}); {self.CHECK.format(fault)}"
        answer = python(code)
        assert answer.returncode == 1
        assert "Kernels cannot be forked" in answer.stderr

    def test_everything_is_imported_that_a_kernel_needs(self, server: RunningServer, made: Made) -> None:
        Client(server).join(made)
        (participant,) = workshops.read_workshop(server.engine, made.id).sessions[made.session].participants
        code = """if True:
            import os, sys
            from npswidgets.server.kernels import fork_server
            from npswidgets import settings
            from npswidgets.domain.actor import Actor
            screen, database = fork_server.prepare(settings.database_url())
            before = set(sys.modules)
            from npswidgets.server.kernels.screen_kernel import run_screen
            def go():
                screen.attach(database.store(Actor.from_json(os.environ["NPS_ACTOR"])))
                sys.stdout.write(" ".join(set(sys.modules) - before))
                sys.stdout.flush()
                os._exit(0)
            run_screen(sys.argv[1], go)
        """
        actor = (
            f'{{"workshop":"{made.id}","role":"participant","session":"{made.session}","participant":"{participant}"}}'
        )
        environment = {**os.environ, "NPS_ACTOR": actor, "NPS_DATABASE": server.database}
        connection = connection_file(server.folder)
        command = [sys.executable, "-c", code, str(connection)]
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=WAIT_SECONDS, check=False, env=environment
        )
        assert answer.returncode == 0, answer.stderr
        late = {name for name in answer.stdout.split() if not name.startswith("encodings")}
        assert not late


class TestTheKernel:
    CODE = """if True:
        import sys
        from npswidgets.server.kernels import fork_server
        screen, _ = fork_server.prepare("sqlite://")
        from npswidgets.server.kernels.screen_kernel import comm, run_screen
        print(list(comm.get_comm_manager().targets), flush=True)
        run_screen(sys.argv[1], lambda: None)
    """

    @pytest.fixture
    def kernel(self, tmp_path: Path) -> Iterator[BlockingKernelClient]:
        """A client of a kernel that shows nobody's screen."""
        client = BlockingKernelClient(connection_file=str(connection_file(tmp_path)))
        client.load_connection_file()
        command = [sys.executable, "-c", self.CODE, client.connection_file]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "['jupyter.widget.control']"  # a page can make no widget
            client.start_channels(stdin=False, hb=False)
            yield client
            client.stop_channels()
            process.kill()

    def test_says_when_a_page_will_hear_all(self, kernel: BlockingKernelClient) -> None:
        assert kernel.get_iopub_msg(timeout=WAIT_SECONDS)["msg_type"] == "iopub_welcome"

    def test_says_so_to_each_page_that_comes_later(self, kernel: BlockingKernelClient) -> None:
        """A connection waits for this alone, and asks no second time: a subscription is kept until it is answered."""
        kernel.get_iopub_msg(timeout=WAIT_SECONDS)
        for questions in (0, 0, 20, 20):
            for _ in range(questions):
                kernel.kernel_info()
            with closing(kernel.connect_iopub()) as late:
                while heard(kernel.session, late) != "iopub_welcome":
                    pass

    def test_answers_what_is_asked_and_runs_no_code(self, kernel: BlockingKernelClient) -> None:
        kernel.get_iopub_msg(timeout=WAIT_SECONDS)
        asked = kernel.kernel_info()
        assert kernel.get_shell_msg(timeout=WAIT_SECONDS)["content"]["implementation"] == "npswidgets"
        statuses = [kernel.get_iopub_msg(timeout=WAIT_SECONDS) for _ in range(2)]
        assert [one["content"]["execution_state"] for one in statuses] == ["busy", "idle"]
        assert {one["parent_header"]["msg_id"] for one in statuses} == {asked}
        kernel.execute("raise SystemExit")
        kernel.kernel_info()
        assert kernel.get_shell_msg(timeout=WAIT_SECONDS)["msg_type"] == "kernel_info_reply"

    def test_tells_a_page_that_was_too_busy_for_all_states_at_once_which_widgets_there_are(
        self, kernel: BlockingKernelClient
    ) -> None:
        kernel.get_iopub_msg(timeout=WAIT_SECONDS)
        kernel.comm_info()
        comms = kernel.get_shell_msg(timeout=WAIT_SECONDS)["content"]["comms"]
        assert set(comms) == {f"participant-{number}" for number in range(1, len(comms) + 1)}
        first = {"comm_id": "participant-1", "data": {"method": "request_state"}}
        asked = kernel.session.send(kernel.shell_channel.socket, "comm_msg", first)
        said: dict[str, Any] = {"msg_type": ""}
        while said["msg_type"] != "comm_msg":
            said = kernel.get_iopub_msg(timeout=WAIT_SECONDS)
        assert said["parent_header"]["msg_id"] == asked["msg_id"]
        assert "_model_name" in said["content"]["data"]["state"]

    def test_does_not_mind_a_message_that_nobody_signed(self, kernel: BlockingKernelClient) -> None:
        kernel.session.key = b"another"
        kernel.kernel_info()
        kernel.load_connection_file()
        kernel.kernel_info()
        assert kernel.get_shell_msg(timeout=WAIT_SECONDS)["msg_type"] == "kernel_info_reply"

    def test_ends_when_the_server_asks(self, kernel: BlockingKernelClient) -> None:
        kernel.shutdown()
        assert kernel.get_control_msg(timeout=WAIT_SECONDS)["msg_type"] == "shutdown_reply"


class TestASubscription:
    """A page comes while a kernel speaks: its event loop may then get no sign, which ZeroMQ gives once."""

    def test_is_seen_by_a_kernel_that_has_just_spoken(self) -> None:
        with zmq.Context() as context, context.socket(zmq.XPUB) as iopub, context.socket(zmq.SUB) as page:
            iopub.bind("inproc://iopub")
            session = Session(key=b"key")
            kernel = ScreenKernel(session, iopub)
            page.connect("inproc://iopub")
            page.subscribe(b"")
            kernel.publish("status", {"execution_state": "busy"})
            while heard(session, page) != "iopub_welcome":
                pass


def heard(session: Session, socket: Any) -> str:
    """The kind of the next message."""
    assert socket.poll(WAIT_SECONDS * 1000)
    _, signed = session.feed_identities(socket.recv_multipart())
    return str(session.deserialize(signed)["msg_type"])


class TestWarmingUp:
    def test_takes_votes_as_a_kernel_does(self) -> None:
        warming_up = "from npswidgets.server.kernels.warming_up import *"
        code = f"{warming_up}; from npswidgets.server.kernels.screen_kernel import *"
        answer = python(f"{code}; prepare_widgets(); print(warm_up(None) == TIMES)")
        assert answer.stdout.strip() == "True", answer.stderr

    CODE = """if True:
        import sys, threading
        from npswidgets.server.kernels import fork_server
        before = fork_server.open_files()
        screen, database = fork_server.prepare(sys.argv[1])
        fork_server.check_forkable(before)
        from ipywidgets.widgets.widget import _instances
        said = [str(value) for one in _instances.values() for value in one.get_state().values()]
        print(len(_instances), "Example" in " ".join(said), screen.pad.voter, screen.pad.saved)
        print(database.engine.pool.checkedin(), len(database.engine._compiled_cache) > 5)
    """

    def test_leaves_nothing_behind_but_what_code_was_prepared(self, server: RunningServer) -> None:
        answer = python(self.CODE, server.database)
        assert answer.returncode == 0, answer.stderr
        widgets, database = answer.stdout.splitlines()
        assert int(widgets.split()[0]) < 20
        assert widgets.split()[1:] == ["False", "{}"]  # nobody's vote
        assert database == "0 True"

    def test_writes_nothing_into_the_workshops(self, server: RunningServer, made: Made) -> None:
        before = workshops.list_workshops(server.engine)
        assert python(self.CODE, server.database).returncode == 0
        assert workshops.list_workshops(server.engine) == before

    def test_kernels_read_what_came_after_the_state_they_start_from(self, server: RunningServer, made: Made) -> None:
        for _ in range(3):  # within the time in which the state is not read anew
            client = Client(server)
            client.join(made)
            states = ask_for_states(client, client.open_kernel(made.vote_page))
            assert not any(state.get("fault") for state in states.values())
        assert len(workshops.read_workshop(server.engine, made.id).sessions[made.session].participants) == 3


class TestAfterTheFork:
    def test_a_process_has_its_own_environment_session_and_chance(self, tmp_path: Path) -> None:
        code = """if True:
            import os, random, sys
            from npswidgets.server.kernels.fork_server import start_anew
            random.seed(1)
            for number in range(2):
                if os.fork() == 0:
                    start_anew({"env": {"OWN": str(number)}, "connection_file": "x"})
                    print(random.random(), os.getsid(0) == os.getpid(), dict(os.environ), flush=True)
                    os._exit(0)
                os.wait()
        """
        first, second = python(code).stdout.splitlines()
        assert first.split()[0] != second.split()[0]
        assert first.endswith("True {'OWN': '0'}")
        assert second.endswith("True {'OWN': '1'}")

    def test_the_page_is_the_same_for_everybody_but_for_the_kernel_and_what_is_in_it(
        self, server: RunningServer, made: Made
    ) -> None:
        pages, voters = [], []
        for client in (Client(server), Client(server)):
            client.join(made)
            page = client.get(made.vote_page).text
            (kernel,) = re.findall(r'"kernelId": "([\w-]+)"', page)
            voters += [state["voter"] for state in states_in(page).values() if "voter" in state]
            pages.append(page.replace(kernel, "").partition('<script id="states"')[0])
        assert pages[0] == pages[1]
        assert len(set(voters)) == 2

    def test_each_kernel_shows_the_page_of_its_own_person(self, server: RunningServer, made: Made) -> None:
        voters = set()
        for client in (Client(server), Client(server)):
            before = server.forked_kernels()
            client.join(made)
            states = ask_for_states(client, client.open_kernel(made.vote_page))
            assert len(server.forked_kernels() - before) == 1
            (voter,) = (state["voter"] for state in states.values() if "voter" in state)
            voters.add(voter)
        assert voters == set(workshops.read_workshop(server.engine, made.id).sessions[made.session].participants)

    def test_a_page_goes_on_with_another_kernel_under_the_id_of_the_one_that_died(
        self, server: RunningServer, client: Client, made: Made
    ) -> None:
        before = server.forked_kernels()
        client.join(made)
        page = client.get(made.vote_page).text
        mine = what_it_says(page)
        kernel = mine["kernel"]
        states = ask_for_states(client, kernel)
        (pid,) = server.forked_kernels() - before
        assert client.post(made.vote_page, mine).status_code == 204  # it is there
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: client.get(f"/api/kernels/{kernel}").status_code == 404)
        somebody = Client(server)
        somebody.join(made)
        for wrong in ({"kernel": "x"}, {"kernel": re.sub("[^-]", "𝔞", kernel)}, {"version": "older"}):
            assert client.post(made.vote_page, mine | wrong).status_code == 409
        assert "A kernel was not forked" not in server.log  # a letter of four bytes fits no path of a socket
        assert client.post(made.vote_page, mine).status_code == 204
        assert somebody.post(made.vote_page, mine).status_code == 409  # it is another one's now
        assert somebody.post(server.make().vote_page, mine).status_code == 403
        assert len(server.forked_kernels() - before) == 1
        again = ask_for_states(client, kernel)
        assert (set(again), pid in server.forked_kernels()) == (set(states), False)
        assert {one.get("voter") for one in again.values()} == {one.get("voter") for one in states.values()}

    def test_one_browser_that_opens_many_pages_at_once_has_few_kernels(
        self, server: RunningServer, client: Client, made: Made
    ) -> None:
        client.join(made)
        before = server.forked_kernels()
        with ThreadPoolExecutor(3 * KERNELS_A_GRANT) as pool:
            opened = list(pool.map(lambda _: client.get(made.vote_page).status_code, range(2 * KERNELS_A_GRANT)))
        assert set(opened) == {200}
        wait_until(lambda: len(server.forked_kernels() - before) <= KERNELS_A_GRANT)

    def test_what_was_said_to_a_kernel_that_died_does_not_keep_its_page_from_the_next_one(
        self, server: RunningServer, client: Client, made: Made
    ) -> None:
        before = server.forked_kernels()
        client.join(made)
        page = client.get(made.vote_page).text
        mine = what_it_says(page)
        kernel = mine["kernel"]
        with open_websocket(client, kernel) as old:
            assert ask(old, "kernel_info_request")["status"] == "ok"
            (pid,) = server.forked_kernels() - before
            os.kill(pid, signal.SIGKILL)
            while client.get(f"/api/kernels/{kernel}").status_code != 404:
                with contextlib.suppress(ConnectionClosed):  # nobody is there to take it
                    send(old, "kernel_info_request", {})
            assert client.post(made.vote_page, mine).status_code == 204
            with open_websocket(client, kernel) as new:
                for _ in range(15):
                    assert ask(new, "kernel_info_request")["status"] == "ok"
                    time.sleep(0.1)  # for as long as a socket that is closed may still send

    def test_a_kernel_holds_the_widgets_of_its_own_screen_alone(
        self, server: RunningServer, client: Client, made: Made
    ) -> None:
        client.join(made)
        client.use_link(made.facilitator_link)
        pages = {"participant": made.vote_page, "facilitator": made.facilitator_page, "projector": made.projector_page}
        for role, page in pages.items():
            before = server.forked_kernels()
            states = ask_for_states(client, client.open_kernel(page))
            assert len(server.forked_kernels() - before) == 1
            assert {one.rpartition("-")[0] for one in states} == {role}
            assert not any(state.get("fault") for state in states.values())

    def test_each_kernel_is_a_process_in_a_session_of_its_own(
        self, server: RunningServer, client: Client, made: Made
    ) -> None:
        before = server.forked_kernels()
        client.join(made)
        client.open_kernel(made.vote_page)
        (pid,) = server.forked_kernels() - before
        assert os.getsid(pid) == pid
        assert psutil.Process(pid).name() == "nps-kernel"

    def test_what_goes_wrong_in_opening_is_shown_on_the_page(
        self, server: RunningServer, client: Client, made: Made
    ) -> None:
        client.join(made)
        with server.engine.begin() as db:
            db.exec_driver_sql("ALTER TABLE ballots RENAME TO away")
        try:
            states = ask_for_states(client, client.open_kernel(made.vote_page))
        finally:
            with server.engine.begin() as db:
                db.exec_driver_sql("ALTER TABLE away RENAME TO ballots")
        assert any("a part of the database is missing" in state.get("fault", "") for state in states.values())


def what_it_says(page: str) -> dict[str, str]:
    """What a page says of itself when it asks for another kernel."""
    (kernel,) = re.findall(r'"kernelId": "([\w-]+)"', page)
    return {"kernel": kernel, "version": re.findall(VERSION, page)[0]}


class TestTheForkServer:
    def test_is_started_again_when_it_dies_and_waited_for_by_all_who_come_meanwhile(
        self, own_server: RunningServer
    ) -> None:
        made, inside = own_server.make(), Client(own_server)
        clients = [Client(own_server) for _ in range(12)]
        for client in (inside, *clients):
            client.join(made)
        open_before = inside.open_kernel(made.vote_page)
        others, (first,) = own_server.forked_kernels(), own_server.fork_servers()
        pages = [clients[0].get(made.vote_page).text]
        (own,) = own_server.forked_kernels() - others
        psutil.Process(own).kill()
        mine = what_it_says(pages[0])
        wait_until(lambda: clients[0].get(f"/api/kernels/{mine['kernel']}").status_code == 404)
        psutil.Process(first).kill()
        with ThreadPoolExecutor(len(clients)) as room:
            again = room.submit(clients[0].post, made.vote_page, mine)
            pages += room.map(lambda client: client.get(made.vote_page).text, clients[1:])
        assert again.result().status_code == 204  # it need not be loaded again
        assert all('"kernelId"' in page for page in pages)
        assert inside.get(f"/api/kernels/{open_before}").status_code == 200
        assert len(own_server.fork_servers() - {first}) == 1
        assert len(own_server.forked_kernels() - others) == len(clients)
        assert own_server.kernels() == own_server.forked_kernels()  # none has imported everything by itself

    def test_that_never_stands_leaves_the_slower_way_to_all(self, tmp_path: Path) -> None:
        program = """if True:
            from npswidgets.cli import main
            from npswidgets.server.kernels import forks
            async def fail(*_):
                raise OSError("It cannot be started.")
            forks.RESTARTING_SECONDS, forks.Forks._run = 0.0, fail
            main()
        """
        server = RunningServer(tmp_path, program=program)
        try:
            made = server.make()
            clients = [Client(server) for _ in range(3)]
            for client in clients:
                client.join(made)
            with ThreadPoolExecutor(len(clients)) as room:
                pages = list(room.map(lambda client: client.get(made.vote_page).text, clients))
            for client, page in zip(clients, pages, strict=True):
                assert [page.lower().count(part) for part in ("<!doctype", "<main", "</main", "</html>")] == [1] * 4
                states = ask_for_states(client, what_it_says(page)["kernel"])
                assert any("voter" in state for state in states.values())
        finally:
            server.stop()

    def test_that_cannot_be_started_again_is_waited_for_a_while_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(forks, "RESTARTING_SECONDS", 1.0)
        begun: list[Forks] = []

        async def fail(own: Forks) -> None:
            begun.append(own)
            if len(begun) > 1:
                raise OSError("It cannot be started.")
            own.there.set()
            own._has_forked = True
            try:
                await asyncio.sleep(0.3)
            finally:
                own._forget()

        monkeypatch.setattr(Forks, "_run", fail)

        async def scene() -> None:
            own = Forks({}, -1)
            await asyncio.wait_for(own.wait(), WAIT_SECONDS)
            assert own.there.is_set()
            while own.there.is_set():
                await asyncio.sleep(0.01)
            assert await waits(own)
            assert not await waits(own)  # whoever comes later
            await own.stop()

        async def waits(own: Forks) -> bool:
            """Whether who comes now is still there a few turns later."""
            coming = asyncio.create_task(own.wait())
            for _ in range(10):
                await asyncio.sleep(0)
            has_waited = not coming.done()
            await coming
            assert not own.there.is_set()
            return has_waited

        run(scene())

    def test_that_starts_slowly_is_waited_for_by_pages_that_are_open(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where it fails they are opened anew, as others are."""
        monkeypatch.setattr(forks, "RESTARTING_SECONDS", 0.0)
        begun: list[Forks] = []

        async def start(own: Forks) -> None:
            begun.append(own)
            await may_go_on.wait()
            if len(begun) > 1:
                raise OSError("It cannot be started.")
            own.there.set()
            await has_ended.wait()
            own._forget()

        monkeypatch.setattr(Forks, "_run", start)
        may_go_on, has_ended = asyncio.Event(), asyncio.Event()

        async def scene() -> None:
            own = Forks({}, -1)
            while not begun:
                await asyncio.sleep(0)
            await own.wait()
            assert not own.there.is_set()
            open_page = asyncio.create_task(own.wait(is_open=True))
            await asyncio.sleep(0)
            assert not open_page.done()
            may_go_on.set()
            await asyncio.wait_for(open_page, WAIT_SECONDS)
            assert own.there.is_set()
            has_ended.set()
            while len(begun) < 3:  # it has failed, and is tried again
                await asyncio.sleep(0.01)
            await asyncio.wait_for(own.wait(is_open=True), WAIT_SECONDS)
            assert not own.there.is_set()
            await own.stop()

        run(scene())

    def test_is_not_used_where_the_operator_says_so_and_kernels_are_told_the_same(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Who they are for, and nothing from the request."""
        monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "local-provisioner")
        server = RunningServer(tmp_path)
        try:
            made, client = server.make(), Client(server)
            client.join(made)
            kernel = client.open_kernel(f"{made.vote_page}?PATH=x&template=lab")
            assert ask_for_states(client, kernel)
            assert not server.fork_servers()
            (pid,) = server.kernels()
            told = psutil.Process(pid).environ()
            actor = Actor.from_json(told["NPS_ACTOR"])
            assert (actor.workshop, actor.role, actor.session) == (made.id, "participant", made.session)
            assert (told["NPS_DATABASE"], told["JUPYTER_WIDGETS_ECHO"]) == (server.database, "0")
            assert not {"QUERY_STRING", "HTTP_NPS_ACTOR", "VOILA_REQUEST_URL"} & set(told)
            mine = {"kernel": kernel, "version": re.findall(VERSION, client.get(made.vote_page).text)[0]}
            psutil.Process(pid).kill()
            wait_until(lambda: client.get(f"/api/kernels/{kernel}").status_code == 404)
            assert client.post(made.vote_page, mine).status_code == 409  # the page has to be loaded again
        finally:
            server.stop()

    def test_leaves_no_dead_process_behind(self, server: RunningServer, client: Client, made: Made) -> None:
        before = server.forked_kernels()
        client.join(made)
        kernel = client.open_kernel(made.vote_page)
        (pid,) = server.forked_kernels() - before
        client.post(f"/voila/api/shutdown/{kernel}")
        wait_until(lambda: not psutil.pid_exists(pid))

    def test_that_hangs_is_replaced(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(forks, "FORKING_SECONDS", 0.5)

        async def hang() -> None:
            async with forking() as own:
                first = own._process
                assert first is not None
                first.send_signal(signal.SIGSTOP)
                with pytest.raises(ForkFailed):
                    await own.open(str(tmp_path / "kernel.json"), {})
                while own._process is first or not own.screens:
                    await asyncio.sleep(0.05)

        run(hang())

    def test_says_at_once_that_a_kernel_died_while_it_started(self, tmp_path: Path) -> None:
        async def die() -> None:
            async with forking() as own:
                (tmp_path / "kernel.json").write_text("This is no connection file.")
                environment = {"NPS_ACTOR": Actor("w", "participant", "s", "p").to_json()}
                with pytest.raises(ForkFailed, match="died while it started"):
                    await asyncio.wait_for(own.open(str(tmp_path / "kernel.json"), environment), WAIT_SECONDS)
                assert own.screens

        run(die())


class TestKernelsThatDieWhileTheyStart:
    def test_harm_nobody_else_in_a_join_of_thirty(self, server: RunningServer, made: Made) -> None:
        clients = [Client(server) for _ in range(30)]
        for client in clients:
            client.join(made)
        before, killed, over = server.forked_kernels(), set(), threading.Event()

        def kill_some() -> None:
            while not over.is_set() and len(killed) < 8:
                for pid in list(server.forked_kernels() - before - killed)[:1]:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                        killed.add(pid)

        killer = threading.Thread(target=kill_some)
        killer.start()
        with ThreadPoolExecutor(30) as room:
            pages = list(room.map(lambda client: client.get(made.vote_page), clients))
        over.set()
        killer.join()
        assert killed
        assert all(page.status_code == 200 and '"kernelId"' in page.text for page in pages)
        # whoever had a kernel that was killed opens the page again, as a page does by itself
        for client in clients:
            assert ask_for_states(client, client.open_kernel(made.vote_page))


class TestKernelsThatHangWhileTheyStart:
    def test_are_ended_and_hold_up_nobody_else(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        actor = Actor("w", "participant", "s", "p").to_json()
        environment = {**os.environ, "NPS_DATABASE": "sqlite://", "NPS_ACTOR": actor}

        def place(name: str) -> Path:
            (tmp_path / name).mkdir()
            return tmp_path / name

        async def join() -> None:
            async with forking() as own:
                assert own._process is not None
                os.mkfifo(silent := place("hangs") / "kernel.json")  # nobody ever writes what is read from it
                monkeypatch.setattr(forks, "OPENING_SECONDS", WAIT_SECONDS)
                hanging = asyncio.create_task(own.open(str(silent), environment))
                files = [connection_file(place(f"{number}")) for number in range(5)]
                others = await asyncio.gather(*(own.open(str(file), environment) for file in files))
                assert not hanging.done()
                hanging.cancel()
                monkeypatch.setattr(forks, "OPENING_SECONDS", 0.1)
                with pytest.raises(ForkFailed):
                    await own.open(str(silent), environment)
                async with asyncio.timeout(WAIT_SECONDS):
                    while forked_from(own._process.pid) != {other.pid for other in others}:
                        await asyncio.sleep(0.05)
                for other in others:
                    other.kill()

        def forked_from(pid: int) -> set[int]:
            return {child.pid for child in psutil.Process(pid).children() if is_running(child.pid)}

        run(join())


class TestProcesses:
    def test_are_known_by_more_than_their_number(self) -> None:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        process = ForkedProcess(child.pid, os.pidfd_open(child.pid))
        assert process.poll() is None
        process.terminate()
        child.wait()
        assert process.poll() == 0
        process.send_signal(signal.SIGINT)  # nobody gets it
        assert process.wait() == 0
        process.kill()
        assert child.stdin is not None
        child.stdin.close()

    def test_are_seen_to_end_by_a_server_with_many_files(self) -> None:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        low = os.pidfd_open(child.pid)
        high = fcntl.fcntl(low, fcntl.F_DUPFD_CLOEXEC, 1024)
        os.close(low)
        process = ForkedProcess(child.pid, high)
        assert process.poll() is None
        process.kill()
        assert process.wait() == 0
        child.wait()
        assert child.stdin is not None
        child.stdin.close()


@asynccontextmanager
async def forking() -> AsyncIterator[Forks]:
    """Forks without a server."""
    lifeline, held = os.pipe()
    own = Forks({**os.environ, "OPENBLAS_NUM_THREADS": "1", "NPS_DATABASE": "sqlite://"}, lifeline)
    try:
        await own.tried.wait()
        assert own.screens
        yield own
    finally:
        await own.stop()
        os.close(held)
        os.close(lifeline)


def connection_file(folder: Path) -> Path:
    """Where a kernel is to be reached."""
    path, _ = write_connection_file(str(folder / "kernel.json"), transport="ipc", ip=str(folder / "k"), key=b"a key")
    return Path(path)


def is_running(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False
