// A participant's department. Traits: see department_field.py. Sends { kind: "department", department }.

/** @typedef {{ choices: string[], chosen: string }} Traits */
/** @typedef {{ kind: "department", department: FormDataEntryValue }} Message */

export default widget("nps-department-field", (/** @type {Model<Traits, Message>} */ model, root) => {
  let open = false;
  const show = (/** @type {boolean} */ wanted) => {
    open = wanted;
    draw();
    /** @type {HTMLElement | null} */ (root.querySelector(open ? "input:checked, input" : "button"))?.focus();
  };
  const send = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const department = new FormData(/** @type {HTMLFormElement} */ (event.target)).get("department");
    if (department !== null) model.send({ kind: "department", department });
    show(false);
  };
  const choice = (/** @type {string} */ department) =>
    h(
      "label",
      {},
      h("input", { type: "radio", name: "department", value: department, checked: department === model.get("chosen") }),
      h("span", {}, department),
    );
  const draw = () => {
    root.hidden = model.get("choices").length === 0;
    replace(
    root,
      open
        ? h(
            "form",
            { submit: send },
            h("fieldset", {}, h("legend", {}, "Your department or role"), ...model.get("choices").map(choice)),
            h("button", { type: "submit" }, "Change"),
          )
        : h(
            "p",
            {},
            h("span", {}, model.get("chosen")),
            h("button", { type: "button", class: "nps-link", "aria-label": "Change your department or role", click: () => show(true) }, "Change"),
          ),
    );
  };
  return draw;
});
