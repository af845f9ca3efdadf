// The scores that the room may take without talk. Traits: see take_together.py; Python writes all of them.
// Sends { kind: "wish", code, wanted }.

/** @typedef {{ rows: Row[], problem: string }} Traits */
/** @typedef {{ kind: "wish", code: string, wanted: boolean }} Message */

/** @typedef {{ code: string, name: string, level: string, statements: string[], spread: string, own: string, talk: boolean }} Row */

export default widget("nps-take-together", (/** @type {Model<Traits, Message>} */ model, root) => {
  const list = h("ul", {});
  const problem = h("p", { class: "nps-problem", role: "alert" });
  root.append(list, problem, h("p", { class: "nps-hint" }, "Nobody sees who ticked."));
  /** @type {Map<string, HTMLInputElement>} */ const ticks = new Map();
  let drawn = "";

  const row = (/** @type {Row} */ { code, name, level, statements, spread, own }) => {
    const tick = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));
    tick.addEventListener("change", () => model.send({ kind: "wish", code, wanted: tick.checked }));
    ticks.set(code, tick);
    return h(
      "li",
      {},
      h("p", AS_IT_IS, h("span", {}, name), h("b", {}, level)),
      h("div", { class: "nps-says" }, sentences(statements)),
      h("p", { class: "nps-spread" }, spread),
      own && h("p", { class: "nps-spread" }, own),
      h("label", {}, tick, h("span", {}, "I want to talk about this one", h("span", { class: "nps-unseen" }, `: ${name}`))),
    );
  };

  return () => {
    const rows = model.get("rows");
    root.hidden = rows.length === 0;
    const now = JSON.stringify(rows.map(({ talk, ...row }) => row));
    if (now !== drawn) {
      ticks.clear();
      replace(list, ...rows.map(row));
    }
    drawn = now;
    for (const { code, talk } of rows) /** @type {HTMLInputElement} */ (ticks.get(code)).checked = talk;
    setText(problem, model.get("problem"));
  };
});
