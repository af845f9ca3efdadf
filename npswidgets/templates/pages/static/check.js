// Says hello to the server by a websocket, as the screens will, and shows how that went.
{
  const ANSWER_MS = 8000;
  let answered = false;
  const show = (/** @type {string} */ state) => {
    if (answered) return;
    answered = true;
    for (const part of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-state]")))
      part.hidden = part.dataset.state !== state;
  };
  const socket = new WebSocket(location.origin.replace(/^http/, "ws") + document.currentScript?.dataset.live);
  socket.addEventListener("open", () => socket.send("hello"));
  socket.addEventListener("message", (event) => show(event.data));
  socket.addEventListener("close", () => show("failed"));
  setTimeout(() => show("failed"), ANSWER_MS);
}
