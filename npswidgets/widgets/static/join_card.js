// How to join, on the wall. Traits: see join_card.py; Python writes all of them. Behind qr_code.js.

/** An address of more characters is set smaller, so that it leaves room for the code. */
const LONG = 40;

/** @typedef {{ qr: OrEmpty<Drawing>, address: string, code: string, wifi: OrEmpty<{ name: string, qr: Drawing }> }} Traits */

export default widget("nps-join-card", (/** @type {Model<Traits, never>} */ model, root, signal) => {
  /** In a break there is less height. */
  const sizes = new ResizeObserver(() => root.style.setProperty("--nps-high", `${root.clientHeight}px`));
  sizes.observe(root);
  signal.addEventListener("abort", () => sizes.disconnect());
  return () => draw(model, root);
});

/** @param {Model<Traits, never>} model @param {HTMLElement} root */
function draw(model, root) {
  const address = model.get("address");
  const wifi = model.get("wifi");
  const qr = model.get("qr");
  root.hidden = !model.get("code");
  root.classList.toggle("nps-with-wifi", wifi.name !== undefined);
  const step = (/** @type {number} */ number, /** @type {string} */ words) =>
    h("p", { class: "nps-scan" }, wifi.name ? `${number}  ${words}` : words);
  replace(
    root,
    wifi.name &&
      h(
        "div",
        { class: "nps-way nps-wifi" },
        step(1, "Join the Wi-Fi"),
        qrCode(wifi.qr, `QR code that joins the Wi-Fi ${wifi.name}`),
        h("p", { class: "nps-name", ...AS_IT_IS }, wifi.name),
        h("p", { class: "nps-stay" }, "“No internet” is expected. Stay."),
      ),
    qr.path && h("div", { class: "nps-way" }, wifi.name && step(2, "Scan to join"), qrCode(qr, `QR code that opens ${address}`)),
    h(
      "div",
      { class: "nps-type" },
      qr.path && !wifi.name && step(1, "Scan to join"),
      address && h("p", {}, "or go to"),
      address && h("p", { class: `nps-address${address.length > LONG ? " nps-long" : ""}`, ...AS_IT_IS }, address),
      address && h("p", {}, "and enter"),
      h("p", { class: "nps-code", ...AS_IT_IS }, model.get("code")),
    ),
    ...(wifi.name ? [] : councilMark()),
  );
}

/** The council's mark, where the page has brought one and there is room. */
function councilMark() {
  return [...document.querySelectorAll(".whose img")].map((one) => h("div", { class: "nps-council" }, one.cloneNode()));
}
