"""The scripts and styles of widgets: as text in the widget itself, or by address where a server has them.

By address a browser loads them once and keeps them; as text they would come again with each opening of a page.
"""

import os
from importlib import resources

from npswidgets import settings
from npswidgets.addresses import WIDGET_FILE

ASKED_FOR: set[tuple[str, str]] = set()
"""What the widgets that are imported ask for: names and kind, such as ("base+vote_pad", "css")."""
BY_ADDRESS = """// Loads a widget's script and style from the server that its page came from. anywidget gives a
// widget two seconds to begin, however slow the network is, so it begins at once, and waits when it is drawn.
const at = (path) => location.origin + path;
function styled(path) {
  if ([...document.styleSheets].some((sheet) => sheet.href === at(path))) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: at(path) });
  const loaded = new Promise((done) => (link.onload = link.onerror = done));
  document.head.append(link);
  return loaded;
}
const loading = Promise.all([import(at("SCRIPT")), styled("STYLE")]);
loading.catch(() => window.npsFailed?.());
export default { render: async (view) => (await loading)[0].default.render(view) };
"""


def sources(scripts: tuple[str, ...], styles: tuple[str, ...]) -> tuple[str, str]:
    """What a widget gives to the browser as its script and its style.

    Args:
        scripts, styles: names of files in static/, in their order.
    """
    script_names, style_names = "+".join(scripts), "+".join(styles)
    ASKED_FOR.update({(script_names, "js"), (style_names, "css")})
    version = os.environ.get(settings.NPS_PAGES)
    if not version:
        return joined(script_names, "js"), joined(style_names, "css")
    script, style = (WIDGET_FILE.of(version, name) for name in (f"{script_names}.js", f"{style_names}.css"))
    return BY_ADDRESS.replace("SCRIPT", script).replace("STYLE", style), ""


def joined(names: str, kind: str) -> str:
    """Files of static/ behind each other, such as "base+vote_pad" of kind "js".

    Raises:
        FileNotFoundError: there is no such file.
    """
    folder = resources.files("npswidgets.widgets").joinpath("static")
    return "".join(folder.joinpath(f"{name}.{kind}").read_text("utf-8") + "\n" for name in names.split("+"))
