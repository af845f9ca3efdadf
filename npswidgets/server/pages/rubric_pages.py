"""`/rubrics`: rubrics of one's own come from a workbook, are looked at as a phone shows them, kept, and removed."""

from typing import Any
from urllib.parse import urlencode

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.addresses import RUBRIC, RUBRICS, START, WIDGET_FILE
from npswidgets.domain.ballots import say_answer
from npswidgets.domain.days import day_of, say_day
from npswidgets.domain.nearest import shown
from npswidgets.domain.question import question_of
from npswidgets.domain.rubric import Rubric
from npswidgets.errors import Fault, NotFound, RuleBroken
from npswidgets.rubric_book.opening import MOST_BYTES, TOO_LARGE
from npswidgets.screens import words
from npswidgets.screens.levels import level_rows
from npswidgets.server.pages.books import BookFaults, Books, NotRead
from npswidgets.server.pages.file_page import FilePage
from npswidgets.server.pages.link_page import draw_link_page
from npswidgets.server.pages.offered_rubrics import Offer, as_offer, coming_along
from npswidgets.server.pages.rubric_books import LEVELS, MOST_THEMES, THEMES
from npswidgets.server.pages.sent_file import SentFile, sent_file
from npswidgets.server.pages.start_page import OperatorPage
from npswidgets.store.kept_rubrics import (
    check_version,
    keep_rubric,
    kept_rubric,
    kept_rubrics,
    remove_rubric,
    version_of,
)
from npswidgets.store.rubric_json import FEWEST, MOST

FIELD = "book"
STYLES = "base+topic_heading.css", "base+vote_pad.css"
"""Of the widgets on a phone's page that a preview looks like."""

CHOOSE = "Choose the workbook"
KEPT = "kept"
"""What stands behind the address of a rubric that was kept just now."""


class RubricsPage(FilePage):
    """The list, and the form that sends a workbook."""

    most_sent, most_taken, longest_seconds = 10 * MOST_BYTES, MOST_BYTES + 100_000, 300
    sent: SentFile | None = None

    def check_xsrf_cookie(self) -> None:
        """Without a script the token comes with the file, and is looked at when that is there."""
        if self.sent is not None or self.request.method != "POST":
            super().check_xsrf_cookie()

    @allow_unauthenticated
    def get(self) -> None:
        """The page."""
        if not self.is_operator():
            return draw_link_page(self, "operator")
        return self._draw()

    head = get

    @allow_unauthenticated
    async def post(self) -> None:
        """Reads the workbook, and leads to what is in it; or says what is not right, all at once."""
        if not self.may_send():
            raise HTTPError(403)
        self.sent = sent_file(self.request.headers.get("Content-Type", ""), bytes(self.given), FIELD)
        self.request.arguments["_xsrf"] = [self.sent.token.encode()]
        if len(self.given) > self.most_taken:  # its end, with the token, was not taken
            return self._draw({FIELD: f"This is {TOO_LARGE}"})
        self.check_xsrf_cookie()
        if self.sent.data is None:
            return self._draw({FIELD: CHOOSE})
        books: Books = self.settings["books"]
        try:
            digest = await books.read(self.sent.data, self.sent.name)
        except BookFaults as error:
            return self._draw(faults=error)
        except NotRead as error:
            return self._draw({FIELD: str(error)})
        return self.redirect(RUBRIC.of(digest), status=303)

    def _draw(self, problems: dict[str, str] | None = None, faults: BookFaults | None = None) -> None:
        wrong, empty = told_apart(faults.faults) if faults else ([], [])
        self.draw(
            "rubrics.html",
            problems=problems or {},
            wrong=wrong,
            empty=empty,
            more=faults.found - len(faults.faults) if faults else 0,
            book=shown(self.sent.name) if self.sent else "",
            kept=[as_offer(one) for one in kept_rubrics(self.engine)],
            others=[Offer(digest, one.title, one.credit) for digest, one in coming_along().items()],
            most=MOST_BYTES,
            levels=(FEWEST, MOST, LEVELS),
            themes=(1, MOST_THEMES, THEMES),
            too_large=f"This is {TOO_LARGE}",
        )


def told_apart(faults: tuple[Fault, ...]) -> tuple[list[Fault], list[Fault]]:
    """What is not right, and what is only still to be filled in."""
    return [one for one in faults if one.found != "nothing"], [one for one in faults if one.found == "nothing"]


class RubricPage(OperatorPage):
    """`/rubrics/<digest>`: what a rubric has, and its first topic as a phone shows it."""

    @allow_unauthenticated
    def get(self, digest: str) -> None:
        """The page; of one that was read just now, before it is kept."""
        if not self.is_operator():
            return draw_link_page(self, "operator")
        return self._draw(digest)

    head = get

    @allow_unauthenticated
    async def post(self, digest: str) -> None:
        """Keeps it, makes it what the next workshop scores, or removes it."""
        if not self.is_operator():
            raise HTTPError(403)
        asked = self.get_body_argument("do", "")
        if asked == "remove":
            await self.stored(remove_rubric, self.engine, digest)
            return self.redirect(RUBRICS.of(), status=303)
        draft = self._books.draft(digest)
        try:
            if draft and digest not in coming_along():
                await self.stored(keep_rubric, self.engine, draft.rubric)
        except RuleBroken:
            return self._draw(digest)
        using = f"{START.of()}?{urlencode({'rubric': digest})}"
        return self.redirect(using if asked == "use" else f"{RUBRIC.of(digest)}?{KEPT}", status=303)

    @property
    def _books(self) -> Books:
        books: Books = self.settings["books"]
        return books

    def _draw(self, digest: str) -> None:
        every = kept_rubrics(self.engine)
        kept = {one.digest: one for one in every}
        draft, along = self._books.draft(digest), coming_along().get(digest)
        try:
            rubric = along or (draft.rubric if draft and digest not in kept else kept_rubric(self.engine, digest))
        except NotFound as gone:
            return self.draw_problem(404, "No such rubric", str(gone), back=RUBRICS.of())
        is_there = bool(along) or digest in kept
        return self.draw(
            "rubric.html",
            rubric=rubric,
            digest=digest,
            kept_on=say_day(day_of(kept[digest].kept_at)) if digest in kept else "",
            along=bool(along),
            notices=draft.notices if draft and not along else (),
            problems={} if is_there else self._problems(rubric),
            other=version_of(every, rubric),
            just_kept=self.request.query == KEPT,
            styles=[WIDGET_FILE.of(self.settings["asset_version"], one) for one in STYLES],
            **preview(rubric),
        )

    def _problems(self, rubric: Rubric) -> dict[str, str]:
        with self.engine.connect() as db:
            try:
                check_version(db, rubric)
            except RuleBroken as error:
                return {"form": str(error)}
        return {}


def _in_rows(levels: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """As the vote pad has them: those between two that have words stand side by side, each other one alone."""
    rows: list[list[dict[str, Any]]] = []
    for one in levels:
        if "between" in one and rows and "between" in rows[-1][0]:
            rows[-1].append(one)
        else:
            rows.append([one])
    return rows


def preview(rubric: Rubric) -> dict[str, Any]:
    """What a phone's page says of the first topic: its place, its levels, and what the vote asks."""
    code = next(iter(rubric.value_codes.values()))
    return {
        "area": rubric.key_area_of(code.id).name,
        "topic": code,
        "question": question_of(rubric),
        "rows": _in_rows(level_rows(rubric, code)),
        "others": [say_answer(one) for one in ("dont_know", "not_my_role")],
        "source": words.source(rubric),
    }
