"""Who may do something by a right of their own: operators by a secret, and whoever is named by the name of signing on.

A right is withdrawn alone. Which browser does what by which right stands beside it, and is worth nothing without it: so
a browser that is let in while its right is withdrawn is not in. It is all beside the record, and in no export.
"""

import hashlib
import secrets
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, Engine, delete, insert, select, update

from npswidgets.domain.actor import Actor
from npswidgets.domain.names import looks
from npswidgets.domain.text import with_unseen_named
from npswidgets.errors import NotFound, RuleBroken
from npswidgets.store import erasures, tables, taken_back
from npswidgets.store.database import writing
from npswidgets.store.faults import faults

EVERYTHING = ""
"""In place of a workshop: who may start workshops and open each of them."""

LONGEST_NAME = 255

Kind: TypeAlias = Literal["secret", "name"]

_RIGHTS, _HELD = tables.rights.c, tables.held_rights.c


def new_operator(engine: Engine, name: str) -> str:
    """The secret of a new operator, of which the database keeps the digest alone.

    Raises:
        RuleBroken: it is no name, or there is one of this name, or of one that nobody could tell from it.
    """
    secret, name = secrets.token_urlsafe(16), checked_name(name)
    with writing(engine) as db:
        if other := _operator_like(db, name):
            raise RuleBroken(f"There is an operator {other}. Choose another name, or withdraw that one first.")
        _store(db, "secret", name, EVERYTHING, digest_of(secret))
    return secret


def operators(engine: Engine) -> list[tuple[str, str]]:
    """Each operator with a secret, and the day on which that was made."""
    with faults(), engine.connect() as db:
        of_secrets = select(_RIGHTS.name, _RIGHTS.made_at).where(_RIGHTS.kind == "secret").order_by(_RIGHTS.name)
        return [(row.name, row.made_at[:10]) for row in db.execute(of_secrets)]


def has_operator(engine: Engine) -> bool:
    """Whether anybody may start workshops, by a secret or by name."""
    with faults(), engine.connect() as db:
        return db.scalar(select(_RIGHTS.id).where(_RIGHTS.workshop == EVERYTHING).limit(1)) is not None


def withdraw_operator(engine: Engine, name: str) -> None:
    """The secret lets nobody in any more, and whoever is in by it is out; all others stay.

    Raises:
        NotFound: there is no such operator.
    """
    with writing(engine) as db:
        if not _withdraw(db, "secret", _operator_like(db, name.strip()), EVERYTHING):
            raise NotFound(f"There is no operator {name.strip()}. See `nps-workshop operator list`.")


def name_person(engine: Engine, name: str, workshop: str = EVERYTHING) -> None:
    """Names a facilitator of a workshop, or an operator; a second time changes nothing.

    Raises:
        RuleBroken: it is no name.
    """
    name = checked_name(name)
    with writing(engine) as db:
        if not _one(db, "name", name, workshop):
            _store(db, "name", name, workshop)


def unname_person(engine: Engine, name: str, workshop: str = EVERYTHING) -> None:
    """Takes that back: who has signed on as this one is out at once, and nobody else.

    Raises:
        NotFound: nobody is named so.
    """
    with writing(engine) as db:
        if not _withdraw(db, "name", name.strip(), workshop):
            raise NotFound(f"{name.strip()} is not named there. See `nps-workshop sign-on list`.")


def named_people(engine: Engine) -> list[tuple[str, str]]:
    """Each name with the workshop that it is named for, or EVERYTHING."""
    with faults(), engine.connect() as db:
        named = select(_RIGHTS.name, _RIGHTS.workshop).where(_RIGHTS.kind == "name")
        return [(row.name, row.workshop) for row in db.execute(named.order_by(_RIGHTS.workshop, _RIGHTS.name))]


def checked_name(name: str) -> str:
    """The name without blanks around it; it is compared as it stands.

    Raises:
        RuleBroken: it is empty or too long, or holds what nobody sees, by which it would look like another one.
    """
    name = name.strip(" \t\r\n")
    if not name or len(name) > LONGEST_NAME:
        raise RuleBroken(f"A name has 1 to {LONGEST_NAME} characters; this one has {len(name)}.")
    if with_unseen_named(name) != name or set(name) & set("\t\r\n"):
        raise RuleBroken(f"{with_unseen_named(name)!r}: a name holds nothing that cannot be seen. Type it again.")
    return name


