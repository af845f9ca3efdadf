// Words on a page. Trait: parts, written by Python (see passage.py).

/** @typedef {{ parts: Part[] }} Traits */

/** @typedef {{ kind: string, text: string, items: string[], rows: any[], columns: string[], levels: Level[], parts: Part[], left: number | null, lists: { title: string, rows: string[][] }[] }} Part */
/** @typedef {NamedLevel & { topics: string[] }} ProfileRow */
/** @typedef {{ what: string, about: string, owner: string, due: string }} ActionRow */

/** Rows of two; what is longer takes 48 at most. */
const LARGEST = 56;
const SMALLEST = 22;
/** Sessions that do not stand beside each other flow through columns, in type as small as this. */
const SMALLEST_OF_MANY = 16;
const MOST_BESIDE = 3;
const LONGEST_BESIDE = 15;
/** So many lines stand below each other on the wall; more are in two columns. */
const LONGEST_COLUMN = 10;

export default widget("nps-passage", (/** @type {Model<Traits, never>} */ model, root, signal) => {
  const fit = () => {
    if (model.get("scale") !== "wall") return;
    root.parentElement?.classList.toggle("nps-low", model.get("parts").every(({ kind }) => kind === "countdown"));
    fitText(root, LARGEST, root.querySelector(".nps-flowing") ? SMALLEST_OF_MANY : SMALLEST);
  };
  const sizes = new ResizeObserver(fit);
  sizes.observe(root);
  /** What the server said is left, and when: this computer's own clock may be wrong. */
  let counted = { left: /** @type {number | null} */ (null), from: 0 };
  const tick = () => {
    const clock = root.querySelector("[data-left]");
    if (clock) clock.textContent = timeLeft(counted.left, (steadyNow() - counted.from) / 1000);
  };
  const ticking = setInterval(tick, 500);
  signal.addEventListener("abort", () => (sizes.disconnect(), clearInterval(ticking)));

  return () => {
    const details = () => /** @type {HTMLDetailsElement[]} */ ([...root.querySelectorAll("details")]);
    const open = new Set(details().filter((one) => one.open).map((one) => one.dataset.more));
    root.hidden = model.get("parts").length === 0;
    replace(root, ...model.get("parts").map(drawPart));
    const left = model.get("parts").find(({ kind }) => kind === "countdown")?.left ?? null;
    if (left !== counted.left) counted = { left, from: steadyNow() };
    for (const one of details()) one.open = open.has(one.dataset.more);
    tick();
    fit();
  };
});

/** Such as "13:42" or "1:02:03"; "0:00" once it is over. @param {number | null} left  seconds @param {number} spent  of them since then */
function timeLeft(left, spent) {
  if (left === null) return "a moment";
  const seconds = Math.max(0, Math.ceil(left - spent));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const shown = hours ? `${hours}:${String(minutes).padStart(2, "0")}` : String(minutes);
  return `${shown}:${String(seconds % 60).padStart(2, "0")}`;
}

/** @param {Part} part @returns {HTMLElement} */
function drawPart(part) {
  const items = () => part.items.map((item) => h("li", {}, item));
  switch (part.kind) {
    case "heading":
      return h("h2", {}, part.text);
    case "big":
      return h("p", { class: "nps-big", ...AS_IT_IS }, part.text);
    case "steps":
      return h("ol", {}, ...items());
    case "items":
      return h("ul", {}, ...items());
    case "statements":
      return h("div", { class: "nps-fitted" }, sentences(part.items));
    case "pairs":
      return h("dl", { class: part.rows.length > LONGEST_COLUMN ? "nps-pairs nps-fitted nps-side" : "nps-pairs nps-fitted" }, ...part.rows.map(drawPair));
    case "side_by_side":
      return h("div", { class: `nps-sessions nps-fitted ${fitBeside(part.lists) ? "" : "nps-flowing"}` }, ...part.lists.map(drawList));
    case "table":
      return drawTable(part);
    case "levels":
      return h("dl", {}, ...part.levels.map(drawLevel));
    case "countdown":
      return h("p", { class: "nps-countdown", "aria-hidden": "true" }, "Back in ", h("b", { "data-left": "" }));
    case "beside":
      return h("div", { class: "nps-beside" }, ...part.parts.map(drawPart));
    case "profile":
      return h("dl", { class: "nps-profile" }, ...part.rows.map(drawOnLevel));
    case "actions":
      return h("ul", { class: "nps-actions" }, ...part.rows.map(drawAction));
    case "more":
      return h("details", { "data-more": part.text }, h("summary", { click: unfolded }, part.text), ...part.parts.map(drawPart));
    default:
      return h("p", { class: "nps-text" }, part.text);
  }
}

/** @param {Level} level */
function drawLevel(level) {
  return h("div", {}, h("dt", AS_IT_IS, levelName(level)), h("dd", {}, sentences(level.statements)));
}

/** @param {ProfileRow} row */
function drawOnLevel(row) {
  const { value, name, topics } = row;
  const level = h("dt", inColours(row), h("b", {}, value), " ", name, " ", h("span", {}, topics.length));
  return h("div", AS_IT_IS, level, h("dd", {}, topics.join(" · ")));
}

/** @param {ActionRow} row */
function drawAction({ what, about, owner, due }) {
  const parts = [about && h("bdi", AS_IT_IS, about), ...[owner, due].map((one) => one && h("bdi", {}, one))];
  const line = parts.filter(Boolean).flatMap((one, at) => [at > 0 && " · ", one]);
  return h("li", {}, h("b", { dir: "auto" }, what), h("p", {}, ...line));
}

/** @param {{ rows: string[][] }[]} lists */
function fitBeside(lists) {
  return lists.length <= MOST_BESIDE && lists.every(({ rows }) => rows.length <= LONGEST_BESIDE);
}

/** @param {{ title: string, rows: string[][] }} list */
function drawList({ title, rows }) {
  return h("section", {}, h("h2", {}, title), h("dl", { class: "nps-pairs" }, ...rows.map(drawPair)));
}

/** A topic, and its level or a word instead of one. @param {string[]} pair */
function drawPair([name, value]) {
  return h("div", {}, h("dt", AS_IT_IS, name), h("dd", { translate: /^\W*\d/.test(value) && "no" }, value));
}

/** @param {Part} part */
function drawTable({ columns, rows }) {
  const head = h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column)));
  const row = (/** @type {string[]} */ cells) => h("tr", {}, ...cells.map((cell, at) => h("td", { "data-column": columns[at] }, cell)));
  return h("table", { class: "nps-table nps-fitted" }, h("thead", {}, head), h("tbody", {}, ...rows.map(row)));
}
