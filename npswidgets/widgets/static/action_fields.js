// The actions of one topic: what, who, by when, done when. Behind typed_field.js.
// Sends { kind: "action_typed" | "action_taken_out", code, action, ... }.

/** @typedef {{ code: string, action: string, field: ActionField, theirs: string }} ActionClash */
/** @typedef {{ kind: "action_typed", code: string, action: string, field: ActionField, text: string, seen: string }
 *   | { kind: "action_settled", code: string, action: string, field: ActionField, keep: Keep }
 *   | { kind: "action_taken_out", code: string, action: string, seen: string }} ActionMessage */
/** @typedef {"what" | "owner" | "due" | "done_when"} ActionField */
/** @typedef {{ id: string, what: string, owner: string, due: string, done_when: string }} SavedAction */
/** @typedef {{ code: string, name: string, done_when: string, actions: SavedAction[] }} ActionTopic */

/** @type {{ name: ActionField, label: string, type: "lines" | "text" | "date" }[]} */
const ACTION_FIELDS = [
  { name: "what", label: "What will be done", type: "lines" },
  { name: "owner", label: "Who (job title)", type: "text" },
  { name: "due", label: "By when", type: "date" },
  { name: "done_when", label: "Done when", type: "lines" },
];

/**
 * The actions of a topic, and one more that is begun in this window.
 * @param {Model<TypedTraits, ActionMessage>} model
 * @param {() => ActionTopic} topic
 * @param {boolean} begin  whether a topic without an action gets an empty one
 * @param {AbortSignal} signal
 */
function actionFields(model, topic, begin, signal) {
  const started = keeper(`${model.get("workshop")}/new-action/${topic().code}`);
  const list = h("div", { class: "nps-actions" });
  const add = h("button", { type: "button", class: "nps-link" }, "+ Add an action", ofTopic(topic().name));
  const element = h("div", {}, list, add);
  const dismiss = () => {
    started.write(null);
    fill();
  };
  const forms = keyed((id) => actionForm(model, topic, id, dismiss, signal));

  const fill = (/** @type {boolean} */ locked = false) => {
    const ids = topic().actions.map((one) => one.id);
    if (ids.includes(started.read())) started.write(null);
    if (!ids.length && begin && !started.read()) started.write(newActionId());
    const begun = started.read();
    for (const form of forms.show(list, begun && !locked ? [...ids, begun] : ids)) form.fill(locked);
    add.hidden = Boolean(begun) || locked;
  };
  add.addEventListener("click", () => {
    started.write(newActionId());
    fill();
    list.lastElementChild?.querySelector("textarea")?.focus();
  });
  return { element, fill };
}

/** @param {Model<TypedTraits, ActionMessage>} model @param {() => ActionTopic} topic @param {string} id @param {() => void} dismiss @param {AbortSignal} signal */
function actionForm(model, topic, id, dismiss, signal) {
  const { code, name } = topic();
  const saved = () => topic().actions.find((one) => one.id === id);
  const fields = ACTION_FIELDS.map(({ name: field, label, type }) =>
    typedField(model, {
      key: actionKey({ code, action: id, field }),
      label,
      of: name,
      type,
      hint: field === "owner" ? "Head of procurement" : "",
      saved: () => saved()?.[field] ?? (field === "done_when" ? topic().done_when : ""),
      send: (text, seen) => model.send({ kind: "action_typed", code, action: id, field, text, seen: saved() ? seen : "" }),
      ready: () => field === "what" || Boolean(saved()),
      told: `${id}/${field}`,
      signal,
    }),
  );
  const takeOut = () => {
    fields.forEach((one) => one.forget());
    const there = saved();
    if (there) model.send({ kind: "action_taken_out", code, action: id, seen: ACTION_FIELDS.map((one) => there[one.name]).join("\n") });
    else dismiss();
  };
  const out = h("button", { type: "button", class: "nps-link", click: takeOut }, "Take out", h("span", { class: "nps-unseen" }, ` this action of ${name}`));
  const element = h("fieldset", { class: "nps-action" }, h("legend", { class: "nps-unseen" }, `Action: ${name}`), ...fields.map((one) => one.element), out);
  return {
    element,
    fill(/** @type {boolean} */ locked) {
      fields.forEach((one) => one.fill(locked));
      out.hidden = locked;
    },
  };
}

/** Under which key what is typed into a field is kept. @param {{ code?: string, action?: string, field?: ActionField }} place */
function actionKey({ code, action, field }) {
  return `${code}/action/${action}/${field}`;
}

/** 32 hexadecimal digits; crypto.randomUUID needs a secure context, which a phone's http page is not. */
function newActionId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
