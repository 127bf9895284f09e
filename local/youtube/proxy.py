"""An HTTP proxy on the loopback interface that itself answers TLS connections to the intercepted hosts."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import trustme

from local.browsers import ProgramsOnlyHandler
from local.youtube.answers import Answer

HOSTS = ("www.youtube.com", "youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be", "www.googleapis.com")


@dataclass(frozen=True, slots=True)
class Request:
    """A request; `host` is the intercepted host, or None for a request to the proxy itself."""

    host: str | None
    method: str
    path: str
    query: dict[str, str]
    cookies: str
    api_key: str
    body: bytes


class InterceptingProxy(ThreadingHTTPServer):
    """Passes every request to `answer`. Clients must trust `ca_file`, whose key exists only in this process."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, ca_file: Path, answer: Callable[[Request], Answer]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.answer = answer
        self.authority = authority = trustme.CA(organization_name="Skimlist fake YouTube")
        ca_file.parent.mkdir(parents=True, exist_ok=True)
        authority.cert_pem.write_to_path(ca_file)
        self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(*HOSTS).configure_cert(self.tls)

    def handle_error(self, request: object, client_address: object) -> None:
        # Tests use clients that stop waiting or do not trust the CA.
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(ProgramsOnlyHandler):
    protocol_version = "HTTP/1.1"
    server: InterceptingProxy
    host: str | None = None

    def do_CONNECT(self) -> None:  # noqa: N802 - the names that http.server looks for
        host = self.path.rpartition(":")[0]
        if host not in HOSTS:
            self.send_error(403, "Only YouTube is behind this proxy")
            return
        self.send_response(200, "Connection established")
        self.end_headers()
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.setup()
        self.host, self.close_connection = host, False

    def refusal(self) -> str | None:
        """Returns no refusal for a client in a tunnel, because it was configured to use the proxy and trusts its CA."""
        has_tunnel = self.host is not None or self.command == "CONNECT"
        return None if has_tunnel else super().refusal()

    def do_GET(self) -> None:  # noqa: N802
        url = urlsplit(self.path)
        request = Request(
            host=self.host,
            method=self.command,
            path=url.path,
            query={name: values[0] for name, values in parse_qs(url.query).items()},
            cookies=self.headers.get("Cookie", ""),
            api_key=self.headers.get("X-Goog-Api-Key", ""),
            body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
        )
        self._send(self.server.answer(request))

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:  # the client asked for it, and would otherwise reuse the connection
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def log_message(self, *_: object) -> None:
        """Logs nothing, because the fake server counts requests instead."""
