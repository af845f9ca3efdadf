// What is written down about a topic, saved as it is typed. Traits: see notes_form.py; Python writes all of them, and
// they say what is saved. What is typed and not saved is kept by this window.
// Sends { kind: "note_typed" | "note_settled", code, note, ... }, and { kind: "writing", code } while somebody types.

/** @typedef {"comment" | "different_view" | "evidence"} Note */
/** @typedef {{ workshop: string, code: string, writing: boolean, notes: Partial<Record<Note, string>>, clash: { note?: Note, theirs?: string },
 *   problem: string, writer: string }} Traits */
/** @typedef {{ kind: "note_typed", code: string, note: Note, text: string, seen: string }
 *   | { kind: "note_settled", code: string, note: Note, keep: Keep }
 *   | { kind: "writing", code: string }} Message */

/** @typedef {{ text: string, seen: string }} Draft  the text, and the saved one that it was made from */

const PAUSE_MS = 800;
/** How often it is told that somebody types. */
const WRITING_MS = 2000;
/** @type {{ note: Note, label: string, hint: string }[]} */
const NOTES = [
  { note: "comment", label: "Comment", hint: "An example, what matters most, how it is done, or anything else. Do not name people." },
  { note: "different_view", label: "A different view", hint: "What do some see otherwise, and why?" },
  { note: "evidence", label: "Evidence", hint: "What, and where it is kept" },
];

export default widget("nps-notes-form", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const notes = NOTES.map((about) => noteField(about, model, signal));
  const add = addButtons(notes);
  const clash = h("div", { class: "nps-clash", role: "alert" });
  const writer = h("span", { class: "nps-writer", role: "status" });
  notes[0].top.append(writer, add.element);
  root.append(clash, h("div", { class: "nps-notes" }, ...notes.map((one) => one.element)));

  let code = "";
  let told = 0;
  root.addEventListener("input", () => {
    if (Date.now() - told < WRITING_MS) return;
    told = Date.now();
    model.send({ kind: "writing", code });
  });
  const turnTo = (/** @type {string} */ next) => {
    code = next;
    add.close();
    notes.forEach((one) => one.turnTo(code));
  };
  const settle = (/** @type {Note} */ note, /** @type {Keep} */ keep) => {
    if (keep === "theirs") notes.find((one) => one.note === note)?.forget();
    model.send({ kind: "note_settled", code, note, keep });
  };

  return () => {
    if (model.get("code") !== code) turnTo(model.get("code"));
    notes.forEach((one) => one.fill());
    add.draw();
    drawClash(clash, model.get("clash"), settle);
    if (writer.textContent !== model.get("writer")) writer.textContent = model.get("writer");
    root.hidden = !model.get("writing");
  };
});

/**
 * One text. The field is never rewritten while somebody is in it.
 * @param {{ note: Note, label: string, hint: string }} about
 * @param {Model<Traits, Message>} model
 * @param {AbortSignal} signal
 */
function noteField({ note, label, hint }, model, signal) {
  const id = `nps-${note}-${Math.random().toString(36).slice(2)}`;
  const field = /** @type {HTMLTextAreaElement} */ (h("textarea", { id, placeholder: hint, "aria-describedby": `${id}-hint` }));
  const state = h("span", { class: "nps-state" });
  const again = h("button", { type: "button", class: "nps-link", hidden: true, click: () => send() }, "Try again");
  const top = h("div", { class: "nps-label" }, h("label", { for: id }, label), state, again);
  const element = h("div", { class: `nps-note nps-${note}` }, top, h("p", { id: `${id}-hint`, class: "nps-unseen" }, hint), field);

  let code = "";
  /** The saved text that this field has shown last: what is typed is made from it. */
  let seen = "";
  let kept = keeper("");
  const saved = () => model.get("notes")[note] || "";
  const draft = () => /** @type {Draft | null} */ (kept.read());
  const send = () => {
    const mine = draft();
    if (mine && isSame(mine.text, saved())) {
      kept.write(null);
      state.textContent = "";
    } else if (mine) model.send({ kind: "note_typed", code, note, ...mine });
  };
  const later = pause(send, PAUSE_MS);
  const show = () => {
    if (!draft()) field.value = saved();
    if (field.value === saved()) seen = saved();
  };
  field.addEventListener("input", () => {
    kept.write({ text: typedIn(field), seen: draft()?.seen ?? seen });
    state.textContent = "Saving";
    later.start();
  });
  field.addEventListener("blur", () => {
    later.flush();
    show();
  });
  document.addEventListener("visibilitychange", () => document.hidden && later.flush(), { signal });
  onConnection((lost) => lost || send(), signal); // what was sent into a connection that was lost did not arrive
  signal.addEventListener("abort", later.flush);

  return {
    note,
    label,
    element,
    top,
    field,
    forget: () => kept.write(null),
    turnTo(/** @type {string} */ next) {
      later.flush();
      code = next;
      kept = keeper(`${model.get("workshop")}/${code}/${note}`);
      seen = saved();
      field.value = draft()?.text ?? saved();
      state.textContent = "";
      if (code) send();
    },
    fill() {
      const mine = draft();
      if (mine && isSame(mine.text, saved())) {
        kept.write(null);
        if (state.textContent) state.textContent = `Saved ${timeOfDay(new Date())}`;
      }
      const failed = Boolean(draft() && model.get("problem"));
      again.hidden = !failed;
      if (failed) state.textContent = "Not saved.";
      if (document.activeElement !== field || field.value === saved()) show();
    },
  };
}

/** "+ Add: a different view, evidence": what is empty stays folded until it is asked for. @param {ReturnType<typeof noteField>[]} notes */
function addButtons(notes) {
  const opened = new Set();
  const element = h("span", { class: "nps-add" }, h("span", {}, "+ Add: "));
  const optional = notes.slice(1).map((one) => {
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
  return { element, draw, close: () => opened.clear() };
}

/** Two facilitators wrote at once. @param {HTMLElement} place @param {{ note?: Note, theirs?: string }} clash @param {(note: Note, keep: Keep) => void} settle */
function drawClash(place, { note, theirs }, settle) {
  place.hidden = !note;
  const now = `${note}: ${theirs}`;
  if (!note || place.dataset.drawn === now) return;
  place.dataset.drawn = now;
  const button = (/** @type {Keep} */ keep, /** @type {string} */ label) =>
    h("button", { type: "button", class: "nps-second", click: () => settle(note, keep) }, label);
  place.replaceChildren(
    h("p", {}, `The other screen changed this text in between: “${theirs}”`),
    button("theirs", "Keep theirs"),
    button("mine", "Save mine"),
  );
}
