// What stands on paper, typed by one key each. In front of the modules of paper votes and of sheets.

/** @typedef {number | "dont_know" | "not_my_role"} PaperAnswer */

/**
 * The keys of a scale: what each stands for, and the sentence that names them. A level is its own digit, and 10 is key 0.
 * The other answers are 0 and 9, or the letters D and N where one of these is a level.
 * @param {number[]} levels lowest first @returns {{ hint: string, answer: (key: string | null) => PaperAnswer | undefined }}
 */
function paperKeys(levels) {
  const digits = levels.map((level) => String(level).slice(-1));
  const [unsure, notMine] = digits.includes("0") || digits.includes("9") ? ["D", "N"] : ["0", "9"];
  /** @type {Map<string, PaperAnswer>} */ const answers = new Map([[unsure, "dont_know"], [notMine, "not_my_role"]]);
  levels.forEach((level, at) => answers.set(digits[at], level));
  const last = levels.at(-1) === 10 ? "9 and 0 for 10" : levels.at(-1);
  return {
    hint: levels.length ? `Keys ${levels[0]} to ${last}, ${unsure} for “I don't know”, ${notMine} for “not part of my role”` : "",
    answer: (key) => answers.get((key ?? "").toUpperCase()),
  };
}
