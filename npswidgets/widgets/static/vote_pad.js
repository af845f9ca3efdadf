// Where a participant votes. Traits: see vote_pad.py; Python writes all of them.
// Sends { kind: "cast", id, code, round, answer, replaces } and { kind: "look" }.

/** @typedef {number | "dont_know" | "not_my_role"} Answer */
/** @typedef {{ id: string, code: string, round: number, answer: Answer, replaces: string | null }} Ballot */

const OTHER_ANSWERS = { dont_know: "I don't know", not_my_role: "Not part of my role" };
const OTHER_WINDOW = "This page is open in another window. Your last choice counts.";
const RESEND_MS = 3000;
const TROUBLE_MS = 6000;

export default widget("nps-vote-pad", (model, root, signal) => {
  /** @type {Answer | null} what the radio buttons show */ let chosen = null;
  /** @type {Ballot | null} sent, and not answered yet */ let pending = null;
  /** @type {Ballot | null} answered with "try again" */ let failed = null;
  let pendingSince = 0;
  let byKey = false;
  let lost = false;
  let note = "";
  let vote = "";
  let drawn = "";
  let said = model.get("said");
  let handled = JSON.stringify(model.get("refused"));
  const mine = new Set();

  const form = h("form", { submit: (/** @type {Event} */ event) => (event.preventDefault(), save()) });
  const bar = h("div", { class: "nps-bar", role: "group", "aria-label": "Your vote" });
  const live = h("p", { class: "nps-unseen", role: "status" });
  root.append(form, bar, live);

  const say = (/** @type {string} */ words) => (live.textContent = words);
  const named = (/** @type {Answer} */ answer) => name(answer, model.get("levels"));

  // -- sending ------------------------------------------------------------------------------------------------------

  const send = (/** @type {Ballot} */ ballot) => {
    [pending, failed, pendingSince] = [ballot, null, performance.now()];
    mine.add(ballot.id);
    remember(model, ballot);
    model.send({ kind: "cast", ...ballot });
    drawBar();
  };

  /** Sends what is chosen, unless it is saved or a vote is still on its way; its answer calls this again. */
  const save = () => {
    note = "";
    const { ballot = null, answer = null } = model.get("saved");
    if (chosen === null || pending || chosen === answer) return drawBar();
    send({ id: newId(), code: model.get("code"), round: model.get("round"), answer: chosen, replaces: ballot });
  };

  const tryAgain = () => failed && send({ ...failed, replaces: model.get("saved").ballot ?? null });

  const choose = (/** @type {Answer} */ answer) => {
    chosen = answer;
    [failed, note] = [null, ""];
    if (byKey) drawBar();
    else save();
  };

  const resend = setInterval(() => {
    if (!pending || !model.get("voting")) return;
    model.send({ kind: "cast", ...pending });
    drawBar();
  }, RESEND_MS);
  signal.addEventListener("abort", () => clearInterval(resend));

  // -- answers ------------------------------------------------------------------------------------------------------

  const takeRefusal = () => {
    const refused = model.get("refused");
    if (JSON.stringify(refused) === handled) return;
    handled = JSON.stringify(refused);
    if (pending?.id !== refused.ballot) return;
    failed = refused.again ? pending : null;
    pending = null;
    forget(model);
    note = refused.again ? "" : refused.words;
    if (!refused.again) chosen = model.get("saved").answer ?? null;
    say(refused.again ? refused.words : note);
  };

  /** What the store holds now: an answer to the vote on its way, or a choice made in another window. */
  const takeSaved = (/** @type {string} */ before) => {
    const { ballot, answer } = model.get("saved");
    if (!ballot || ballot === before) return;
    if (pending?.id === ballot) {
      pending = null;
      forget(model);
      say(`Your vote is saved: ${named(answer)}.`);
      if (!byKey && chosen !== answer) save();
    } else if (!mine.has(ballot) && !pending) {
      note ||= OTHER_WINDOW;
      chosen = answer;
    }
  };

  let savedBefore = model.get("saved").ballot;

  /** A new vote begins: nothing is chosen but what is stored, or what this page had not got through before a reload. */
  const begin = () => {
    [pending, failed, note] = [null, null, ""];
    const saved = model.get("saved");
    chosen = saved.answer ?? null;
    const kept = remembered(model);
    if (kept && kept.id !== saved.ballot) {
      chosen = kept.answer;
      send(kept);
    }
  };

  // -- drawing ------------------------------------------------------------------------------------------------------

  const below = watchLevels(form, bar, signal, () => drawBar());

  const drawForm = () => {
    const lead = model.get("lead");
    replace(form, lead.title && drawLead(lead, (/** @type {Answer} */ answer) => ((byKey = false), choose(answer))), choices(model, choose), help(model), h("p", { class: "nps-source" }, model.get("source")));
    below.watch(model.get("voting"));
  };

  const drawChoice = () => {
    const saved = model.get("saved").answer;
    for (const input of form.querySelectorAll("input")) {
      input.checked = asAnswer(input.value) === chosen;
      input.closest(".nps-choice")?.classList.toggle("nps-saved", chosen === saved && asAnswer(input.value) === saved);
    }
  };

  const drawBar = () => {
    const saved = model.get("saved").answer ?? null;
    const trouble = lost || (pending !== null && performance.now() - pendingSince > TROUBLE_MS);
    const [words, button] = barWords({ open: model.get("voting"), status: model.get("status"), chosen, saved, pending, failed, note, trouble, below: below.levels(), named });
    const held = bar.contains(document.activeElement);
    const act = failed ? tryAgain : save;
    replace(bar, h("p", {}, words), button && h("button", { type: "button", click: () => ((byKey = false), act()) }, button));
    bar.classList.toggle("nps-done", saved !== null && saved === chosen && !trouble && !note);
    if (held) (/** @type {HTMLElement | null} */ (bar.querySelector("button") ?? form.querySelector("input:checked")))?.focus({ preventScroll: true });
    drawChoice();
  };

  form.addEventListener("keydown", () => (byKey = true), { signal });
  form.addEventListener("keyup", () => setTimeout(() => (byKey = false)), { signal });
  form.addEventListener("pointerdown", () => (byKey = false), { signal });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && model.send({ kind: "look" }), { signal });
  onConnection((nowLost) => {
    if (nowLost !== lost) say(nowLost ? "Connection lost." : "Connected again.");
    lost = nowLost;
    if (!lost && pending) model.send({ kind: "cast", ...pending });
    drawBar();
  }, signal);
  const heights = new ResizeObserver(() => root.style.setProperty("--nps-bar", `${bar.offsetHeight}px`));
  heights.observe(bar);
  signal.addEventListener("abort", () => heights.disconnect());

  return () => {
    const open = model.get("voting");
    takeRefusal();
    const latest = JSON.stringify([model.get("voter"), model.get("code"), model.get("round")]);
    if (latest !== vote) {
      vote = latest;
      if (open) begin();
      else [pending, failed, note, chosen] = [null, null, "", null];
    } else takeSaved(savedBefore);
    savedBefore = model.get("saved").ballot;
    form.hidden = !open;
    const content = JSON.stringify([latest, open, model.get("lead"), model.get("levels")]);
    if (open && content !== drawn) drawForm();
    drawn = content;
    drawBar();
    if (model.get("said") !== said) say((said = model.get("said")));
  };
});

