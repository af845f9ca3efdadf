"""How a host is written in a header, and how one is told from another."""

import re
from ipaddress import IPv6Address, ip_address

HOST = re.compile(r"(\[?(?P<address>[0-9a-f]*:[0-9a-f:.]*)(%[\w%.-]*)?\]?|(?P<name>[\w.-]+))(:\d*)?", re.ASCII)
"""A host as its header names it; an IPv6 address has brackets there, and none where this computer names its own."""


def plain_host(host: str) -> str:
    """The host without port, brackets, zone and final dot, in lower case, an address in its usual form; empty for none.

    >>> plain_host("Laptop.Local.:8866"), plain_host("[FE80:0::1%25eth0]:8866"), plain_host("[::ffff:10.0.0.2]")
    ('laptop.local', 'fe80::1', '10.0.0.2')
    """
    parts = HOST.fullmatch(host.strip().lower())
    if parts is None:
        return ""
    name = parts["address"] or parts["name"].removesuffix(".")
    try:
        address = ip_address(name)
    except ValueError:
        return name
    return str((isinstance(address, IPv6Address) and address.ipv4_mapped) or address)