def digest_of(secret: str) -> str:
    """What is kept of an operator's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def of_secret(db: Connection, secret: str) -> str | None:
    """The right of who has this secret; None where nobody has it. Digests are looked up, so that time tells nothing."""
    return db.scalar(select(_RIGHTS.id).where(_RIGHTS.kind == "secret", _RIGHTS.secret_hash == digest_of(secret)))


def of_name(db: Connection, name: str, workshop: str) -> str | None:
    """The right of who has signed on as this one; None where nobody is named exactly so."""
    return _one(db, "name", name, workshop)


def hold(db: Connection, browser: str, right: str, workshop: str = EVERYTHING) -> None:
    """A browser, by its digest, facilitates a workshop by a right, or has the operator's pages; twice is once."""
    row = {"browser": browser, "right_id": right, "workshop": workshop}
    here: Any = import_module(f"sqlalchemy.dialects.{db.dialect.name}")  # each has its own ON CONFLICT
    db.execute(here.insert(tables.held_rights).values(row).on_conflict_do_nothing())


def held(db: Connection, browser: str, workshop: str) -> list[str]:
    """The rights, of those that there are, by which a browser is in there."""
    here = (_HELD.browser == browser) & (_HELD.workshop == workshop)
    return list(db.scalars(select(_RIGHTS.id).join(tables.held_rights, _HELD.right_id == _RIGHTS.id).where(here)))


def actors_of(db: Connection, browser: str) -> tuple[Actor, ...]:
    """Whom a browser may be by rights that there are."""
    its = select(_HELD.workshop).join(tables.rights, _HELD.right_id == _RIGHTS.id).where(_HELD.browser == browser)
    return tuple(Actor(workshop, "facilitator") for workshop in db.scalars(its.distinct()))


def change_browser(db: Connection, before: str, browser: str) -> bool:
    """What a browser held it holds under its new id; whether it held anything."""
    return db.execute(update(tables.held_rights).where(_HELD.browser == before).values(browser=browser)).rowcount > 0


def drop_held(db: Connection, browser: str, kind: Kind | None = None) -> bool:
    """A browser holds nothing any more, or nothing by rights of one kind; whether it did."""
    its = _HELD.browser == browser
    if kind:
        its &= _HELD.right_id.in_(select(_RIGHTS.id).where(_RIGHTS.kind == kind))
    return db.execute(delete(tables.held_rights).where(its)).rowcount > 0


def drop_named(db: Connection) -> set[str]:
    """No browser holds anything by a name any more; the browsers that did."""
    its = _HELD.right_id.in_(select(_RIGHTS.id).where(_RIGHTS.kind == "name"))
    browsers = set(db.scalars(select(_HELD.browser).where(its)))
    db.execute(delete(tables.held_rights).where(its))
    return browsers


def shut_out(db: Connection, workshop: str) -> set[str]:
    """Nobody facilitates a workshop by a right, until they sign on or open it once more; the browsers that did."""
    its = _HELD.workshop == workshop
    browsers = set(db.scalars(select(_HELD.browser).where(its)))
    db.execute(delete(tables.held_rights).where(its))
    return browsers


def _operator_like(db: Connection, name: str) -> str:
    """The operator whose name is this one or, however it is typed, looks the same; empty where there is none."""
    names = db.scalars(select(_RIGHTS.name).where(_RIGHTS.kind == "secret")).all()
    alike = [one for one in names if looks(one) == looks(name)]
    return name if name in alike else next(iter(alike), "")


def _one(db: Connection, kind: Kind, name: str, workshop: str) -> str | None:
    its = (_RIGHTS.kind == kind) & (_RIGHTS.name == name) & (_RIGHTS.workshop == workshop)
    return db.scalar(select(_RIGHTS.id).where(its))


def _store(db: Connection, kind: Kind, name: str, workshop: str, secret_hash: str = "") -> None:
    made = {"id": secrets.token_hex(8), "made_at": datetime.now(UTC).isoformat(timespec="seconds")}
    whose = {"kind": kind, "name": name, "workshop": workshop, "secret_hash": secret_hash}
    db.execute(insert(tables.rights).values(made | whose))


def _withdraw(db: Connection, kind: Kind, name: str, workshop: str) -> bool:
    right = _one(db, kind, name, workshop)
    if right is None:
        return False
    db.execute(delete(tables.held_rights).where(_HELD.right_id == right))
    db.execute(delete(tables.rights).where(_RIGHTS.id == right))
    erasures.note(db, "right", workshop, (right,))
    taken_back.note(db)
    return True
