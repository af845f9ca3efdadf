// Where a participant votes. Traits: see vote_pad.py; Python writes all of them. Behind vote_sending.js
// and vote_reason.js. Sends { kind: "cast", id, code, round, opening, answer, replaces } { kind: "look" } and { kind: "next" }.

/** @typedef {{ title: string, words?: string, hint?: string, keep?: Answer, label?: string }} Lead */
/** @typedef {SendingTraits & ReasonTraits & { question: string, lead: OrEmpty<Lead>, levels: Level[], help: string[], source: string,
 *   onward: string, status: string, said: string, nouns: Nouns }} Traits */
/** @typedef {SendingMessage | ReasonMessage | { kind: "look" } | { kind: "next" }} Message */

/** How often a page that is open says that it is there, in front or not: who reads something else is in the room. */
const HERE_MS = 60_000;

export default widget("nps-vote-pad", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const form = h("form", { submit: (/** @type {Event} */ event) => event.preventDefault() });
  const bar = h("div", { class: "nps-bar", role: "group", "aria-label": "Your vote" });
  const missed = h("p", { class: "nps-problem" });
  const vote = voteSending(model, announce, (answer) => answerName(answer, model.get("levels")), signal);
  const reason = voteReason(model, () => drawBar());
  const below = levelsBelow(form, bar, signal, () => drawBar());
  root.append(missed, form, reason.late, bar);
  let byKey = false;
  let lost = false;
  let said = model.get("said");
  /** What the form and the bar were drawn for, so that they are not drawn again under a finger. */
  const drawn = { vote: "", voting: false, form: "", bar: "" };

  const act = (/** @type {() => void} */ change) => (change(), drawChoice(), drawBar());

  /** A touch or a click saves at once, also one by voice or by a switch; the keys of a keyboard only choose, and Enter saves. */
  const choose = (/** @type {Answer} */ answer) => {
    act(() => (vote.choose(answer), byKey || vote.save()));
    if (byKey && vote.now.chosen !== vote.saved()) announce(`${answerName(answer, model.get("levels"))} is not saved yet. Press Enter to save.`);
  };
  const keepLast = () => act(() => (vote.choose(model.get("lead").keep ?? null), vote.save()));

  const drawForm = () => {
    const lead = model.get("lead");
    const levels = model.get("levels");
    const content = JSON.stringify(model.get("voting") && [drawn.vote, lead, levels]);
    form.hidden = !model.get("voting");
    document.body.classList.toggle("nps-voting", !form.hidden); // the page's head leaves its room to the levels
    if (content === drawn.form) return;
    drawn.form = content;
    if (form.hidden) return replace(form);
    replace(
      form,
      lead.title !== undefined && leadPart(lead, model.get("nouns"), keepLast),
      choices(model.get("question"), levels, choose),
      reason.element,
      h("details", {}, h("summary", {}, "How we score"), ...model.get("help").map((words) => h("p", {}, words))),
      h("p", { class: "nps-source" }, model.get("source")),
    );
    below.watch();
  };

  const drawChoice = () => {
    for (const input of form.querySelectorAll("input")) {
      const answer = asAnswer(input.value);
      input.checked = answer === vote.now.chosen;
      input.closest(".nps-choice")?.classList.toggle("nps-chosen", input.checked);
      input.closest(".nps-choice")?.classList.toggle("nps-saved", input.checked && answer === vote.saved());
    }
  };

  const drawBar = () => {
    setText(missed, vote.now.missed);
    const says = barSays(model, vote, lost || vote.waiting(), below.levels(), reason);
    if (drawn.bar === JSON.stringify(says)) return;
    drawn.bar = JSON.stringify(says);
    const held = bar.contains(document.activeElement);
    const press = () => {
      if (says.press === "next") model.send({ kind: "next" });
      else if (says.press === "reason") reason.send();
      else if (says.press === "late") reason.showLate();
      else if (says.press) act(vote[says.press]);
    };
    replace(bar, h("p", {}, says.done && "✓ ", says.words), says.label && h("button", { type: "button", click: press }, says.label));
    bar.classList.toggle("nps-done", Boolean(says.done));
    bar.classList.toggle("nps-offline", Boolean(says.offline));
    // a button that went must not take the keyboard's place with it
    if (held) /** @type {any} */ (bar.querySelector("button") ?? form.querySelector("input:checked"))?.focus({ preventScroll: true });
  };

  /** A browser chooses by an arrow key right after its keydown, by the space bar after its keyup. */
  const onKey = () => ((byKey = true), setTimeout(() => (byKey = false)));
  form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    onKey();
    if (event.key === "Enter" && /** @type {Element} */ (event.target).matches("input")) act(vote.save); // a form without a button of its own is not sent by Enter
  });
  form.addEventListener("keyup", onKey);
  const onVisible = () => document.visibilityState === "visible" && model.send({ kind: "look" });
  document.addEventListener("visibilitychange", onVisible, { signal });
  const showing = setInterval(() => lost || model.send({ kind: "look" }), HERE_MS);
  onConnection((isLost) => {
    announce(isLost ? "Connection lost." : "Connected again.");
    lost = isLost;
    if (!lost) (vote.resend(), reason.resend());
    drawBar();
  }, signal);
  const resending = setInterval(() => (vote.resend(), reason.resend(), drawBar()), RESEND_MS);
  /** What gets the keyboard, or is opened, stays clear of the bar. */
  const keepClear = () => {
    const height = getComputedStyle(bar).position === "fixed" ? bar.offsetHeight : 0;
    document.documentElement.style.setProperty("--nps-bar", `${height}px`);
    document.documentElement.style.scrollPaddingBottom = `${height + 12}px`;
    showField();
  };
  /** A browser looks after the line that is written alone: all of the field is in view. */
  const showField = () => form.contains(document.activeElement) && document.activeElement?.matches("textarea") && document.activeElement.scrollIntoView({ block: "nearest" });
  form.addEventListener("focusin", showField);
  const heights = new ResizeObserver(keepClear);
  heights.observe(bar);
  heights.observe(document.documentElement);
  signal.addEventListener("abort", () => (clearInterval(resending), clearInterval(showing), heights.disconnect()));

  return () => {
    const latest = JSON.stringify([model.get("voter"), model.get("code"), model.get("round"), model.get("opening")]);
    vote.take();
    if (latest !== drawn.vote || (model.get("voting") && !drawn.voting)) vote.begin();
    [drawn.vote, drawn.voting] = [latest, model.get("voting")];
    drawForm();
    drawChoice();
    reason.draw();
    drawBar();
    if (model.get("said") !== said) announce((said = model.get("said")));
  };
});

