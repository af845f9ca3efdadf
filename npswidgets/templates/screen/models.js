// What stands behind the widgets of a page: their states as the kernel says them, and what the person says to them. A
// message that cannot be sent is kept in the memory of this page, and sent once.

/** @typedef {Record<string, any>} State */
/** @typedef {{ epoch?: string, revision?: number, states: Record<string, { state: State }> }} States */
/** @typedef {{ epoch?: string, revision?: number }} Seen  of which kernel, and up to which of its changes */

/** What a message is about: one that waits is dropped when any of it is another by then. */
const ABOUT = ["workshop", "voter", "code", "round", "saved", "moment"];
const MOST_WAITING = 50;
/** For so long the same message is not sent again after those that waited: a widget may say it once more by itself. */
const JUST_SENT_MS = 1000;

/** A widget's model, with what our scripts use of anywidget's. */
class ScreenModel {
  /** @param {string} id @param {(id: string, content: any) => void} say */
  constructor(id, say) {
    this.id = id;
    /** @type {State} */ this.state = {};
    /** @type {Map<string, Set<() => void>>} */ this.listeners = new Map();
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

/** All models of a page. @param {(id: string, content: any) => boolean} say  to the kernel; false where nobody hears it */
function screenModels(say) {
  /** @type {Map<string, ScreenModel>} */ const models = new Map();
  /** @type {Map<string, { id: string, content: any, about: string }>} */ const waiting = new Map();
  /** @type {Set<string>} */ const justSent = new Set();
  /** @type {Seen} */ let seen = {};

  const of = (/** @type {string} */ id) => {
    const one = models.get(id) ?? new ScreenModel(id, send);
    models.set(id, one);
    return one;
  };
  const send = (/** @type {string} */ id, /** @type {any} */ content) => {
    const key = JSON.stringify([id, content]);
    if (justSent.has(key) || say(id, content)) return;
    if (!waiting.has(key) && waiting.size < MOST_WAITING) waiting.set(key, { id, content, about: of(id).about() });
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
    /** Sends what waits, now that the page knows all that the kernel does. */
    sendWaiting() {
      const kept = [...waiting];
      waiting.clear();
      for (const [key, { id, content, about }] of kept) {
        if (about !== of(id).about()) continue;
        send(id, content);
        justSent.add(key);
      }
      setTimeout(() => justSent.clear(), JUST_SENT_MS);
    },
  };
}
