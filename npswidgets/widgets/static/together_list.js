// What stands close together. Traits: see together_list.py; Python writes all of them. Sends { kind: "looked_at", code }.

/** @typedef {{ close: Row[], talk: Row[], nouns: Nouns }} Traits */
/** @typedef {{ kind: "looked_at", code: string }} Message */

/** @typedef {{ code: string, name: string, spread: string, level?: string, statements?: string[], talk?: boolean }} Row */

const PULLED = "Somebody wants to talk about this one";

export default widget("nps-together-list", (/** @type {Model<Traits, Message>} */ model, root) => {
  const look = (/** @type {string} */ code) => model.send({ kind: "looked_at", code });
  const name = (/** @type {Row} */ row) =>
    h("th", { scope: "row" }, h("button", { type: "button", class: "nps-link", ...AS_IT_IS, click: () => look(row.code) }, row.name));
  const close = (/** @type {Row} */ row) =>
    h("tr", { class: row.talk && "nps-pulled" }, name(row), h("td", {}, row.talk ? PULLED : row.spread), h("td", {}, h("b", AS_IT_IS, row.level), h("div", { class: "nps-says" }, sentences(row.statements ?? []))));
  const talk = (/** @type {Row} */ row) => h("tr", {}, name(row), h("td", {}, row.spread));

  return () => {
    const scrolled = root.parentElement?.parentElement?.scrollTop;
    const topic = capital(model.get("nouns").topic);
    root.replaceChildren(
      h("h1", {}, "Agree without talking"),
      ...table("Close together", [topic, "Votes", "Proposed score"], model.get("close").map(close)),
      ...table("To talk about", [topic, "Votes"], model.get("talk").map(talk)),
    );
    if (scrolled) root.parentElement?.parentElement?.scrollTo({ top: scrolled });
  };
});

/** A heading and a table; nothing without rows. @param {string} title @param {string[]} columns @param {HTMLElement[]} rows */
function table(title, columns, rows) {
  if (rows.length === 0) return [];
  const head = h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column)));
  return [h("h2", {}, `${title} (${rows.length})`), h("table", {}, h("caption", { class: "nps-unseen" }, title), h("thead", {}, head), h("tbody", {}, ...rows))];
}
