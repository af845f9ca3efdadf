// Messages to and from a kernel as bytes: how many offsets, the offsets, then channel, header, parent, metadata and
// content. https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html

const FRAME_PROTOCOL = "v1.kernel.websocket.jupyter.org";
const OFFSET_BYTES = 8;

/** @typedef {{ kind: string, about: string, metadata: any, content: any }} Heard  `about`: the id of the message that it answers */

/** 64 random bits; crypto.randomUUID is missing on plain http. */
function frameId() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} id @param {string} session @param {string} kind @param {any} content @param {any} metadata */
function packFrame(id, session, kind, content, metadata) {
  const header = { msg_id: id, msg_type: kind, session, username: "", version: "5.3", date: new Date().toISOString() };
  const written = [header, {}, metadata, content].map((part) => JSON.stringify(part));
  const parts = ["shell", ...written].map((part) => new TextEncoder().encode(part));
  let end = (parts.length + 2) * OFFSET_BYTES;
  const frame = new Uint8Array(parts.reduce((size, part) => size + part.length, end));
  const offsets = new DataView(frame.buffer);
  offsets.setUint32(0, parts.length + 1, true);
  parts.forEach((part, at) => {
    offsets.setUint32((at + 1) * OFFSET_BYTES, end, true);
    frame.set(part, end);
    end += part.length;
  });
  offsets.setUint32((parts.length + 1) * OFFSET_BYTES, end, true);
  return frame;
}

/** @param {ArrayBuffer} frame @returns {Heard} */
function unpackFrame(frame) {
  const offsets = new DataView(frame);
  const part = (/** @type {number} */ at) => {
    const [start, end] = [at, at + 1].map((one) => offsets.getUint32((one + 1) * OFFSET_BYTES, true));
    return JSON.parse(new TextDecoder().decode(new Uint8Array(frame, start, end - start)) || "{}");
  };
  return { kind: part(1).msg_type, about: part(2).msg_id ?? "", metadata: part(3), content: part(4) };
}
