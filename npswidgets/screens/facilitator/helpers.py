"""What a facilitator does with the links of helpers, and sees of them."""

from typing import Any

from npswidgets.addresses import helper_link
from npswidgets.domain.days import here
from npswidgets.errors import RuleBroken
from npswidgets.screens.facilitator.messages import HelperUsed
from npswidgets.store.facilitator_store import FacilitatorStore
from npswidgets.store.helper_links import HelperLink
from npswidgets.widgets.join_card import qr_drawing

NO_SERVER = "There is no server, so no link would lead anywhere."


class Helpers:
    """The link that this screen shows, and no other: a secret is in the browser only while it is looked at.

    Attributes:
        shown: its id; empty for none.
    """

    def __init__(self, store: FacilitatorStore) -> None:
        self.shown = ""
        self._store = store

    def handle(self, used: HelperUsed, session: str) -> None:
        """Makes, shows, hides or withdraws a link.

        Raises:
            RuleBroken: the session has ended, has enough helpers, or there is no such link.
        """
        if used.action == "hide":
            self.shown = ""
        elif used.action == "add":
            if not self._store.join_address():
                raise RuleBroken(NO_SERVER)
            self.shown = self._store.new_helper(session).id
        else:
            link = self._link(used.number, session)
            if used.action == "show":
                self.shown = link.id
            else:
                self._store.withdraw_helper(session, link.id)

    def traits(self, session: str) -> dict[str, Any]:
        """The traits of the window; empty for a session that has ended."""
        if self._store.workshop.sessions[session].state == "closed":
            return {}
        links = self._store.helpers.get(session, ())
        shown = next((one for one in links if one.id == self.shown and one.secret), None)
        return {
            "possible": True,
            "rows": [{"number": one.number, "text": _say(one), "used": not one.secret} for one in links],
            **(self._drawn(shown, session) if shown else {}),
        }

    def _drawn(self, link: HelperLink, session: str) -> dict[str, Any]:
        address = self._store.join_address()
        if not address:
            return {}
        leads_to = helper_link(address, self._store.actor.workshop, session, link.secret)
        return {"number": link.number, "link": leads_to, "qr": qr_drawing(leads_to)}

    def _link(self, number: int, session: str) -> HelperLink:
        self._store.refresh()
        found = next((one for one in self._store.helpers.get(session, ()) if one.number == number), None)
        if found is None:
            raise RuleBroken("This link is not valid any more.")
        return found


def _say(link: HelperLink) -> str:
    if link.opened_at:
        return f"Helper {link.number}: opened at {here(link.opened_at):%H:%M}."
    return f"Helper {link.number}: not opened yet."
