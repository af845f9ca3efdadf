// What the oldest browsers that are served do not understand, in what phones get from us: Chrome 100, Safari 15.4 and
// Firefox ESR. Beside the syntax that a parser knows there are names and rules of style that came later. All screens'
// scripts are read, since they share theirs; of the styles those that a phone gets.
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const acorn = createRequire(import.meta.url)(resolve(process.argv[2]));

const SCRIPTS = ["npswidgets/widgets/static", "npswidgets/templates/pages/static", "npswidgets/templates/screen"];
/** Those of the facilitator's and the big screen's alone: newer browsers are asked for there. */
const NOT_ON_PHONES =
  /^(action_|agreed_|big_screen|door_band|facilitator_bar|form|foot_line|join_card|notes_form|now_panel|paper_|report_files|room_band|score_form|sheet_entry|tidy_list|together_list|topic_list|typed_field)/;
/** What may stand there all the same, and what an old browser shows instead. */
const ALLOWED = {
  "base.css": {
    ":has": "Chrome 100 leaves the space of a widget that has nothing to show",
    "container queries": "of the big screen",
    "container units": "of the big screen",
  },
  "vote_pad.css": { ":has": "Chrome 100 shows what is chosen by its dot alone, without a frame" },
  "leaving.css": { ":has": "Chrome 100 leaves the room of the bar above *Leave early*, too" },
  "passage.css": { ":has": "of the big screen" },
  "first_scores.css": { ":has": "Chrome 100 shows the end of the first scores above the last topic, and not below it" },
};

/** By name, what came after them, in scripts. */
const NEWER_NAMES = {
  "AbortSignal.timeout or any": /AbortSignal\.(timeout|any)\b/,
  "requestSubmit": /\.requestSubmit\b/,
  "requestIdleCallback": /\brequestIdleCallback\b/,
  "arrays that are copied": /\.(toSorted|toReversed|toSpliced)\(/,
  "groupBy": /\b(Object|Map)\.groupBy\b/,
  "withResolvers": /\.withResolvers\b/,
  "Array.fromAsync": /\bfromAsync\b/,
  "checkVisibility": /\.checkVisibility\b/,
  "canParse": /\.canParse\b/,
  "style sheets that are made": /\badoptedStyleSheets\b|new CSSStyleSheet/,
  "view transitions": /\bstartViewTransition\b/,
  "popovers": /\.(show|hide|toggle)Popover\b/,
  "methods of two sets": /\.(isSubsetOf|isSupersetOf|symmetricDifference)\(/,
  "randomUUID, which plain http has not": /\.randomUUID\b/,
};

/** The same, in styles. */
const NEWER_STYLES = {
  ":has": /:has\(/,
  "container queries": /@container|\bcontainer-type\b/,
  "container units": /\d(cqw|cqh|cqi|cqb|cqmin|cqmax)\b/,
  "units of the small, large or dynamic viewport": /\d[sld]v(w|h|i|b|min|max)\b/,
  "nesting": /[{;]\s*&|^\s+&/m,
  "ranges of a media query": /@media[^{]*[<>]/,
  "color-mix or light-dark": /\b(color-mix|light-dark)\(/,
  "@scope, @starting-style": /@(scope|starting-style)\b/,
  "translate, rotate or scale as a property": /[{;]\s*(translate|rotate|scale)\s*:/,
  "subgrid": /\bsubgrid\b/,
  ":user-valid, :user-invalid": /:user-(in)?valid/,
};

const faults = [];

function files(folders, ending) {
  const there = folders.filter((folder) => existsSync(folder));
  return there.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(ending)).map((name) => [name, join(folder, name)]));
}

function walk(node, see) {
  if (!node || typeof node.type !== "string") return;
  see(node);
  for (const part of Object.values(node)) {
    if (Array.isArray(part)) part.forEach((one) => walk(one, see));
    else if (part && typeof part === "object") walk(part, see);
  }
}

for (const [, path] of files(SCRIPTS, ".js")) {
  const script = readFileSync(path, "utf-8");
  const comments = [];
  let tree;
  try {
    tree = acorn.parse(script, { ecmaVersion: 2022, sourceType: "module", locations: true, allowReturnOutsideFunction: true, onComment: comments });
  } catch (error) {
    faults.push(`${path}: ${error.message}`);
    continue;
  }
  walk(tree, (node) => {
    const place = `${path}:${node.loc?.start.line}`;
    if (node.type === "StaticBlock") faults.push(`${place}: a static block, which Safari has from 16.4`);
    if (node.regex && /\(\?<[=!]/.test(node.regex.pattern)) faults.push(`${place}: a look behind, which Safari has from 16.4`);
  });
  let code = script;
  for (const one of comments) code = code.slice(0, one.start) + " ".repeat(one.end - one.start) + code.slice(one.end);
  for (const [what, pattern] of Object.entries(NEWER_NAMES)) if (pattern.test(code)) faults.push(`${path}: ${what}`);
}

let styles = 0;
for (const [name, path] of files(SCRIPTS, ".css")) {
  if (NOT_ON_PHONES.test(name)) continue;
  styles += 1;
  const style = readFileSync(path, "utf-8").replace(/\/\*.*?\*\//gs, "");
  for (const [what, pattern] of Object.entries(NEWER_STYLES))
    if (pattern.test(style) && !ALLOWED[name]?.[what]) faults.push(`${path}: ${what}`);
}

if (faults.length) {
  console.error(`Chrome 100, Safari 15.4 or Firefox ESR do not understand:\n${faults.join("\n")}`);
  process.exit(1);
}
console.log(`Old browsers understand ${files(SCRIPTS, ".js").length} scripts and ${styles} styles.`);
