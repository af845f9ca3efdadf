"""Who gets what from the server: pages, kernels, links, codes."""

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import psutil
import pytest
import requests
from jupyter_server.base.handlers import FileFindHandler
from paths import EXAMPLE
from serving import WAIT_SECONDS, Client, Made, RunningServer, states_in, told_in, wait_until, websocket_to
from test_making_reports import half_made
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from npswidgets.domain.actor import Actor
from npswidgets.domain.events import SessionClosed
from npswidgets.domain.join_code import ASKED, grouped, new_code
from npswidgets.domain.workshop import Workshop
from npswidgets.server.kernels.forks import can_fork
from npswidgets.server.machine.address import find_address
from npswidgets.server.pages.files import Files, compressed
from npswidgets.server.pages.page import PAGE_FILES, WIDGET_FILES, without_secrets
from npswidgets.store import workshops
from npswidgets.store.access import new_link
from npswidgets.store.opening import store_of

DEPARTMENTS = ("Adult social care", "Councillor")


@pytest.fixture(scope="module", autouse=True)
def said_before(server: RunningServer) -> int:
    """How long the log was before these tests; others on the same server kill kernels, which it says."""
    return len(server.log)


@pytest.fixture
def made(server: RunningServer) -> Made:
    """A workshop of the test's own."""
    return server.make()


def state(server: RunningServer, made: Made) -> Workshop:
    return workshops.read_workshop(server.engine, made.id)


def words(answer: requests.Response) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<head>.*?</head>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(text.replace("&#39;", "'").split())


def path_of(link: str, server: RunningServer) -> str:
    return link.removeprefix(server.base).split("#")[0]


class TestStrangers:
    def test_get_the_way_in_and_no_kernel(self, server: RunningServer, client: Client, made: Made) -> None:
        before = server.kernels()
        assert "Workshop code" in words(client.get(made.vote_page))
        assert "This link is no longer valid." in words(client.get(made.facilitator_page))
        assert "This link is no longer valid." in words(client.get(made.projector_page))
        assert "This link is no longer valid." in words(client.get("/start"))
        assert server.kernels() <= before

    def test_previews_of_links_start_no_kernel(self, server: RunningServer, client: Client, made: Made) -> None:
        client.join(made)
        before = server.kernels()
        for page in (made.vote_page, made.facilitator_page, made.join_link, server.base):
            assert client.http.head(page, timeout=WAIT_SECONDS, allow_redirects=True).status_code == 200
        assert server.kernels() <= before

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Purpose": "prefetch;prerender"},
            {"Purpose": "prefetch"},
            {"X-Moz": "prefetch"},
            {"User-Agent": "facebookexternalhit/1.1 Facebot Twitterbot/1.0"},
            {"User-Agent": "WhatsApp/2.23.20.0"},
            {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        ],
    )
    def test_who_load_a_page_for_nobody_start_no_kernel(
        self, server: RunningServer, client: Client, made: Made, headers: dict[str, str]
    ) -> None:
        client.join(made)
        before = server.kernels()
        assert client.get(made.vote_page, headers=headers).status_code == 403
        assert server.kernels() <= before

    def test_with_a_made_up_cookie_stay_strangers(self, server: RunningServer, made: Made) -> None:
        insider, forger = Client(server), Client(server)
        insider.join(made)
        for name, value in insider.http.cookies.items():
            forger.http.cookies.set(name, value[:-8] + "00000000" if name.startswith("nps-") else value)
        assert "Workshop code" in words(forger.get(made.vote_page))

    @pytest.mark.parametrize(
        "path",
        [
            "/api/kernels",
            "/api/kernelspecs",
            "/api/contents",
            "/api/sessions",
            "/api/terminals",
            "/login",
            "/tree",
            "/terminals/1",
            "/voila/tree",
            "/voila/render/participant.ipynb",
            "/voila/files/participant.ipynb",
            "/voila/api/contents",
            "/voila/api/themes/x",
            "/voila/templates/lab/static/voila.js",
            "/voila/labextensions/jupyterlab_pygments/package.json",
            "/voila/labextensions/anywidget/../../../../etc/passwd",
            "/participant.ipynb",
            "/pages-x/../code.html",
        ],
    )
    def test_find_no_other_address(self, server: RunningServer, client: Client, made: Made, path: str) -> None:
        client.join(made)
        request = requests.Request("GET", server.base + path).prepare()
        request.url = server.base + path  # dots stay as they are
        assert client.http.send(request, timeout=WAIT_SECONDS).status_code == 404

    def test_are_told_in_plain_words_that_there_is_no_such_page(self, client: Client) -> None:
        answer = client.get("/nothing")
        assert answer.status_code == 404
        assert "Page not found" in words(answer)


