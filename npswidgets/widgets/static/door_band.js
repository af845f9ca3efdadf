// What the facilitator has to decide about the door, and a window with all that can be done, which the menu opens by the
// event "nps:door". Traits: see door_band.py. Sends { kind: "door_used", action, minutes, number }.

/** @typedef {{ action: string, label: string, minutes?: number, number?: number }} Button */
/** @typedef {{ text: string, buttons: Button[] }} Row */
/** @typedef {{ title: string, hint: string, buttons: Button[] }} Way */
/** @typedef {{ rows: Row[], state: string, ways: Way[], problem: string }} Traits */
/** @typedef {{ kind: "door_used", action: string, minutes: number, number: number }} Message */

export default widget("nps-door-band", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const band = h("div", { class: "nps-door-rows" });
  let rowsSaid = JSON.stringify(model.get("rows"));
  const state = h("p", { class: "nps-door-state", role: "status" });
  const ways = h("div", {});
  const problem = h("p", { class: "nps-door-problem", role: "alert" });
  const close = h("button", { type: "button" }, "Close this window");
  const dialog = /** @type {HTMLDialogElement} */ (
    h("dialog", { "aria-labelledby": "nps-door-title" }, h("h2", { id: "nps-door-title", tabindex: "-1", autofocus: true }, "The door"), state, problem, ways, close)
  );
  const said = h("p", { class: "nps-door-problem", role: "alert" });
  root.append(band, said, dialog);
  /** Where the focus goes when what had it is gone. */
  const menu = () => /** @type {HTMLElement | null} */ (document.querySelector(".nps-menu > button"));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => menu()?.focus());
  document.addEventListener("nps:door", () => model.get("state") && dialog.showModal(), { signal });

  const button = (/** @type {Button} */ one) => {
    const use = () => model.send({ kind: "door_used", action: one.action, minutes: one.minutes || 0, number: one.number || 0 });
    return h("button", { type: "button", class: "nps-second", "data-action": one.action, "data-minutes": one.minutes || 0, click: use }, one.label);
  };
  const row = (/** @type {Row} */ one) => h("div", { class: "nps-door-row" }, h("p", {}, one.text), ...one.buttons.map(button));
  const way = (/** @type {Way} */ one) =>
    one.buttons.length > 0 && h("section", {}, one.title && h("h3", {}, one.title), one.hint && h("p", { class: "nps-hint" }, one.hint), ...one.buttons.map(button));

  /** Draws what has changed, and keeps the focus, if not on its button then near it.
   * @template Item
   * @param {HTMLElement} place @param {Item[]} items @param {(one: Item) => any} draw @param {() => HTMLElement | null} near */
  const fill = (place, items, draw, near) => {
    const now = JSON.stringify(items);
    if (place.dataset.drawn === now) return;
    place.dataset.drawn = now;
    const focused = place.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset : null;
    replace(place, ...items.map(draw));
    if (!focused) return;
    const same = /** @type {HTMLElement[]} */ ([...place.querySelectorAll(`[data-action="${focused.action}"]`)]);
    const again = same.find((one) => one.dataset.minutes === focused.minutes) || (same.length === 1 && same[0]);
    (again || near())?.focus();
  };
  return () => {
    fill(band, model.get("rows"), row, () => band.querySelector("button") || menu());
    band.hidden = model.get("rows").length === 0;
    const rows = JSON.stringify(model.get("rows"));
    if (rows !== rowsSaid) announce(model.get("rows").map(({ text }) => text).join(" "));
    rowsSaid = rows;
    setText(state, model.get("state"));
    fill(ways, model.get("ways"), way, () => close);
    setText(problem, model.get("problem"));
    setText(said, dialog.open ? "" : model.get("problem"));
    if (!model.get("state") && dialog.open) dialog.close();
  };
});
