// A QR code as a drawing, for the widgets that show one. In front of their own modules.

/** @typedef {{ size: number, path: string }} Drawing */

/** @param {Drawing} drawing @param {string} label */
function qrCode({ size, path }, label) {
  const look = { class: "nps-qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" };
  return svg("svg", look, svg("path", { d: path, fill: "currentColor" }));
}
