// Asks the server until a phone has reached it, and says so; copies the invitation; opens the big screen.
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

  // Over plain http there is no clipboard to write to: the text is selected, and copied as by hand.
  for (const invitation of document.querySelectorAll(".invitation")) {
    invitation.querySelector("button")?.addEventListener("click", () => {
      const text = /** @type {HTMLTextAreaElement} */ (invitation.querySelector("textarea"));
      const copied = /** @type {HTMLElement} */ (invitation.querySelector("[role=status]"));
      text.select();
      copied.textContent = document.execCommand("copy") ? "Copied." : "Press Ctrl and C to copy it.";
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
}
