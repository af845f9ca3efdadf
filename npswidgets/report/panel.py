"""How alike the people of a session judged over all its value codes: a sentence for each figure."""

from collections.abc import Iterator

from npswidgets.domain.panel import Panel, panel_of
from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.starting_level import ENOUGH_VOTES
from npswidgets.domain.statistics import rounded
from npswidgets.domain.workshop import Session, Workshop
from npswidgets.report.phrases import one_line


def panel_shown(workshop: Workshop, session: Session) -> Panel | None:
    """The panel of a session; None where the record has no voters, and for fewer than `ENOUGH_VOTES` people."""
    panel = panel_of(workshop, session.id)
    return panel if panel and panel.people >= ENOUGH_VOTES else None


def panel_sentences(workshop: Workshop) -> Iterator[str]:
    """A sentence for each figure of each session."""
    for session in workshop.sessions.values():
        place = f"{one_line(session.title)}: " if len(workshop.sessions) > 1 else ""
        panel = panel_shown(workshop, session)
        yield from (place + said for said in _sentences(workshop.rubric.words.in_reports, panel)) if panel else ()


def _sentences(words: RubricWords, panel: Panel) -> Iterator[str]:
    if panel.w is not None:
        yield (
            f"Kendall's W is {rounded(panel.w, 2)}: from 0 to 1, how far people put the {words.topic.many} in the "
            "same order, "
            f"in the last votes on the {words.topic.counted(panel.judged_by_all)} for which all {panel.people} of "
            f"them chose {words.level.a} (Kendall 1948)."
        )
    if panel.alpha is not None:
        yield (
            f"Krippendorff's alpha is {rounded(panel.alpha, 2)}: 1 where people always choose the same "
            f"{words.level.one}, 0 where "
            f"they do as by chance, over the last votes of {panel.people} people on "
            f"{words.topic.counted(panel.value_codes)} (Krippendorff 2011, ordinal)."
        )
