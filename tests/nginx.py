"""A real nginx in front of a server, with TLS of a throw-away certificate, on free ports of this computer."""

import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from paths import ROOT
from requests.adapters import HTTPAdapter
from serving import Client, RunningServer, wait_until

from npswidgets.store.access import stored_value
from npswidgets.store.rights import new_operator

NAME = "localhost"
AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/nps.conf;
  server {{  # in place of oauth2-proxy: whoever has the cookie has signed on as that
    listen 127.0.0.1:{signing_on};
    location = /oauth2/auth {{
      if ($cookie_account = "") {{ return 401; }}
      add_header X-Auth-Request-User $cookie_account always;
      return 202;
    }}
    location /oauth2/start {{ return 200 "Who are you? $request_uri"; }}
  }}
}}
"""
SITE = ROOT / "docs" / "hosting" / "nginx.conf"
HOST = "proxy_set_header Host $http_host;"
UPGRADE = """proxy_http_version 1.1;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;"""
BEHIND, PASSED_ON = "server 127.0.0.1:8866 ", "proxy_pass http://nps;"
ANOTHER = "#= server 127.0.0.2:8866 fail_timeout=3s;"
PROXY_SECRET = "a-secret-of-the-proxy-in-tests"
SIGNING_ON = "auth_request /oauth2/auth;"
"""Among what is said: the lines for signing on count."""

WELL = (HOST, UPGRADE, SIGNING_ON)
DOWN = "signing on is down"


def site(folder: Path, port: int, plain: int, behind: tuple[str, ...], said: tuple[str, ...], signing_on: int) -> str:
    """The file of the documents with these ports and places, and with what is said alone."""
    there = SITE.read_text(encoding="utf-8")
    first, *others = behind
    if others:
        there = there.replace(ANOTHER, "".join(f"server {one} fail_timeout=3s;" for one in others)).replace("#= ", "")
    more = [one for one in said if one not in (*WELL, DOWN)]
    if SIGNING_ON in said:
        answers = free_port() if DOWN in said else signing_on
        there = there.replace("#+ ", "").replace("127.0.0.1:4180", f"127.0.0.1:{answers}")
        there = there.replace("/etc/nginx/nps-secret.conf", f"{folder}/secret.conf")
    for here, in_its_place in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("/etc/ssl/nps", str(folder)),
        ("https://nps.example.gov.uk$", f"https://{NAME}:{port}$"),
        ("server_name nps.example.gov.uk;", f"server_name {NAME};"),
        (BEHIND, f"server {first} "),
        (PASSED_ON, " ".join([PASSED_ON, *more])),
        *((one, "") for one in (HOST, UPGRADE) if one not in said),
    ):
        assert here in there, here
        there = there.replace(here, in_its_place)
    return there


def nginx_here() -> str | None:
    """The program; Debian keeps it where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


class Nginx:
    """nginx in the foreground of a process of its own."""

    def __init__(self, folder: Path, port: int, *behind: str, said: tuple[str, ...] = WELL) -> None:
        folder.mkdir(exist_ok=True)
        subject = ("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-days", "60", "-nodes")
        keys = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", "key.pem", "-out", "cert.pem")
        if not (folder / "cert.pem").exists():
            subprocess.run(["openssl", "req", "-x509", *subject, *keys], cwd=folder, check=True, capture_output=True)
        user = "user root;" if os.geteuid() == 0 else ""
        self.plain_port, signing_on = free_port(), free_port()
        (folder / "nps.conf").write_text(site(folder, port, self.plain_port, behind, said, signing_on))
        (folder / "secret.conf").write_text(f'set $proxy_secret "{PROXY_SECRET}";')
        (folder / "nginx.conf").write_text(AROUND.format(user=user, folder=folder, signing_on=signing_on))
        command = [str(nginx_here()), "-p", str(folder), "-c", str(folder / "nginx.conf")]
        with (folder / "said.log").open("w") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        self.certificate, self.base = folder / "cert.pem", f"https://{NAME}:{port}/nps"
        try:
            wait_until(lambda: self.process.poll() is not None or _answers(port))
            assert self.process.poll() is None, (folder / "said.log").read_text()
        except AssertionError:
            self.process.kill()  # else it outlives the tests
            raise

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


class BehindNginx(RunningServer):
    """A server that nginx alone asks, and the nginx, which says who has signed on.

    Args:
        place: of a Unix socket by which it asks; by default it asks at a port, and shows a secret.
    """

    def __init__(self, folder: Path, place: Path | None = None) -> None:
        self.port, self.place = free_port(), place
        hosted = ("--prefix", "/nps/", "--url", f"https://{NAME}:{self.port}/nps/", "--sign-on-header", "X-Remote-User")
        settings = folder / "serve.toml"
        settings.write_text(f'socket = "{place}"' if place else f'proxy-secret = "{PROXY_SECRET}"')
        settings.chmod(0o600)
        near = () if place else ("--port", "0", "--behind-proxy", "127.0.0.1")
        super().__init__(
            folder,
            ("--demo", "--config", str(settings), *hosted, *near),
            listens=() if place else RunningServer.listens,
        )
        self.own_port = int(stored_value(self.engine, "port") or 0)
        self._asked_at = f"unix:{place}" if place else f"127.0.0.1:{self.own_port}"
        self.nginx = Nginx(folder / "nginx", self.port, self._asked_at)

    def stop(self) -> None:
        self.nginx.stop()
        super().stop()

    @property
    def start_link(self) -> str:
        """Of a new operator, since the log holds none."""
        secret = new_operator(self.engine, f"operator {secrets.token_hex(4)}")
        return f"{self.base}/start#{secret}"

    @property
    def nginx_log(self) -> str:
        """What nginx has said."""
        return (self.folder / "nginx" / "error.log").read_text()

    @contextmanager
    def set_up(self, *said: str) -> Iterator[None]:
        """Has nginx set up in another way inside the block."""
        self.nginx.stop()
        self.nginx = Nginx(self.folder / "nginx", self.port, self._asked_at, said=said)
        try:
            yield
        finally:
            self.nginx.stop()
            self.nginx = Nginx(self.folder / "nginx", self.port, self._asked_at)

    def client(self, address: str = "127.0.0.5", account: str = "") -> Client:
        """A browser without scripts at an address of its own, whose user may have signed on at the proxy."""
        new = Client(self)
        new.http.trust_env, new.http.verify = False, str(self.nginx.certificate)  # not what the environment trusts
        new.http.mount("https://", From(address))
        sign_on(new, account)
        return new

    def directly(self, path: str, address: str = "127.0.0.5", **headers: str) -> requests.Response:
        """What the server says to somebody who goes round nginx."""
        with requests.Session() as http:
            http.mount("http://", From(address))
            return http.get(f"http://127.0.0.1:{self.own_port}{path}", headers=headers, allow_redirects=False)


def sign_on(client: Client, account: str) -> None:
    """As when a browser's user has signed on at the proxy; with no account, out."""
    client.http.cookies.set("account", account or None, domain="localhost.local", path="/")


class From(HTTPAdapter):
    """Connects from one of this computer's addresses."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, source_address=(self._address, 0), **options)  # type: ignore[no-untyped-call]


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
