"""Which hosts the server answers for: its own, whatever network the laptop is in by now."""

import pytest

from npswidgets.server.pages.hosts import LOOK_SECONDS, Hosts


class Laptop:
    """A computer in a network, with a clock that is turned by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, more: str = "") -> None:
        monkeypatch.setenv("NPS_HOSTS", more)
        self.now, self.looks = 0.0, 0
        self.addresses = frozenset({"127.0.0.1", "::1", "192.168.1.20", "fe80::aaaa"})
        self.hosts = Hosts(
            ("0.0.0.0", "nps.council.gov.uk"), self.look, lambda: "Annas-Laptop.council.local", lambda: self.now
        )

    def look(self) -> frozenset[str]:
        self.looks += 1
        return self.addresses


@pytest.fixture
def laptop(monkeypatch: pytest.MonkeyPatch) -> Laptop:
    return Laptop(monkeypatch)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost.:8866",
        "127.0.0.1:8866",
        "127.0.0.2",
        "[::1]:8866",
        "192.168.1.20:8866",
        "192.168.1.20.",
        "[FE80:0:0::AAAA%25wlan0]:8866",
        "[fe80::aaaa%wlan0]",
        "[::ffff:192.168.1.20]:8866",
        "nps.council.gov.uk",
        "NPS.council.gov.uk.:443",
        "annas-laptop",
        "Annas-Laptop.local:8866",
        "annas-laptop.council.local",
    ],
)
def test_its_own_names_and_addresses_are_known(laptop: Laptop, host: str) -> None:
    assert laptop.hosts.knows(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.168.1.20.evil.example:8866",
        "192.168.1.21",
        "[fe80::bbbb]:8866",
        "evil.example%localhost",
        "annas-laptop.evil.example",
        "localhost:8866:evil.example",
        "[",
        "[localhost",
        "user@localhost",
        ".",
        ".local",
        "0xc0a80114",
        "3232235796",
        "0.0.0.0:8866",
        "[::]",
        "127.0.0.1@evil.example",
        "evil.example\n",
        "\xff\xfe",
    ],
)
def test_foreign_names_and_addresses_are_not(laptop: Laptop, host: str) -> None:
    assert not laptop.hosts.knows(host)


def test_a_laptop_in_another_network_goes_on(laptop: Laptop) -> None:
    assert not laptop.hosts.knows("10.0.0.7")
    laptop.addresses = frozenset({"10.0.0.7"})
    laptop.now += LOOK_SECONDS
    assert laptop.hosts.knows("10.0.0.7:8866")
    assert not laptop.hosts.knows("192.168.1.20")


def test_foreign_names_make_it_look_once_a_second(laptop: Laptop) -> None:
    for number in range(1000):
        laptop.hosts.knows(f"{number}.evil.example")
    assert laptop.looks == 1


def test_the_operator_can_name_more(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts = Laptop(monkeypatch, "Laptop.fritz.box other.example").hosts
    assert hosts.knows("laptop.fritz.box:8866")
    assert hosts.knows("other.example")
    assert not hosts.knows("fritz.box")
