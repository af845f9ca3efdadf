// Where the room is, what to say, and what comes next. Traits: see now_panel.py; Python writes all of them.
// Sends { kind: "pressed", action, moment }, { kind: "paper_counted", by }, { kind: "paper_asked", open },
// { kind: "phones_taken_out", number } and { kind: "reason_chosen", code, number, show }.

/** @typedef {{ label: string, since: string, elapsed: number }} Clock */
/** @typedef {{ in: number, of: number, words: string }} Count */
/** @typedef {{ words: string, lines: string[], enter: string, sheet: string, fewer: boolean, unseen: string, gone: number, waiting: string[] }} People */
/** @typedef {{ answer: string, text: string, shown: boolean, session?: string }} Reason */
/** @typedef {{ title: string, hint: string, code: string, rows: Reason[] }} Reasons */
/** @typedef {{ title: string, lines: string[], unfolded: boolean }} Time */
/** @typedef {{ action: string, label: string }} Button */
/** @typedef {{ moment: string, word: string, clock: OrEmpty<Clock>, count: OrEmpty<Count>, people: OrEmpty<People>, verdict: string,
 *   lines: string[], starting: string[], starting_title: string, reasons: OrEmpty<Reasons>, time: OrEmpty<Time>, figures: string[], unfolded: boolean,
 *   levels: OrEmpty<{ title: string, rows: Level[] }>, why: string, main: OrEmpty<Button>,
 *   others: Button[], problem: string, announce: string }} Traits */
/** @typedef {{ kind: "pressed", action: string, moment: string }
 *   | { kind: "paper_counted", by: -1 | 1 }
 *   | { kind: "paper_asked", open: boolean }
 *   | { kind: "menu_chosen", action: "sheets", session: "" }
 *   | { kind: "phones_taken_out", number: number }
 *   | { kind: "reason_chosen", code: string, number: number, show: boolean }} Message */

/** After a change the buttons are deaf for as long as a hand needs to notice it. */
const DEAF_MS = 700;
const PRESSED_OFFLINE = "Not connected, so this press did nothing. We keep trying.";
/** A screen reader hears every sixth vote, and the last. */
const HEARD_VOTES = 6;
/** After so long nobody votes or talks: a workshop was opened again. */
const LONGEST_SECONDS = 6000;

