// What was agreed. Traits: see agreed_list.py; Python writes all of them. Sends { kind: "looked_at", code }.

/** @typedef {{ heading: string, summary: string, levels: NamedLevel[], rows: Row[], missing: string[], nouns: Nouns }} Traits */
/** @typedef {{ kind: "looked_at", code: string }} Message */

/** @typedef {{ code: string, area: string, name: string, score: number | null, level: string, state: string, notes: string[] }} Row */

export default widget("nps-agreed-list", (/** @type {Model<Traits, Message>} */ model, root) => {
  const look = (/** @type {string} */ code) => model.send({ kind: "looked_at", code });
  return () => {
    const rows = model.get("rows");
    const open = root.querySelector("details")?.open;
    const missing = model.get("missing").map((one) => h("li", {}, one));
    root.replaceChildren(
      h("h1", {}, model.get("heading")),
      h("p", { class: "nps-hint" }, model.get("summary")),
      h("table", {}, h("caption", { class: "nps-unseen" }, "Agreed scores"), head(model.get("nouns")), ...bodies(rows, model.get("levels"), look)),
      missing.length ? h("details", { open }, h("summary", {}, "Show what is missing"), h("ul", {}, ...missing)) : "",
    );
  };
});

/** @param {Nouns} nouns */
function head({ topic }) {
  const column = (/** @type {string} */ label) => h("th", { scope: "col" }, label);
  return h("thead", {}, h("tr", {}, column(capital(topic)), column("Profile"), column("Agreed score"), column("Comment")));
}

/** A table body for each key area. @param {Row[]} rows @param {NamedLevel[]} levels @param {(code: string) => void} look */
function bodies(rows, levels, look) {
  const areas = [...new Set(rows.map((row) => row.area))];
  return areas.map((area) =>
    h(
      "tbody",
      {},
      h("tr", {}, h("th", { scope: "rowgroup", colspan: "4" }, area)),
      ...rows.filter((row) => row.area === area).map((row) => drawRow(row, levels, look)),
    ),
  );
}

/** @param {Row} row @param {NamedLevel[]} levels @param {(code: string) => void} look */
function drawRow(row, levels, look) {
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, h("button", { type: "button", class: "nps-link", ...AS_IT_IS, click: () => look(row.code) }, row.name)),
    h("td", {}, row.score !== null && profile(row.score, levels)),
    h("td", { class: "nps-agreed" }, row.score !== null ? h("b", AS_IT_IS, levelName({ value: row.score, name: row.level })) : row.state),
    h("td", { class: "nps-notes" }, ...row.notes.map((note) => h("p", {}, note))),
  );
}

/** A step for each level, filled up to the score; the number stands beside them. @param {number} score @param {NamedLevel[]} levels */
function profile(score, levels) {
  const agreed = levels.find(({ value }) => value === score);
  const steps = levels.map(({ value }) => h("span", agreed && value <= score ? inColours(agreed, "nps-step nps-full") : { class: "nps-step" }));
  return h("div", { class: "nps-profile", "aria-hidden": "true" }, ...steps);
}
