// Posts the secret of the QR code, which stands behind the #, until the server has answered; only then it is gone.
{
  const RETRY_MS = 2000;
  const part = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const opening = /** @type {HTMLElement} */ (part("opening").firstElementChild);
  const tell = async (/** @type {string} */ secret) => {
    const form = new FormData(/** @type {HTMLFormElement} */ (document.querySelector("form")));
    form.append("secret", secret);
    const answer = await fetch("/join", { method: "POST", body: form });
    const said = answer.status === 403 ? { words: opening.dataset.refused } : await answer.json();
    if (said.address) return location.replace(said.address);
    history.replaceState(null, "", location.pathname);
    part("opening").hidden = true;
    part("refused").hidden = false;
    part("refused").textContent = said.words;
  };
  const keepTelling = (/** @type {string} */ secret) =>
    tell(secret).catch(() => {
      opening.textContent = opening.dataset.lost || "";
      setTimeout(() => keepTelling(secret), RETRY_MS);
    });
  if (location.hash.length > 1) {
    part("opening").hidden = false;
    keepTelling(location.hash.slice(1));
  }
  // The same page may be opened again by another QR code.
  addEventListener("hashchange", () => location.reload());
}
