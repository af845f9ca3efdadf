// Who goes says so, and who is back. Traits: see leaving.py; Python writes all of them.
// Sends { kind: "leave" } and { kind: "come_back" }.

/** @typedef {{ state: "" | "here" | "left", problem: string }} Traits */
/** @typedef {{ kind: "leave" } | { kind: "come_back" }} Message */

export default widget("nps-leaving", (/** @type {Model<Traits, Message>} */ model, root) => {
  const leave = h("button", { type: "button", class: "nps-second", click: () => model.send({ kind: "leave" }) }, "I am leaving");
  const folded = /** @type {HTMLDetailsElement} */ (
    h(
      "details",
      {},
      h("summary", { click: unfolded }, "Leave early"),
      h("p", {}, "The room does not wait for your vote any more. What you voted stays, and you can come back."),
      leave,
    )
  );
  const back = h("button", { type: "button", click: () => model.send({ kind: "come_back" }) }, "I am here");
  const problem = h("p", { class: "nps-problem", role: "alert" });
  root.append(folded, back, problem);
  let drawn = "";
  return () => {
    const state = model.get("state");
    root.hidden = state === "";
    folded.hidden = state !== "here";
    back.hidden = state !== "left";
    setText(problem, model.get("problem"));
    if (drawn && state !== drawn) folded.open = false;
    drawn = state;
  };
});
