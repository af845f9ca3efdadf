"""The guidance of a diagnostic with the headings and lists that its plain text had: sources print no marks for them."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from npswidgets.report.layout import Block, Bullets, Heading, Paragraph

LONGEST_HEADING = 60
_ENDS = (".", ":", ";", "?", "!", ",")
_BLANK_LINE = re.compile(r"\n\s*\n")


def guidance_blocks(text: str) -> Iterator[Block]:
    """Paragraphs, which blank lines part; headings of level 2; lists.

    A list follows a colon: two or more paragraphs without an end, all of which begin with a capital, or none. A heading
    is another paragraph without an end that is short and followed by something.
    """
    paragraphs = [part.strip() for part in _BLANK_LINE.split(text) if part.strip()]
    at = 0
    while at < len(paragraphs):
        one, after = paragraphs[at], paragraphs[at + 1 :]
        items = _items(after) if one.endswith(":") else ()
        if _is_open(one) and len(one) <= LONGEST_HEADING and after:
            yield Heading(2, one, listed=False)
        else:
            yield Paragraph(one, with_next=bool(items))
        if items:
            yield Bullets(items)
        at += 1 + len(items)


def _items(after: Sequence[str]) -> tuple[str, ...]:
    """The list with which these paragraphs begin; one alone is none."""
    found = tuple(takewhile(lambda one: _is_open(one) and one[0].isupper() == after[0][0].isupper(), after))
    return found if len(found) > 1 else ()


def _is_open(paragraph: str) -> bool:
    return not paragraph.endswith(_ENDS)
