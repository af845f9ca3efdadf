// The top of every page. Traits: see topic_heading.py; Python writes all of them.

/** @typedef {{ place: string, title: string, description: string, status: string, note: string, corner: string, page: string,
 *   moment: string }} Traits */

const PATIENCE_MS = 5000;
const LARGEST = 96;
const SMALLEST = 64;
const MOST_LINES = 2;

export default widget("nps-topic-heading", (/** @type {Model<Traits, never>} */ model, root, signal) => {
  const reconnecting = h("span", { class: "nps-reconnecting", hidden: true }, "Reconnecting");
  let patience = 0;
  onConnection((lost) => {
    clearTimeout(patience);
    if (lost) patience = setTimeout(() => (reconnecting.hidden = false), PATIENCE_MS);
    else reconnecting.hidden = true;
  }, signal);
  signal.addEventListener("abort", () => clearTimeout(patience));

  /** On the wall a title takes two lines at most. */
  const fit = () => {
    const title = root.querySelector("h1");
    if (!title || model.get("scale") !== "wall") return;
    for (let size = LARGEST; size >= SMALLEST; size -= 1) {
      title.style.setProperty("--nps-fit", String(size));
      if (title.offsetHeight < MOST_LINES * 1.5 * parseFloat(getComputedStyle(title).fontSize)) return;
    }
  };
  const sizes = new ResizeObserver(fit);
  sizes.observe(root);
  signal.addEventListener("abort", () => sizes.disconnect());

  let moment = "";
  return () => {
    const came = moment !== "" && model.get("moment") !== moment;
    const held = root.contains(document.activeElement);
    moment = model.get("moment");
    if (model.get("page")) document.title = model.get("page");
    const words = (/** @type {keyof Traits} */ trait, /** @type {string} */ tag) =>
      model.get(trait) && h(tag, { class: `nps-${trait}` }, model.get(trait));
    const onWall = model.get("scale") === "wall"; // there the title and what is below it need the height
    root.hidden = !model.get("title");
    replace(
    root,
      h("p", { class: "nps-top" }, h("span", { class: "nps-place" }, model.get("place")), reconnecting, words("corner", "span"), onWall && words("description", "span")),
      h("h1", { tabindex: model.get("moment") && "-1" }, model.get("title")),
      !onWall && words("description", "p"),
      words("note", "p"),
      words("status", "h2"),
    );
    fit();
    if (came) scrollTo({ top: 0 });
    if (came || held) root.querySelector("h1")?.focus({ preventScroll: true });
  };
});
