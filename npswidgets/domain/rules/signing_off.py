"""A workshop is signed off and locked, and may be reopened."""

from dataclasses import replace
from datetime import datetime

from npswidgets.domain.events import WorkshopReopened, WorkshopSealed
from npswidgets.domain.rules.checks import check
from npswidgets.domain.rules.dispatch import after
from npswidgets.domain.sign_off import missing
from npswidgets.domain.workshop import Workshop


@after.register
def _(event: WorkshopSealed, workshop: Workshop, at: datetime) -> Workshop:
    check(event.version == workshop.version + 1, f"The next version is {workshop.version + 1}, not {event.version}.")
    still_open = [one.title for one in workshop.sessions.values() if one.state == "open"]
    check(not still_open, f"The session {', '.join(still_open)} is still open. End it before signing off.")
    lacks = missing(workshop)
    check(not lacks, "\n".join(["It cannot be signed off yet.", *lacks]))
    return replace(workshop, version=event.version, sealed=True, sealed_at=at, signed_off_by=event.role)


@after.register
def _(event: WorkshopReopened, workshop: Workshop, at: datetime) -> Workshop:
    check(workshop.sealed, "This workshop is not signed off, so there is nothing to reopen.")
    check(bool(str(event.reason).strip()), "Write why the workshop is reopened.")
    return replace(workshop, sealed=False)
