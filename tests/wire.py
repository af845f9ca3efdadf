"""A network between browsers and a server that can be cut, as a test wants it."""

import socket
from contextlib import suppress
from threading import Event, Thread


class Wire:
    """Passes bytes on to a server on this computer, inside a `with` block.

    A cut is what a phone sees when it leaves the Wi-Fi: nothing arrives, and nothing says so. A connection on which
    something was lost stays dumb when the wire is mended, as it would for as long again as the cut took.

    Attributes:
        base: the address to use instead of the server's.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._whole = Event()
        self._whole.set()
        self._sockets = [self._listener]
        self._threads: list[Thread] = []

    def __enter__(self) -> "Wire":
        self._run(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.mend()
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for one in self._sockets:
            one.close()

    def cut(self) -> None:
        """Nothing passes any more."""
        self._whole.clear()

    def mend(self) -> None:
        """Bytes pass again."""
        self._whole.set()

    def _run(self, work: object, *args: object) -> None:
        self._threads.append(Thread(target=work, args=args, daemon=True))  # type: ignore[arg-type]
        self._threads[-1].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._listener.accept()
                self._sockets.append(browser)
                self._run(self._connect, browser)

    def _connect(self, browser: socket.socket) -> None:
        self._whole.wait()
        try:
            server = socket.create_connection(("127.0.0.1", self._port))
        except OSError:
            browser.shutdown(socket.SHUT_RDWR)
            return
        self._sockets.append(server)
        dumb = Event()
        self._run(self._pass, browser, server, dumb)
        self._pass(server, browser, dumb)

    def _pass(self, source: socket.socket, target: socket.socket, dumb: Event) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not self._whole.is_set():
                    dumb.set()
                if not dumb.is_set():
                    target.sendall(data)
        if not dumb.is_set():
            with suppress(OSError):
                target.shutdown(socket.SHUT_WR)
