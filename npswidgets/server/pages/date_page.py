"""`/date`: the operator says that the date of this computer is right."""

import asyncio
import logging
from datetime import UTC, datetime

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.web import HTTPError

from npswidgets.addresses import START
from npswidgets.server.machine.clock import ServerClock
from npswidgets.server.machine.forgetting import forget_now
from npswidgets.server.pages.start_page import OperatorPage
from npswidgets.store.erasing import NotAllForgotten

log = logging.getLogger(__name__)


class DatePage(OperatorPage):
    """Takes the day that the start page showed: a page may have been open since another one."""

    @allow_unauthenticated
    async def post(self) -> None:
        """The date is certain, and who is past it is forgotten; back to the start page."""
        if not self.is_operator():
            raise HTTPError(403)
        if self.get_body_argument("day", "") == datetime.now(UTC).date().isoformat():
            await asyncio.to_thread(self._confirm)
        self.redirect(START.of(), status=303)

    def _confirm(self) -> None:
        clock: ServerClock = self.settings["clock"]
        clock.look(sure=True)
        try:
            forget_now(self.engine)
        except NotAllForgotten as left:  # the date is certain all the same
            log.warning("%s", left)
