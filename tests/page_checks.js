// What holds of a page in any state, for test_every_state.py. Each check gives its faults in words, none where all is well.
window.checks = (() => {
  const CONTROLS = "a[href], button, summary, input, select, textarea, [tabindex]:not([tabindex='-1'])";
  const said = (one) => `${one.tagName.toLowerCase()} "${(one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent || one.value || "").trim().slice(0, 50)}"`;
  const drawn = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility === "visible" && !one.closest(".nps-unseen, .nps-announcer, .unseen");
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
  /** How much of it is seen through what it lies in. */
  const opacity = (one) => {
    let all = 1;
    for (let at = one; at; at = at.parentElement) all *= Number(getComputedStyle(at).opacity);
    return all;
  };
  /** A colour that is half seen, as it comes out on its ground. */
  const mixed = (colour, under, share) => {
    const [over, below] = [rgba(colour), rgba(under)];
    const part = over[3] * share;
    return `rgb(${[0, 1, 2].map((at) => over[at] * part + below[at] * (1 - part)).join(", ")})`;
  };
  const texts = (within = document.body) => {
    const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) if (walker.currentNode.textContent.trim() && !walker.currentNode.parentElement.matches("script, style, noscript")) found.push(walker.currentNode);
    return found;
  };

  /** What is known by a colour: what it is called, and by which of its colours; none where that is not seen. */
  const MARKS = {
    "textarea, select, input:not([type=radio], [type=checkbox], [type=hidden])": ["border", (style) => style.borderTopColor],
    "button:not(.nps-link)": ["border", (style) => parseFloat(style.borderTopWidth) > 0 && style.borderTopColor],
    "circle.nps-ring": ["ring", (style) => style.stroke],
    "circle:not(.nps-ring)": ["dot", (style) => (style.fill === "none" ? style.stroke : style.fill)],
    ".nps-front i": ["mark", (style) => style.backgroundColor],
    ".nps-full": ["step", (style) => style.backgroundColor],
    ".nps-choice.nps-chosen": ["frame", (style) => style.outlineColor],
    ".nps-profile dt": ["edge", (style) => style.borderLeftColor],
  };
  /** What is one of several, and by what the chosen or current one is known. */
  const CHOSEN = {
    ".nps-topic-list nav button": ".nps-here",
    ".nps-first-scores li button": "[aria-current]",
    ".nps-vote-pad .nps-choice": ".nps-chosen",
    ".nps-keys input + span": "input:checked + span",
    ".nps-step": ".nps-full",
  };
  const turn = (states) => Object.entries(states).forEach(([id, state]) => all.change(id, state));
  /** One control of each kind in each widget: which of all it is. */
  const inPlaces = () => {
    const found = new Map();
    for (const one of usable()) {
      const place = `${one.closest(".nps")?.className} ${one.tagName} ${one.type}`;
      if (!one.closest("dialog") && !found.has(place)) found.set(place, controls().indexOf(one));
    }
    return found;
  };
  /** @type {Map<string, number>} */ let places = new Map();
  const QR = ".nps-qr";
  /** Of these, what was there. */
  const met = new Set();

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
        if (one === document.activeElement) one.blur(); // else nothing scrolls
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
    text: () => {
      const faults = [];
      const mind = (one, style, share, what) => {
        const [under, size] = [ground(one), parseFloat(style.fontSize)];
        const colour = mixed(style.color, under, share);
        const ratio = contrast(colour, under);
        if (share > 0 && ratio < (size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5)) faults.push(`${what}${said(one)}: ${colour} on ${under} is ${ratio.toFixed(2)}`);
      };
      for (const one of new Set(texts().map((text) => text.parentElement))) {
        if (drawn(one) && !one.closest("svg, :disabled, [aria-hidden=true], option")) mind(one, getComputedStyle(one), opacity(one), "");
      }
      for (const one of document.querySelectorAll(":placeholder-shown:enabled")) {
        const style = getComputedStyle(one, "::placeholder");
        if (drawn(one) && one.placeholder) mind(one, style, opacity(one) * Number(style.opacity), "placeholder of ");
      }
      return faults;
    },

    /** 1.4.11: what a control is known by, and each mark that stands for a vote or a level, on its ground. */
    marks: () =>
      Object.entries(MARKS).flatMap(([selector, [what, colourOf]]) => {
        const here = [...document.querySelectorAll(selector)].filter((one) => drawn(one) && !one.matches(":disabled") && colourOf(getComputedStyle(one)));
        if (here.length) met.add(selector);
        return here.flatMap((one) => {
          const [colour, under] = [colourOf(getComputedStyle(one)), ground(one.matches("circle") ? one.closest("svg").parentElement : one.parentElement)];
          const ratio = contrast(colour, under);
          return ratio < 2.995 ? [`${what} of ${said(one.closest("svg") ?? one)}: ${colour} on ${under} is ${ratio.toFixed(2)}`] : [];
        });
      }),

    /** In forced colours, too, what is chosen or current looks unlike the others, and what cameras read is black on white. */
    forced: () => {
      const look = (one) => (({ backgroundColor, color, borderLeftWidth, borderLeftColor, outlineStyle, outlineWidth }) =>
        [backgroundColor, color, borderLeftWidth, borderLeftWidth !== "0px" && borderLeftColor, outlineStyle, outlineStyle !== "none" && outlineWidth].join())(getComputedStyle(one));
      const faults = [];
      for (const [all, chosen] of Object.entries(CHOSEN)) {
        const here = [...document.querySelectorAll(all)].filter(drawn);
        const [those, others] = [here.filter((one) => one.matches(chosen)).map(look), here.filter((one) => !one.matches(chosen)).map(look)];
        if (those.length && others.length) met.add(all);
        if (those.some((one) => others.includes(one))) faults.push(`${all}: what is ${chosen} looks like the others`);
      }
      const plain = getComputedStyle(document.body).color;
      for (const one of document.querySelectorAll("summary b")) if (drawn(one) && getComputedStyle(one).color !== plain) faults.push(`${said(one)} looks like a link`);
      for (const one of document.querySelectorAll(QR)) {
        const { backgroundColor, color } = getComputedStyle(one);
        if (drawn(one)) met.add(QR);
        if (backgroundColor !== "rgb(255, 255, 255)" || color !== "rgb(0, 0, 0)") faults.push(`QR code: ${color} on ${backgroundColor}`);
      }
      for (const one of document.querySelectorAll(".qr")) if (getComputedStyle(one).backgroundColor !== "rgb(255, 255, 255)") faults.push(`QR code on ${getComputedStyle(one).backgroundColor}`);
      return faults;
    },

    /** Where the device is dark, the page is: not its text alone. */
    dark: () => [document.body, document.documentElement].flatMap((one) => (light(ground(one)) > 0.05 ? [`${said(one).slice(0, 20)} stays light: ${ground(one)}`] : [])),

    /** What of all that marks and forced look for was there since this was asked last, and what they look for. */
    met: () => {
      const here = [...met];
      met.clear();
      return { here, all: [...Object.keys(MARKS), ...Object.keys(CHOSEN), QR] };
    },

    /** What does not fit is in view in whole lines somewhere: nothing is sliced by the edge of a box, and nothing ends in "…". */
    cut: () => {
      const range = document.createRange();
      const clips = (one) => (({ overflowX, overflowY }) => [/hidden|clip/.test(overflowX), /hidden|clip/.test(overflowY), /auto|scroll/.test(overflowX + overflowY)])(getComputedStyle(one));
      const boxes = new Map();
      const clipping = (one) => boxes.get(one) ?? boxes.set(one, clips(one)).get(one);
      return texts().flatMap((text) => {
        const one = text.parentElement;
        if (!drawn(one) || one.closest("svg, option, [aria-hidden=true]")) return [];
        range.selectNodeContents(text);
        const words = range.getBoundingClientRect();
        for (let at = one; at && at !== document.body; at = at.parentElement) {
          const [across, down, scrolls] = clipping(at);
          if (!across && !down && !scrolls) continue;
          const box = at.getBoundingClientRect();
          if ((across && (words.right > box.right + 1.5 || words.left < box.left - 1.5)) || (down && !scrolls && (words.bottom > box.bottom + 3 || words.top < box.top - 3))) return [`"${text.textContent.trim().slice(0, 40)}" is cut by ${said(at).slice(0, 40)}`];
          if (scrolls) break;
        }
        return [];
      });
    },

    /** 2.5.3: who says what stands on a control reaches it. */
    names: () =>
      controls().flatMap((one) => {
        const by = one.getAttribute("aria-labelledby")?.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
        const label = by?.trim() || one.getAttribute("aria-label");
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

    /** Turns the page, and gives the title that it had. @param {Record<string, any>} after */
    turn: (after) => {
      const title = document.title;
      places = inPlaces();
      turn(after);
      return title;
    },

    /** Once it was turned: puts the keyboard on one control in each place that it had before, turns it again, and looks whether it is on something. */
    keeps: (before, after) =>
      [...places].flatMap(([place, at]) => {
        turn(before);
        const one = controls()[at];
        const name = one && said(one);
        one?.focus();
        turn(after);
        const now = document.activeElement;
        return one && (now === document.body || !drawn(now)) ? [`${name} in ${place.split(" ")[1] ?? place}`] : [];
      }),
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
