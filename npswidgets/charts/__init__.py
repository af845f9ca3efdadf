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

__all__ = ["councils", "departments", "gaps", "heat_map", "profile", "progress", "radar", "spread", "spreads"]
