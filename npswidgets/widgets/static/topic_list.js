// The topics of a session. Traits: see topic_list.py; Python writes all of them. Sends { kind: "looked_at", code }.

/** @typedef {{ code: string, name: string, score: number, state: string, done: boolean, live: boolean, looked_at: boolean }} Topic */

export default widget("nps-topic-list", (model, root) => {
  const done = h("span", { class: "nps-hint" });
  const list = h("div", { class: "nps-list" });
  root.append(h("div", { class: "nps-top" }, h("h2", {}, "Topics"), done), h("nav", { "aria-label": "Topics" }, list));

  /** @type {Map<string, HTMLElement>} */ const rows = new Map();
  let drawn = "";
  let lookedAt = "";

  const build = (/** @type {any[]} */ areas) => {
    rows.clear();
    list.replaceChildren(
      ...areas.map((area) => h("section", {}, h("h3", {}, area.name), h("ul", {}, ...area.topics.map(row)))),
    );
  };
  const row = (/** @type {Topic} */ topic) => {
    const button = h("button", { type: "button", click: () => model.send({ kind: "looked_at", code: topic.code }) });
    rows.set(topic.code, button);
    return h("li", {}, button);
  };

  return () => {
    /** @type {{ name: string, topics: Topic[] }[]} */ const areas = model.get("areas");
    const topics = areas.flatMap((area) => area.topics);
    done.textContent = model.get("done");
    const now = JSON.stringify(areas.map((area) => [area.name, ...area.topics.map((topic) => topic.code)]));
    if (now !== drawn) build(areas);
    drawn = now;
    for (const topic of topics) fillRow(/** @type {HTMLElement} */ (rows.get(topic.code)), topic);

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
    h("span", { class: "nps-name" }, topic.name, state && h("span", { class: "nps-state" }, state)),
    ...(topic.score ? [h("span", { class: "nps-unseen" }, ", agreed score "), h("span", { class: "nps-score" }, topic.score)] : []),
  );
}
