"""`/date`: the operator says that the date of this computer is right."""

import asyncio
from datetime import UTC, datetime

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.server.clock import ServerClock
from npswidgets.server.forgetting import forget_now
from npswidgets.server.start_page import OperatorPage


class DatePage(OperatorPage):
    """Takes the day that the start page showed: a page may have been open since another one."""

    @allow_unauthenticated
    async def post(self) -> None:
        """The date is certain, and who is past it is forgotten; back to the start page."""
        if not self.is_operator():
            raise HTTPError(403)
        if self.get_body_argument("day", "") == datetime.now(UTC).date().isoformat():
            await asyncio.to_thread(self._confirm)
        self.redirect("/start", status=303)

    def _confirm(self) -> None:
        clock: ServerClock = self.settings["clock"]
        clock.look(sure=True)
        forget_now(self.engine)
