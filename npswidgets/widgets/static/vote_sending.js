// A vote on its way to the store: sent until it is answered, kept over a reload of the page, never counted twice.
// In front of vote_pad.js. Reads the traits voter, code, round, opening, topic, voting, saved, taken and refused.

/** @typedef {number | "dont_know" | "not_my_role"} Answer */
/** @typedef {{ voter: string, code: string, round: number, opening: number, topic: string, voting: boolean,
 *   saved: OrEmpty<{ ballot: string, answer: Answer }>, taken: string,
 *   refused: OrEmpty<{ ballot: string, words: string, again: boolean }> }} SendingTraits */
/** @typedef {{ kind: "cast" } & Ballot} SendingMessage */
/** @typedef {{ id: string, code: string, round: number, opening: number, answer: Answer, replaces: string | null }} Ballot */
/** `topic` is what its owner reads of it; `out` whether it may have arrived. @typedef {Ballot & { topic: string, out: boolean }} Sent */

const OTHER_WINDOW = "This page is open in another window. Your last choice counts.";
const RESEND_MS = 3000;
const TROUBLE_MS = 6000;
/** @type {Record<string, string>} */
const OTHER_ANSWERS = { dont_know: "I don't know", not_my_role: "Not part of my role" };

/**
 * What a voter has chosen, and what became of it.
 *
 * chosen: what the radio buttons show. pending: sent, and not answered yet. failed: the store did not take it; it is sent
 * again until it does, quietly, since the bar says so already.
 * note: why a vote was not taken. One vote is on its way at a time; `again` says that another choice waits for its answer.
 * missed: the same of one whose voting is over or was started from zero, and that nobody had answered. It goes out again
 * until somebody does, and for its own voting; what never went out is not sent late.
 * @param {Model<SendingTraits, SendingMessage>} model
 * @param {(words: string) => void} say  to a screen reader
 * @param {(answer: Answer) => string} named
 * @param {AbortSignal} signal
 */
