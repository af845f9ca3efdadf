// The line between a page and its kernel: one websocket, on which the page asks for its widgets, hears what changes, and
// says what the person does.

const CONTROL_TARGET = "jupyter.widget.control";

/**
 * @param {string} address  of the websocket
 * @param {(kind: "states" | "change", told: any) => void} hear
 * @param {() => any} seen  what the page knows already
 * @param {() => void} changed  called when the page is in touch, and when it no longer is
 */
function kernelLine(address, hear, seen, changed) {
  const session = frameId();
  /** @type {WebSocket | null} */ let socket = null;
  /** Whether the page knows all that the kernel does. */
  let inTouch = false;
  /** @type {Map<string, (answer: any) => void>} */ const asked = new Map();

  const say = (/** @type {string} */ kind, /** @type {any} */ content, metadata = {}) => {
    const id = frameId();
    socket?.send(packFrame(id, session, kind, content, metadata));
    return id;
  };
  const letGo = () => {
    const [old, was] = [socket, inTouch];
    [socket, inTouch] = [null, false];
    asked.clear();
    old?.close();
    if (was) changed();
  };

  /** Connects anew. Resolves to true when the page knows all that the kernel does, or to false. */
  const connect = () =>
    new Promise((done) => {
      letGo();
      const line = frameId();
      const mine = (socket = new WebSocket(address.replace("{}", session), [FRAME_PROTOCOL]));
      mine.binaryType = "arraybuffer";
      mine.onopen = () => {
        if (mine !== socket) return;
        say("comm_open", { comm_id: line, target_name: CONTROL_TARGET, data: {} }, { version: "1.0.0" });
        say("comm_msg", { comm_id: line, data: { method: "request_states", seen: seen() } });
      };
      mine.onclose = () => {
        if (mine === socket) letGo();
        done(false);
      };
      mine.onmessage = ({ data }) => {
        if (mine !== socket || !(data instanceof ArrayBuffer)) return;
        const { kind, about, metadata, content } = unpackFrame(data);
        asked.get(about)?.(kind.endsWith("_reply"));
        if (kind !== "comm_msg") return;
        const told = content.data;
        if (told.method === "update") {
          hear("change", { id: content.comm_id, state: told.state, revision: inTouch ? metadata.revision : undefined });
        } else if (told.method === "update_states" && content.comm_id === line) {
          say("comm_close", { comm_id: line, data: {} });
          inTouch = true;
          hear("states", told);
          changed();
          done(true);
        }
      };
    });

  return {
    connect,
    inTouch: () => inTouch,
    /** Says something to a widget; false where nobody hears it. @param {string} id @param {any} content */
    tell(id, content) {
      if (!inTouch || socket?.readyState !== WebSocket.OPEN) return false;
      say("comm_msg", { comm_id: id, data: { method: "custom", content } });
      return true;
    },
    /** Resolves to true when the kernel has answered. */
    asksWhoThere() {
      return new Promise((done) => {
        if (socket?.readyState !== WebSocket.OPEN) return done(false);
        const id = say("kernel_info_request", {});
        asked.set(id, (isReply) => isReply && (asked.delete(id), done(true)));
      });
    },
  };
}
