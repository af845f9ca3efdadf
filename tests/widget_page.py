"""The widgets of a screen in a real page, drawn by the script that draws screens, without a server.

The test is the kernel.
"""

import json
from collections.abc import Iterable, Iterator
from importlib import resources
from typing import Any

from ipywidgets import Box, VBox
from ipywidgets import Widget as AnyWidget
from messages import send
from playwright.sync_api import Page

from npswidgets.widgets.base import Widget

ADDRESS = "http://phone.test/"
"""Plain http under another name than localhost, as on a phone: what needs a secure context is missing."""

_SCREEN = resources.files("npswidgets.templates") / "screen"
_STATIC = resources.files("npswidgets.widgets") / "static"

HTML = f"""<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Workshop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{(_SCREEN / "screen.css").read_text("utf-8")}</style></head>
<body class="open"><main id="screen"></main></body></html>"""

DARK = (_SCREEN / "dark.css").read_text("utf-8")
"""What the server puts behind the style of a participant's and of a helper's page."""

DRAWING = "\n".join(
    [
        *(part.read_text("utf-8") for part in (_STATIC / "base.js", _SCREEN / "models.js", _SCREEN / "drawing.js")),
        "export { screenModels, drawWidget };",
    ]
)

DRAW = """async ([drawing, root, own, states, scripts, styles]) => {
  const add = (style) => document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  const load = (script) => import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  const { screenModels, drawWidget } = await load(drawing);
  window.sent = [];
  window.all = screenModels((id, content) => !window.deaf && window.sent.push([id, content]) > 0);
  all.take({ states });
  styles.forEach(add);
  const modules = {};
  for (const name of Object.keys(scripts)) {
    const module = await load(scripts[name]);
    modules[name] = () => module.default;
  }
  window.models = own.map((id) => Object.assign(all.of(id), { update: (changes) => all.change(id, changes) }));
  document.querySelector("main").prepend(drawWidget(all, root, modules).el);
}"""


class WidgetPage:
    """Some widgets, drawn in a browser. Nothing passes between browser and kernel unless the test says so.

    `WidgetPage(page, screen.widget)` draws a screen as it is nested.
    """

    def __init__(self, page: Page, widgets: Box | Iterable[Widget], classes: str = "nps-page nps-page-phone") -> None:
        self.page = page
        self._root = widgets if isinstance(widgets, Box) else _column(widgets, classes)
        self._all = {one.model_id: one for one in _within(self._root)}
        page.route("**/*", lambda route: route.fulfill(body=HTML, content_type="text/html"))
        self.open()

    def open(self) -> None:
        """Opens the page, or opens it again."""
        self.page.goto(ADDRESS)
        self._given = {name: _state(widget) for name, widget in self._all.items()}
        own = {name: widget for name, widget in self._all.items() if isinstance(widget, Widget)}
        styles = dict.fromkeys(widget._css for widget in own.values())
        if "nps-page-phone" in self._root._dom_classes:
            styles[DARK] = None
        states = {name: {"state": state} for name, state in self._given.items()}
        scripts = {widget._anywidget_id: widget._esm for widget in own.values()}
        self.page.evaluate(DRAW, [DRAWING, self._root.model_id, [*own], states, scripts, [*styles]])

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The messages that wait in the browser."""
        return [content for _, content in self.page.evaluate("window.sent")]

    def deliver(self) -> list[dict[str, Any]]:
        """Takes what the browser has sent to the kernel, and what has changed there back; gives the messages."""
        messages = self.page.evaluate("window.sent.splice(0)")
        for name, content in messages:
            send(self._all[name], content)
        self.show()
        return [content for _, content in messages]

    def changes(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What has changed in the kernel and is not in the browser yet, as it was and as it is, by the widget's id."""
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for name, widget in self._all.items():
            state, given = _state(widget), self._given[name]
            if changed := {trait: value for trait, value in state.items() if value != given[trait]}:
                before[name], after[name] = {trait: given[trait] for trait in changed}, changed
        return before, after

    def shown(self, after: dict[str, Any]) -> None:
        """The test has taken what has changed to the browser by itself."""
        for name, changed in after.items():
            self._given[name] |= changed

    def show(self) -> None:
        """Takes what has changed in the kernel to the browser."""
        for name, changed in self.changes()[1].items():
            self._given[name] |= changed
            self.page.evaluate("([name, changed]) => all.change(name, changed)", [name, changed])


def _column(widgets: Iterable[Widget], classes: str) -> Box:
    column = VBox([*widgets])
    for name in classes.split():
        column.add_class(name)
    return column


def _within(widget: AnyWidget) -> Iterator[AnyWidget]:
    """A widget, its layout, and all that is in it."""
    yield widget
    yield widget.layout
    for child in getattr(widget, "children", ()):
        yield from _within(child)


def _state(widget: AnyWidget) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(json.dumps(widget.get_state()))
    return {name: value for name, value in state.items() if name not in ("_esm", "_css")}
