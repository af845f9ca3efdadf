"""Simulated people, for rehearsals: what they vote looks like a real room, and means nothing.

A council is thought to stand somewhere on each topic; departments see it from their own place, people differ a little,
some cannot judge, and in a second vote most move towards the others, some stay. Views lie on a line from 0 (the lowest
level) to 4 (the highest one), whatever the scale: in quarters of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from npswidgets.domain.events import Answer
from npswidgets.domain.scale import Scale


@dataclass(frozen=True)
class Person:
    """Somebody who votes.

    Attributes:
        leaning: how much higher (or lower) than it stands this person tends to see it, in quarters of the scale.
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
    """Where a council stands on a topic: mostly below the middle."""
    return min(3.6, max(0.2, chance.gauss(1.5, 0.7)))


def first_answer(person: Person, stands: float, disputed: float, scale: Scale, chance: Random) -> Answer:
    """What a person votes alone; `disputed` (in quarters) says how far views of this topic lie apart."""
    if chance.random() > person.knows:
        return "not_my_role" if chance.random() < 0.25 else "dont_know"
    view = stands + person.leaning + chance.gauss(0, 0.3 + disputed)
    return scale.nearest(scale.lowest + view * scale.steps / 4)


def second_answer(before: Answer, counts: Sequence[int], scale: Scale, chance: Random) -> Answer:
    """What the same person votes after the talk: most move a level towards the others, some stay."""
    if not isinstance(before, int) or not sum(counts) or chance.random() < 0.35:
        return before
    middle = sum(level * votes for level, votes in zip(scale.values, counts, strict=True)) / sum(counts)
    return scale.nearest(before + max(-1, min(1, middle - 0.3 - before)))
