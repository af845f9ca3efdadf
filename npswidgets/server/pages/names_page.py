"""`/start/<workshop>/names`: what council, workshop and sessions are called, and how many people are expected."""

from dataclasses import replace

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.addresses import READY
from npswidgets.domain.names import composed, is_visible
from npswidgets.domain.naming import Names, names_of, number_of, put_together
from npswidgets.domain.recording import LONGEST_TITLE
from npswidgets.domain.workshop import MOST_EXPECTED
from npswidgets.errors import NotFound, RuleBroken
from npswidgets.server.pages.plan import Problems
from npswidgets.server.pages.start_page import SAVED, DrawsReady
from npswidgets.store.plans import keep_plan, plan_of
from npswidgets.store.workshops import change_names, read_workshop

SINCE = "Somebody has changed this to “{}” since you opened the page. Save again to put yours in its place"
NOTHING = "no number"


class NamesPage(DrawsReady):
    """Takes what the form on the ready page sends."""

    @allow_unauthenticated
    async def post(self, workshop: str) -> None:
        """Stores the names, or says what is wrong, or that somebody else has changed them since."""
        if not self.may_prepare(workshop):
            raise HTTPError(403)
        try:
            state = read_workshop(self.engine, workshop)
        except NotFound:
            raise HTTPError(404) from None
        fields = names_of(state)
        typed = {field: composed(self.get_body_argument(field)) for field in fields if self.get_body_arguments(field)}
        shown = {field: self.get_body_argument(f"shown-{field}", "") for field in fields}
        problems = _wrong(typed, shown)
        if not problems:
            try:
                unseen = await self.stored(change_names, self.engine, workshop, shown, typed)
                state = read_workshop(self.engine, workshop)
                problems = {field: SINCE.format(names_of(state)[field] or NOTHING) for field in unseen}
            except RuleBroken as broken:
                problems = {"form": str(broken)}
        if problems:
            wanted, _ = put_together(names_of(state), shown, typed)
            return self.draw_ready(state, names=wanted, problems=problems)
        self.councils.forget()
        await self._name_in_lists(workshop, names_of(state)["title-1"])
        return self.redirect(f"{READY.of(workshop)}?{SAVED}", status=303)

    async def _name_in_lists(self, workshop: str, first: str) -> None:
        """The list of workshops says what is scored first."""
        plan = plan_of(self.engine, workshop)
        if plan and plan.title != first:
            await self.stored(keep_plan, self.engine, workshop, replace(plan, title=first))


def _wrong(typed: Names, shown: Names) -> Problems:
    """What no workshop can be called, by field."""
    problems = {}
    for field, words in typed.items():
        if field.startswith("people"):
            unknown_still = not words and not shown[field]
            if not unknown_still and not 1 <= number_of(words) <= MOST_EXPECTED:
                problems[field] = f"Enter how many people you expect, from 1 to {MOST_EXPECTED}"
        elif not is_visible(words):
            problems[field] = "Enter the name of the council" if field == "council" else "Enter a title"
        elif len(words) > LONGEST_TITLE:
            problems[field] = f"Shorten it to {LONGEST_TITLE} characters. It has {len(words)}"
    return problems
