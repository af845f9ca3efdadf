"""A real JupyterHub with its proxy on free ports of this computer, set up by the file that councils start from."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import psutil
import requests
from nginx import free_port
from serving import START_SECONDS, TOKEN, WAIT_SECONDS, wait_until
from sqlalchemy import Engine

from npswidgets.store.database import open_database

HERE = Path(__file__).resolve().parents[1]
PASSWORD = "a password of the tests"
ADMIN = "0123456789abcdef0123456789abcdef"
PEOPLE = ["anna", "ben", "st helens@x", "other"]
SETTINGS = """
load_subconfig({settings!r})
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {password!r}
c.Authenticator.allowed_users = {people!r}
c.Authenticator.username_pattern = ".*"
c.JupyterHub.load_groups = {{"facilitators": {{"users": ["anna", "ben"]}}}}
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie_secret"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.JupyterHub.pid_file = ""
c.ConfigurableHTTPProxy.command = {proxy!r}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.ConfigurableHTTPProxy.pid_file = "{folder}/proxy.pid"
c.ConfigurableHTTPProxy.check_running_interval = 1
c.SimpleLocalProcessSpawner.home_dir_template = "{folder}/homes/{{username}}"
c.Spawner.environment["JUPYTERHUB_ACTIVITY_INTERVAL"] = "1"
c.Spawner.environment["PYTHONUNBUFFERED"] = "1"
c.Spawner.http_timeout = c.Spawner.start_timeout = 240
c.JupyterHub.services.append({{"name": "tests", "api_token": {admin!r}}})
c.JupyterHub.load_roles.append({{
    "name": "tests", "services": ["tests"],
    "scopes": ["admin:users", "admin:servers", "list:users", "read:users:activity", "proxy", "read:hub"],
}})
"""


def hub_here() -> list[str] | None:
    """The hub's proxy; None where it or JupyterHub is missing."""
    own = HERE / ".venv" / "hub" / "node_modules" / ".bin" / "configurable-http-proxy"
    proxy = str(own) if own.exists() else shutil.which("configurable-http-proxy")
    return [proxy] if proxy and find_spec("jupyterhub") and shutil.which("node") else None


class RunningHub:
    """JupyterHub, its proxy, the service `nps` and the servers that it starts.

    Attributes:
        base: its address, without a slash at the end.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.base = folder, f"http://127.0.0.1:{free_port()}"
        self.hub_port, self.api_port, service = free_port(), free_port(), free_port()
        places = {"folder": folder, "hub_port": self.hub_port, "api_port": self.api_port, "proxy": hub_here()}
        known = {"settings": str(HERE / "docs/hosting/jupyterhub_config.py"), "password": PASSWORD, "admin": ADMIN}
        (folder / "jupyterhub_config.py").write_text(SETTINGS.format(**places, **known, people=PEOPLE))
        given = {"NPS_HUB_FOLDER": str(folder / "nps"), "NPS_HUB_URL": f"{self.base}/", "NPS_HUB_BIND": f"{self.base}/"}
        node = str(Path(shutil.which("node") or "").parent)
        environment = {**os.environ, **given, "NPS_HUB_SERVICE": f"http://127.0.0.1:{service}/"}
        environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), node, environment.get("PATH", "")])
        self._environment = environment
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "jupyterhub", "-f", str(self.folder / "jupyterhub_config.py")]
        with (self.folder / "hub.log").open("a") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, env=self._environment, start_new_session=True
            )
        try:
            wait_until(lambda: self.process.poll() is not None or self.answers("/services/nps/"), START_SECONDS)
            assert self.process.poll() is None, self.log
        except AssertionError:
            self.process.kill()  # else it outlives the tests
            raise

    def stop(self) -> None:
        """Ends the hub, which ends all that it has started.

        It looks each second whether its proxy runs, and may start it once more while it ends.
        """
        self.process.terminate()
        self.process.wait(WAIT_SECONDS)
        for one in psutil.process_iter():
            with suppress(psutil.Error):
                if str(self.api_port) in one.cmdline() and "configurable-http-proxy" in " ".join(one.cmdline()):
                    one.terminate()

    @property
    def log(self) -> str:
        """All that the hub, its service and its servers have said."""
        return (self.folder / "hub.log").read_text()

    def ask(self, path: str, method: str = "GET", token: str = ADMIN, **more: Any) -> requests.Response:
        """Something of the hub's interface."""
        headers = {"Authorization": f"token {token}"}
        url = f"http://127.0.0.1:{self.hub_port}/hub/api{path}"
        return requests.request(method, url, headers=headers, timeout=WAIT_SECONDS, **more)

    def spawn(self, council: str, name: str = "") -> str:
        """Starts a council's server; its address, without a slash at the end."""
        path = f"/users/{quote(council)}/" + (f"servers/{quote(name)}" if name else "server")
        started = self.ask(path, "POST")
        assert started.status_code in (201, 202) or "already running" in started.text, started.text
        wait_until(lambda: self.server(council, name).get("ready"), START_SECONDS)
        return self.base + str(self.server(council, name)["url"]).rstrip("/")

    def server(self, council: str, name: str = "") -> dict[str, Any]:
        """What the hub knows of a council's server; nothing where it does not run."""
        user = self.ask(f"/users/{quote(council)}").json()
        found: dict[str, Any] = user.get("servers", {}).get(name, {})
        return found

    def stop_server(self, council: str, name: str = "") -> None:
        """Ends a council's server, by SIGTERM."""
        path = f"/users/{quote(council)}/" + (f"servers/{quote(name)}" if name else "server")
        assert self.ask(path, "DELETE").status_code in (202, 204)
        wait_until(lambda: not self.server(council, name).get("ready"))

    def engine(self, *names: str) -> Engine:
        """The database of a server."""
        return open_database(str(self.folder.joinpath("nps", *names, "workshops.db")))

    def answers(self, path: str) -> bool:
        """Whether there is a page."""
        try:
            return requests.get(self.base + path, timeout=5).status_code == 200
        except requests.RequestException:
            return False


