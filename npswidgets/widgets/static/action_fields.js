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
 * The actions of a topic, one more that is begun in this window, and those that another screen took out while something was
 * typed into them here, until it is known what becomes of these words.
 * @param {Model<TypedTraits, ActionMessage>} model
 * @param {() => ActionTopic} topic
 * @param {boolean} begin  whether a topic without an action gets an empty one
 * @param {AbortSignal} signal
 */
function actionFields(model, topic, begin, signal) {
  const { code } = topic();
  const started = startedAction(model, code);
  const typed = typedActions(model, code);
  const list = h("div", { class: "nps-actions" });
  const add = h("button", { type: "button", class: "nps-link" }, "+ Add an action", ofTopic(topic().name));
  const element = h("div", {}, list, add);
  let isLocked = false;
  const dismiss = (/** @type {string} */ id) => {
    if (started.read() === id) started.write(null);
    fill(isLocked);
  };
  const forms = keyed(signal, (id, gone) => actionForm(model, topic, id, dismiss, gone));

  const fill = (/** @type {boolean} */ locked = false) => {
    isLocked = locked;
    const ids = topic().actions.map((one) => one.id);
    const out = Object.keys(typed.read()).filter((id) => !ids.includes(id));
    if (ids.includes(started.read())) started.write(null);
    if (!ids.length && begin && !started.read()) started.write(newActionId());
    const begun = started.read();
    const one = begun && (!locked || isTypedInto(model, code, begun)) ? [begun] : [];
    for (const form of forms.show(list, [...ids, ...out, ...one])) form.fill(locked);
    add.hidden = Boolean(begun) || locked;
  };
  add.addEventListener("click", () => {
    started.write(newActionId());
    fill();
    list.lastElementChild?.querySelector("textarea")?.focus();
  });
  return { element, fill };
}

/** @param {Model<TypedTraits, ActionMessage>} model @param {() => ActionTopic} topic @param {string} id @param {(id: string) => void} dismiss @param {AbortSignal} signal */
function actionForm(model, topic, id, dismiss, signal) {
  const { code, name } = topic();
  const saved = () => topic().actions.find((one) => one.id === id);
  const typed = typedActions(model, code);
  /** Whether it is to be put back. */
  let returning = false;
  /** The action as it was, where another screen took it out. */
  const was = () => (saved() || returning ? undefined : typed.read()[id]);
  const hold = (/** @type {ActionField} */ field) => {
    if (was()) return "Not saved.";
    return saved() || field === "what" ? "" : "Not saved yet: first write what will be done.";
  };
  const fields = ACTION_FIELDS.map(({ name: field, label, type }) =>
    typedField(model, {
      key: actionKey({ code, action: id, field }),
      label,
      of: name,
      type,
      hint: field === "owner" ? "Head of service" : "",
      saved: () => (saved() ?? was())?.[field] ?? (field === "done_when" ? topic().done_when : ""),
      send: (text, seen) => model.send({ kind: "action_typed", code, action: id, field, text, seen: saved() ? seen : "" }),
      hold: () => hold(field),
      told: `${id}/${field}`,
      signal,
    }),
  );
  const takeOut = () => {
    fields.forEach((one) => one.forget());
    typed.forget(id);
    const there = saved();
    if (there) model.send({ kind: "action_taken_out", code, action: id, seen: ACTION_FIELDS.map((one) => there[one.name]).join("\n") });
    else dismiss(id);
  };
  const putBack = () => {
    returning = true;
    ACTION_FIELDS.forEach((one, at) => fields[at].retype(one.name === "done_when" ? topic().done_when : ""));
  };
  const back = h("button", { type: "button", class: "nps-second", click: putBack }, "Put it back", h("span", { class: "nps-unseen" }, `: this action of ${name}`));
  const lost = h("section", { class: "nps-clash", role: "alert", hidden: true }, h("p", {}, "The other screen took this action out. What you typed here is not saved."), back);
  const out = h("button", { type: "button", class: "nps-link", click: takeOut }, "Take out", h("span", { class: "nps-unseen" }, ` this action of ${name}`));
  const element = h("fieldset", { class: "nps-action" }, h("legend", { class: "nps-unseen" }, `Action: ${name}`), lost, ...fields.map((one) => one.element), out);
  element.addEventListener("input", () => {
    const there = saved();
    if (there) typed.note(there);
  });
  return {
    element,
    fill(/** @type {boolean} */ locked) {
      if (saved()) returning = false;
      lost.hidden = !was() || locked;
      fields.forEach((one) => one.fill(locked));
      out.hidden = locked;
    },
  };
}

/** The id of the action that is begun in this window; null for none. @param {Model<TypedTraits, any>} model @param {string} code */
function startedAction(model, code) {
  return keeper(`${model.get("workshop")}/new-action/${code}`);
}

/**
 * The saved actions of a topic into which this window has typed something that is not saved, as they were before.
 * @param {Model<TypedTraits, any>} model @param {string} code
 */
function typedActions(model, code) {
  const kept = keeper(`${model.get("workshop")}/typed-actions/${code}`);
  const all = () => /** @type {Record<string, SavedAction>} */ (kept.read() ?? {});
  const put = (/** @type {[string, SavedAction][]} */ now) => kept.write(now.length ? Object.fromEntries(now) : null);
  return {
    read: () => Object.fromEntries(Object.entries(all()).filter(([id]) => isTypedInto(model, code, id))),
    note: (/** @type {SavedAction} */ action) => put(Object.entries({ ...all(), [action.id]: action }).filter(([id]) => isTypedInto(model, code, id))),
    forget: (/** @type {string} */ id) => put(Object.entries(all()).filter(([one]) => one !== id)),
  };
}

/** Whether something that was typed into an action in this window is not saved. @param {Model<TypedTraits, any>} model @param {string} code @param {string} action */
function isTypedInto(model, code, action) {
  return ACTION_FIELDS.some(({ name }) => typedKeeper(model, actionKey({ code, action, field: name })).read() !== null);
}

/** The same of any action of a topic, as long as it is not in the record. @param {Model<TypedTraits, any>} model @param {string} code */
function isTyped(model, code) {
  const begun = startedAction(model, code).read();
  return Boolean(begun && isTypedInto(model, code, begun)) || Object.keys(typedActions(model, code).read()).length > 0;
}

/** Under which key what is typed into a field is kept. @param {{ code?: string, action?: string, field?: ActionField }} place */
function actionKey({ code, action, field }) {
  return `${code}/action/${action}/${field}`;
}

/** 32 hexadecimal digits; crypto.randomUUID needs a secure context, which a phone's http page is not. */
function newActionId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
