"""What a cell says: as people type it, and so that it comes back as it was."""

import re

from npswidgets.domain.text import cleaned

_ENDS = " \t\n\u00a0\u200b\u2060\ufeff"
_RETURN = re.compile("_x000[dD]_")
"""How Excel keeps the first half of a line break of Windows."""
_BULLET = re.compile(r"[•‣◦▪●○∙·\uf0b7*–—-][ \t\u00a0]+")
_NUMBERED = re.compile(r"\(?([0-9]{1,2})[.)][ \t\u00a0]+")
_POINT, _GOES_ON = "• ", "    "


def raw(text: str) -> str:
    """What was typed, with one kind of line break."""
    return cleaned(_RETURN.sub("", text))


def tidy(text: str) -> str:
    r"""Without what nobody sees at its ends.

    >>> tidy(" Papers help.\r\nOften.\u00a0")
    'Papers help.\nOften.'
    """
    found = raw(text).strip().strip(_ENDS)
    return found if found == found.strip() else tidy(found)


def line(text: str) -> str:
    """The same in one line, for names."""
    return " ".join(tidy(text).split())


def statements(text: str, exact: bool = False) -> tuple[str, ...]:
    r"""The statements in a cell: a line each; where they have bullets, a line without one goes on with the one above.

    >>> statements("• Papers come late.\n• Few have\nread them.\n\n")
    ('Papers come late.', 'Few have read them.')
    """
    lines = raw(text).split("\n")
    if exact and all(one.startswith((_POINT, _GOES_ON)) for one in lines) and text.startswith(_POINT):
        return _exact(lines)
    found: list[str] = []
    lines = _without_numbers([one for one in map(tidy, lines) if one])
    bulleted = bool(lines and _BULLET.match(lines[0]))
    for one in lines:
        said = tidy(_BULLET.sub("", one, count=1)) if _BULLET.match(one) else one
        if bulleted and found and said == one:
            found[-1] += f" {said}"
        elif said:
            found.append(said)
    return tuple(found)


def _without_numbers(lines: list[str]) -> list[str]:
    """The lines without their numbers, where several have all of them from 1 on."""
    numbers = [int(found[1]) for one in lines if (found := _NUMBERED.match(one))]
    if len(lines) < 2 or numbers != list(range(1, len(lines) + 1)):
        return lines
    return [tidy(_NUMBERED.sub("", one, count=1)) for one in lines]


def in_cell(said: tuple[str, ...]) -> tuple[str, bool]:
    """The text of a cell for these statements, and whether it has to be taken exactly as it is."""
    plain = "\n".join(said)
    if statements(plain) == said:
        return plain, False
    return "\n".join(_POINT + one.replace("\n", f"\n{_GOES_ON}") for one in said), True


def _exact(lines: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    for one in lines:
        if one.startswith(_POINT):
            found.append(one.removeprefix(_POINT))
        else:
            found[-1] += "\n" + one.removeprefix(_GOES_ON)
    return tuple(found)
