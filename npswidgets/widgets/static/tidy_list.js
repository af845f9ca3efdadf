// All topics, edited in place, then signed off. Traits: see tidy_list.py; Python writes all of them.
// Sends { kind: "score_corrected" | "note_typed" | "note_settled" | "action_typed" | "action_taken_out" |
// "action_settled" | "correction_settled" | "signed_off" | "reopened", ... }.

/** @typedef {{ version: number, role: string, day: string }} Signed */
/** @typedef {{ code: string, note: string, theirs: string, text?: undefined, action?: undefined, field?: undefined }} NoteClash */
/** @typedef {"reason" | "not_applicable"} ScoreText */
/** @typedef {{ code: string, text: ScoreText, theirs: string, note?: undefined, action?: undefined, field?: undefined }} ScoreTextClash */
/** @typedef {{ workshop: string, levels: NamedLevel[], case_study: number | null, kinds: NoteKind[], lacking: string[], open_sessions: string[], signed: OrEmpty<Signed>, names: string,
 *   rows: Row[], clash: OrEmpty<ActionClash> & { note?: undefined, text?: undefined } | NoteClash | ScoreTextClash, overwritten: Record<string, string>, problem: string, nouns: Nouns }} Traits */
/** @typedef {ActionMessage
 *   | { kind: "score_corrected", code: string, score: number | null, not_applicable: string, reason: string, case_study: boolean, seen: string,
 *       text: ScoreText | "", made_from: string }
 *   | { kind: "correction_settled", code: string, text: ScoreText, keep: Keep }
 *   | { kind: "note_typed", code: string, note: string, text: string, seen: string }
 *   | { kind: "note_settled", code: string, note: string, keep: Keep }
 *   | { kind: "signed_off", role: string }
 *   | { kind: "reopened", reason: string }} Message */

/** @typedef {{ score: number | null, not_applicable: string, reason: string, case_study: boolean }} Choice */
/** @typedef {{ code: string, area: string, name: string, score: number | null, not_applicable: string, reason: string,
 *   case_study: boolean, start: number | null, mark: string, notes: Record<string, string>, actions: SavedAction[], done_when: string, missing: string[] }} Row */

const TIDY_REASONS = ["Only a small part of the council", "Already being put right", "Evidence shown in the room"];
const NOT_APPLICABLE = "not applicable";

export default widget("nps-tidy-list", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const reasons = `nps-reasons-${Math.random().toString(36).slice(2)}`;
  const problem = h("p", { class: "nps-problem", role: "alert" });
  const clash = h("div", { class: "nps-clash", role: "alert" });
  const summary = h("p", { class: "nps-summary" });
  const lacks = missingList((code) => cards.get(code)?.go());
  const list = h("div", { class: "nps-list" });
  const sign = signing(model);
  root.append(
    h("h1", {}, "Check before sign-off"), summary, lacks.element, clash, problem, sign.form, sign.done, // where it was pressed, it is confirmed
    h("datalist", { id: reasons }, ...TIDY_REASONS.map((value) => h("option", { value }))),
    list,
  );

  const rows = () => /** @type {Row[]} */ (model.get("rows"));
  const row = (/** @type {string} */ code) => lastOf(() => rows().find((one) => one.code === code));
  /** @type {Map<string, any>} */ const cards = new Map();
  const forms = keyed(signal, (code, gone) => {
    const made = topicCard(model, row(code), reasons, gone);
    cards.set(code, made);
    return made;
  });

  return () => {
    const locked = Boolean(model.get("signed").version);
    setText(problem, model.get("problem"));
    const found = model.get("clash");
    const key = found.note || found.text ? tidyKey(found.code, found.note || found.text) : actionKey(found);
    drawTextClash(clash, model, found, key, (keep) => {
      if (found.text) model.send({ kind: "correction_settled", code: found.code, text: found.text, keep });
      else if (found.note) model.send({ kind: "note_settled", code: found.code, note: found.note, keep });
      else if (found.action) model.send({ kind: "action_settled", code: found.code, action: found.action, field: found.field, keep });
    });
    const lacking = /** @type {string[]} */ (model.get("lacking"));
    setText(summary, lacking.length ? `${lacking.join(". ")}.` : "Nothing is missing.");
    summary.hidden = locked;
    lacks.fill(rows());
    let area = "";
    for (const card of forms.show(list, rows().map((one) => one.code))) {
      card.fill(locked, card.row().area !== area);
      area = card.row().area;
    }
    sign.fill();
  };
});

