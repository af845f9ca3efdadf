// The bar at the top of the facilitator's screen. Traits: see facilitator_bar.py; Python writes all of them.
// Sends { kind: "menu_chosen", action, session } and { kind: "looked_at", code }.

/** @typedef {{ action: string, label: string, group: string, session?: string }} Item */
/** @typedef {{ council: string, title: string, session: string, several: boolean, code: string, address: string, saved_at: string, opening: string, apart: OrEmpty<Message>, menu: Item[] }} Traits */
/** @typedef {{ kind: "menu_chosen", action: string, session: string } | { kind: "looked_at", code: string }} Message */

/** The items that open a window of another widget, and the event that it listens to. @type {Record<string, string>} */
const WINDOWS = { door: "nps:door", people: "nps:people", helpers: "nps:helpers" };

export default widget("nps-facilitator-bar", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const title = h("p", { class: "nps-title", ...AS_IT_IS });
  /** The council's, which the page has brought. */
  const mark = [...document.querySelectorAll(".whose img")].map((one) => one.cloneNode());
  const code = h("p", { class: "nps-code" });
  const saved = h("p", { class: "nps-saved" });
  const items = h("div", { id: "nps-menu", hidden: true });
  const opener = h("button", { type: "button", class: "nps-second", "aria-expanded": "false", "aria-controls": "nps-menu" }, "Menu");
  const menu = h("div", { class: "nps-menu" }, opener, items);
  const dialog = codeDialog();
  const wall = wallState(signal);
  const lost = h("p", { class: "nps-lost", role: "alert", hidden: true });
  root.append(title, lost, code, wall.element, saved, menu, wall.help, dialog.element);
  let since = "";
  onConnection((isLost) => {
    since = `Not connected to the workshop since ${timeOfDay(new Date())}.`;
    setText(lost, isLost ? `${since} What you typed is kept in this window. We keep trying.` : "");
    lost.hidden = !isLost;
    root.toggleAttribute("data-lost", isLost);
    if (!isLost) announce("Connected again.");
  }, signal);
  const onWaiting = (/** @type {any} */ { detail }) => {
    if (/_typed$|^writing$/.test(detail.kind)) return; // its field says so
    setText(lost);
    setText(lost, `${since} What you pressed waits until we are connected.`);
  };
  window.addEventListener("nps:waiting", onWaiting, { signal });

  const open = (/** @type {boolean} */ yes) => {
    const inside = items.contains(document.activeElement);
    items.hidden = !yes;
    opener.setAttribute("aria-expanded", String(yes));
    if (!yes && inside) opener.focus();
  };
  opener.addEventListener("click", () => open(items.hidden));
  menu.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") open(false);
  });
  menu.addEventListener("focusout", (/** @type {FocusEvent} */ event) => {
    if (!menu.contains(/** @type {Node | null} */ (event.relatedTarget))) open(false);
  });
  document.addEventListener("click", (event) => menu.contains(/** @type {Node} */ (event.target)) || open(false), { signal });

  const choose = (/** @type {Item} */ item) => {
    open(false);
    if (item.action === "show_code") dialog.open(opener);
    else if (item.action in WINDOWS) document.dispatchEvent(new CustomEvent(WINDOWS[item.action]));
    else model.send({ kind: "menu_chosen", action: item.action, session: item.session || "" });
  };
  const entry = (/** @type {Item} */ item) =>
    h("li", {}, h("button", { type: "button", class: "nps-link", click: () => choose(item) }, item.label));

  const here = oneScreen(wall.address, signal);
  const wallItems = () => {
    const run = (/** @type {() => void} */ action) => (/** @type {Event} */ event) => {
      event.preventDefault();
      open(false);
      action();
    };
    const href = wall.address();
    if (!href) return [];
    return [
      h("li", {}, h("a", { class: "nps-link", href, target: "nps-screen", click: run(wall.open) }, "Open the big screen")),
      model.get("several") && h("li", {}, h("a", { class: "nps-link", href: wall.plenary, target: "nps-plenary" }, "Open all sessions side by side")),
      h("li", {}, h("button", { type: "button", class: "nps-link", click: run(here.enter) }, "Use one screen")),
    ];
  };
  const pages = pageAddresses();
  const beside = (/** @type {string} */ href, /** @type {string} */ label) =>
    h("li", {}, h("a", { class: "nps-link", href, target: "_blank", rel: "noopener", click: () => open(false) }, label));
  /** The groups of the menu, by their names. @returns {Record<string, (Node | false | "")[]>} */
  const groups = () => {
    const of = (/** @type {string} */ group) => model.get("menu").filter((item) => item.group === group).map(entry);
    return {
      "In the room": of("room"),
      Screens: [...wallItems(), ...of("screens")],
      Afterwards: of("after"),
      More: pages
        ? [beside(pages.guide, "How to facilitate"), beside(pages.ready, "Pack, invitation and names"), beside(pages.accessibility, "Accessibility"), beside(pages.privacy, "Privacy")]
        : [],
    };
  };

  let drawn = "";
  let turned = "";
  let opening = "";
  /** A page that is reloaded, or goes on with another kernel, is where it was; a new one is where the room is. */
  const stayApart = () => {
    const key = `nps-apart ${pages?.project ?? ""} ${model.get("session")}`;
    const [before, now] = [readKept(key), JSON.stringify(model.get("apart"))];
    if (opening !== model.get("opening") && before && before !== now) model.send(JSON.parse(before));
    else writeKept(key, now === "{}" ? null : now);
    opening = model.get("opening");
  };
  return () => {
    title.replaceChildren(...mark, h("b", {}, h("bdi", {}, model.get("council"))), ...(model.get("title") ? [" · ", h("bdi", {}, model.get("title"))] : []));
    code.replaceChildren(...(model.get("code") ? ["Code ", h("span", AS_IT_IS, model.get("code"))] : []));
    sayIn(saved, model.get("saved_at") && `Saved ${timeOfDay(new Date(model.get("saved_at")))}`);
    dialog.fill(model.get("code"), model.get("address"));
    if (turned !== model.get("session")) {
      turned = model.get("session");
      wall.turn(turned);
      here.turn();
      if (model.get("several")) keepSession(turned);
    }
    const now = JSON.stringify([turned, model.get("menu")]);
    if (now !== drawn) replace(items, ...Object.entries(groups()).map(([name, rows]) => rows.length > 0 && h("section", {}, h("h2", {}, name), h("ul", {}, ...rows))));
    drawn = now;
    if (pages) stayApart();
  };
});

/** The page is opened again on the session that it is on: two may run side by side. @param {string} session */
function keepSession(session) {
  const pages = pageAddresses();
  if (pages) history.replaceState(history.state, "", ofSession(pages.facilitate_session, session));
}

/** The code and the address in large type, for whoever asks. It closes by Escape or its button. */
function codeDialog() {
  const code = h("p", { class: "nps-big-code", ...AS_IT_IS });
  const address = h("p", { class: "nps-address" });
  const close = h("button", { type: "button" }, "Close");
  const element = /** @type {HTMLDialogElement} */ (
    h("dialog", { "aria-label": "How to join" }, address, h("p", {}, "Workshop code"), code, close)
  );
  close.addEventListener("click", () => element.close());
  /** @type {HTMLElement | null} */ let from = null;
  element.addEventListener("close", () => from && from.focus());
  return {
    element,
    open: (/** @type {HTMLElement} */ opener) => {
      from = opener;
      element.showModal();
    },
    fill: (/** @type {string} */ digits, /** @type {string} */ place) => {
      setText(code, digits);
      address.replaceChildren("Go to ", h("span", AS_IT_IS, place.replace(/^https?:\/\//, "")));
      address.hidden = !place;
    },
  };
}
