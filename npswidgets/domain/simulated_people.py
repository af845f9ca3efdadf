"""Simulated people, for rehearsals: what they vote looks like a real room, and means nothing.

A council is thought to stand somewhere on each topic; departments see it from their own place, people differ a little,
some cannot judge, and in a second vote most move towards the others, some stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from npswidgets.domain.events import Answer


@dataclass(frozen=True)
class Person:
    """Somebody who votes.

    Attributes:
        leaning: how much higher (or lower) than the council stands this person tends to see it, in levels.
        knows: how likely the person can judge a topic, from 0 to 1.
    """

    department: str | None
    leaning: float
    knows: float


def people(number: int, departments: Sequence[str], chance: Random) -> tuple[Person, ...]:
    """So many people, spread over the departments; each department leans its own way."""
    leanings = {name: chance.gauss(0, 0.5) for name in departments}
    places = [departments[at % len(departments)] if departments else None for at in range(number)]
    return tuple(
        Person(place, leanings.get(place or "", 0) + chance.gauss(0, 0.4), chance.uniform(0.75, 1)) for place in places
    )


def standing(chance: Random) -> float:
    """Where a council stands on a topic: mostly between Developing and Mature."""
    return min(4.6, max(1.2, chance.gauss(2.5, 0.7)))


def first_answer(person: Person, stands: float, disputed: float, chance: Random) -> Answer:
    """What a person votes alone; `disputed` (in levels) says how far views of this topic lie apart."""
    if chance.random() > person.knows:
        return "not_my_role" if chance.random() < 0.25 else "dont_know"
    return _level(stands + person.leaning + chance.gauss(0, 0.3 + disputed))


def second_answer(before: Answer, counts: Sequence[int], chance: Random) -> Answer:
    """What the same person votes after the talk: most move a level towards the others, some stay."""
    if not isinstance(before, int) or not sum(counts) or chance.random() < 0.35:
        return before
    middle = sum(level * votes for level, votes in enumerate(counts, 1)) / sum(counts)
    return _level(before + max(-1, min(1, middle - 0.3 - before)))


def _level(view: float) -> int:
    return min(5, max(1, round(view)))
