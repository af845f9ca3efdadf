// The line at the bottom of the wall. Traits: see foot_line.py; Python writes all of them.

/** @typedef {{ texts: string[], small: string, filled: number, total: number, elapsed: number | null }} Traits */

const LARGEST = 64;
const SMALLEST = 36;

export default widget("nps-foot-line", (/** @type {Model<Traits, never>} */ model, root, signal) => {
  const fit = () => model.get("scale") === "wall" && fitText(root, LARGEST, SMALLEST);
  const sizes = new ResizeObserver(fit);
  sizes.observe(root);
  signal.addEventListener("abort", () => sizes.disconnect());

  const clock = h("span", { class: "nps-clock", "aria-hidden": "true" });
  /** @type {number | null} */ let elapsed = null;
  let started = 0;
  const tick = () => {
    clock.hidden = elapsed === null;
    if (elapsed === null) return;
    const seconds = Math.max(0, Math.floor(elapsed + (steadyNow() - started) / 1000));
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  const ticking = setInterval(tick, 500);
  signal.addEventListener("abort", () => clearInterval(ticking));

  return () => {
    if (model.get("elapsed") !== elapsed) [elapsed, started] = [model.get("elapsed"), steadyNow()];
    tick();
    const texts = model.get("texts").map((/** @type {string} */ text) => h("span", {}, text));
    replace(
    root,
      h("p", { class: "nps-line" }, ...texts, people(model.get("filled"), model.get("total")), clock),
      model.get("small") && h("p", { class: "nps-small" }, model.get("small")),
    );
    fit();
  };
});

/** A dot for each person, filled for those who have voted. @param {number} filled @param {number} total */
function people(filled, total) {
  if (total === 0) return null;
  const dot = (/** @type {number} */ index) =>
    svg("circle", { cx: index + 0.5, cy: 0.5, r: 0.36, fill: index < filled ? "currentColor" : "none", stroke: "currentColor", "stroke-width": 0.1 });
  const dots = Array.from({ length: total }, (_, index) => dot(index));
  const size = `max-width: calc(${total} * var(--nps-dot))`;
  return h("span", { class: "nps-people" }, svg("svg", { viewBox: `0 0 ${total} 1`, style: size, "aria-hidden": "true" }, ...dots));
}
