// Opens a saved workshop: the file goes to the server as it is. What was typed is there again after a look at the rubrics.
const form = /** @type {HTMLFormElement} */ (document.getElementById("open-saved"));
const file = /** @type {HTMLInputElement} */ (document.getElementById("saved"));
const problem = /** @type {HTMLElement} */ (document.getElementById("saved-problem"));
let isSending = false; // a button that is disabled meanwhile would lose the keyboard

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const chosen = file.files?.[0];
  if (!chosen) return say("Choose the file of a saved workshop");
  if (isSending) return;
  isSending = true;
  const token = /** @type {HTMLInputElement} */ (document.querySelector("input[name=_xsrf]")).value;
  const answer = await fetch(form.dataset.address ?? "", { method: "POST", body: chosen, headers: { "X-XSRFToken": token } }).catch(() => null);
  const said = answer ? await answer.json().catch(() => ({})) : {};
  if (said.address && said.note) return showNote(said.note, said.address);
  if (said.address) return location.assign(said.address);
  isSending = false;
  say(said.problem ?? "It was not opened: the server did not take the file. Try again.");
});

/** What is to be known of the file, before the workshop is shown. @param {string} note @param {string} address */
function showNote(note, address) {
  const opened = /** @type {HTMLElement} */ (document.getElementById("saved-opened"));
  const link = /** @type {HTMLAnchorElement} */ (opened.querySelector("a"));
  form.hidden = true;
  opened.hidden = false;
  /** @type {HTMLElement} */ (opened.querySelector("p")).textContent = `The workshop was opened. ${note}`;
  link.href = address;
  link.focus();
}

/** @param {string} words */
function say(words) {
  problem.textContent = words;
  problem.hidden = false;
}

{
  const KEY = "nps-typed";
  const own = /** @type {HTMLAnchorElement} */ (document.getElementById("own"));
  const plan = /** @type {HTMLFormElement} */ (own.closest("form"));
  const typed = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  own.addEventListener("click", () => sessionStorage.setItem(KEY, JSON.stringify([...new FormData(plan)])));
  addEventListener("pageshow", (event) => event.persisted && sessionStorage.removeItem(KEY)); // all is there still
  const chosen = new URLSearchParams(location.search).get("rubric");
  if (typed) {
    const token = /** @type {HTMLInputElement} */ (plan.elements.namedItem("_xsrf")).value;
    plan.replaceChildren();
    const add = (/** @type {string} */ name, /** @type {string} */ value) => plan.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    for (const [name, value] of JSON.parse(typed)) if (name !== "_xsrf" && !(chosen && name === "rubric")) add(name, value);
    add("_xsrf", token);
    add("change", "rubric");
    if (chosen) add("rubric", chosen);
    plan.action += "#scored";
    plan.submit();
  }
}