/**
 * What the bar says; what its button says and does if it has one; whether the vote is saved and nothing is amiss, and whether the connection is gone.
 * @typedef {{ words: string, label?: string, press?: "save" | "tryAgain" | "next" | "reason" | "late", done?: boolean, offline?: boolean }} Bar
 * @param {Model<Traits, Message>} model @param {ReturnType<typeof voteSending>} vote @param {boolean} trouble @param {number[]} below
 * @param {ReturnType<typeof voteReason>} reason
 * @returns {Bar}
 */
function barSays(model, vote, trouble, below, reason) {
  const { chosen, pending, failed, note } = vote.now;
  const saved = vote.saved();
  if (trouble) {
    if (!model.get("voting")) return { words: "Not connected. We keep trying.", offline: true };
    if (chosen !== saved) return { words: `Not connected. Your choice ${shortName(chosen)} is not saved yet. We keep trying.`, offline: true };
    if (saved === null) return { words: "Not connected. We keep trying.", offline: true };
    return { words: `Not connected. Your vote ${shortName(saved)} is saved${reason.waits() && ", your reason is not"}.`, offline: true };
  }
  if (note && reason.waits() === "unsaved") return { words: note, label: "Save reason", press: "reason" };
  if (!model.get("voting") && reason.isLate()) return { words: note || model.get("status"), label: "See unsaved reason", press: "late" };
  if (note) return { words: note };
  if (!model.get("voting")) return { words: model.get("status") };
  if (failed) return { words: "Not saved. We keep trying.", label: "Try again", press: "tryAgain" };
  if (pending) return { words: "Saving" };
  if (chosen === null) return { words: `Not voted yet. ${belowWords(below, model.get("nouns"))}`.trim() };
  if (chosen !== saved) {
    const label = typeof chosen === "number" ? `Save my vote: ${chosen}` : "Save my vote";
    return { words: `You chose ${shortName(chosen)}, not saved yet.`, label, press: "save" };
  }
  const words = `Saved: ${answerName(saved, model.get("levels"))}`;
  if (reason.waits() === "sent") return { words: `${words}. Saving your reason` };
  if (reason.waits()) return { words: `${words}. Your reason is not saved.`, label: "Save reason", press: "reason" };
  if (model.get("onward")) return { words, label: model.get("onward"), press: "next", done: true };
  return { words: `${words}. You can change it until the votes are shown.`, done: true };
}

