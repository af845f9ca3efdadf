// Draws a screen: boxes, and the widgets in them by their own modules.

/** @typedef {{ render: (view: { model: any, el: HTMLElement }) => (() => void) | void }} WidgetModule  as anywidget has it */

const BOXES = new Map([["BoxView", ""], ["VBoxView", "widget-vbox"], ["HBoxView", "widget-hbox"]]);
const MODEL_PREFIX = "IPY_MODEL_";

/** @param {any} reference */
function modelId(reference) {
  return String(reference).slice(MODEL_PREFIX.length);
}

/**
 * Draws a widget and all that is in it.
 * @param {ReturnType<typeof screenModels>} models @param {string} id
 * @param {Record<string, () => WidgetModule>} modules  by the names of widgets' classes
 * @returns {{ el: HTMLElement, end: () => void }}
 */
function drawWidget(models, id, modules) {
  const model = models.of(id);
  const el = document.createElement("div");
  const gone = new AbortController();
  const follow = (/** @type {ScreenModel} */ whose, /** @type {string} */ event, /** @type {() => void} */ act) => {
    whose.on(event, act);
    gone.signal.addEventListener("abort", () => whose.off(event, act));
    act();
  };

  /** @type {string[]} */ let classes = [];
  follow(model, "change:_dom_classes", () => {
    el.classList.remove(...classes);
    el.classList.add(...(classes = model.get("_dom_classes") ?? []));
  });
  if (model.get("layout")) {
    const layout = models.of(modelId(model.get("layout")));
    follow(layout, "change:display", () => {
      const onto = heldIn(el);
      el.style.display = layout.get("display") ?? "";
      onto();
    });
  }
  const view = BOXES.get(model.get("_view_name"));
  if (view !== undefined) el.classList.add(..."jupyter-widgets widget-container widget-box".split(" "), ...(view ? [view] : []));
  const module = modules[model.get("_anywidget_id")];
  if (module) {
    try {
      const end = module().render({ model, el });
      if (end) gone.signal.addEventListener("abort", end);
    } catch (fault) {
      console.error(fault); // the others are drawn
    }
  } else if (view !== undefined) followChildren(models, model, el, modules, follow, gone.signal);
  else console.error(`There is no script for ${model.get("_anywidget_id") ?? model.get("_model_name")}.`);
  return { el, end: () => gone.abort() };
}

/**
 * Keeps in a box what belongs there; what stays is the same element.
 * @param {ReturnType<typeof screenModels>} models @param {ScreenModel} model @param {HTMLElement} el
 * @param {Record<string, () => WidgetModule>} modules
 * @param {(whose: ScreenModel, event: string, act: () => void) => void} follow @param {AbortSignal} signal
 */
function followChildren(models, model, el, modules, follow, signal) {
  /** @type {Map<string, { el: HTMLElement, end: () => void }>} */ let drawn = new Map();
  follow(model, "change:children", () => {
    const ids = /** @type {string[]} */ (model.get("children") ?? []).map(modelId);
    const now = new Map(ids.map((id) => [id, drawn.get(id) ?? drawWidget(models, id, modules)]));
    for (const [id, one] of drawn) if (!now.has(id)) one.end(), one.el.remove();
    [...now.values()].forEach((one, at) => el.children[at] !== one.el && el.insertBefore(one.el, el.children[at] ?? null));
    drawn = now;
  });
  signal.addEventListener("abort", () => drawn.forEach((one) => one.end()));
}
