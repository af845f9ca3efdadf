"""The mark of a council: what is kept of a picture, and with which workshops."""

import io
import os
import struct
import zlib
from typing import Any

import pytest
from PIL import Image
from room import make_room
from sqlalchemy import Engine

from npswidgets.errors import NotFound, RuleBroken
from npswidgets.store import mark_image as limits
from npswidgets.store.archive import archive_text, import_archive, stored_archive
from npswidgets.store.mark_image import MarkImage, mark_image
from npswidgets.store.marks import marks, picture, remove_mark, set_mark
from npswidgets.store.workshops import NewWorkshop, create_workshop, discard_rehearsal


def written(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def made_by_hand(width: int, height: int, packed: bytes, *more: bytes) -> bytes:
    """A PNG in RGB that no program would write."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"".join([b"\x89PNG\r\n\x1a\n", head, *more, chunk(b"IDAT", packed), chunk(b"IEND", b"")])


def seen(mark: MarkImage) -> Image.Image:
    image = Image.open(io.BytesIO(mark.png), formats=["PNG"])
    assert image.size == (mark.width, mark.height)
    assert len(mark.png) <= limits.MOST_KEPT_BYTES
    assert image.info == {}, "nothing but the picture is kept"
    return image.convert("RGB")


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), os.urandom(width * height * 3))


BLACK = zlib.compress(b"\0" * 100 * 301)
BOMB = zlib.compress(b"\0" * 50_000_000, 9)
RED = Image.new("RGB", (400, 100), "red")


@pytest.mark.parametrize(
    ("given", "colour"),
    [
        (written(RED), (255, 0, 0)),
        (written(RED, "JPEG", quality=100, subsampling=0), (254, 0, 0)),
        (written(RED.convert("CMYK"), "JPEG", quality=100), (254, 0, 0)),
        (written(RED.convert("P")), (255, 0, 0)),
        (written(Image.new("1", (100, 50))), (0, 0, 0)),
        (written(Image.new("LA", (100, 50), (0, 0))), (255, 255, 255)),
        (written(Image.new("RGBA", (100, 50), (0, 0, 255, 0))), (255, 255, 255)),
        (written(Image.new("P", (100, 50)), transparency=0), (255, 255, 255)),
        (written(RED, save_all=True, append_images=[Image.new("RGB", RED.size, "blue")]), (255, 0, 0)),
        (written(RED) + b"<script>alert(1)</script>PK\x03\x04", (255, 0, 0)),
        (made_by_hand(100, 100, BOMB), (0, 0, 0)),
        (made_by_hand(100, 100, BLACK, chunk(b"tEXt", b"a\0secret") * 10_000), (0, 0, 0)),
    ],
    ids=[
        "png", "jpeg", "cmyk", "palette", "two colours", "grey and clear", "clear", "clear by palette", "animated",
        "polyglot", "packed bomb", "thousands of texts",
    ],
)  # fmt: skip
def test_a_picture_is_drawn_anew_on_white(given: bytes, colour: tuple[int, int, int]) -> None:
    kept = seen(mark_image(given))
    found = kept.getpixel((kept.width // 2, kept.height // 2))
    assert isinstance(found, tuple)
    assert all(abs(one - other) <= 2 for one, other in zip(found, colour, strict=True))
    assert b"script" not in mark_image(given).png
    assert b"secret" not in mark_image(given).png


@pytest.mark.parametrize("size", [(1, 1), (6000, 1), (1, 6000), (2000, 2000), (1200, 300)])
def test_a_picture_of_any_shape_becomes_small(size: tuple[int, int]) -> None:
    kept = seen(mark_image(written(noise(*size) if size[0] * size[1] < 10**6 else Image.new("RGB", size))))
    assert kept.width <= 320
    assert kept.height <= 96


def test_a_photograph_that_was_turned_stands_upright_and_says_nothing_of_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "Town hall, second floor"
    kept = mark_image(written(Image.new("RGB", (200, 100), "blue"), "JPEG", exif=exif))
    assert seen(kept).size == (48, 96)
    assert b"Town hall" not in kept.png


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", limits.NOT_A_PICTURE),
        (b"<?xml version='1.0'?><svg/>", limits.NOT_A_PICTURE),
        (written(RED, "GIF"), limits.NOT_A_PICTURE),
        (written(RED, "BMP"), limits.NOT_A_PICTURE),
        (b"", limits.NOT_A_PICTURE),
        (b"\0" * 1000, limits.NOT_A_PICTURE),
        (b"%PDF-1.7 \x89PNG\r\n\x1a\n", limits.NOT_A_PICTURE),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * limits.MOST_GIVEN_BYTES, limits.TOO_LARGE),
        (made_by_hand(30_000, 30_000, BLACK), limits.TOO_LARGE),
        (made_by_hand(2500, 2000, BLACK), limits.TOO_LARGE),
        (made_by_hand(2**31 - 1, 1, BLACK), limits.TOO_LARGE),
        (b"\x89PNG\r\n\x1a\n", limits.BROKEN),
        (b"\xff\xd8\xff", limits.BROKEN),
        (b"\xff\xd8\xff<svg/>", limits.BROKEN),
        (written(noise(300, 200))[:20_000], limits.BROKEN),
        (written(noise(300, 200), "JPEG")[:9000], limits.BROKEN),
        (made_by_hand(0, 100, BLACK), limits.BROKEN),
        (made_by_hand(100, 100, BLACK, chunk(b"zTXt", b"a\0\0" + BOMB)), limits.BROKEN),
        (made_by_hand(100, 100, BLACK, chunk(b"iCCP", b"a\0\0" + BOMB)), limits.BROKEN),
        (made_by_hand(100, 100, BLACK, chunk(b"iTXt", b"a\0\1\0\0\0" + BOMB)), limits.BROKEN),
    ],
)
def test_whatever_else_is_refused_in_words(given: bytes, says: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        mark_image(given)
    assert str(refused.value) == says


def test_a_mark_is_asked_for_by_what_is_in_it_and_goes_when_it_is_removed(engine: Engine) -> None:
    room = make_room(engine)
    workshop = room.created.workshop
    set_mark(engine, workshop, written(RED))
    first = marks(engine)[workshop]
    set_mark(engine, workshop, written(Image.new("RGB", (96, 96), "blue")))
    second = marks(engine)[workshop]
    assert (second.width, second.height) == (96, 96)
    assert picture(engine, first.digest) is None
    assert (picture(engine, second.digest) or b"").startswith(b"\x89PNG")
    remove_mark(engine, workshop)
    assert (marks(engine), picture(engine, second.digest)) == ({}, None)


def test_what_is_refused_leaves_the_mark_before(engine: Engine) -> None:
    workshop = make_room(engine).created.workshop
    set_mark(engine, workshop, written(RED))
    with pytest.raises(RuleBroken):
        set_mark(engine, workshop, b"<svg/>")
    assert workshop in marks(engine)
    with pytest.raises(NotFound):
        set_mark(engine, "nothing", written(RED))


def test_the_next_workshop_of_the_same_council_has_it_and_no_others(engine: Engine) -> None:
    first = create_workshop(engine, NewWorkshop("Example County Council")).workshop
    set_mark(engine, first, written(RED))
    again = create_workshop(engine, NewWorkshop("Example County Council")).workshop
    other = create_workshop(engine, NewWorkshop("Example Town Council")).workshop
    assert marks(engine)[again] == marks(engine)[first]
    assert other not in marks(engine)
    remove_mark(engine, again)
    assert set(marks(engine)) == {first}


def test_it_is_in_no_saved_workshop_and_changes_nothing_in_it(engine: Engine) -> None:
    workshop = create_workshop(engine, NewWorkshop("Example County Council")).workshop
    before = archive_text(engine, workshop)
    set_mark(engine, workshop, written(RED))
    assert archive_text(engine, workshop) == before
    assert import_archive(engine, stored_archive(engine, workshop)) == workshop
    assert workshop in marks(engine)


def test_it_goes_with_the_workshop(engine: Engine) -> None:
    workshop = create_workshop(engine, NewWorkshop("Example County Council")).workshop
    set_mark(engine, workshop, written(RED))
    copy = create_workshop(engine, NewWorkshop("Example County Council", id=f"{workshop}-rehearsal")).workshop
    assert set(marks(engine)) == {workshop, copy}
    discard_rehearsal(engine, copy)
    assert set(marks(engine)) == {workshop}
