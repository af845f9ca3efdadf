// What stands behind the widgets of a page: their states as the kernel says them, and what the person says to them. A
// message that cannot be sent is kept in the memory of this page, and sent once.

/** @typedef {Record<string, any>} State */
/** @typedef {{ epoch?: string, revision?: number, states: Record<string, { state: State }> }} States */
/** @typedef {{ epoch?: string, revision?: number }} Seen  of which kernel, and up to which of its changes */

/** What a message is about: one that waits is dropped when any of it is another by then. */
const ABOUT = ["about", "workshop", "voter", "code", "round", "opening", "saved", "moment"];
const MOST_WAITING = 50;
/** What is said of a press that was dropped. */
const DROPPED = "You were not connected when you pressed, and things have changed since. This press did nothing: look again, then press again.";
/** Of these the widget says itself what becomes of them, or they only lead to another place. */
const UNTOLD = ["cast", "reason", "look", "next", "look_at", "looked_at", "menu_chosen", "writing", "note_typed", "action_typed", "reason_typed", "score_chosen"];
/** What takes the facilitator elsewhere: a press of a moment that waits behind it was for what is there no more by then. */
const TURNING = ["pressed", "menu_chosen", "looked_at", "break_asked"];
/** What a widget says again by itself until it is answered; every other message is a press of its own. */
const REPEATED = ["cast", "reason", "look"];
/** For so long such a message is not sent again after those that waited. */
const JUST_SENT_MS = 1000;

/** A widget's model, with what our scripts use of anywidget's. */
class ScreenModel {
  /** @param {string} id @param {(id: string, content: any) => boolean} say */
  constructor(id, say) {
    this.id = id;
    /** @type {State} */ this.state = {};
    /** @type {Map<string, Set<() => void>>} */ this.listeners = new Map();
    /** Whether it went out at once. */
    this.send = (/** @type {any} */ content) => say(id, content);
  }

  /** @param {string} name */
  get(name) {
    return this.state[name];
  }

  /** @param {string} event  "change", or "change:" and the name of a trait @param {() => void} act */
  on(event, act) {
    const acts = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, acts.add(act));
  }

  /** @param {string} event @param {() => void} act */
  off(event, act) {
    this.listeners.get(event)?.delete(act);
  }

  /** @param {State} state  traits with their values */
  fill(state) {
    const changed = Object.keys(state).filter((name) => JSON.stringify(state[name]) !== JSON.stringify(this.state[name]));
    Object.assign(this.state, state);
    for (const event of [...changed.map((name) => `change:${name}`), ...(changed.length ? ["change"] : [])])
      for (const act of [...(this.listeners.get(event) ?? [])]) {
        try {
          act();
        } catch (fault) {
          console.error(fault); // the others go on
        }
      }
  }

  about() {
    return JSON.stringify(ABOUT.map((name) => this.state[name]));
  }
}

/** Whether this press stands there once more, such as a double click. @param {{ id: string, content: any }[]} all @param {number} at */
function isAgain(all, at) {
  const { id, content } = all[at];
  return Boolean(content.moment) && all.slice(0, at).some((one) => one.id === id && one.content.action === content.action);
}

/** All models of a page. @param {(id: string, content: any) => boolean} say  to the kernel; false where nobody hears it */
function screenModels(say) {
  /** @type {Map<string, ScreenModel>} */ const models = new Map();
  /** @type {{ key: string, id: string, content: any, about: string }[]} */ let waiting = [];
  /** @type {Set<string>} */ const justSent = new Set();
  /** Whose last press was dropped. @type {Set<string>} */ const told = new Set();
  /** @type {Seen} */ let seen = {};

  const of = (/** @type {string} */ id) => {
    const one = models.get(id) ?? new ScreenModel(id, send);
    models.set(id, one);
    return one;
  };
  const send = (/** @type {string} */ id, /** @type {any} */ content) => {
    if (told.delete(id)) of(id).fill({ fault: "" });
    const key = REPEATED.includes(content.kind) ? JSON.stringify([id, content]) : "";
    if (justSent.has(key) || say(id, content)) return true;
    const waits = key !== "" && waiting.some((one) => one.key === key);
    if (!waits && waiting.length < MOST_WAITING) waiting.push({ key, id, content, about: of(id).about() });
    return false;
  };

  const drop = (/** @type {string} */ id, /** @type {any} */ content) => {
    dispatchEvent(new CustomEvent("nps:dropped", { detail: content }));
    if (UNTOLD.includes(content.kind)) return;
    of(id).fill({ fault: DROPPED });
    told.add(id);
  };

  return {
    of,
    has: (/** @type {string} */ id) => models.has(id),
    seen: () => seen,
    /** @param {States} told */
    take(told) {
      seen = { epoch: told.epoch, revision: told.revision };
      for (const id of Object.keys(told.states)) of(id).fill(told.states[id].state);
    },
    /** One change. @param {string} id @param {State} state @param {number | undefined} revision  if all before are known */
    change(id, state, revision) {
      if (revision !== undefined) seen = { ...seen, revision };
      of(id).fill(state);
    },
    /** Sends what waits, now that the page knows all that the kernel does; the event "nps:dropped" says what is not sent. */
    sendWaiting() {
      const kept = waiting;
      waiting = [];
      const turned = (/** @type {any} */ content, /** @type {number} */ at) => kept.slice(0, at).some((one) => TURNING.includes(one.content.kind) && content.moment);
      for (const [at, { key, id, content, about }] of kept.entries()) {
        if (about === of(id).about() && !turned(content, at)) {
          send(id, content);
          if (key) justSent.add(key);
        } else if (!isAgain(kept, at)) drop(id, content);
      }
      setTimeout(() => justSent.clear(), JUST_SENT_MS);
    },
  };
}
