"""Letters that the fonts of our PDFs lack: they stand as boxes there, so that the export has to say which they are."""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, islice
from typing import Any

from npswidgets.report.typesetting import fonts_folder

MOST_NAMED = 12
SURE = frozenset(map(chr, chain(range(0x20, 0x7F), range(0xA0, 0x250)))) | frozenset("–—‘’“”•…")
"""Letters of Western and Central Europe with the marks that our own sentences have. All faces have them: most texts are
told without opening a font."""
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"}
_SELECTORS = range(0xFE00, 0xFE10)


def missing_letters(texts: Iterable[str]) -> tuple[str, ...]:
    """The letters that no font of a PDF has, each once, in their order. What draws nothing is none of them.

    >>> missing_letters(["Ynys Môn, Łódź, Αθήνα, Київ, القاهرة", "漢字, 漢"])
    ('字', '漢')
    """
    letters = set().union(*(set(text) for text in texts if not text.isascii())) - SURE
    return tuple(sorted(letter for letter in letters if _is_seen(letter) and not _is_there(letter)))


def texts_in(values: Any) -> Iterator[str]:
    """Every text in lists and dictionaries, however deep."""
    found = [values]
    while found:
        one = found.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict | list | tuple):
            found.extend(one.values() if isinstance(one, dict) else one)


def say_missing(letters: tuple[str, ...]) -> str:
    """A sentence about letters that a PDF lacks; empty for none."""
    if not letters:
        return ""
    named = ", ".join(f"{one} (U+{ord(one):04X})" for one in islice(letters, MOST_NAMED))
    more = f" and {len(letters) - MOST_NAMED} more" if len(letters) > MOST_NAMED else ""
    return (
        f"The fonts of PDFs lack these characters, which stand there as boxes: {named}{more}. Other formats show them."
    )


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in _UNSEEN and ord(letter) not in _SELECTORS


def _is_there(letter: str) -> bool:
    return unicodedata.category(letter) != "Co" and ord(letter) in _known()


@cache
def _known() -> frozenset[int]:
    """What DejaVu Sans has, in which PDFs are set, in all its faces: a bold letter may not be where a plain one is."""
    from matplotlib.ft2font import FT2Font

    faces = (FT2Font(str(fonts_folder() / f"DejaVuSans{face}.ttf")).get_charmap() for face in ("", "-Bold"))
    return frozenset.intersection(*map(frozenset, faces))
