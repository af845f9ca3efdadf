"""Workbooks to take along: of a rubric, to be changed, and empty ones, to be filled in."""

import asyncio

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.addresses import RUBRIC, RUBRICS
from npswidgets.errors import ExportFailed, NotFound
from npswidgets.rubric_book.empty import empty_book
from npswidgets.rubric_book.writing import book_of
from npswidgets.server.pages.books import Books
from npswidgets.server.pages.offered_rubrics import rubric_of
from npswidgets.server.pages.start_page import OperatorPage
from npswidgets.store.rubric_json import FEWEST, MOST

MOST_THEMES = 20
LEVELS, THEMES = 5, 3
"""Of an empty workbook where nobody says how many."""

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BookPage(OperatorPage):
    """A page that hands out a workbook."""

    async def hand_out(self, data: bytes, name: str) -> None:
        """Answers with the file; `name` is an id."""
        self.set_header("Content-Type", KIND)
        self.set_header("Content-Disposition", f'attachment; filename="{name}.xlsx"')
        self.set_header("Cache-Control", "no-store")
        await self.finish(data)


class RubricBook(BookPage):
    """`/rubrics/<digest>/workbook.xlsx`: a rubric with all its IDs, by which a later version is compared with it."""

    @allow_unauthenticated
    async def get(self, digest: str) -> None:
        """The workbook, or what Excel cannot hold of it."""
        if not self.is_operator():
            raise HTTPError(403)
        books: Books = self.settings["books"]
        draft = books.draft(digest)
        try:
            rubric = draft.rubric if draft else rubric_of(self.engine, digest)
            data = await asyncio.to_thread(book_of, rubric)
        except NotFound as gone:
            return self.draw_problem(404, "No such rubric", str(gone), back=RUBRICS.of())
        except ExportFailed as failed:
            return self.draw_problem(409, "There is no workbook of it", str(failed), back=RUBRIC.of(digest))
        return await self.hand_out(data, rubric.id)


class EmptyBook(BookPage):
    """`/rubrics/empty.xlsx`: as `nps-workshop rubric new` makes it."""

    @allow_unauthenticated
    async def get(self) -> None:
        """The workbook, with as many levels and themes as the form says."""
        if not self.is_operator():
            raise HTTPError(403)
        levels, themes = self._number("levels", LEVELS, FEWEST, MOST), self._number("themes", THEMES, 1, MOST_THEMES)
        await self.hand_out(await asyncio.to_thread(empty_book, levels, themes), "rubric")

    def _number(self, name: str, usual: int, least: int, most: int) -> int:
        """What was typed, as near as there is one."""
        typed = self.get_query_argument(name, "")
        return min(max(int(typed), least), most) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else usual
