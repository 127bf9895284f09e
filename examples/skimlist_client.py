"""Summarizes the videos of a text file and saves the ZIP. Python 3.11 and its standard library are all it needs.

python examples/skimlist_client.py links.txt                     # the stack of `make run`, by .local/stack.json
python examples/skimlist_client.py links.txt --app APP_URL --client USER_POOL_CLIENT_ID --username you@example.com

AppUrl and UserPoolClientId are outputs of the stack; the password comes from SKIMLIST_PASSWORD, or is asked for.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
import time
import urllib.parse
import urllib.request
import uuid
from pathlib import Path
from typing import Any

POLL_SECONDS = 2
ENDED = {"completed", "failed", "cancelled", "paused"}


def send(method: str, url: str, body: Any = None, **headers: str) -> bytes:
    """The answer's body; urllib's HTTPError for a refusal."""
    parts = urllib.parse.urlsplit(url)
    if parts.hostname and parts.hostname.endswith(".localhost"):  # not every resolver knows these names
        headers["Host"] = parts.netloc
        url = parts._replace(netloc=f"127.0.0.1:{parts.port}").geturl()
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        content: bytes = answer.read()
    return content


class Skimlist:
    """The API, signed in. The ID token lives an hour; a program that runs longer signs in again."""

    def __init__(self, api_url: str, cognito_url: str, client_id: str, username: str, password: str) -> None:
        self._api_url = api_url
        answer = send(
            "POST",
            cognito_url,
            {
                "AuthFlow": "USER_PASSWORD_AUTH",
                "ClientId": client_id,
                "AuthParameters": {"USERNAME": username, "PASSWORD": password},
            },
            **{
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
            },
        )
        self._token = json.loads(answer)["AuthenticationResult"]["IdToken"]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return json.loads(send(method, self._api_url + path, body, Authorization=f"Bearer {self._token}", **headers))

    def create(self, urls: list[str], model: str) -> Any:
        """The key makes it safe to send this twice."""
        key = {"Idempotency-Key": str(uuid.uuid4())}
        return self.ask("POST", "/batch/create", {"urls": urls, "model": model}, **key)

    def follow(self, batch_id: str) -> Any:
        """The batch once it has ended or paused; prints every change."""
        shown = ""
        while True:
            batch = self.ask("GET", f"/batch/{batch_id}?items=false")
            progress = batch["progress"]
            counts = f"{progress['completed']} summarized, {progress['failed']} failed, {progress['left']} left"
            line = f"{batch['status']}: {counts}"
            if line != shown:
                print(line, file=sys.stderr)
                shown = line
            if batch["status"] in ENDED:
                return batch
            time.sleep(POLL_SECONDS)

    def download(self, batch_id: str, target: Path) -> None:
        link = self.ask("GET", f"/batch/{batch_id}/export?format=zip")["url"]
        # The link carries its own signature; a token beside it would be refused.
        with urllib.request.urlopen(link, timeout=60) as archive:
            target.write_bytes(archive.read())


def sign_in(arguments: argparse.Namespace) -> Skimlist:
    if not arguments.app:
        stack = json.loads(arguments.stack.read_text(encoding="utf-8"))
        access = (stack[name] for name in ("client_id", "username", "password"))
        return Skimlist(stack["api_url"], stack["endpoint_url"] + "/", *access)
    region = arguments.app.split(".")[2]  # https://ID.execute-api.REGION.amazonaws.com
    password = os.environ.get("SKIMLIST_PASSWORD") or getpass.getpass()
    cognito = f"https://cognito-idp.{region}.amazonaws.com/"
    return Skimlist(f"{arguments.app}/api", cognito, arguments.client, arguments.username, password)


def main() -> int:
    parser = argparse.ArgumentParser(description="Summarizes the videos of a text file and saves the ZIP.")
    parser.add_argument("links", type=Path, help="a file with one link a line")
    parser.add_argument("--to", type=Path, default=Path("summaries.zip"), help="where to save the ZIP")
    parser.add_argument("--model", default="extractive")
    parser.add_argument("--stack", type=Path, default=Path(".local/stack.json"), help="of a stack on this machine")
    parser.add_argument("--app", help="AppUrl of a deployed stack")
    parser.add_argument("--client", help="UserPoolClientId of a deployed stack")
    parser.add_argument("--username")
    arguments = parser.parse_args()
    skimlist = sign_in(arguments)
    urls = [line.strip() for line in arguments.links.read_text(encoding="utf-8").splitlines() if line.strip()]
    batch = skimlist.follow(skimlist.create(urls, arguments.model)["id"])
    if batch["progress"]["completed"]:
        skimlist.download(batch["id"], arguments.to)
        print(arguments.to)
    return 0 if batch["status"] == "completed" else 1


if __name__ == "__main__":
    sys.exit(main())
