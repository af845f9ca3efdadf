// The agreed score, and what is written down with it. Traits: see score_form.py; Python writes all of them, and they say
// what is saved. Drafts live in sessionStorage until a trait says the same.
// Sends { kind: "score_chosen" | "note_typed" | "reason_typed" | "settled", code, ... }.

/** @typedef {{ score: number, reason: string, case_study: boolean, seen: number, later?: boolean }} Choice */
/** @typedef {{ choice?: Choice, why?: string, notes: Record<string, { text: string, seen: string }> }} Draft */

const PAUSE_MS = 800;
const REASONS = ["Only a small part of the council", "Already being put right", "Evidence shown in the room"];
const NOTES = [
  { note: "comment", label: "Comment", hint: "An example, what matters most, how it is done, or anything else. Do not name people." },
  { note: "different_view", label: "A different view", hint: "What do some see otherwise, and why?" },
  { note: "evidence", label: "Evidence", hint: "What, and where it is kept" },
];

export default widget("nps-score-form", (model, root, signal) => {
  let code = "";
  const draft = () => readDraft(model.get("workshop"), code);
  const change = (/** @type {(draft: Draft) => void} */ edit) => {
    const next = draft();
    edit(next);
    writeDraft(model.get("workshop"), code, next);
  };

  const score = scoreKeys((choice) => {
    change((next) => (next.choice = choice));
    tellChoice(model, code, choice);
    draw();
  });
  const notes = NOTES.map((about) => noteField(about, { model, code: () => code, draft, change, signal }));
  const add = addButtons(notes);
  const why = whyField({ model, code: () => code, draft, change, signal });
  const clash = h("div", { class: "nps-clash", role: "alert" });
  notes[0].top.append(add.element);
  root.append(clash, score.element, why.element, h("div", { class: "nps-notes" }, ...notes.map((note) => note.element)));

  /** What this browser had not saved when the page was left is told again. */
  const tellAgain = () => {
    const { choice, why: reason } = draft();
    if (choice) tellChoice(model, code, choice);
    if (reason) model.send({ kind: "reason_typed", code, text: reason });
    notes.forEach((note) => note.restart());
  };
  const turnTo = (/** @type {string} */ next) => {
    notes.forEach((note) => note.flush());
    why.flush();
    code = next;
    add.close();
    if (code) tellAgain();
  };

  function draw() {
    if (model.get("code") !== code) turnTo(model.get("code"));
    const mode = model.get("mode");
    dropSaved(model, change, draft());
    score.element.hidden = mode !== "score";
    score.fill(model.get("levels"), draft().choice, model.get("saved"), model.get("start"));
    why.element.hidden = mode !== "not_applicable";
    why.fill(model.get("not_applicable"));
    notes.forEach((note) => note.fill(model.get("notes"), model.get("problem")));
    add.fill(mode === "score" || mode === "comment");
    drawClash(clash, model, code, draft, change, draw);
    root.hidden = mode === "nothing";
    root.dataset.mode = mode;
  }
  return draw;
});

/** @param {any} model @param {string} code @param {Choice} choice */
function tellChoice(model, code, { score, reason, case_study, seen }) {
  model.send({ kind: "score_chosen", code, score, reason, case_study, seen });
}

/** Forgets what the traits say is saved. @param {any} model @param {(edit: (draft: Draft) => void) => void} change @param {Draft} draft */
function dropSaved(model, change, draft) {
  const saved = model.get("saved");
  const { choice } = draft;
  const same = choice && choice.score === saved.score && choice.reason === saved.reason && choice.case_study === saved.case_study;
  if (same) change((next) => delete next.choice);
  if (draft.why && draft.why === model.get("not_applicable")) change((next) => delete next.why);
}