/** @param {Answer | null} answer @param {NamedLevel[]} levels */
function answerName(answer, levels) {
  const level = levels.find((one) => one.value === answer);
  return level ? levelName(level) : OTHER_ANSWERS[answer ?? ""];
}

/** @param {number[]} levels @param {Nouns} called */
function belowWords(levels, called) {
  if (levels.length < 2) return levels.length ? `${capital(called.level)} ${levels[0]} below.` : "";
  return `${capital(called.levels)} ${levels.slice(0, -1).join(", ")} and ${levels[levels.length - 1]} below.`;
}

/** @param {string} value @returns {Answer} */
function asAnswer(value) {
  return /^\d+$/.test(value) ? Number(value) : /** @type {Answer} */ (value);
}

/** What stands above a second vote. @param {Lead} lead @param {Nouns} called @param {() => void} keepLast */
function leadPart(lead, called, keepLast) {
  return h(
    "div",
    { class: "nps-lead" },
    h("h2", {}, lead.title),
    lead.words && h("p", {}, lead.words),
    lead.hint && h("p", { class: "nps-hint" }, lead.hint),
    lead.label && h("button", { type: "button", class: "nps-second", click: keepLast }, lead.label),
    lead.label && h("p", {}, `Or choose another ${called.level}:`),
  );
}

/**
 * The radio buttons. A browser tells of a choice by "change", and of a second tap on the same one by "click" alone.
 * @param {string} question @param {Level[]} levels @param {(answer: Answer) => void} choose
 */
function choices(question, levels, choose) {
  const group = `nps-${newId()}`;
  const choice = (/** @type {Answer} */ answer, /** @type {any} */ title, /** @type {string[]} */ statements) => {
    const id = `${group}-${answer}`;
    const pick = () => choose(answer);
    const says = statements.length > 0 && `${id}-says`;
    return h(
      "div",
      { class: "nps-choice", "data-level": typeof answer === "number" && answer },
      h("input", { type: "radio", name: group, id, value: answer, "aria-describedby": says, change: pick, click: pick }),
      h("label", { for: id, translate: typeof answer === "number" && "no" }, ...[title].flat()),
      h("span", { class: "nps-tick", "aria-hidden": "true" }, "✓"),
      says && h("div", { id: says, class: "nps-says" }, sentences(statements)),
    );
  };
  return h(
    "fieldset",
    {},
    h("legend", {}, question),
    ...inRows(levels, (level) => choice(level.value, [levelName(level), level.between && h("span", { class: "nps-unseen" }, level.between)], level.statements)),
    ...Object.entries(OTHER_ANSWERS).map(([answer, title]) => choice(/** @type {Answer} */ (answer), title, [])),
  );
}

/** The levels; those between two that have words stand side by side. @param {Level[]} levels @param {(level: Level) => HTMLElement} draw */
function inRows(levels, draw) {
  /** @type {HTMLElement[]} */ const rows = [];
  /** @type {HTMLElement | null} */ let side = null;
  for (const level of levels) {
    if (!level.between) side = null;
    else if (!side) rows.push((side = h("div", { class: "nps-side-by-side" })));
    if (side) side.append(draw(level));
    else rows.push(draw(level));
  }
  return rows;
}

/**
 * Which levels are still below the bar; none once the last has been in view.
 * @param {HTMLElement} form @param {HTMLElement} bar @param {AbortSignal} signal @param {() => void} changed
 */
function levelsBelow(form, bar, signal, changed) {
  /** @type {Set<number>} */ const under = new Set();
  let seen = true;
  /** @type {IntersectionObserver | undefined} */ let observer;
  signal.addEventListener("abort", () => observer?.disconnect());

  const look = (/** @type {IntersectionObserverEntry[]} */ entries) => {
    const [last] = [...form.querySelectorAll("[data-level]")].reverse();
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const level = Number(/** @type {HTMLElement} */ (target).dataset.level);
      under.delete(level);
      if (!isIntersecting && boundingClientRect.top > 0) under.add(level);
      seen ||= isIntersecting && target === last;
    }
    changed();
  };

  return {
    levels: () => (seen ? [] : [...under].sort((one, other) => one - other)),
    /** Looks at the rows as they are now. */
    watch() {
      observer?.disconnect();
      under.clear();
      seen = false;
      observer = new IntersectionObserver(look, { threshold: 0.5, rootMargin: `0px 0px -${bar.offsetHeight || 56}px 0px` });
      for (const row of form.querySelectorAll("[data-level]")) observer.observe(row);
    },
  };
}
