// A text that is saved as it is typed, for the widgets that hold many of them. In front of their own modules.

/** @typedef {"theirs" | "mine"} Keep  whose text stays, where two facilitators wrote at once */
/** @typedef {{ workshop: string, problem: string, overwritten: Record<string, string> }} TypedTraits  `problem`: why the last
 *   change was not saved. `overwritten`: what was saved here and another facilitator has changed since */
/** @typedef {{ note: string, label: string, hint: string }} NoteKind  of domain/notes.py */

const TYPED_PAUSE_MS = 800;

/**
 * A field with its label. It is never rewritten while somebody is in it; what is typed and not saved is kept by this
 * window, beside the saved text that it was made from.
 * @param {Model<TypedTraits, any>} model
 * @param {{ key: string, label: string, of?: string, hint?: string, type?: "lines" | "text" | "date", list?: string, saved: () => string,
 *   send: (text: string, seen: string) => void, hold?: () => string, told?: string, signal: AbortSignal }} about  `of`: the
 *   topic, where several have such a field. `hint`: stands in the empty field. `hold`: why it cannot be saved now; empty where it can. `told`: under which
 *   key it is in `overwritten`. `signal`: aborted when the field goes away
 */
function typedField(model, { key, label, of = "", hint = "", type = "lines", list, saved, send, hold = () => "", told = "", signal }) {
  const id = `nps-${Math.random().toString(36).slice(2)}`;
  const about = { id, dir: "auto", placeholder: hint, "aria-describedby": hint && `${id}-hint` };
  const made = type === "lines" ? h("textarea", { ...about, rows: "2" }) : h("input", { ...about, type, list, ...(type === "date" && dateEnds()) });
  const field = /** @type {HTMLTextAreaElement} */ (made);
  const state = h("span", { class: "nps-state" });
  setText(state);
  const again = h("button", { type: "button", class: "nps-link", hidden: true, click: () => save() }, "Try again");
  const top = h("div", { class: "nps-label" }, h("label", { for: id }, label, of && ofTopic(of)), state, again);
  const changed = h("p", { class: "nps-changed", hidden: true });
  const element = h("div", { class: "nps-field" }, top, hint && h("p", { id: `${id}-hint`, class: "nps-unseen" }, hint), field, changed);

  const kept = typedKeeper(model, key);
  const draft = () => /** @type {{ text: string, seen: string } | null} */ (kept.read());
  let seen = saved();
  let sent = false;
  /** A date that is typed digit by digit: nothing of it is saved before it is whole. */
  let partial = false;
  /** Nothing that was typed here waits any more. */
  const settled = () => {
    kept.write(null);
    setText(state);
  };
  const save = () => {
    const mine = draft();
    if (!mine || field.disabled) return;
    if (isSame(mine.text, saved())) settled();
    else if (hold()) sayIn(state, hold());
    else {
      sent = true;
      send(mine.text, mine.seen);
    }
  };
  const later = pause(save, TYPED_PAUSE_MS);
  const show = () => {
    if (partial) return;
    const text = draft()?.text ?? saved();
    if (field.value !== text) field.value = text;
    if (text === saved()) seen = text;
  };
  field.addEventListener("input", () => {
    partial = type === "date" && !field.validity.valid;
    if (partial) {
      kept.write(null);
      sayIn(state, `Enter the whole date, with a year from ${dateEnds().min.slice(0, 4)} to ${dateEnds().max.slice(0, 4)}.`);
      return;
    }
    kept.write({ text: typedIn(field), seen: draft()?.seen ?? seen });
    setText(state, hold() || "Saving");
    later.start();
  });
  field.addEventListener("blur", () => {
    later.flush();
    show();
  });
  document.addEventListener("visibilitychange", () => document.hidden && later.flush(), { signal });
  onConnection((lost) => lost || save(), signal); // what was sent into a connection that was lost did not arrive
  const leave = () => {
    later.stop();
    save(); // also what was sent and not answered: nobody sends it again until this field is back
  };
  signal.addEventListener("abort", leave);

  show();
  save();
  return {
    element,
    top,
    field,
    forget: settled,
    /** Whether something that was typed here is not saved. */
    waits: () => draft() !== null,
    /** What stands here is to be saved once more, as made from another text. @param {string} from */
    retype(from) {
      kept.write({ text: typedIn(field), seen: from });
      sent = false;
      save();
    },
    fill(/** @type {boolean} */ locked = false) {
      field.disabled = locked;
      if (locked) sent = false; // it did not arrive in time, and goes again once this is reopened
      const mine = draft();
      const saying = (/** @type {string} */ words) => `${label}: ${words}`;
      if (mine && isSame(mine.text, saved())) {
        kept.write(null);
        sayIn(state, sent ? `Saved ${timeOfDay(new Date())}` : "", saying);
      } else if (mine && !sent) save();
      const failed = Boolean(draft() && sent && !locked && model.get("problem"));
      if (!failed && document.activeElement === again) field.focus();
      again.hidden = !failed;
      if (failed) sayIn(state, "Not saved.", saying);
      if (locked && draft()) sayIn(state, "Not saved: signed off meanwhile.", saying);
      if (document.activeElement !== field || field.value === saved()) show();
      const was = told ? model.get("overwritten")[told] : undefined;
      const words = was === undefined ? "" : `The other screen has changed this text since. Yours was: “${was}”`;
      sayIn(changed, words);
      changed.hidden = !words;
    },
  };
}