class TestJoining:
    def test_takes_a_code_and_one_tap(self, server: RunningServer, client: Client, made: Made) -> None:
        answer = client.post("/join", {"code": made.code}) if client.get("/") else None
        assert answer is not None
        assert answer.url == made.join_link
        assert "Join the workshop" in words(answer)
        joined = client.post(f"/join/{made.code}", allow_redirects=False)
        assert (joined.status_code, server.base + joined.headers["Location"]) == (303, made.vote_page)
        assert len(state(server, made).sessions[made.session].participants) == 1

    def test_takes_the_code_as_the_big_screen_shows_it(self, client: Client, made: Made) -> None:
        client.get("/")
        assert client.post("/join", {"code": f" {grouped(made.code)} "}).url == made.join_link

    def test_asks_for_a_department_where_there_are_some(self, server: RunningServer, client: Client) -> None:
        made = server.make(departments=DEPARTMENTS)
        answer = client.join(made)
        assert answer.status_code == 200
        assert "There is a problem Select your department or role" in words(answer)
        assert client.join(made, department="1").status_code == 303
        (somebody,) = state(server, made).sessions[made.session].participants.values()
        assert somebody.department == "Councillor"

    @pytest.mark.parametrize(
        ("shown", "said"),
        [(True, "Reports show how a department or role voted"), (False, "No report names a department or role.")],
    )
    def test_says_before_it_whether_reports_show_departments(
        self, server: RunningServer, client: Client, shown: bool, said: str
    ) -> None:
        made = server.make(departments=DEPARTMENTS, departments_in_reports=shown)
        assert said in words(client.get(made.join_link))

    def test_takes_other_for_no_department(self, server: RunningServer, client: Client) -> None:
        made = server.make(departments=DEPARTMENTS)
        client.join(made, department="other")
        (somebody,) = state(server, made).sessions[made.session].participants.values()
        assert somebody.department is None

    @pytest.mark.parametrize("department", ["2", "-1", "Councillor", "²", ""])
    def test_takes_no_other_department(self, server: RunningServer, client: Client, department: str) -> None:
        made = server.make(departments=DEPARTMENTS)
        assert "Select your department or role" in words(client.join(made, department=department))

    def test_keeps_what_was_typed_when_something_is_missing(self, server: RunningServer, client: Client) -> None:
        made = server.make(departments=DEPARTMENTS, anonymity="named")
        answer = client.join(made, name="Kim <Example>")
        assert 'value="Kim &lt;Example&gt;"' in answer.text
        answer = client.join(made, department="1")
        assert "There is a problem Enter your name" in words(answer)
        assert re.search(r'value="1"[^>]* checked', answer.text)

    def test_twice_is_one_person(self, server: RunningServer, client: Client, made: Made) -> None:
        first, second = client.join(made), client.join(made)
        assert first.headers["Location"] == second.headers["Location"]
        assert len(state(server, made).sessions[made.session].participants) == 1

    def test_again_by_the_code_leads_back_to_the_own_page(
        self, client: Client, made: Made, server: RunningServer
    ) -> None:
        client.join(made)
        answer = client.get(made.join_link, allow_redirects=False)
        assert server.base + answer.headers["Location"] == made.vote_page

    def test_changes_nothing_without_posting(self, server: RunningServer, client: Client, made: Made) -> None:
        client.get(f"/join/{made.code}?department=other&name=Kim")
        client.get(f"/join?code={made.code}")
        assert not state(server, made).sessions[made.session].participants

    def test_says_what_is_wrong_with_a_code(self, server: RunningServer, client: Client, made: Made) -> None:
        client.get("/")
        assert f"There is a problem Enter {ASKED}" in words(client.post("/join", {"code": "12"}))
        wrong = next(code for at in range(2) if (code := new_code(lambda _, at=at: at)) != made.code)
        said = f"There is no open workshop with the code {grouped(wrong)}. Check the number on the big screen."
        answer = client.post("/join", {"code": wrong})
        assert said in words(answer)
        assert f'value="{wrong}"' in answer.text
        assert said in words(client.get(f"/join/{wrong}"))

    def test_says_when_the_workshop_has_ended(self, server: RunningServer, client: Client, made: Made) -> None:
        store_of(server.engine, Actor(made.id, "facilitator")).record(SessionClosed(made.session))
        assert re.search(
            r"This workshop ended on \d+ \w+ \d{4}\. .*Ask the facilitator for the report\.", words(client.join(made))
        )

    def test_is_slowed_down_for_who_keeps_guessing_and_for_nobody_else(self, server: RunningServer, made: Made) -> None:
        guesser, somebody = Client(server), Client(server)
        guesser.get("/")
        answers = [
            words(guesser.post("/join", {"code": new_code(lambda _, number=number: number)})) for number in range(8)
        ]
        assert re.search(r"Too many wrong codes\. Wait \d+ seconds, then try again\.", answers[-1])
        assert "Too many wrong codes" in words(guesser.post("/join", {"code": made.code}))
        assert somebody.join(made).status_code == 303

    def test_without_the_token_of_the_form_is_refused(self, server: RunningServer, client: Client, made: Made) -> None:
        client.get(f"/join/{made.code}")
        answer = client.http.post(made.join_link, data={}, timeout=WAIT_SECONDS)
        assert answer.status_code == 403
        assert "This page is out of date" in words(answer)
        assert not state(server, made).sessions[made.session].participants

    def test_from_a_page_of_another_site_is_refused(self, server: RunningServer, client: Client, made: Made) -> None:
        client.get(f"/join/{made.code}")
        answer = client.post(f"/join/{made.code}", headers={"Origin": "http://example.org"})
        assert answer.status_code in (403, 404)
        assert not state(server, made).sessions[made.session].participants

    def test_without_cookies_says_so(self, server: RunningServer, made: Made) -> None:
        answer = requests.post(made.join_link, data={"_xsrf": "x"}, timeout=WAIT_SECONDS)
        assert answer.status_code == 403
        assert "Your browser does not keep cookies, so you would lose your place." in words(answer)


