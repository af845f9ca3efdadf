// How to join, on the wall. Traits: see join_card.py; Python writes all of them.

export default widget("nps-join-card", (model, root) => () => {
  const { size, path } = model.get("qr");
  const address = model.get("address");
  root.hidden = !model.get("code");
  replace(
    root,
    path &&
      svg(
        "svg",
        { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": `QR code that opens ${address}`, "shape-rendering": "crispEdges" },
        svg("path", { d: path, fill: "currentColor" }),
      ),
    h(
      "div",
      { class: "nps-type" },
      path && h("p", { class: "nps-scan" }, "Scan to join"),
      address && h("p", {}, "or go to"),
      address && h("p", { class: "nps-address" }, address),
      address && h("p", {}, "and enter"),
      h("p", { class: "nps-code" }, model.get("code")),
    ),
  );
});
