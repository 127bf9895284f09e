"""Amazon Bedrock, asked with the function's own credentials; a fake of it verifies every signature as AWS does."""

from __future__ import annotations

import json
import os
import socket
import ssl
import struct
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import time_machine
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from ministack.core.sigv4 import HeaderSignature, header_signature_failure, parse_header_signature

from local.bedrock import BedrockAccount, BedrockGateway
from local.emulator import REGION as EMULATED
from local.emulator import kept_port
from local.model import FakeModelServer
from local.model.bedrock import FakeBedrock
from skimlist import aws
from skimlist.config import Settings
from skimlist.errors import ModelAccessDenied
from skimlist.llm.catalogue import Provider, catalogue
from skimlist.llm.clients import open_client
from skimlist.models.endpoint import Endpoint
from skimlist.models.settings import BatchSettings, SummaryOptions
from testkit.account import NOW, REGION, Account
from testkit.api_client import Client
from testkit.batches import a_summary
from tests.integration.test_handlers import batch_event, summarized

HOST = "bedrock-runtime.eu-central-1.amazonaws.com"
PATH = "/openai/v1/chat/completions"
BODY = b'{"model": "openai.gpt-oss-20b-1:0", "messages": []}'
KEY_ID, SECRET, TOKEN = "ASIAEXAMPLE", "secret", "token"
HOSTED = [alias for alias, spec in catalogue().items() if spec.provider is Provider.BEDROCK]


def secret_of(key_id: str, token: str) -> str | None:
    return SECRET if (key_id, token) == (KEY_ID, TOKEN) else None


class Watched(FakeBedrock):
    """Asks IAM about every model that a function calls."""

    def __init__(self, account: Account, **options: Any) -> None:
        super().__init__(REGION, secret_of, **options)
        self._account = account

    def respond(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Mapping[str, Any] | str]:
        if path == PATH:
            self._account.see("bedrock", "InvokeModel", {"modelId": body["model"]})
        return super().respond(method, path, body)


