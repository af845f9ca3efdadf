"""Documents as Word files, with real headings and header rows, for councils that edit their report."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from io import BytesIO
from textwrap import shorten
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from npswidgets.domain.days import say_day
from npswidgets.report.addresses import pieces
from npswidgets.report.contents import Report
from npswidgets.report.layout import (
    LONGEST_FOOT,
    Block,
    Bullets,
    Document,
    Facts,
    Heading,
    NewPage,
    Paragraph,
    Picture,
    Table,
    on_paper,
)
from npswidgets.report.layout_report import report_document
from npswidgets.report.word_contents import add_contents, anchored, mark_place, places
from npswidgets.report.word_table import parse_table

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

WIDTH_CM = 17.0
TALLEST_CM = 23.0
"""A picture on one page with its heading and its sentence; Word cuts off what is taller than a page."""
LINK_STYLE = "Hyperlink"
LONGEST_PROPERTY = 255
"""Characters that Word holds in a property of a file."""

_AIR = {"top": 50, "left": 80, "bottom": 50, "right": 80}


def word_report(report: Report, added: Sequence[Block] = ()) -> bytes:
    """The Word file of a report; `added` is what people added to the session notebook."""
    return to_word(report_document(report, added))


def to_word(document: Document) -> bytes:
    """The document as a Word file. The same document gives the same bytes."""
    import docx

    word = docx.Document()
    _prepare(word, document)
    word.add_paragraph(f"{document.author}, {say_day(date.fromisoformat(document.day))}", style="Subtitle")
    word.add_paragraph(document.title, style="Title")
    _facts(word, document.facts)
    blocks = tuple(anchored(on_paper(document.blocks)))
    known = places(blocks)
    if document.contents:
        add_contents(word, (one for one in blocks if isinstance(one, Heading)), known)
    for before, block in zip((None, *blocks), blocks, strict=False):
        if isinstance(block, Heading):
            heading = word.add_heading(block.text, block.level)
            heading.paragraph_format.page_break_before = isinstance(before, NewPage)
            mark_place(heading, known[block.anchor])
        else:
            _add(word, block, known)
    buffer = BytesIO()
    word.save(buffer)
    return _undated(buffer.getvalue())


def _undated(file: bytes) -> bytes:
    """The same file without the time at which its parts were packed."""
    packed = BytesIO()
    with ZipFile(BytesIO(file)) as before, ZipFile(packed, "w") as after:
        for part in before.infolist():
            after.writestr(ZipInfo(part.filename), before.read(part), ZIP_DEFLATED)
    return packed.getvalue()


def _prepare(word: "WordDocument", document: Document) -> None:
    """Page, language, styles, properties and the line at the foot."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    (section,) = word.sections
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin = section.bottom_margin = Cm(2.0)
    ink = RGBColor(0x1C, 0x1B, 0x22)
    sizes = {"Normal": 10, "Title": 26, "Subtitle": 12, "Heading 1": 18, "Heading 2": 14, "Heading 3": 12}
    sizes["TOC Heading"] = 14
    for name, size in sizes.items():
        style: Any = word.styles[name]
        style.font.size, style.font.name, style.font.color.rgb = Pt(size), "Arial", ink
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{script}"), "Arial")
            fonts.attrib.pop(qn(f"w:{script}Theme"), None)
    _say_language(word)
    _draw_quietly(word)
    _show_links(word)
    made = datetime.fromisoformat(document.day)
    about = word.core_properties
    title, author = (text[:LONGEST_PROPERTY] for text in (document.title, document.author))
    about.title, about.author, about.last_modified_by = title, author, author
    about.language, about.comments, about.created, about.modified = "en-GB", "", made, made
    _foot(section.footer.paragraphs[0], document.foot, say_day(made.date()))