/** Under which key what is typed into a text about a topic, or its score, is kept. @param {string} code @param {string | undefined} note */
function tidyKey(code, note) {
  return `${code}/tidy/${note}`;
}

/** What is missing, each a way to its topic. @param {(code: string) => void} go */
function missingList(go) {
  const items = h("ul", {});
  const element = h("details", {}, h("summary", {}, "Show what is missing"), items);
  let drawn = "";
  return {
    element,
    fill(/** @type {Row[]} */ rows) {
      const found = rows.flatMap((one) => one.missing.map((words) => ({ code: one.code, words })));
      element.hidden = !found.length;
      if (JSON.stringify(found) === drawn) return;
      drawn = JSON.stringify(found);
      items.replaceChildren(
        ...found.map(({ code, words }) => h("li", {}, h("button", { type: "button", class: "nps-link", click: () => go(code) }, words))),
      );
    },
  };
}

/** One topic. @param {Model<Traits, Message>} model @param {() => Row} row @param {string} reasons @param {AbortSignal} signal */
function topicCard(model, row, reasons, signal) {
  const { code, name } = row();
  const area = h("h2", {}, row().area);
  const lacks = h("div", { class: "nps-lacks" });
  const score = scoreFields(model, row, reasons, signal);
  const notes = model.get("kinds").map(({ note, label }) =>
    typedField(model, {
      key: tidyKey(code, note),
      label,
      of: name,
      saved: () => row().notes[note] || "",
      send: (text, seen) => model.send({ kind: "note_typed", code, note, text, seen }),
      told: `${code}/${note}`,
      signal,
    }),
  );
  const actions = actionFields(model, row, false, signal);
  const card = h(
    "section", { class: "nps-card", "aria-label": name },
    h("div", { class: "nps-head" }, h("h3", AS_IT_IS, name), score.element), lacks, score.reasons,
    h("div", { class: "nps-notes" }, ...notes.map((one) => one.element)), actions.element,
  );
  return {
    element: h("div", {}, area, card),
    row,
    go: () => {
      card.scrollIntoView({ block: "center" });
      card.querySelector("select")?.focus();
    },
    fill(/** @type {boolean} */ locked, /** @type {boolean} */ first) {
      area.hidden = !first;
      lacks.replaceChildren(...row().missing.map((words) => h("p", {}, words)));
      score.fill(locked);
      notes.forEach((one) => one.fill(locked));
      actions.fill(locked);
    },
  };
}

