// What stands on paper, typed by one key each. In front of the modules of paper votes and of sheets.

/** @typedef {number | "dont_know" | "not_my_role"} PaperAnswer */

/**
 * The keys of a scale: what each stands for, and the sentence that names them. A level is its own digit, and 10 is key 0.
 * The other answers are the letters D and N; where neither is a level they are 0 and 9, too, and these are named.
 * @param {number[]} levels lowest first @returns {{ hint: string, answer: (key: string | null) => PaperAnswer | undefined,
 *   wrong: (key: string | null) => string }}  `wrong`: what to say of a key that stands for nothing
 */
function paperKeys(levels) {
  const digits = levels.map((level) => String(level).slice(-1));
  const [unsure, notMine] = digits.includes("0") || digits.includes("9") ? ["D", "N"] : ["0", "9"];
  /** @type {Map<string, PaperAnswer>} */ const answers = new Map([["D", "dont_know"], ["N", "not_my_role"], [unsure, "dont_know"], [notMine, "not_my_role"]]);
  levels.forEach((level, at) => answers.set(digits[at], level));
  const last = levels.at(-1) === 10 ? "9 and 0 for 10" : levels.at(-1);
  return {
    hint: levels.length ? `Keys ${levels[0]} to ${last}, ${unsure} for “I don't know”, ${notMine} for “not part of my role”` : "",
    wrong: (key) => (key?.trim() && !answers.has(key.toUpperCase()) ? `There is no “${key.trim()}”. Keys ${levels[0]} to ${last}, ${unsure} and ${notMine}.` : ""),
    answer: (key) => answers.get((key ?? "").toUpperCase()),
  };
}