@pytest.fixture
def bedrock(account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeModelServer]:
    """The endpoint of a deployment without keys, with a role's credentials in the environment."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY_ID)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)
    # What the SDK would read by itself must not lead it elsewhere.
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "a-key-of-somebody")
    monkeypatch.setenv("AWS_BEDROCK_BASE_URL", "https://elsewhere.example/v1")
    with Watched(account) as fake:
        monkeypatch.setattr(Settings, "endpoint", Endpoint(bedrock_region=REGION, bedrock_base_url=fake.base_url))
        yield fake


@pytest.mark.usefixtures("bedrock")
@pytest.mark.parametrize("model", HOSTED)
def test_a_video_and_a_digest_are_made_without_a_key(account: Account, model: str) -> None:
    account.begin_batch(2, settings=BatchSettings(model=model, options=SummaryOptions(digest=True)))
    summarized(account, 1)
    account.results.put("ada", "b7f3", "00002", a_summary(2), NOW)
    account.complete(2)
    assert account.batch().cost_usd > 0
    account.invoke("digest_batch", batch_event())
    digest = account.digests.find("b7f3").digest
    assert digest and digest.model == catalogue()[model].model


def test_a_rejected_signature_says_what_is_wrong(
    account: Account, bedrock: FakeModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Endpoint(bedrock_region="us-east-1", bedrock_base_url=bedrock.base_url)
    monkeypatch.setattr(Settings, "endpoint", there)
    account.begin_batch(1, settings=BatchSettings(model=HOSTED[0]))
    with pytest.raises(ModelAccessDenied, match="does not accept the AWS credentials"):
        summarized(account, 1)
    assert bedrock.requests["asked"] == 0


@pytest.mark.usefixtures("bedrock")
def test_a_model_of_bedrock_is_suggested_where_it_is_offered(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ada.get("/models").json
    assert answer["preselected"] == "bedrock"
    assert {each["alias"]: each["key_configured"] for each in answer["models"]}["bedrock"]
    monkeypatch.setattr(Settings, "endpoint", Endpoint())
    assert ada.get("/models").json["preselected"] == "extractive"


def test_a_function_with_a_container_endpoint_renews_its_credentials(
    monkeypatch: pytest.MonkeyPatch, no_person: Path
) -> None:
    """With SnapStart, Lambda provides such an endpoint instead of keys in the environment."""
    del no_person
    given = count(1)

    class Endpoint(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = next(given)
            soon = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
            keys = {"AccessKeyId": f"ASIA{number}", "SecretAccessKey": f"secret {number}", "Token": f"token-{number}"}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({**keys, "Expiration": soon}).encode())

        def log_message(self, *_: Any) -> None:
            pass

    seen: list[str] = []

    def secret_of_current(key_id: str, token: str) -> str:
        seen.append(token)
        return f"secret {key_id.removeprefix('ASIA')}"

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server, FakeBedrock(REGION, secret_of_current) as fake:
        Thread(target=server.serve_forever, args=(0.05,)).start()
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"http://127.0.0.1:{server.server_port}/")
        aws.credentials.cache_clear()
        spec = replace(catalogue()[HOSTED[0]], region=REGION, base_url=fake.base_url)
        with open_client(spec, "", ssl.create_default_context()) as client:
            for _ in range(2):
                client.chat.completions.create(model="gpt-oss", messages=[{"role": "user", "content": "Captions"}])
        server.shutdown()
        aws.credentials.cache_clear()
        assert fake.requests["asked"] == 2
    assert len(set(seen)) == 2


# --- What `make run` asks with the credentials of its user ---

PERSON_REGION = "eu-west-3"


@pytest.fixture
def no_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without AWS credentials; returns the path of the credentials file."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    file = tmp_path / "credentials"
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    return file


class Person:
    """A person's credentials, of which Bedrock accepts only the current ones."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.number = 0

    def sign_in(self) -> None:
        """Replaces the credentials in the file, as a program for single sign-on does."""
        self.number += 1
        self._file.write_text(
            f"[default]\naws_access_key_id = ASIA{self.number}\naws_secret_access_key = secret {self.number}\n"
            f"aws_session_token = token-{self.number}\n",
            encoding="utf-8",
        )

    def secret_of(self, key_id: str, token: str) -> str | None:
        return f"secret {self.number}" if (key_id, token) == (f"ASIA{self.number}", f"token-{self.number}") else None


