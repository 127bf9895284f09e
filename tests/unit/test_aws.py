"""What differs between AWS and the emulator in the clients themselves: hosts, signatures, and errors that may pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import botocore.session
import pytest
from botocore.exceptions import ClientError

from skimlist import aws
from skimlist.bucket import Bucket
from skimlist.errors import StorageUnavailable
from testkit import template

# Regions from before and after March 2019, one that an account has to opt into, and another partition.
HOSTS = {
    "us-east-1": "s3.us-east-1.amazonaws.com",
    "eu-central-1": "s3.eu-central-1.amazonaws.com",
    "eu-south-1": "s3.eu-south-1.amazonaws.com",
    "af-south-1": "s3.af-south-1.amazonaws.com",
    "il-central-1": "s3.il-central-1.amazonaws.com",
    "cn-north-1": "s3.cn-north-1.amazonaws.com.cn",
}
# Another try cannot help these (Amazon DynamoDB API Reference, TransactWriteItems).
LASTING = {"None", "ConditionalCheckFailed", "ItemCollectionSizeLimitExceeded", "ValidationError"}


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    aws.client.cache_clear()
    yield
    aws.client.cache_clear()


def link(monkeypatch: pytest.MonkeyPatch, region: str) -> Any:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    bucket = Bucket(aws.client("s3"), "archive")
    return urlsplit(bucket.presign_export("exports/ada/b7f3/4.zip", seconds=600, download_name="b7f3.zip"))


@pytest.mark.parametrize(("region", "host"), HOSTS.items())
def test_a_link_is_signed_for_the_host_of_the_buckets_own_region(
    monkeypatch: pytest.MonkeyPatch, region: str, host: str
) -> None:
    url = link(monkeypatch, region)
    query = parse_qs(url.query)
    assert (url.netloc, url.path) == (f"archive.{host}", "/exports/ada/b7f3/4.zip")
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-SignedHeaders"] == ["host"]
    assert query["X-Amz-Credential"][0].split("/")[2:] == [region, "s3", "aws4_request"]


@pytest.mark.parametrize(("region", "host"), HOSTS.items())
def test_the_page_may_send_files_to_the_host_of_such_a_link(
    monkeypatch: pytest.MonkeyPatch, region: str, host: str
) -> None:
    """The page's Content-Security-Policy names the origin to which a link for an upload leads."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    upload = Bucket(aws.client("s3"), "archive").presign_upload("ada", "video000001", size_bytes=9, seconds=600)
    origin = template.environment("ServePageFunction")["UPLOAD_ORIGIN"]["Fn::Sub"]
    suffix = host.partition(f"{region}.")[2]
    for name, value in {"Bucket": "archive", "AWS::Region": region, "AWS::URLSuffix": suffix}.items():
        origin = origin.replace(f"${{{name}}}", value)
    assert upload.startswith(f"{origin}/uploads/")


def test_a_link_of_a_local_stack_names_the_bucket_in_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name below an IP address cannot be resolved."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    url = link(monkeypatch, "us-east-1")
    assert (url.netloc, url.path) == ("127.0.0.1:4566", "/archive/exports/ada/b7f3/4.zip")


def cancellations() -> list[str]:
    """Returns every cancellation reason that the SDK's description of DynamoDB names."""
    model = botocore.session.get_session().get_service_model("dynamodb")
    codes = re.findall(r"Code: <code>(\w+)</code>", model.shape_for("TransactionCanceledException").documentation)
    assert codes
    return codes


@pytest.mark.parametrize("code", cancellations())
def test_a_cancelled_transaction_is_tried_again_where_that_may_help(code: str) -> None:
    reasons: Any = [{"Code": "None"}, {"Code": code}]
    response: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
    raised = ClientError if code in LASTING else StorageUnavailable
    with pytest.raises(raised), aws.storage_errors():
        raise ClientError(response, "TransactWriteItems")
