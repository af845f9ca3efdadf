"""Which of this computer's networks phones can be in: the names and kinds that are virtual or a VPN are left out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from socket import AF_INET

VIRTUAL = re.compile(
    r"""(lo\d*$|docker|podman|cni|flannel|cali|veth(?!ernet)|br-|virbr|vnet|vmnet|vmenet|vboxnet|lxc|lxdbr|incusbr|ifb|dummy
    |tun|tap|utun|wg|ppp|ipsec|tailscale|zt|nordlynx|gpd|awdl|llw|anpi|ap\d$
    |loopback|npcap|bluetooth|bnep|vethernet\ \((wsl|default\ switch)|virtualbox|vmware|zerotier
    |(.*\b(vpn|wireguard|tap-windows|anyconnect|globalprotect|fortinet|fortissl|zscaler)\b))""",
    re.IGNORECASE | re.VERBOSE,
)
"""How the interfaces of containers, virtual machines, VPNs and links between devices are called on the three systems.

Not among them: `bridge100` and `Local Area Connection* 2`, over which macOS and Windows share a network with phones.
"""
VIRTUAL_HARDWARE = ("0a0027", "005056c0", "00ff")
"""How hardware addresses begin that VirtualBox, VMware and TAP-Windows give to this computer's own end."""
WITHOUT_PHONES = [ip_network(one) for one in ("127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10", "198.18.0.0/15")]
"""This computer itself, no answer from a router, and two ranges that VPNs use."""


@dataclass(frozen=True)
class Interface:
    """One of this computer's networks.

    Attributes:
        addresses: with the length of the network, such as "192.168.1.20/24".
        hardware: its hardware address, however it is written; empty for none.
        point_to_point: the other end is one machine.
    """

    name: str
    addresses: tuple[str, ...]
    up: bool = True
    hardware: str = ""
    point_to_point: bool = False


@dataclass(frozen=True)
class Way:
    """An address that phones may reach, and the interface that it belongs to."""

    interface: str
    address: str

    def __str__(self) -> str:
        return f"{self.address} ({self.interface})"


def ways_in(interfaces: Iterable[Interface]) -> tuple[Way, ...]:
    """The IPv4 addresses that phones in the same network can reach, in the order of the interfaces; () for none."""
    return tuple(
        Way(one.name, address.partition("/")[0])
        for one in interfaces
        if _is_real(one)
        for address in one.addresses
        if _takes_phones(address)
    )


def interfaces_here() -> tuple[Interface, ...]:
    """The networks of this computer."""
    import psutil  # the command needs it only where somebody serves

    states = psutil.net_if_stats()
    found = []
    for name, addresses in psutil.net_if_addrs().items():
        state = states.get(name)
        hardware = [one.address for one in addresses if one.family == psutil.AF_LINK]
        in_use = [f"{one.address}/{one.netmask or 32}" for one in addresses if one.family == AF_INET]
        flags = state.flags.split(",") if state else []
        up = state is not None and state.isup
        found.append(Interface(name, tuple(in_use), up, "".join(hardware[:1]), "pointopoint" in flags))
    return tuple(found)


def own_addresses() -> frozenset[str]:
    """Every IPv4 and IPv6 address of this computer, its loopback too."""
    import psutil

    every = [one for addresses in psutil.net_if_addrs().values() for one in addresses if one.family != psutil.AF_LINK]
    return frozenset({"127.0.0.1", "::1", *(one.address.partition("%")[0] for one in every)})


def _is_real(interface: Interface) -> bool:
    hardware = re.sub(r"[^0-9a-f]", "", interface.hardware.lower())
    virtual = VIRTUAL.match(interface.name) or hardware.startswith(VIRTUAL_HARDWARE)
    return interface.up and not interface.point_to_point and not virtual


def _takes_phones(address: str) -> bool:
    """Whether other devices may be in the network of an address: a network of one address is a VPN's."""
    host = ip_address(address.partition("/")[0])
    alone = ip_network(address, strict=False).num_addresses == 1
    inside = any(host in network for network in WITHOUT_PHONES)
    return isinstance(host, IPv4Address) and not alone and not inside