@pytest.fixture
def person(no_person: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setenv("AWS_REGION", PERSON_REGION)
    person = Person(no_person)
    person.sign_in()
    return person


@pytest.fixture
def theirs(person: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeModelServer]:
    with FakeBedrock(PERSON_REGION, person.secret_of) as fake:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", fake.base_url.removesuffix(fake.root))
        yield fake


@pytest.fixture
def gateway(theirs: FakeModelServer) -> Iterator[BedrockGateway]:
    account = BedrockAccount.find()
    assert account
    with BedrockGateway(account, secret_of) as running:
        yield running


class Refused(Exception):
    """An answer with an error; its arguments are the status and the text."""


def ask(gateway: BedrockGateway, credentials: Credentials | None = None) -> str:
    """Asks a question with the functions' own keys; returns the answer's text. Raises Refused with the error's text."""
    # All of the SDK takes half a second to load; only the worker that runs these tests has to.
    from openai import APIStatusError, OpenAI
    from openai.providers.bedrock import bedrock as bedrock_provider

    credentials = credentials or Credentials(KEY_ID, SECRET, TOKEN)
    provider = bedrock_provider(
        endpoint="runtime", region=EMULATED, base_url=gateway.base_url, credential_provider=lambda: credentials
    )
    with OpenAI(provider=provider, max_retries=0) as client:
        try:
            told = client.chat.completions.create(model="gpt-oss", messages=[{"role": "user", "content": "Captions"}])
        except APIStatusError as error:
            raise Refused(error.status_code, str(error)) from error
    return told.choices[0].message.content or ""


def test_requests_of_functions_are_signed_with_the_persons_temporary_credentials(
    gateway: BedrockGateway, theirs: FakeModelServer
) -> None:
    assert ask(gateway)
    assert theirs.requests["asked"] == 1


def test_credentials_that_were_replaced_in_their_file_are_taken_at_once(
    gateway: BedrockGateway, theirs: FakeModelServer, person: Person
) -> None:
    assert ask(gateway)
    person.sign_in()
    assert ask(gateway)
    assert theirs.requests["asked"] == 2
    person.number += 1  # rejected, and there are no others in the file
    with pytest.raises(Refused, match=r"403.*security token included in the request is invalid"):
        ask(gateway)
    assert theirs.requests["asked"] == 2


def test_credentials_that_expire_are_renewed_before_that(
    no_person: Path, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """botocore runs the same program again (`credential_process`) when credentials are about to expire."""
    no_person.unlink()
    program = no_person.with_name("sign_in.py")
    program.write_text(
        "import datetime, json, pathlib\n"
        f"count = pathlib.Path({str(no_person.with_name('count'))!r})\n"
        "number = int(count.read_text()) + 1 if count.exists() else 1\n"
        "count.write_text(str(number))\n"
        "soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=1)\n"
        "print(json.dumps({'Version': 1, 'AccessKeyId': f'ASIA{number}', 'SecretAccessKey': f'secret {number}',\n"
        "                  'SessionToken': f'token-{number}', 'Expiration': soon.isoformat()}))\n",
        encoding="utf-8",
    )
    no_person.with_name("config").write_text(f"[default]\ncredential_process = {sys.executable} {program}\n")
    account = BedrockAccount.find()
    assert account
    first, second = account.credentials(), account.credentials()
    assert first.token != second.token
    program.write_text("raise SystemExit('the session is over')")
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)), BedrockGateway(account, secret_of) as gateway:
        status, _, said = gateway.answer(PATH, signed(region=EMULATED), BODY)
    assert (status, b"cannot be renewed" in said) == (403, True)


@pytest.mark.parametrize(
    "stranger",
    [Credentials("AKIAOTHER", SECRET, TOKEN), Credentials(KEY_ID, "guessed", TOKEN), Credentials(KEY_ID, SECRET)],
    ids=["another function", "another secret", "without token"],
)
def test_nobody_else_on_the_machine_asks_at_the_persons_cost(
    gateway: BedrockGateway, theirs: FakeModelServer, stranger: Credentials
) -> None:
    with pytest.raises(Refused, match="403"):
        ask(gateway, stranger)
    unsigned = httpx.post(f"{gateway.base_url}/chat/completions", json={"model": "x", "messages": []})
    elsewhere = httpx.post(f"{gateway.base_url}/responses", json={})
    website = httpx.post(f"{gateway.base_url}/chat/completions", headers={"Origin": "https://example.com"}, json={})
    assert [answer.status_code for answer in (unsigned, elsewhere, website)] == [403, 404, 403]
    assert theirs.requests["asked"] == 0


