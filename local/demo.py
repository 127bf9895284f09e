"""`make demo`: runs a batch of sample videos through the whole system, as any client would."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import httpx
from rich.markdown import Markdown
from rich.markup import escape
from rich.panel import Panel
from rich.tree import Tree

from local import archive
from local.captions import CaptionFolder
from local.client import api_client
from local.emulator import free_port
from local.private import OWNER_ONLY
from local.progress import BatchProgress
from local.settings import LocalSettings, LocalStackError
from local.stack import LocalStack
from local.terminal import console, messages, stop_on_signals
from local.youtube import FakeYouTube

_POLL_SECONDS = 0.5
_EMAIL_SECONDS = 30
_ENDED = {"completed", "failed", "cancelled"}


def main(captions_folder: Path, results_folder: Path) -> None:
    """Runs the demo; the ZIP is kept in `results_folder`."""
    stop_on_signals()
    os.umask(OWNER_ONLY)
    started = time.monotonic()
    with messages(), _workspace() as folder:
        captions = CaptionFolder.read(captions_folder)
        with ExitStack() as running:
            stack = _start(running, captions_folder, folder)
            with api_client(stack.description) as api:
                batch = _process(api, captions)
                content = _download(api, batch["id"])
            archived = ZipFile(io.BytesIO(content))
            kept = keep(content, results_folder, archived.namelist()[0].partition("/")[0])
            email = _await_email(stack.settings.mail_dir)
        _show(archived)
        console.print(Panel(escape(email), title="The email to its owner"))
        _require_none(archive.problems(archived, captions.video_ids, captions.failing, with_digest=True))
        console.print(
            f"[bold green]The ZIP is complete and correct.[/] The demo took {time.monotonic() - started:.0f} s."
        )
        console.print(f"The ZIP is here: {escape(str(kept))}", soft_wrap=True)


@contextmanager
def _workspace() -> Iterator[Path]:
    """Provides a temporary folder, which is kept after an error because it has the logs."""
    folder = Path(tempfile.mkdtemp(prefix="skimlist-demo-"))
    try:
        yield folder
    except LocalStackError as error:
        raise LocalStackError(f"{error}\nThe logs are in {folder / 'state'}.") from error
    except KeyboardInterrupt:
        shutil.rmtree(folder)
        raise
    shutil.rmtree(folder)


def _start(running: ExitStack, captions_folder: Path, folder: Path) -> LocalStack:
    """Starts a separate stack, which reaches a fake YouTube with the folder of captions through a proxy."""
    youtube = running.enter_context(FakeYouTube(captions_folder, ca_folder=folder))
    settings = LocalSettings(
        port=free_port(),
        state_dir=folder / "state",
        ca_bundle=str(youtube.ca_file),
        secrets={"youtube-proxy-url": youtube.proxy_url},
    )
    return running.enter_context(LocalStack(settings))


def _process(api: httpx.Client, captions: CaptionFolder) -> dict[str, Any]:
    """Creates the batch and follows it to its end."""
    request = {"name": "Demo", "urls": captions.video_ids, "model": "extractive", "options": {"digest": True}}
    batch = _answer(api.post("batch/create", json=request, headers={"Idempotency-Key": str(uuid.uuid4())}))
    etag = ""
    with BatchProgress(console, len(captions.video_ids)) as progress:
        while batch["status"] not in _ENDED:
            response = api.get(f"batch/{batch['id']}", params={"limit": 100}, headers={"If-None-Match": etag})
            if response.status_code == httpx.codes.NOT_MODIFIED:
                time.sleep(_POLL_SECONDS)
                continue
            batch, etag = _answer(response), response.headers["ETag"]
            if batch["status"] == "paused":
                raise LocalStackError(f"The batch paused: {batch['pause']['message']}")
            progress.show(batch, _items(api, batch))
    return batch


def _items(api: httpx.Client, batch: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Yields all items of a batch, page by page."""
    items, cursor = list(batch["items"]), batch["next_cursor"]
    while cursor:
        page = _answer(api.get(f"batch/{batch['id']}", params={"limit": 100, "cursor": cursor}))
        items, cursor = items + page["items"], page["next_cursor"]
    return items


def _download(api: httpx.Client, batch_id: str) -> bytes:
    export = _answer(api.get(f"batch/{batch_id}/export", params={"format": "zip"}))
    # The link has its own signature; an additional token would be refused.
    content = httpx.get(export["url"], trust_env=False).raise_for_status().content
    if hashlib.sha256(content).hexdigest() != export["sha256"]:
        raise LocalStackError("The downloaded ZIP does not have the SHA-256 that the API gave.")
    return content


def keep(content: bytes, folder: Path, name: str) -> Path:
    """Writes `<name>.zip` into the folder, keeps its other files, and returns the absolute path."""
    file = folder.resolve() / f"{name}.zip"  # the name ends with the id of the batch
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as new:
            new.write(content)
    except OSError as error:
        raise LocalStackError(f"The ZIP cannot be saved as {file}: {error.strerror}.") from error
    return file


def _await_email(mail_dir: Path) -> str:
    """Waits for the email that the workflow sends after the last video."""
    deadline = time.monotonic() + _EMAIL_SECONDS
    while time.monotonic() < deadline:
        for file in mail_dir.iterdir():
            return file.read_text(encoding="utf-8").strip()
        time.sleep(_POLL_SECONDS)
    raise LocalStackError(f"No email came within {_EMAIL_SECONDS} s after the batch had ended.")


def _answer(response: httpx.Response) -> dict[str, Any]:
    if response.is_error:
        asked = f"{response.request.method} {response.request.url.path}"
        raise LocalStackError(f"{asked} answered {response.status_code}: {response.text}")
    answer: dict[str, Any] = response.json()
    return answer


def _show(archived: ZipFile) -> None:
    """Shows the archive's tree, the digest of the batch, and the first summary."""
    names = [name for name in archived.namelist() if not name.endswith("/")]
    folder = names[0].partition("/")[0]
    tree = Tree(f"[bold]{escape(folder)}/")
    for name in sorted(names):
        tree.add(f"{escape(name.partition('/')[2])}  [dim]{archived.getinfo(name).file_size:,} bytes")
    console.print(tree)
    digest = archive.digest_section(archived.read(f"{folder}/index.md").decode())
    if digest:
        console.print(Panel(Markdown(digest), title="The digest in index.md"))
    summary = next((name for name in sorted(names) if name.partition("/")[2][:1].isdigit()), None)
    if summary:
        front_matter, _, text = archived.read(summary).decode().removeprefix("---\n").partition("\n---\n")
        console.print(Panel(Markdown(text or front_matter), title=escape(summary.partition("/")[2])))


def _require_none(problems: list[str]) -> None:
    if problems:
        raise LocalStackError("The ZIP is not what it should be:\n" + "\n".join(f"- {each}" for each in problems))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