/** The five keys, the reasons above the starting level, and the tick at 5. @param {(choice: Choice) => void} choose */
function scoreKeys(choose) {
  const keys = h("div", { class: "nps-keys" });
  const reasonsOf = h("legend", {});
  const reasons = h("fieldset", { class: "nps-reasons" }, reasonsOf);
  const tick = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));
  const ready = h("label", { class: "nps-ready" }, tick, "We are ready to be a case study for other councils");
  const element = h("div", { class: "nps-choice" }, h("fieldset", { class: "nps-score" }, h("legend", {}, "Agreed score"), keys), reasons, ready);

  /** @type {Choice} */ let shown = { score: 0, reason: "", case_study: false, seen: 0 };
  let seen = 0;
  let start = 0;
  const pick = (/** @type {Partial<Choice>} */ part) => {
    const next = { ...shown, ...part, seen };
    if (!(start && next.score > start)) next.reason = "";
    if (next.score !== 5) next.case_study = false;
    choose(next);
  };
  for (const label of [...REASONS, "Write it later"]) {
    const value = REASONS.includes(label) ? label : "";
    reasons.append(radio("nps-reason", value, label, () => pick({ reason: value, later: value === "" })));
  }
  tick.addEventListener("change", () => pick({ case_study: tick.checked }));

  return {
    element,
    /** @param {any[]} levels @param {Choice | undefined} choice @param {any} saved @param {number} startingLevel */
    fill(levels, choice, saved, startingLevel) {
      if (!keys.childElementCount) {
        keys.append(...levels.map(({ value, name }) => radio("nps-agreed", String(value), [h("b", {}, value), " ", name], () => pick({ score: value }))));
      }
      start = startingLevel;
      seen = choice ? choice.seen : saved.score || 0;
      shown = { score: 0, reason: "", case_study: false, seen, ...(choice || saved) };
      check(keys, shown.score ? String(shown.score) : null);
      const above = start > 0 && shown.score > start;
      reasons.hidden = !above;
      reasonsOf.textContent = `Why above level ${start}?`;
      check(reasons, shown.reason || shown.later ? shown.reason : null);
      ready.hidden = shown.score !== 5;
      tick.checked = shown.case_study;
    },
  };
}

/** @param {string} name @param {string} value @param {any} label @param {() => void} choose */
function radio(name, value, label, choose) {
  const group = `${name}-${radio.group}`;
  return h("label", {}, h("input", { type: "radio", name: group, value, change: choose }), h("span", {}, ...[label].flat()));
}
/** Two screens on one page are two groups. */
radio.group = Math.random().toString(36).slice(2);

/** @param {HTMLElement} group @param {string | null} value */
function check(group, value) {
  for (const input of group.querySelectorAll("input")) input.checked = input.value === value;
}

/**
 * A text that is saved as it is typed. The field is never rewritten while somebody is in it.
 * @param {{ note: string, label: string, hint: string }} about
 * @param {{ model: any, code: () => string, draft: () => Draft, change: (edit: (draft: Draft) => void) => void, signal: AbortSignal }} form
 */