class TestLinks:
    def test_let_in_whoever_posts_their_secret(self, client: Client, made: Made) -> None:
        assert client.use_link(made.projector_link).json() == {"valid": True}
        assert "Opening the workshop" in words(client.get(made.projector_page))
        assert "no longer valid" in words(client.get(made.facilitator_page))

    def test_of_facilitators_open_the_big_screen_as_well(self, client: Client, made: Made) -> None:
        client.use_link(made.facilitator_link)
        assert "Opening the workshop" in words(client.get(made.projector_page))

    def test_let_nobody_in_with_another_secret(self, client: Client, made: Made, server: RunningServer) -> None:
        other = server.make()
        secret = other.facilitator_link.split("#")[1]
        assert client.use_link(f"{made.facilitator_page}#{secret}").status_code == 403
        assert client.use_link(f"{made.facilitator_page}#{made.projector_link.split('#')[1]}").status_code == 403
        assert client.use_link(f"{server.base}/start#{secret}").status_code == 403
        assert "no longer valid" in words(client.get(made.facilitator_page))

    def test_do_nothing_when_they_are_only_fetched(self, client: Client, made: Made) -> None:
        secret = made.facilitator_link.split("#")[1]
        client.get(f"{made.facilitator_page}?secret={secret}")
        client.get(f"/link?role=facilitator&workshop={made.id}&secret={secret}")
        assert "no longer valid" in words(client.get(made.facilitator_page))

    def test_give_the_browser_a_new_id_that_takes_over_all_it_had(
        self, server: RunningServer, client: Client, made: Made
    ) -> None:
        client.join(made)
        vote, old = client.open_kernel(made.vote_page), Client(server)
        old.http.cookies.update(client.http.cookies)
        with open_websocket(client, vote) as page:
            assert client.use_link(made.facilitator_link).status_code == 200
            assert client.http.cookies != old.http.cookies
            wall = client.open_kernel(made.projector_page)
            assert client.use_link(made.projector_link).status_code == 200
            for kernel in (vote, wall):
                assert client.get(f"/api/kernels/{kernel}").status_code == 200
                with open_websocket(client, kernel):
                    pass
            page.ping().wait(WAIT_SECONDS)
        assert "Opening the workshop" in words(client.get(made.vote_page))
        assert "Opening the workshop" in words(client.get(made.facilitator_page))
        assert old.get(f"/api/kernels/{vote}").status_code == 403
        for page_of in (made.vote_page, made.facilitator_page, made.projector_page):
            assert "kernelId" not in old.get(page_of).text

    def test_that_are_refused_change_no_id(self, client: Client, made: Made) -> None:
        client.join(made)
        before = dict(client.http.cookies)
        assert client.use_link(f"{made.facilitator_page}#wrong").status_code == 403
        assert dict(client.http.cookies) == before

    def test_are_shut_by_a_new_one_with_the_pages_that_they_opened(
        self, server: RunningServer, client: Client, made: Made
    ) -> None:
        client.use_link(made.facilitator_link)
        before = server.kernels()
        kernel = client.open_kernel(made.facilitator_page)
        own = server.kernels() - before
        assert own
        secret = new_link(server.engine, made.id, "facilitator", shut_out=True)
        assert client.get(f"/api/kernels/{kernel}").status_code == 403
        assert "no longer valid" in words(client.get(made.facilitator_page))
        assert client.use_link(made.facilitator_link).status_code == 403
        wait_until(lambda: not own & server.kernels())
        assert client.use_link(f"{made.facilitator_page}#{secret}").status_code == 200

    def test_for_somebody_else_leave_those_in_who_are_in(
        self, server: RunningServer, client: Client, made: Made
    ) -> None:
        client.use_link(made.facilitator_link)
        kernel, wall = client.open_kernel(made.facilitator_page), client.open_kernel(made.projector_page)
        secret = new_link(server.engine, made.id, "facilitator")
        assert [client.get(f"/api/kernels/{one}").status_code for one in (kernel, wall)] == [200, 200]
        other = Client(server)
        assert other.use_link(made.facilitator_link).status_code == 403
        assert other.use_link(f"{made.facilitator_page}#{secret}").status_code == 200
        assert client.get(f"/api/kernels/{kernel}").status_code == 200


