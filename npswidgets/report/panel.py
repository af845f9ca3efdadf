"""How alike the people of a session judged over all its value codes: a sentence for each figure."""

from collections.abc import Iterator

from npswidgets.domain.panel import Panel, panel_of
from npswidgets.domain.starting_level import ENOUGH_VOTES
from npswidgets.domain.statistics import rounded
from npswidgets.domain.workshop import Session, Workshop
from npswidgets.report.phrases import counted, one_line


def panel_shown(workshop: Workshop, session: Session) -> Panel | None:
    """The panel of a session; None where the record has no voters, and for fewer than `ENOUGH_VOTES` people."""
    panel = panel_of(workshop, session.id)
    return panel if panel and panel.people >= ENOUGH_VOTES else None


def panel_sentences(workshop: Workshop) -> Iterator[str]:
    """A sentence for each figure of each session."""
    for session in workshop.sessions.values():
        place = f"{one_line(session.title)}: " if len(workshop.sessions) > 1 else ""
        panel = panel_shown(workshop, session)
        yield from (place + said for said in _sentences(panel)) if panel else ()


def _sentences(panel: Panel) -> Iterator[str]:
    if panel.w is not None:
        yield (
            f"Kendall's W is {rounded(panel.w, 2)}: from 0 to 1, how far people put the value codes in the same order, "
            f"in the last votes on the {counted(panel.judged_by_all, 'value code')} for which all {panel.people} of "
            "them chose a level (Kendall 1948)."
        )
    if panel.alpha is not None:
        yield (
            f"Krippendorff's alpha is {rounded(panel.alpha, 2)}: 1 where people always choose the same level, 0 where "
            f"they do as by chance, over the last votes of {panel.people} people on "
            f"{counted(panel.value_codes, 'value code')} (Krippendorff 2011, ordinal)."
        )
