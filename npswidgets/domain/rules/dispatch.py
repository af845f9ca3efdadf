"""One function for all kinds of events; the modules beside it register the rule of each kind."""

from datetime import datetime
from functools import singledispatch

from npswidgets.domain.events import Event
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken


@singledispatch
def after(event: Event, workshop: Workshop, at: datetime) -> Workshop:
    """The workshop after this event, whose kind decides."""
    raise RuleBroken(f"{type(event).__name__} cannot happen here.")
