"""Names of people, councils, departments and sessions: what is one, and which two look alike."""

import re
import unicodedata
from collections.abc import Collection
from html import unescape
from itertools import count

from npswidgets.domain.text import BLANKS, cleaned_line, turns_the_line
from npswidgets.errors import RuleBroken

LONGEST_NAME = 100

NO_NAME = "Enter your name"
TURNED = "Enter your name without the invisible characters that turn a line around"

_UNSPOKEN = re.compile("['\u2018\u2019\u201b\u02b9\u02bc\u2032\u00b4\uff07`.]")
_AND = re.compile("[&+]")
_SELECTORS = "\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_NUMBER = re.compile(r" \([0-9]+\)$")
_DRAWN_AS_NOTHING = re.compile(f"[{BLANKS}{_SELECTORS}]")


def name_of_person(typed: str | None) -> str:
    """The name as it is kept: in one line, composed (NFC), without what nobody sees.

    >>> name_of_person("  Anna   Bell ")
    'Anna Bell'

    Raises:
        RuleBroken: nobody could see it, it turns the line around, or it is too long; for the field where it was typed.
    """
    if turns_the_line(typed or ""):
        raise RuleBroken(TURNED)
    name = composed(typed or "")
    if not is_visible(name):
        raise RuleBroken(NO_NAME)
    if len(name) > LONGEST_NAME:
        raise RuleBroken(f"Shorten your name to {LONGEST_NAME} characters. It has {len(name)}.")
    return name


def told_apart(name: str, others: Collection[str]) -> str:
    """The name, with a number behind it where it looks like another one: "Anna (2)"."""
    taken = {looks(other) for other in others}
    numbered = (f"{name} ({number})" for number in count(2))
    return name if looks(name) not in taken else next(one for one in numbered if looks(one) not in taken)


def as_typed(name: str) -> str:
    """The name without the number that tells it apart.

    >>> as_typed("Anna (2)")
    'Anna'
    """
    return _NUMBER.sub("", name)


def composed(typed: str) -> str:
    """A name in one line, its letters composed with their accents, so that equal names are equal texts."""
    return cleaned_line(unicodedata.normalize("NFC", cleaned_line(typed)))


def is_visible(name: str) -> bool:
    r"""Whether there is a letter, a digit or a picture that people can see; a name of an emoji is one.

    >>> is_visible("\u3164\u200b \u0301"), is_visible("\U0001f98a")
    (False, True)
    """
    return any(unicodedata.category(one)[0] in "LN" or unicodedata.category(one) == "So" for one in _drawn(name))


def looks(name: str) -> str:
    """What two names have in common that people cannot tell apart: case, width, spaces and what is invisible aside."""
    return unicodedata.normalize("NFKC", " ".join(_drawn(unicodedata.normalize("NFKC", name)).split()).casefold())


def council_key(name: str) -> str:
    """The same for two names of one council: what `looks` leaves aside, quotes, dashes, other marks, "&" and "and".

    >>> council_key("King\u2019s Lynn & West Norfolk") == council_key("kings lynn and west-norfolk")
    True
    """
    seen = looks(_UNSPOKEN.sub("", unescape(name)))  # which knows other forms of "&", too
    return " ".join("".join(map(_spoken, _AND.sub(" and ", seen))).split())


def _spoken(character: str) -> str:
    """Letters, accents and figures as they are, else a space."""
    return " " if unicodedata.category(character)[0] in "PZSC" else character


def _drawn(name: str) -> str:
    """What of a name is drawn."""
    rest = _DRAWN_AS_NOTHING.sub("", name)
    return "".join(one for one in rest if unicodedata.category(one) not in ("Cf", "Cc", "Cs"))
