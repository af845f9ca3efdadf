// Forms: what came of one gets the focus, a second tap sends nothing, and a browser without cookies is told first.
(document.getElementById("summary") ?? document.getElementById("done"))?.focus();
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-once]"))) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    sayPressed(form, true);
  });
}
// A page that comes back from the browser's cache can be sent again.
addEventListener("pageshow", () =>
  document.querySelectorAll("form").forEach((form) => {
    delete form.dataset.sent;
    sayPressed(form, false);
  }),
);

/** The button says that it was pressed, or what it said before. @param {HTMLFormElement} form @param {boolean} pressed */
function sayPressed(form, pressed) {
  const button = form.querySelector("button");
  if (!button?.dataset.pressed) return;
  button.dataset.said ??= button.textContent ?? "";
  button.textContent = pressed ? button.dataset.pressed : button.dataset.said;
}

// Safari takes no hint to fetch what the next page needs.
if (!document.createElement("link").relList.supports("prefetch"))
  addEventListener("load", () => {
    for (const { href } of /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll("link[rel=prefetch]"))) fetch(href).catch(() => null);
  });

const cookiesOff = document.getElementById("cookies-off");
if (cookiesOff) {
  document.cookie = "nps-try=1; SameSite=Lax; Max-Age=60";
  cookiesOff.hidden = document.cookie.includes("nps-try=1");
}

// The database could not be read: the page asks, as one that nobody looks at, and opens when it can.
if (document.querySelector("[data-waits]")) {
  const asking = setInterval(async () => {
    const answer = await fetch(location.href, { headers: { "X-Purpose": "preview" } }).catch(() => null);
    if (!answer || answer.status >= 500) return;
    clearInterval(asking);
    location.reload();
  }, 3000);
}
