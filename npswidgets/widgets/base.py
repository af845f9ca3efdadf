"""What all our widgets share: three files of one name, no misspelt traits, no error that nobody sees."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ipywidgets
import traitlets

from npswidgets.domain.nearest import nearest
from npswidgets.errors import WorkshopError, say_error
from npswidgets.widgets.message_limits import UNREADABLE, UnreadableMessage, check_limits
from npswidgets.widgets.sources import sources
from npswidgets.widgets.unsaved import Unsaved

log = logging.getLogger(__name__)

PAGE = "A page of a workshop. Run this cell to see it."
"""What a saved notebook shows in place of a page."""


NOUNS = {"topic": "topic", "topics": "topics", "level": "level", "levels": "levels"}
"""What a script calls these, unless the rubric has other words."""


def rubric_nouns() -> "traitlets.Dict[str, str]":
    """The trait of a widget whose script says the rubric's words, written by Python: as in `NOUNS`."""
    return traitlets.Dict(default_value=NOUNS).tag(sync=True)


class Group(ipywidgets.Box):  # type: ignore[misc]  # has no types
    """Widgets together. A notebook that is saved keeps nothing of what they show."""

    def __repr__(self) -> str:
        return PAGE


class Column(ipywidgets.VBox):  # type: ignore[misc]  # has no types
    """The same, below each other."""

    __repr__ = Group.__repr__


class Widget(Unsaved):
    """Base of our widgets: ``class VotePad(Widget, files="vote_pad")`` loads vote_pad.js and vote_pad.css from static/.

    The files go to the browser behind static/base.js and static/base.css, as text or by their address: handing over
    paths would keep every instance alive through a file watcher (anywidget#929).

    Attributes:
        fault: what went wrong, shown in red at the top of the widget; empty if nothing did. Written by Python, and
            by the page where a press was not sent.
        about: whose page it is, and what a press is for. One that waits for a connection is not sent once it has
            changed.
        scale: how large the text is: on a phone, on a laptop, or on the wall, where all sizes follow the window.
        scripts, styles: the names of its files in static/, in their order.
        on_message: called with each message of our own that the browser sends; the screen sets it, and nothing listens
            before. Anybody can forge a message, so the screen checks all of it.
    """

    fault = traitlets.Unicode().tag(sync=True)
    about = traitlets.Unicode().tag(sync=True)
    scale = traitlets.Enum(("phone", "desk", "wall"), "phone").tag(sync=True)
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    on_message: Callable[[dict[str, Any]], None] | None = None
    _filled: frozenset[str] = frozenset()

    def __init_subclass__(
        cls, files: str = "", scripts: tuple[str, ...] = (), styles: tuple[str, ...] = (), **kwargs: Any
    ) -> None:
        """Loads the files; `scripts` and `styles` stand between those of base and the widget's own."""
        if files:
            cls.scripts, cls.styles = ("base", *scripts, files), ("base", *styles, files)
            cls._esm, cls._css = sources(cls.scripts, cls.styles)
        super().__init_subclass__(**kwargs)

    def __init__(self, **traits: Any) -> None:
        unknown = sorted(set(traits) - set(self.trait_names()))
        if unknown:
            known = [name for name in self.trait_names() if not name.startswith("_")]
            raise TypeError(f"{type(self).__name__} has no trait {', '.join(unknown)}.{nearest(unknown[0], known)}")
        super().__init__(**traits)

    def __repr__(self) -> str:
        """The kind alone: a notebook that is saved, and a log, would keep all that is in the traits."""
        return f"{type(self).__name__}()"

    def fill(self, traits: Mapping[str, Any]) -> None:
        """Sets several traits in one message; one that an earlier call has set and this one leaves out is as at first.

        Those that have not changed are neither checked again nor sent.
        """
        left_out = {name: self.trait_defaults(name) for name in self._filled.difference(traits)}
        self._filled = frozenset(traits)
        changed = {name: value for name, value in {**left_out, **traits}.items() if getattr(self, name) != value}
        if not changed:
            return
        with self.hold_sync():
            for name, value in changed.items():
                setattr(self, name, value)

    @contextmanager
    def faults_shown(self) -> Iterator[None]:
        """Shows an exception in the widget and logs it, instead of losing it in a callback."""
        try:
            yield
        except WorkshopError as error:
            self.fault = str(error)
        except Exception as error:
            log.error("%s failed: %s", type(self).__name__, say_error(error))
            self.fault = f"This did not work ({type(error).__name__}). Open the page again, then go on."

    def _handle_custom_msg(self, content: Any, buffers: Any) -> None:
        if self.wants_traits(content):
            return
        with self.faults_shown():
            if not isinstance(content, dict):
                raise UnreadableMessage(UNREADABLE)
            self.fault = ""
            check_limits(content)
            if self.on_message:
                self.on_message(content)
            super()._handle_custom_msg(content, buffers)

    def set_state(self, sync_data: dict[str, Any]) -> None:  # noqa: ARG002 (the interface)
        """Sets nothing: Python alone writes traits, since our scripts send messages. Who sets one forges it."""
        log.warning("A browser set what Python alone writes in a %s; nothing was changed.", type(self).__name__)