class TestKernels:
    def test_belong_to_one_browser(self, server: RunningServer, made: Made) -> None:
        owner, other, stranger = Client(server), Client(server), Client(server)
        owner.join(made)
        other.join(made)
        before = server.kernels()
        kernel = owner.open_kernel(made.vote_page)
        own = server.kernels() - before
        assert own
        assert owner.get(f"/api/kernels/{kernel}").status_code == 200
        for client in (other, stranger):
            client.get("/")
            assert client.get(f"/api/kernels/{kernel}").status_code == 403
            token = {"X-XSRFToken": client.token}
            url = f"{server.base}/api/kernels/{kernel}"
            assert client.http.delete(url, headers=token, timeout=WAIT_SECONDS).status_code == 403
            assert client.post(f"/voila/api/shutdown/{kernel}").status_code == 403
            with pytest.raises(InvalidStatus, match="403"):
                open_websocket(client, kernel)
        assert own == server.kernels() - before
        with open_websocket(owner, kernel) as socket:
            assert ask(socket, "kernel_info_request")["status"] == "ok"

    def test_that_there_are_not_may_come_back(self, client: Client, made: Made) -> None:
        """A page takes 403 for a no that is for good."""
        client.join(made)
        assert client.get("/api/kernels/12345678-1234-1234-1234-123456789012").status_code == 404

    def test_run_no_code_from_a_browser(self, client: Client, made: Made) -> None:
        client.join(made)
        with open_websocket(client, client.open_kernel(made.vote_page)) as socket:
            send(socket, "execute_request", {"code": "raise SystemExit", "silent": False})
            assert ask(socket, "kernel_info_request")["status"] == "ok"

    def test_make_no_widget_for_a_browser(self, client: Client, made: Made) -> None:
        client.join(made)
        with open_websocket(client, client.open_kernel(made.vote_page)) as socket:
            before = ask(socket, "comm_info_request")["comms"]
            state = {"_model_module": "@jupyter-widgets/controls", "_model_name": "ButtonModel"}
            button = {"comm_id": "made-up", "target_name": "jupyter.widget", "data": {"state": state}}
            send(socket, "comm_open", button)
            assert ask(socket, "comm_info_request")["comms"] == before

    def test_take_no_message_that_is_too_long(self, client: Client, made: Made) -> None:
        client.join(made)
        with open_websocket(client, client.open_kernel(made.vote_page)) as socket:
            send(socket, "comm_msg", {"comm_id": "x", "data": "x" * 300_000})
            with pytest.raises(ConnectionClosed):
                ask(socket, "kernel_info_request")

    def test_end_when_their_page_says_goodbye(self, server: RunningServer, client: Client, made: Made) -> None:
        before = server.kernels()
        client.join(made)
        kernel = client.open_kernel(made.vote_page)
        own = server.kernels() - before
        assert own
        assert client.http.post(f"{server.base}/voila/api/shutdown/{kernel}", timeout=WAIT_SECONDS).status_code == 403
        assert client.post(f"/voila/api/shutdown/{kernel}").status_code == 204
        wait_until(lambda: not own & server.kernels())

    def test_that_died_are_gone_and_not_started_again(self, server: RunningServer, client: Client, made: Made) -> None:
        before = server.kernels()
        client.join(made)
        kernel = client.open_kernel(made.vote_page)
        (pid,) = server.kernels() - before
        psutil.Process(pid).kill()
        wait_until(lambda: client.get(f"/api/kernels/{kernel}").status_code == 404)
        assert server.kernels() <= before

    def test_of_one_person_are_few(self, server: RunningServer, client: Client, made: Made) -> None:
        before = server.kernels()
        client.join(made)
        kernels = [client.open_kernel(made.vote_page) for _ in range(6)]
        assert len(server.kernels() - before) == 4
        assert client.get(f"/api/kernels/{kernels[-1]}").status_code == 200
        assert client.get(f"/api/kernels/{kernels[0]}").status_code == 404