class Person:
    """A browser without scripts, whose user may have an account of the hub."""

    def __init__(self, base: str) -> None:
        self.base, self.http = base, requests.Session()

    def get(self, path: str, **more: Any) -> requests.Response:
        """A page below the server's address, or one of the hub."""
        return self.http.get(path if "://" in path else self.base + path, timeout=WAIT_SECONDS, **more)

    def post(self, path: str, data: dict[str, str] | None = None, **more: Any) -> requests.Response:
        """Posts a form with the token of the server's pages."""
        below = urlsplit(self.base).path
        token = next((one.value for one in self.http.cookies if one.name.startswith(TOKEN) and below in one.path), "")
        form = {"_xsrf": token or ""} | (data or {})
        return self.http.post(self.base + path, data=form, timeout=WAIT_SECONDS, **more)

    def sign_on(self, name: str, workshop: str = "") -> requests.Response:
        """Signs on by the hub, as whoever follows the link of a page does; the answer is the last page."""
        return self.confirm(self.log_in(self.get("/sign-on", params={"workshop": workshop}), name))

    def log_in(self, shown: requests.Response, name: str) -> requests.Response:
        """Fills in the hub's own form, where that is shown."""
        if "/hub/login" not in shown.url:
            return shown
        form = {"username": name, "password": PASSWORD, "_xsrf": self._token_in(shown)}
        return self.http.post(shown.url, data=form, timeout=WAIT_SECONDS)

    def way_back(self, name: str, workshop: str = "") -> str:
        """Signs on; the address to which the hub then sends this browser, which does not go there yet."""
        shown = self.get("/sign-on", params={"workshop": workshop}, allow_redirects=False)
        address = urljoin(self.base, shown.headers["Location"])
        self.log_in(self.get(urljoin(self.base, "/hub/login")), name)
        return urljoin(self.base, self.get(address, allow_redirects=False).headers["Location"])

    def confirm(self, shown: requests.Response) -> requests.Response:
        """Says yes where the hub asks whether the server may know who somebody is."""
        if "/oauth2/authorize" not in shown.url or not shown.ok:
            return shown
        scopes = re.findall(r'name="scopes"[^>]*value="([^"]*)"', shown.text)
        form = {"_xsrf": self._token_in(shown), "scopes": scopes}
        return self.http.post(shown.url, data=form, headers={"Referer": shown.url}, timeout=WAIT_SECONDS)

    def _token_in(self, shown: requests.Response) -> str:
        return re.findall(r'name="_xsrf"\s+value="([^"]*)"', shown.text)[0]
