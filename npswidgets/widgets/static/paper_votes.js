// Votes given on paper, entered by keyboard. Traits: see paper_votes.py; Python writes all of them. Behind paper_keys.js.
// Sends { kind: "paper_typed", code, round, number, answer },
// { kind: "hands_typed", code, round, text } and { kind: "paper_asked", open: false }.

/** @typedef {{ name: string, code: string, round: number, levels: number[], total: number, entered: number[], problem: string }} Traits */
/** @typedef {{ kind: "paper_typed", code: string, round: number, number: number, answer: PaperAnswer | null }
 *   | { kind: "hands_typed", code: string, round: number, text: string }
 *   | { kind: "paper_asked", open: false }} Message */

export default widget("nps-paper-votes", (/** @type {Model<Traits, Message>} */ model, root) => {
  const title = h("h2", {});
  const fields = h("div", { class: "nps-fields" });
  const count = h("p", { class: "nps-count" });
  const problem = h("p", { class: "nps-problem", role: "alert" });
  const done = h("button", { class: "nps-second" }, "Done");
  const close = (/** @type {Event} */ event) => (event.preventDefault(), model.send({ kind: "paper_asked", open: false }));
  const hint = h("p", { id: "nps-paper-keys", class: "nps-hint" });
  const line = /** @type {HTMLInputElement} */ (h("input", { type: "text", id: "nps-hands", autocomplete: "off", placeholder: "2: 3, 3: 5" }));
  const raise = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (line.value.trim()) model.send({ kind: "hands_typed", code: model.get("code"), round: model.get("round"), text: typedIn(line) });
  };
  const hands = h("form", { class: "nps-hands", submit: raise, autocomplete: "off" }, h("label", { for: "nps-hands" }, "Or a show of hands, in one line"), line, h("button", { class: "nps-second" }, "Enter all"));
  root.append(h("form", { submit: close, autocomplete: "off" }, title, fields, count, done), hint, hands, problem);

  let keys = paperKeys([]);
  const type = (/** @type {number} */ number, /** @type {any} */ answer) =>
    model.send({ kind: "paper_typed", code: model.get("code"), round: model.get("round"), number, answer });
  /** @type {Map<number, HTMLInputElement>} */ const inputs = new Map();

  /** A field for each vote; those that are there stay, with the keyboard on them. */
  const build = (/** @type {number} */ total) => {
    for (let number = inputs.size; number > total; number -= 1) {
      inputs.delete(number);
      fields.lastElementChild?.remove();
    }
    for (let number = inputs.size + 1; number <= total; number += 1) {
      const input = paperField(number, (key) => (setText(problem, keys.wrong(key)), keys.answer(key)), type, () => next(number));
      inputs.set(number, input);
      fields.append(h("label", {}, h("span", {}, `Vote ${number}`), input));
    }
  };
  const next = (/** @type {number} */ after) => (inputs.get(after + 1) ?? done).focus();

  let drawn = "";
  return () => {
    keys = paperKeys(model.get("levels"));
    setText(hint, keys.hint);
    const total = model.get("total");
    root.hidden = total === 0;
    setText(title, `Paper votes for ${model.get("name")}`);
    const vote = JSON.stringify([model.get("code"), model.get("round")]);
    if (total && vote !== drawn) line.value = "";
    const opened = total > 0 && (vote !== drawn || !inputs.size);
    build(total);
    if (total) drawn = vote;
    const entered = new Set(model.get("entered"));
    for (const [number, input] of inputs) input.value = entered.has(number) ? "●" : "";
    sayIn(count, total ? `${entered.size} of ${total} entered` : "");
    setText(problem, model.get("problem"));
    const first = [...inputs].find(([number]) => !entered.has(number));
    if (opened) requestAnimationFrame(() => (first ? first[1] : done).focus());
  };
});

/**
 * One sheet: a key is sent and never stands in the field; Backspace takes it out.
 * @param {number} number @param {(key: string | null) => PaperAnswer | undefined} read @param {(number: number, answer: any) => void} type @param {() => void} next
 */
function paperField(number, read, type, next) {
  const input = /** @type {HTMLInputElement} */ (
    h("input", { type: "text", inputmode: "numeric", autocomplete: "off", "aria-describedby": "nps-paper-keys" })
  );
  input.addEventListener("beforeinput", (event) => {
    event.preventDefault();
    const answer = read(event.data);
    if (event.inputType.startsWith("delete")) type(number, null);
    else if (answer !== undefined) {
      type(number, answer);
      next();
    }
  });
  return input;
}