/**
 * The words of the bar, and those of its button if it has one.
 * @param {{ open: boolean, status: string, chosen: Answer | null, saved: Answer | null, pending: Ballot | null,
 *   failed: Ballot | null, note: string, trouble: boolean, below: number[], named: (answer: Answer) => string }} now
 * @returns {[string, string?]}
 */
function barWords({ open, status, chosen, saved, pending, failed, note, trouble, below, named }) {
  if (trouble) {
    if (chosen !== null && chosen !== saved) return [`Not connected. Your choice ${short(chosen)} is not saved yet. We keep trying.`];
    return [saved !== null ? `Not connected. Your vote ${short(saved)} is saved.` : "Not connected. We keep trying."];
  }
  if (note) return [note];
  if (!open) return [status];
  if (failed) return ["Not saved.", "Try again"];
  if (pending) return ["Saving"];
  if (chosen === null) return [["Not voted yet.", levelsBelow(below)].filter(Boolean).join(" ")];
  if (chosen === saved) return [`✓ Saved: ${named(chosen)}. You can change it until the votes are shown.`];
  return [`You chose ${short(chosen)}, not saved yet.`, typeof chosen === "number" ? `Save my vote: ${chosen}` : "Save my vote"];
}

/** @param {Answer} answer @param {{ value: number, name: string }[]} levels */
function name(answer, levels) {
  const level = levels.find((one) => one.value === answer);
  return level ? `${level.value} ${level.name}` : /** @type {any} */ (OTHER_ANSWERS)[answer];
}

/** @param {Answer} answer */
function short(answer) {
  return typeof answer === "number" ? String(answer) : `“${OTHER_ANSWERS[answer]}”`;
}

/** @param {number[]} levels */
function levelsBelow(levels) {
  if (levels.length === 0) return "";
  const names = levels.length === 1 ? levels[0] : `${levels.slice(0, -1).join(", ")} and ${levels.at(-1)}`;
  return `${levels.length === 1 ? "Level" : "Levels"} ${names} below.`;
}

