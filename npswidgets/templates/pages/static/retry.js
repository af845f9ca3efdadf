// The network may go while a page is on its way. A script or style that was lost is asked for again until it has come, and
// the page says so. In the head of each page, in front of what it watches over: who has joined has it already.
(() => {
  const AGAIN_MS = 1000;
  /** How long an answer may take; twice as long after each that did not come, on a slow network. */
  const [ANSWER_MS, MOST_ANSWER_MS] = [4000, 32_000];
  const rest = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

  const sayLost = () => {
    const doing = document.getElementById("doing");
    if (doing) doing.textContent = "The connection was lost. We keep trying.";
  };

  /** Resolves when the server has given all that is at an address. */
  async function given(/** @type {string} */ address) {
    for (let patience = ANSWER_MS; ; patience = Math.min(2 * patience, MOST_ANSWER_MS)) {
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), patience);
      try {
        const answer = await fetch(address, { cache: "reload", signal: late.signal });
        await answer.arrayBuffer();
        if (answer.status < 500) return;
      } catch {
        sayLost();
      } finally {
        clearTimeout(timer);
      }
      await rest(AGAIN_MS);
    }
  }

  /** Only what has failed: what is late may still come, and a script that runs twice does harm. */
  async function askAgain(/** @type {any} */ part) {
    sayLost();
    const name = part.localName === "link" ? "href" : "src";
    await given(part[name]);
    const next = /** @type {any} */ (document.createElement(part.localName));
    if (name === "href") next.rel = "stylesheet";
    next[name] = `${part[name].split("?")[0]}?again=${Date.now()}`; // a browser may still have the answer that was none
    part.after(next);
  }
  const isPart = (/** @type {any} */ one) => one instanceof HTMLScriptElement || (one instanceof HTMLLinkElement && one.rel === "stylesheet");
  addEventListener("error", ({ target }) => isPart(target) && askAgain(target), true);
})();
