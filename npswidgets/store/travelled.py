"""What becomes of a saved workshop on its way to somebody: what programs do to its lines, and what is another file.

Lines are put together again whichever way they were broken; the digests say afterwards whether a word was changed.
"""

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

TRAVELLED = "How its lines begin and end was changed on the way, by a mail program perhaps. No word of it was."
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANKS = " \t\u00a0"
_MARK = "\ufeff"
MOST_LOOKED_AT = 4_000
_UNPACK = "Unpack it, then open the file in it that ends in .jsonl."
_BESIDE = "Open the file of the same name that ends in .jsonl."
_OFFICE = b"[Content_Types].xml"
_OTHERS = (
    (b"PK", "a ZIP file", _UNPACK),
    *((begins, "a packed file", _UNPACK) for begins in (b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")),
    (b"%PDF", "a PDF", _BESIDE),
    (b"<!DOCTYPE html", "a page", _BESIDE),
    (b"SQLite format 3", "a database", "Save a workshop out of it: nps-workshop archive WORKSHOP."),
)
"""With which bytes other files begin that people have, what they are, and what to do."""


def say_other(data: bytes) -> str:
    """What the file is in place of a saved workshop, and what to do; empty where nobody knows."""
    if not data.strip(b"\0 \r\n\t" + codecs.BOM_UTF8):
        return "this file is empty. Choose another copy of it."
    if data.startswith(b"PK") and _OFFICE in data[:MOST_LOOKED_AT]:
        return f"this is a Word or Excel file, not a saved workshop. {_BESIDE}"
    found = ((kind, now) for begins, kind, now in _OTHERS if data.startswith(begins))
    return next((f"this is {kind}, not a saved workshop. {now}" for kind, now in found), "")


def text_of(data: bytes) -> str:
    """The text, also where a program saved it in the way of older Windows programs.

    Raises:
        UnicodeDecodeError: it is none.
    """
    utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.decode("utf-16" if utf_16 else "utf-8").lstrip(_MARK)


def lines_in(text: str) -> list[str]:
    """The lines that hold something, without what a program left at their ends."""
    return [line for line in (line.rstrip(_BLANKS) for line in _LINE_END.split(text)) if line]


def put_together(text: str) -> Iterator[list[str]]:
    """The lines as they may have been before a program broke long ones; nothing where none was broken.

    Each is an object of JSON, and within one no object follows another without a comma.
    """
    pieces = [piece for piece in _LINE_END.split(text) if piece]
    whole: list[list[str]] = [pieces[:1]]
    for before, piece in pairwise(pieces):
        if before.rstrip(_BLANKS).endswith("}") and piece.lstrip(_BLANKS).startswith('{"'):
            whole.append([piece])
        else:
            whole[-1].append(piece)
    if len(whole) < len(pieces):
        yield from ([way(line) for line in whole] for way in _WAYS)


_WAYS: tuple[Callable[[Sequence[str]], str], ...] = (
    lambda pieces: "".join(pieces).rstrip(_BLANKS),
    lambda pieces: "".join(piece.removeprefix(" ") for piece in pieces).rstrip(_BLANKS),
    lambda pieces: " ".join(piece.strip(_BLANKS) for piece in pieces),
)
"""Broken anywhere; with a blank before what follows; at a blank, which is gone."""
