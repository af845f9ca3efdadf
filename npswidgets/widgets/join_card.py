"""How to join, on the wall: join the Wi-Fi where there is one, then scan, or type address and code."""

from typing import Any

import traitlets

from npswidgets.widgets.alone import card_traits
from npswidgets.widgets.base import Widget


class JoinCard(Widget, files="join_card", scripts=("qr_code",)):
    """A QR code, an address and a code. Written by Python; nothing is drawn without a code.

    Attributes:
        qr: of `qr_drawing`; empty for none.
        address: what people type, such as "10.0.0.1:8866".
        code: as people read it: "482 915".
        wifi: {"name", "qr"} of a Wi-Fi that the workshop brings along; empty for none.
    """

    qr = traitlets.Dict().tag(sync=True)
    address = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    wifi = traitlets.Dict().tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**card_traits(traits, qr_drawing))


def qr_drawing(text: str) -> dict[str, Any]:
    """A QR code as {"size": modules on a side, with the white border, "path": the dark ones, as SVG path data}."""
    import segno  # only the wall needs it, and who makes a link for a helper

    qr = segno.make(text, error="m", micro=False)
    border = qr.default_border_size
    dark = [
        f"M{x + border} {y + border}h1v1h-1z"
        for y, row in enumerate(qr.matrix)
        for x, module in enumerate(row)
        if module
    ]
    return {"size": len(qr.matrix) + 2 * border, "path": "".join(dark)}
