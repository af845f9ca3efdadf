"""The report is laid out once: what stands in its document stands in each format that sets pages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

from bs4 import BeautifulSoup
from played import planned_theme, sealed, workshop_of
from pypdf import PdfReader
from reports import pdf_words, squeezed, word_table, word_texts

from npswidgets.report.html import TEMPLATES, to_html
from npswidgets.report.layout import (
    Block,
    Bullets,
    Cell,
    Document,
    Dots,
    Facts,
    Heading,
    NewPage,
    OnScreen,
    Paragraph,
    Table,
    on_paper,
)
from npswidgets.report.layout_report import report_document
from npswidgets.report.make import make_report
from npswidgets.report.pdf import to_pdf
from npswidgets.report.slides import slides_page
from npswidgets.report.word import to_word
from npswidgets.store.example import example_path
from npswidgets.store.saved import read_archive


def document(*blocks: Block) -> Document:
    return Document("A title", "A council", "2026-03-12", "The foot", Facts(()), blocks, contents=False)


def page_of(*blocks: Block) -> BeautifulSoup:
    return BeautifulSoup(to_html(document(*blocks)), "html.parser")


def words(blocks: tuple[Block, ...]) -> Iterator[str]:
    """All that a document says, in its order; of cells that have no words, nothing."""
    for block in on_paper(blocks):
        if isinstance(block, Table):
            yield from (text for row in (block.head, *block.texts) for cell in row for text in cell.split("\n"))
        elif isinstance(block, Facts):
            yield from (text for row in block.said for text in row)
        elif isinstance(block, Bullets):
            yield from block.items
        elif isinstance(block, Heading | Paragraph):
            yield block.text


def test_the_page_says_all_that_pdf_and_word_say_in_their_order() -> None:
    earlier = sealed("earlier", 1, 2, None, 4)
    report = make_report(workshop_of(planned_theme()), earlier=earlier, radar=True)
    told = report_document(report)
    page = BeautifulSoup(to_html(told), "html.parser")
    for unseen in page.select(".narrow, .group, svg"):  # what only the page shows
        unseen.decompose()
    shown, at, lost = squeezed(page.main.get_text()), 0, []  # type: ignore[union-attr]
    for text in map(squeezed, words(told.blocks)):
        found = max(shown.find(one, at) for one in (text, text.removeprefix("(").removesuffix(")")))
        lost += [text] if found < 0 else []
        at = max(at, found)
    assert lost == []
    assert len(list(words(told.blocks))) > 800


def test_the_templates_of_the_page_say_nothing_of_the_report() -> None:
    source = "".join((TEMPLATES / name).read_text() for name in ("document.html.j2", "blocks.html.j2"))
    said = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<style>.*?</style>|<[^>]*>", " ", source, flags=re.DOTALL)
    of_the_page = "– Skip to the text Contents Move the chart sideways to see all of it."
    assert said.split() == of_the_page.split()


def test_a_new_column_and_a_new_section_stand_in_all_formats_at_once() -> None:
    rows = (("Reporting", "2 Developing", "a new cell"),)
    new = (Heading(1, "A new section"), Table("A new table", ("Value code", "Score", "New head"), rows, (1, 1, 1)))
    told = replace(document(*new), contents=True)
    pdf = pdf_words(PdfReader(BytesIO(to_pdf(told))))
    page, word = BeautifulSoup(to_html(told), "html.parser"), word_texts(to_word(told))
    for text in ("A new section", "New head", "a new cell"):
        assert text in page.main.get_text()  # type: ignore[union-attr]
        assert text in word
        assert squeezed(text) in pdf
    assert [link.text for link in page.select("nav a")] == ["A new section"]
    (cell,) = [cell for cell in page.find_all("td") if "a new cell" in cell.text]
    assert cell.select_one(".narrow").text == "New head"


def test_only_the_page_shows_what_a_cell_carries_beside_its_words() -> None:
    cells = (
        Cell("Reporting", below="Engaging Councillors", in_brackets=True, to="code-reporting"),
        Cell("2 Developing", level=2, form="score"),
        Cell("8", dots=Dots(8, 2, lines=2, hollow=True)),
        Cell("Wide spread\nfrom 1 to 4", strong="Wide spread"),
    )
    table = Table("A table", ("a", "b", "c", "d"), (cells,), (1,) * 4, groups=(("A group", 1),))
    page, told = page_of(table), document(table)
    assert page.select_one("th a")["href"] == "#code-reporting"  # type: ignore[index]
    assert page.select_one("th .below").text == "Engaging Councillors"  # type: ignore[union-attr]
    assert page.select_one(".tag.l2").text == "2 Developing"  # type: ignore[union-attr]
    assert len(page.select("svg.dots.ring.l2 circle")) == 8
    assert page.select_one("td strong").text == "Wide spread"  # type: ignore[union-attr]
    assert page.select_one(".group").text.strip() == "A group"  # type: ignore[union-attr]
    assert table.texts == (("Reporting\n(Engaging Councillors)", "2 Developing", "8", "Wide spread\nfrom 1 to 4"),)
    assert word_texts(to_word(told))[-5:-1] == list(table.texts[0])
    assert squeezed("(Engaging Councillors)") in pdf_words(PdfReader(BytesIO(to_pdf(told))))


def test_what_only_a_screen_shows_is_not_even_made_for_paper() -> None:
    made = []

    def on_screen() -> Iterator[Block]:
        made.append("now")
        yield Paragraph("Only here")

    told = document(Heading(1, "A part"), OnScreen(on_screen), Paragraph("Everywhere"))
    assert "Only here" not in word_texts(to_word(told))
    assert "Onlyhere" not in pdf_words(PdfReader(BytesIO(to_pdf(told))))
    assert made == []
    assert "Only here" in to_html(told)


def test_each_part_of_the_page_is_an_element_that_ends_before_the_next() -> None:
    page = page_of(
        Heading(1, "A theme"),
        Heading(2, "An area"),
        Heading(3, "A code", part="code", anchor="code-a"),
        Paragraph("about a"),
        Heading(3, "Another code", part="code", anchor="code-b"),
        Heading(2, "Another area"),
        Paragraph("about the area"),
        NewPage(),
        Heading(1, "The end", part="source"),
    )
    first, second = page.select("main > *")
    assert (first.name, second.name, second["class"]) == ("section", "footer", ["source", "new-page"])
    articles = first.select("article.code")
    assert [article["aria-labelledby"] for article in articles] == ["code-a", "code-b"]
    assert list(articles[0].stripped_strings) == ["A code", "about a"]
    assert [child.name for child in first.find_all(recursive=False)] == ["h2", "h3", "article", "article", "h3", "p"]
    assert len({found["id"] for found in page.find_all(id=True)}) == len(page.find_all(id=True))


def test_each_row_of_the_action_plan_has_value_code_score_and_when_it_is_done() -> None:
    report = make_report(workshop_of(planned_theme()))
    expected = [
        ["Take a seat in the management team\n(Influence and impact: 1 Minimum)", "(not said yet)"],
        ["Ask for a champion\n(Procurement and commercial champions: 2 Developing)", "There is one."],
    ]
    rows = word_table(to_word(report_document(report)), "Action plan")[1:]
    assert [[row[0], row[3]] for row in rows if "seat" in row[0] or "champion\n" in row[0]] == expected
    for page in (to_html(report_document(report)), slides_page(report)):
        plan = BeautifulSoup(page, "html.parser").find("caption", string="Action plan").parent.text  # type: ignore[union-attr]
        assert "Influence and impact: 1 Minimum" in plan
        assert "There is one." in plan
    pdf = pdf_words(PdfReader(BytesIO(to_pdf(report_document(report)))))
    assert squeezed("(Procurement and commercial champions: 2 Developing)") in pdf


def test_the_time_of_each_value_code_stands_in_the_appendix() -> None:
    report = make_report(read_archive(str(example_path())).workshop)
    (table,) = [one for one in report_document(report).blocks if isinstance(one, Table) and "time of each" in one.title]
    timed = {code.name: code.minutes for _, _, code in report.codes if code.minutes is not None}
    assert [(row[0], row[-1]) for row in table.rows] == [(name, f"{spent:.0f}") for name, spent in timed.items()]
    assert len(timed) > 5
    assert all(spent >= 0 for spent in timed.values())
