// The topics of a session. Traits: see topic_list.py; Python writes all of them. 
// Sends { kind: "looked_at", code }, { kind: "menu_chosen", action: "together" } and { kind: "break_asked", until }.

/** @typedef {{ done: string, areas: Area[], break_possible: boolean, break_end: string, together: boolean, nouns: Nouns }} Traits */
/** @typedef {{ kind: "looked_at", code: string } | { kind: "menu_chosen", action: "together" } | { kind: "break_asked", until: string }} Message */
/** @typedef {{ name: string, topics: Topic[] }} Area */

/** @typedef {{ code: string, name: string, score: number | null, state: string, done: boolean, live: boolean, looked_at: boolean }} Topic */

export default widget("nps-topic-list", (/** @type {Model<Traits, Message>} */ model, root) => {
  const done = h("span", { class: "nps-hint" });
  const list = h("div", { class: "nps-list" });
  const rest = breakForm(model);
  const together = h("button", { type: "button", class: "nps-second", click: () => model.send({ kind: "menu_chosen", action: "together" }) }, "Agree without talking");
  const foot = h("div", { class: "nps-foot" }, together, rest.element);
  const title = h("h2", {});
  const skip = h("button", { type: "button", class: "nps-skip", click: () => goOn([".nps h1"]) });
  const nav = h("nav", {}, list);
  root.append(h("div", { class: "nps-top" }, title, done), skip, nav, foot);

  /** @type {Map<string, HTMLElement>} */ const rows = new Map();
  let drawn = "";
  let lookedAt = "";

  const build = (/** @type {Area[]} */ areas) => {
    rows.clear();
    list.replaceChildren(
      ...areas.map((area) => h("section", {}, area.name && h("h3", {}, area.name), h("ul", {}, ...area.topics.map(row)))),
    );
  };
  const row = (/** @type {Topic} */ topic) => {
    const button = h("button", { type: "button", click: () => model.send({ kind: "looked_at", code: topic.code }) });
    rows.set(topic.code, button);
    return h("li", {}, button);
  };

  return () => {
    const areas = model.get("areas");
    const topics = areas.flatMap((area) => area.topics);
    const called = model.get("nouns").topics;
    setText(title, capital(called));
    setText(skip, `Skip the ${called}`);
    nav.setAttribute("aria-label", capital(called));
    setText(done, model.get("done"));
    const now = JSON.stringify(areas.map((area) => [area.name, ...area.topics.map((topic) => topic.code)]));
    if (now !== drawn) build(areas);
    drawn = now;
    for (const topic of topics) fillRow(/** @type {HTMLElement} */ (rows.get(topic.code)), topic);

    rest.draw();
    together.hidden = !model.get("together");
    foot.hidden = together.hidden && rest.element.hidden;
    const here = topics.find((topic) => topic.looked_at)?.code || "";
    if (here && here !== lookedAt) requestAnimationFrame(() => rows.get(here)?.scrollIntoView({ block: "nearest" }));
    lookedAt = here;
  };
});

/** @param {HTMLElement} button @param {Topic} topic */
function fillRow(button, topic) {
  const state = [topic.live && "in the room", topic.state].filter(Boolean).join(", ");
  button.classList.toggle("nps-here", topic.looked_at);
  if (topic.looked_at) button.setAttribute("aria-current", "true");
  else button.removeAttribute("aria-current");
  button.replaceChildren(
    h("span", { class: "nps-mark", "aria-hidden": "true" }, topic.done ? "✓" : topic.live ? "▸" : ""),
    h("span", { class: "nps-name" }, h("span", AS_IT_IS, topic.name), state && h("span", { class: "nps-state" }, state)),
    ...(topic.score !== null ? [h("span", { class: "nps-unseen" }, ", agreed score "), h("span", { class: "nps-score" }, topic.score)] : []),
  );
}

/** "Break" opens the question until when; a quarter of an hour stands there. @param {Model<Traits, Message>} model */
function breakForm(model) {
  const opener = h("button", { type: "button", class: "nps-second" }, "Break");
  const time = /** @type {HTMLInputElement} */ (h("input", { type: "time", required: true }));
  const start = h("button", {}, "Start the break");
  const cancel = h("button", { type: "button", class: "nps-link" }, "Go back");
  const form = h("form", { hidden: true }, h("label", {}, h("span", {}, "Back at"), time), start, cancel);
  const element = h("div", { class: "nps-break" }, opener, form);
  const open = (/** @type {boolean} */ yes) => {
    form.hidden = !yes;
    opener.hidden = yes;
  };
  opener.addEventListener("click", () => {
    time.value = model.get("break_end");
    open(true);
    time.focus();
  });
  cancel.addEventListener("click", () => {
    open(false);
    opener.focus();
  });
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    model.send({ kind: "break_asked", until: time.value });
    open(false);
    opener.focus();
  });
  return { element, draw: () => (element.hidden = !model.get("break_possible")) };
}
