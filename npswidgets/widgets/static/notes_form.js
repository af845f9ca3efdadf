// What is written down about a topic, saved as it is typed. Traits: see notes_form.py; Python writes all of them, and
// they say what is saved. Behind typed_field.js.
// Sends { kind: "note_typed" | "note_settled", code, note, ... }, and { kind: "writing", code } while somebody types.

/** @typedef {{ workshop: string, code: string, writing: boolean, kinds: NoteKind[], notes: Record<string, string>,
 *   clash: OrEmpty<{ note: string, theirs: string }>, overwritten: Record<string, string>, problem: string, writer: string }} Traits */
/** @typedef {{ kind: "note_typed", code: string, note: string, text: string, seen: string }
 *   | { kind: "note_settled", code: string, note: string, keep: Keep }
 *   | { kind: "writing", code: string }} Message */

/** How often it is told that somebody types. */
const WRITING_MS = 2000;

export default widget("nps-notes-form", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const clash = h("div", { class: "nps-clash", role: "alert" });
  const place = h("div", {});
  root.append(clash, place);
  const topics = keyed(signal, (code, gone) => topicNotes(model, code, gone));

  let told = 0;
  root.addEventListener("input", () => {
    if (Date.now() - told < WRITING_MS) return;
    told = Date.now();
    model.send({ kind: "writing", code: model.get("code") });
  });

  return () => {
    const code = model.get("code");
    for (const topic of topics.show(place, code ? [code] : [])) topic.fill();
    const found = model.get("clash");
    drawTextClash(clash, model, found, noteKey(code, found.note), (keep) => found.note && model.send({ kind: "note_settled", code, note: found.note, keep }));
    root.hidden = !model.get("writing");
  };
});

/** Under which key what is typed is kept. @param {string} code @param {string | undefined} note */
function noteKey(code, note) {
  return `${code}/${note}`;
}

/** The texts about one topic, until another is looked at. @param {Model<Traits, Message>} model @param {string} code @param {AbortSignal} signal */
function topicNotes(model, code, signal) {
  /** Those of this topic: the model has another one's when this one goes. */
  const texts = lastOf(() => (model.get("code") === code ? model.get("notes") : undefined));
  const fields = model.get("kinds").map(({ note, label, hint }) => {
    const send = (/** @type {string} */ text, /** @type {string} */ seen) => model.send({ kind: "note_typed", code, note, text, seen });
    const one = typedField(model, { key: noteKey(code, note), label, hint, saved: () => texts()[note] || "", send, told: note, signal });
    one.element.classList.add(`nps-${note}`);
    return { ...one, note, label };
  });
  const writer = h("span", { class: "nps-writer" });
  const add = addButtons(fields.slice(1));
  fields[0].top.append(writer, add.element);
  return {
    element: h("div", { class: "nps-notes" }, ...fields.map((one) => one.element)),
    fill() {
      fields.forEach((one) => one.fill());
      add.draw();
      sayIn(writer, model.get("writer"));
    },
  };
}

/** "+ Add: a different view, evidence": what is empty stays folded until it is asked for.
 * @param {(ReturnType<typeof typedField> & { note: string, label: string })[]} fields */
function addButtons(fields) {
  const opened = new Set();
  const element = h("span", { class: "nps-add" }, h("span", {}, "+ Add: "));
  const optional = fields.map((one) => {
    const open = () => {
      opened.add(one.note);
      draw();
      one.field.focus();
    };
    const button = h("button", { type: "button", class: "nps-link", click: open }, one.label.toLowerCase());
    element.append(button);
    return { one, button };
  });
  const draw = () => {
    for (const { one, button } of optional) {
      button.hidden = opened.has(one.note) || one.field.value !== "";
      one.element.hidden = !button.hidden;
    }
    element.hidden = optional.every(({ button }) => button.hidden);
  };
  return { element, draw };
}
