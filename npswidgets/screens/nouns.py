"""The rubric's words for whatever our scripts write themselves: which widgets say them is in the widgets alone."""

from npswidgets.domain.rubric import Rubric
from npswidgets.widgets.base import Widget


def name_in(screen: object, rubric: Rubric) -> None:
    """Gives the rubric's words to each widget of a screen that says some."""
    words = rubric.words
    nouns = {
        "topic": words.topic.one,
        "topics": words.topic.many,
        "level": words.level.one,
        "levels": words.level.many,
    }
    for widget in vars(screen).values():
        if isinstance(widget, Widget) and widget.has_trait("nouns"):
            widget.nouns = nouns