export default widget("nps-now-panel", (/** @type {Model<Traits, Message>} */ model, root, signal) => {
  const word = h("h2", {});
  const clock = h("span", { class: "nps-clock", "aria-hidden": "true" });
  const count = h("div", { class: "nps-count" });
  const people = peopleBlock(model);
  const verdict = h("p", { class: "nps-verdict" });
  const lines = h("div", { class: "nps-lines" });
  const judged = h("summary", {}, "What the votes say");
  const judgement = /** @type {HTMLDetailsElement} */ (h("details", { class: "nps-judgement", open: true }, judged, verdict, lines));
  const starting = fold("");
  const reasons = reasonList(model);
  const figures = fold("More figures");
  const time = fold("Time");
  const levels = fold("", levelInFull);
  const why = fold("Why it is important");
  for (const one of [time, why]) one.element.classList.add("nps-plain");
  const problem = h("p", { class: "nps-problem", role: "alert" });
  const main = h("button", { type: "button", class: "nps-main" });
  const others = h("div", { class: "nps-others" });
  root.append(
    h("div", { class: "nps-info" }, h("div", { class: "nps-top" }, word, clock), count, people.element, judgement, reasons.element, starting.element, figures.element, time.element, levels.element, why.element),
    problem, main, others,
  );

  let moment = "";
  let hearing = 0;
  const press = (/** @type {string} */ action) => {
    if (!("deaf" in root.dataset)) model.send({ kind: "pressed", action, moment: model.get("moment") });
  };
  // A click without a connection would be heard when that is back, and surprise the room.
  const mark = () => root.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", String("lost" in root.dataset)));
  onConnection((lost) => {
    root.toggleAttribute("data-lost", lost);
    setText(problem, model.get("problem"));
    mark();
  }, signal);
  const swallow = (/** @type {any} */ event) => {
    if (!("lost" in root.dataset) || !event.target.closest("button")) return;
    event.stopPropagation();
    setText(problem);
    setText(problem, PRESSED_OFFLINE);
  };
  root.addEventListener("click", swallow, { capture: true });
  main.addEventListener("click", () => press(model.get("main").action ?? ""));

  /** What the server's clock said, and when: this computer's own may be wrong. */
  let counted = { clock: "", from: 0 };
  const tick = () => {
    const now = model.get("clock");
    if (counted.clock !== JSON.stringify(now)) counted = { clock: JSON.stringify(now), from: steadyNow() };
    clock.textContent = elapsed(now, (steadyNow() - counted.from) / 1000);
  };
  const ticking = setInterval(tick, 1000);
  signal.addEventListener("abort", () => {
    clearInterval(ticking);
    clearTimeout(hearing);
  });

  /** On a screen that everybody sees, what the votes say is there for whoever asks, once for each vote. */
  const foldJudgement = (/** @type {boolean} */ votes) => {
    const quiet = isShared() && votes;
    judged.hidden = !quiet;
    judgement.hidden = !model.get("verdict") && !model.get("lines").length;
    if (judgement.dataset.drawn !== `${model.get("moment")} ${quiet}`) judgement.open = !quiet;
    judgement.dataset.drawn = `${model.get("moment")} ${quiet}`;
  };

  /** What a screen reader was told last, of the room and of the votes. */
  const told = { room: model.get("announce"), votes: heard(model.get("count")) };
  const tell = () => {
    const { room, votes } = told;
    told.room = model.get("announce");
    told.votes = heard(model.get("count")) ?? votes;
    if (told.room !== room) announce(told.room);
    if (told.votes !== votes) announce(told.votes ?? "");
  };

  const draw = () => {
    if (moment && moment !== model.get("moment")) {
      root.dataset.deaf = "";
      clearTimeout(hearing);
      hearing = setTimeout(() => delete root.dataset.deaf, DEAF_MS);
    }
    moment = model.get("moment");
    setText(word, model.get("word"));
    tick();
    drawCount(count, model.get("count"));
    people.fill();
    setText(verdict, model.get("verdict"));
    lines.replaceChildren(...model.get("lines").map((/** @type {string} */ line) => h("p", {}, line)));
    reasons.draw();
    foldJudgement(model.get("verdict") !== "");
    starting.fill(model.get("starting"), model.get("unfolded") && !isShared(), model.get("starting_title"));
    figures.fill(model.get("figures"), false);
    time.fill(model.get("time").lines || [], model.get("time").unfolded === true, model.get("time").title);
    levels.fill(model.get("levels").rows ?? [], false, model.get("levels").title);
    why.fill(model.get("why") ? [model.get("why")] : [], false);
    if (!("lost" in root.dataset)) setText(problem, model.get("problem"));
    main.hidden = !model.get("main").action;
    setText(main, model.get("main").label || "");
    drawOthers(others, main, model.get("others"), press);
    mark();
    tell();
  };
  window.addEventListener("nps:shared", draw, { signal });
  return draw;
});

/** "4 reasons": folded until somebody opens it, lowest level first; one click puts one on the big screen. @param {Model<Traits, Message>} model */
function reasonList(model) {
  const title = h("summary", { click: unfolded });
  const inside = h("div", {});
  const element = h("details", { class: "nps-reasons" }, title, inside);
  let [drawn, shownBefore] = ["", ""];
  /** @type {string | undefined} */ let code;
  const row = (/** @type {Reason} */ reason, /** @type {number} */ number) => {
    const show = !reason.shown;
    const click = () => model.send({ kind: "reason_chosen", code: model.get("reasons").code ?? "", number, show });
    if (reason.session) return h("li", {}, h("p", {}, h("b", {}, reason.session, `, ${reason.answer}: `), reason.text));
    const label = show ? "Show on the screen" : "Hide from the screen";
    return h("li", {}, h("p", {}, h("b", {}, `${reason.answer}: `), reason.text), h("button", { type: "button", class: "nps-link", "data-number": number, click }, label));
  };
  return {
    element,
    draw() {
      const now = model.get("reasons");
      element.hidden = !now.title;
      setText(title, now.title || "");
      if (JSON.stringify(now) === drawn) return;
      drawn = JSON.stringify(now);
      const onScreen = now.rows?.find(({ shown }) => shown)?.text ?? "";
      if (now.code === code && onScreen !== shownBefore) announce(onScreen ? "The reason is on the big screen." : "No reason is on the big screen.");
      [code, shownBefore] = [now.code, onScreen];
      const focused = inside.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.number : null;
      inside.replaceChildren(h("p", { class: "nps-hint" }, now.hint || ""), h("ul", {}, ...(now.rows || []).map(row)));
      if (focused) /** @type {HTMLElement | null} */ (inside.querySelector(`[data-number="${focused}"]`))?.focus();
    },
  };
}

