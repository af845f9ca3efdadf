"""Addresses of pages and of mail in what people typed. Every format makes links of them; the target stays in sight."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_ADDRESS = re.compile(r"\b(?:https?://|mailto:)[^\s<>\"“”\\^`{|}]+", re.IGNORECASE)
_ENDS = ".,;:!?'’*_…"
_BRACKETS = {")": "(", "]": "["}
LONGEST_ADDRESS = 2_000
"""Characters of an address that all formats can hold; a longer one stays text."""


class Piece(NamedTuple):
    """A part of a text; `linked` if it is an address."""

    text: str
    linked: bool


def pieces(text: str) -> Iterator[Piece]:
    """The parts of a text, which together are the text.

    What ends a sentence or closes a bracket that was opened before the address is not part of it.
    """
    start = 0
    for found in _ADDRESS.finditer(text):
        address = _trimmed(found[0])
        if address.partition(":")[2].strip("/") and len(address) <= LONGEST_ADDRESS:
            if found.start() > start:
                yield Piece(text[start : found.start()], linked=False)
            yield Piece(address, linked=True)
            start = found.start() + len(address)
    if start < len(text):
        yield Piece(text[start:], linked=False)


def addresses(text: str) -> list[str]:
    """The addresses in a text, in their order."""
    return [piece.text for piece in pieces(text) if piece.linked]


def _trimmed(address: str) -> str:
    while address[-1] in _ENDS or (address[-1] in _BRACKETS and _opened_before(address)):
        address = address[:-1]
    return address


def _opened_before(address: str) -> bool:
    closing = address[-1]
    return address.count(closing) > address.count(_BRACKETS[closing])
