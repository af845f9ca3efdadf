// The agenda of a session, to be changed. Traits: see agenda_list.py; Python writes all of them.
// Sends { kind: "topic_shifted", code, by }, { kind: "topic_left_out", code, out } and { kind: "topic_given", code, to, told }.

/** @typedef {{ title: string, fixed: boolean, rows: Row[], left_out: { code: string, name: string }[], moved: OrEmpty<Moved>, problem: string, nouns: Nouns }} Traits */
/** @typedef {{ kind: "topic_shifted", code: string, by: -1 | 1 } | { kind: "topic_left_out", code: string, out: boolean } | { kind: "topic_given", code: string, to: string, told: string }} Message */
/** @typedef {{ code: string, name: string, state: string, settled: boolean, up: boolean, down: boolean, out: boolean, moves: Move[] }} Row */
/** @typedef {{ session: string, title: string, told: string }} Move */
/** @typedef {{ code: string, name: string, title: string, session: string, told: string }} Moved */

export default widget("nps-agenda-list", (/** @type {Model<Traits, Message>} */ model, root) => {
  const problem = h("p", { class: "nps-problem", role: "alert" });
  const said = h("p", { class: "nps-said" });
  setText(said);
  const undo = h("p", { class: "nps-undo" });
  const list = h("div", {});
  const hint = h("p", {});
  const title = h("h1", { tabindex: "-1" }, "Agenda");
  let moving = "";
  let drawn = "";
  root.append(title, hint, problem, said, undo, list);

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
      topic.moves.length > 0 && press(`move ${code}`, "Move to", `Move to another session: ${name}`, open, { "aria-expanded": String(moving === code) }),
    );
    const about = h("div", { class: "nps-about" }, h("b", AS_IT_IS, name), topic.state && h("span", { class: "nps-hint" }, topic.state));
    return h("li", {}, about, buttons, moving === code && topic.moves.length > 0 && targets(topic));
  };

  const targets = (/** @type {Row} */ { code, name, moves }) => {
    const give = (/** @type {Move} */ { session, told }) => () => {
      moving = "";
      model.send({ kind: "topic_given", code, to: session, told });
    };
    const target = (/** @type {Move} */ move) =>
      h("div", {}, move.told && h("p", {}, move.told), press(`to ${move.session}`, move.title, `${move.title}: move ${name} there`, give(move)));
    return h("div", { class: "nps-targets", role: "group", "aria-label": `Move ${name} to` }, ...moves.map(target));
  };

  const back = (/** @type {{ code: string, name: string }} */ { code, name }) =>
    h(
      "li",
      {},
      h("div", { class: "nps-about", ...AS_IT_IS }, name),
      !model.get("fixed") && press(`back ${code}`, "Put back", `Put back ${name}`, () => model.send({ kind: "topic_left_out", code, out: false })),
    );

  /** Where each topic stands, in words, for whoever changes one: what has changed is said. */
  let places = /** @type {Map<string, string>} */ (new Map());
  const tell = () => {
    const rows = model.get("rows");
    const here = rows.map(({ code, name }, at) => /** @type {[string, string]} */ ([code, `${name}: place ${at + 1} of ${rows.length}`]));
    const left = model.get("left_out").map(({ code, name }) => /** @type {[string, string]} */ ([code, `${name} is left out`]));
    const now = new Map([...here, ...left]);
    const changed = pressed && now.get(pressed) !== places.get(pressed) ? now.get(pressed) : "";
    if (changed) sayIn(said, changed);
    places = now;
  };
  let pressed = "";
  list.addEventListener("click", (/** @type {Event} */ event) => (pressed = /** @type {HTMLElement} */ (event.target).dataset.key?.split(" ")[1] ?? ""));

  const offerBack = () => {
    const { code = "", name = "", title: to = "", session = "", told = "" } = model.get("moved");
    const before = JSON.parse(undo.dataset.drawn || "{}");
    undo.hidden = !code;
    if (undo.dataset.drawn === JSON.stringify(model.get("moved"))) return;
    undo.dataset.drawn = JSON.stringify(model.get("moved"));
    if (code) sayIn(said, `${name} is in ${to} now`);
    else if (before.code) pressed = before.code; // where it stands again is said below
    undo.replaceChildren(press("undo", "Move it back", `Move it back: ${name}`, () => model.send({ kind: "topic_given", code, to: session, told })), " ", told);
  };

  /** Whoever stood on a button stands on it again; where it is gone or at its end, on the one beside or below it. */
  const focusAgain = (/** @type {string} */ key, /** @type {number} */ at) => {
    const find = (/** @type {string} */ one) => /** @type {HTMLButtonElement | null} */ (root.querySelector(`[data-key="${CSS.escape(one)}"]:enabled`));
    const code = key.split(" ")[1];
    const rows = list.querySelectorAll("li");
    const below = /** @type {HTMLButtonElement | null} */ (rows[Math.min(at, rows.length - 1)]?.querySelector("button:enabled"));
    (find(key) ?? find(`up ${code}`) ?? find(`down ${code}`) ?? below ?? title).focus();
  };

  const draw = (/** @type {boolean} */ anyway) => {
    setText(problem, model.get("problem"));
    problem.hidden = !model.get("problem");
    setText(hint, `Each ${model.get("nouns").topic} can be changed until the room votes on it. Nothing is shown to the room.`);
    offerBack();
    const now = JSON.stringify([model.get("rows"), model.get("left_out"), model.get("fixed")]);
    if (now === drawn && !anyway) return;
    drawn = now;
    tell();
    const active = /** @type {HTMLElement | null} */ (document.activeElement);
    const focused = list.contains(active) ? active?.dataset.key : "";
    const at = [...list.querySelectorAll("li")].findIndex((one) => one.contains(active));
    const left = model.get("left_out");
    list.replaceChildren(
      h("ol", {}, ...model.get("rows").map(row)),
      ...(left.length ? [h("h2", {}, "Left out"), h("ul", {}, ...left.map(back))] : []),
    );
    if (focused) focusAgain(focused, at);
  };
  return () => draw(false);
});