class TestOperator:
    FORM = {  # noqa: RUF012
        "council": "Another Council",
        "parts": "engaging-councillors",
        "day": "2027-03-12",
        "minutes": "90",
        "departments": "Procurement\r\n\r\n Councillor ",
        "anonymity": "named",
        "people": "18",
    }

    @pytest.fixture
    def operator(self, server: RunningServer, client: Client) -> Client:
        assert client.use_link(server.start_link).status_code == 200
        return client

    def test_makes_a_workshop_with_six_fields(self, server: RunningServer, operator: Client) -> None:
        answer = operator.post("/start", self.FORM)
        assert re.search(r"Engaging Councillors is ready 3 topics, about \d+ minutes with 18 people\.", words(answer))
        made = workshops.read_workshop(server.engine, answer.url.rsplit("/", 1)[1])
        assert (made.council, made.anonymity) == ("Another Council", "named")
        assert made.departments == ("Procurement", "Councillor")
        (session,) = made.sessions.values()
        assert (session.title, session.people_expected, session.state) == ("Engaging Councillors", 18, "open")

    def test_chooses_at_the_start_whether_reports_show_departments(
        self, server: RunningServer, operator: Client
    ) -> None:
        for choice, shown in (({"departments_in_reports": "yes"}, True), ({}, False)):
            workshop = operator.post("/start", self.FORM | choice).url.rsplit("/", 1)[1]
            assert workshops.read_workshop(server.engine, workshop).departments_in_reports is shown
        answer = operator.post("/start", self.FORM | {"departments": " ", "departments_in_reports": "yes"})
        assert words(answer).count("Enter the departments that reports may show, or clear that choice") == 2

    def test_comes_from_there_to_both_screens(self, operator: Client) -> None:
        workshop = operator.post("/start", self.FORM).url.rsplit("/", 1)[1]
        for screen in ("facilitate", "project"):
            assert "Opening the workshop" in words(operator.get(f"/{screen}/{workshop}"))

    def test_is_told_all_that_is_missing_and_nothing_is_lost(self, operator: Client) -> None:
        answer = operator.post("/start", {"departments": "Kept", "people": "many", "day": "soon"})
        said = words(answer)
        for missing in (
            "Enter the name of the council",
            "Select what you will score",
            "Enter the date of the workshop",
            "Enter how many people you expect, from 1 to 500",
        ):
            assert said.count(missing) == 2, missing
        assert "Kept" in said
        assert 'value="many"' in answer.text

    def test_hears_when_the_time_will_not_do(self, operator: Client) -> None:
        answer = operator.post("/start", self.FORM | {"parts": "behaving-commercially", "minutes": "60"})
        assert "You planned 60 minutes." in words(answer)

    def open_saved(self, client: Client, content: bytes) -> requests.Response:
        token = {"X-XSRFToken": client.token}
        return client.http.post(f"{client.server.base}/saved", data=content, headers=token, timeout=WAIT_SECONDS)

    def test_opens_a_saved_workshop(self, operator: Client) -> None:
        answer = self.open_saved(operator, EXAMPLE.read_bytes())
        assert answer.json() == {"address": "/facilitate/example", "note": ""}
        assert "Opening the workshop" in words(operator.get("/facilitate/example"))

    @pytest.mark.parametrize("content", [b"", b"{}", b"\xff\x00", EXAMPLE.read_bytes()[:-9], b"x" * 200_000])
    def test_hears_why_a_file_was_not_opened(self, server: RunningServer, operator: Client, content: bytes) -> None:
        before = len(workshops.list_workshops(server.engine))
        answer = self.open_saved(operator, content)
        assert answer.status_code == 409
        assert answer.json()["problem"].startswith("The file")
        assert len(workshops.list_workshops(server.engine)) == before

    def test_alone_opens_saved_workshops(self, client: Client, made: Made) -> None:
        client.use_link(made.facilitator_link)
        assert self.open_saved(client, b"{}").status_code == 403
        with contextlib.suppress(requests.RequestException):  # it is not listened to until the end
            assert self.open_saved(client, b"x" * 2_000_000).status_code in (400, 403, 413)

    def test_goes_on_with_a_workshop_that_there_is(self, operator: Client) -> None:
        workshop = operator.post("/start", self.FORM).url.rsplit("/", 1)[1]
        assert "Continue: Engaging Councillors, 12 March 2027 · Another Council" in words(operator.get("/start"))
        answer = operator.post(f"/start/{workshop}", allow_redirects=False)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/facilitate/{workshop}")

    def test_is_nobody_else(self, server: RunningServer, client: Client, made: Made) -> None:
        client.use_link(made.facilitator_link)
        other = server.make()
        before = len(workshops.list_workshops(server.engine))
        assert client.post("/start", self.FORM).status_code == 403
        assert client.post(f"/start/{other.id}").status_code == 403
        assert "no longer valid" in words(client.get(f"/start/{other.id}"))
        assert len(workshops.list_workshops(server.engine)) == before


