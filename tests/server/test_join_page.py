"""The way in through the server: by QR code under an attack, at a door that is shut, and after being taken out."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from serving import WAIT_SECONDS, Client, Made, RunningServer, wait_until

from npswidgets.domain.actor import Actor
from npswidgets.domain.door import CLOSED, FULL, TAKEN_OUT
from npswidgets.domain.events import PeopleTakenOut, SessionClosed
from npswidgets.domain.join_code import grouped
from npswidgets.domain.workshop import Session
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.opening import store_of
from npswidgets.store.workshops import read_workshop

AS_SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def made(server: RunningServer) -> Made:
    return server.make(people_expected=5)


@pytest.fixture
def facilitator(server: RunningServer, made: Made) -> FacilitatorStore:
    return store_of(server.engine, Actor(made.id, "facilitator"))


NO_TIME_PASSES = """if True:
    from npswidgets.cli import main
    from npswidgets.server.http import alarm, guesses
    alarm.LOOKING_SECONDS = 0.1
    guesses.Guesses.__init__.__defaults__ = (lambda: 1000.0,)
    main()
"""
"""However slowly codes are tried out, no look is given back meanwhile."""


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """A server at which one address has tried out all the codes that it may."""
    running = RunningServer(tmp_path_factory.mktemp("besieged"), ("--port", "0"), NO_TIME_PASSES)
    made = running.make()
    try_out_all(running, made)
    yield running, made
    running.stop()


def try_out_all(server: RunningServer, made: Made) -> None:
    """More codes than an address has looks."""
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda number: guess(server, made, number), range(120)))


def guess(server: RunningServer, made: Made, number: int) -> str:
    """A wrong code from a browser of its own."""
    code = f"{(int(made.code) + 1 + number) % 900_000 + 100_000}"
    return words(Client(server).get(f"/join/{code}"))


def words(answer: requests.Response) -> str:
    text = re.sub(r"<head>.*?</head>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(text.replace("&#39;", "'").split())


def session(server: RunningServer, made: Made) -> Session:
    return read_workshop(server.engine, made.id).sessions[made.session]


def fill(server: RunningServer, made: Made, number: int) -> list[Client]:
    """So many people join."""
    people = [Client(server) for _ in range(number)]
    assert {person.scan(made).status_code for person in people} == {303}
    return people


class TestScanning:
    def test_takes_one_tap_and_gives_the_own_page(self, server: RunningServer, client: Client, made: Made) -> None:
        answer = client.scan(made)
        assert (answer.status_code, server.base + answer.headers["Location"]) == (303, made.vote_page)
        told = client.post("/join", {"secret": made.qr_link.split("#")[1]}).json()
        assert server.base + told["address"] == made.vote_page, "who is in goes on where they were"
        assert len(session(server, made).inside) == 1

    @pytest.mark.parametrize("secret", ["8xE0bU0cTgmN7k1c2yHh5w", "x", "' OR 1=1 --", "é" * 30])
    def test_another_secret_leads_nowhere(self, client: Client, secret: str) -> None:
        client.get("/join")
        said = client.post("/join", {"secret": secret}).json()
        assert said == {
            "words": "This QR code or link does not lead to a workshop any more. "
            "Enter the code that is on the big screen."
        }
        assert "Scan the QR code again" in words(client.get("/join/here"))

    def test_goes_on_working_with_new_digits_and_ends_with_a_new_secret(
        self, server: RunningServer, made: Made, facilitator: FacilitatorStore
    ) -> None:
        late = Client(server)
        late.get("/join")
        late.post("/join", {"secret": made.qr_link.split("#")[1]})
        facilitator.renew_code(made.session, with_secret=False)
        assert Client(server).scan(made).status_code == 303
        assert "There is no open workshop with the code" in words(Client(server).join(made))
        facilitator.renew_code(made.session, with_secret=True)
        assert "Scan the QR code again" in words(late.post("/join/here"))
        assert len(session(server, made).inside) == 1

    def test_says_when_the_workshop_has_ended(self, client: Client, made: Made, facilitator: FacilitatorStore) -> None:
        facilitator.record(SessionClosed(made.session))
        client.get("/join")
        assert "This workshop ended on" in client.post("/join", {"secret": made.qr_link.split("#")[1]}).json()["words"]

    def test_works_at_once_where_too_many_codes_were_tried(self, besieged: tuple[RunningServer, Made]) -> None:
        server, made = besieged
        assert "Too many wrong codes" in guess(server, made, 500)
        assert "Or scan the QR code: that works at once." in words(Client(server).join(made))
        assert Client(server).scan(made).status_code == 303
        assert made.qr_link.split("#")[1] not in server.log

    def test_the_facilitator_is_told_that_somebody_tries_out_codes(self, besieged: tuple[RunningServer, Made]) -> None:
        server, made = besieged
        store = store_of(server.engine, Actor(made.id, "facilitator"))

        def hears() -> bool:
            store.refresh()
            return store.guessing is not None and store.guessing.codes >= 100

        wait_until(hears)

    def test_who_has_shown_the_right_code_need_not_show_it_again(self, besieged: tuple[RunningServer, Made]) -> None:
        server, made = besieged
        Client(server).scan(made)  # somebody who joined: others there may mistype more often
        person = Client(server)
        assert "Too many" not in words(person.get(f"/join/{made.code}"))
        try_out_all(server, made)
        assert "Too many" in words(Client(server).join(made))
        assert person.post(f"/join/{made.code}", allow_redirects=False).status_code == 303

    def test_however_often_one_browser_taps_at_once_it_is_one_person(
        self, server: RunningServer, client: Client, made: Made
    ) -> None:
        client.get("/join")
        client.post("/join", {"secret": made.qr_link.split("#")[1]})

        def tap(_: int) -> int:
            return client.post("/join/here", allow_redirects=False).status_code

        client.get("/join/here")
        with ThreadPoolExecutor(6) as taps:
            assert set(taps.map(tap, range(6))) == {303}
        assert len(session(server, made).inside) == 1


def test_a_code_may_be_typed_with_a_gap_and_in_the_digits_of_any_keyboard(client: Client, made: Made) -> None:
    arabic = made.code.translate({ord("0") + digit: ord("\u0660") + digit for digit in range(10)})
    client.get("/join")
    assert client.post("/join", {"code": grouped(arabic)}).url == made.join_link


class TestTheDoor:
    def test_of_a_full_room_says_so_and_lets_in_by_itself_once_more_may_come(
        self, server: RunningServer, made: Made, facilitator: FacilitatorStore
    ) -> None:
        fill(server, made, 10)
        late = Client(server)
        assert FULL in words(late.scan(made))
        assert late.post("/join/here", headers=AS_SCRIPT).json() == {"words": FULL}
        facilitator.let_more_in(made.session)
        assert late.post("/join/here", headers=AS_SCRIPT).json() == {
            "address": made.vote_page.removeprefix(server.base)
        }
        assert len(session(server, made).inside) == 11

    def test_lets_in_no_more_however_many_come_at_once(self, server: RunningServer, made: Made) -> None:
        def come(_: int) -> int:
            return Client(server).scan(made).status_code

        with ThreadPoolExecutor(20) as threads:
            came = list(threads.map(come, range(40)))
        assert (came.count(303), len(session(server, made).inside)) == (10, 10)

    def test_that_is_closed_keeps_new_people_out_by_code_too_and_those_inside_in(
        self, server: RunningServer, made: Made, facilitator: FacilitatorStore
    ) -> None:
        (inside,) = fill(server, made, 1)
        facilitator.close_door(made.session, True)
        assert CLOSED in words(Client(server).join(made))
        for way in (made.join_link, made.vote_page):
            answer = inside.http.head(way, timeout=WAIT_SECONDS, allow_redirects=True)
            assert (answer.status_code, answer.url) == (200, made.vote_page)
        told = inside.post("/join", {"secret": made.qr_link.split("#")[1]}).json()
        assert server.base + told["address"] == made.vote_page

    def test_keeps_what_was_answered_while_somebody_waits(self, server: RunningServer) -> None:
        named = server.make(anonymity="named", departments=("Finance and legal", "Councillor"))
        store_of(server.engine, Actor(named.id, "facilitator")).close_door(named.session, True)
        answer = Client(server).scan(named, name="Kim <Example>", department="1")
        assert 'name="name" value="Kim &lt;Example&gt;"' in answer.text
        assert 'name="department" value="1"' in answer.text

    def test_stays_as_it_is_over_a_restart(self, besieged: tuple[RunningServer, Made]) -> None:
        running = besieged[0]
        made = running.make()
        gone, inside = fill(running, made, 2)
        store = store_of(running.engine, Actor(made.id, "facilitator"))
        store.record(PeopleTakenOut(made.session, (session(running, made).inside[0].id,)))
        store.close_door(made.session, True)
        port = running.base.rpartition(":")[2]
        running.kill()
        running.start("--port", port)
        assert CLOSED in words(Client(running).scan(made))
        assert TAKEN_OUT[1] in words(gone.get(made.vote_page))
        assert inside.http.head(made.vote_page, timeout=WAIT_SECONDS).status_code == 200


class TestWhoWasTakenOut:
    @pytest.fixture
    def gone(self, server: RunningServer, made: Made, facilitator: FacilitatorStore) -> Client:
        (client,) = fill(server, made, 1)
        facilitator.record(PeopleTakenOut(made.session, (session(server, made).inside[0].id,)))
        return client

    def test_is_told_so_and_gets_no_kernel(self, server: RunningServer, made: Made, gone: Client) -> None:
        before = server.kernels()
        for sentence in TAKEN_OUT:
            assert sentence in words(gone.get(made.vote_page))
        assert gone.http.head(made.vote_page, timeout=WAIT_SECONDS).status_code == 403
        assert server.kernels() <= before

    def test_does_not_come_back_by_looking_again(self, server: RunningServer, made: Made, gone: Client) -> None:
        for path in (made.vote_page, made.join_link, "/join/here", "/"):
            gone.get(path)
        assert session(server, made).inside == ()

    def test_joins_again_with_a_tap_as_the_same_person(self, server: RunningServer, made: Made, gone: Client) -> None:
        answer = gone.post("/join/here", allow_redirects=False)
        assert (answer.status_code, server.base + answer.headers["Location"]) == (303, made.vote_page)
        assert (len(session(server, made).participants), len(session(server, made).inside)) == (1, 1)

    def test_joins_no_other_session_that_was_scanned_since(
        self, server: RunningServer, made: Made, gone: Client, facilitator: FacilitatorStore
    ) -> None:
        other, into = server.make(), {"into": made.vote_page.removeprefix(server.base)}
        assert f'name="into" value="{into["into"]}"' in gone.get(made.vote_page).text
        gone.post("/join", {"secret": other.qr_link.split("#")[1]})
        assert "Scan the QR code again" in words(gone.post("/join/here", into))
        gone.post("/join", {"secret": made.qr_link.split("#")[1]})
        facilitator.close_door(made.session, True)
        waiting = gone.post("/join/here", into)
        assert f'name="into" value="{into["into"]}"' in waiting.text
        gone.post("/join", {"secret": other.qr_link.split("#")[1]})
        assert gone.post("/join/here", into, headers=AS_SCRIPT).json()["over"]
        assert session(server, other).inside == session(server, made).inside == ()

    def test_waits_at_the_door_like_anybody_new(self, made: Made, gone: Client, facilitator: FacilitatorStore) -> None:
        facilitator.close_door(made.session, True)
        assert CLOSED in words(gone.post("/join/here"))

    def test_needs_the_new_code_once_there_is_one(
        self, server: RunningServer, made: Made, gone: Client, facilitator: FacilitatorStore
    ) -> None:
        facilitator.renew_code(made.session, with_secret=True)
        assert "Scan the QR code again" in words(gone.post("/join/here"))
        assert session(server, made).inside == ()

    def test_is_back_when_the_facilitator_undoes_it(
        self, made: Made, gone: Client, facilitator: FacilitatorStore
    ) -> None:
        facilitator.bring_people_back(made.session)
        assert gone.http.head(made.vote_page, timeout=WAIT_SECONDS).status_code == 200

    def test_loses_the_kernel_that_was_open(
        self, server: RunningServer, made: Made, facilitator: FacilitatorStore
    ) -> None:
        (client,) = fill(server, made, 1)
        kernel = client.open_kernel(made.vote_page)
        assert client.get(f"/api/kernels/{kernel}").status_code == 200
        facilitator.record(PeopleTakenOut(made.session, (session(server, made).inside[0].id,)))
        assert client.get(f"/api/kernels/{kernel}").status_code in (403, 404)
        wait_until(lambda: client.get(f"/api/kernels/{kernel}").status_code == 404)
