// The reports: chosen, made by the server, and kept. Traits: see report_files.py; Python writes all of them.
// Asks the server, where the page says (page_addresses.js): GET and POST "reports", GET "reports/<file>", GET "record".

/** @typedef {{ workshop: string, here: boolean, radar: boolean, form: string, form_of: string, nouns: Nouns }} Traits */

/** @typedef {{ format: string, name: string, use: string, state: string, file: string, bytes: number, reason: string }} Format
 *  @typedef {{ id: string, name: string }} Earlier
 *  @typedef {{ formats: Format[], together: { file: string, bytes: number }, earlier: Earlier[], compared: boolean, running: boolean, asked_at: string, step: number, steps: number }} Making */

const ASKED_WHILE_MAKING_MS = 500;
const ASKED_MS = 3000;

export default widget("nps-report-files", (/** @type {Model<Traits, never>} */ model, root, signal) => {
  const pages = pageAddresses();
  const files = pages ? reportFiles(model, signal, pages.reports) : { element: commands(model, "export"), fill: () => {} };
  const answers = copying(model);
  const record = pages
    ? h("p", {}, h("a", { href: pages.record, download: "" }, "Save the workshop file to your council's records"))
    : h("div", {}, h("h2", {}, "Save the workshop file to your council's records"), commands(model, "archive"));
  root.append(
    h("h1", {}, "Make the report"),
    files.element,
    h(
      "section", { class: "nps-keep", "aria-label": "Keep and send" },
      record,
      h("p", { class: "nps-hint" }, "The whole record, without names. Every report can be checked against it, and made again."),
      answers.element,
    ),
  );
  return () => {
    files.fill();
    answers.fill();
  };
});

/** The files: what is asked for, how far it is, what is there. @param {Model<Traits, never>} model @param {AbortSignal} signal @param {string} address */
function reportFiles(model, signal, address) {
  const list = h("ul", {});
  const choice = choices(model);
  const order = () => ({ formats: chosen(), ...choice.chosen() });
  const make = /** @type {HTMLButtonElement} */ (h("button", { type: "button", click: () => ask(order()) }, "Make the report"));
  const bar = /** @type {HTMLProgressElement} */ (h("progress", { "aria-label": "Making the report", hidden: true }));
  const how = h("p", {});
  const together = h("p", { hidden: true });
  const problem = h("div", { class: "nps-problem", role: "alert" });
  /** @type {Map<string, ReturnType<typeof fileRow>>} */ const rows = new Map();
  const chosen = () => [...rows].filter(([, row]) => row.box.checked).map(([format]) => format);
  let timer = 0;
  let asking = false;

  const draw = (/** @type {Making} */ making) => {
    const next = making.running && making.formats.find((one) => ["waiting", "running"].includes(one.state));
    for (const one of making.formats) {
      if (!rows.has(one.format)) {
        const row = fileRow(one, () => (make.disabled = !chosen().length));
        rows.set(one.format, row);
        list.append(row.element);
      }
      rows.get(one.format)?.fill(one, address, making.running, one === next);
    }
    choice.fill(making);
    make.disabled = making.running || !chosen().length;
    bar.hidden = !making.running;
    bar.max = making.steps;
    bar.value = making.step;
    sayIn(how, whatIsUp(making));
    fillTogether(together, making.together, address);
    sayProblem(problem, making.running ? [] : making.formats);
  };

  /** Asks how far it is; with an order it has files made. */
  const ask = async (/** @type {object | null} */ order = null) => {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    const token = pageToken();
    const sent = { method: "POST", headers: { "X-XSRFToken": token }, body: JSON.stringify(order) };
    const answer = await fetch(address, { cache: "no-store", signal, ...(order ? sent : {}) }).catch(() => null);
    const making = answer && answer.ok ? /** @type {Making} */ (await answer.json()) : null;
    asking = false;
    if (making) draw(making);
    else if (order) sayIn(how, "Nothing was made: the workshop does not answer. Try again.");
    if (model.get("here") && !signal.aborted) timer = setTimeout(() => ask(), making?.running ? ASKED_WHILE_MAKING_MS : ASKED_MS);
  };
  signal.addEventListener("abort", () => clearTimeout(timer));

  let here = false;
  return {
    element: h("section", { "aria-label": "Files" }, list, choice.element, h("div", { class: "nps-line" }, make, bar, how), together, problem),
    fill() {
      choice.fill();
      if (model.get("here") && !here) ask();
      here = model.get("here");
    },
  };
}

/** What the report shows besides: an earlier workshop, and the shape of the key areas. @param {Model<Traits, never>} model */
function choices(model) {
  const earlier = /** @type {HTMLSelectElement} */ (h("select", {}, h("option", { value: "" }, "no earlier workshop")));
  const comparing = h("label", { hidden: true }, h("span", {}, "Compare with"), earlier);
  const nothing = h("p", { class: "nps-hint", hidden: true }, "There is no earlier workshop to compare with.");
  const radar = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));
  const shape = h("label", { hidden: true }, radar, "Show the weakest scores as a shape");
  let known = "";
  return {
    element: h("div", { class: "nps-choices" }, comparing, nothing, shape),
    chosen: () => ({ earlier: earlier.value, radar: radar.checked }),
    fill(/** @type {Making | null} */ making = null) {
      shape.hidden = !model.get("radar");
      if (!making) return;
      earlier.disabled = radar.disabled = making.running;
      comparing.hidden = !making.earlier.length;
      nothing.hidden = !!making.earlier.length;
      const there = JSON.stringify(making.earlier);
      if (there === known) return;
      known = there;
      const before = earlier.value;
      replace(earlier, h("option", { value: "" }, "no earlier workshop"), ...making.earlier.map(({ id, name }) => h("option", { value: id }, name)));
      earlier.value = making.earlier.some(({ id }) => id === before) ? before : "";
    },
  };
}