class TestAnswers:
    def test_carry_the_headers_that_keep_other_sites_out(self, client: Client, made: Made) -> None:
        client.join(made)
        page = client.get(made.vote_page)
        files = re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', page.text)
        assert [re.sub("-[0-9a-f]{12}", "", file) for file in files] == [
            "/pages/retry.js",
            "/screen/participant.css",
            "/screen/participant.js",
        ], "a script and a style, each once, after the one that asks again for what was lost"
        for answer in (page, client.get("/"), client.get("/nothing"), *(client.get(file) for file in files)):
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'self'" in policy
            assert not re.search(r"unsafe-eval|blob:[^;]*script|script-src [^;]*(?:unsafe|blob:)", policy)
            assert "frame-ancestors 'self'" in policy
            assert "http" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"

    def test_let_browsers_keep_the_files_and_nothing_else(self, client: Client, made: Made) -> None:
        client.join(made)
        page = client.get(made.vote_page)
        assert page.headers["Cache-Control"] == "no-store"
        for file in re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', page.text):
            assert "immutable" in client.get(file).headers["Cache-Control"]

    def test_bring_no_scripts_along_that_a_browser_can_keep(self, client: Client, made: Made) -> None:
        client.join(made)
        page = client.get(made.vote_page)
        (kernel,) = re.findall(r'"kernelId": "([\w-]+)"', page.text)
        asked = ask_for_states(client, kernel)
        assert asked.items() >= states_in(page.text).items()
        assert not any(name.startswith(("_esm", "_css")) for state in asked.values() for name in state)
        for address in re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', page.text):
            assert client.get(address).headers["Content-Encoding"] == "gzip"

    def test_of_a_screen_tell_a_page_what_is_new_to_it_and_no_more(self, client: Client, made: Made) -> None:
        client.join(made)
        page = client.get(made.vote_page)
        (kernel,) = re.findall(r'"kernelId": "([\w-]+)"', page.text)
        seen = {name: told_in(page.text)[name] for name in ("epoch", "revision")}
        assert ask_for_states(client, kernel, seen=seen) == {}
        assert ask_for_states(client, kernel, seen=seen | {"epoch": "another"}) == ask_for_states(client, kernel)
        assert ask_for_states(client, kernel, seen=seen | {"revision": "1"}) == ask_for_states(client, kernel)

    @pytest.mark.parametrize(
        "file", ["nothing.js", "base+nothing.css", "base.txt", "..%2Fbase.js", "base++vote_pad.js"]
    )
    def test_have_no_other_scripts(self, client: Client, file: str) -> None:
        assert client.get(f"/pages-x/widgets/{file}").status_code == 404

    def test_are_only_those_that_widgets_ask_for(self, client: Client) -> None:
        names = [file.stem for file in Path(WIDGET_FILES).glob("*.js")]
        tried = [*names, *(f"base+{name}+{name}" for name in names), "+".join(["vote_pad"] * 3000), "vote_pad+base"]
        found = [name for name in tried if client.get(f"/pages-x/widgets/{name}.js").status_code != 404]
        assert not found
        assert client.get("/pages-x/widgets/base+vote_sending+vote_reason+vote_pad.js").status_code == 200

    @pytest.mark.parametrize(
        "spelling", ["./pages.css", ".//pages.css", "x/../pages.css", "%70ages.css", "a/b/../../pages.css"]
    )
    def test_are_kept_once_however_their_address_is_written(self, tmp_path: Path, spelling: str) -> None:
        known = dict(FileFindHandler._static_paths)
        found = Files.get_absolute_path([str(PAGE_FILES)], unquote(spelling))
        assert Path(found) == PAGE_FILES / "pages.css"
        assert FileFindHandler._static_paths == known
        copies = {compressed(PAGE_FILES / "pages.css", tmp_path), compressed(Path(found), tmp_path)}
        assert set(tmp_path.iterdir()) == copies
        assert len(copies) == 1

    @pytest.mark.parametrize("file", ["%00", "pages.css%00.js", "x" * 300, "x/" * 3000])
    def test_are_not_found_under_names_that_no_file_can_have(
        self, server: RunningServer, client: Client, file: str
    ) -> None:
        said = len(server.log)
        assert client.get(f"/pages-x/{file}").status_code in (400, 404)
        assert "Traceback" not in server.log[said:]

    def test_are_compressed_where_that_is_understood(self, client: Client, made: Made) -> None:
        client.join(made)
        (script,) = re.findall(r'src="(/screen-[^"]+)"', client.get(made.vote_page).text)
        small = client.get(script, headers={"Accept-Encoding": "gzip"})
        plain = client.get(script, headers={"Accept-Encoding": "identity"})
        assert small.text == plain.text
        assert small.headers["Content-Type"] == plain.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert int(small.headers["Content-Length"]) < 0.5 * int(plain.headers["Content-Length"])

    def test_keep_the_cookie_of_a_person_from_scripts(self, client: Client, made: Made) -> None:
        cookies = client.get(f"/join/{made.code}").raw.headers.getlist("Set-Cookie")
        (person,) = [one for one in cookies if one.startswith("nps-browser")]
        assert "HttpOnly" in person
        assert "SameSite=Lax" in person

    def test_hold_no_secret_of_a_link(self, client: Client, made: Made) -> None:
        client.use_link(made.facilitator_link)
        assert made.created.facilitator_secret not in client.get(made.facilitator_page).text

    def test_are_written_down_without_secrets(self) -> None:
        kernel = "12345678-1234-1234-1234-123456789012"
        assert without_secrets("/join/482915?department=1") == "/join/..."
        assert without_secrets(f"/api/kernels/{kernel}/channels?session_id=1") == "/api/kernels/.../channels"


