// Where the room is, when somebody looks elsewhere. Traits: see room_band.py. Sends { kind: "looked_at", code }.

export default widget("nps-room-band", (model, root) => {
  const text = h("p", { role: "status" });
  const go = () => model.send({ kind: "looked_at", code: model.get("code") });
  root.append(text, h("button", { type: "button", class: "nps-second", click: go }, "Go there"));
  return () => {
    root.hidden = !model.get("text");
    text.textContent = model.get("text");
  };
});
