// Posts the secret of the QR code, which stands behind the #, until the server has answered; only then it is gone.
{
  const RETRY_MS = 2000;
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const opening = /** @type {HTMLElement} */ (part("opening").firstElementChild);
  const said = { now: opening.textContent, lost: opening.dataset.lost || "", refused: opening.dataset.refused || "" };
  /** What stands behind the #, without the full stop of a letter; not a field of this page, which the summary leads to. */
  const shown = () => (part(location.hash.slice(1)) ? "" : location.hash.slice(1).replace(/[^\w-]+$/, ""));
  /** @param {"opening" | "lost" | "refused"} state @param {string} words */
  const show = (state, words) => {
    part("opening").hidden = state === "refused";
    part("refused").hidden = state !== "refused";
    part("typing").hidden = state === "opening";
    opening.className = state === "opening" ? "opening" : "notice";
    const place = state === "refused" ? part("refused") : opening;
    if (place.textContent !== words) place.textContent = words;
  };
  const tell = async (/** @type {string} */ secret) => {
    const form = /** @type {HTMLFormElement} */ (document.querySelector("form"));
    const body = new FormData(form);
    body.append("secret", secret);
    const answer = await fetch(form.action, { method: "POST", body });
    const told = answer.status === 403 ? { words: said.refused } : await answer.json();
    if (told.address) return location.replace(told.address);
    history.replaceState(null, "", location.pathname);
    show("refused", told.words);
  };
  const keepTelling = (/** @type {string} */ secret) =>
    tell(secret).catch(() => {
      show("lost", said.lost);
      setTimeout(() => shown() === secret && keepTelling(secret), RETRY_MS);
    });
  const open = () => {
    if (!shown()) return;
    show("opening", said.now);
    keepTelling(shown());
  };
  open();
  // The same page may be opened again by another QR code.
  addEventListener("hashchange", open);
}
