// The agreed score, or why the topic does not apply. Traits: see score_form.py; Python writes all of them, and they say
// what is saved. What is chosen or typed and not saved is kept by this window.
// Sends { kind: "score_chosen" | "score_settled" | "reason_typed", code, ... }.

/** @typedef {{ score: number, reason: string, case_study: boolean }} Saved */
/** @typedef {{ workshop: string, code: string, mode: "nothing" | "score" | "not_applicable", levels: NamedLevel[], saved: Partial<Saved>,
 *   not_applicable: string, mark: string, start: number | null, case_study: number | null, clash: { theirs?: string, said?: string, at?: string }, nouns: Nouns }} Traits */
/** @typedef {{ kind: "score_chosen", code: string, score: number, reason: string, case_study: boolean, seen: string }
 *   | { kind: "score_settled", code: string, keep: Keep }
 *   | { kind: "reason_typed", code: string, text: string, seen: string }} Message */

/** `seen`: the mark of the saved score that was shown. @typedef {{ score: number, reason: string, case_study: boolean, seen: string, later?: boolean }} Choice */
/** @typedef {{ text: string, seen: string }} WhyNot */

const PAUSE_MS = 400;
const REASONS = ["Only a small part of the council", "Already being put right", "Evidence shown in the room"];

export default widget("nps-score-form", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const id = Math.random().toString(36).slice(2); // two screens on one page are two groups of radio buttons
  const kept = (/** @type {string} */ what) => keeper(`${model.get("workshop")}/${model.get("code")}/${what}`);
  const tell = (/** @type {Choice} */ { score, reason, case_study, seen }) =>
    model.send({ kind: "score_chosen", code, score, reason, case_study, seen });

  const keys = scoreKeys(id, (choice) => {
    kept("score").write(choice);
    tell(choice);
    draw();
  });
  const why = whyField(id, model, kept, signal);
  const clash = h("div", { class: "nps-clash", role: "alert" });
  root.append(clash, keys.element, why.element);

  let code = "";
  /** What this window had not saved is told again, in case the page was loaded anew or its connection was lost. */
  const turnTo = (/** @type {string} */ next) => {
    why.flush();
    code = next;
    const choice = kept("score").read();
    if (code && choice) tell(choice);
    if (code) why.restart(code);
  };
  onConnection((lost) => lost || turnTo(code), signal);
  const settle = (/** @type {Keep} */ keep) => {
    if (keep === "theirs") kept(model.get("mode") === "score" ? "score" : "why").write(null);
    model.send({ kind: "score_settled", code, keep });
    draw();
  };

  function draw() {
    if (model.get("code") !== code) turnTo(model.get("code"));
    const mode = model.get("mode");
    const saved = model.get("saved");
    if (isSaved(kept("score").read(), saved)) kept("score").write(null);
    root.hidden = mode === "nothing";
    keys.element.hidden = mode !== "score";
    keys.fill(model.get("levels"), kept("score").read(), { ...saved, seen: model.get("mark") }, model.get("start"), model.get("case_study"), model.get("nouns").level);
    why.element.hidden = mode !== "not_applicable";
    why.fill();
    const mine = mode === "score" ? kept("score").read()?.score : kept("why").read() && "";
    drawClash(clash, model.get("clash"), mine ?? null, settle);
  }
  return draw;
});

/** @param {Choice | null} choice @param {Partial<Saved>} saved */
function isSaved(choice, saved) {
  return choice && choice.score === saved.score && choice.reason === saved.reason && choice.case_study === saved.case_study;
}