class TestRunning:
    @pytest.fixture
    def own_server(self, tmp_path: Path) -> RunningServer:
        """A server in a folder of an odd name."""
        (inside := tmp_path / "Workshop 1? 50%41 #2").mkdir()
        return RunningServer(inside)

    def test_survives_being_killed(self, own_server: RunningServer) -> None:
        """After a restart everybody goes on; no process outlives the server, nor a report that was being made."""
        client, facilitator = Client(own_server), Client(own_server)
        made = own_server.make()
        client.join(made)
        facilitator.use_link(own_server.facilitator_link)
        client.open_kernel(made.vote_page)
        kernels, forks = own_server.kernels(), own_server.fork_servers()
        assert (len(kernels), len(forks)) == (1, int(can_fork()))
        links = (own_server.facilitator_link, own_server.start_link, own_server.code)
        making, reports = half_made(own_server, made)
        own_server.kill()
        wait_until(lambda: not any(psutil.pid_exists(pid) for pid in kernels | forks))
        assert psutil.wait_procs(making, timeout=WAIT_SECONDS)[1] == []
        wait_until(lambda: not reports.exists())
        before = own_server.base
        own_server.start("--demo")
        try:
            assert own_server.base == before
            assert (own_server.facilitator_link, own_server.start_link, own_server.code) == links
            assert "Opening the workshop" in words(client.get(made.vote_page))
            assert "Opening the workshop" in words(facilitator.get(own_server.facilitator_link))
        finally:
            own_server.stop()

    def test_on_a_busy_port_says_what_to_do(self, server: RunningServer, tmp_path: Path) -> None:
        port = server.base.rsplit(":", 1)[1]
        answer = serve("--port", port, "--database", f"sqlite:///{tmp_path / 'w.db'}")
        assert answer.returncode == 1
        dated, told = answer.stderr.splitlines()
        assert dated.endswith("error - The command serve has failed (PortBusy).")
        assert told == (
            f"Error: Port {port} is in use by another program. Stop that program, or choose another one with --port."
        )

    def test_says_what_is_wrong_with_a_database(self, tmp_path: Path) -> None:
        (tmp_path / "w.db").write_text("This is not a database at all, but a text of some length.\n" * 50)
        answer = serve("--port", "0", "--database", f"sqlite:///{tmp_path / 'w.db'}")
        assert answer.returncode == 1
        dated, told = answer.stderr.splitlines()
        assert dated.endswith("error - The command serve has failed (StoreFault).")
        assert told == f"Error: {tmp_path / 'w.db'}: this file is not a workshop database."

    def test_says_little(self, server: RunningServer, said_before: int) -> None:
        """After all the tests above nothing is in the log but the links, once, and what the operator has to know."""
        said = server.log[said_before:]
        assert len(said.splitlines()) < 60, said

    def test_prints_an_address_that_phones_can_reach(self) -> None:
        assert find_address("0.0.0.0", 8866, "https://nps.example.org/") == "https://nps.example.org"
        assert find_address("192.0.2.7", 80) == "http://192.0.2.7"
        assert find_address("::1", 8866) == "http://[::1]:8866"
        assert re.fullmatch(r"http://\d+\.\d+\.\d+\.\d+:8866", find_address("0.0.0.0", 8866))


