// Words on a page. Trait: parts, written by Python (see passage.py).

/** @typedef {{ parts: Part[] }} Traits */

/** @typedef {{ kind: string, text: string, items: string[], rows: string[][], columns: string[], levels: Level[], parts: Part[] }} Part */

/** Rows of two; what is longer takes 48 at most. */
const LARGEST = 56;
const SMALLEST = 30;
/** So many lines stand below each other on the wall; more are in two columns. */
const LONGEST_COLUMN = 10;

export default widget("nps-passage", (/** @type {Model<Traits, never>} */ model, root, signal) => {
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
    case "pairs":
      return h("dl", { class: part.rows.length > LONGEST_COLUMN ? "nps-pairs nps-fitted nps-side" : "nps-pairs nps-fitted" }, ...part.rows.map(drawPair));
    case "table":
      return drawTable(part);
    case "levels":
      return h("dl", {}, ...part.levels.map(drawLevel));
    case "more":
      return h("details", {}, h("summary", { click: unfolded }, part.text), ...part.parts.map(drawPart));
    default:
      return h("p", { class: "nps-text" }, part.text);
  }
}

/** @param {Level} level */
function drawLevel(level) {
  return h("div", {}, h("dt", {}, `${level.value} ${level.name}`), h("dd", {}, sentences(level.statements)));
}

/** @param {string[]} pair */
function drawPair([name, value]) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

/** @param {Part} part */
function drawTable({ columns, rows }) {
  const head = h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column)));
  const row = (/** @type {string[]} */ cells) => h("tr", {}, ...cells.map((cell, at) => h("td", { "data-column": columns[at] }, cell)));
  return h("table", { class: "nps-table nps-fitted" }, h("thead", {}, head), h("tbody", {}, ...rows.map(row)));
}
