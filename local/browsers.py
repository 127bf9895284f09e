"""Recognizes requests of websites to servers on this machine, by headers that only browsers set.

Any website can make its visitor's browser send requests to 127.0.0.1, and can make a name of its own resolve to it. A
page cannot choose these headers: `Host` is the name in the address, `Origin` the page's own
(https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Origin), and `Sec-Fetch-Site` is the relation of the two
(https://www.w3.org/TR/fetch-metadata/). Programs send neither of the last two.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# Browsers omit this port from `Host` and `Origin`.
_HTTP_PORT = 80

WRONG_HOST = "This server can only be reached as 127.0.0.1 or localhost."
FOREIGN_PAGE = "Other websites may not use this server."


def authority(host: str, port: int) -> str:
    """Returns host and port as in an address."""
    return host if port == _HTTP_PORT else f"{host}:{port}"


def loopback_authorities(port: int) -> frozenset[str]:
    return frozenset(authority(host, port) for host in _LOOPBACK)


def refusal(headers: Mapping[str, str], port: int) -> str | None:
    """Returns why a server for programs refuses a browser's request; None for a program. Names are in lower case."""
    if headers.get("host", "").lower() not in loopback_authorities(port):
        return WRONG_HOST
    # "none" means an address that somebody typed.
    if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
        return FOREIGN_PAGE
    return None


class ProgramsOnlyHandler(BaseHTTPRequestHandler):
    """Answers requests of programs on this machine, but not of websites."""

    # Headers and body are sent separately; with Nagle's algorithm, the body would wait 40 ms until the client has
    # acknowledged the headers.
    disable_nagle_algorithm = True

    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        reason = self.refusal()
        if reason:
            self.send_error(403, reason)  # closes the connection, so that an unread body is not parsed as a request
        return reason is None

    def refusal(self) -> str | None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        return refusal(headers, self.connection.getsockname()[1])