function noteField({ note, label, hint }, { model, code, draft, change, signal }) {
  const id = `nps-${note}-${radio.group}`;
  const field = /** @type {HTMLTextAreaElement} */ (h("textarea", { id, placeholder: hint, "aria-describedby": `${id}-hint` }));
  const state = h("span", { class: "nps-state" });
  const again = h("button", { type: "button", class: "nps-link", hidden: true, click: () => send() }, "Try again");
  const top = h("div", { class: "nps-label" }, h("label", { for: id }, label), state, again);
  const element = h("div", { class: `nps-note nps-${note}` }, top, h("p", { id: `${id}-hint`, class: "nps-unseen" }, hint), field);
  const savedText = () => model.get("notes")[note] || "";
  /** The saved text that this field has shown last: what is typed was made from it. */
  let seen = "";
  const later = pause(() => send());
  const send = () => {
    later.cancel();
    const mine = draft().notes[note];
    if (mine && mine.text === savedText()) {
      change((next) => delete next.notes[note]);
      state.textContent = "";
    } else if (mine) model.send({ kind: "note_typed", code: code(), note, text: mine.text, seen: mine.seen });
  };
  field.addEventListener("input", () => {
    change((next) => (next.notes[note] = { text: field.value, seen: next.notes[note] ? next.notes[note].seen : seen }));
    state.textContent = "Saving";
    later.start();
  });
  field.addEventListener("blur", () => {
    later.flush();
    show();
  });
  document.addEventListener("visibilitychange", () => document.hidden && later.flush(), { signal });
  signal.addEventListener("abort", later.flush);
  const show = () => {
    const mine = draft().notes[note];
    if (!mine) field.value = savedText();
    if (field.value === savedText()) seen = savedText();
  };

  return {
    note,
    label,
    element,
    top,
    field,
    flush: later.flush,
    restart() {
      state.textContent = "";
      field.value = draft().notes[note]?.text ?? savedText();
      seen = savedText();
      send();
    },
    /** @param {Record<string, string>} notes @param {string} problem */
    fill(notes, problem) {
      const mine = draft().notes[note];
      if (mine && mine.text === notes[note]) {
        change((next) => delete next.notes[note]);
        if (state.textContent) state.textContent = `Saved ${timeOfDay(new Date())}`;
      } else if (mine && problem) state.textContent = "Not saved.";
      again.hidden = !(mine && problem);
      if (document.activeElement !== field) show();
      else if (field.value === notes[note]) seen = notes[note];
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
  let writing = false;
  const draw = () => {
    notes[0].element.hidden = !writing;
    for (const { one, button } of optional) {
      const wanted = opened.has(one.note) || one.field.value !== "";
      one.element.hidden = !(writing && wanted);
      button.hidden = wanted;
    }
    element.hidden = !writing || optional.every(({ button }) => button.hidden);
  };
  return {
    element,
    close: () => opened.clear(),
    fill: (/** @type {boolean} */ yes) => {
      writing = yes;
      draw();
    },
  };
}

/** Why the topic does not apply. @param {{ model: any, code: () => string, draft: () => Draft, change: (edit: (draft: Draft) => void) => void, signal: AbortSignal }} form */
function whyField({ model, code, draft, change, signal }) {
  const id = `nps-why-${radio.group}`;
  const field = /** @type {HTMLTextAreaElement} */ (h("textarea", { id, rows: "2" }));
  const send = () => model.send({ kind: "reason_typed", code: code(), text: draft().why || "" });
  const later = pause(send);
  field.addEventListener("input", () => {
    change((next) => (next.why = field.value));
    later.start();
  });
  field.addEventListener("blur", later.flush);
  signal.addEventListener("abort", later.flush);
  return {
    element: h("div", { class: "nps-note" }, h("label", { for: id }, "Why does this topic not apply?"), field),
    flush: later.flush,
    fill: (/** @type {string} */ saved) => {
      if (document.activeElement !== field) field.value = draft().why ?? saved;
    },
  };
}

/** What two facilitators saved at once, and the two ways on. */
function drawClash(/** @type {HTMLElement} */ place, /** @type {any} */ model, /** @type {string} */ code, /** @type {() => Draft} */ draft, /** @type {any} */ change, /** @type {() => void} */ draw) {
  const { of: what, theirs, at } = model.get("clash");
  const now = JSON.stringify([code, what, theirs, draft().choice?.score]);
  place.hidden = !what;
  if (place.dataset.drawn === now) return;
  place.dataset.drawn = now;
  if (!what) return place.replaceChildren();
  const settle = (/** @type {string} */ keep) => {
    if (keep === "theirs") change((/** @type {Draft} */ next) => (what === "score" ? delete next.choice : delete next.notes[what]));
    model.send({ kind: "settled", code, keep });
    draw();
  };
  const mine = what === "score" ? draft().choice?.score : "mine";
  const words =
    what === "score"
      ? `The other screen saved a score of ${theirs} at ${timeOfDay(new Date(at))}. Keep ${theirs} or save ${mine}?`
      : `The other screen changed this text in between: “${theirs}”`;
  const button = (/** @type {string} */ keep, /** @type {string} */ label) =>
    h("button", { type: "button", class: "nps-second", click: () => settle(keep) }, label);
  place.replaceChildren(
    h("p", {}, words),
    button("theirs", what === "score" ? `Keep ${theirs}` : "Keep theirs"),
    button("mine", `Save ${mine}`),
  );
}

/** Runs `act` once, after the last start, or at once when flushed. @param {() => void} act */
function pause(act) {
  let timer = 0;
  const cancel = () => {
    clearTimeout(timer);
    timer = 0;
  };
  const run = () => {
    cancel();
    act();
  };
  return { start: () => (cancel(), (timer = setTimeout(run, PAUSE_MS))), cancel, flush: () => timer && run() };
}

/** @param {Date} time */
function timeOfDay(time) {
  return time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** @param {string} workshop @param {string} code @returns {Draft} */
function readDraft(workshop, code) {
  const text = sessionStorage.getItem(`nps-draft/${workshop}/${code}`);
  return text ? JSON.parse(text) : { notes: {} };
}

/** @param {string} workshop @param {string} code @param {Draft} draft */
function writeDraft(workshop, code, draft) {
  const key = `nps-draft/${workshop}/${code}`;
  if (draft.choice || draft.why || Object.keys(draft.notes).length) sessionStorage.setItem(key, JSON.stringify(draft));
  else sessionStorage.removeItem(key);
}
