// The top of every page. Traits: see topic_heading.py; Python writes all of them.

/** @typedef {{ place: string, title: string, description: string, status: string, note: string, named: boolean, quote: string, corner: string, page: string,
 *   moment: string }} Traits */

const PATIENCE_MS = 5000;
/** Sizes on the wall, and how many lines a text takes there; what is longer takes the smallest size. */
const TITLE = { largest: 96, smallest: 64, lines: () => 2 };
const LONG_TITLE = { largest: 63, smallest: 40, lines: () => 3 };
const ADDRESS = { largest: 56, smallest: 24, lines: (/** @type {number} */ size) => (size > 40 ? 1 : 2) };
/** The type of a quote, which lies over the title. */
const [LARGEST_QUOTE, SMALLEST_QUOTE] = [64, 20];

export default widget("nps-topic-heading", (/** @type {Model<Traits, never>} */ model, root, signal) => {
  const reconnecting = h("span", { class: "nps-reconnecting", hidden: true }, "Reconnecting");
  let patience = 0;
  onConnection((lost) => {
    clearTimeout(patience);
    if (lost) patience = setTimeout(() => (reconnecting.hidden = false), PATIENCE_MS);
    else reconnecting.hidden = true;
  }, signal);
  signal.addEventListener("abort", () => clearTimeout(patience));

  /** On the wall a title takes two lines at most, unless it is very long; and the way in stays in its corner. */
  const fit = () => {
    if (model.get("scale") !== "wall") return;
    const [title, address] = /** @type {(HTMLElement | null)[]} */ (["h1", ".nps-corner > :first-child"].map((one) => root.querySelector(one)));
    if (title && !fitLines(title, TITLE)) fitLines(title, LONG_TITLE);
    if (address) fitLines(address, ADDRESS);
    const quote = /** @type {HTMLElement | null} */ (root.querySelector("blockquote"));
    if (quote) fitText(quote, LARGEST_QUOTE, SMALLEST_QUOTE);
  };
  const sizes = new ResizeObserver(fit);
  sizes.observe(root);
  signal.addEventListener("abort", () => sizes.disconnect());

  let [moment, page] = ["", ""];
  return () => {
    const came = moment !== "" && model.get("moment") !== moment;
    const held = root.contains(document.activeElement);
    moment = model.get("moment");
    if (model.get("page") && model.get("page") !== page) {
      if (!page && model.get("scale") !== "wall") announce(`The page has opened. ${model.get("page")}`);
      document.title = page = model.get("page");
    }
    const words = (/** @type {"description" | "note" | "status"} */ trait, /** @type {string} */ tag) =>
      model.get(trait) && h(tag, { class: `nps-${trait}` }, model.get(trait));
    const onWall = model.get("scale") === "wall"; // there the title and what is below it need the height
    root.hidden = !model.get("title");
    replace(
    root,
      h("p", { class: "nps-top" }, h("span", { class: "nps-place" }, ...placeParts(model.get("place"))), reconnecting, model.get("corner") && corner(model.get("corner")), onWall && words("description", "span")),
      h("h1", { tabindex: model.get("moment") ? "-1" : null, translate: model.get("named") && "no" }, model.get("title")),
      !onWall && words("description", "p"),
      words("note", "p"),
      words("status", "h2"),
      model.get("quote") && h("blockquote", { dir: "auto" }, model.get("quote")),
    );
    fit();
    if (came) scrollTo({ top: 0 });
    if (came || held) root.querySelector("h1")?.focus({ preventScroll: true });
  };
});

/** The way in: the address gives way to the code, which ends it. @param {string} way */
function corner(way) {
  const gap = way.lastIndexOf("   ");
  const code = gap < 0 ? way.length : gap;
  return h("span", { class: "nps-corner", ...AS_IT_IS }, h("span", {}, way.slice(0, code)), h("span", {}, way.slice(code)));
}

/** Gives a text the largest size at which it takes so many lines; whether there is one.
 * @param {HTMLElement} text @param {{ largest: number, smallest: number, lines: (size: number) => number }} sizes */
function fitLines(text, { largest, smallest, lines }) {
  for (let size = largest; size >= smallest; size -= 1) {
    text.style.setProperty("--nps-fit", String(size));
    if (text.offsetHeight < lines(size) * 1.5 * parseFloat(getComputedStyle(text).fontSize)) return true;
  }
  return false;
}

/** "Topic 2 · Engaging Councillors · first vote": the name in it, or all of it, is as it is. @param {string} place */
function placeParts(place) {
  const parts = place.split(" · ");
  const named = Math.min(1, parts.length - 1);
  return parts.flatMap((part, at) => [at > 0 && " · ", at === named ? h("span", AS_IT_IS, part) : part]);
}
