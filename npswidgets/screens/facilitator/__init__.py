"""The facilitator's page."""

from npswidgets.screens.facilitator.screen import FacilitatorScreen, build, facilitator

__all__ = ["FacilitatorScreen", "build", "facilitator"]
