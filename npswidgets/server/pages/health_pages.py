"""`/health`, `/ready` and `/metrics`: for a container's host, a proxy or Prometheus, which ask by any name.

They set no cookie, read none, and say nothing that is of use to a stranger.
"""

import json
import secrets
from socket import socket
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from npswidgets.addresses import METRICS
from npswidgets.server.kernels.readiness import WORDS

LONGEST_BYTES = 16 * 1024
"""Of what is asked on the port of `/metrics`."""


class _Plain(RequestHandler):
    def set_default_headers(self) -> None:
        self.set_header("Server", "nps-workshop")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Type", "application/json")

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish({"error": status_code})

    def get_current_user(self) -> None:
        """Nobody."""

    def check_xsrf_cookie(self) -> None:
        """Nothing is changed here; a method that there is not is 405 for everybody."""


class HealthPage(_Plain):
    """`/health`: the process lives, whatever the database does."""

    def get(self) -> None:
        """Says so."""
        self.finish({"status": "ok"})

    head = get


class ReadinessPage(_Plain):
    """`/ready`: whether people can come in; 503 with the reasons where they should not."""

    async def get(self) -> None:
        """Says what is wrong, by code and in words."""
        lacks = await self.settings["readiness"].lacks()
        self.set_status(503 if lacks else 200)
        if not lacks:
            return await self.finish({"status": "ok"})
        reasons = [{"code": code, "reason": WORDS[code]} for code in lacks]
        return await self.finish(json.dumps({"status": "not ready", "reasons": reasons}))

    head = get


class _Figures(_Plain):
    async def finish_figures(self) -> None:
        """Says how things are, as Prometheus reads it."""
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        await self.finish(await self.settings["readiness"].figures(self.settings["connections"]()))


class MetricsPage(_Figures):
    """`/metrics`: figures for Prometheus, for who brings the token that NPS_METRICS_TOKEN holds; without one nobody."""

    async def get(self) -> None:
        """The figures."""
        token: str = self.settings["metrics_token"]
        if not token:
            return self.send_error(404)
        kind, _, said = self.request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secrets.compare_digest(said.strip().encode(), token.encode()):
            self.set_header("WWW-Authenticate", "Bearer")
            return self.send_error(401)
        return await self.finish_figures()


class OpenMetricsPage(_Figures):
    """`/metrics` on a port of its own, for whoever reaches that."""

    async def get(self) -> None:
        """The figures."""
        await self.finish_figures()


def serve_figures(settings: dict[str, Any], sockets: list[socket]) -> HTTPServer:
    """Answers `/metrics`, and nothing else, on these sockets; it has nothing in common with what people ask."""
    shared = {name: settings[name] for name in ("readiness", "connections")}
    pages = Application([(METRICS.pattern(), OpenMetricsPage)], log_function=lambda _: None, **shared)
    server = HTTPServer(pages, max_header_size=LONGEST_BYTES, max_body_size=LONGEST_BYTES, idle_connection_timeout=20)
    server.add_sockets(sockets)
    return server
