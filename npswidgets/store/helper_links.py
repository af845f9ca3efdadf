"""The links of helpers: each opens one browser, is withdrawn alone, and ends with its session. None is in the record.

The secret of a link stands in clear until it has opened a browser, since a QR code is drawn from it; then it is gone.
"""

import hmac
import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from npswidgets.domain.actor import Actor
from npswidgets.errors import RuleBroken
from npswidgets.store import erasures, happened, hints, tables, taken_back
from npswidgets.store.faults import readable

MOST = 6
"""Valid at once in a session: each is a kernel, and a room has few helpers."""

_LINKS = tables.helper_links.c


@dataclass(frozen=True)
class HelperLink:
    """A link that is valid.

    Attributes:
        number: "Helper 2", for who withdraws one.
        secret: what stands behind the # of the address; empty once it has opened a browser.
        opened_at: when that was; None before.
    """

    id: str
    number: int
    secret: str = field(repr=False)
    opened_at: datetime | None = None


def make(db: Connection, workshop: str, session: str) -> HelperLink:
    """A new link; the lock of the workshop is held.

    Raises:
        RuleBroken: there are as many as a session can have.
    """
    there = of_workshop(db, workshop).get(session, ())
    if len(there) >= MOST:
        raise RuleBroken(f"{MOST} links for helpers are valid. Withdraw one first.")
    number = max((one.number for one in there), default=0) + 1
    link = HelperLink(secrets.token_hex(8), number, secrets.token_urlsafe(16))
    row = {"id": link.id, "workshop": workshop, "session": session, "number": number, "secret": link.secret}
    db.execute(insert(tables.helper_links).values(row | {"browser": "", "opened_at": ""}))
    happened.note(db, workshop, "link-made")
    return link


def of_workshop(db: Connection, workshop: str) -> dict[str, tuple[HelperLink, ...]]:
    """The links that are valid, by session, the oldest first."""
    wanted = select(tables.helper_links).where(_LINKS.workshop == workshop).order_by(_LINKS.number)
    found: dict[str, tuple[HelperLink, ...]] = defaultdict(tuple)
    for row in db.execute(wanted):
        with readable(f"{workshop}: the links of helpers"):
            opened_at = datetime.fromisoformat(row.opened_at) if row.opened_at else None
        found[row.session] += (HelperLink(row.id, row.number, row.secret, opened_at),)
    return dict(found)


def find(db: Connection, workshop: str, secret: str) -> Actor | None:
    """As whom a link lets a browser in that has opened none yet; None if it is not valid, or used up."""
    wanted = select(tables.helper_links).where(_LINKS.workshop == workshop, _LINKS.secret != "")
    given = secret.encode()
    rows = [row for row in db.execute(wanted) if hmac.compare_digest(row.secret.encode(), given)]
    return Actor(workshop, "helper", rows[0].session, link=rows[0].id) if rows else None


def use_up(db: Connection, actor: Actor) -> bool:
    """Whether the link of this helper was not used before; from now on it is."""
    unused, now = (_LINKS.id == actor.link) & (_LINKS.secret != ""), datetime.now(UTC).isoformat()
    used = db.execute(update(tables.helper_links).where(unused).values(secret="", opened_at=now))
    return used.rowcount > 0


def give(db: Connection, actor: Actor, browser: str) -> None:
    """The link is that of this browser (its digest), in place of an older one of the same session."""
    older = (_LINKS.workshop == actor.workshop) & (_LINKS.session == actor.session) & (_LINKS.browser == browser)
    _delete(db, actor.workshop, older)
    db.execute(update(tables.helper_links).where(_LINKS.id == actor.link).values(browser=browser))
    hints.note(db, actor.workshop, "public")


def actors_of(db: Connection, browser: str) -> tuple[Actor, ...]:
    """As which helpers a browser (its digest) is let in."""
    rows = db.execute(select(tables.helper_links).where(_LINKS.browser == browser))
    return tuple(Actor(row.workshop, "helper", row.session, link=row.id) for row in rows)


def change_browser(db: Connection, before: str, after: str) -> bool:
    """The browser has another id now (both are digests); whether it has opened any link."""
    return db.execute(update(tables.helper_links).where(_LINKS.browser == before).values(browser=after)).rowcount > 0


def is_valid(db: Connection, actor: Actor) -> bool:
    """Whether the link that a helper came by still holds."""
    wanted = select(_LINKS.id).where(_LINKS.id == actor.link, _LINKS.workshop == actor.workshop)
    return db.scalar(wanted.where(_LINKS.session == actor.session, _LINKS.browser != "")) is not None


def withdraw(db: Connection, workshop: str, session: str, link: str | None = None) -> None:
    """The link and the page that it has opened are not valid any more; without one, all of the session. It is told."""
    ended = (_LINKS.workshop == workshop) & (_LINKS.session == session)
    if _delete(db, workshop, ended if link is None else ended & (_LINKS.id == link)):
        hints.note(db, workshop, "public")
        taken_back.note(db)
        happened.note(db, workshop, "link-withdrawn")


def _delete(db: Connection, workshop: str, which: ColumnElement[bool]) -> bool:
    """Whether there were any; a database that is put back gets none of them again."""
    gone = sorted(db.scalars(select(_LINKS.id).where(which)))
    erasures.note(db, "helper", workshop, gone)
    db.execute(delete(tables.helper_links).where(which))
    return bool(gone)
