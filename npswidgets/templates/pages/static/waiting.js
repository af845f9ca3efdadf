// Asks again by itself whether the door lets this person in: every few seconds at first, then less often, for some hours.
// Where it never will, because the code is a new one or the session has ended, the page for the code says so.
{
  const [SOON_MS, LATE_MS, SOON_TRIES, MOST_TRIES] = [4000, 15_000, 75, 1000];
  const form = /** @type {HTMLFormElement} */ (document.getElementById("waiting"));
  const shut = /** @type {HTMLElement} */ (document.getElementById("shut"));
  const again = /** @type {HTMLElement} */ (document.getElementById("again"));
  let tries = 0;
  const wait = () => {
    tries += 1;
    again.hidden = tries > MOST_TRIES;
    if (!again.hidden) setTimeout(ask, (tries > SOON_TRIES ? LATE_MS : SOON_MS) * (0.75 + Math.random() / 2));
  };
  const ask = async () => {
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      const said = await answer.json();
      if (said.address) return location.replace(said.address);
      if (said.over) return form.submit();
      if (shut.textContent !== said.words) shut.textContent = said.words;
    } catch {
      // No server at the moment: it is asked again.
    }
    wait();
  };
  wait();
}
