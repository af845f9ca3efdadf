// Words on a page. Trait: parts, written by Python (see passage.py).

/** @typedef {{ kind: string, text: string, items: string[], levels: any[], parts: Part[] }} Part */

const LARGEST = 48;
const SMALLEST = 30;

export default widget("nps-passage", (model, root, signal) => {
  const fit = () => model.get("scale") === "wall" && fitText(root, LARGEST, SMALLEST);
  const sizes = new ResizeObserver(fit);
  sizes.observe(root);
  signal.addEventListener("abort", () => sizes.disconnect());

  return () => {
    const open = new Set([...root.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent));
    root.hidden = model.get("parts").length === 0;
    replace(root, ...model.get("parts").map(drawPart));
    for (const summary of root.querySelectorAll("summary")) {
      if (open.has(summary.textContent)) /** @type {any} */ (summary.parentElement).open = true;
    }
    fit();
  };
});

/** @param {Part} part @returns {HTMLElement} */
function drawPart(part) {
  const items = () => part.items.map((item) => h("li", {}, item));
  switch (part.kind) {
    case "heading":
      return h("h2", {}, part.text);
    case "big":
      return h("p", { class: "nps-big" }, part.text);
    case "steps":
      return h("ol", {}, ...items());
    case "items":
      return h("ul", {}, ...items());
    case "statements":
      return h("div", { class: "nps-fitted" }, sentences(part.items));
    case "levels":
      return h("dl", {}, ...part.levels.map(drawLevel));
    case "more":
      return h("details", {}, h("summary", {}, part.text), ...part.parts.map(drawPart));
    default:
      return h("p", { class: "nps-text" }, part.text);
  }
}

/** @param {{ value: number, name: string, statements: string[] }} level */
function drawLevel(level) {
  return h("div", {}, h("dt", {}, `${level.value} ${level.name}`), h("dd", {}, sentences(level.statements)));
}