def serve(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from npswidgets.cli import main; main()", "serve", "--host", "127.0.0.1"]
    return subprocess.run([*command, *options], capture_output=True, text=True, timeout=WAIT_SECONDS, check=False)


def open_websocket(client: Client, kernel: str) -> ClientConnection:
    cookies = "; ".join(f"{name}={value}" for name, value in client.http.cookies.items())
    url = client.server.base.replace("http", "ws") + f"/api/kernels/{kernel}/channels?session_id=test"
    return websocket_to(url, additional_headers={"Cookie": cookies})


def send(
    socket: ClientConnection, kind: str, content: dict[str, object], channel: str = "shell", **metadata: str
) -> str:
    header = {"msg_id": os.urandom(8).hex(), "msg_type": kind, "session": "test", "username": "", "version": "5.3"}
    message = {"header": header, "parent_header": {}, "metadata": metadata, "content": content, "channel": channel}
    socket.send(json.dumps(message))
    return str(header["msg_id"])


def ask(socket: ClientConnection, kind: str) -> dict[str, object]:
    """The content of the kernel's answer."""
    asked = send(socket, kind, {})
    while True:
        message = json.loads(socket.recv(WAIT_SECONDS))
        if message["parent_header"].get("msg_id") == asked and message["channel"] == "shell":
            content: dict[str, object] = message["content"]
            return content


def ask_for_states(client: Client, kernel: str, **more: object) -> dict[str, dict[str, Any]]:
    """The state of each widget of a kernel, as a page asks for it."""
    with open_websocket(client, kernel) as socket:
        send(
            socket, "comm_open", {"comm_id": "c", "target_name": "jupyter.widget.control", "data": {}}, version="1.0.0"
        )
        send(socket, "comm_msg", {"comm_id": "c", "data": {"method": "request_states", **more}})
        while True:
            data = json.loads(socket.recv(WAIT_SECONDS))["content"].get("data", {})
            if data.get("method") == "update_states":
                return {model: one["state"] for model, one in data["states"].items()}


def test_what_happens_in_any_process_is_a_dated_line_of_the_log(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    if server.fork_servers():
        folder = server.connection_folder()
        monkeypatch.setenv("NPS_LIVE", f"ipc://{folder}/hints ipc://{folder}/news")
        made = server.make()
        wait_until(lambda: f" info {made.id} A link was made.\n" in server.log)
    assert re.search(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00 info - The server has started\.$", server.log, re.M)
