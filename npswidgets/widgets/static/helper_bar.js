// The head of the helper's page. Traits: see helper_bar.py; Python writes all of them. Sends { kind: "looked_at", code },
// { kind: "paper_counted", by }, { kind: "paper_asked", open } and { kind: "sheets_asked", open }.

/** @typedef {{ code: string, name: string }} Topic */
/** @typedef {{ title: string, word: string, elapsed: number | null, count: string, topics: Topic[], code: string, on_paper: number,
 *   enter: string, sheets: string, in_sheets: boolean, problem: string, nouns: Nouns }} Traits */
/** @typedef {{ kind: "looked_at", code: string } | { kind: "paper_counted", by: -1 | 1 }
 *   | { kind: "paper_asked", open: boolean } | { kind: "sheets_asked", open: boolean }} Message */

export default widget("nps-helper-bar", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const title = h("p", { class: "nps-place" });
  const word = h("b", {});
  const clock = h("span", { class: "nps-clock", "aria-hidden": "true" });
  const count = h("span", { class: "nps-count" });
  const lost = h("p", { class: "nps-problem", role: "alert" });
  const problem = h("p", { class: "nps-problem", role: "alert" });
  const chooser = /** @type {HTMLSelectElement} */ (h("select", { id: "nps-topic" }));
  chooser.addEventListener("change", () => model.send({ kind: "looked_at", code: chooser.value }));
  const label = h("label", { for: "nps-topic" });
  const choice = h("div", { class: "nps-choose" }, label, chooser);

  const paper = h("span", {});
  const step = (/** @type {-1 | 1} */ by, /** @type {string} */ sign, /** @type {string} */ label) =>
    h("button", { type: "button", class: "nps-second", "aria-label": label, click: () => model.send({ kind: "paper_counted", by }) }, sign);
  const fewer = /** @type {HTMLButtonElement} */ (step(-1, "−", "One fewer on paper"));
  const counted = h("div", { class: "nps-paper" }, paper, fewer, step(1, "+", "One more on paper"));
  const enter = h("button", { type: "button", class: "nps-second", click: () => model.send({ kind: "paper_asked", open: true }) });
  const sheets = h("button", { type: "button", class: "nps-second", click: () => model.send({ kind: "sheets_asked", open: !model.get("in_sheets") }) });
  root.append(
    h("div", { class: "nps-room" }, h("p", {}, word, " ", clock), count),
    title, lost, problem, choice, counted, h("div", { class: "nps-entries" }, enter, sheets),
  );
  onConnection((isLost) => {
    setText(lost, isLost ? "Not connected. What you type is kept." : "");
    if (!isLost) announce("Connected again.");
  }, signal);

  /** @type {number | null} */ let elapsed = null;
  let [started, since] = [0, ""];
  const tick = () => {
    clock.hidden = elapsed === null;
    if (elapsed === null) return;
    const seconds = Math.max(0, Math.floor(elapsed + (steadyNow() - started) / 1000));
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };
  const ticking = setInterval(tick, 500);
  signal.addEventListener("abort", () => clearInterval(ticking));

  let drawn = "";
  return () => {
    root.hidden = !model.get("title");
    setText(title, `Helper · ${model.get("title")}`);
    sayIn(word, model.get("word"), (state) => [state, model.get("count")].filter(Boolean).join(/[.?!]$/.test(state) ? " " : ". "));
    const now = `${model.get("word")} ${model.get("elapsed")}`;
    if (now !== since) [elapsed, started, since] = [model.get("elapsed"), steadyNow(), now];
    tick();
    setText(count, model.get("count"));
    setText(problem, model.get("problem"));
    const topics = JSON.stringify(model.get("topics"));
    if (topics !== drawn) replace(chooser, ...model.get("topics").map(({ code, name }) => h("option", { value: code }, name)));
    drawn = topics;
    chooser.value = model.get("code");
    setText(label, capital(model.get("nouns").topic));
    choice.hidden = model.get("in_sheets");
    const number = model.get("on_paper");
    counted.hidden = number < 0;
    fewer.disabled = number < 1;
    sayIn(paper, `${number} on paper`);
    enter.hidden = !model.get("enter") || model.get("in_sheets");
    setText(enter, model.get("enter"));
    sheets.hidden = !model.get("sheets") && !model.get("in_sheets");
    setText(sheets, model.get("in_sheets") ? `Back to the ${model.get("nouns").topic}` : model.get("sheets"));
  };
});