/** A key for each level, the reasons above the suggested level, and the tick of a case study. @param {string} id @param {(choice: Choice) => void} choose */
function scoreKeys(id, choose) {
  const keys = h("div", { class: "nps-keys" });
  const question = h("legend", {});
  const reasons = h("fieldset", { class: "nps-reasons" }, question);
  const tick = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));
  const ready = h("label", { class: "nps-ready" }, tick, "We are ready to be a case study for other councils");
  const score = h("fieldset", { class: "nps-score" }, h("legend", {}, "Agreed score"), keys);
  const element = h("div", { class: "nps-choice" }, score, reasons, ready);

  /** @type {Partial<Choice> & Omit<Choice, "score">} */ let shown = { reason: "", case_study: false, seen: "" };
  /** @type {number | null} */ let start = null;
  /** @type {number | null} */ let caseStudy = null;
  const pick = (/** @type {Partial<Choice>} */ part) => {
    const next = /** @type {Choice} */ ({ ...shown, ...part }); // reasons and tick are there once a level is chosen
    if (!isAbove(next.score, start)) next.reason = "";
    if (next.score !== caseStudy) next.case_study = false;
    choose(next);
  };
  for (const reason of REASONS) reasons.append(radio(`nps-reason-${id}`, reason, reason, () => pick({ reason, later: false })));
  reasons.append(radio(`nps-reason-${id}`, "", "Write it later", () => pick({ reason: "", later: true })));
  tick.addEventListener("change", () => pick({ case_study: tick.checked }));
  const key = (/** @type {NamedLevel} */ { value, name }) =>
    radio(`nps-agreed-${id}`, String(value), [h("b", {}, value), " ", h("span", AS_IT_IS, name)], () => pick({ score: value }));

  return {
    element,
    /** @param {NamedLevel[]} levels @param {Choice | null} choice @param {Partial<Saved> & { seen: string }} saved @param {number | null} startingLevel @param {number | null} asked @param {string} called */
    fill(levels, choice, saved, startingLevel, asked, called) {
      if (!keys.childElementCount) keys.append(...levels.map(key));
      start = startingLevel;
      caseStudy = asked;
      shown = choice || { reason: "", case_study: false, ...saved };
      check(keys, String(shown.score));
      reasons.hidden = !isAbove(shown.score, start);
      setText(question, isShared() ? "Why so high?" : `Why above ${called} ${start}?`);
      check(reasons, shown.reason || shown.later ? shown.reason : null);
      ready.hidden = shown.score === undefined || shown.score !== caseStudy;
      tick.checked = shown.case_study;
    },
  };
}

/** Whether a score is above the suggested level, if there are both. @param {number | undefined} score @param {number | null} start */
function isAbove(score, start) {
  return score !== undefined && start !== null && score > start;
}

/** @param {string} name @param {string} value @param {any} label @param {() => void} choose */
function radio(name, value, label, choose) {
  return h("label", {}, h("input", { type: "radio", name, value, change: choose }), h("span", {}, ...[label].flat()));
}

/** @param {HTMLElement} group @param {string | null} value */
function check(group, value) {
  for (const input of group.querySelectorAll("input")) input.checked = input.value === value;
}

/** Why the topic does not apply. @param {string} id @param {Model<Traits, Message>} model @param {(what: string) => ReturnType<typeof keeper>} kept @param {AbortSignal} signal */
function whyField(id, model, kept, signal) {
  const field = /** @type {HTMLTextAreaElement} */ (h("textarea", { dir: "auto", id: `nps-why-${id}` }));
  const label = h("label", { for: field.id });
  let code = "";
  const mine = () => /** @type {WhyNot | null} */ (kept("why").read());
  const send = () => model.send({ kind: "reason_typed", code, text: field.value, seen: mine()?.seen ?? model.get("mark") });
  const later = pause(send, PAUSE_MS);
  field.addEventListener("input", () => {
    kept("why").write({ text: typedIn(field), seen: mine()?.seen ?? model.get("mark") });
    later.start();
  });
  field.addEventListener("blur", later.flush);
  signal.addEventListener("abort", later.flush);
  return {
    element: h("div", { class: "nps-why nps-field" }, label, field),
    flush: later.flush,
    restart(/** @type {string} */ next) {
      code = next;
      const text = mine()?.text ?? model.get("not_applicable");
      if (field.value !== text) field.value = text;
      if (mine()) send();
    },
    fill() {
      setText(label, `Why does this ${model.get("nouns").topic} not apply?`);
      if (isSame(mine()?.text ?? "", model.get("not_applicable"))) kept("why").write(null);
      if (document.activeElement !== field) field.value = mine()?.text ?? model.get("not_applicable");
    },
  };
}

/** Two facilitators saved different scores, or one that there is none. @param {HTMLElement} place @param {Traits["clash"]} clash
 * @param {number | "" | null} mine  the score; "" that the topic does not apply, null for nothing @param {(keep: Keep) => void} settle */
function drawClash(place, { theirs, said, at }, mine, settle) {
  place.hidden = !said || mine === null;
  const [keep, save] = theirs && mine && theirs !== String(mine) ? [`Keep ${theirs}`, `Save ${mine}`] : ["Keep theirs", "Save mine"];
  const words = `The other screen saved ${said} at ${timeOfDay(new Date(at || 0))}. ${keep} or ${save.toLowerCase()}?`;
  if (place.dataset.drawn === words) return;
  place.dataset.drawn = words;
  const button = (/** @type {Keep} */ kept, /** @type {string} */ label) =>
    h("button", { type: "button", class: "nps-second", click: () => settle(kept) }, label);
  place.replaceChildren(h("p", {}, words), button("theirs", keep), button("mine", save));
}
