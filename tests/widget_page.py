"""The widgets of a screen in a real page, without a server: a stand-in for Jupyter's models, driven by the test."""

import json
from collections.abc import Iterable
from typing import Any

from ipywidgets import Widget
from messages import send
from playwright.sync_api import Page

ADDRESS = "http://phone.test/"
"""Plain http under another name than localhost, as on a phone: what needs a secure context is missing."""

HTML = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Workshop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { margin: 0 }
.widget-box { box-sizing: border-box; display: flex; flex-direction: column; overflow: auto }
</style></head><body><main></main></body></html>"""

MODELS = """([classes, widgets]) => {
  window.sent = [];
  const box = document.createElement("div");
  box.className = `widget-box ${classes}`;
  document.querySelector("main").append(box);
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
    const el = box.appendChild(document.createElement("div"));
    const { default: widget } = await import(URL.createObjectURL(new Blob([module], { type: "text/javascript" })));
    await widget.render({ model: window.models[at], el });
  }));
}"""


class WidgetPage:
    """Some widgets, drawn in a browser. Nothing passes between browser and kernel unless the test says so."""

    def __init__(self, page: Page, widgets: Iterable[Widget], classes: str = "nps-page nps-page-phone") -> None:
        self.page = page
        self.widgets = list(widgets)
        self._classes = classes
        page.route("**/*", lambda route: route.fulfill(body=HTML, content_type="text/html"))
        self.open()

    def open(self) -> None:
        """Opens the page, or opens it again."""
        self.page.goto(ADDRESS)
        self._given = [_state(widget) for widget in self.widgets]
        drawn = [
            {"state": state, "module": widget._esm, "style": widget._css}
            for state, widget in zip(self._given, self.widgets, strict=True)
        ]
        self.page.evaluate(MODELS, [self._classes, drawn])

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
