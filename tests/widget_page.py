"""The widgets of a screen in a real page, without a server: a stand-in for Jupyter's models, driven by the test."""

import json
from collections.abc import Iterable
from importlib import resources
from typing import Any

from ipywidgets import Box, VBox, Widget
from messages import send
from playwright.sync_api import Page

ADDRESS = "http://phone.test/"
"""Plain http under another name than localhost, as on a phone: what needs a secure context is missing."""

HTML = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Workshop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
SHELL
.widget-box { box-sizing: border-box; display: flex; overflow: auto }
.widget-vbox { flex-direction: column }
</style></head><body class="open"><main id="screen"></main></body></html>""".replace(
    "SHELL", resources.files("npswidgets.templates.pages").joinpath("static").joinpath("screen.css").read_text("utf-8")
)

MODELS = """([tree, widgets]) => {
  window.sent = [];
  const places = [];
  const build = (node) => {
    const el = document.createElement("div");
    if (typeof node === "number") return (places[node] = el);
    el.className = node.classes;
    el.style.display = node.display;
    el.append(...node.children.map(build));
    return el;
  };
  document.querySelector("main").append(build(tree));
  window.models = widgets.map(({ state, style }, at) => {
    const listeners = {};
    document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
    return {
      state,
      get: (name) => state[name],
      send: (content) => window.sent.push([at, content]),
      on: (name, listener) => (listeners[name] ??= new Set()).add(listener),
      off: (name, listener) => listeners[name]?.delete(listener),
      update: (changes) => (Object.assign(state, changes), (listeners.change ?? []).forEach((listener) => listener())),
    };
  });
  return Promise.all(widgets.map(async ({ module }, at) => {
    const el = places[at];
    const { default: widget } = await import(URL.createObjectURL(new Blob([module], { type: "text/javascript" })));
    await widget.render({ model: window.models[at], el });
  }));
}"""


class WidgetPage:
    """Some widgets, drawn in a browser. Nothing passes between browser and kernel unless the test says so.

    `WidgetPage(page, screen.widget)` draws a screen as it is nested.
    """

    def __init__(self, page: Page, widgets: Box | Iterable[Widget], classes: str = "nps-page nps-page-phone") -> None:
        self.page = page
        self.widgets: list[Widget] = []
        if isinstance(widgets, Box):
            self._tree = self._node(widgets)
        else:
            names = f"widget-box widget-vbox {classes}"
            self._tree = {"classes": names, "display": "", "children": [self._node(one) for one in widgets]}
        page.route("**/*", lambda route: route.fulfill(body=HTML, content_type="text/html"))
        self.open()

    def _node(self, widget: Widget) -> Any:
        """A box as its classes and what is in it; any other widget as its place in `widgets`."""
        if not isinstance(widget, Box):
            self.widgets.append(widget)
            return len(self.widgets) - 1
        kind = "widget-box widget-vbox" if isinstance(widget, VBox) else "widget-box"
        classes = " ".join(["jupyter-widgets", kind, *widget._dom_classes])
        return {
            "classes": classes,
            "display": widget.layout.display or "",
            "children": [self._node(child) for child in widget.children],
        }

    def open(self) -> None:
        """Opens the page, or opens it again."""
        self.page.goto(ADDRESS)
        self._given = [_state(widget) for widget in self.widgets]
        drawn = [
            {"state": state, "module": widget._esm, "style": widget._css}
            for state, widget in zip(self._given, self.widgets, strict=True)
        ]
        self.page.evaluate(MODELS, [self._tree, drawn])

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The messages that wait in the browser."""
        return [content for _, content in self.page.evaluate("window.sent")]

    def deliver(self) -> list[dict[str, Any]]:
        """Takes what the browser has sent to the kernel, and what has changed there back; gives the messages."""
        messages = self.page.evaluate("window.sent.splice(0)")
        for at, content in messages:
            send(self.widgets[at], content)
        self.show()
        return [content for _, content in messages]

    def show(self) -> None:
        """Takes what has changed in the kernel to the browser."""
        for at, widget in enumerate(self.widgets):
            state = _state(widget)
            changes = {name: value for name, value in state.items() if value != self._given[at][name]}
            self._given[at] = state
            if changes:
                self.page.evaluate("([at, changes]) => window.models[at].update(changes)", [at, changes])


def _state(widget: Widget) -> dict[str, Any]:
    names = [name for name in widget.keys if not name.startswith("_") and name != "layout"]
    state: dict[str, Any] = json.loads(json.dumps({name: getattr(widget, name) for name in names}))
    return state
