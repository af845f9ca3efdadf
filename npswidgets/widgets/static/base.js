// In front of every widget's own module: the few functions that all of them share.

/** @typedef {{ fault: string, about: string, scale: "phone" | "desk" | "wall" }} SharedTraits  of every widget: see base.py */
/** @template Dict @typedef {Dict | { [Name in keyof Dict]?: undefined }} OrEmpty  a dictionary that is empty where there is nothing to say */
/** @typedef {{ value: number, name: string, colour: string, dark: string }} NamedLevel  `dark`: its colour on a dark page */
/** @typedef {NamedLevel & { statements: string[], between?: string }} Level  `between`: of a level without words, what it stands between */
/**
 * What stands behind a widget: Python writes its traits, and hears its messages.
 * @template Traits, Message
 * @typedef {object} Model
 * @property {<Name extends keyof (Traits & SharedTraits)>(trait: Name) => (Traits & SharedTraits)[Name]} get
 * @property {(message: Message) => boolean | void} send  false where it has not gone out yet
 * @property {(event: "change", act: () => void) => void} on
 * @property {(event: "change", act: () => void) => void} off
 */

/**
 * Builds an element: h("p", { class: "nps-hint" }, "text"). Children that are strings go in as text, never as markup.
 * An attribute that is a function listens to the event of that name; null, undefined and false are left out.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | number | null | undefined | false)} children
 */
function h(tag, attributes = {}, ...children) {
  return fillElement(document.createElement(tag), attributes, children);
}

/** The same for a part of a drawing. @type {typeof h} */
function svg(tag, attributes = {}, ...children) {
  return /** @type {any} */ (fillElement(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children));
}

/** Puts these into an element, instead of what was there. @param {Element} element @param {...any} children */
function replace(element, ...children) {
  element.replaceChildren();
  fillElement(element, {}, children);
}

/** @param {any} element @param {Record<string, any>} attributes @param {any[]} children */
function fillElement(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child || child === 0));
  return element;
}

/** The attributes of what a browser's translation leaves alone: statements, codes and names. */
const AS_IT_IS = { translate: "no" };

/** The attributes of what is in the colour of a level: the style takes, as --nps-level, the one that can be seen on the page. @param {NamedLevel} level */
function inColours({ colour, dark }, classes = "", style = "") {
  return { class: `nps-of-level ${classes}`.trim(), style: `--nps-light: ${colour}; --nps-dark: ${dark}; ${style}`.trim() };
}

/** A level as people read it; one between two others may have no name. @param {{ value: number, name: string }} level */
function levelName({ value, name }) {
  return `${value} ${name}`.trim();
}

/** What the rubric calls a topic and a level, for one and for many. @typedef {{ topic: string, topics: string, level: string, levels: string }} Nouns */

