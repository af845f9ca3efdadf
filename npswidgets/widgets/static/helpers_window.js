// The links of helpers, in a window. Traits: see helpers_window.py; Python writes all of them. Behind qr_code.js.
// Sends { kind: "helper_used", action, number }. In a window that everybody sees nothing asks for a link, or draws one.

/** @typedef {{ number: number, text: string, used: boolean }} Link */
/** @typedef {{ possible: boolean, rows: Link[], number: number, qr: OrEmpty<Drawing>, link: string, problem: string }} Traits */
/** @typedef {{ kind: "helper_used", action: "add" | "show" | "hide" | "withdraw", number: number }} Message */

const ABOUT = "A helper writes comments, different views and evidence, and enters paper votes, on a phone. No helper can show votes, agree a score, sign off, or read reasons.";
const EVERYBODY = "Everybody sees this window when it is the one screen in the room. Open your page in a second window, and make the link there.";

export default widget("nps-helpers-window", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const send = (/** @type {Message["action"]} */ action, number = 0) => model.send({ kind: "helper_used", action, number });
  const problem = h("p", { class: "nps-problem", role: "alert" });
  const shared = h("p", { hidden: true }, EVERYBODY);
  const list = h("ul", {});
  const shown = h("div", { class: "nps-shown", role: "status" });
  const add = h("button", { type: "button", class: "nps-second", click: () => isShared() || send("add") }, "New link for a helper");
  const close = h("button", { type: "button" }, "Close this window");
  const dialog = /** @type {HTMLDialogElement} */ (
    h("dialog", { class: "nps-window", "aria-labelledby": "nps-helpers-title" }, h("h2", { id: "nps-helpers-title", tabindex: "-1", autofocus: true }, "Helpers"), h("p", {}, ABOUT), shared, problem, list, shown, add, " ", close)
  );
  root.append(dialog);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    send("hide");
    /** @type {HTMLElement | null} */ (document.querySelector(".nps-menu > button"))?.focus();
  });
  document.addEventListener("nps:helpers", () => model.get("possible") && dialog.showModal(), { signal });

  const button = (/** @type {string} */ id, /** @type {string} */ label, /** @type {"show" | "withdraw"} */ action, /** @type {number} */ number) =>
    h("button", { type: "button", class: "nps-second", "aria-describedby": id, "data-use": `${action} ${number}`, click: () => send(action, number) }, label);
  const row = (/** @type {Link} */ { number, text, used }) => {
    const id = `nps-helper-${number}`;
    const show = !used && !isShared() && number !== model.get("number") && button(id, "Show its link", "show", number);
    return h("li", {}, h("p", { id }, text), show, button(id, "Withdraw", "withdraw", number));
  };
  let [drawn, shownNow] = ["", ""];
  const draw = () => {
    const everybody = isShared();
    shared.hidden = !everybody;
    add.hidden = everybody;
    setText(problem, model.get("problem"));
    const now = JSON.stringify([model.get("rows"), model.get("number"), everybody]);
    if (now !== drawn) {
      const use = list.contains(document.activeElement) && /** @type {HTMLElement} */ (document.activeElement).dataset.use;
      const focused = list.contains(document.activeElement);
      replace(list, ...model.get("rows").map(row));
      if (focused) (/** @type {HTMLElement | null} */ (use && list.querySelector(`[data-use="${use}"]`)) || close).focus();
    }
    drawn = now;
    const { size, path } = model.get("qr");
    const link = everybody ? "" : model.get("link");
    if (link !== shownNow) {
      const drawing = link && size && path && qrCode({ size, path }, `QR code for helper ${model.get("number")}`);
      replace(shown, drawing, link && h("div", {}, h("p", {}, `Helper ${model.get("number")}: scan this with the helper's phone. It opens one browser, once.`), h("p", { class: "nps-address" }, link)));
    }
    shownNow = link;
    shown.hidden = !link;
    if (!model.get("possible") && dialog.open) dialog.close();
  };
  window.addEventListener("nps:shared", draw, { signal });
  return draw;
});