function voteSending(model, say, named, signal) {
  /** @type {{ chosen: Answer | null, pending: Sent | null, failed: Sent | null, note: string, missed: string, again: boolean, since: number }} */
  const now = { chosen: null, pending: null, failed: null, note: "", missed: "", again: false, since: 0 };
  /** @type {Set<string>} */ const mine = new Set();
  let refused = JSON.stringify(model.get("refused"));
  /** @type {string | null} */ let known = model.get("saved").ballot ?? null;

  const saved = () => {
    const { ballot = null, answer = null } = model.get("saved");
    return { ballot, answer };
  };
  const clear = () => Object.assign(now, { chosen: saved().answer, pending: null, failed: null, note: "", again: false });

  const go = (/** @type {Sent} */ { topic, out, ...ballot }) => {
    const went = model.send({ kind: "cast", ...ballot }) !== false;
    if (went && !out) unanswered(model).put({ ...ballot, topic, out: true });
  };
  /** Something else is chosen in its place. */
  const giveUp = () => now.failed && unanswered(model).remove(now.failed.id);
  const send = (/** @type {Sent} */ ballot) => {
    giveUp();
    Object.assign(now, { pending: ballot, failed: null, note: "", again: false, since: performance.now() });
    mine.add(ballot.id);
    unanswered(model).put(ballot);
    go(ballot);
  };
  const miss = (/** @type {Sent} */ { id, answer, topic }, /** @type {string} */ why) => {
    unanswered(model).remove(id);
    now.missed = `Your choice ${shortName(answer)}${topic && ` on ${topic}`}: ${why}`;
    say(now.missed);
  };
  const isHere = (/** @type {Sent} */ one) => /** @type {const} */ (["code", "round", "opening"]).every((name) => one[name] === model.get(name));
  /** Those that are not of the vote here, or that nobody waits for here. */
  const ofBefore = () => unanswered(model).all().filter((one) => !isHere(one) || (one.id !== now.pending?.id && one.id !== now.failed?.id));

  const save = () => {
    now.again = now.pending !== null;
    if (now.chosen === null || now.pending || now.chosen === saved().answer) return;
    const [code, round, opening, topic] = /** @type {const} */ ([model.get("code"), model.get("round"), model.get("opening"), model.get("topic")]);
    send({ id: newId(), code, round, opening, answer: now.chosen, replaces: saved().ballot, topic, out: false });
  };

  const takeRefusal = () => {
    const answer = model.get("refused");
    if (JSON.stringify(answer) === refused) return;
    refused = JSON.stringify(answer);
    const before = ofBefore().find(({ id }) => id === answer.ballot);
    if (before && !answer.again) miss(before, answer.words ?? "");
    const asked = now.pending ?? now.failed;
    if (before || !answer.ballot || asked?.id !== answer.ballot) return;
    Object.assign(now, { pending: null, failed: answer.again ? asked : null, note: answer.again ? "" : answer.words, again: false });
    if (!answer.again) {
      now.chosen = saved().answer;
      unanswered(model).remove(answer.ballot);
    }
    say(answer.words);
  };

  const takeSaved = () => {
    const { ballot, answer } = saved();
    if (ballot === null || answer === null || ballot === known) return;
    if ((now.pending ?? now.failed)?.id === ballot) {
      Object.assign(now, { pending: null, failed: null });
      unanswered(model).remove(ballot);
      say(`Your vote is saved: ${named(answer)}.`);
      if (now.again) save();
    } else if (!now.pending && !mine.has(ballot)) {
      Object.assign(now, { chosen: answer, failed: null, note: now.note || OTHER_WINDOW });
      say(now.note);
    }
  };

  const onDropped = (/** @type {any} */ { detail }) => {
    const one = detail.kind === "cast" && ofBefore().find(({ id, out }) => id === detail.id && !out);
    if (one) miss(one, "it did not reach the workshop in time, so it was not counted.");
  };
  addEventListener("nps:dropped", onDropped, { signal });

  return {
    now,
    save,
    saved: () => saved().answer,
    /** @param {Answer | null} answer */
    choose(answer) {
      giveUp();
      Object.assign(now, { chosen: answer, failed: null, note: "", missed: "", again: false });
    },
    tryAgain: () => now.failed && send({ ...now.failed, replaces: saved().ballot }),
    /** Also when the vote is closed by now: the answer says that it came too late. */
    resend() {
      if (now.pending) go(now.pending);
      if (now.failed) go({ ...now.failed, replaces: saved().ballot });
      ofBefore().forEach(go);
    },
    /** Whether the answer takes so long that the connection must be bad. */
    waiting: () => now.pending !== null && performance.now() - now.since > TROUBLE_MS,
    /** Another vote, or none: nothing is chosen but what is stored, or what a reload of the page interrupted. */
    begin() {
      clear();
      const interrupted = unanswered(model).all().find(isHere);
      if (interrupted && interrupted.id === saved().ballot) unanswered(model).remove(interrupted.id);
      else if (interrupted && model.get("voting")) {
        now.chosen = interrupted.answer;
        send(interrupted);
      }
      ofBefore().forEach((one) => one.out && go(one));
      known = saved().ballot;
    },
    /** The kernel may have answered. */
    take() {
      takeRefusal();
      if (model.get("taken")) unanswered(model).remove(model.get("taken"));
      takeSaved();
      known = saved().ballot;
    },
  };
}

/** The votes of this person that this window keeps until they are answered. @param {Model<SendingTraits, SendingMessage>} model */
function unanswered(model) {
  const kept = keeper(`votes/${model.get("voter")}`);
  const all = () => /** @type {Sent[]} */ (kept.read() ?? []);
  const others = (/** @type {string} */ id) => all().filter((one) => one.id !== id);
  return {
    all,
    put: (/** @type {Sent} */ ballot) => kept.write([...others(ballot.id), ballot]),
    remove: (/** @type {string} */ id) => kept.write(others(id).length ? others(id) : null),
  };
}

/** @param {Answer | null} answer */
function shortName(answer) {
  return typeof answer === "number" ? String(answer) : `“${OTHER_ANSWERS[answer ?? ""]}”`;
}

/** 128 random bits; crypto.randomUUID is missing on plain http. */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