/** Of which topic a control is, for who does not see where it stands. @param {string} name */
function ofTopic(name) {
  return h("span", { class: "nps-unseen", ...AS_IT_IS }, `: ${name}`);
}

/** Between which days a date may lie: the store asks for the same years. */
function dateEnds() {
  const year = new Date().getFullYear();
  return { min: `${year - 1}-01-01`, max: `${year + 10}-12-31` };
}

/** Where a window keeps what is typed into a field and not saved. @param {Model<TypedTraits, any>} model @param {string} key */
function typedKeeper(model, key) {
  return keeper(`${model.get("workshop")}/${key}`);
}

/**
 * Keeps one drawn thing for each key, so that a field that somebody is in stays the same element.
 * @template T
 * @param {AbortSignal} signal
 * @param {(key: string, gone: AbortSignal) => T & { element: HTMLElement }} make  `gone` is aborted when its key goes, or the view
 */
function keyed(signal, make) {
  /** @type {Map<string, { one: T & { element: HTMLElement }, gone: AbortController }>} */ const made = new Map();
  const makeOne = (/** @type {string} */ key) => {
    const gone = new AbortController();
    signal.addEventListener("abort", () => gone.abort(), { signal: gone.signal });
    return { one: make(key, gone.signal), gone };
  };
  return {
    /** Puts the things of these keys into a place, in this order. @param {Element} place @param {string[]} keys */
    show(place, keys) {
      for (const [key, { one, gone }] of [...made]) {
        if (keys.includes(key)) continue;
        gone.abort();
        one.element.remove();
        made.delete(key);
      }
      for (const key of keys) if (!made.has(key)) made.set(key, makeOne(key));
      const wanted = keys.map((key) => /** @type {any} */ (made.get(key)).one);
      wanted.forEach(({ element }, at) => place.children[at] !== element && place.insertBefore(element, place.children[at] || null));
      return wanted;
    },
  };
}

/**
 * What the model holds of something; once that has gone, what it held last: a field that goes away still asks for its saved text.
 * @template T @param {() => T | undefined} find @returns {() => T}
 */
function lastOf(find) {
  /** @type {T | undefined} */ let last;
  return () => /** @type {T} */ ((last = find() ?? last));
}

/**
 * Another facilitator changed a text in between: theirs is kept, and what this window keeps under the key is forgotten; or
 * mine is saved over it.
 * @param {HTMLElement} place @param {Model<TypedTraits, any>} model @param {{ theirs?: string }} clash @param {string} key
 * @param {(keep: Keep) => void} settle
 */
function drawTextClash(place, model, clash, key, settle) {
  place.hidden = clash.theirs === undefined;
  const now = JSON.stringify(clash);
  if (place.hidden || place.dataset.drawn === now) return;
  place.dataset.drawn = now;
  const choose = (/** @type {Keep} */ keep) => {
    if (keep === "theirs") typedKeeper(model, key).write(null);
    settle(keep);
  };
  const button = (/** @type {Keep} */ keep, /** @type {string} */ label) =>
    h("button", { type: "button", class: "nps-second", click: () => choose(keep) }, label);
  place.replaceChildren(
    h("p", {}, clash.theirs ? `The other screen changed this text in between: “${clash.theirs}”` : "The other screen took this text out in between."),
    button("theirs", "Keep theirs"),
    button("mine", "Save mine"),
  );
}
