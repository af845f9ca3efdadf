// Posts the secret behind the #, which stays in the address until the server has answered: whoever loses touch tries again.
{
  const secret = location.hash.slice(1);
  const PATIENCE_MS = 20000;
  const LET_IN = "nps-let-in"; // also where screens open
  const show = (/** @type {"opening" | "failed" | "refused"} */ shown) => {
    for (const id of ["opening", "failed", "refused"]) {
      const part = document.getElementById(id);
      if (part) part.hidden = id !== shown;
    }
    if (shown === "refused") showKept();
  };

  /** What this window still keeps of the texts that were typed in this workshop and not saved, by where it is kept. @returns {[string, string][]} */
  function kept() {
    const form = /** @type {HTMLFormElement} */ (document.getElementById("link"));
    const ours = `nps-draft/${new FormData(form).get("workshop")}/`;
    try {
      const names = Object.keys(sessionStorage).filter((name) => name.startsWith(ours));
      const typed = names.map((name) => /** @type {[string, any]} */ ([name, JSON.parse(sessionStorage.getItem(name) || "null")?.text]));
      return typed.filter(([, text]) => typeof text === "string" && text.trim());
    } catch {
      return [];
    }
  }

  /** Whoever was shut out while typing is told what was not saved, and keeps it until it is deleted. */
  function showKept() {
    const place = /** @type {HTMLElement} */ (document.getElementById("kept"));
    const rows = kept().map(([name, text]) => {
      const row = /** @type {HTMLTemplateElement} */ (document.getElementById("kept-text")).content.firstElementChild?.cloneNode(true);
      const [words, button] = /** @type {HTMLElement} */ (row).children;
      words.textContent = text;
      button.addEventListener("click", () => {
        sessionStorage.removeItem(name);
        showKept();
      });
      return /** @type {HTMLElement} */ (row);
    });
    document.getElementById("kept-texts")?.replaceChildren(...rows);
    place.hidden = !rows.length;
  }
  const forget = () => history.replaceState(null, "", location.pathname);

  /** Whether the link is valid. Throws where the server did not say so: it is away, busy, or this page is too old for it. */
  async function ask() {
    const form = /** @type {HTMLFormElement} */ (document.getElementById("link"));
    const body = new FormData(form);
    body.append("secret", secret);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), PATIENCE_MS);
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: late.signal });
      const { valid } = await answer.json();
      if (typeof valid !== "boolean") throw new Error(`The answer was ${answer.status}.`);
      return valid;
    } finally {
      clearTimeout(timer);
    }
  }

  async function open() {
    show("opening");
    try {
      const valid = await ask();
      forget();
      if (valid) location.reload();
      else show("refused");
    } catch {
      show("failed");
      document.getElementById("again")?.focus();
    }
  }

  if (secret) open();
  else showKept();
  // Loaded again, the page has a new token for its form, too.
  document.getElementById("again")?.addEventListener("click", () => location.reload());
  // A page that was shut out comes back when another one of this browser is let in, and when somebody looks at it.
  const isRefused = () => document.getElementById("refused")?.hidden === false;
  const isTyping = () => Boolean(/** @type {HTMLInputElement | null} */ (document.getElementById("secret"))?.value);
  const tryAgain = () => isRefused() && !isTyping() && location.reload();
  addEventListener("storage", (event) => event.key === LET_IN && tryAgain());
  document.addEventListener("visibilitychange", () => document.hidden || tryAgain());
  // The same page may be opened again with another link.
  addEventListener("hashchange", () => location.reload());
}
