"""python -m local.model: runs the fake model server alone."""

from __future__ import annotations

import argparse
import signal
from contextlib import suppress
from threading import Event

from local.model.server import FakeModelServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.model", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="before each answer")
    parser.add_argument("--prefill", type=float, metavar="TOKENS", help="tokens that it reads a second; default: all")
    parser.add_argument("--written", type=float, metavar="TOKENS", help="tokens that it streams a second; default: all")
    options = parser.parse_args()
    with FakeModelServer(
        port=options.port, latency=options.latency, prefill=options.prefill, written=options.written
    ) as fake:
        print(f"OPENAI_BASE_URL={fake.base_url}", flush=True)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            Event().wait()


if __name__ == "__main__":
    main()
