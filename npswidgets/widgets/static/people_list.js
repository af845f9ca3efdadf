// Who joined, in a window. Traits: see people_list.py; Python writes all of them. Sends { kind: "person_counted", number, counts }.

/** @typedef {{ number: number, text: string, hint: string, counts: boolean, label: string }} Person */
/** @typedef {{ state: string, rows: Person[], problem: string }} Traits */
/** @typedef {{ kind: "person_counted", number: number, counts: boolean }} Message */

export default widget("nps-people-list", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const state = h("p", { role: "status" });
  const problem = h("p", { class: "nps-problem", role: "alert" });
  const list = h("ul", {});
  const close = h("button", { type: "button" }, "Close this window");
  const dialog = /** @type {HTMLDialogElement} */ (
    h("dialog", { class: "nps-window", "aria-labelledby": "nps-people-title" }, h("h2", { id: "nps-people-title", tabindex: "-1", autofocus: true }, "People"), state, problem, list, close)
  );
  root.append(dialog);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => /** @type {HTMLElement | null} */ (document.querySelector(".nps-menu > button"))?.focus());
  document.addEventListener("nps:people", () => model.get("state") && dialog.showModal(), { signal });

  const draw = (/** @type {Person} */ one) => {
    const id = `nps-person-${one.number}`;
    const press = () => model.send({ kind: "person_counted", number: one.number, counts: !one.counts });
    const button = one.label && h("button", { type: "button", class: "nps-second", "aria-describedby": id, "data-number": one.number, click: press }, one.label);
    return h("li", {}, h("p", { id }, one.text, one.hint && h("span", { class: "nps-hint" }, " · ", h("bdi", {}, one.hint))), button);
  };
  let drawn = "";
  return () => {
    setText(state, model.get("state"));
    setText(problem, model.get("problem"));
    const now = JSON.stringify(model.get("rows"));
    if (now !== drawn) {
      const number = list.contains(document.activeElement) && /** @type {HTMLElement} */ (document.activeElement).dataset.number;
      replace(list, ...model.get("rows").map(draw));
      if (number) (/** @type {HTMLElement | null} */ (list.querySelector(`[data-number="${number}"]`)) ?? close).focus();
    }
    drawn = now;
    if (!model.get("state") && dialog.open) dialog.close();
  };
});