def test_a_function_that_is_stopped_leaves_no_traceback(
    gateway: BedrockGateway, capsys: pytest.CaptureFixture[str]
) -> None:
    address = urlsplit(gateway.base_url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(b"POST ")
        reset = struct.pack("ii", 1, 0)  # closing it does not wait: the other side sees a reset
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
    assert httpx.post(f"{gateway.base_url}/chat/completions", json={}).status_code == 403
    assert capsys.readouterr().err == ""


def test_an_endpoint_that_cannot_be_reached_is_tried_again_later(
    gateway: BedrockGateway, theirs: FakeModelServer
) -> None:
    theirs.__exit__()
    with pytest.raises(Refused, match=r"502.*could not be reached"):
        ask(gateway)


@pytest.mark.usefixtures("no_person")
def test_without_credentials_or_a_region_bedrock_is_not_offered(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    assert BedrockAccount.find(PERSON_REGION) is None
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAPERSON")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert BedrockAccount.find() is None
    assert "AWS_REGION or BEDROCK_REGION" in caplog.text
    found = BedrockAccount.find(PERSON_REGION)
    assert found and (found.url, found.source) == (
        "https://bedrock-runtime.eu-west-3.amazonaws.com",
        "env, profile default",
    )
    assert "secret" not in repr(found)
    monkeypatch.setenv("AWS_PROFILE", "gone")
    assert BedrockAccount.find(PERSON_REGION) is None
    assert "(gone)" in caplog.text


def test_a_port_is_kept_while_it_is_free(tmp_path: Path) -> None:
    """A deployment contains the port, so another port needs another deployment."""
    file = tmp_path / "port"
    port = kept_port(file)
    assert kept_port(file) == port
    with socket.create_server(("127.0.0.1", port)):
        other = kept_port(file)
        assert other != port
    assert kept_port(file) == other


# --- The fake itself ---


def signed(*, service: str = "bedrock", region: str = REGION, secret: str = SECRET) -> dict[str, str]:
    request = AWSRequest("POST", f"https://{HOST}{PATH}", {"Host": HOST, "Content-Type": "application/json"}, BODY)
    SigV4Auth(Credentials(KEY_ID, secret, TOKEN), service, region).add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


MISMATCH = "The request signature we calculated does not match"


@pytest.mark.parametrize(
    ("how", "changes", "body", "refusal"),
    [
        pytest.param({}, {}, BODY, None, id="as it should be"),
        pytest.param({"region": "us-east-1"}, {}, BODY, "Credential should be scoped to a valid region", id="region"),
        pytest.param({"service": "s3"}, {}, BODY, "Credential should be scoped to correct service", id="service"),
        pytest.param({}, {}, BODY.replace(b"20b", b"120b"), MISMATCH, id="body"),
        pytest.param({}, {"x-amz-content-sha256": "0" * 64}, BODY, MISMATCH, id="hash of the body"),
        pytest.param({}, {"host": "elsewhere.example"}, BODY, MISMATCH, id="host"),
        pytest.param({}, {"x-amz-security-token": "other"}, BODY, "The security token included", id="token"),
        pytest.param({"secret": "guessed"}, {}, BODY, MISMATCH, id="secret"),
    ],
)
def test_only_a_valid_signature_is_accepted(
    how: dict[str, str], changes: dict[str, str], body: bytes, refusal: str | None
) -> None:
    said = FakeBedrock(REGION, secret_of).turn_away("POST", PATH, signed(**how) | changes, body)
    assert (said or "").startswith(refusal or "") and bool(said) is bool(refusal)


def test_a_request_without_a_signature_is_turned_away() -> None:
    said = FakeBedrock(REGION, secret_of).turn_away("POST", PATH, {"authorization": "Bearer some-key"}, BODY)
    assert said and said.startswith("Authorization header requires")


def test_a_signature_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: datetime.now(UTC) - timedelta(minutes=6))
    said = FakeBedrock(REGION, secret_of).turn_away("POST", PATH, signed(), BODY)
    assert said and said.startswith("Signature expired: ")


@pytest.mark.parametrize(
    ("method", "signature"),
    [
        ("GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ],
)
def test_signatures_of_awss_own_test_suite_are_accepted(method: str, signature: str) -> None:
    """get-vanilla and post-vanilla of the Signature Version 4 test suite; another method does not fit."""
    scope = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"
    headers = {
        "host": "example.amazonaws.com",
        "x-amz-date": "20150830T123600Z",
        "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={signature}",
    }
    parsed = parse_header_signature(headers)
    assert isinstance(parsed, HeaderSignature)
    secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    assert header_signature_failure(parsed, secret, method, "/", {}, headers, b"") is None
    assert header_signature_failure(parsed, secret, "PUT", "/", {}, headers, b"")
