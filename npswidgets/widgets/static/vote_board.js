// The votes of a topic, as dots on its levels. Traits: see vote_board.py; Python writes all of them.

/** @typedef {{ value: number, name: string, statements: string[] }} Level */
/** @typedef {{ label: string, counts: number[] }} Round */

const LARGEST = 48;
const SMALLEST = 36;

export default widget("nps-vote-board", (model, root, signal) => {
  const fit = () => {
    root.classList.remove("nps-names-only");
    const tooLong = model.get("scale") === "wall" && model.get("statements") && !fitText(root, LARGEST, SMALLEST);
    root.classList.toggle("nps-names-only", tooLong);
  };
  const sizes = new ResizeObserver(fit);
  sizes.observe(root);
  signal.addEventListener("abort", () => sizes.disconnect());

  return () => {
    /** @type {Level[]} */ const levels = model.get("levels");
    root.hidden = levels.length === 0;
    root.replaceChildren();
    if (root.hidden) return;
    root.append(table(levels, model.get("rounds"), model.get("own"), model.get("statements")));
    root.append(h("p", { class: "nps-read" }, "Read the levels on your phone or sheet"));
    if (model.get("summary")) root.append(h("p", { class: "nps-summary" }, model.get("summary")));
    fit();
  };
});

/** @param {Level[]} levels @param {Round[]} rounds @param {number | null} own @param {boolean} statements */
function table(levels, rounds, own, statements) {
  const most = Math.max(1, ...rounds.flatMap((round) => round.counts));
  const last = rounds.length - 1;
  const heads = rounds.map((round, at) => h("th", { scope: "col", class: at === last ? "nps-round nps-latest" : "nps-round" }, round.label));
  const row = (/** @type {Level} */ level, /** @type {number} */ index) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, h("b", {}, level.value), " ", h("span", {}, level.name)),
      statements && h("td", { class: "nps-statements" }, sentences(level.statements)),
      ...rounds.map((round, at) => votes(level.value, round.counts[index], most, at === last)),
      rounds.length === 0 && h("td", { class: "nps-votes" }),
      own !== null && h("td", { class: "nps-own" }, level.value === own ? "yours" : ""),
    );
  return h(
    "table",
    { class: `nps-rounds-${rounds.length}` },
    h("caption", { class: "nps-unseen" }, rounds.length ? "Votes on each level" : "The five levels"),
    h(
      "thead",
      { class: rounds.length > 1 ? "" : "nps-single" },
      h(
        "tr",
        {},
        h("th", { scope: "col" }, h("span", { class: "nps-unseen" }, "Level")),
        statements && h("th", { scope: "col", class: "nps-statements" }, h("span", { class: "nps-unseen" }, "What is true then")),
        ...heads,
        rounds.length === 0 && h("td", { class: "nps-votes" }),
        own !== null && h("th", { scope: "col", class: "nps-own" }, h("span", { class: "nps-unseen" }, "Your vote")),
      ),
    ),
    h("tbody", {}, ...levels.map(row)),
  );
}

/** @param {string[]} statements */
function sentences(statements) {
  if (statements.length === 1) return h("p", {}, statements[0]);
  return h("ul", {}, ...statements.map((statement) => h("li", {}, statement)));
}

/** The dots (or rings) of one round on one level, and their number. @param {number} level @param {number} count @param {number} most @param {boolean} last */
function votes(level, count, most, last) {
  const colour = `var(--nps-level-${level})`;
  const mark = last ? { r: 0.42, fill: colour } : { r: 0.34, fill: "none", stroke: colour, "stroke-width": 0.14 };
  const dots = Array.from({ length: count }, (_, index) => svg("circle", { cx: index + 0.5, cy: 0.5, ...mark }));
  const size = `max-width: calc(${most} * var(--nps-dot))`;
  return h(
    "td",
    { class: last ? "nps-votes nps-last" : "nps-votes" },
    h(
      "div",
      {},
      h("div", { class: "nps-dots" }, svg("svg", { viewBox: `0 0 ${most} 1`, style: size, "aria-hidden": "true" }, ...dots)),
      h("span", { class: "nps-count" }, count),
    ),
  );
}
