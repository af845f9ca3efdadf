"""The participant's page."""

from npswidgets.screens.participant.screen import ParticipantScreen, build, participant

__all__ = ["ParticipantScreen", "build", "participant"]
