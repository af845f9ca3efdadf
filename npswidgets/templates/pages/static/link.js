// Posts the secret behind the # and opens the page again without it. Nothing is sent without a secret.
const secret = location.hash.slice(1);
const show = (/** @type {string} */ id, /** @type {boolean} */ shown) => {
  const part = document.getElementById(id);
  if (part) part.hidden = !shown;
};
if (secret) {
  show("refused", false);
  show("opening", true);
  history.replaceState(null, "", location.pathname);
  const body = new FormData(/** @type {HTMLFormElement} */ (document.getElementById("link")));
  body.append("secret", secret);
  fetch("/link", { method: "POST", body })
    .then((answer) => answer.json())
    .then((answer) => {
      if (answer.valid) return location.reload();
      show("opening", false);
      show("refused", true);
    })
    .catch(() => {
      show("opening", false);
      show("refused", true);
    });
}
// The same page may be opened again with another link.
addEventListener("hashchange", () => location.reload());
