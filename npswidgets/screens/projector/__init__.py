"""The wall."""

from npswidgets.screens.projector.screen import ProjectorScreen, build, projector

__all__ = ["ProjectorScreen", "build", "projector"]
