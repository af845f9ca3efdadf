"""What people added to the session notebook, as blocks for PDF and Word."""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO

from bs4 import BeautifulSoup, Tag
from nbformat import NotebookNode

from npswidgets.report.added import additions
from npswidgets.report.layout import Addition, Block, Bullets, Heading, Paragraph, Picture, Table

ELSEWHERE = "(a picture that only the HTML report shows)"


def added_blocks(notebook: NotebookNode) -> tuple[Block, ...]:
    """Everything that was added. Emphasis and addresses of links are left out; their words stay."""
    return tuple(block for one in additions(notebook) for block in _blocks(one))


def _blocks(one: Addition) -> Iterator[Block]:
    if one.kind == "html":
        for part in BeautifulSoup(one.content, "html.parser").children:
            yield from _of_part(part) if isinstance(part, Tag) else _paragraph(str(part))
    elif one.kind == "picture":
        yield _picture(one.content, one.alt)
    else:
        yield Paragraph(one.content, "typed")


def _of_part(part: Tag) -> Iterator[Block]:
    if part.name in ("h1", "h2", "h3", "h4", "h5", "h6"):
        yield Heading(2, part.get_text(" ", strip=True))
    elif part.name in ("ul", "ol"):
        yield Bullets(tuple(item.get_text(" ", strip=True) for item in part.find_all("li")))
    elif part.name == "table":
        yield from _table(part)
    else:
        yield from _paragraph(part.get_text())
    yield from (_picture(str(image["src"]), str(image.get("alt", ""))) for image in part.find_all("img"))


def _paragraph(text: str) -> Iterator[Block]:
    if text.strip():
        yield Paragraph(text.strip(), "typed")


def _table(part: Tag) -> Iterator[Block]:
    rows = [tuple(cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])) for row in part.find_all("tr")]
    head, *body = rows
    even = [(*row, *("",) * (len(head) - len(row)))[: len(head)] for row in body]
    yield Table("Added table", head, tuple(even), (1,) * len(head))


def _picture(address: str, alt: str) -> Block:
    """The picture if it is a sound PNG or JPEG; else its words."""
    from PIL import Image

    kind, _, packed = address.partition(";base64,")
    alt = alt or "A picture from the notebook"
    if kind not in ("data:image/png", "data:image/jpeg"):
        return Paragraph(f"{alt} {ELSEWHERE}", "quiet")
    try:
        data = b64decode(packed)
        with Image.open(BytesIO(data)) as image:
            image.load()
    except (OSError, ValueError, SyntaxError):
        return Paragraph(f"{alt} {ELSEWHERE}", "quiet")
    return Picture(alt, data=data)
