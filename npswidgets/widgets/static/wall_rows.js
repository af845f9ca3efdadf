// Where the rows of the big screen stand, and how large their statements are. In front of wall_board.js. All sizes are in
// pixels of a picture of 1920x1080. What is tried out is a class of the table and the size of its type:
//
// reading     the statements right of the level, over the whole width; no votes
// below       votes right of the level, the statements below them, in the same column
// full        the same, the statements over the whole width
// beside      votes right of the level, the statements around them
// around      the statements right of the level and below it
// run-in      the statements of a level one behind the other, not one below the other
// voted-only  the statements of the levels that have votes
// names-only  no statements

const LARGEST_TYPE = 48;
const SMALLEST_TYPE = 28;
/** From this size up the statements of a level stand below each other, even where one behind the other they could be larger. */
const NEAR = 36;
/** By so much the statements get smaller while people read, again and again, until the votes find room beside them. */
const GIVING_WAY = 2;
/** While people read: the first that is near enough, else the largest. */
const READING = ["reading", "reading run-in", "reading around run-in"];
/** With votes, the first that fits. */
const WITH_VOTES = ["below", "below run-in", "full run-in", "beside run-in"];
/** How much of the height the names of the levels take where nothing else is there; below them stands where to read the rest. */
const FOR_NAMES = 0.9;
const NAMES_ONLY = { classes: "names-only", size: SMALLEST_TYPE };

/** @typedef {{ classes: string, size: number }} Look */
/** @typedef {{ read: Look, standing: number[] }} Plan  how the levels are read, and how high each row is from then on */

/**
 * What to do with the rows of one topic in a box: it remembers where they stand, so that votes move none of them.
 * @param {HTMLElement} root  as high as the rows may be
 */
function wallRows(root) {
  /** @type {HTMLElement} */ let table;
  /** @type {HTMLElement[]} */ let rows = [];
  /** @type {Plan} */ let plan;
  let planned = "";

  const look = (/** @type {Look} */ { classes, size }) => {
    table.className = classes;
    table.style.setProperty("--nps-fit", String(size));
  };
  const heights = () => rows.map((row) => row.getBoundingClientRect().height);
  /** The largest size at which this holds, from `top` down. @param {string} classes @param {number} top @param {() => boolean} holds @returns {Look | null} */
  const largest = (classes, top, holds) => {
    const tried = (/** @type {number} */ size) => (look({ classes, size }), holds());
    if (tried(top)) return { classes, size: top };
    let [fits, large] = [SMALLEST_TYPE, top];
    if (!tried(fits)) return null;
    while (large - fits > 1) {
      const middle = Math.floor((fits + large) / 2);
      if (tried(middle)) fits = middle;
      else large = middle;
    }
    return { classes, size: fits };
  };

  /** The levels as people read them, and the heights with which their votes find room later. @returns {Plan} */
  const makePlan = () => {
    const room = root.clientHeight;
    const spread = (/** @type {number[]} */ needed) => needed.map((height) => height + (room - sumOf(needed)) / rows.length);
    const ways = READING.map((classes) => largest(classes, LARGEST_TYPE, () => sumOf(heights()) <= room)).filter(Boolean);
    const reading = /** @type {Look[]} */ (ways).reduce((/** @type {Look | null} */ best, way) => (best && (best.size >= NEAR || best.size >= way.size) ? best : way), null);
    if (!reading) return { read: NAMES_ONLY, standing: rows.map(() => (FOR_NAMES * room) / rows.length) };
    for (let size = reading.size; size >= SMALLEST_TYPE; size -= GIVING_WAY) {
      for (const way of /** @type {Look[]} */ (ways).filter((way) => way.size >= size)) {
        const read = { ...way, size };
        look(read);
        const needed = heights();
        const both = () => heights().map((height, at) => Math.max(height, needed[at]));
        const votes = firstFit(WITH_VOTES, (classes) => largest(`${classes} planned`, size, () => sumOf(both()) <= room));
        if (votes) return look(votes), { read, standing: spread(both()) };
      }
    }
    look(reading);
    return { read: reading, standing: spread(heights()) };
  };

  return {
    /**
     * Gives each row its height and the statements their size.
     * @param {string} topic  its levels
     * @param {{ shown: boolean, voting: boolean }} moment  whether votes are shown, and whether people vote
     */
    arrange(topic, { shown, voting }) {
      table = /** @type {HTMLElement} */ (root.querySelector("table"));
      if (!table || !root.clientHeight) return;
      rows = [...table.querySelectorAll("tbody tr")].map((row) => /** @type {HTMLElement} */ (row));
      for (const row of rows) row.style.height = "";
      nameLevels(table);
      const now = `${root.clientWidth} ${root.clientHeight} ${topic}`;
      if (now !== planned) [plan, planned] = [makePlan(), now];
      const stays = () => heights().every((height, at) => height <= plan.standing[at] + 0.5);
      const looks = voting ? WITH_VOTES : [...WITH_VOTES, ...WITH_VOTES.map((classes) => `${classes} voted-only`)];
      let chosen = plan.read;
      if (shown && plan.read !== NAMES_ONLY) {
        chosen = firstFit(looks, (classes) => largest(classes, plan.read.size, stays)) ?? (voting ? plan.read : NAMES_ONLY);
      }
      look(chosen);
      root.classList.toggle("nps-elsewhere", plan.read === NAMES_ONLY);
      if (chosen === NAMES_ONLY) nameLevels(table);
      rows.forEach((row, at) => (row.style.height = `${plan.standing[at]}px`));
    },
  };
}

/** The names of the levels are as wide as the widest of them. @param {HTMLElement} table */
function nameLevels(table) {
  table.style.setProperty("--nps-label", "max-content");
  const widths = [...table.querySelectorAll("tbody th")].map((name) => name.getBoundingClientRect().width);
  table.style.setProperty("--nps-label", `calc(${Math.max(...widths)}px + 28 * var(--nps-px))`);
}

/** The first of these that comes to something. @template Result @param {string[]} tried @param {(one: string) => Result | null} act @returns {Result | null} */
function firstFit(tried, act) {
  for (const one of tried) {
    const found = act(one);
    if (found) return found;
  }
  return null;
}

/** @param {number[]} numbers */
function sumOf(numbers) {
  return numbers.reduce((total, one) => total + one, 0);
}
