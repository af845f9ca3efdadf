// Where this workshop's other pages are: the page that the server has made says it, and a notebook has none.

/** @typedef {{ ready: string, facilitate_session: string, project: string, plenary: string, wall: string, reports: string, record: string, guide: string,
 *   accessibility: string, privacy: string }} PageAddresses */

/** Those of a session have a gap, which `ofSession` fills. @returns {PageAddresses | null} */
function pageAddresses() {
  const { addresses } = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  const start = addresses?.facilitate.replace("{}", "");
  if (!start || !location.pathname.startsWith(start)) return null;
  const id = location.pathname.slice(start.length).split("/")[0];
  const filled = Object.entries(addresses).map(([name, shape]) => [name, shape.replace("{}", () => id)]);
  return Object.fromEntries(filled);
}

/** What the server asks for with whatever changes something. */
function pageToken() {
  const { tokenCookie } = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  return document.cookie.match(new RegExp(`\\b${tokenCookie}=([^;]*)`))?.[1] ?? "";
}

/** @param {string} address @param {string} session */
function ofSession(address, session) {
  return address.replace("{}", () => encodeURIComponent(session));
}