/** A format: whether it is wanted, and its file. @param {Format} format @param {() => void} changed */
function fileRow({ name, use }, changed) {
  const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", checked: true, change: changed }));
  const end = h("span", { class: "nps-end" });
  let drawn = "";
  return {
    box,
    element: h("li", {}, h("label", {}, box, h("span", {}, h("b", {}, capital(name)), ` ${use}`)), end),
    fill(/** @type {Format} */ one, /** @type {string} */ address, /** @type {boolean} */ running, /** @type {boolean} */ now) {
      box.disabled = running;
      const wanted = JSON.stringify([one, now]);
      if (wanted === drawn) return;
      drawn = wanted;
      const label = `Download ${one.name}, ${size(one.bytes)}`;
      const link = h("a", { href: `${address}/${encodeURIComponent(one.file)}`, download: one.file, "aria-label": label }, "Download");
      const states = /** @type {Record<string, any[]>} */ ({ done: [link, ` ${size(one.bytes)}`], failed: ["Not made"], waiting: ["Waiting"], running: ["Waiting"] });
      replace(end, ...(now ? ["Being made"] : one.file || one.state !== "done" ? states[one.state] || [] : ["Gone"]));
    },
  };
}

/** The link to all files in one. @param {HTMLElement} place @param {{ file: string, bytes: number }} made @param {string} address */
function fillTogether(place, made, address) {
  place.hidden = !made.file;
  const words = `Download all files as one, with a page of contents, ${size(made.bytes)}`;
  if (place.hidden || place.dataset.drawn === words) return;
  place.dataset.drawn = words;
  replace(place, h("a", { href: `${address}/${encodeURIComponent(made.file)}`, download: made.file }, words));
}

/** @param {Making} making */
function whatIsUp({ running, formats, compared, asked_at }) {
  if (running) return "Making the report";
  if (!asked_at || !formats.some((one) => one.file)) return "";
  const beside = compared ? ", beside the earlier one" : "";
  return `Ready. The report shows how the workshop stood at ${timeOfDay(new Date(asked_at))}${beside}.`;
}

/** What was not made, and why; and what the files that were made lack. @param {Element} place @param {Format[]} formats */
function sayProblem(place, formats) {
  const failed = formats.filter((one) => one.state === "failed");
  const asked = formats.filter((one) => one.state);
  const together = failed.length > 1 && failed.length === asked.length && new Set(failed.map((one) => one.reason)).size === 1;
  const said = together ? [`Nothing was made: ${sentence(failed[0].reason)}`] : failed.map((one) => `The ${one.name} was not made: ${sentence(one.reason)}`);
  if (failed.length && formats.some((one) => one.file)) said.push("The other files are ready.");
  said.push(...new Set(formats.filter((one) => one.state === "done" && one.reason).map((one) => one.reason)));
  const text = said.join("\n");
  setText(place, text);
}

/** Over plain http there is no clipboard to write to: the text is selected, and copied as by hand. @param {Model<Traits, never>} model */
function copying(model) {
  const text = /** @type {HTMLTextAreaElement} */ (h("textarea", { rows: "6", readonly: true, hidden: true }));
  const copied = h("span", {});
  const button = h("button", { type: "button", class: "nps-second", click: () => copy() });
  const hint = h("p", { class: "nps-hint" });
  const copy = () => {
    text.value = model.get("form");
    text.hidden = false;
    text.select();
    const done = document.execCommand("copy");
    text.hidden = done;
    if (done) button.focus();
    const words = done ? "Copied." : "Press Ctrl and C to copy it.";
    setText(copied, words);
    announce(words);
  };
  const of = () => model.get("form_of");
  return {
    element: h("div", {}, h("div", { class: "nps-line" }, button, copied), text, hint),
    fill() {
      text.setAttribute("aria-label", of() ? `Text for the ${of()} form` : "All answers as text");
      setText(button, of() ? `Copy for ${of()} form` : "Copy as text");
      setText(hint, `Score and comment of each ${model.get("nouns").topic}, as text to paste.${of() ? ` Nothing is sent to the ${of()}.` : ""}`);
    },
  };
}

/** What to enter on the computer that has the workshop. @param {Model<Traits, never>} model @param {string} what */
function commands(model, what) {
  return h("p", {}, h("code", {}, `nps-workshop ${what} ${model.get("workshop")}`));
}

/** @param {string} words */
function sentence(words) {
  return words.replace(/[.\s]*$/, ".");
}

/** "12 kB" or "1.2 MB". @param {number} bytes */
function size(bytes) {
  return bytes < 999_500 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
