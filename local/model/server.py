"""The HTTP server of the fake language model."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from http.server import ThreadingHTTPServer
from ssl import SSLContext
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from local.browsers import ProgramsOnlyHandler
from local.model.answers import completion, count_tokens, events, prompt_text
from local.model.failures import HTTP_ERRORS, REJECTED_FORMATS, Failure
from local.model.vendors import VendorAnswer, vendor_answers

# An approximation for English.
_CHARACTERS_A_TOKEN = 4
_NOT_FOUND = 404
_STOPPING = 503


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # All parts of a long video are requested concurrently; a client that finds the queue full retries after a second.
    request_queue_size = 128


class FakeModelServer:
    """Serves chat completions at `base_url`; `latency` is seconds before each answer.

    With `prefill`, reading the prompt takes additional time at this many tokens per second. A client that asks for a
    stream gets one, with `written` at that many tokens per second.

    Any key is accepted. Besides the model's protocol, it is controlled by `GET /requests` (as `requests`),
    `PUT /failures` with {"failure": …, "times": …}, and `DELETE /failures`. A failure is one of `Failure`, or
    "vendor:case" for the real answer of a vendor's endpoint. With `tls` it serves HTTPS.
    """

    # The prefix of the protocol's paths.
    root = "/v1"

    def __init__(
        self,
        *,
        port: int = 0,
        latency: float = 0.0,
        prefill: float | None = None,
        written: float | None = None,
        tls: SSLContext | None = None,
    ) -> None:
        self.latency = latency
        self.prefill = prefill
        self.written = written
        self._scheme = "https" if tls else "http"
        self._asked = self._under_way = self._most_at_once = 0
        self._answered: Counter[str] = Counter()
        self._used: Counter[str] = Counter()
        self._failure: Failure | VendorAnswer | None = None
        self._times: int | None = None
        self._lock = Lock()
        self._stopped = Event()
        self._server = _Server(("127.0.0.1", port), _handler(self))
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="model-fake server", daemon=True)

    @property
    def base_url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}{self.root}"

    @property
    def requests(self) -> dict[str, Any]:
        """The counts: `asked`, `most_at_once`, tokens `used`, and answers by the prompt's hash (2 means paid twice)."""
        with self._lock:
            return {
                "asked": self._asked,
                "most_at_once": self._most_at_once,
                "used": dict(self._used),
                "answered": dict(self._answered),
            }

    def seconds_for(self, messages: Sequence[Mapping[str, str]]) -> float:
        """Returns how long an answer to these messages takes."""
        if self.prefill is None:
            return self.latency
        return self.latency + len(prompt_text(messages)) / _CHARACTERS_A_TOKEN / self.prefill

    def fail(self, failure: str, *, times: int | None = None) -> None:
        """Makes the next `times` requests that this failure can affect fail, or all of them until `recover`."""
        found = vendor_answers()[failure] if ":" in failure else Failure(failure)
        with self._lock:
            self._failure, self._times = found, times

    def recover(self) -> None:
        with self._lock:
            self._failure = None

    def __enter__(self) -> FakeModelServer:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def respond(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Mapping[str, Any] | str]:
        """Returns the HTTP status and body of the answer to a request; a text is sent unchanged."""
        if (method, path) == ("POST", f"{self.root}/chat/completions"):
            return self._complete(body)
        match method, path:
            case "PUT", "/failures":
                self.fail(body["failure"], times=body.get("times"))
            case "DELETE", "/failures":
                self.recover()
            case "GET", "/requests":
                return 200, self.requests
            case _:
                return _NOT_FOUND, _error("no such page")
        return 200, {}

    def turn_away(self, _method: str, _path: str, _headers: Mapping[str, str], _body: bytes) -> str | None:
        """Returns why a request is rejected with 403, or None. Keys are not checked."""
        return None

    def paced(self, answer: Mapping[str, Any], *, with_usage: bool) -> Iterator[str]:
        """Yields the events of an answer, each when it is written."""
        pieces = list(events(answer, with_usage=with_usage))
        tokens = count_tokens(answer["choices"][0]["message"]["content"] or "")
        pause = tokens / self.written / len(pieces) if self.written else 0.0
        for event in pieces:
            if pause and self._stopped.wait(pause):
                return
            yield event

    def _complete(self, request: dict[str, Any]) -> tuple[int, Mapping[str, Any] | str]:
        asked_at = monotonic()
        failure = self._begin(request)
        try:
            if failure is Failure.HANG:
                self._stopped.wait()
                return _STOPPING, _error("the fake server stops")
            answer = self._answer(request, failure)
            # the fake server's own work is part of the latency, not on top of it.
            if self._stopped.wait(max(self.seconds_for(request["messages"]) - (monotonic() - asked_at), 0)):
                return _STOPPING, _error("the fake server stops")
            return answer
        finally:
            with self._lock:
                self._under_way -= 1

    def _begin(self, request: Mapping[str, Any]) -> Failure | VendorAnswer | None:
        """Counts a request and returns the failure with which to answer it."""
        with self._lock:
            self._asked += 1
            self._under_way += 1
            self._most_at_once = max(self._most_at_once, self._under_way)
            failure = self._failure
            if failure is None or self._times == 0 or not _can_show(failure, request):
                return None
            self._times = None if self._times is None else self._times - 1
            return failure

    def _answer(
        self, request: Mapping[str, Any], failure: Failure | VendorAnswer | None
    ) -> tuple[int, Mapping[str, Any] | str]:
        if isinstance(failure, VendorAnswer):
            honest = completion(request, 0, None)["choices"][0]["message"]["content"]
            return failure.status, failure.with_text(honest)
        if failure in HTTP_ERRORS:
            status, code = HTTP_ERRORS[failure]
            return status, _error(failure, code)
        if failure in REJECTED_FORMATS:
            return 400, _error("response_format is not supported")
        if not all(message["content"] for message in request["messages"]):
            return 400, _error("messages: text content blocks must be non-empty")  # as Anthropic and others word it
        with self._lock:
            self._answered[sha256(prompt_text(request["messages"]).encode()).hexdigest()] += 1
            number = self._answered.total()
        answer = completion(request, number, failure)
        with self._lock:
            self._used.update(answer.get("usage", {}))
        return 200, answer


