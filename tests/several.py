"""Several servers of one PostgreSQL behind one nginx."""

from pathlib import Path
from urllib.parse import urlsplit

import requests
from nginx import NAME, Nginx, free_port
from playwright.sync_api import Page
from postgresql import PostgreSQL, programs_here
from serving import WAIT_SECONDS, RunningServer

HOSTS = "127.0.0.1", "127.0.0.2"


class OneOfSeveral(RunningServer):
    """A server at an address of its own."""

    def __init__(self, folder: Path, database: str, address: str, port: int, outside: int) -> None:
        folder.mkdir()
        self._database = database
        hosted = ("--url", f"https://{NAME}:{outside}/nps/", "--prefix", "/nps/", "--behind-proxy", "127.0.0.1")
        super().__init__(folder, ("--port", str(port), *hosted), listens=("--host", address))

    @property
    def database(self) -> str:
        return self._database


class SeveralServers:
    """Two servers, what is in front of them, and the database behind them."""

    def __init__(self, folder: Path) -> None:
        programs = programs_here()
        assert programs is not None
        self.database = PostgreSQL(programs)
        database, outside, self._port = self.database.new(), free_port(), free_port()
        self.servers = [OneOfSeveral(folder / host, database, host, self._port, outside) for host in HOSTS]
        self.nginx = Nginx(folder / "nginx", outside, *(f"{host}:{self._port}" for host in HOSTS))

    def has(self, server: OneOfSeveral, page: Page, kernel: str) -> bool:
        """Whether this server has the kernel of a page."""
        cookies = {one["name"]: one["value"] for one in page.context.cookies()}
        headers = {"Host": urlsplit(server.base).netloc, "X-Forwarded-For": "127.0.0.5", "X-Forwarded-Proto": "https"}
        asked = f"http://{server.listens[1]}:{self._port}/nps/api/kernels/{kernel}"
        return requests.get(asked, cookies=cookies, headers=headers, timeout=WAIT_SECONDS).ok

    def stop(self) -> None:
        self.nginx.stop()
        for server in self.servers:
            server.stop()
        self.database.stop()
