"""The one address that phones can reach, on example computers of the three systems."""

import io

import click
import pytest

from npswidgets.server import run
from npswidgets.server.machine import address
from npswidgets.server.machine.address import NOWHERE, choose_way, find_address, host_of, print_qr_code
from npswidgets.server.machine.interfaces import Interface, Way, interfaces_here, own_addresses, ways_in

LINUX = (
    Interface("lo", ("127.0.0.1/8",), hardware="00:00:00:00:00:00"),
    Interface("enp0s31f6", (), up=False, hardware="54:e1:ad:11:22:33"),
    Interface("wlp2s0", ("192.168.1.20/24",), hardware="a0:88:69:11:22:33"),
    Interface("docker0", ("172.17.0.1/16",), hardware="02:42:ac:11:00:01"),
    Interface("br-5f2b6c1d9e3a", ("172.18.0.1/16",)),
    Interface("veth1a2b3c4", ("169.254.7.7/16",)),
    Interface("virbr0", ("192.168.122.1/24",)),
    Interface("vboxnet0", ("192.168.56.1/24",), hardware="0a:00:27:00:00:00"),
    Interface("tun0", ("10.8.0.6/24",), point_to_point=True),
    Interface("wg0", ("10.66.66.2/32",)),
    Interface("tailscale0", ("100.101.102.103/32",)),
    Interface("ztabcdefgh", ("10.147.17.5/24",)),
)
MACOS = (
    Interface("lo0", ("127.0.0.1/255.0.0.0",)),
    Interface("en0", ("10.0.0.12/255.255.255.0",), hardware="f0:18:98:11:22:33"),
    Interface("en5", ("169.254.33.4/255.255.0.0",)),
    Interface("awdl0", ()),
    Interface("llw0", ()),
    Interface("bridge0", ()),
    Interface("utun3", ("10.20.30.40/255.255.255.255",), point_to_point=True),
    Interface("vmenet0", ("192.168.64.1/255.255.255.0",)),
)
WINDOWS = (
    Interface("Loopback Pseudo-Interface 1", ("127.0.0.1/255.0.0.0",)),
    Interface("Wi-Fi", ("192.168.0.31/255.255.255.0",), hardware="A4-C3-F0-11-22-33"),
    Interface("Ethernet", ("169.254.10.20/255.255.0.0",), up=False, hardware="54-E1-AD-11-22-33"),
    Interface("Ethernet 2", ("192.168.56.1/255.255.255.0",), hardware="0A-00-27-00-00-0C"),
    Interface("VMware Network Adapter VMnet8", ("192.168.83.1/255.255.255.0",), hardware="00-50-56-C0-00-08"),
    Interface("vEthernet (WSL (Hyper-V firewall))", ("172.29.64.1/255.255.240.0",), hardware="00-15-5D-11-22-33"),
    Interface("vEthernet (Default Switch)", ("172.20.0.1/255.255.240.0",)),
    Interface("Ethernet 3", ("10.9.0.2/255.255.255.0",), hardware="00-FF-6B-11-22-33"),
    Interface("Council VPN", ("10.200.1.7/255.255.255.0",)),
    Interface("Bluetooth Network Connection", ("169.254.1.2/255.255.0.0",), up=False),
)
WIFI, CABLE = Way("wlan0", "192.168.1.20"), Way("eth0", "10.0.0.3")


@pytest.mark.parametrize(
    ("computer", "way"),
    [
        (LINUX, Way("wlp2s0", "192.168.1.20")),
        (MACOS, Way("en0", "10.0.0.12")),
        (WINDOWS, Way("Wi-Fi", "192.168.0.31")),
    ],
    ids=["linux", "macos", "windows"],
)
def test_virtual_and_vpn_interfaces_are_left_out(computer: tuple[Interface, ...], way: Way) -> None:
    assert ways_in(computer) == (way,)


