"""What else may be behind a difference between two workshops than a change of the council."""

from collections.abc import Sequence

from npswidgets.domain.workshop import Workshop


def panel_changed(workshops: Sequence[Workshop], code: str) -> bool:
    """Whether other people scored a value code: other departments were asked, or many more or fewer people took part.

    Many is a quarter, in the session of the value code; a rule of our own. Workshops that do not have it are left out.
    """
    found = [one for one in workshops if code in one.topics]
    people = [one.sessions[one.topics[code].session].took_part for one in found]
    return len({frozenset(one.departments) for one in found}) > 1 or 4 * (max(people) - min(people)) >= max(people) > 0
