"""The archive bucket against moto's S3."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.stub import Stubber
from moto import mock_aws

from skimlist.bucket import Bucket, ExportInfo, export_key, summary_body_key
from skimlist.errors import StorageUnavailable
from skimlist.models.transcript import Segment, Transcript

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "skimlist-archive"
KEY = export_key("ada", "b7f3", 4, "zip")
TRANSCRIPT = Transcript(
    video_id="dQw4w9WgXcQ",
    language_code="pt",
    language="Português",
    is_generated=True,
    segments=(Segment("olá 👋", 0.0, 1.5), Segment("mundo", 1.5, 2.0)),
    title="Pão",
)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, aws_session: boto3.Session) -> Iterator[S3Client]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        s3 = aws_session.client("s3", config=Config(signature_version="s3v4", retries={"total_max_attempts": 1}))
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        yield s3


@pytest.fixture
def bucket(client: S3Client) -> Bucket:
    return Bucket(client, BUCKET)


def upload(bucket: Bucket, content: bytes, key: str = KEY) -> None:
    file = io.BytesIO(content)
    file.seek(0, io.SEEK_END)
    bucket.upload_export(key, file, sha256="ab" * 32, media_type="application/zip", download_name="Pão-b7f3.zip")


def keys(client: S3Client) -> set[str]:
    return {found["Key"] for found in client.list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def test_a_transcript_is_found_as_it_was_stored(bucket: Bucket) -> None:
    bucket.put_transcript("ada", TRANSCRIPT, None)
    assert bucket.find_transcript("ada", "dQw4w9WgXcQ", None) == TRANSCRIPT


def test_transcripts_are_kept_apart_by_user_and_by_the_language_asked_for(bucket: Bucket) -> None:
    bucket.put_transcript("ada", TRANSCRIPT, "pt")
    assert bucket.find_transcript("ada", "dQw4w9WgXcQ", "pt") == TRANSCRIPT
    assert bucket.find_transcript("ada", "dQw4w9WgXcQ", None) is None
    assert bucket.find_transcript("bob", "dQw4w9WgXcQ", "pt") is None
    assert bucket.has_transcript("ada", "dQw4w9WgXcQ", "pt")
    assert not bucket.has_transcript("ada", "dQw4w9WgXcQ", None)
    assert not bucket.has_transcript("bob", "dQw4w9WgXcQ", "pt")


def test_the_same_transcript_makes_the_same_bytes(bucket: Bucket, client: S3Client) -> None:
    bucket.put_transcript("ada", TRANSCRIPT, None)
    stored = client.get_object(Bucket=BUCKET, Key="transcripts/ada/dQw4w9WgXcQ/own.json.gz")["Body"].read()
    assert gzip.decompress(stored).decode() == TRANSCRIPT.to_json()
    assert stored[4:8] == bytes(4)


def test_a_large_summary_is_found_as_it_was_stored(bucket: Bucket) -> None:
    key = summary_body_key("ada", "b7f3", "item-1")
    assert key == "summaries/ada/b7f3/item-1.json.z"
    assert bucket.find_summary_body(key) is None
    bucket.put_summary_body(key, b"deflated")
    assert bucket.find_summary_body(key) == b"deflated"


def test_an_export_is_described_without_reading_it(bucket: Bucket) -> None:
    assert bucket.find_export(KEY) is None
    upload(bucket, b"zip" * 100)
    assert bucket.find_export(KEY) == ExportInfo(size_bytes=300, sha256="ab" * 32)


def test_an_export_carries_its_type_and_name(bucket: Bucket, client: S3Client) -> None:
    upload(bucket, b"zip")
    head = client.head_object(Bucket=BUCKET, Key="exports/ada/b7f3/4.zip")
    assert head["ContentType"] == "application/zip"
    assert head["ContentDisposition"].startswith('attachment; filename="Pao-b7f3.zip"')


def test_a_large_export_arrives_in_parts_and_whole(bucket: Bucket, client: S3Client) -> None:
    content = bytes(range(256)) * (80 << 10)
    upload(bucket, content)
    stored = client.get_object(Bucket=BUCKET, Key=KEY)
    assert stored["ETag"].endswith('-4"')
    assert stored["Body"].read() == content


def test_an_upload_that_breaks_off_leaves_nothing(bucket: Bucket, client: S3Client) -> None:
    parts: list[Any] = []

    def cut(**_: Any) -> None:
        parts.append(None)
        if len(parts) == 2:
            raise ReadTimeoutError(endpoint_url="https://s3.example")

    client.meta.events.register("before-call.s3.UploadPart", cut)
    with pytest.raises(StorageUnavailable):
        upload(bucket, bytes(20 << 20))
    client.meta.events.unregister("before-call.s3.UploadPart", cut)
    assert bucket.find_export(KEY) is None
    assert client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []) == []


def test_a_link_is_signed_for_minutes_and_names_the_download(bucket: Bucket) -> None:
    url = urlsplit(bucket.presign_export(KEY, seconds=600, download_name="Pão-b7f3.zip"))
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert url.path.endswith("/exports/ada/b7f3/4.zip")
    assert query["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert query["X-Amz-Expires"] == "600"
    assert query["response-content-disposition"].endswith("filename*=UTF-8''P%C3%A3o-b7f3.zip")


def test_deleting_a_batch_spares_other_batches_and_transcripts(bucket: Bucket, client: S3Client) -> None:
    for batch_id in ("b7f3", "b7f33"):
        upload(bucket, b"zip", export_key("ada", batch_id, 1, "zip"))
        bucket.put_summary_body(summary_body_key("ada", batch_id, "item-1"), b"deflated")
    bucket.put_transcript("ada", TRANSCRIPT, None)
    bucket.delete_batch("ada", "b7f3")
    assert keys(client) == {
        "exports/ada/b7f33/1.zip",
        "summaries/ada/b7f33/item-1.json.z",
        "transcripts/ada/dQw4w9WgXcQ/own.json.gz",
    }
    bucket.delete_batch("ada", "b7f3")


def test_deleting_a_batch_of_several_pages_deletes_them_all(
    bucket: Bucket, client: S3Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "10")  # a page of S3 has a thousand
    for number in range(21):
        bucket.put_summary_body(summary_body_key("ada", "b7f3", f"item-{number}"), b"")
    bucket.delete_batch("ada", "b7f3")
    assert keys(client) == set()


def test_an_object_that_s3_keeps_is_not_taken_for_deleted(bucket: Bucket, client: S3Client) -> None:
    upload(bucket, b"zip")

    def keep(parsed: dict[str, Any], **_: Any) -> None:
        parsed["Errors"] = [{"Key": KEY, "Code": "InternalError"}]

    client.meta.events.register("after-call.s3.DeleteObjects", keep)
    with pytest.raises(StorageUnavailable, match="InternalError"):
        bucket.delete_batch("ada", "b7f3")
    client.meta.events.unregister("after-call.s3.DeleteObjects", keep)


def test_a_busy_s3_and_a_missing_object_have_different_errors(bucket: Bucket, client: S3Client) -> None:
    with Stubber(client) as stub, pytest.raises(StorageUnavailable):
        stub.add_client_error("get_object", "SlowDown", http_status_code=503)
        bucket.find_transcript("ada", "dQw4w9WgXcQ", None)


def refused(stub: Stubber, listed: list[str] | None) -> None:
    """Returns what S3 answers to a role that may not list the bucket; None if it may not list the key either."""
    stub.add_client_error("head_object", "403", http_status_code=403)
    asked = {"Bucket": BUCKET, "Prefix": KEY, "MaxKeys": 1}
    if listed is None:
        stub.add_client_error("list_objects_v2", "AccessDenied", http_status_code=403, expected_params=asked)
    else:
        stub.add_response("list_objects_v2", {"Contents": [{"Key": key} for key in listed]}, asked)


@pytest.mark.parametrize("listed", [[], [KEY + ".bak"]])
def test_a_missing_object_is_missing_to_a_role_that_may_not_list_the_bucket(
    bucket: Bucket, client: S3Client, listed: list[str]
) -> None:
    with Stubber(client) as stub:
        refused(stub, listed)
        assert bucket.find_export(KEY) is None
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("listed", [[KEY], None])
def test_a_missing_permission_and_a_missing_object_have_different_errors(
    bucket: Bucket, client: S3Client, listed: list[str] | None
) -> None:
    with Stubber(client) as stub, pytest.raises(ClientError, match=r"403|AccessDenied"):
        refused(stub, listed)
        bucket.find_export(KEY)