def _say_language(word: "WordDocument") -> None:
    from docx.oxml.ns import qn

    for language in word.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _draw_quietly(word: "WordDocument") -> None:
    """Tables have pale lines between their rows, and air in their cells."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    table = word.styles["Table Grid"].element.find(qn("w:tblPr"))
    for part in ("w:tblBorders", "w:tblCellMar"):
        for old in table.findall(qn(part)):
            table.remove(old)
    line = 'w:val="single" w:sz="4" w:space="0" w:color="C9C8D2"'
    lines = f"<w:top {line}/><w:bottom {line}/><w:insideH {line}/>"
    air = "".join(f'<w:{side} w:w="{twips}" w:type="dxa"/>' for side, twips in _AIR.items())
    table.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>"))
    table.append(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{air}</w:tblCellMar>"))


def _show_links(word: "WordDocument") -> None:
    """Links are underlined, and darker than Word's own."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import RGBColor

    style: Any = word.styles.add_style(LINK_STYLE, WD_STYLE_TYPE.CHARACTER, builtin=True)
    style.font.underline, style.font.color.rgb = True, RGBColor(0x1D, 0x4F, 0x91)


def _foot(paragraph: Any, text: str, day: str) -> None:
    """Council, title and day, then "Page n of m", which Word counts."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Cm, Pt

    paragraph.style.paragraph_format.tab_stops.clear_all()
    paragraph.style.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH_CM), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.style.font.size = Pt(8)
    named = shorten(text, LONGEST_FOOT - len(day), placeholder=" …")
    paragraph.add_run(f"{named}, {day}\tPage ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _add(word: "WordDocument", block: Block, known: Mapping[str, str]) -> None:
    from docx.shared import Pt

    if isinstance(block, Paragraph):
        _paragraph(word, block)
    elif isinstance(block, Bullets):
        for item in block.items:
            _say(word.add_paragraph(style="List Bullet"), item)
    elif isinstance(block, Facts):
        _facts(word, block)
    elif isinstance(block, Table):
        table = parse_table(block, WIDTH_CM, partial(_target, word), known)
        word.element.body.insert_element_before(table, "w:sectPr")
        word.add_paragraph().paragraph_format.space_after = Pt(2)
    elif isinstance(block, Picture):
        _picture(word, block)


def _paragraph(word: "WordDocument", block: Paragraph) -> None:
    from docx.shared import Pt, RGBColor

    paragraph = word.add_paragraph()
    paragraph.paragraph_format.keep_with_next = block.with_next
    for run in _say(paragraph, block.text):
        if block.tone == "lead":
            run.font.size = Pt(11.5)
        elif block.tone == "quiet":
            run.font.color.rgb = RGBColor(0x55, 0x54, 0x5E)


def _say(paragraph: Any, text: str) -> list[Any]:
    """Writes a text in which addresses are links; gives the runs that are none."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    plain = []
    for piece in pieces(text):
        run = paragraph.add_run(piece.text)
        if piece.linked:
            link = OxmlElement("w:hyperlink")
            link.set(qn("r:id"), _target(paragraph, piece.text))
            run.style = LINK_STYLE
            run._r.addprevious(link)
            link.append(run._r)
        else:
            plain.append(run)
    return plain


def _target(where: Any, address: str) -> str:
    """The id by which the file knows an address."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    known: str = where.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    return known


def _facts(word: "WordDocument", facts: Facts) -> None:
    from docx.shared import Pt

    for label, text in facts.said:
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(3)
        paragraph.add_run(f"{label}: ").bold = True
        _say(paragraph, text)


def _picture(word: "WordDocument", picture: Picture) -> None:
    from docx.shared import Cm

    data = picture.chart.png() if picture.chart else picture.data
    shape = word.add_picture(BytesIO(data))
    smaller = min(1.0, Cm(WIDTH_CM) / shape.width, Cm(TALLEST_CM) / shape.height)
    shape.width, shape.height = int(shape.width * smaller), int(shape.height * smaller)
    shape._inline.docPr.set("descr", picture.alt)
