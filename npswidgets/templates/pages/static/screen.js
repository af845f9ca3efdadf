// A screen's page where Voila's own front end draws it: shows it when it stands, says when it does not, opens itself again when its kernel is gone, and
// says goodbye, so that the kernel ends.
(() => {
  const QUIET_MS = 120;
  const OPENING_MS = 60_000;
  /** After so long a widget that was not there will not come: the page had no answer from its kernel in time. */
  const MISSING_MS = 3000;
  const MISSING = "Error displaying widget";
  const RELOADS_MS = [200, 2000, 5000, 10_000, 20_000];
  /** A page that has been open for so long has helped. */
  const STEADY_MS = 10_000;
  /** A little less than the time after which the widgets' manager stops waiting for their states. */
  const GIVEN_UP_MS = 3900;
  /** Within that time a page goes on with another kernel so often, before it opens itself again. */
  const MOST_REPLACED = 3;
  /** Between two questions whether the kernel is there: with a connection, and without one. */
  const [LOOKING_MS, ASKING_MS] = [10_000, 600];
  /** How long each may take: an answer of the server, one after none, one of the kernel, a new connection. */
  const [ANSWER_MS, NEXT_ANSWER_MS, HEARING_MS, CONNECTING_MS] = [5000, 1200, 1000, 5000];
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const isOpen = () => document.body.classList.contains("open");
  let leaving = false;

  /** What the browser's storage says; undefined where it has no room, or keeps nothing. */
  const stored = (/** @type {() => any} */ act) => {
    try {
      return act();
    } catch {}
  };

  // A secret belongs neither in the address bar nor in the history.
  const hideSecret = () => location.hash && history.replaceState(null, "", location.pathname);
  hideSecret();
  addEventListener("hashchange", hideSecret);

  const failed = () => {
    part("opening").hidden = true;
    part("failed").hidden = false;
    document.body.classList.add("failed");
    openAgain();
  };
  /** @type {any} */ (window).npsFailed = failed; // a widget whose script did not come says so, too

  /** Shows the screen when its widgets have been drawn and nothing has moved for a moment. */
  function showWhenDrawn() {
    const screen = part("screen");
    let [timer, missing] = [0, 0];
    const show = () => {
      drawing.disconnect();
      if (document.body.classList.contains("failed")) return;
      document.body.classList.add("open");
      part("opening").hidden = true;
      setTimeout(() => stored(() => sessionStorage.removeItem("nps-reloads")), STEADY_MS);
    };
    const drawing = new MutationObserver(() => {
      if (!missing && screen.textContent?.includes(MISSING)) missing = setTimeout(() => isOpen() || failed(), MISSING_MS);
      if (!screen.querySelector(".nps")) return;
      clearTimeout(timer);
      timer = setTimeout(show, QUIET_MS);
    });
    drawing.observe(screen, { childList: true, subtree: true });
    setTimeout(() => isOpen() || failed(), OPENING_MS);
  }

  const rest = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));
  /** What a promise comes to; undefined if it takes longer, or fails. */
  const within = (/** @type {Promise<any>} */ promise, /** @type {number} */ ms) => Promise.race([promise.catch(() => undefined), rest(ms)]);

  /** The server's answer; undefined without one in time, and while it cannot say. */
  async function ask(/** @type {string} */ address, method = "GET", ms = ANSWER_MS, /** @type {FormData | undefined} */ body = undefined) {
    const late = new AbortController();
    const answer = await within(fetch(address, { method, body, cache: "no-store", signal: late.signal }), ms);
    if (!answer) late.abort();
    return answer && answer.status < 500 ? answer : undefined;
  }

  /** Opens the page again, later each time that it has not helped; but not before the server answers, since a browser
   * would show an error of its own, and stay there. */
  async function openAgain() {
    if (leaving) return;
    leaving = true;
    const tries = Number(stored(() => sessionStorage.getItem("nps-reloads")) || 0);
    stored(() => sessionStorage.setItem("nps-reloads", String(tries + 1)));
    await rest(RELOADS_MS[Math.min(tries, RELOADS_MS.length - 1)]);
    while (!(await ask(location.pathname, "HEAD"))) await rest(ASKING_MS);
    location.reload();
  }

  const config = () => JSON.parse(part("jupyter-config-data").textContent || "{}");
  /** What this page says of itself to the server. */
  function form() {
    const said = new FormData();
    said.append("_xsrf", document.cookie.match(new RegExp(`\\b${config().tokenCookie}=([^;]*)`))?.[1] ?? "");
    said.append("kernel", config().kernelId);
    said.append("version", config().pagesVersion);
    return said;
  }

  /** While somebody looks: connects again as soon as that can be, and asks for another kernel when its own is gone. Where
   * there is none that fits, the page opens itself again, which takes a phone seconds. A browser alone waits up to half a minute, and trusts a connection that is one in name only. */
  async function keepInTouch(/** @type {any} */ manager) {
    const kernel = manager.kernel;
    let since = performance.now();
    let [doubted, reached, left, replaced] = [false, true, false, 0];
    let wake = () => {};
    const connected = () => kernel.connectionStatus === "connected";
    const tell = (/** @type {boolean} */ well) =>
      dispatchEvent(new CustomEvent("nps:connection", { detail: { connected: well } })); // widgets say it in their own words
    const doubt = () => {
      doubted = true;
      wake();
    };
    kernel.statusChanged.connect((/** @type {any} */ _, /** @type {string} */ status) => {
      if (["dead", "restarting", "autorestarting"].includes(status)) openAgain();
    });
    kernel.connectionStatusChanged.connect(() => {
      tell(connected());
      since = performance.now();
      if (!connected()) wake();
    });
    // A page that is very busy gives up hearing what is in its widgets, and would stay as it was.
    manager.restored.connect(() => performance.now() - since > GIVEN_UP_MS && manager.restoreWidgets());
    for (const [target, event] of /** @type {const} */ ([[window, "online"], [window, "pageshow"], [document, "resume"], [document, "visibilitychange"]]))
      target.addEventListener(event, doubt);

    while (!leaving) {
      const pause = connected() && reached ? LOOKING_MS : ASKING_MS;
      if (!doubted) await Promise.race([rest(pause * (0.5 + Math.random())), new Promise((done) => (wake = () => done(null)))]);
      let [wasDoubted, wasReached] = [doubted, reached];
      doubted = false;
      if (document.visibilityState === "hidden" || !isOpen()) continue; // a new connection would disturb what is drawn
      const answer = await ask(config().addresses.kernel.replace("{}", kernel.id), "GET", wasReached ? ANSWER_MS : NEXT_ANSWER_MS);
      reached = answer !== undefined;
      if (answer && !answer.ok) {
        const given = replaced++ < MOST_REPLACED ? await ask(location.pathname, "POST", OPENING_MS, form()) : answer;
        if (given && !given.ok) return openAgain();
        reached = given !== undefined;
        wasDoubted = true; // its old connection is none
        setTimeout(() => replaced--, STEADY_MS);
      }
      const sound = connected() && wasReached && (!wasDoubted || (await within(kernel.requestKernelInfo(), HEARING_MS)));
      left = !connected() && wasReached && !wasDoubted && !left; // it tries once by itself
      if (reached && !sound && !left) await within(kernel.reconnect(), CONNECTING_MS);
      tell(reached && connected());
    }
  }

  function watchWhenConnected() {
    const app = /** @type {any} */ (window).jupyterapp;
    if (!app) setTimeout(watchWhenConnected, 200);
    else app.widgetManagerPromise.promise.then(keepInTouch);
  }

  // Voila says goodbye on "beforeunload", which a download fires as well and some phones never do.
  addEventListener("beforeunload", (event) => event.stopImmediatePropagation());
  addEventListener("pagehide", (event) => {
    if (!event.persisted && document.getElementById("jupyter-config-data")) navigator.sendBeacon(config().addresses.leave.replace("{}", config().kernelId), form());
  });

  // Tells pages of this browser that were shut out that it is let in again; link.js hears it.
  stored(() => localStorage.setItem("nps-let-in", String(Date.now())));

  addEventListener("DOMContentLoaded", () => {
    showWhenDrawn();
    if (document.getElementById("not-opened")) failed();
    part("failed").querySelector("button")?.addEventListener("click", () => location.reload());
    watchWhenConnected();
  });
})();
