// Where this workshop's other pages are: the page that the server has made says it, and a notebook has none.

/** @typedef {{ ready: string, project: string, wall: string, reports: string, record: string, guide: string }} PageAddresses */

/** @returns {PageAddresses | null} */
function pageAddresses() {
  const { addresses } = JSON.parse(document.getElementById("jupyter-config-data")?.textContent || "{}");
  const start = addresses?.facilitate.replace("{}", "");
  if (!start || !location.pathname.startsWith(start)) return null;
  const id = location.pathname.slice(start.length);
  const filled = Object.entries(addresses).map(([name, shape]) => [name, shape.replace("{}", () => id)]);
  return Object.fromEntries(filled);
}

