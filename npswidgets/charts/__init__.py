"""Statistics to matplotlib figures. The functions here take a whole workshop; those of the modules take numbers."""

from npswidgets.charts.of_workshop import profile, spread, spreads

__all__ = ["profile", "spread", "spreads"]
