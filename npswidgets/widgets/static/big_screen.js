// The big screen, as the facilitator's bar reaches it: in a window of its own, or on the one screen that there is.

const WALL_ASKED_MS = 3000;
const TWO_DISPLAYS =
  "The big screen has its own window. Press the Windows key and P, choose Extend, then drag the window over and press F11.";

/** Whether the big screen of the session on this page is open, and the way to it. Its page stands beside this one where
 * a server shows both; a notebook has none. @param {AbortSignal} signal */
function wallState(signal) {
  const pages = pageAddresses();
  let session = "";
  const address = () => (pages && session ? ofSession(pages.project, session) : "");
  const close = h("button", { type: "button", class: "nps-second", "aria-describedby": "nps-screen-help", click: () => hide() }, "Close");
  const help = h("div", { class: "nps-screen-help", hidden: true }, h("p", { id: "nps-screen-help" }, TWO_DISPLAYS), close);
  const show = () => {
    window.open(address(), "nps-screen", "popup,width=1280,height=720");
    help.hidden = false;
    close.focus();
  };
  const hide = () => {
    help.hidden = true;
    if (isThere(opener)) opener.focus();
    else goOn();
  };
  const words = h("span", {});
  const opener = h("button", { type: "button", class: "nps-link", click: show, hidden: true }, "Open it");
  const element = h("div", { class: "nps-screen-state", hidden: true }, words, opener);
  help.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && hide());
  const ask = async () => {
    const asked = session;
    if (!pages || !asked) return;
    const answer = await fetch(ofSession(pages.wall, asked), { cache: "no-store", signal }).catch(() => null);
    if (!answer || !answer.ok) return;
    const { connected } = await answer.json();
    if (asked !== session) return;
    const onto = heldIn(element);
    setText(words, connected ? "Screen: connected" : "Screen: not connected. ");
    opener.hidden = connected;
    element.hidden = false;
    onto();
  };
  const turn = (/** @type {string} */ to) => {
    if (to === session) return;
    session = to;
    ask();
  };
  if (pages) {
    const asking = setInterval(() => document.hidden || ask(), WALL_ASKED_MS);
    signal.addEventListener("abort", () => clearInterval(asking));
  }
  return { element, help, address, open: show, turn, plenary: pages?.plenary ?? "" };
}

/** For a room where the wall shows what the laptop shows: the big screen covers the page, and the main button stays.
 * It lasts until somebody leaves it, also over a reload; the window counts as shared for good.
 * @param {() => string} address of the session on this page @param {AbortSignal} signal */
function oneScreen(address, signal) {
  const id = pageAddresses()?.project ?? "";
  const key = `nps-one-screen ${id}`;
  const shared = `nps-shared ${id}`;
  const share = () => {
    writeKept(shared, "yes");
    document.body.classList.add("nps-shared");
    dispatchEvent(new Event("nps:shared"));
  };
  const uncover = () => {
    document.body.classList.remove("nps-one-screen");
    cover.remove();
    strip.remove();
  };
  const leave = () => {
    writeKept(key, null);
    uncover();
    goOn();
  };
  const cover = h("iframe", { class: "nps-cover", title: "Big screen" });
  const back = h("button", { type: "button", class: "nps-second", click: leave }, "Go to my page");
  const strip = h("section", { class: "nps nps-strip", "aria-label": "One screen" }, h("h1", { class: "nps-unseen" }, "One screen"), back);
  const enter = () => {
    writeKept(key, "yes");
    share();
    document.body.classList.add("nps-one-screen");
    cover.setAttribute("src", address());
    (document.querySelector("main") ?? document.body).append(cover, strip);
    back.focus();
  };
  document.addEventListener("keydown", (event) => event.key === "Escape" && strip.isConnected && leave(), { signal });
  signal.addEventListener("abort", uncover);
  const turn = () => {
    if (!address()) return;
    if (readKept(shared)) share();
    if (!strip.isConnected && readKept(key)) enter();
    if (strip.isConnected && cover.getAttribute("src") !== address()) cover.setAttribute("src", address());
  };
  return { enter, turn };
}

