// What a page does by itself: it opens again where it did not open, keeps in touch with its kernel, asks for another one
// when its own is gone, and says goodbye.

/** @typedef {{ kernelId: string, pagesVersion: string, tokenCookie: string, addresses: Record<string, string> }} PageConfig */

const RELOADS_MS = [200, 2000, 5000, 10_000, 20_000];
/** A page that has been open for so long has helped. */
const STEADY_MS = 10_000;
/** How long an answer may take to the question for another kernel, which may wait for its turn: twice as long after each that did not come. */
const [REPLACING_MS, MOST_REPLACING_MS] = [20_000, 60_000];
/** Within `STEADY_MS` a page goes on with another kernel so often, before it opens itself again. */
const MOST_REPLACED = 3;
/** Between two questions whether the kernel is there: with a connection, and without one. */
const [LOOKING_MS, ASKING_MS] = [10_000, 600];
/** How long each may take: an answer of the server, one after none, one of the kernel. */
const [ANSWER_MS, NEXT_ANSWER_MS, HEARING_MS] = [5000, 1200, 1000];
/** Without an answer each so many-th question has the longer time: a network may be as slow as that. */
const LONGER_EACH = 3;
/** How long a new connection may take until the page knows all; twice as long after each that did not, on a slow network. */
const [CONNECTING_MS, MOST_CONNECTING_MS] = [5000, 40_000];

/** A page that was drawn and is not in touch by then says so. */
const SILENT_MS = 3000;

/** A part of the page is there or, where that did not come whole, not. @param {string} id @param {boolean} shown */
const showPart = (id, shown) => document.getElementById(id)?.toggleAttribute("hidden", !shown);
const rest = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));
/** What a promise comes to; undefined if it takes longer, or fails. */
const within = (/** @type {Promise<any>} */ promise, /** @type {number} */ ms) => Promise.race([promise.catch(() => undefined), rest(ms)]);

let leavingPage = false;

/** The server's answer; undefined without one in time, and while it cannot say. */
async function askServer(/** @type {string} */ address, method = "GET", ms = ANSWER_MS, /** @type {FormData | undefined} */ body = undefined) {
  const late = new AbortController();
  const answer = await within(fetch(address, { method, body, cache: "no-store", signal: late.signal }), ms);
  if (!answer) late.abort();
  return answer && answer.status < 500 ? answer : undefined;
}

/** Opens the page again, later each time that it has not helped; but not before the server answers, since a browser
 * would show an error of its own, and stay there. */
async function openAgain() {
  if (leavingPage) return;
  leavingPage = true;
  const tries = Number(readKept("nps-reloads") || 0);
  writeKept("nps-reloads", String(tries + 1));
  await rest(RELOADS_MS[Math.min(tries, RELOADS_MS.length - 1)]);
  while (!(await askServer(location.pathname, "HEAD"))) await rest(ASKING_MS);
  location.reload();
}

/** Says that the page did not open, and opens it again. */
function pageFailed() {
  showPart("opening", false);
  showPart("failed", true);
  document.body.classList.add("failed");
  openAgain();
}

/** What this page says of itself to the server. @param {PageConfig} config */
function pageForm(config) {
  const said = new FormData();
  said.append("_xsrf", document.cookie.match(new RegExp(`\\b${config.tokenCookie}=([^;]*)`))?.[1] ?? "");
  said.append("kernel", config.kernelId);
  said.append("version", config.pagesVersion);
  return said;
}

/** A page that the browser keeps for later may come back in front of somebody else: until the server has said whose it
 * is, it shows where it leads and that it connects. */
function putAway() {
  document.body.classList.add("away");
  sayDoing("Connecting");
}

/** Ends the kernel of a page that goes for good, and not on a download. @param {PageConfig} config */
function sayGoodbye(config) {
  addEventListener("pagehide", (event) => {
    if (event.persisted) putAway();
    else navigator.sendBeacon(config.addresses.leave.replace("{}", config.kernelId), pageForm(config));
  });
}

/**
 * While somebody looks: connects again as soon as that can be, and asks for another kernel when its own is gone. Where
 * there is none that fits, the page opens itself again. A browser alone trusts a connection that is one in name only.
 * @param {ReturnType<typeof kernelLine>} line @param {PageConfig} config
 * @param {(well: boolean) => void} tell  whether the page is in touch
 * @param {(act: () => void) => void} onTouch  calls `act` whenever that may have changed
 */
async function keepInTouch(line, config, tell, onTouch) {
  let [doubted, reached, replaced, patience, turn] = [false, true, 0, CONNECTING_MS, REPLACING_MS];
  let [wake, missed] = [() => {}, 0];
  const doubt = () => {
    doubted = true;
    wake();
  };
  const connect = async () => {
    const well = await within(line.connect(), patience);
    patience = well ? CONNECTING_MS : Math.min(2 * patience, MOST_CONNECTING_MS);
  };
  onTouch(() => {
    tell(line.inTouch());
    if (!line.inTouch()) wake();
  });
  for (const [target, event] of /** @type {const} */ ([[window, "online"], [window, "pageshow"], [document, "resume"], [document, "visibilitychange"]]))
    target.addEventListener(event, (about) => {
      // a page that is shown for the first time is not in doubt
      if (event !== "pageshow" || /** @type {PageTransitionEvent} */ (about).persisted) doubt();
    });

  setTimeout(() => line.inTouch() || tell(false), SILENT_MS);
  await connect();
  tell(line.inTouch());
  while (!leavingPage) {
    const pause = line.inTouch() && reached ? LOOKING_MS : ASKING_MS;
    if (!doubted) await Promise.race([rest(pause * (0.5 + Math.random())), new Promise((done) => (wake = () => done(null)))]);
    const [wasDoubted, wasReached] = [doubted, reached];
    doubted = false;
    if (document.visibilityState === "hidden") continue;
    const longer = wasReached || missed % LONGER_EACH === 0;
    const answer = await askServer(config.addresses.kernel.replace("{}", config.kernelId), "GET", longer ? ANSWER_MS : NEXT_ANSWER_MS);
    reached = answer !== undefined;
    missed = reached ? 0 : missed + 1;
    let isNew = false;
    if (answer && !answer.ok) {
      if (document.body.classList.contains("away")) return openAgain(); // what it holds may be another person's
      const given = replaced++ < MOST_REPLACED ? await askServer(location.pathname, "POST", turn, pageForm(config)) : answer;
      turn = given ? REPLACING_MS : Math.min(2 * turn, MOST_REPLACING_MS);
      if (given && !given.ok) return openAgain();
      reached = given !== undefined;
      isNew = true; // its old connection is none
      setTimeout(() => replaced--, STEADY_MS);
    }
    if (reached) document.body.classList.remove("away");
    const sound = line.inTouch() && !isNew && wasReached && (!wasDoubted || (await within(line.asksWhoThere(), HEARING_MS)));
    if (reached && !sound) await connect();
    tell(reached && line.inTouch());
  }
}
