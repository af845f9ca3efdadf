// Why somebody votes so: it can be left out, and belongs to the answer that it was given for. In front of vote_pad.js; reads
// the traits voter, code, round, voting, shown, saved, reasons, reason and reason_problem.
// Sends { kind: "reason", code, round, text, ballot }.

/** @typedef {{ voter: string, code: string, round: number, voting: boolean, shown: boolean,
 *   saved: OrEmpty<{ ballot: string, answer: Answer }>, reasons: boolean, reason: string, reason_problem: string }} ReasonTraits */
/** @typedef {{ kind: "reason", code: string, round: number, text: string, ballot: string }} ReasonMessage */

const NOT_SAVED_IN_TIME = "Your reason was not saved; the votes are shown.";

/**
 * The field below the choice, which is there once a vote is saved; it is saved by the bar, which is always in view. And the text that was not saved in time.
 * @param {Model<ReasonTraits, ReasonMessage>} model
 * @param {() => void} changed  whether a reason waits to be saved may have changed
 */
function voteReason(model, changed) {
  const field = /** @type {HTMLTextAreaElement} */ (h("textarea", { id: "nps-reason", rows: 3, "aria-describedby": "nps-reason-hint" }));
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
  const text = h("blockquote", {});
  const late = h("div", { class: "nps-late-reason", hidden: true }, h("p", { role: "alert" }, NOT_SAVED_IN_TIME), text, h("p", {}, "You can say it now."));
  let vote = "";
  let kept = keeper("");
  let waiting = false;
  /** The answer that the stored reason was given for. @type {Answer | null} */ let givenFor = null;

  const unsaved = () => model.get("voting") && !element.hidden && !waiting && !isSame(field.value, model.get("reason"));
  const send = () => {
    waiting = true;
    setText(state, "Saving");
    const { code, round, saved } = { code: model.get("code"), round: model.get("round"), saved: model.get("saved") };
    model.send({ kind: "reason", code, round, text: typedIn(field), ballot: saved.ballot ?? "" });
    changed();
  };
  field.addEventListener("input", () => {
    kept.write(typedIn(field));
    mark();
    changed();
  });

  /** Says under the field that it is not saved, and for which answer it was. */
  const mark = () => {
    if (!unsaved()) sayIn(state, "");
    else if (!field.value.trim()) sayIn(state, "Your reason is still saved. Save to take it back.");
    else if (givenFor !== null && !model.get("reason")) sayIn(state, wasFor(givenFor, model.get("saved").answer ?? null));
    else sayIn(state, "Your reason is not saved yet.");
  };

  const turnTo = (/** @type {string} */ next) => {
    vote = next;
    waiting = false;
    givenFor = null;
    kept = keeper(`reason/${vote}`);
    field.value = kept.read() ?? model.get("reason");
    element.open = field.value !== "";
    sayIn(state, "");
  };
  /** Which answer a stored reason is for; once another one is chosen, it waits to be saved for that. */
  const follow = () => {
    if (model.get("reason")) givenFor = model.get("saved").answer ?? null;
    else if (givenFor !== null && givenFor !== model.get("saved").answer && field.value.trim() && model.get("voting")) kept.write(typedIn(field));
  };
  const answered = () => {
    if (model.get("reason_problem")) sayIn(state, model.get("reason_problem"));
    else if (isSame(field.value, model.get("reason"))) {
      kept.write(null);
      sayIn(state, "Your reason is saved.");
    } else return;
    waiting = false;
  };
  return {
    element,
    late,
    unsaved,
    send,
    draw() {
      const now = [model.get("voter"), model.get("code"), model.get("round")].join("/");
      if (now !== vote) turnTo(now);
      element.hidden = !model.get("saved").ballot || !model.get("reasons");
      follow();
      if (waiting) answered();
      else if (unsaved()) mark();
      const lost = model.get("shown") ? kept.read() ?? "" : "";
      late.hidden = !lost.trim() || isSame(lost, model.get("reason"));
      setText(text, lost);
    },
  };
}

/** @param {Answer | null} before @param {Answer | null} now */
function wasFor(before, now) {
  const was = typeof before === "number" ? before : "another answer";
  return `This reason was for ${was}. Save it again if it holds for ${typeof now === "number" ? now : "this answer"}.`;
}
