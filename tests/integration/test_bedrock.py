"""Amazon Bedrock, asked with the function's own credentials; a fake of it verifies every signature as AWS does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from ministack.core.sigv4 import HeaderSignature, header_signature_failure, parse_header_signature

from local.model import FakeModelServer
from local.model.bedrock import FakeBedrock
from skimlist.config import Settings
from skimlist.errors import ModelAccessDenied
from skimlist.llm.catalogue import Provider, catalogue
from skimlist.models.endpoint import Endpoint
from skimlist.models.summary import BatchSettings, SummaryOptions
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
    """Has IAM asked about every model that a function asks for."""

    def __init__(self, account: Account, **options: Any) -> None:
        super().__init__(REGION, secret_of, **options)
        self._account = account

    def respond(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, Mapping[str, Any] | str]:
        if path == PATH:
            self._account.see("bedrock", "InvokeModel", {"modelId": body["model"]})
        return super().respond(method, path, body)


@pytest.fixture
def bedrock(account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeModelServer]:
    """What a deployment without any key asks, with the credentials of a role in the environment."""
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
def test_only_a_valid_signature_is_looked_at(
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
def test_what_verifies_signatures_accepts_those_of_awss_own_test_suite(method: str, signature: str) -> None:
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
