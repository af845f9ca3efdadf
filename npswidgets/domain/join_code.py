"""The code that people type to join: how it is made, read, shown, and found in a text that it must not stay in."""

from collections.abc import Callable

DIGITS = 6
_HALF = DIGITS // 2

PATTERN = rf"\b\d{{{DIGITS}}}\b"
"""A join code in a text, as a regular expression: logs leave out what it finds."""

ASKED = f"the workshop code, {DIGITS} numbers"
"""What people are to enter."""


def new_code(below: Callable[[int], int]) -> str:
    """A code by lot, which does not begin with 0.

    Args:
        below: gives a number from 0 to below its argument, such as `secrets.randbelow`.

    >>> new_code(lambda numbers: 0), new_code(lambda numbers: numbers - 1)
    ('100000', '999999')
    """
    least = 10 ** (DIGITS - 1)
    return str(least + below(9 * least))


def digits_of(typed: str) -> str:
    """The digits alone of what was typed, as 0 to 9 whatever the phone's keyboard writes.

    >>> digits_of(" 482-915 ")
    '482915'
    """
    return "".join(str(int(one)) for one in typed if one.isdecimal())


def is_code(digits: str) -> bool:
    """Whether there are as many digits as a code has."""
    return len(digits) == DIGITS


def grouped(code: str) -> str:
    """The code as people read it; empty for none.

    >>> grouped("482915")
    '482 915'
    """
    return f"{code[:_HALF]} {code[_HALF:]}".strip()
