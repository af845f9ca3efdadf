"""A real nginx in front of a server, with TLS of a throw-away certificate, on free ports of this computer."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from serving import Client, RunningServer, wait_until

from npswidgets.store.access import stored_value

NAME = "localhost"
CONFIGURATION = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/cert.pem;
    ssl_certificate_key {folder}/key.pem;
    location /nps/ {{
      proxy_pass http://127.0.0.1:{behind};
      {said}
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"""
HOST = "proxy_set_header Host $http_host;"
UPGRADE = """proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;"""


def nginx_here() -> str | None:
    """The program; Debian keeps it where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


class Nginx:
    """nginx in the foreground of a process of its own."""

    def __init__(self, folder: Path, port: int, behind: int, said: tuple[str, ...] = (HOST, UPGRADE)) -> None:
        folder.mkdir(exist_ok=True)
        subject = ("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-days", "2", "-nodes")
        keys = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", "key.pem", "-out", "cert.pem")
        if not (folder / "cert.pem").exists():
            subprocess.run(["openssl", "req", "-x509", *subject, *keys], cwd=folder, check=True, capture_output=True)
        user = "user root;" if os.geteuid() == 0 else ""
        settings = {"user": user, "folder": folder, "port": port, "behind": behind, "said": "\n      ".join(said)}
        (folder / "nginx.conf").write_text(CONFIGURATION.format(**settings))
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
    """A server that nginx alone asks, and the nginx."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        hosted = ("--prefix", "/nps/", "--url", f"https://{NAME}:{self.port}/nps/", "--behind-proxy", "127.0.0.1")
        super().__init__(folder, ("--demo", "--port", "0", *hosted))
        self.own_port = int(stored_value(self.engine, "port") or 0)
        self.nginx = Nginx(folder / "nginx", self.port, self.own_port)

    def stop(self) -> None:
        self.nginx.stop()
        super().stop()

    @contextmanager
    def set_up(self, *said: str) -> Iterator[None]:
        """Has nginx set up in another way inside the block."""
        self.nginx.stop()
        self.nginx = Nginx(self.folder / "nginx", self.port, self.own_port, said)
        try:
            yield
        finally:
            self.nginx.stop()
            self.nginx = Nginx(self.folder / "nginx", self.port, self.own_port)

    def client(self, address: str = "127.0.0.5") -> Client:
        """A browser without scripts at an address of its own."""
        new = Client(self)
        new.http.trust_env, new.http.verify = False, str(self.nginx.certificate)  # not what the environment trusts
        new.http.mount("https://", From(address))
        return new

    def directly(self, path: str, address: str = "127.0.0.5", **headers: str) -> requests.Response:
        """What the server says to somebody who goes round nginx."""
        with requests.Session() as http:
            http.mount("http://", From(address))
            return http.get(f"http://127.0.0.1:{self.own_port}{path}", headers=headers, allow_redirects=False)


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
