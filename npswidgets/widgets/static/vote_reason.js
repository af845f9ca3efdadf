// Why somebody votes so: it can be left out. In front of vote_pad.js; reads the traits voter, code, round, saved,
// reasons, reason and reason_problem. Sends { kind: "reason", code, round, text }.

/** @typedef {{ voter: string, code: string, round: number, saved: OrEmpty<{ ballot: string, answer: Answer }>, reasons: boolean, reason: string,
 *   reason_problem: string }} ReasonTraits */
/** @typedef {{ kind: "reason", code: string, round: number, text: string }} ReasonMessage */

/** The field below the choice, which is there once a vote is saved. @param {Model<ReasonTraits, ReasonMessage>} model */
function voteReason(model) {
  const field = /** @type {HTMLTextAreaElement} */ (h("textarea", { id: "nps-reason", rows: 3, "aria-describedby": "nps-reason-hint" }));
  const state = h("p", { class: "nps-reason-state", role: "status" });
  const save = h("button", { type: "button", class: "nps-second", click: () => send() }, "Save reason");
  const element = /** @type {HTMLDetailsElement} */ (
    h(
      "details",
      { class: "nps-reason" },
      h("summary", {}, "Add a reason (optional)"),
      h("label", { for: "nps-reason" }, "Your reason (optional)"),
      h("p", { id: "nps-reason-hint", class: "nps-hint" }, "The facilitator may read it out, without your name. Do not name people."),
      field, save, state,
    )
  );
  let vote = "";
  let kept = keeper("");
  let waiting = false;
  const send = () => {
    waiting = true;
    state.textContent = "Saving";
    model.send({ kind: "reason", code: model.get("code"), round: model.get("round"), text: typedIn(field) });
  };
  field.addEventListener("input", () => {
    kept.write(typedIn(field));
    state.textContent = "";
  });

  const turnTo = (/** @type {string} */ next) => {
    vote = next;
    waiting = false;
    kept = keeper(`reason/${vote}`);
    field.value = kept.read() ?? model.get("reason");
    element.open = field.value !== "";
    state.textContent = "";
  };
  return {
    element,
    draw() {
      const now = [model.get("voter"), model.get("code"), model.get("round")].join("/");
      if (now !== vote) turnTo(now);
      element.hidden = !model.get("saved").ballot || !model.get("reasons");
      if (!waiting) return;
      if (model.get("reason_problem")) state.textContent = model.get("reason_problem");
      else if (isSame(field.value, model.get("reason"))) {
        kept.write(null);
        state.textContent = "Your reason is saved.";
      } else return;
      waiting = false;
    },
  };
}
