// Asks the server until a phone has reached it, and says so.
const ASKING_MS = 2000;
const state = /** @type {HTMLElement} */ (document.getElementById("phone"));
const ask = async () => {
  try {
    const answer = await fetch(`${location.pathname}/phone`, { cache: "no-store" });
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
