// Topics for action, and what will be done. Traits: see action_list.py; Python writes all of them.
// Sends { kind: "topic_chosen" | "action_typed" | "action_taken_out" | "action_settled" | "draft_dated", ... }.

/** @typedef {{ workshop: string, session: string, topics: Topic[], hint: string, most: number, full: boolean, draft_by: string,
 *   clash: OrEmpty<ActionClash>, overwritten: Record<string, string>, problem: string, nouns: Nouns }} Traits */
/** @typedef {ActionMessage
 *   | { kind: "topic_chosen", code: string, chosen: boolean }
 *   | { kind: "draft_dated", session: string, by: string }} Message */

/** @typedef {{ code: string, name: string, score: number | null, level: string, target: string, chosen: boolean, done_when: string, actions: SavedAction[] }} Topic */

export default widget("nps-action-list", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const head = h("h1", {});
  const problem = h("p", { class: "nps-problem", role: "alert" });
  const clash = h("div", { class: "nps-clash", role: "alert" });
  const legend = h("legend", { class: "nps-unseen" });
  const none = h("p", { class: "nps-hint" });
  const choices = h("div", { class: "nps-choices" });
  const cards = h("div", { class: "nps-cards" });
  const day = h("div", {});
  const drafts = keyed(signal, (session, gone) =>
    typedField(model, {
      key: `${session}/draft`,
      label: "Send the draft report by",
      type: "date",
      saved: lastOf(() => (model.get("session") === session ? model.get("draft_by") : undefined)),
      send: (by) => model.send({ kind: "draft_dated", session, by }),
      signal: gone,
    }),
  );
  root.append(
    head, problem, clash,
    h("fieldset", {}, legend, choices),
    none, cards,
    h("section", { class: "nps-next" }, h("h2", {}, "What happens next"), day, h("p", { class: "nps-hint" }, "Phones say so at the end.")),
  );

  const topics = () => /** @type {Topic[]} */ (model.get("topics"));
  const one = (/** @type {string} */ code) => lastOf(() => topics().find((topic) => topic.code === code));
  const boxes = keyed(signal, (code) => choice(model, one(code)));
  const forms = keyed(signal, (code, gone) => card(model, one(code), gone));

  return () => {
    const called = model.get("nouns").topics;
    setText(head, `Choose up to ${model.get("most")} ${called} for action`);
    setText(legend, `${capital(called)}, lowest score first`);
    setText(problem, model.get("problem"));
    const found = model.get("clash");
    drawTextClash(clash, model, found, actionKey(found), (keep) => found.code && model.send({ kind: "action_settled", code: found.code, action: found.action, field: found.field, keep }));
    for (const box of boxes.show(choices, topics().map((topic) => topic.code))) box.fill(model.get("full"));
    const chosen = topics().filter((topic) => topic.chosen || isTyped(model, topic.code)).map((topic) => topic.code);
    for (const form of forms.show(cards, chosen)) form.fill();
    none.hidden = chosen.length > 0;
    setText(none, model.get("hint"));
    const session = model.get("session");
    for (const draft of drafts.show(day, session ? [session] : [])) draft.fill();
  };
});

/** @param {Model<Traits, Message>} model @param {() => Topic} topic */
function choice(model, topic) {
  const { code, name, score, level } = topic();
  const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));
  box.addEventListener("change", () => model.send({ kind: "topic_chosen", code, chosen: box.checked }));
  const element = h("label", { class: "nps-choice" }, box, h("span", AS_IT_IS, name), h("b", { title: level }, score));
  return {
    element,
    fill(/** @type {boolean} */ full) {
      box.checked = topic().chosen;
      const kept = topic().actions.length > 0; // its actions are taken out first
      box.disabled = topic().chosen ? kept : full;
    },
  };
}

/** @param {Model<Traits, Message>} model @param {() => Topic} topic @param {AbortSignal} signal */
function card(model, topic, signal) {
  const head = h("h2", {});
  const actions = actionFields(model, topic, true, signal);
  return {
    element: h("section", { class: "nps-card" }, head, actions.element),
    fill() {
      const { name, score, level, target } = topic();
      setText(head, [name, score !== null ? `${levelName({ value: score, name: level })}${target ? ` to ${target}` : ""}` : ""].filter(Boolean).join(": "));
      actions.fill();
    },
  };
}
