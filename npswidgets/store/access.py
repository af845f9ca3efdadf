"""Who may get in: links with a secret, and the grants of a browser. None of it is in the record.

Secrets are stored as SHA-256 alone; they have 128 bits, so that they need no salt.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from importlib import import_module
from typing import Any, Literal, TypeAlias, get_args

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select, update

from npswidgets.domain.actor import Actor, Role
from npswidgets.store import erasures, happened, helper_links, rights, server_values, tables, taken_back, taken_out
from npswidgets.store.database import writing
from npswidgets.store.faults import faults, readable
from npswidgets.store.record import latest

LinkRole: TypeAlias = Literal["facilitator", "projector"]


def new_link(engine: Engine, workshop: str, role: LinkRole, *, shut_out: bool = False) -> str:
    """A new secret for a role's link; the older one lets nobody in any more.

    Args:
        shut_out: whoever is in goes, too; else a link for somebody else would throw out who facilitates now.

    Raises:
        NotFound: there is no such workshop.
    """
    latest(engine, workshop)
    with writing(engine) as db:
        grants = tables.grants.c
        if shut_out:
            its = (grants.workshop == workshop) & (grants.role == role)
            out = set(db.scalars(select(grants.browser).where(its)))
            db.execute(delete(tables.grants).where(its))
            if role == "facilitator":
                out |= rights.shut_out(db, workshop)
            erasures.note(db, role, workshop, sorted(out))
            taken_back.note(db)
        return store_link(db, workshop, role)


def store_link(db: Connection, workshop: str, role: LinkRole) -> str:
    """A new secret in place of the older one of this role."""
    secret = secrets.token_urlsafe(16)
    links = tables.links.c
    its = (links.workshop == workshop) & (links.role == role)
    older = db.scalars(select(links.secret_hash).where(its)).all()
    db.execute(delete(tables.links).where(its))
    if older:
        erasures.note(db, "link", workshop, older)
        happened.note(db, workshop, "link-withdrawn")
    db.execute(insert(tables.links).values(workshop=workshop, role=role, secret_hash=_hash(secret)))
    happened.note(db, workshop, "link-made")
    return secret


def link_is_valid(engine: Engine, workshop: str, role: LinkRole, secret: str) -> bool:
    """Whether this is the secret of the role's newest link."""
    links = tables.links.c
    with faults(), engine.connect() as db:
        stored = db.scalar(select(links.secret_hash).where(links.workshop == workshop, links.role == role))
    return stored is not None and hmac.compare_digest(stored, _hash(secret))


def add_grant(engine: Engine, browser: str, actor: Actor) -> None:
    """Lets a browser (a random id in its signed cookie) in as this actor; a second time changes nothing."""
    with writing(engine) as db:
        store_grant(db, browser, actor)


def store_grant(db: Connection, browser: str, actor: Actor, person: str = "") -> None:
    """The same in a transaction that does more.

    Args:
        person: of a participant: the same in each session that one person came to.
    """
    row = {
        "browser": _hash(browser),
        "workshop": actor.workshop,
        "role": actor.role,
        "session": actor.session or "",
        "participant": actor.participant or "",
        "person": person,
    }
    here: Any = import_module(f"sqlalchemy.dialects.{db.dialect.name}")  # each has its own ON CONFLICT
    db.execute(here.insert(tables.grants).values(row).on_conflict_do_nothing())


def renew_browser(engine: Engine, before: str | None, browser: str, actor: Actor) -> bool:
    """Lets a browser in under a new id, which takes over all that its id before was let in as.

    Whoever knew the old id, or had planted it, is shut out with it. It says that it has done so, as its kin do.
    """
    with writing(engine) as db:
        _take_over(db, before, browser)
        store_grant(db, browser, actor)
    return True


