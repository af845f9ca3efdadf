"""An earlier workshop in the value codes of a later edition, as a map between the two editions says."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from npswidgets.domain.edition_map import Carried, Mapped
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.workshop import Topic, Workshop


def carried(workshop: Workshop, entries: Iterable[Mapped], rubric: Rubric) -> Workshop:
    """The workshop on the value codes of this rubric, with the scores that the map compares and no others.

    What was split gives its score to each; what was merged has the lowest score, and none where one of them has none.
    """
    topics: dict[str, Topic] = {}
    was: dict[str, tuple[str, ...]] = {}
    care: set[str] = set()
    for one in entries:
        found = [workshop.topics[code] for code in one.before if code in workshop.topics]
        if one.comparable == "no" or not found or len(found) < len(one.before):
            continue
        topics |= {code: replace(_weakest(found), code=code) for code in one.after}
        was |= dict.fromkeys(one.after, tuple(workshop.rubric.value_codes[code].display_name for code in one.before))
        care.update(one.after if one.comparable == "with care" else ())
    sessions = {
        id_: replace(one, codes=tuple(code for code, topic in topics.items() if topic.session == id_))
        for id_, one in workshop.sessions.items()
    }
    from_there = Carried(workshop.rubric, frozenset(care), was)
    return replace(workshop, rubric=rubric, topics=topics, sessions=sessions, left_out={}, carried=from_there)


def _weakest(topics: Sequence[Topic]) -> Topic:
    unscored = [topic for topic in topics if topic.agreed_level is None]
    return unscored[0] if unscored else min(topics, key=lambda topic: topic.agreed_level or 0)
