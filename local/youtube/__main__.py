"""python -m local.youtube FOLDER: runs the fake YouTube alone."""

from __future__ import annotations

import argparse
import signal
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from local.youtube.server import FakeYouTube


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.youtube", description=__doc__)
    parser.add_argument(
        "folder", type=Path, help="with caption files (<video id>.json), playlists.json and failures.json"
    )
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--ca-folder", type=Path, help="for the CA file (default: a temporary folder)")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="before each answer")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        ca_folder = options.ca_folder or Path(temporary)
        with FakeYouTube(options.folder, ca_folder=ca_folder, port=options.port, latency=options.latency) as fake:
            print(f"YOUTUBE_PROXY_URL={fake.proxy_url}\nCA_BUNDLE={fake.ca_file}", flush=True)
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            with suppress(KeyboardInterrupt):
                threading.Event().wait()


if __name__ == "__main__":
    main()
