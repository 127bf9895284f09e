"""The client in `examples/` gives its token to the API alone, and lets no text steer the terminal."""

from __future__ import annotations

import runpy
import threading
import urllib.error
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from skimlist.links.parsing import LineStatus, parse_lines
from testkit.template import ROOT
from tests.link_files import FILES

CLIENT = runpy.run_path(str(ROOT / "examples" / "skimlist_client.py"))


class Redirecting(BaseHTTPRequestHandler):
    """Leads everything to another address of its own, and keeps the headers that arrive there."""

    arrived: list[Any]

    def do_GET(self) -> None:
        if self.path == "/elsewhere":
            self.arrived.append(dict(self.headers))
            self.send_response(200)
        else:
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_address[1]}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    Redirecting.arrived = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_a_redirect_does_not_take_the_token_along(port: int) -> None:
    with pytest.raises(urllib.error.HTTPError, match="302"):
        CLIENT["send"]("GET", f"http://127.0.0.1:{port}/api/batch", Authorization="Bearer token")
    assert Redirecting.arrived == []


def test_a_title_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    CLIENT["say"]("left out: \x1b]0;title\x07\x1b[2J\u202e\n  next line, Brötchen 🍞")
    assert capsys.readouterr().err == "left out:  ]0;title  [2J \n  next line, Brötchen 🍞\n"


@pytest.mark.parametrize(
    ("app", "cognito"),
    [
        ("https://a1.execute-api.eu-central-1.amazonaws.com", "https://cognito-idp.eu-central-1.amazonaws.com/"),
        ("https://a1.execute-api.us-gov-west-1.amazonaws.com/", "https://cognito-idp.us-gov-west-1.amazonaws.com/"),
        ("https://a1.execute-api.eusc-de-east-1.amazonaws.eu", "https://cognito-idp.eusc-de-east-1.amazonaws.eu/"),
    ],
)
def test_users_sign_in_where_the_deployment_is(app: str, cognito: str) -> None:
    assert CLIENT["cognito_beside"](app) == cognito


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_as_programs_write_it(name: str) -> None:
    content, video_ids = FILES[name]
    parsed = parse_lines(CLIENT["link_lines"](content))
    assert [link.video_id for link in parsed.links if link.status is LineStatus.VALID] == video_ids
    assert all(link.status is LineStatus.VALID for link in parsed.links) or name == "subscriptions.csv"