def keep_mode(engine: Engine, hosted: bool, by_hub: bool = False) -> None:
    """Notes how the server runs. Hosted, the link of a laptop's operator, which was printed in clear, opens nothing.

    Without JupyterHub nobody is in by having signed on there.
    """
    grants = tables.grants.c
    with writing(engine) as db:
        if not by_hub and (signed_on := rights.drop_named(db)):
            erasures.note(db, "facilitator", "", sorted(signed_on))
        server_values.write(db, "mode", "hosted" if hosted else "laptop")
        if hosted:
            server_values.forget(db, "operator")
            db.execute(delete(tables.grants).where(grants.workshop == "", grants.role == "facilitator"))


def secret_is_valid(engine: Engine, secret: str) -> bool:
    """Whether this is the secret of an operator."""
    with faults(), engine.connect() as db:
        return rights.of_secret(db, secret) is not None


def open_by_secret(engine: Engine, before: str | None, browser: str, secret: str) -> bool:
    """The same as `renew_browser` for an operator; whether the secret is one that has not been withdrawn meanwhile."""
    with writing(engine) as db:
        right = rights.of_secret(db, secret)
        if right is None:
            return False
        _take_over(db, before, browser)
        rights.hold(db, _hash(browser), right)
    return True


def open_by_name(engine: Engine, before: str | None, browser: str, name: str, workshop: str) -> bool:
    """The same for who has signed on; whether the name opens what was asked for, and nothing else was stored.

    Args:
        workshop: which one is to be facilitated; empty for the operator's pages.
    """
    if not name.isprintable():  # no such name is ever stored, and not every database can look for it
        return False
    with writing(engine) as db:
        operator = rights.of_name(db, name, rights.EVERYTHING)
        right = operator or (rights.of_name(db, name, workshop) if workshop else None)
        if right is None or (workshop and not _there_is(db, workshop)):
            return False
        _take_over(db, before, browser)
        if rights.drop_held(db, _hash(browser), "name"):  # who signed on here before is somebody else, or the same
            erasures.note(db, "facilitator", "", (_hash(browser),))
        for place in {workshop, rights.EVERYTHING} if operator else {workshop}:
            rights.hold(db, _hash(browser), right, place)
    return True


def actors_named(engine: Engine, name: str, workshop: str) -> frozenset[Actor]:
    """Who somebody of this name is: an operator; and the facilitator of a workshop that there is, if named for it."""
    with faults(), engine.connect() as db:
        operator = rights.of_name(db, name, rights.EVERYTHING) is not None
        facilitates = workshop and (operator or rights.of_name(db, name, workshop)) and _there_is(db, workshop)
    named = [rights.EVERYTHING] * operator + [workshop] * bool(facilitates)
    return frozenset(Actor(place, "facilitator") for place in named)


def open_as_operator(engine: Engine, browser: str, workshop: str) -> None:
    """Lets an operator's browser facilitate a workshop, by the same right; one that is no operator's any more not."""
    with writing(engine) as db:
        for right in rights.held(db, _hash(browser), rights.EVERYTHING):
            rights.hold(db, _hash(browser), right, workshop)
        its = (tables.grants.c.browser == _hash(browser)) & (tables.grants.c.role == "facilitator")
        if db.scalar(select(tables.grants.c.browser).where(its, tables.grants.c.workshop == "")):
            store_grant(db, browser, Actor(workshop, "facilitator"))


def drop_facilitating(engine: Engine, browser: str) -> None:
    """A browser is let in as operator or facilitator no more."""
    grants = tables.grants.c
    with writing(engine) as db:
        its = (grants.browser == _hash(browser)) & (grants.role == "facilitator")
        granted = db.execute(delete(tables.grants).where(its)).rowcount
        if rights.drop_held(db, _hash(browser)) or granted:
            erasures.note(db, "facilitator", "", (_hash(browser),))
        taken_back.note(db)


def _there_is(db: Connection, workshop: str) -> bool:
    return db.scalar(select(tables.workshops.c.id).where(tables.workshops.c.id == workshop)) is not None