/** @param {string} value @returns {Answer} */
function asAnswer(value) {
  return /^\d$/.test(value) ? Number(value) : /** @type {Answer} */ (value);
}

/** What stands above a second vote. @param {any} lead @param {(answer: Answer) => void} choose */
function drawLead(lead, choose) {
  return h(
    "div",
    { class: "nps-lead" },
    h("h2", {}, lead.title),
    lead.words && h("p", {}, lead.words),
    lead.hint && h("p", { class: "nps-hint" }, lead.hint),
    lead.label && h("button", { type: "button", class: "nps-second", click: () => choose(lead.keep) }, lead.label),
    lead.label && h("p", {}, "Or choose another level:"),
  );
}

/** @param {any} model @param {(answer: Answer) => void} choose */
function choices(model, choose) {
  const prefix = `nps-${newId().slice(0, 8)}`;
  const choice = (/** @type {Answer} */ answer, /** @type {string} */ title, /** @type {string[]} */ statements) => {
    const id = `${prefix}-${answer}`;
    const input = h("input", { type: "radio", name: prefix, id, value: answer, "aria-describedby": statements.length ? `${id}-says` : null });
    for (const event of ["change", "click"]) input.addEventListener(event, () => choose(answer));
    return h(
      "div",
      { class: "nps-choice", "data-level": typeof answer === "number" ? answer : null },
      input,
      h("label", { for: id }, title),
      h("span", { class: "nps-tick", "aria-hidden": "true" }, "✓"),
      statements.length > 0 && h("div", { id: `${id}-says`, class: "nps-says" }, ...says(statements)),
    );
  };
  return h(
    "fieldset",
    {},
    h("legend", {}, model.get("question")),
    ...model.get("levels").map((/** @type {any} */ level) => choice(level.value, `${level.value} ${level.name}`, level.statements)),
    ...Object.entries(OTHER_ANSWERS).map(([answer, title]) => choice(/** @type {Answer} */ (answer), title, [])),
  );
}

/** @param {string[]} statements */
function says(statements) {
  if (statements.length === 1) return [h("p", {}, statements[0])];
  return [h("ul", {}, ...statements.map((statement) => h("li", {}, statement)))];
}

/** @param {any} model */
function help(model) {
  return h("details", {}, h("summary", {}, "How we score"), ...model.get("help").map((/** @type {string} */ words) => h("p", {}, words)));
}

/**
 * Watches which levels are still below the bar, until the last one has been in view.
 * @param {HTMLElement} form @param {HTMLElement} bar @param {AbortSignal} signal @param {() => void} changed
 */
function watchLevels(form, bar, signal, changed) {
  /** @type {Set<number>} */ const hidden = new Set();
  let seen = true;
  /** @type {IntersectionObserver | undefined} */ let observer;
  const stop = () => observer?.disconnect();
  signal.addEventListener("abort", stop);

  const look = (/** @type {IntersectionObserverEntry[]} */ entries) => {
    for (const entry of entries) {
      const level = Number(/** @type {HTMLElement} */ (entry.target).dataset.level);
      const under = !entry.isIntersecting && entry.boundingClientRect.top > 0;
      if (under) hidden.add(level);
      else hidden.delete(level);
      if (entry.isIntersecting && level === 5) seen = true;
    }
    if (seen) stop();
    changed();
  };

  return {
    levels: () => (seen ? [] : [...hidden].sort()),
    /** @param {boolean} open */
    watch(open) {
      stop();
      hidden.clear();
      seen = !open;
      observer = new IntersectionObserver(look, { threshold: 0.5, rootMargin: `0px 0px -${bar.offsetHeight || 56}px 0px` });
      for (const row of form.querySelectorAll("[data-level]")) observer.observe(row);
    },
  };
}

// -- a vote on its way survives a reload of the page --------------------------------------------------------------------

/** @param {any} model */
function place(model) {
  return `nps-vote ${model.get("voter")} ${model.get("code")} ${model.get("round")}`;
}

/** @param {any} model @param {Ballot} ballot */
function remember(model, ballot) {
  try {
    sessionStorage.setItem(place(model), JSON.stringify(ballot));
  } catch {} // a browser that keeps nothing: the vote is sent all the same
}

/** @param {any} model */
function forget(model) {
  try {
    sessionStorage.removeItem(place(model));
  } catch {}
}

/** @param {any} model @returns {Ballot | null} */
function remembered(model) {
  try {
    return JSON.parse(sessionStorage.getItem(place(model)) ?? "null");
  } catch {
    return null;
  }
}

/** 128 random bits; crypto.randomUUID is missing on plain http. */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
