// What holds of a page in any state, for test_every_state.py. Each check gives its faults in words, none where all is well.
window.checks = (() => {
  const CONTROLS = "a[href], button, summary, input, select, textarea, [tabindex]:not([tabindex='-1'])";
  const said = (one) => `${one.tagName.toLowerCase()} "${(one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent || one.value || "").trim().slice(0, 50)}"`;
  const drawn = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility === "visible" && !one.closest(".nps-unseen, .nps-announcer");
  const controls = () => [...document.querySelectorAll(CONTROLS)].filter(drawn);
  const usable = () => controls().filter((one) => !one.matches(":disabled"));

  const rgba = (colour) => (colour.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number).concat(1).slice(0, 4);
  const light = (colour) => rgba(colour).slice(0, 3).map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const contrast = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if (rgba(backgroundColor)[3] > 0.99) return backgroundColor;
    }
    return getComputedStyle(document.documentElement).colorScheme === "dark" ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)";
  };
  const texts = (within = document.querySelector("main")) => {
    const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) if (walker.currentNode.textContent.trim()) found.push(walker.currentNode);
    return found;
  };

  return {
    /** Nothing scrolls sideways. */
    wide: () => (document.documentElement.scrollWidth > innerWidth ? [`${document.documentElement.scrollWidth} px wide in ${innerWidth}`] : []),

    /** 2.5.5: a target is 44 px high and wide, with its label; 24 where it is a link in a text. */
    targets: () =>
      controls().flatMap((one) => {
        const inText = one.matches("a, .nps-link") && ["inline", "inline-block", "inline-flex"].includes(getComputedStyle(one).display) && one.parentElement.matches("p, span, .nps-label");
        const boxes = [one, ...(one.labels ?? [])].map((part) => part.getBoundingClientRect());
        const pressed = one.labels?.[0] ? getComputedStyle(one.labels[0], "::after").position === "absolute" && one.closest(".nps-choice")?.getBoundingClientRect() : null;
        if (pressed) boxes.push(pressed);
        const high = Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top));
        const wide = Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left));
        const least = inText ? 24 : 44;
        return high < least - 0.5 || wide < least - 0.5 ? [`${said(one)} is ${Math.round(wide)}x${Math.round(high)}`] : [];
      }),

    /** 2.4.11: what has the keyboard is seen: its middle, or its first line, lies below nothing and in the window. */
    covered: () => {
      const was = document.activeElement;
      const faults = usable().flatMap((one) => {
        if (one.matches("[role=dialog] *, dialog *")) return [];
        one.focus();
        if (document.activeElement !== one) return [];
        const box = (one.matches("input[type=radio], input[type=checkbox]") ? (one.closest("label") ?? one) : one).getBoundingClientRect();
        const hits = [Math.min(box.height, innerHeight) / 2 + 0.5, 14].map((down) => document.elementFromPoint(box.left + box.width / 2, box.top + down));
        const own = (at) => at && (one.contains(at) || (at.contains(one) && at.matches("label, font, .nps-choice")) || [...(one.labels ?? [])].some((label) => label.contains(at)));
        return hits.some(own) ? [] : [`${said(one)} lies behind ${hits[0] ? said(hits[0]) : "the edge"}`];
      });
      was?.focus?.({ preventScroll: true });
      scrollTo(0, 0);
      return faults;
    },

    /** 1.4.3: text on its ground. */
    text: () =>
      [...new Set(texts().map((one) => one.parentElement))].filter((one) => drawn(one) && !one.closest("svg, :disabled, [aria-hidden=true], option")).flatMap((one) => {
        const { color, fontSize, fontWeight } = getComputedStyle(one);
        const large = parseFloat(fontSize) >= 24 || (parseFloat(fontSize) >= 18.66 && Number(fontWeight) >= 700);
        const ratio = contrast(color, ground(one));
        return ratio < (large ? 3 : 4.5) ? [`${said(one)}: ${color} on ${ground(one)} is ${ratio.toFixed(2)}`] : [];
      }),

    /** 1.4.11: what a control is known by, and each mark that stands for a vote or a level, on its ground. */
    marks: () => {
      const faults = [];
      const mind = (one, colour, what) => {
        const ratio = contrast(colour, ground(one.parentElement));
        if (ratio < 2.995) faults.push(`${what} of ${said(one)}: ${colour} on ${ground(one.parentElement)} is ${ratio.toFixed(2)}`);
      };
      for (const one of usable()) {
        const style = getComputedStyle(one);
        if (one.matches("textarea, select, input:not([type=radio], [type=checkbox])")) mind(one, style.borderTopColor, "border");
        else if (one.matches("button:not(.nps-link)") && parseFloat(style.borderTopWidth) > 0) mind(one, style.borderTopColor, "border");
      }
      for (const one of document.querySelectorAll("circle")) if (drawn(one)) mind(one.closest("svg"), one.matches(".nps-ring") || getComputedStyle(one).fill === "none" ? getComputedStyle(one).stroke : getComputedStyle(one).fill, "dot");
      for (const one of document.querySelectorAll(".nps-front i, .nps-full")) if (drawn(one)) mind(one, getComputedStyle(one).backgroundColor, "mark");
      for (const one of document.querySelectorAll(".nps-choice.nps-chosen")) mind(one, getComputedStyle(one).outlineColor, "frame");
      for (const one of document.querySelectorAll(".nps-profile dt")) mind(one, getComputedStyle(one).borderLeftColor, "edge");
      return faults;
    },

    /** In forced colours, too, what is chosen or current looks unlike the others, and what cameras read is black on white. */
    forced: () => {
      const look = (one) => (({ backgroundColor, color, borderLeftWidth, borderLeftColor, outlineStyle, outlineWidth }) =>
        [backgroundColor, color, borderLeftWidth, borderLeftWidth !== "0px" && borderLeftColor, outlineStyle, outlineStyle !== "none" && outlineWidth].join())(getComputedStyle(one));
      const faults = [];
      const groups = [[".nps-topic-list nav button", ".nps-here"], [".nps-first-scores li button", "[aria-current]"], [".nps-vote-pad .nps-choice", ".nps-chosen"], [".nps-keys input + span", "input:checked + span"], [".nps-step", ".nps-full"]];
      for (const [all, chosen] of groups) {
        const here = [...document.querySelectorAll(all)].filter(drawn);
        const [those, others] = [here.filter((one) => one.matches(chosen)).map(look), here.filter((one) => !one.matches(chosen)).map(look)];
        if (those.some((one) => others.includes(one))) faults.push(`${all}: what is ${chosen} looks like the others`);
      }
      for (const one of document.querySelectorAll(".nps-qr")) {
        const { backgroundColor, color } = getComputedStyle(one);
        if (backgroundColor !== "rgb(255, 255, 255)" || color !== "rgb(0, 0, 0)") faults.push(`QR code: ${color} on ${backgroundColor}`);
      }
      return faults;
    },

    /** 2.5.3: who says what stands on a control reaches it. */
    names: () =>
      controls().flatMap((one) => {
        const label = one.getAttribute("aria-label");
        const words = (text) => text.toLowerCase().replace(/[^\p{L}\p{N} ]/gu, "").trim();
        const seen = one.matches("button, a, summary") ? words(one.textContent) : "";
        return label && seen && !words(label).includes(seen) ? [`${said(one)} shows "${one.textContent}"`] : [];
      }),

    /** Names, codes and statements are not for a browser to translate. @param {string[]} names */
    translated: (names) =>
      texts().filter((one) => names.includes(one.textContent.trim()) && !one.parentElement.closest("[translate=no], option, .nps-announcer")).map((one) => one.textContent.trim().slice(0, 60)),

    /** 1.4.4: type follows the size that somebody has set in the browser, and nothing scrolls sideways then. */
    type: () => {
      const all = [...new Set(texts().map((one) => one.parentElement))].filter((one) => drawn(one) && !one.closest("svg"));
      const before = all.map((one) => parseFloat(getComputedStyle(one).fontSize));
      document.documentElement.style.fontSize = "200%";
      const faults = all.flatMap((one, at) => (Math.abs(parseFloat(getComputedStyle(one).fontSize) / before[at] - 2) > 0.02 ? [`${said(one)} keeps its size`] : []));
      if (innerWidth <= 390 && document.documentElement.scrollWidth > innerWidth) faults.push(`${document.documentElement.scrollWidth} px wide in ${innerWidth}`);
      document.documentElement.style.fontSize = "";
      return faults;
    },

    /** As a browser does that translates: each text in an element of its own, but where that is not wanted. */
    translate: () => {
      for (const one of texts()) {
        if (one.parentElement.closest("[translate=no], font, svg, option")) continue;
        const font = document.createElement("font");
        one.replaceWith(font);
        font.append(`${one.textContent}\u200b`);
      }
    },

    /** Puts the keyboard on one of the controls in each place after the other, changes the page, and looks whether it is on something still. */
    keeps: (before, after) => {
      const turn = (states) => Object.entries(states).forEach(([id, state]) => all.change(id, state));
      const places = new Map();
      for (const one of usable()) {
        if (one.closest("dialog")) continue;
        const place = `${one.closest(".nps")?.className} ${one.tagName} ${one.type}`;
        if (!places.has(place)) places.set(place, controls().indexOf(one));
      }
      const faults = [];
      for (const [place, at] of places) {
        const one = controls()[at];
        if (!one) continue;
        const name = said(one);
        one.focus();
        turn(after);
        const now = document.activeElement;
        if (now === document.body || !drawn(now)) faults.push(`${name} in ${place.split(" ")[1] ?? place}`);
        turn(before);
      }
      turn(after);
      return faults;
    },
  };
})();

/** What a screen reader says as it comes. */
window.heard = [];
new MutationObserver((changes) => {
  const places = new Set(changes.map(({ target }) => (target.nodeType === 1 ? target : target.parentElement)?.closest("[role=status], [role=alert], [aria-live]")).filter(Boolean));
  for (const place of places) {
    const words = place.textContent.trim();
    if (words && place.getClientRects().length) heard.push(words);
  }
}).observe(document.body, { childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: ["hidden"] });
