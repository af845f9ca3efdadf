// What stands on paper, typed by one key each. In front of the modules of paper votes and of sheets.

/** @typedef {number | "dont_know" | "not_my_role"} PaperAnswer */

const PAPER_KEYS = "Keys 1 to 5, 0 for “I don't know”, 9 for “not part of my role”";

/** What a key stands for; a level stands for itself, undefined for no answer. @param {string | null} key @returns {PaperAnswer | undefined} */
function paperAnswer(key) {
  if (key === "0") return "dont_know";
  if (key === "9") return "not_my_role";
  return /^[1-5]$/.test(key ?? "") ? Number(key) : undefined;
}
