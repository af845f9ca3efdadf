"""Texts as they are stored: people see all that is in them, and no database, file or terminal trips over them.

What Arabic, Hebrew, Indian scripts and joined emoji need stays: joiners, marks of direction, variation selectors, tags.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

_T = TypeVar("_T")

BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\U0001d159"
"""Letters, marks and symbols that are drawn as nothing."""

_LAST_TWO = "".join(map(chr, (plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF))))
"""No characters in any plane; XML, and so Word and Excel, refuse some of them."""

_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_TURNING = "\u202a-\u202e\u2066-\u2069"
_HALVES = "\ud800-\udfff"
_OTHERS = f"\ufdd0-\ufdef\ufeff\ufff9-\ufffb{_LAST_TWO}"

_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NOT_STORED = re.compile(f"[{_CONTROLS}{_TURNING}{_HALVES}{_OTHERS}]")
_NOT_PRINTED = re.compile(f"[{_CONTROLS}{_TURNING}{_HALVES}{_OTHERS}\u2028\u2029]")
_HALF = re.compile(f"[{_HALVES}]")
_TURNS = re.compile(f"[{_TURNING}]")


def cleaned(text: str) -> str:
    r"""The text without what nobody sees and much trips over; each kind of line break is a line feed.

    Taken out are control characters but tab and line feed, the controls that turn a line around (U+202A to U+202E,
    U+2066 to U+2069), half emoji, byte order marks, interlinear annotation, and what is no character. The page does the
    same (`asStored` in base.js), so that it knows its own text again.

    >>> cleaned("Spend\x00 on\r\nstone\u202e")
    'Spend on\nstone'
    """
    return _NOT_STORED.sub("", _BREAK.sub("\n", _joined(text)))


def cleaned_line(text: str) -> str:
    r"""The same in one line, with single spaces.

    >>> cleaned_line(" Head\tof\r\nprocurement ")
    'Head of procurement'
    """
    return " ".join(cleaned(text).split())


def cleaned_all(value: _T) -> _T:
    """The same value with every text in it cleaned, for what is made of a record from before; dataclasses as well."""
    same: _T = _map_texts(value, cleaned)
    return same


def turns_the_line(text: str) -> bool:
    """Whether it holds a control that turns around what stands beside it."""
    return bool(_TURNS.search(text))


def printable(text: str) -> str:
    r"""The text with escapes in place of all that could control a terminal or turn its lines; line breaks stay.

    >>> print(printable("\x1b[2J\u202egnp"))
    \x1b[2J\u202egnp
    """
    return _NOT_PRINTED.sub(lambda found: _escape(found[0]), text)


def with_unseen_named(text: str) -> str:
    r"""The text with its name in place of each blank that is no plain space, and of all else that nobody sees.

    >>> with_unseen_named("id\u00a0\u200b")
    'id<no-break space, U+00A0><zero width space, U+200B>'
    """
    return "".join(_name(one) if _is_unseen(one) else one for one in text)


def _is_unseen(character: str) -> bool:
    drawn = unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp", "Zs") and character not in BLANKS
    return not drawn and character not in " \t\n"


def _name(character: str) -> str:
    return f"<{unicodedata.name(character, 'control character').lower()}, U+{ord(character):04X}>"


def printable_json(text: str) -> str:
    """JSON that says the same and controls no terminal."""
    return _NOT_PRINTED.sub(lambda found: "".join(f"\\u{unit:04x}" for unit in _units(found[0])), text)


def without_halves(text: str) -> str:
    """The text without half emoji, which no encoding has."""
    return _HALF.sub("", _joined(text))


def _joined(text: str) -> str:
    """Two halves of an emoji that stand behind each other are one."""
    return re.sub("[\ud800-\udbff][\udc00-\udfff]", lambda pair: _of_units(pair[0]), text)


def _of_units(pair: str) -> str:
    return pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _units(character: str) -> tuple[int, ...]:
    raw = character.encode("utf-16-be", "surrogatepass")
    return tuple(int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2))


def _escape(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _map_texts(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case tuple() | list():
            return type(value)(_map_texts(one, change) for one in value)
        case dict():
            return {_map_texts(key, change): _map_texts(one, change) for key, one in value.items()}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    parts = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
    return replace(value, **{name: _map_texts(part, change) for name, part in parts.items()})