@pytest.mark.parametrize(
    "shared",
    [
        Interface("wlan0", ("10.42.0.1/24",)),
        Interface("bridge100", ("192.168.2.1/24",)),
        Interface("Local Area Connection* 12", ("192.168.137.1/24",)),
        Interface("vEthernet (External Switch)", ("192.168.1.9/24",)),
    ],
    ids=lambda one: one.name,
)
def test_a_network_that_this_computer_makes_for_phones_stays(shared: Interface) -> None:
    assert [way.interface for way in ways_in([shared])] == [shared.name]


def test_without_a_network_no_phone_gets_in() -> None:
    assert choose_way(ways_in(LINUX[:2])) == NOWHERE


def test_two_networks_are_asked_about_and_the_likely_one_is_offered() -> None:
    asked = []

    def ask(ways: tuple[Way, ...], likely: Way) -> Way:
        asked.append((ways, likely))
        return WIFI

    assert choose_way((WIFI, CABLE), likely=CABLE.address, ask=ask) == WIFI.address
    assert asked == [((WIFI, CABLE), CABLE)]


def test_nobody_is_asked_about_one_network_or_the_network_of_the_last_time() -> None:
    def ask(*_: object) -> Way:
        raise AssertionError

    assert choose_way((WIFI,), before=CABLE.address, ask=ask) == WIFI.address
    assert choose_way((WIFI, CABLE), before=CABLE.address, likely=WIFI.address, ask=ask) == CABLE.address


def test_without_a_terminal_the_likely_network_is_taken() -> None:
    assert choose_way((WIFI, CABLE), likely=CABLE.address) == CABLE.address
    assert choose_way((WIFI, CABLE), likely="10.8.0.6") == WIFI.address


def test_the_address_of_the_last_time_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    both = (Interface("wlan0", ("192.168.1.20/24",)), Interface("eth0", ("10.0.0.3/24",)))
    monkeypatch.setattr(address, "interfaces_here", lambda: both)
    assert find_address("0.0.0.0", 8866, before="http://10.0.0.3:8866") == "http://10.0.0.3:8866"
    assert find_address("0.0.0.0", 80, before="http://[fd00::1]:8866").removeprefix("http://") in (
        "192.168.1.20",
        "10.0.0.3",
    )


def test_the_question_names_the_networks(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "1")
    assert run.ask_for_way((WIFI, CABLE), CABLE) == WIFI
    said = capsys.readouterr().out
    assert "1  wlan0  192.168.1.20" in said
    assert "2  eth0  10.0.0.3" in said


def test_whoever_starts_the_server_hears_when_no_phone_can_get_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "interfaces_here", lambda: LINUX[:2])
    (sentence,) = run.say_network("0.0.0.0", "http://127.0.0.1:8866", None)
    assert "no network that phones can reach" in sentence
    assert run.say_network("127.0.0.1", "http://127.0.0.1:8866", None) == ()


def test_whoever_starts_the_server_hears_of_another_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "interfaces_here", lambda: LINUX)
    assert run.say_network("0.0.0.0", "http://192.168.1.20:8866", None) == ()
    (sentence,) = run.say_network("0.0.0.0", "http://10.0.0.3:8866", None)
    assert "192.168.1.20 (wlp2s0)" in sentence


def test_this_computer_can_be_looked_at() -> None:
    assert {"127.0.0.1", "::1"} <= own_addresses()
    assert {way.address for way in ways_in(interfaces_here())} <= own_addresses()


def test_the_host_of_an_address() -> None:
    assert host_of("http://192.168.1.20:8866") == "192.168.1.20"
    assert host_of("") == ""


class Terminal(io.StringIO):
    """What a terminal is sent."""

    def isatty(self) -> bool:
        return True


def test_the_qr_code_of_a_terminal_is_dark_on_light_whatever_its_colours() -> None:
    terminal, file = Terminal(), io.StringIO()
    for out in (terminal, file):
        print_qr_code("http://192.168.1.20:8866/join/482915", out)
    *rows, last = terminal.getvalue().splitlines()
    assert all(row.startswith("\x1b[97m\x1b[40m") and row.endswith("\x1b[0m") for row in rows)
    assert set(click.unstyle(last)) == {"\u2580"}, "the light border, and below it what the terminal has"
    assert file.getvalue() == ""
