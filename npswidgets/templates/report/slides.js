// Arrow keys, and what a presenter's remote sends, lead from slide to slide; one that is taller than the window is read first.
// On a screen as wide as a projector's none is: letters that are wider than was reckoned with are set smaller.
"use strict";

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
const UPRIGHT = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", " "];

addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  const aside = event.target instanceof Element && event.target.closest("[tabindex]"); // moves what it holds
  if (!step || aside || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const slides = [...document.querySelectorAll(".slide")];
  const here = slides.findIndex((slide) => slide.getBoundingClientRect().bottom > innerHeight / 2);
  const { top, bottom } = slides[here].getBoundingClientRect();
  const unread = step > 0 ? bottom > innerHeight + 2 : top < -2;
  if (unread && UPRIGHT.includes(event.key)) return;
  event.preventDefault();
  slides[here + step]?.scrollIntoView({ behavior: "instant" });
});

const SMALLEST = 0.5;

function fit() {
  for (const slide of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".slide"))) {
    slide.style.fontSize = "";
    if (innerWidth < 1.3 * innerHeight) continue;
    for (let size = 0.95; slide.offsetHeight > innerHeight + 1 && size >= SMALLEST; size -= 0.05) slide.style.fontSize = `${size}em`;
  }
}

addEventListener("resize", fit);
fit();
