"""A council's mark as it is kept: whatever picture was given is drawn anew, and small.

Nothing else of the given file goes to anybody: no name, metadata, second picture, or what stands behind the first one.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from npswidgets.errors import RuleBroken

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_GIVEN_BYTES = 2_000_000
MOST_GIVEN_PIXELS = 4_000_000
"""Looked at before any of the picture is unpacked: 16 MB in memory."""

LONGEST_SIDE = 6000
KEPT_SIZES = (320, 96), (240, 72), (160, 48)
"""The largest first: twice as large as pages show it, for screens that are twice as fine."""

MOST_KEPT_BYTES = 6000
"""It is loaded by each phone that joins, whose page weighs 40 KB."""

KEPT_COLOURS = (None, 64, 16)
KINDS = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
"""By their first bytes; a file's name says nothing."""

NOT_A_PICTURE = "The file is not a PNG or JPEG picture. Save the mark as one of these, then choose it again."
TOO_LARGE = "The picture is too large. Save it smaller, at most 2,000 pixels wide and 2 MB, then choose it again."
BROKEN = "The picture cannot be read: the file is damaged, or not whole. Save it once more, then choose it again."


@dataclass(frozen=True)
class MarkImage:
    """A mark to keep.

    Attributes:
        png: without transparency, so that it is seen on any ground as it was on white.
    """

    png: bytes
    width: int
    height: int


def mark_image(given: bytes) -> MarkImage:
    """The mark that is kept of a picture.

    Raises:
        RuleBroken: it is no picture, or too large; says what to do.
    """
    if len(given) > MOST_GIVEN_BYTES:
        raise RuleBroken(TOO_LARGE)
    kind = next((kind for start, kind in KINDS.items() if given.startswith(start)), None)
    if kind is None:
        raise RuleBroken(NOT_A_PICTURE)
    from PIL import Image, ImageOps

    with _in_words():
        picture = Image.open(io.BytesIO(given), formats=[kind])
        if max(picture.size) > LONGEST_SIDE or picture.width * picture.height > MOST_GIVEN_PIXELS:
            raise RuleBroken(TOO_LARGE)
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        return _smallest(_on_white(upright))


@contextmanager
def _in_words() -> Iterator[None]:
    """What the library raises for a file that was made to break it, as one error in words."""
    from PIL import Image

    try:
        yield
    except RuleBroken:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RuleBroken(TOO_LARGE) from error
    except Exception as error:  # whatever a damaged file brings about
        raise RuleBroken(BROKEN) from error


def _on_white(picture: "Image") -> "Image":
    from PIL import Image

    seen = picture.convert("RGBA")
    ground = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(ground, seen).convert("RGB")


def _smallest(picture: "Image") -> MarkImage:
    """The picture as large, then in as many colours, as `MOST_KEPT_BYTES` allow."""
    made = None
    for size in KEPT_SIZES:
        small = picture.copy()
        small.thumbnail(size)
        for colours in KEPT_COLOURS:
            made = MarkImage(_png(small.quantize(colours) if colours else small), *small.size)
            if len(made.png) <= MOST_KEPT_BYTES:
                return made
    assert made
    return made


def _png(picture: "Image") -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
