// How far somebody is who scores alone. Traits: see first_scores.py; Python writes all of them.
// Sends { kind: "look_at", code }.

/** @typedef {{ words: string, rows: Row[], finished: boolean, nouns: Nouns }} Traits */
/** @typedef {{ kind: "look_at", code: string }} Message */

/** @typedef {{ code: string, name: string, answer: string, here: boolean }} Row */

export default widget("nps-first-scores", (/** @type {Model<Traits, Message>} */ model, root) => {
  const words = h("b", {});
  const every = h("span", { class: "nps-all" });
  const list = h("ul", {});
  const all = /** @type {HTMLDetailsElement} */ (h("details", {}, h("summary", {}, words, every), list));
  root.append(all);
  let finished = false;

  const go = (/** @type {string} */ code) => {
    all.open = false;
    model.send({ kind: "look_at", code });
    scrollTo({ top: 0 });
  };
  const row = (/** @type {Row} */ topic) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", "aria-current": topic.here && "true", click: () => go(topic.code) },
        h("span", AS_IT_IS, topic.name),
        h("b", {}, topic.answer || "not scored"),
      ),
    );

  return () => {
    root.hidden = model.get("rows").length === 0;
    setText(words, model.get("words"));
    setText(every, `All ${model.get("nouns").topics}`);
    replace(list, ...model.get("rows").map(row));
    root.parentElement?.classList.toggle("nps-all-scored", model.get("finished"));
    if (model.get("finished") !== finished) all.open = finished = model.get("finished");
  };
});