/** The agreed score and what belongs to it. @param {Model<Traits, Message>} model @param {() => Row} row @param {string} reasons @param {AbortSignal} signal */
function scoreFields(model, row, reasons, signal) {
  const { code, name } = row();
  const called = model.get("nouns");
  const select = /** @type {HTMLSelectElement} */ (h("select", { "aria-label": `Agreed score: ${name}` }));
  const tick = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));
  const ready = h("label", { class: "nps-ready" }, tick, "We are ready to be a case study for other councils", ofTopic(name));
  const correct = (/** @type {Partial<Choice>} */ change, /** @type {ScoreText | ""} */ text = "", made_from = "") => {
    const now = { score: row().score, not_applicable: "", reason: row().reason, case_study: row().case_study };
    model.send({ kind: "score_corrected", code, seen: row().mark, text, made_from, ...now, ...change });
  };
  let asking = false;
  const isAbove = (/** @type {number | null} */ score, start = row().start) => score !== null && start !== null && score > start;
  const holdWhyNot = () => {
    if (!asking && !row().not_applicable) return `Not saved: the ${called.topic} has a score now.`;
    return whyNot.field.value.trim() ? "" : `Write why. Until then the ${called.topic} stays as it was.`;
  };
  const reason = typedField(model, {
    key: tidyKey(code, "reason"), label: `Why above the suggested ${called.level}?`, of: name, type: "text", list: reasons, saved: () => row().reason,
    send: (text, seen) => correct({ reason: text }, "reason", seen), hold: () => (isAbove(row().score) ? "" : `Not saved: the score is not above the suggested ${called.level} now.`), signal,
  });
  const whyNot = typedField(model, {
    key: tidyKey(code, "not_applicable"), label: `Why does this ${called.topic} not apply?`, of: name, type: "text", saved: () => row().not_applicable,
    send: (text, seen) => correct({ score: null, not_applicable: text, reason: "", case_study: false }, "not_applicable", seen), hold: holdWhyNot, signal,
  });
  select.addEventListener("change", () => {
    asking = select.value === NOT_APPLICABLE;
    const score = Number(select.value);
    if (!asking) {
      whyNot.forget();
      correct({ score, reason: isAbove(score) ? row().reason : "", case_study: row().case_study && score === model.get("case_study") });
    }
    draw(false);
    if (asking) whyNot.field.focus();
  });
  tick.addEventListener("change", () => correct({ case_study: tick.checked }));
  [reason, whyNot].forEach(({ field }) => field.addEventListener("blur", () => draw(select.disabled))); // what was emptied goes away

  const draw = (/** @type {boolean} */ locked) => {
    const saved = row().not_applicable ? NOT_APPLICABLE : String(row().score ?? "");
    if (saved === NOT_APPLICABLE || saved !== select.dataset.saved) asking = false;
    select.dataset.saved = saved;
    const levels = model.get("levels").map((level) => h("option", { value: level.value }, levelName(level)));
    const options = [!saved && h("option", { value: "" }, "(not scored)"), ...levels, h("option", { value: NOT_APPLICABLE }, "Not applicable")];
    if (select.childElementCount !== options.filter(Boolean).length) replace(select, ...options);
    select.value = asking ? NOT_APPLICABLE : saved;
    select.disabled = tick.disabled = locked;
    tick.checked = row().case_study;
    ready.hidden = row().score === null || row().score !== model.get("case_study");
    reason.element.hidden = !isAbove(row().score) && !reason.waits();
    whyNot.element.hidden = select.value !== NOT_APPLICABLE && !whyNot.waits();
    reason.fill(locked);
    whyNot.fill(locked);
  };
  return { element: select, reasons: h("div", { class: "nps-why" }, reason.element, whyNot.element, ready), fill: draw };
}

/** Signing off, and reopening. @param {Model<Traits, Message>} model */
function signing(model) {
  const done = h("div", { class: "nps-signed" });
  const role = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: "nps-role", dir: "auto", placeholder: "Head of service" }));
  const lock = h("button", { type: "button", click: () => model.send({ kind: "signed_off", role: typedIn(role) }) }, "Sign off and lock");
  const first = h("p", { class: "nps-hint" });
  const names = h("p", { class: "nps-hint" });
  const form = h(
    "section", { class: "nps-sign" },
    h("h2", {}, "Sign off"),
    h("p", {}, "After this the scores cannot be changed. You can reopen with a reason; this version is kept."),
    names,
    first,
    h("div", { class: "nps-line" }, h("label", { for: role.id }, "Sign off as (job title)"), role, lock),
  );
  const reason = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: "nps-reopen-reason", dir: "auto" }));
  const reopen = h("button", { type: "button", class: "nps-second", click: () => model.send({ kind: "reopened", reason: typedIn(reason) }) }, "Reopen");
  const said = h("p", { tabindex: "-1" });
  done.append(said, h("div", { class: "nps-line" }, h("label", { for: reason.id }, "Why is it reopened?"), reason, reopen));
  return {
    done,
    form,
    fill() {
      const { version, role: by = "", day } = model.get("signed");
      const held = form.contains(document.activeElement);
      done.hidden = !version;
      form.hidden = Boolean(version);
      setText(names, model.get("names"));
      const still = model.get("open_sessions");
      setText(first, still.length ? `First end the workshop: ${still.join(", ")} is still open.` : "");
      if (!version) return;
      setText(said, `Signed off as ${by} on ${day}, version ${version}. The scores cannot be changed. ${model.get("names")}`);
      if (role.value && isSame(role.value, by)) role.value = "";
      if (held) said.focus();
    },
  };
}
