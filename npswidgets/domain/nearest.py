"""What somebody may have meant who gave a name or an id that there is not."""

from collections.abc import Iterable
from difflib import get_close_matches

from npswidgets.errors import UnknownName

LONGEST = 80
"""Characters of a name in an error."""


def shown(text: object) -> str:
    r"""A text that somebody gave as an error quotes it: cut where it is long, with marks that nobody sees as escapes.

    >>> shown("re\u00a0porting")
    're\\xa0porting'
    """
    said = str(text)
    cut = said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in cut)


def nearest(wanted: object, known: Iterable[str]) -> str:
    """A question to add to an error, with the name that is most like the wanted one; empty if none is like it.

    >>> nearest("Reportin", ["reporting", "targets"])
    ' Did you mean “reporting”?'
    """
    by_look: dict[str, str] = {}
    for one in known:
        by_look.setdefault(one.casefold(), one)
    found = get_close_matches(str(wanted)[:LONGEST].strip().casefold(), by_look, n=1)
    return f" Did you mean “{by_look[found[0]]}”?" if found else ""


def unknown(what: str, wanted: object, known: Iterable[str]) -> UnknownName:
    """The error for a name that there is not: what it should be, and which is most like it, or all if they are few.

    >>> print(unknown("theme", "reportin", ["reporting", "targets"]))
    There is no theme “reportin”. Did you mean “reporting”?
    """
    names = list(known)
    few = f" There is: {', '.join(names)}." if 0 < len(names) <= 12 else ""
    return UnknownName(f"There is no {what} “{shown(wanted)}”.{nearest(wanted, names) or few}")


def no_attribute(of: str, wanted: str, known: Iterable[str]) -> AttributeError:
    """The error for an attribute that there is not; one that begins with a line is no name that somebody meant."""
    return AttributeError(f"{of} has no “{shown(wanted)}”.{'' if wanted.startswith('_') else nearest(wanted, known)}")
