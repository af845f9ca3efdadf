"""Facilitated self-assessment workshops for councils, in Jupyter.

The names of `__all__` are what notebooks use. Each is imported when it is first used, so that a participant's kernel
imports neither pandas nor matplotlib.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PLACES = {
    "AgreedList": "npswidgets.widgets.agreed_list:AgreedList",
    "JoinCard": "npswidgets.widgets.join_card:JoinCard",
    "NotesForm": "npswidgets.widgets.notes_form:NotesForm",
    "ScoreForm": "npswidgets.widgets.score_form:ScoreForm",
    "TopicHeading": "npswidgets.widgets.topic_heading:TopicHeading",
    "VoteBoard": "npswidgets.widgets.vote_board:VoteBoard",
    "VotePad": "npswidgets.widgets.vote_pad:VotePad",
    "carried": "npswidgets.analysis.opening:carried",
    "charts": "npswidgets.charts",
    "compare": "npswidgets.comparison:compare",
    "facilitator": "npswidgets.screens.facilitator:facilitator",
    "helper": "npswidgets.screens.helper:helper",
    "levels_of": "npswidgets.widgets.alone:levels_of",
    "make_report": "npswidgets.report.make:make_report",
    "open_workshop": "npswidgets.analysis.opening:open_workshop",
    "panels": "npswidgets.comparison:panels",
    "participant": "npswidgets.screens.participant:participant",
    "projector": "npswidgets.screens.projector:projector",
    "tables": "npswidgets.analysis.frames:tables",
    "workshops": "npswidgets.analysis.opening:workshops",
}
"""Where each public name is: a module, or a name in one."""

__all__ = sorted(_PLACES)


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise import_module("npswidgets.domain.nearest").no_attribute("npswidgets", name, _PLACES)
    module, _, attribute = _PLACES[name].partition(":")
    found = import_module(module)
    value = globals()[name] = getattr(found, attribute) if attribute else found
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
