// The agenda of a session, to be changed. Traits: see agenda_list.py; Python writes all of them.
// Sends { kind: "topic_shifted", code, by }, { kind: "topic_left_out", code, out } and { kind: "topic_given", code, to, told }.

/** @typedef {{ title: string, fixed: boolean, rows: Row[], left_out: { code: string, name: string }[], problem: string }} Traits */
/** @typedef {{ kind: "topic_shifted", code: string, by: -1 | 1 } | { kind: "topic_left_out", code: string, out: boolean } | { kind: "topic_given", code: string, to: string, told: string }} Message */
/** @typedef {{ code: string, name: string, state: string, settled: boolean, up: boolean, down: boolean, out: boolean, moves: Move[] }} Row */
/** @typedef {{ session: string, title: string, told: string }} Move */

export default widget("nps-agenda-list", (/** @type {Model<Traits, Message>} */ model, root) => {
  const problem = h("p", { class: "nps-problem", role: "alert" });
  const list = h("div", {});
  let moving = "";
  let drawn = "";
  root.append(h("h1", {}, "Agenda"), h("p", {}, "Each topic can be changed until the room votes on it. Nothing is shown to the room."), problem, list);

  const press = (/** @type {string} */ key, /** @type {string} */ label, /** @type {string} */ said, /** @type {() => void} */ click, more = {}) =>
    h("button", { type: "button", class: "nps-second", "data-key": key, "aria-label": said, click, ...more }, label);

  const row = (/** @type {Row} */ topic) => {
    const { code, name } = topic;
    const fixed = model.get("fixed");
    const open = () => {
      moving = moving === code ? "" : code;
      draw(true);
    };
    const shift = (/** @type {-1 | 1} */ by) => () => model.send({ kind: "topic_shifted", code, by });
    const buttons = h(
      "div",
      { class: "nps-row-buttons" },
      !fixed && press(`up ${code}`, "↑", `${name}: earlier`, shift(-1), { disabled: !topic.up }),
      !fixed && press(`down ${code}`, "↓", `${name}: later`, shift(1), { disabled: !topic.down }),
      !fixed && topic.out && press(`out ${code}`, "Leave out", `Leave out ${name}`, () => model.send({ kind: "topic_left_out", code, out: true })),
      topic.moves.length > 0 && press(`move ${code}`, "Move to", `Move ${name} to another session`, open, { "aria-expanded": String(moving === code) }),
    );
    const about = h("div", { class: "nps-about" }, h("b", {}, name), topic.state && h("span", { class: "nps-hint" }, topic.state));
    return h("li", {}, about, buttons, moving === code && topic.moves.length > 0 && targets(topic));
  };

  const targets = (/** @type {Row} */ { code, name, moves }) => {
    const give = (/** @type {Move} */ { session, told }) => () => {
      moving = "";
      model.send({ kind: "topic_given", code, to: session, told });
    };
    const target = (/** @type {Move} */ move) =>
      h("div", {}, move.told && h("p", {}, move.told), press(`to ${move.session}`, move.title, `Move ${name} to ${move.title}`, give(move)));
    return h("div", { class: "nps-targets", role: "group", "aria-label": `Move ${name} to` }, ...moves.map(target));
  };

  const back = (/** @type {{ code: string, name: string }} */ { code, name }) =>
    h(
      "li",
      {},
      h("div", { class: "nps-about" }, name),
      !model.get("fixed") && press(`back ${code}`, "Put back", `Put back ${name}`, () => model.send({ kind: "topic_left_out", code, out: false })),
    );

  const draw = (/** @type {boolean} */ anyway) => {
    problem.textContent = model.get("problem");
    problem.hidden = !model.get("problem");
    const now = JSON.stringify([model.get("rows"), model.get("left_out"), model.get("fixed")]);
    if (now === drawn && !anyway) return;
    drawn = now;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.key;
    const left = model.get("left_out");
    list.replaceChildren(
      h("ol", {}, ...model.get("rows").map(row)),
      ...(left.length ? [h("h2", {}, "Left out"), h("ul", {}, ...left.map(back))] : []),
    );
    if (focused) /** @type {HTMLElement | null} */ (list.querySelector(`[data-key="${CSS.escape(focused)}"]`))?.focus();
  };
  return () => draw(false);
});
