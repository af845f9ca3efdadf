// The levels of a topic on the big screen, and the votes on them. Traits: see wall_board.py; Python writes all of them.
// Behind wall_rows.js.

/** @typedef {{ levels: Level[], rounds: Round[], voting: boolean, nouns: Nouns }} Traits */
/** @typedef {{ label: string, counts: number[] }} Round */
/** @typedef {Round & { most: number }} Drawn */

/** From more votes on a level than this it is a bar, and its number. */
const MOST_MARKS = 30;

export default widget("nps-wall-board", (/** @type {Model<Traits, never>} */ model, root, signal) => {
  let drawn = "";
  const rows = wallRows(root);
  const fit = () =>
    rows.arrange(JSON.stringify(model.get("levels")), { shown: model.get("rounds").length > 0, voting: model.get("voting") });
  const sizes = new ResizeObserver(fit);
  sizes.observe(root);
  signal.addEventListener("abort", () => sizes.disconnect());
  stayOn();
  document.addEventListener("visibilitychange", stayOn, { signal });

  return () => {
    const levels = model.get("levels");
    root.hidden = levels.length === 0;
    const now = JSON.stringify([levels, model.get("rounds")]);
    if (root.hidden) replace(root);
    else if (now !== drawn) replace(root, board(levels, model.get("rounds"), drawn !== "", model.get("nouns")), h("p", { class: "nps-read" }, `Read the ${model.get("nouns").levels} on your phone or sheet`));
    drawn = root.hidden ? "" : now;
    fit();
  };
});

/** Keeps the display on while the wall is on it; a browser has no such thing over plain http, and lets go of it when the page is hidden. */
function stayOn() {
  if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => null);
}

/** @param {Level[]} levels @param {Round[]} rounds @param {boolean} fresh  whether the votes are news to those who look @param {Nouns} called */
function board(levels, rounds, fresh, called) {
  const most = Math.max(1, ...rounds.flatMap((round) => round.counts));
  const drawn = rounds.map((round) => ({ ...round, most }));
  const head = (/** @type {string} */ words) => h("th", { role: "columnheader", scope: "col" }, words);
  return h(
    "table",
    { role: "table" },
    h("caption", { class: "nps-unseen" }, rounds.length ? `Votes on each ${called.level}` : `The ${called.levels}`),
    h("thead", { class: "nps-unseen", role: "rowgroup" }, h("tr", { role: "row" }, head(capital(called.level)), head("Votes"), head("What is true then"))),
    h(
      "tbody",
      { role: "rowgroup", class: fresh && "nps-fresh", style: `--nps-most: ${most}; --nps-rounds: ${rounds.length}; --nps-levels: ${levels.length}` },
      ...levels.map((level, at) => row(level, at, drawn)),
    ),
  );
}

/** @param {Level} level @param {number} at @param {Drawn[]} rounds */
function row(level, at, rounds) {
  const [last, before] = [...rounds].reverse();
  return h(
    "tr",
    { role: "row", class: last && last.counts[at] === 0 && "nps-without" },
    h("th", { role: "rowheader", scope: "row", ...AS_IT_IS }, h("b", {}, level.value), " ", h("span", {}, level.name)),
    h("td", { role: "cell", class: "nps-votes" }, ...(last ? votes(level, at, last, before) : [])),
    h("td", { role: "cell", class: "nps-statements" }, sentences(level.statements)),
  );
}

/**
 * The marks of the last round, in front of a frame that is as long as those of the round before, and both numbers.
 * @param {Level} level @param {number} at @param {Drawn} last @param {Drawn | undefined} before
 */
function votes(level, at, last, before) {
  const [count, old] = [last.counts[at], before?.counts[at] ?? 0];
  const long = (/** @type {number} */ votes) => `width: calc(${votes} * var(--nps-pitch))`;
  const marks = Array.from({ length: last.most > MOST_MARKS ? Math.min(1, count) : count }, () => h("i", {}));
  const named = (/** @type {Drawn} */ round) => before && h("span", { class: "nps-unseen" }, `${round.label}: `);
  return [
    count + old > 0 && h(
      "div",
      { class: "nps-marks", "aria-hidden": "true", style: long(Math.max(count, old)) },
      before && old > 0 && h("div", { class: "nps-frame", style: long(old) }),
      h("div", inColours(level, "nps-front", long(count)), ...marks),
    ),
    h("b", { class: "nps-count" }, named(last), count),
    before && h("span", { class: "nps-before" }, h("span", { class: "nps-round" }, before.label), " ", h("span", { class: "nps-count" }, old)),
  ];
}
