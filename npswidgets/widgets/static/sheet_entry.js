// A person's score sheet, entered by keyboard. Traits: see sheet_entry.py; Python writes all of them. Behind paper_keys.js.
// Sends { kind: "sheet_typed", number, marks: [{ code, round, answer }] } and
// { kind: "sheet_turned", number, theme, left, marks: [...] }.

/** @typedef {{ number: number, levels: number[], total: number, entered: number[], theme: string, themes: string[], rows: Row[], turn: number, said: string,
 *   problem: string }} Traits */
/** @typedef {{ code: string, round: number, answer: PaperAnswer | null }} Mark */
/** @typedef {{ kind: "sheet_typed", number: number, marks: Mark[] } | { kind: "sheet_turned", number: number, theme: number, left: number, marks: Mark[] }} Message */

/** @typedef {{ code: string, number: string, name: string, round: number }} Row */

export default widget("nps-sheet-entry", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const title = h("h1", {});
  const state = h("p", { class: "nps-sheet-state" });
  const before = turner("Sheet before", -1);
  const after = turner("Next sheet", 1);
  const theme = /** @type {HTMLSelectElement} */ (h("select", { id: "nps-sheet-theme", change: () => turn(model.get("number"), theme.selectedIndex) }));
  const themes = h("span", { class: "nps-themes" }, h("label", { for: "nps-sheet-theme" }, "Theme"), theme);
  const hint = h("p", { id: "nps-sheet-keys", class: "nps-hint" });
  let keys = paperKeys([]);
  const rows = h("ol", {});
  const save = h("button", {}, "Save the sheet");
  const out = h("button", { type: "button", class: "nps-second", click: () => send(true) }, "Empty this sheet");
  const form = h("form", { autocomplete: "off", submit: (/** @type {Event} */ event) => (event.preventDefault(), send()) }, rows, save, out);
  const said = h("p", {});
  const problem = h("p", { class: "nps-problem", role: "alert" });
  root.append(h("div", { class: "nps-sheet-top" }, title, before, after, themes, state), hint, form, problem, said);

  /** What was typed; it is in no field and in no trait. @type {Map<string, PaperAnswer | null>} */ const typed = new Map();
  /** @type {Map<string, HTMLInputElement>} */ const inputs = new Map();
  let turnDrawn = -1;
  /** Whether the first row waits for the hand: the page may be shown only after it was drawn. */
  let due = false;
  const begin = () => {
    if (!due || !root.offsetHeight) return;
    due = false;
    [...inputs.values()][0]?.focus();
  };
  const shown = new ResizeObserver(begin);
  shown.observe(root);
  signal.addEventListener("abort", () => shown.disconnect());

  function turner(/** @type {string} */ label, /** @type {number} */ by) {
    return /** @type {HTMLButtonElement} */ (h("button", { type: "button", class: "nps-second", click: () => turn(model.get("number") + by, model.get("themes").indexOf(model.get("theme"))) }, label));
  }
  /** What was typed on the sheet before is saved, as far as it goes; nothing is thrown away. */
  function turn(/** @type {number} */ number, /** @type {number} */ at) {
    model.send({ kind: "sheet_turned", number, theme: at, left: model.get("number"), marks: marks().filter(({ code }) => typed.has(code)) });
  }
  /** What stands on the sheet: nothing where nothing was typed. */
  const marks = () => /** @type {Row[]} */ (model.get("rows")).map(({ code, round }) => ({ code, round, answer: typed.get(code) ?? null }));
  /** The whole sheet, in place of what was entered of it before. */
  function send(empty = false) {
    if (empty) typed.clear();
    if (typed.size || empty) model.send({ kind: "sheet_typed", number: model.get("number"), marks: marks() });
  }
  const show = (/** @type {string} */ code) => {
    const input = inputs.get(code);
    if (input) input.value = typed.has(code) ? "●" : "";
  };
  /** Moves from one row to the next or the one before. */
  const move = (/** @type {string} */ code, /** @type {number} */ by) => {
    const codes = [...inputs.keys()];
    const other = inputs.get(codes[codes.indexOf(code) + by]);
    if (other) other.focus();
    else if (by > 0) save.focus();
    return codes[codes.indexOf(code) + by];
  };
  const type = (/** @type {string} */ code, /** @type {PaperAnswer | null | undefined} */ answer) => {
    if (answer === undefined) typed.delete(code);
    else typed.set(code, answer);
    show(code);
  };
  const field = (/** @type {Row} */ { code, number, name }) => {
    const input = /** @type {HTMLInputElement} */ (h("input", { type: "text", inputmode: "numeric", autocomplete: "off", "aria-describedby": "nps-sheet-keys" }));
    input.addEventListener("beforeinput", (event) => {
      event.preventDefault();
      const answer = keys.answer(event.data);
      setText(problem, keys.wrong(event.data));
      if (answer === undefined && event.data !== " ") return;
      type(code, answer);
      move(code, 1);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        send();
      }
      if (event.key !== "Backspace") return;
      event.preventDefault();
      const back = typed.has(code) ? code : move(code, -1);
      if (back) type(back, undefined);
    });
    inputs.set(code, input);
    show(code);
    return h("li", {}, h("label", {}, h("span", { class: "nps-sheet-number" }, number), h("span", { class: "nps-sheet-name", ...AS_IT_IS }, name), h("span", { class: "nps-sheet-closed" }), input));
  };

  const build = (/** @type {Row[]} */ list) => {
    inputs.clear();
    rows.replaceChildren(...list.map(field));
  };
  root.addEventListener("keydown", (event) => {
    const button = event.key === "PageDown" ? after : event.key === "PageUp" ? before : null;
    if (!button || !model.get("number") || event.target === theme) return;
    event.preventDefault();
    button.click();
  });

  return () => {
    const number = model.get("number");
    const total = model.get("total");
    const list = model.get("rows");
    keys = paperKeys(model.get("levels"));
    const words = `${keys.hint}, space for nothing circled. Backspace goes back, Enter saves. Page Down and Page Up turn to another sheet.`;
    setText(hint, words);
    setText(title, number ? `Sheet ${number} of ${total}` : "Enter a sheet");
    setText(state, number === 0 ? "Nobody is on paper yet. First count people on paper with +." : model.get("entered").includes(number) ? "This sheet was entered before. What you save replaces it." : `${model.get("theme")}, in the order of the sheet`);
    before.disabled = number <= 1;
    after.disabled = number >= total;
    themes.hidden = model.get("themes").length < 2 || number === 0;
    out.hidden = !model.get("entered").includes(number);
    if (theme.length !== model.get("themes").length) theme.replaceChildren(...model.get("themes").map((/** @type {string} */ name) => h("option", {}, name)));
    theme.selectedIndex = model.get("themes").indexOf(model.get("theme"));
    hint.hidden = form.hidden = number === 0;
    if (model.get("turn") !== turnDrawn) {
      turnDrawn = model.get("turn");
      typed.clear();
      build(list);
      due = true;
      requestAnimationFrame(begin);
    } else if ([...inputs.keys()].join() !== list.map(({ code }) => code).join()) {
      const on = [...inputs].find(([, input]) => input === document.activeElement)?.[0];
      build(list); // the agenda was changed: what was typed stays with its topic
      if (on) (inputs.get(on) ?? save).focus();
    }
    list.forEach(({ round }, at) => {
      const row = /** @type {HTMLElement} */ (rows.children[at]);
      row.classList.toggle("nps-closed", round < 0);
      /** @type {HTMLElement} */ (row.querySelector(".nps-sheet-closed")).textContent = round < 0 ? "no vote open" : "";
    });
    sayIn(said, model.get("said"));
    setText(problem, model.get("problem"));
  };
});
