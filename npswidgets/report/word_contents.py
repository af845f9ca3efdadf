"""Contents and places of a Word file: what leads from one part of a document to another."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from npswidgets.report.layout import Block, Heading

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

LOWEST_LISTED = 2
"""Level of the headings that the contents go down to, as in the PDF."""
_FIELD = f'TOC \\o "1-{LOWEST_LISTED}" \\n \\h \\z'
"""Without the numbers of pages, which Word alone knows: so the contents are right before anybody updates them."""


def anchored(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks; each heading has an anchor."""
    for number, block in enumerate(blocks):
        if isinstance(block, Heading) and not block.anchor:
            yield replace(block, anchor=f"block-{number}")
        else:
            yield block


def places(blocks: Iterable[Block]) -> dict[str, str]:
    """Anchors of headings with the names that a Word file knows them by: at most 40 letters, digits and "_"."""
    anchors = dict.fromkeys(block.anchor for block in blocks if isinstance(block, Heading))
    return {anchor: f"_Place{number}" for number, anchor in enumerate(anchors, 1)}


def add_contents(word: "WordDocument", headings: Iterable[Heading], known: Mapping[str, str]) -> None:
    """A list of the headings, each a link; Word makes it again where somebody edits the document and asks for it."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    listed = [one for one in headings if one.listed and one.level <= LOWEST_LISTED]
    if not listed:
        return
    _prepare(word)
    word.add_paragraph("Contents", style="TOC Heading")
    begin = f'{_mark("begin")}<w:r><w:instrText xml:space="preserve"> {escape(_FIELD)} </w:instrText></w:r>'
    last = len(listed) - 1
    for at, one in enumerate(listed):
        paragraph = parse_xml(
            f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="TOC{one.level}"/></w:pPr>'
            f"{begin + _mark('separate') if at == 0 else ''}"
            f'<w:hyperlink w:anchor={quoteattr(known[one.anchor])} w:history="1">'
            f'<w:r><w:t xml:space="preserve">{escape(one.text)}</w:t></w:r></w:hyperlink>'
            f"{_mark('end') if at == last else ''}</w:p>"
        )
        word.element.body.insert_element_before(paragraph, "w:sectPr")


def mark_place(heading: Any, name: str) -> None:
    """Makes a heading a place that links lead to."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    number = name.removeprefix("_Place")
    first = heading._p.r_lst[0] if heading._p.r_lst else None
    start = parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{name}"/>')
    heading._p.append(start) if first is None else first.addprevious(start)
    heading._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _prepare(word: "WordDocument") -> None:
    """The styles of the entries, which lie further in for each level; the heading of the contents is in our font."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt

    for level in range(1, LOWEST_LISTED + 1):
        style: Any = word.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        style.element.set(_style_id(), f"TOC{level}")
        style.base_style = word.styles["Normal"]
        style.paragraph_format.left_indent = Cm(0.6 * (level - 1))
        style.paragraph_format.space_after = Pt(2)


def _style_id() -> str:
    from docx.oxml.ns import qn

    return qn("w:styleId")