/** A text as a sentence begins. @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What no text keeps, but tab and line break: the same as `cleaned` of domain/text.py takes out. */
const NOT_STORED = /(?![\t\n])[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/gu;

/** A text as the store keeps it. @param {string} text */
function asStored(text) {
  return text.replace(/\r\n|[\r\v\f\u0085\u2028\u2029]/g, "\n").replace(NOT_STORED, "");
}

/** What was typed into a field, as the store keeps it; the field shows the same. @param {HTMLInputElement | HTMLTextAreaElement} field */
function typedIn(field) {
  const text = asStored(field.value);
  if (text !== field.value) {
    const caret = asStored(field.value.slice(0, field.selectionStart ?? 0)).length;
    field.value = text;
    field.setSelectionRange(caret, caret);
  }
  return field.value;
}

/** Whether a text is saved already; spaces around it are not always kept. @param {string} mine @param {string} saved */
function isSame(mine, saved) {
  return mine.trim() === saved.trim();
}

/**
 * The statements of a level: a paragraph, or a list where there are several. What has a bullet in the source belongs to
 * the statement before it. No browser translates them: everybody judges by the same words. @param {string[]} statements
 */
function sentences(statements) {
  if (statements.length === 1) return h("p", AS_IT_IS, statements[0]);
  const line = (/** @type {string} */ statement) =>
    h("li", { class: statement.startsWith("•") && "nps-inner" }, statement.replace(/^•\s*/, ""));
  return h("ul", AS_IT_IS, ...statements.map(line));
}

/** What our scripts have put where: a page that a browser translates holds other words by then. @type {WeakMap<Element, string>} */
const textsPut = new WeakMap();

/** Gives an element a text, unless it has it already: a screen reader would read it again. @param {Element} element @param {string | undefined} words */
function setText(element, words = "") {
  if (textsPut.get(element) === words) return;
  textsPut.set(element, words);
  element.textContent = words;
}

/** What comes within this time is said in one: a screen reader drops what is said on top of what it says. */
const SAID_TOGETHER_MS = 150;

/** The one place of the page whose words a screen reader says as they come, with those that are to come next. */
function announcer() {
  const there = document.getElementById("nps-announcer") ?? h("div", { id: "nps-announcer", class: "nps-announcer", role: "status" });
  if (!there.isConnected) (document.querySelector("main") ?? document.body).append(there);
  return /** @type {HTMLElement & { next?: string[] }} */ (there);
}

/** Says something to a screen reader, once, behind what it is saying. @param {string} words */
function announce(words) {
  const place = announcer();
  const next = (place.next ??= []);
  if (!words || next.push(words) > 1) return;
  setTimeout(() => {
    const all = next.splice(0).map((one) => one.replace(/[^.?!]$/, "$&."));
    const once = all.filter((one, at) => !all.some((other, there) => other.includes(one) && (other !== one || there < at)));
    place.replaceChildren(h("p", {}, once.join(" ")));
  }, SAID_TOGETHER_MS);
}

/** A text that is seen, and said when it changes. @param {Element} element @param {string | undefined} words @param {(words: string) => string} [said] */
function sayIn(element, words = "", said = (one) => one) {
  const before = textsPut.get(element);
  setText(element, words);
  if (before !== undefined && before !== words && words) announce(said(words));
}

/** Whether somebody can be on it. @param {Element | undefined} element */
function isThere(element) {
  return Boolean(element?.isConnected && element.getClientRects().length && !element.matches(":disabled") && getComputedStyle(element).visibility === "visible");
}

/**
 * Puts the keyboard, where it is on something of this place, back on it after the place was drawn: on what is there
 * instead, or where the page goes on. To be called before drawing; what it gives, after.
 * @param {Element} place
 */
function heldIn(place) {
  const held = place.contains(document.activeElement) ? document.activeElement : null;
  if (!held) return () => {};
  const alike = () => /** @type {HTMLElement[]} */ ([...place.querySelectorAll(held.tagName)]);
  const [before, words, at] = [alike().length, nameIn(held), alike().indexOf(/** @type {HTMLElement} */ (held))];
  return () => {
    if (isThere(held) && document.activeElement === held) return;
    if (document.activeElement !== document.body && document.activeElement !== held) return; // somebody has put it elsewhere
    const now = alike();
    const again = isThere(held) ? held : now.find((one) => isThere(one) && nameIn(one) === words) ?? beside(held) ?? (now.length === before ? now[at] : undefined);
    if (isThere(again)) /** @type {HTMLElement} */ (again).focus({ preventScroll: true });
    else goOn();
  };
}

/** What can be pressed beside a button that cannot be pressed any more, such as + beside −; undefined beside none. @param {Element} held */
function beside(held) {
  return held.isConnected && held.matches(":disabled") ? [...(held.parentElement?.querySelectorAll("button") ?? [])].find(isThere) : undefined;
}

/** By what a control is known. @param {Element} control */
function nameIn(control) {
  return ["aria-label", "type", "value", "data-action"].map((name) => control.getAttribute(name) ?? "").join("|") + control.textContent;
}

/** Puts the keyboard where the page goes on, once what it was on is gone: on its main button, else on its title. */
function goOn(places = ["button.nps-main", ".nps h1", "#screen"]) {
  const all = /** @type {HTMLElement[]} */ (places.flatMap((one) => [...document.querySelectorAll(one)]));
  const on = all.find(isThere);
  if (on && !on.matches("button")) on.tabIndex = -1;
  on?.focus();
}

/**
 * The same model in a notebook, where what is in a model is saved with the notebook: its traits come by messages, which
 * nobody saves. They are asked for when something is drawn.
 * @param {any} saved  the model as Jupyter has it
 * @param {AbortSignal} signal
 * @returns {Promise<Model<any, any>>} when the traits are there
 */
function unsaved(saved, signal) {
  const traits = /** @type {any} */ ({});
  const draws = new Set();
  return new Promise((there) => {
    const hear = (/** @type {any} */ said) => {
      if (said?.kind !== "traits") return;
      Object.assign(traits, said.traits);
      draws.forEach((draw) => draw());
      there({ get: (name) => traits[name], send: (message) => saved.send(message), on: (_, draw) => draws.add(draw), off: (_, draw) => draws.delete(draw) });
    };
    saved.on("msg:custom", hear);
    signal.addEventListener("abort", () => saved.off("msg:custom", hear));
    saved.send({ kind: "drawn" });
  });
}

/**
 * A widget's module. `start` is called once for each view with the model, the root element, and a signal that is
 * aborted when the view goes; it returns the function that draws, which is called then and whenever a trait changes.
 * @template Traits, Message
 * @param {string} name  the class of the root, such as "nps-vote-pad"
 * @param {(model: Model<Traits, Message>, root: HTMLElement, signal: AbortSignal) => () => void} start
 */
function widget(name, start) {
  /** @param {Model<Traits, Message>} model @param {HTMLElement} el @param {AbortSignal} signal */
  const begin = (model, el, signal) => {
    const root = h("div", { class: "nps-body" });
    const fault = h("p", { class: "nps-fault", role: "alert" });
    const draw = start(spoken(model, signal), root, signal);
    const drawAll = () => {
      const onto = heldIn(el);
      el.classList.remove("nps-phone", "nps-desk", "nps-wall");
      el.classList.add("nps", name, `nps-${model.get("scale")}`);
      setText(fault, model.get("fault"));
      draw();
      el.classList.toggle("nps-empty", root.hidden && !model.get("fault"));
      onto();
    };
    announcer();
    el.replaceChildren(fault, root);
    model.on("change", drawAll);
    drawAll();
    signal.addEventListener("abort", () => model.off("change", drawAll));
  };
  return {
    /** @param {{ model: any, el: HTMLElement }} view */
    render({ model, el }) {
      const gone = new AbortController();
      if (model.get("_unsaved")) unsaved(model, gone.signal).then((one) => gone.signal.aborted || begin(one, el, gone.signal));
      else begin(model, el, gone.signal);
      return () => gone.abort();
    },
  };
}

/**
 * The same model, which tells the page by the event "nps:waiting" of each message that has no connection to go by.
 * @template Traits, Message
 * @param {Model<Traits, Message>} line @param {AbortSignal} signal @returns {Model<Traits, Message>}
 */
function spoken(line, signal) {
  let lost = false;
  onConnection((isLost) => (lost = isLost), signal);
  const send = (/** @type {Message} */ message) => {
    const went = line.send(message);
    if (lost) dispatchEvent(new CustomEvent("nps:waiting", { detail: message }));
    return went;
  };
  return { get: (trait) => line.get(trait), send, on: (event, act) => line.on(event, act), off: (event, act) => line.off(event, act) };
}

/**
 * Calls `tell(true)` when the page has lost the workshop, and `tell(false)` when it is back. The page says so by the
 * event "nps:connection" with detail { connected }; the browser's own events say it too, but only for the network.
 * @param {(lost: boolean) => void} tell
 * @param {AbortSignal} signal
 */
function onConnection(tell, signal) {
  const options = { signal };
  let known = false;
  const hear = (/** @type {boolean} */ lost) => lost !== known && tell((known = lost));
  window.addEventListener("nps:connection", (event) => hear(!(/** @type {CustomEvent} */ (event).detail.connected)), options);
  window.addEventListener("offline", () => hear(true), options);
  window.addEventListener("online", () => hear(false), options);
}

/** What was unfolded by this click comes into view, where it opened below the edge of a list. @param {Event} event */
function unfolded(event) {
  const details = /** @type {HTMLElement} */ (event.currentTarget).parentElement;
  requestAnimationFrame(() => details?.hasAttribute("open") && details.scrollIntoView({ block: "nearest" }));
}

/** Whether everybody sees this window: it was the one screen in the room. What would sway people is folded from then on. */
function isShared() {
  return document.body.classList.contains("nps-shared");
}

/**
 * Gives the box the largest size of type, from the first number down to the second (in pixels of a picture of
 * 1920x1080), at which its content fits into the box. Returns false if even the smallest is too large.
 * @param {HTMLElement} box  its size must not depend on its content
 * @param {number} largest
 * @param {number} smallest
 */
function fitText(box, largest, smallest) {
  for (let size = largest; size >= smallest; size -= 1) {
    box.style.setProperty("--nps-fit", String(size));
    if (box.scrollHeight <= box.clientHeight && box.scrollWidth <= box.clientWidth) return true;
  }
  return false;
}

/** After a computer has slept for so long, its clock of milliseconds is behind: it stands still meanwhile. */
const SLEPT_MS = 10_000;
const steady = { slept: 0, at: performance.now(), day: Date.now() };

/** Milliseconds that go on while the computer sleeps, for clocks that ask at least once in a few seconds while it is awake. */
function steadyNow() {
  const [at, day] = [performance.now(), Date.now()];
  const more = day - steady.day - (at - steady.at);
  if (more > SLEPT_MS) steady.slept += more;
  Object.assign(steady, { at, day });
  return at + steady.slept;
}

/** The time of day, as "10:42". @param {Date} time */
function timeOfDay(time) {
  return time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

/** What the browser could not keep for this window: it has no room, or keeps nothing for anybody. @type {Map<string, string>} */
const unkept = new Map();

/** What this window keeps under a name; null for nothing. @param {string} name */
function readKept(name) {
  try {
    return unkept.get(name) ?? sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text over a reload, or where the browser cannot, until then; null forgets it. @param {string} name @param {string | null} text */
function writeKept(name, text) {
  unkept.delete(name);
  try {
    if (text === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, text);
  } catch {
    if (text !== null) unkept.set(name, text);
  }
}

/**
 * Something that this window keeps until it is saved; null forgets it.
 * @param {string} key
 */
function keeper(key) {
  const name = `nps-draft/${key}`;
  return {
    read: () => JSON.parse(readKept(name) || "null"),
    write: (/** @type {any} */ value) => writeKept(name, value === null ? null : JSON.stringify(value)),
  };
}

/**
 * Does something once, a while after the last start, or at once when it is flushed; not at all when it is stopped.
 * @param {() => void} act
 * @param {number} wait  milliseconds
 */
function pause(act, wait) {
  let timer = 0;
  const stop = () => {
    clearTimeout(timer);
    timer = 0;
  };
  const run = () => {
    stop();
    act();
  };
  const start = () => {
    stop();
    timer = setTimeout(run, wait);
  };
  return { start, stop, flush: () => timer && run() };
}
