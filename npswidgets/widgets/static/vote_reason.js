// Why somebody votes so: it can be left out, and belongs to the answer that it was given for. In front of vote_pad.js; reads
// the traits voter, code, round, opening, topic, voting, shown, saved, reasons, reason and given, and reason_problem.
// Sends { kind: "reason", code, round, text, ballot }.

/** @typedef {{ voter: string, code: string, round: number, opening: number, topic: string, voting: boolean, shown: boolean,
 *   saved: OrEmpty<{ ballot: string, answer: Answer }>, reasons: boolean, reason: string, given: Record<string, string>, reason_problem: string }} ReasonTraits */
/** @typedef {{ kind: "reason", code: string, round: number, text: string, ballot: string }} ReasonMessage */
/** What was typed and not saved, for which answer and on which topic. @typedef {{ text: string, answer: Answer | null, topic: string }} ReasonDraft */

/**
 * The field below the choice, which is there once a vote is saved; it is saved by the bar, which is always in view. And the
 * texts that were not saved in time: they stay until their owner deletes them, and never go under another vote.
 * @param {Model<ReasonTraits, ReasonMessage>} model
 * @param {() => void} changed  whether a reason waits to be saved may have changed
 */
function voteReason(model, changed) {
  const field = /** @type {HTMLTextAreaElement} */ (h("textarea", { id: "nps-reason", dir: "auto", rows: 3, "aria-describedby": "nps-reason-hint" }));
  const state = h("p", { class: "nps-reason-state" });
  const element = /** @type {HTMLDetailsElement} */ (
    h(
      "details",
      { class: "nps-reason" },
      h("summary", {}, "Add a reason (optional)"),
      h("label", { for: "nps-reason" }, "Your reason (optional)"),
      h("p", { id: "nps-reason-hint", class: "nps-hint" }, "The facilitator may read it out, without your name. Do not name people."),
      field, state,
    )
  );
  let vote = "";
  let drafts = reasonDrafts("");
  /** On its way to the store. @type {ReasonMessage | null} */ let sent = null;
  /** What was stored for this vote last, and with which answer. @type {{ text: string, answer: Answer | null }} */ let stored = { text: "", answer: null };

  const key = () => `${model.get("code")}/${model.get("round")}`;
  const answer = () => model.get("saved").answer ?? null;
  const open = () => model.get("voting") && !element.hidden;
  const draft = () => drafts.all()[key()];
  /** Whether a reason waits: for its owner, or for the store. @returns {"" | "unsaved" | "sent"} */
  const waits = () => (!open() || !draft() ? "" : sent ? "sent" : "unsaved");
  const send = () => {
    sent = { kind: "reason", code: model.get("code"), round: model.get("round"), text: typedIn(field), ballot: model.get("saved").ballot ?? "" };
    setText(state, "Saving");
    model.send(sent);
    changed();
  };
  field.addEventListener("input", () => {
    drafts.write(key(), { text: typedIn(field), answer: answer(), topic: model.get("topic") });
    drafts.forget(model.get("given"));
    mark();
    changed();
  });

  /** Says under the field that it is not saved, and for which answer it was. */
  const mark = () => {
    const mine = draft();
    if (!mine || !open()) sayIn(state, "");
    else if (!mine.text.trim()) sayIn(state, "Your reason is still saved. Save to take it back.");
    else if (mine.answer !== answer()) sayIn(state, wasFor(mine.answer, answer()));
    else sayIn(state, "Your reason is not saved yet.");
  };

  const turnTo = (/** @type {string} */ next) => {
    vote = next;
    sent = null;
    stored = { text: "", answer: null };
    drafts = reasonDrafts(model.get("voter"));
    field.value = draft()?.text ?? model.get("reason");
    element.open = field.value !== "";
    sayIn(state, "");
  };
  /** A stored reason goes with its answer: once another one is chosen, here or in another window, it waits to be saved for that. */
  const follow = () => {
    if (stored.text && !model.get("reason") && stored.answer !== answer() && model.get("voting") && !draft())
      drafts.write(key(), { text: stored.text, answer: stored.answer, topic: model.get("topic") });
    stored = { text: model.get("reason"), answer: answer() };
    const text = draft()?.text ?? stored.text;
    if (field.value !== text && !isSame(field.value, text)) field.value = text;
  };
  const answered = () => {
    if (model.get("reason_problem")) sayIn(state, model.get("reason_problem"));
    else if (isSame(sent?.text ?? "", model.get("reason"))) sayIn(state, "Your reason is saved.");
    else return;
    sent = null;
  };
  const late = lateReasons(() => (drafts.forget(model.get("given")), drafts), changed);
  return {
    element,
    late: late.element,
    /** Whether a reason was not saved in time. */
    isLate: late.isThere,
    showLate: late.show,
    waits,
    send,
    /** What was sent into a connection that was lost did not arrive. */
    resend: () => sent && model.get("voting") && model.send(sent),
    draw() {
      const now = [model.get("voter"), key(), model.get("opening")].join("/");
      if (now !== vote) turnTo(now);
      element.hidden = !model.get("saved").ballot || !model.get("reasons");
      drafts.forget(model.get("given"));
      if (model.get("voting")) follow();
      if (sent) answered();
      else if (draft()) mark();
      late.draw(open() ? key() : "", (one, mine) => lateWords(model, mine, one === key()));
    },
  };
}