/** Who is in the room, and the buttons that put it right. @param {Model<Traits, Message>} model */
function peopleBlock(model) {
  const words = h("p", {});
  const lines = h("div", { class: "nps-ways" });
  const count = (/** @type {-1 | 1} */ by, /** @type {string} */ sign, /** @type {string} */ label) =>
    h("button", { type: "button", class: "nps-second", "aria-label": label, title: label, click: () => model.send({ kind: "paper_counted", by }) }, sign);
  const fewer = count(-1, "−", "One fewer on paper");
  const more = count(1, "+", "One more on paper");
  const enter = h("button", { type: "button", class: "nps-second", click: () => model.send({ kind: "paper_asked", open: true }) });
  const sheet = h("button", { type: "button", class: "nps-second", click: () => model.send({ kind: "menu_chosen", action: "sheets", session: "" }) });
  const waiting = fold("Still to vote");
  const unseen = h("span", {});
  const takeOut = h("button", { type: "button", class: "nps-second", click: () => model.send({ kind: "phones_taken_out", number: model.get("people").gone ?? 0 }) }, "Take out of count");
  const gone = h("div", { class: "nps-unseen-phones" }, unseen, takeOut);
  const element = h("div", { class: "nps-people" }, h("div", { class: "nps-room" }, words, fewer, more), lines, waiting.element, enter, sheet, gone);
  return {
    element,
    fill: () => {
      const now = model.get("people");
      element.hidden = !now.words;
      setText(words, now.words || "");
      /** @type {HTMLButtonElement} */ (fewer).disabled = !now.fewer;
      lines.replaceChildren(...(now.lines || []).map((/** @type {string} */ line) => h("p", {}, line)));
      waiting.fill(now.waiting || [], false, `${(now.waiting || []).length} still to vote`);
      enter.hidden = !now.enter;
      setText(enter, now.enter || "");
      sheet.hidden = !now.sheet;
      setText(sheet, now.sheet || "");
      gone.hidden = !now.unseen;
      setText(unseen, now.unseen || "");
    },
  };
}

/** A level with its statements. @param {Level} level */
function levelInFull(level) {
  return h("div", {}, h("h3", {}, levelName(level)), sentences(level.statements));
}

/**
 * A part that is folded until somebody opens it, and then stays as that person left it.
 * @template Line
 * @param {string} title @param {(line: Line) => HTMLElement} drawLine
 */
function fold(title, drawLine = (line) => h("p", {}, h("bdi", {}, /** @type {any} */ (line)))) {
  const summary = h("summary", {}, title);
  const inside = h("div", {});
  const element = /** @type {HTMLDetailsElement} */ (h("details", {}, summary, inside));
  /** @type {boolean | null} */ let chosen = null;
  summary.addEventListener("click", (/** @type {Event} */ event) => ((chosen = !element.open), unfolded(event)));
  let drawn = "";
  return {
    element,
    fill: (/** @type {Line[]} */ lines, /** @type {boolean} */ open, words = title) => {
      element.hidden = lines.length === 0;
      setText(summary, words);
      element.open = chosen ?? open;
      if (JSON.stringify(lines) !== drawn) inside.replaceChildren(...lines.map(drawLine));
      drawn = JSON.stringify(lines);
    },
  };
}

/** @param {HTMLElement} place @param {OrEmpty<Count>} count */
function drawCount(place, count) {
  place.hidden = !count.words;
  if (!count.words) return;
  const dots = "●".repeat(count.in || 0) + "○".repeat((count.of || 0) - (count.in || 0));
  place.replaceChildren(h("p", {}, count.words), h("p", { class: "nps-dots", "aria-hidden": "true" }, dots));
}

/** What is said of the votes that came in; null for nothing new. @param {OrEmpty<Count>} count */
function heard(count) {
  if (!count.words) return "";
  return count.in === count.of || (count.in || 0) % HEARD_VOTES === 0 ? count.words : null;
}

/** Draws the other buttons; whoever stood on one that goes is put on the main one.
 * @param {HTMLElement} place @param {HTMLElement} main @param {Button[]} others @param {(action: string) => void} press */
function drawOthers(place, main, others, press) {
  const now = JSON.stringify(others);
  if (place.dataset.drawn === now) return;
  place.dataset.drawn = now;
  const focused = place.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.action : null;
  place.replaceChildren(
    ...others.map(({ action, label }) => h("button", { type: "button", class: "nps-second", "data-action": action, click: () => press(action) }, label)),
  );
  if (focused) /** @type {HTMLElement} */ (place.querySelector(`[data-action="${focused}"]`) || main).focus();
}

/** "talk 0:12"; nothing once it is no talk any more. @param {OrEmpty<Clock>} clock @param {number} more  seconds since it was drawn */
function elapsed(clock, more) {
  if (!clock.since) return "";
  const seconds = Math.max(0, Math.floor((clock.elapsed ?? 0) + more));
  if (seconds >= LONGEST_SECONDS) return "";
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return [clock.label, time].filter(Boolean).join(" ");
}