def _can_show(failure: Failure | VendorAnswer, request: Mapping[str, Any]) -> bool:
    if isinstance(failure, VendorAnswer):
        return failure.answers(request)
    wanted_format = request.get("response_format", {}).get("type")
    return wanted_format in REJECTED_FORMATS.get(failure, {wanted_format})


def _error(message: str, code: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "fake", "param": None, "code": code}}


def _handler(fake: FakeModelServer) -> type[ProgramsOnlyHandler]:
    class Handler(ProgramsOnlyHandler):
        protocol_version = "HTTP/1.1"

        def _respond(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            refusal = fake.turn_away(self.command, self.path, headers, sent)
            asked = json.loads(sent) if sent and not refusal else {}
            status, body = (403, {"message": refusal}) if refusal else fake.respond(self.command, self.path, asked)
            if asked.get("stream") and not isinstance(body, str) and "choices" in body:
                self._stream(fake.paced(body, with_usage=bool(asked.get("stream_options"))))
                return
            data = (body if isinstance(body, str) else json.dumps(body)).encode()
            # The client may have stopped waiting.
            with suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Type", "text/event-stream" if b"data: " in data else "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        def _stream(self, events: Iterator[str]) -> None:
            with suppress(ConnectionError):
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for event in events:
                    data = event.encode()
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                self.wfile.write(b"0\r\n\r\n")

        do_GET = do_POST = do_PUT = do_DELETE = _respond  # noqa: N815

        def log_message(self, *arguments: object) -> None:
            """Logs nothing, because the text of a prompt must not reach a log."""

    return Handler
