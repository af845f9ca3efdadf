// Sends a workbook without leaving the page: a connection that breaks is told, and the file stays chosen.
{
  const BROKEN = "It was not sent: the connection broke, or the file has changed since you chose it. Choose it again, then check it.";
  const field = () => /** @type {HTMLInputElement} */ (document.getElementById("book"));
  let isSending = false; // a button that is disabled meanwhile would lose the keyboard

  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.id !== "send") return;
    event.preventDefault();
    const chosen = field().files?.[0];
    if (!chosen) return say("Choose the workbook");
    if (chosen.size > Number(form.dataset.most)) return say(form.dataset.tooLarge ?? "");
    if (!isSending) send(form);
  });

  /** @param {HTMLFormElement} form */
  async function send(form) {
    const button = /** @type {HTMLElement} */ (form.querySelector("button"));
    const before = button.textContent;
    [isSending, button.textContent] = [true, "Checking"];
    say("");
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
    const text = answer ? await answer.text().catch(() => null) : null;
    if (answer?.redirected) return location.assign(answer.url);
    [isSending, button.textContent] = [false, before];
    if (text === null) return say(BROKEN);
    const page = new DOMParser().parseFromString(text, "text/html");
    if (answer?.ok) show(page);
    else say(page.querySelector("h1")?.textContent ?? BROKEN);
  }

  /** What came of it, with the same file still chosen. @param {Document} page */
  function show(page) {
    const { files } = field();
    document.title = page.title;
    document.querySelector("main")?.replaceWith(/** @type {HTMLElement} */ (page.querySelector("main")));
    field().files = files;
    document.getElementById("summary")?.focus();
  }

  /** @param {string} words */
  function say(words) {
    const problem = /** @type {HTMLElement} */ (document.getElementById("book-problem"));
    problem.textContent = words;
    problem.hidden = !words;
  }

  addEventListener("pageshow", () => (isSending = false));
}
