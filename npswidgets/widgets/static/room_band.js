// Where the room is, when somebody looks elsewhere. Traits: see room_band.py. Sends { kind: "looked_at", code },
// or { kind: "menu_chosen" } where the room is on no topic.

/** @typedef {{ text: string, code: string }} Traits */
/** @typedef {{ kind: "looked_at", code: string } | { kind: "menu_chosen", action: "read_back", session: "" }} Message */

export default widget("nps-room-band", (/** @type {Model<Traits, Message>} */ model, root) => {
  const text = h("p", {});
  const go = () => {
    if (model.get("code")) model.send({ kind: "looked_at", code: model.get("code") });
    else model.send({ kind: "menu_chosen", action: "read_back", session: "" });
  };
  root.append(text, h("button", { type: "button", class: "nps-second", click: go }, "Go there"));
  return () => {
    root.hidden = !model.get("text");
    sayIn(text, model.get("text"));
  };
});
