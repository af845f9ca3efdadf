"""The helper's page: texts and paper votes, on a phone."""

from npswidgets.screens.helper.screen import HelperScreen, build, helper

__all__ = ["HelperScreen", "build", "helper"]