def _take_over(db: Connection, before: str | None, browser: str) -> None:
    if before is not None:
        its = tables.grants.c.browser == _hash(before)
        granted = db.execute(update(tables.grants).where(its).values(browser=_hash(browser))).rowcount
        held = rights.change_browser(db, _hash(before), _hash(browser))
        helps = helper_links.change_browser(db, _hash(before), _hash(browser))
        if granted or held or helps:
            erasures.note(db, "browser", "", (_hash(before), _hash(browser)))


def helper_of_link(engine: Engine, workshop: str, secret: str) -> Actor | None:
    """As which helper a link lets in the one browser that it opens; None if it is not valid, or has done so."""
    with faults(), engine.connect() as db:
        return helper_links.find(db, workshop, secret)


def open_helper_link(engine: Engine, before: str | None, browser: str, actor: Actor) -> bool:
    """The same as `renew_browser` for a helper; whether no other browser has opened the link meanwhile."""
    with writing(engine) as db:
        if not helper_links.use_up(db, actor):
            return False
        _take_over(db, before, browser)
        helper_links.give(db, actor, _hash(browser))
    return True


def grants_of(engine: Engine, browser: str) -> tuple[Actor, ...]:
    """Who this browser may be; nobody who was taken out of the session, or whose link or right was withdrawn."""
    with faults(), engine.connect() as db:
        others = *helper_links.actors_of(db, _hash(browser)), *rights.actors_of(db, _hash(browser))
        return (*_granted(db, browser, ~taken_out.is_out(tables.grants)), *others)


def taken_out_of(engine: Engine, browser: str) -> tuple[Actor, ...]:
    """Who this browser was, until it was taken out of the session."""
    with faults(), engine.connect() as db:
        return _granted(db, browser, taken_out.is_out(tables.grants))


def participant_of(db: Connection, browser: str, workshop: str, session: str) -> Actor | None:
    """Who this browser is in a session, whether in it or taken out; None for who has not joined."""
    grants = tables.grants.c
    its = (grants.browser == _hash(browser)) & (grants.workshop == workshop) & (grants.session == session)
    who = db.scalar(select(grants.participant).where(its, grants.role == "participant"))
    return Actor(workshop, "participant", session, who) if who else None


def participants_of(db: Connection, browser: str, workshop: str) -> frozenset[str]:
    """Who this browser is in the sessions of a workshop that it has joined."""
    grants = tables.grants.c
    its = (grants.browser == _hash(browser)) & (grants.workshop == workshop) & (grants.role == "participant")
    return frozenset(db.scalars(select(grants.participant).where(its)))


def value(db: Connection, key: str) -> str | None:
    """A value of the server; None if none was stored."""
    return server_values.read(db, key)


def server_value(engine: Engine, key: str, make: Callable[[], str]) -> str:
    """A value that outlives a restart (signing key, port); made and stored when it is first asked for."""
    there = stored_value(engine, key)
    if there is not None:  # whoever only reads waits for nobody
        return there
    with writing(engine) as db:
        stored = value(db, key)
        if stored is None:
            stored = make()
            server_values.write(db, key, stored)
    return stored


def stored_value(engine: Engine, key: str) -> str | None:
    """The same for who has no connection yet."""
    with faults(), engine.connect() as db:
        return value(db, key)


def set_server_value(engine: Engine, key: str, value: str) -> None:
    """Stores a value of the server in place of the one before."""
    with writing(engine) as db:
        server_values.write(db, key, value)


def _granted(db: Connection, browser: str, which: ColumnElement[bool]) -> tuple[Actor, ...]:
    rows = db.execute(select(tables.grants).where(tables.grants.c.browser == _hash(browser), which)).all()
    return tuple(_actor(row.workshop, row.role, row.session, row.participant) for row in rows)


def _actor(workshop: str, role: str, session: str, participant: str) -> Actor:
    with readable("who may get in"):
        named: Role = get_args(Role)[get_args(Role).index(role)]
    return Actor(workshop, named, session or None, participant or None)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
