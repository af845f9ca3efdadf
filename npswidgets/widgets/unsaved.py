"""Widgets of which a saved notebook keeps nothing that they show.

JupyterLab and nbclient can write what is in the models of a notebook into its file, as `metadata.widgets`: names,
codes and reasons, where nobody sees them. So in a notebook the traits do not go into the models. The script asks for
them when it draws (`unsaved` in static/base.js), and they come by messages, which nobody keeps. On the server, where
nobody saves a page, they go into the models as always.
"""

import os
from typing import Any

import anywidget

from npswidgets import settings

DRAWN = {"kind": "drawn"}
"""What a script says in a notebook when it draws: it wants the traits."""
MARK = "_unsaved"
"""In the state of a model whose traits come by messages."""
_OF_A_MODEL = frozenset(anywidget.AnyWidget.class_trait_names(sync=True))


class Unsaved(anywidget.AnyWidget):
    """A widget whose traits go to a notebook's page by messages, as soon as it has drawn the widget."""

    _drawn = False

    def get_state(self, key: Any = None, drop_defaults: bool | None = None) -> dict[str, Any]:
        """The traits as JSON.

        Who fills a model gets its outline alone in a notebook: that is ipywidgets, when the widget opens, and when it
        is asked for all models, for which it names `drop_defaults`.
        """
        state: dict[str, Any] = super().get_state(key, drop_defaults or False)
        fills_a_model = drop_defaults is not None or self.comm is None
        return _outline(state) | {MARK: True} if fills_a_model and not _on_the_server() else state

    def wants_traits(self, content: object) -> bool:
        """Whether this message says that a notebook's page has drawn the widget; then it gets the traits."""
        if content != DRAWN or _on_the_server():
            return False
        self._drawn = True
        self.send_state()
        return True

    def _send(self, msg: dict[str, Any], buffers: Any = None) -> None:
        if msg.get("method") != "update" or _on_the_server():
            super()._send(msg, buffers)
            return
        outline = _outline(msg["state"])
        shown = {name: value for name, value in msg["state"].items() if name not in outline}
        if outline:
            super()._send(msg | {"state": outline}, buffers)
        if shown and self._drawn:
            self.send({"kind": "traits", "traits": shown})


def _outline(state: dict[str, Any]) -> dict[str, Any]:
    """Which widget it is, and its script and layout: nothing that it shows."""
    return {name: value for name, value in state.items() if name[0] == "_" or name in _OF_A_MODEL}


def _on_the_server() -> bool:
    return bool(os.environ.get(settings.NPS_PAGES))
