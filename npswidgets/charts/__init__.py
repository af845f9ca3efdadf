"""Statistics to matplotlib figures. The functions here take a whole workshop; those of the modules take numbers."""

from npswidgets.charts.of_workshop import (
    councils,
    departments,
    gaps,
    heat_map,
    profile,
    progress,
    radar,
    spread,
    spreads,
)
from npswidgets.domain.nearest import no_attribute

__all__ = ["councils", "departments", "gaps", "heat_map", "profile", "progress", "radar", "spread", "spreads"]


def __getattr__(name: str) -> object:
    raise no_attribute("npswidgets.charts", name, __all__)


def __dir__() -> list[str]:
    return __all__
