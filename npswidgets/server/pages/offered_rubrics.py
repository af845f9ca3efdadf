"""What a workshop can be made to score: the rubrics that come along, and those that operators keep."""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Engine

from npswidgets.domain.days import day_of, say_day
from npswidgets.domain.rubric import Rubric
from npswidgets.errors import WorkshopError
from npswidgets.store.kept_rubrics import KeptRubric, kept_rubric, kept_rubrics, newest_of_each
from npswidgets.store.rubric_files import load_rubric, rubric_ids
from npswidgets.store.rubric_json import rubric_digest

FIRST = "nps-2018"
"""What a form offers before anybody has chosen."""


@dataclass(frozen=True)
class Offer:
    """A rubric in a list, with what tells it from others in a few words."""

    digest: str
    title: str
    says: str


def coming_along() -> dict[str, Rubric]:
    """The rubrics that come along, by digest; the diagnostic first. One whose files somebody has spoilt is left out."""
    found: list[Rubric] = []
    for one in sorted(rubric_ids(), key=lambda id_: (id_ != FIRST, id_)):
        with suppress(WorkshopError):
            found.append(load_rubric(one))
    return {rubric_digest(one): one for one in found}


def offered(engine: Engine, chosen: str) -> list[Offer]:
    """What a form offers: of what is kept the newest version of each, and the chosen one."""
    kept = kept_rubrics(engine)
    newest = newest_of_each(kept)
    return [
        *(Offer(digest, one.title, one.credit) for digest, one in coming_along().items()),
        *(as_offer(one) for one in kept if one in newest or one.digest == chosen),
    ]


def as_offer(kept: KeptRubric) -> Offer:
    """A kept rubric in a list."""
    return Offer(kept.digest, kept.title, f"version {kept.version}, kept on {say_day(day_of(kept.kept_at))}")


def rubric_of(engine: Engine, digest: str) -> Rubric:
    """The rubric of this digest; the diagnostic of 2018 for none.

    Raises:
        NotFound: there is none any more.
    """
    if not digest:
        return load_rubric(FIRST)
    return coming_along().get(digest) or kept_rubric(engine, digest)
