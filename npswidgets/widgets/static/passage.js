// Words on a page. Trait: parts, written by Python (see passage.py).

/** @typedef {{ parts: Part[] }} Traits */

/** @typedef {{ kind: string, text: string, items: string[], rows: any[], columns: string[], levels: Level[], parts: Part[], until: string, lists: { title: string, rows: string[][] }[] }} Part */
/** @typedef {NamedLevel & { topics: string[] }} ProfileRow */
/** @typedef {{ what: string, about: string, owner: string, due: string }} ActionRow */

/** Rows of two; what is longer takes 48 at most. */
const LARGEST = 56;
const SMALLEST = 22;
/** So many lines stand below each other on the wall; more are in two columns. */
const LONGEST_COLUMN = 10;

export default widget("nps-passage", (/** @type {Model<Traits, never>} */ model, root, signal) => {
  const fit = () => {
    if (model.get("scale") !== "wall") return;
    root.parentElement?.classList.toggle("nps-low", model.get("parts").every(({ kind }) => kind === "countdown"));
    fitText(root, LARGEST, SMALLEST);
  };
  const sizes = new ResizeObserver(fit);
  sizes.observe(root);
  const tick = () => root.querySelectorAll("[data-until]").forEach((clock) => (clock.textContent = timeLeft(clock.getAttribute("data-until") ?? "", new Date())));
  const ticking = setInterval(tick, 500);
  signal.addEventListener("abort", () => (sizes.disconnect(), clearInterval(ticking)));

  return () => {
    const open = new Set([...root.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent));
    root.hidden = model.get("parts").length === 0;
    replace(root, ...model.get("parts").map(drawPart));
    for (const summary of root.querySelectorAll("summary")) {
      if (open.has(summary.textContent)) /** @type {any} */ (summary.parentElement).open = true;
    }
    tick();
    fit();
  };
});

/**
 * From now until the next time that a clock shows this, such as "13:42"; "0:00" for up to half a day after it.
 * @param {string} until  such as "11:15" @param {Date} now
 */
function timeLeft(until, now) {
  const [, hours, minutes] = until.match(/^(\d{1,2})[:.](\d{2})$/) ?? [];
  if (hours === undefined) return "a moment";
  const day = 24 * 3600;
  const then = Number(hours) * 3600 + Number(minutes) * 60;
  const left = (then - (now.getHours() * 3600 + now.getMinutes() * 60 + now.getSeconds()) + day) % day;
  const seconds = left > day / 2 ? 0 : left;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

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
    case "side_by_side":
      return h("div", { class: "nps-sessions nps-fitted" }, ...part.lists.map(drawList));
    case "table":
      return drawTable(part);
    case "levels":
      return h("dl", {}, ...part.levels.map(drawLevel));
    case "countdown":
      return h("p", { class: "nps-countdown", "aria-hidden": "true" }, "Back in ", h("b", { "data-until": part.until }));
    case "beside":
      return h("div", { class: "nps-beside" }, ...part.parts.map(drawPart));
    case "profile":
      return h("dl", { class: "nps-profile" }, ...part.rows.map(drawOnLevel));
    case "actions":
      return h("ul", { class: "nps-actions" }, ...part.rows.map(drawAction));
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

/** @param {ProfileRow} row */
function drawOnLevel({ value, name, colour, topics }) {
  const level = h("dt", { style: `--nps-level: ${colour}` }, h("b", {}, value), " ", name, " ", h("span", {}, topics.length));
  return h("div", {}, level, h("dd", {}, topics.join(" · ")));
}

/** @param {ActionRow} row */
function drawAction({ what, about, owner, due }) {
  return h("li", {}, h("b", {}, what), h("p", {}, [about, owner, due].filter(Boolean).join(" · ")));
}

/** @param {{ title: string, rows: string[][] }} list */
function drawList({ title, rows }) {
  return h("section", {}, h("h2", {}, title), h("dl", { class: "nps-pairs" }, ...rows.map(drawPair)));
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
