"""What each vote asks."""

from npswidgets.domain.workshop import Workshop

OF_THE_COUNCIL = "Which level is true for the council, as far as you know it?"


def question(workshop: Workshop) -> str:
    """About the part that people know, where the workshop knows of parts; else about the council."""
    if workshop.departments:
        return "Which level is true for the part of the council you know?"
    return OF_THE_COUNCIL