/** What this window keeps of somebody's reasons until they are saved, by vote (topic and number). @param {string} voter */
function reasonDrafts(voter) {
  const kept = keeper(`reasons/${voter}`);
  const all = () => /** @type {Record<string, ReasonDraft>} */ (kept.read() ?? {});
  const put = (/** @type {Record<string, ReasonDraft>} */ now) => kept.write(Object.keys(now).length ? now : null);
  const remove = (/** @type {string[]} */ keys) => put(Object.fromEntries(Object.entries(all()).filter(([key]) => !keys.includes(key))));
  return {
    all,
    remove,
    write: (/** @type {string} */ key, /** @type {ReasonDraft} */ draft) => put({ ...all(), [key]: draft }),
    /** Forgets what is in the store by now. @param {Record<string, string>} given */
    forget(given) {
      const there = Object.entries(all()).filter(([key, { text }]) => isSame(text, given[key] ?? ""));
      if (there.length) remove(there.map(([key]) => key));
    },
  };
}

/**
 * The reasons that were not saved in time: that of the vote that is talked about in full, the others folded.
 * @param {() => ReturnType<typeof reasonDrafts>} drafts @param {() => void} changed
 */
function lateReasons(drafts, changed) {
  const element = h("div", { class: "nps-late-reason", hidden: true, tabindex: "-1" });
  let drawn = "";
  let again = () => {};
  const away = (/** @type {string} */ key) => {
    drafts().remove([key]);
    again();
    changed();
    goOn();
  };
  const part = (/** @type {string} */ key, /** @type {ReasonDraft} */ { text }, /** @type {LateWords} */ { title, onward, now }) => {
    const rest = [h("blockquote", AS_IT_IS, text), h("p", {}, onward), h("button", { type: "button", class: "nps-second", click: () => away(key) }, "Delete this text")];
    return now ? h("div", {}, h("p", { role: "alert" }, title), ...rest) : h("details", {}, h("summary", {}, title), ...rest);
  };
  return {
    element,
    isThere: () => !element.hidden,
    show() {
      element.querySelector("details")?.setAttribute("open", "");
      element.focus();
      element.scrollIntoView({ block: "center" });
    },
    /** @param {string} open  the vote whose reason can still be saved here @param {(key: string, draft: ReasonDraft) => LateWords} say */
    draw(open, say) {
      again = () => this.draw(open, say);
      const rows = Object.entries(drafts().all()).filter(([key, { text }]) => key !== open && text.trim());
      const parts = rows.map(([key, draft]) => /** @type {const} */ ([key, draft, say(key, draft)]));
      element.hidden = !parts.length;
      if (drawn === JSON.stringify(parts)) return;
      drawn = JSON.stringify(parts);
      replace(element, ...parts.map((one) => part(...one)));
      announce(parts.filter(([, , { now }]) => !now).map(([, , { title }]) => title).join(" "));
    },
  };
}

/** @typedef {{ title: string, onward: string, now: boolean }} LateWords  `now`: the room is on this vote */

/** @param {Model<ReasonTraits, ReasonMessage>} model @param {ReasonDraft} draft @param {boolean} here  whether the room is on its vote @returns {LateWords} */
function lateWords(model, { answer, topic }, here) {
  if (here && model.get("shown")) return { title: "Your reason was not saved; the votes are shown.", onward: "You can say it now.", now: true };
  const vote = typeof answer === "number" ? `${answer} on ${topic}` : topic;
  return { title: `Not saved: your reason for ${vote}`, onward: "You can still say it.", now: false };
}

/** @param {Answer | null} before @param {Answer | null} now */
function wasFor(before, now) {
  const was = typeof before === "number" ? before : "another answer";
  return `This reason was for ${was}. Save it again if it holds for ${typeof now === "number" ? now : "this answer"}.`;
}
