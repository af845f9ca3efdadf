// Asks the server until a phone has reached it, and says so; says so where a proxy cuts quiet connections; copies an invitation; opens the big screen; sets the mark.
{
  const ASKING_MS = 2000;
  const state = /** @type {HTMLElement} */ (document.getElementById("phone"));
  const ask = async () => {
    try {
      const answer = await fetch(state.dataset.address ?? "", { cache: "no-store" });
      if (answer.ok && (await answer.json()).reached) return show();
    } catch {
      // No server at the moment: it is asked again.
    }
    setTimeout(ask, ASKING_MS);
  };
  const show = () => {
    state.textContent = state.dataset.reached ?? "";
    state.className = "reached";
  };
  ask();

  // A server that goes, or a computer that sleeps, cuts a connection, too, but hardly twice after the same time.
  const SAME_MS = 2000;
  const HELD_SECONDS = 35; // a page and its server say something every thirty
  const quiet = document.getElementById("quiet");
  const tellQuiet = (/** @type {string} */ words) => {
    if (!quiet) return;
    quiet.textContent = words;
    quiet.hidden = false;
  };
  const pagesAnswer = () => fetch(quiet?.dataset.page ?? "", { method: "HEAD", cache: "no-store" }).then((answer) => answer.ok, () => false);
  const hold = (/** @type {number} */ before) => {
    let [stoodAt, stayed] = [0, false];
    const socket = new WebSocket(location.origin.replace(/^http/, "ws") + quiet?.dataset.live);
    socket.addEventListener("open", () => {
      stoodAt = performance.now();
      socket.send(`stay ${HELD_SECONDS}`);
    });
    socket.addEventListener("message", () => (stayed = true));
    socket.addEventListener("close", async () => {
      if (stayed) return;
      const lasted = performance.now() - stoodAt;
      if (stoodAt && Math.abs(lasted - before) < SAME_MS) return tellQuiet((quiet?.dataset.cut ?? "").replace("{}", String(Math.max(1, Math.round(lasted / 1000)))));
      if (!stoodAt && (await pagesAnswer())) return tellQuiet(quiet?.dataset.closed ?? "");
      setTimeout(() => hold(stoodAt ? lasted : before), ASKING_MS);
    });
  };
  if (quiet) hold(-SAME_MS);

  // Over plain http there is no clipboard to write to: the text is selected, and copied as by hand.
  const invitations = document.querySelectorAll(".invitation");
  for (const invitation of invitations) {
    invitation.querySelector("button")?.addEventListener("click", () => {
      const text = /** @type {HTMLTextAreaElement} */ (invitation.querySelector("textarea"));
      text.select();
      const words = document.execCommand("copy") ? "Copied." : "Press Ctrl and C to copy it.";
      for (const one of invitations) /** @type {HTMLElement} */ (one.querySelector("[role=status]")).textContent = one === invitation ? words : "";
    });
  }

  // A big screen gets a window of its own, which is dragged to the other display.
  for (const wall of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".wall"))) {
    wall.addEventListener("click", (event) => {
      if (window.open(wall.href, wall.target, "popup,width=1280,height=720")) event.preventDefault();
      const help = document.getElementById("two-displays");
      if (help) help.hidden = false;
    });
  }

  // The picture goes to the server as it is, which keeps what it draws of it; the page that has it says so.
  const SAVED = "#mark-saved";
  if (location.hash === SAVED) {
    const saved = /** @type {HTMLElement} */ (document.querySelector(SAVED));
    history.replaceState(null, "", location.pathname);
    saved.hidden = false;
    saved.focus();
  }
  const mark = /** @type {HTMLFormElement} */ (document.getElementById("mark"));
  const tell = async (/** @type {RequestInit} */ request) => {
    const token = /** @type {HTMLInputElement} */ (document.querySelector("input[name=_xsrf]")).value;
    const answer = await fetch(mark.dataset.address ?? "", { ...request, headers: { "X-XSRFToken": token } }).catch(() => null);
    if (answer?.ok) {
      location.hash = SAVED;
      return location.reload();
    }
    const told = answer?.status === 409 ? (await answer.json()).problem : "It was not saved: the server did not answer. Try again.";
    sayMark(told);
  };
  const sayMark = (/** @type {string} */ words) => {
    const problem = /** @type {HTMLElement} */ (document.getElementById("picture-problem"));
    problem.textContent = words;
    problem.hidden = false;
  };
  mark.addEventListener("submit", (event) => {
    event.preventDefault();
    const [chosen] = /** @type {HTMLInputElement} */ (document.getElementById("picture")).files ?? [];
    if (!chosen) return sayMark("Choose a picture");
    if (chosen.size > Number(mark.dataset.most)) return sayMark(mark.dataset.tooLarge ?? "");
    tell({ method: "POST", body: chosen });
  });
  document.getElementById("no-mark")?.addEventListener("click", () => tell({ method: "DELETE" }));
}
