"""The demonstration: an invented council that scores one theme."""

import json
from dataclasses import asdict, dataclass, field

from sqlalchemy import Engine

from npswidgets.domain.door import Door
from npswidgets.errors import NotFound
from npswidgets.server.pages.plan import DEPARTMENTS
from npswidgets.store.access import link_is_valid, set_server_value, stored_value
from npswidgets.store.doors import read_all
from npswidgets.store.faults import readable
from npswidgets.store.plans import Plan, keep_plan
from npswidgets.store.workshops import NewWorkshop, create_workshop, read_workshop

DEMO = "demo"
MINUTES = 90
"""What its session is planned with."""


@dataclass(frozen=True)
class Demo:
    """The demonstration workshop; its link is kept, so that it holds over restarts."""

    workshop: str
    code: str
    facilitator_secret: str = field(repr=False)


def open_demo(engine: Engine) -> Demo:
    """The demonstration workshop of this database, made if there is none that can be used."""
    stored = stored_value(engine, DEMO)
    with readable("The demonstration"):
        demo = Demo(**json.loads(stored)) if stored else None
    return demo if demo and _usable(engine, demo) else _make(engine)


def demo_door(engine: Engine, demo: Demo) -> Door:
    """The door of the demonstration as it is now: the facilitator may have given out a new code."""
    with engine.connect() as db:
        return next(iter(read_all(db, demo.workshop).values()))


def _usable(engine: Engine, demo: Demo) -> bool:
    try:
        workshop = read_workshop(engine, demo.workshop)
    except NotFound:
        return False
    still_open = any(session.state == "open" for session in workshop.sessions.values())
    return still_open and link_is_valid(engine, demo.workshop, "facilitator", demo.facilitator_secret)


def _make(engine: Engine) -> Demo:
    new = NewWorkshop(
        council="Example County Council",
        departments=DEPARTMENTS,
        sessions=(("Showing leadership", ("showing-leadership",)),),
        people_expected=18,
    )
    created = create_workshop(engine, new)
    keep_plan(engine, created.workshop, Plan(new.sessions[0][0], "", MINUTES))
    demo = Demo(created.workshop, next(iter(created.codes.values())), created.facilitator_secret)
    set_server_value(engine, DEMO, json.dumps(asdict(demo)))
    return demo
