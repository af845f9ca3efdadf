// The votes of a topic, as dots on its levels. Traits: see vote_board.py; Python writes all of them.

/** @typedef {{ levels: Level[], rounds: Round[], own: number | null, statements: boolean, summary: string, nouns: Nouns }} Traits */

/** @typedef {{ label: string, counts: number[] }} Round */

/**
 * On a desk all votes stay in view, and no statement is cut: smaller type first, then numbers alone for earlier rounds,
 * then only the levels that have votes keep theirs, then all stand beside the votes, in a list that scrolls.
 */
const STEPS = ["whole", "small", "counts", "voted", "beside"];

export default widget("nps-vote-board", (/** @type {Model<Traits, never>} */ model, root, signal) => {
  const fit = () => {
    const box = root.closest(".nps-statements-box");
    if (!box) return;
    const voted = model.get("rounds").length > 0;
    const fits = (/** @type {string} */ step) => {
      root.dataset.fit = step;
      return root.offsetHeight <= box.clientHeight;
    };
    const scrolls = !(voted ? STEPS : STEPS.slice(0, 2)).some(fits) && !voted;
    box.classList.toggle("nps-scrolls", scrolls);
    if (scrolls) box.setAttribute("tabindex", "0"); // so that it scrolls by keyboard
    else box.removeAttribute("tabindex");
    if (scrolls) fits(STEPS[0]);
  };
  const sizes = new ResizeObserver(fit);
  requestAnimationFrame(() => {
    const box = model.get("scale") === "desk" && root.closest(".nps-statements-box");
    if (box) sizes.observe(box);
  });
  signal.addEventListener("abort", () => sizes.disconnect());

  return () => {
    root.hidden = model.get("levels").length === 0;
    const summary = model.get("summary");
    const rounds = columns(model.get("rounds"), model.get("scale"));
    const read = model.get("scale") === "desk" && rounds.flat().length > 0 && model.get("statements");
    replace(
      root,
      ...(root.hidden ? [] : [
        key(rounds.flat()),
        table(model.get("levels"), rounds, model.get("statements"), model.get("own"), model.get("nouns")),
        read && reading(model.get("levels"), model.get("nouns")),
        summary && h("p", { class: "nps-summary" }, summary),
      ]),
    );
    fit();
  };
});

/** All levels to read, for where they do not fit into the rows. @param {Level[]} levels @param {Nouns} called */
function reading(levels, called) {
  const level = (/** @type {Level} */ one) => h("div", {}, h("p", {}, h("b", {}, levelName(one))), sentences(one.statements));
  return h("div", { class: "nps-reading", role: "region", "aria-label": `The ${called.levels} in full`, tabindex: "0" }, ...levels.map(level));
}

/**
 * The columns of votes: on a desk one for each round, else one for all of them, with a line for each round.
 * @param {Round[]} rounds @param {string} scale
 */
function columns(rounds, scale) {
  const most = Math.max(1, ...rounds.flatMap((round) => round.counts));
  const last = rounds[rounds.length - 1];
  const drawn = rounds.map((round) => ({ ...round, most, last: round === last, alone: rounds.length === 1 }));
  return scale === "desk" && drawn.length ? drawn.map((round) => [round]) : [drawn];
}

/** @param {Level[]} levels @param {any[][]} columns @param {boolean} statements @param {number | null} own @param {Nouns} called */
function table(levels, columns, statements, own, called) {
  const row = (/** @type {Level} */ level, /** @type {number} */ index) =>
    h(
      "tr",
      { class: columns.flat().every((round) => !round.counts[index]) && "nps-unvoted" },
      h("th", { scope: "row", ...AS_IT_IS }, h("b", {}, level.value), " ", h("span", {}, level.name)),
      statements && h("td", { class: "nps-statements" }, sentences(level.statements)),
      ...columns.map((rounds) => h("td", { class: "nps-votes" }, ...rounds.map((round) => line(round, level, round.counts[index])))),
      own !== null && h("td", { class: "nps-own" }, level.value === own && "yours"),
    );
  const unseen = (/** @type {string} */ words) => h("th", { scope: "col" }, h("span", { class: "nps-unseen" }, words));
  const heads = columns.map((rounds) =>
    h("th", { scope: "col" }, h("span", { class: "nps-round" }, rounds.map((round) => round.label).join(", ") || "Votes")),
  );
  return h(
    "table",
    { class: `nps-columns-${columns.flat().length && columns.length}${statements ? " nps-told" : ""}` },
    h("caption", { class: "nps-unseen" }, columns.flat().length ? `Votes on each ${called.level}` : `The ${called.levels}`),
    h(
      "colgroup",
      {},
      h("col", { class: "nps-level" }),
      statements && h("col"),
      ...columns.map((_, at) => h("col", { class: at === columns.length - 1 ? "nps-latest" : "nps-older" })),
      own !== null && h("col", { class: "nps-yours" }),
    ),
    h(
      "thead",
      { class: columns.flat().length > 1 ? null : "nps-single" },
      h("tr", {}, unseen(capital(called.level)), statements && unseen("What is true then"), ...heads, own !== null && unseen("Your vote")),
    ),
    h("tbody", {}, ...levels.map(row)),
  );
}

/** What rings and dots mean, where there are several rounds; each number says it too. @param {any[]} rounds */
function key(rounds) {
  const mark = (/** @type {any} */ round) => svg("svg", { viewBox: "0 0 1 1" }, circle(0, round.last));
  const labels = rounds.length > 1 ? rounds.map((round) => h("span", {}, mark(round), round.label)) : [];
  return h("p", { class: "nps-key", "aria-hidden": "true" }, ...labels);
}

/** The dots (or rings) of one round on one level, and their number. @param {any} round @param {Level} level @param {number} count */
function line(round, level, count) {
  const dots = Array.from({ length: count }, (_, index) => circle(index, round.last));
  const size = `max-width: calc(${round.most} * var(--nps-dot))`;
  return h(
    "div",
    inColours(level, round.last ? "nps-line nps-last" : "nps-line"),
    h("div", { class: "nps-dots" }, svg("svg", { viewBox: `0 0 ${round.most} 1`, style: size, "aria-hidden": "true" }, ...dots)),
    h("span", { class: "nps-count" }, !round.alone && h("span", { class: "nps-unseen" }, `${round.label}: `), count),
  );
}

/** A dot, or a ring for an older round. @param {number} index @param {boolean} last */
function circle(index, last) {
  const look = last ? { r: 0.42 } : { r: 0.34, class: "nps-ring", "stroke-width": 0.14 };
  return svg("circle", { cx: index + 0.5, cy: 0.5, ...look });
}
