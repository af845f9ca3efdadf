"""Statistics to matplotlib figures. The functions here take a whole workshop; those of the modules take numbers."""

from npswidgets.charts.of_workshop import departments, gaps, heat_map, profile, progress, radar, spread, spreads

__all__ = ["departments", "gaps", "heat_map", "profile", "progress", "radar", "spread", "spreads"]
