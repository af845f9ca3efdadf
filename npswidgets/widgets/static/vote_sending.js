// A vote on its way to the store: sent until it is answered, kept over a reload of the page, never counted twice.
// In front of vote_pad.js. Reads the traits voter, code, round, voting, saved and refused.

/** @typedef {number | "dont_know" | "not_my_role"} Answer */
/** @typedef {{ voter: string, code: string, round: number, voting: boolean, saved: OrEmpty<{ ballot: string, answer: Answer }>,
 *   refused: OrEmpty<{ ballot: string, words: string, again: boolean }> }} SendingTraits */
/** @typedef {{ kind: "cast" } & Ballot} SendingMessage */
/** @typedef {{ id: string, code: string, round: number, answer: Answer, replaces: string | null }} Ballot */

const OTHER_WINDOW = "This page is open in another window. Your last choice counts.";
const RESEND_MS = 3000;
const TROUBLE_MS = 6000;

/**
 * What a voter has chosen, and what became of it.
 *
 * chosen: what the radio buttons show. pending: sent, and not answered yet. failed: answered with "try again".
 * note: why a vote was not taken. One vote is on its way at a time; `again` says that another choice waits for its answer.
 * @param {Model<SendingTraits, SendingMessage>} model
 * @param {(words: string) => void} say  to a screen reader
 * @param {(answer: Answer) => string} named
 */
function voteSending(model, say, named) {
  /** @type {{ chosen: Answer | null, pending: Ballot | null, failed: Ballot | null, note: string, again: boolean, since: number }} */
  const now = { chosen: null, pending: null, failed: null, note: "", again: false, since: 0 };
  /** @type {Set<string>} */ const mine = new Set();
  let refused = JSON.stringify(model.get("refused"));
  /** @type {string | null} */ let known = model.get("saved").ballot ?? null;

  const saved = () => {
    const { ballot = null, answer = null } = model.get("saved");
    return { ballot, answer };
  };
  const clear = () => Object.assign(now, { chosen: saved().answer, pending: null, failed: null, note: "", again: false });

  const send = (/** @type {Ballot} */ ballot) => {
    Object.assign(now, { pending: ballot, failed: null, note: "", again: false, since: performance.now() });
    mine.add(ballot.id);
    keep(model, ballot);
    model.send({ kind: "cast", ...ballot });
  };

  const save = () => {
    now.again = now.pending !== null;
    if (now.chosen === null || now.pending || now.chosen === saved().answer) return;
    send({ id: newId(), code: model.get("code"), round: model.get("round"), answer: now.chosen, replaces: saved().ballot });
  };

  const takeRefusal = () => {
    const answer = model.get("refused");
    if (JSON.stringify(answer) === refused) return;
    refused = JSON.stringify(answer);
    if (!answer.ballot || now.pending?.id !== answer.ballot) return;
    const failed = answer.again ? now.pending : null;
    Object.assign(now, { pending: null, failed, note: answer.again ? "" : answer.words, again: false });
    if (!answer.again) now.chosen = saved().answer;
    keep(model, null);
    say(answer.words);
  };

  const takeSaved = () => {
    const { ballot, answer } = saved();
    if (ballot === null || answer === null || ballot === known) return;
    if (now.pending?.id === ballot) {
      now.pending = null;
      keep(model, null);
      say(`Your vote is saved: ${named(answer)}.`);
      if (now.again) save();
    } else if (!now.pending && !mine.has(ballot)) {
      Object.assign(now, { chosen: answer, failed: null, note: now.note || OTHER_WINDOW });
      say(now.note);
    }
  };

  return {
    now,
    save,
    saved: () => saved().answer,
    /** @param {Answer | null} answer */
    choose: (answer) => Object.assign(now, { chosen: answer, failed: null, note: "", again: false }),
    tryAgain: () => now.failed && send({ ...now.failed, replaces: saved().ballot }),
    resend: () => now.pending && model.get("voting") && model.send({ kind: "cast", ...now.pending }),
    /** Whether the answer takes so long that the connection must be bad. */
    waiting: () => now.pending !== null && performance.now() - now.since > TROUBLE_MS,
    /** Another vote, or none: nothing is chosen but what is stored, or what a reload of the page interrupted. */
    begin() {
      clear();
      const interrupted = model.get("voting") ? kept(model) : null;
      if (interrupted && interrupted.id !== saved().ballot) {
        now.chosen = interrupted.answer;
        send(interrupted);
      }
      known = saved().ballot;
    },
    /** The kernel may have answered. */
    take() {
      takeRefusal();
      takeSaved();
      known = saved().ballot;
    },
  };
}

/** @param {Model<SendingTraits, SendingMessage>} model */
function keptAs(model) {
  return `nps-vote ${model.get("voter")} ${model.get("code")} ${model.get("round")}`;
}

/** Keeps a vote in this window until it is answered; null forgets it. @param {Model<SendingTraits, SendingMessage>} model @param {Ballot | null} ballot */
function keep(model, ballot) {
  writeKept(keptAs(model), ballot && JSON.stringify(ballot));
}

/** @param {Model<SendingTraits, SendingMessage>} model @returns {Ballot | null} */
function kept(model) {
  return JSON.parse(readKept(keptAs(model)) || "null");
}

/** 128 random bits; crypto.randomUUID is missing on plain http. */
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
