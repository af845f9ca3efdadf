// Opens a screen: draws what the page has brought, then connects. Behind the other scripts of a screen and the modules of
// its widgets, which the server puts in front.

/** Says what is waited for. @param {string} words */
function sayDoing(words) {
  const doing = document.getElementById("doing"); // not there yet, where the script was quicker than the page
  if (doing && doing.textContent !== words) doing.textContent = words;
}

/** What the page holds under an id; null where it has not come, or not whole. @param {string} id */
function pageHolds(id) {
  try {
    return JSON.parse(document.getElementById(id)?.textContent || "null");
  } catch {
    return null;
  }
}

/** Pages of this browser that were shut out hear in link.js that it is in; a browser that keeps nothing tells nobody. */
function tellOtherPages() {
  try {
    localStorage.setItem("nps-let-in", String(Date.now()));
  } catch {}
}

/** @param {Record<string, () => WidgetModule>} modules  by the names of widgets' classes */
function startScreen(modules) {
  /** @type {PageConfig | null} */ const config = pageHolds("jupyter-config-data");
  /** @type {{ model_id: string }[] | null} */ const roots = pageHolds("screens");
  if (!config || !roots?.length || document.getElementById("not-opened")) return pageFailed();

  let touched = () => {};
  const place = /** @type {HTMLElement} */ (document.getElementById("screen"));
  const models = screenModels((id, content) => line.tell(id, content));
  const socket = config.addresses.socket.replace("{}", config.kernelId);
  const line = kernelLine(
    `${location.origin.replace(/^http/, "ws")}${socket}?session_id={}`,
    (kind, told) => {
      if (kind === "change") return models.change(told.id, told.state, told.revision);
      models.take(told);
      if (!draw()) return pageFailed();
      models.sendWaiting();
    },
    models.seen,
    () => touched(),
  );

  /** Draws the screen when its widgets are known; whether it is there. */
  const draw = () => {
    if (document.body.classList.contains("open")) return true;
    if (!roots.every((root) => models.has(root.model_id))) return false;
    place.prepend(...roots.map((root) => drawWidget(models, root.model_id, modules).el)); // one screen lays itself behind them
    document.body.classList.add("open");
    showPart("opening", false);
    setTimeout(() => writeKept("nps-reloads", null), STEADY_MS);
    tellOtherPages();
    return true;
  };

  const brought = pageHolds("states");
  if (brought) models.take(brought);
  if (!draw()) sayDoing("Connecting");
  sayGoodbye(config);
  // widgets say it in their own words
  const tell = (/** @type {boolean} */ well) => dispatchEvent(new CustomEvent("nps:connection", { detail: { connected: well } }));
  keepInTouch(line, config, tell, (act) => (touched = act));
}

/** Starts when all of the page is there. @param {Record<string, () => WidgetModule>} modules */
function startWhenWhole(modules) {
  // A secret belongs neither in the address bar nor in the history.
  const hideSecret = () => location.hash && history.replaceState(null, "", location.pathname);
  hideSecret();
  addEventListener("hashchange", hideSecret);
  const start = () => {
    document.querySelector("#failed button")?.addEventListener("click", () => location.reload());
    startScreen(modules);
  };
  if (document.readyState !== "loading") return start();
  addEventListener("DOMContentLoaded", start);
  sayDoing("Preparing your page");
}
