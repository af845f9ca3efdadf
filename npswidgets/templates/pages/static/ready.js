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
  document.getElementById("copy")?.addEventListener("click", () => {
    const text = /** @type {HTMLTextAreaElement} */ (document.getElementById("invitation"));
    const copied = /** @type {HTMLElement} */ (document.getElementById("copied"));
    text.select();
    copied.textContent = document.execCommand("copy") ? "Copied." : "Press Ctrl and C to copy it.";
  });

  // The big screen gets a window of its own, which is dragged to the other display.
  document.getElementById("wall")?.addEventListener("click", (event) => {
    const link = /** @type {HTMLAnchorElement} */ (event.currentTarget);
    if (window.open(link.href, link.target, "popup,width=1280,height=720")) event.preventDefault();
    const help = document.getElementById("two-displays");
    if (help) help.hidden = false;
  });
}
