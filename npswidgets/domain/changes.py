"""What else may be behind a difference between two workshops than a change of the council."""

from collections.abc import Sequence

from npswidgets.domain.rubric import wording_changed
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken


def check_one_scale(workshops: Sequence[Workshop]) -> None:
    """Whether all were scored on as many levels, from the same lowest one: else no score says what another does.

    Raises:
        RuleBroken: they were not.
    """
    scales = {one.rubric.scale.values: f"“{one.id}” on levels {one.rubric.scale.ends}" for one in workshops}
    if len(scales) > 1:
        raise RuleBroken(
            f"Scores of different scales cannot be compared: {'; '.join(scales.values())}. "
            "Compare workshops that were scored on the same levels."
        )


def other_topic(workshops: Sequence[Workshop], code: str) -> bool:
    """Whether a value code is not the same thing in all that have it, and no score on it says anything of another.

    Editions of one rubric keep their ids. In another rubric the same id is the same thing only in the same words.
    """
    rubrics = [one.rubric for one in workshops if code in one.topics]
    return len({one.id for one in rubrics}) > 1 and wording_changed(rubrics, code)


def rule_changed(workshops: Sequence[Workshop], code: str) -> bool:
    """Whether scores on a value code followed different rules, such as the median and the weakest part."""
    return len({one.rubric.score_follows for one in workshops if code in one.topics}) > 1


def panel_changed(workshops: Sequence[Workshop], code: str) -> bool:
    """Whether other people scored a value code: other departments were asked, or many more or fewer people took part.

    Many is a quarter, in the session of the value code; a rule of our own. Workshops that do not have it are left out.
    """
    found = [one for one in workshops if code in one.topics]
    people = [one.sessions[one.topics[code].session].took_part for one in found]
    return len({frozenset(one.departments) for one in found}) > 1 or 4 * (max(people) - min(people)) >= max(people) > 0


def with_care(workshops: Sequence[Workshop], code: str) -> bool:
    """Whether a map between editions says that scores on a value code are to be compared with care."""
    return any(one.carried is not None and code in one.carried.care for one in workshops)
