// A screen's page: shows it when it stands, says when it does not, opens itself again when its kernel is gone, and
// says goodbye, so that the kernel ends.
(() => {
  const QUIET_MS = 120;
  const OPENING_MS = 60_000;
  const RELOADS_MS = [500, 2000, 5000, 10_000, 20_000];
  const STEADY_MS = 60_000;
  const ASKING_MS = 1500;
  const opened = Date.now();
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const isOpen = () => document.body.classList.contains("open");
  let leaving = false;

  // A secret belongs neither in the address bar nor in the history.
  const hideSecret = () => location.hash && history.replaceState(null, "", location.pathname);
  hideSecret();
  addEventListener("hashchange", hideSecret);

  window.npsFailed = () => {
    part("opening").hidden = true;
    part("failed").hidden = false;
    document.body.classList.add("failed");
  };

  /** Shows the screen when its widgets have been drawn and nothing has moved for a moment. */
  function showWhenDrawn() {
    const screen = part("screen");
    let timer = 0;
    const show = () => {
      drawing.disconnect();
      if (document.body.classList.contains("failed")) return;
      document.body.classList.add("open");
      part("opening").hidden = true;
    };
    const drawing = new MutationObserver(() => {
      if (!screen.querySelector(".nps")) return;
      clearTimeout(timer);
      timer = setTimeout(show, QUIET_MS);
    });
    drawing.observe(screen, { childList: true, subtree: true });
    setTimeout(() => isOpen() || window.npsFailed(), OPENING_MS);
  }

  /** Opens the page again, later each time that it has not helped. */
  function openAgain() {
    if (leaving) return;
    leaving = true;
    const tries = Date.now() - opened > STEADY_MS ? 0 : Number(sessionStorage.getItem("nps-reloads") || 0);
    sessionStorage.setItem("nps-reloads", String(tries + 1));
    setTimeout(() => location.reload(), RELOADS_MS[Math.min(tries, RELOADS_MS.length - 1)]);
  }

  /** Asks whether the kernel is still there and ours: if so it connects at once, else the page opens again. */
  async function askForKernel(/** @type {any} */ kernel) {
    if (leaving || document.visibilityState === "hidden") return;
    try {
      const answer = await fetch(`/api/kernels/${kernel.id}`, { cache: "no-store" });
      if (!answer.ok) openAgain();
      else if (kernel.connectionStatus !== "connected") await kernel.reconnect();
    } catch {
      // No network, or no server: it is asked again.
    }
  }

  /** Asks until there is a connection. */
  async function askUntilConnected(/** @type {any} */ kernel) {
    while (!leaving && kernel.connectionStatus !== "connected") {
      await new Promise((done) => setTimeout(done, ASKING_MS * (1 + Math.random())));
      if (kernel.connectionStatus !== "connected") await askForKernel(kernel);
    }
  }

  function watch(/** @type {any} */ kernel) {
    kernel.statusChanged.connect((/** @type {any} */ _, /** @type {string} */ status) => {
      if (["dead", "restarting", "autorestarting"].includes(status)) openAgain();
    });
    kernel.connectionStatusChanged.connect((/** @type {any} */ _, /** @type {string} */ status) => {
      const connected = status === "connected";
      dispatchEvent(new CustomEvent("nps:connection", { detail: { connected } })); // widgets say it in their own words
      if (!connected) setTimeout(() => askForKernel(kernel), 1000);
    });
    for (const [target, event] of /** @type {const} */ ([[window, "online"], [window, "pageshow"], [document, "visibilitychange"]]))
      target.addEventListener(event, () => askForKernel(kernel));
    setTimeout(() => sessionStorage.removeItem("nps-reloads"), STEADY_MS);
  }

  function watchWhenConnected() {
    const app = /** @type {any} */ (window).jupyterapp;
    if (!app) setTimeout(watchWhenConnected, 200);
    else app.widgetManagerPromise.promise.then((/** @type {any} */ manager) => watch(manager.kernel));
  }

  // Voila says goodbye on "beforeunload", which a download fires as well and some phones never do.
  addEventListener("beforeunload", (event) => event.stopImmediatePropagation());
  addEventListener("pagehide", (event) => {
    const config = document.getElementById("jupyter-config-data");
    if (event.persisted || !config?.textContent) return;
    const body = new FormData();
    body.append("_xsrf", document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] ?? "");
    navigator.sendBeacon(`/voila/api/shutdown/${JSON.parse(config.textContent).kernelId}`, body);
  });

  addEventListener("DOMContentLoaded", () => {
    showWhenDrawn();
    part("failed").querySelector("button")?.addEventListener("click", () => location.reload());
    watchWhenConnected();
  });
})();
