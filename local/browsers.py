"""What a browser tells a server on this machine about the page that sends a request.

Any website can make its visitor's browser send requests to 127.0.0.1, and a name that the website owns can be made to
lead there. A browser lets no page choose these headers: `Host` is the name in the address, `Origin` the page's own
(https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Origin), and `Sec-Fetch-Site` says how far apart the two
are (https://www.w3.org/TR/fetch-metadata/). Programs send neither of the last two.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
# A browser leaves this port out of `Host` and `Origin`.
_HTTP_PORT = 80

WRONG_HOST = "This server answers to 127.0.0.1 and localhost only."
FOREIGN_PAGE = "Other websites may not use this server."


def authority(host: str, port: int) -> str:
    """Host and port as they stand in an address."""
    return host if port == _HTTP_PORT else f"{host}:{port}"


def loopback_authorities(port: int) -> frozenset[str]:
    return frozenset(authority(host, port) for host in _LOOPBACK)


def refusal(headers: Mapping[str, str], port: int) -> str | None:
    """Why a server for programs alone answers no such request; None for a program's. Names are in lower case."""
    if headers.get("host", "").lower() not in loopback_authorities(port):
        return WRONG_HOST
    # "none" is an address that somebody typed.
    if "origin" in headers or headers.get("sec-fetch-site", "none") != "none":
        return FOREIGN_PAGE
    return None


class ProgramsOnlyHandler(BaseHTTPRequestHandler):
    """Answers programs of this machine, and no website."""

    def parse_request(self) -> bool:
        if not super().parse_request():
            return False
        reason = self.refusal()
        if reason:
            self.send_error(403, reason)  # closes the connection: a body that is not read is no next request
        return reason is None

    def refusal(self) -> str | None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        return refusal(headers, self.connection.getsockname()[1])
