"""The bucket with transcripts, exports, and summaries too large for the table. Its keys are built only from ids."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from skimlist.aws import error_code, storage_errors
from skimlist.errors import StorageUnavailable
from skimlist.export.file_names import attachment
from skimlist.models.settings import CaptionRequest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef, ObjectTypeDef

    from skimlist.models.transcript import Transcript

# One part at a time and none in the background, so that an upload needs 5 MiB (S3's minimum) for a file of any size.
_PART_BYTES = 5 << 20
_TRANSFER = TransferConfig(multipart_threshold=_PART_BYTES, multipart_chunksize=_PART_BYTES, use_threads=False)

# These take the place of the language in a key; no language code begins with four letters.
_GIVEN, _DESCRIPTION, _NONE = "given", "description", "none"

# For this long, every batch of the user takes their word that a video has no captions; some may be added later.
_NONE_COUNTS = timedelta(days=7)

# GET has the reason in its body; HEAD has no body, only a status.
_MISSING = frozenset({"NoSuchKey", "404"})
_DENIED = frozenset({"AccessDenied", "403"})


@dataclass(frozen=True, slots=True)
class ExportInfo:
    size_bytes: int
    sha256: str


def export_key(user_id: str, batch_id: str, revision: int, export_format: str, *, transcripts: bool = False) -> str:
    kind = "-transcripts" if transcripts else ""
    return f"{_exports_of(user_id, batch_id)}{revision}{kind}.{export_format}"


def summary_body_key(user_id: str, batch_id: str, item_id: str) -> str:
    return f"{_summaries_of(user_id, batch_id)}{item_id}.json.z"


@dataclass(frozen=True, slots=True)
class StoredTranscripts:
    """The captions that are stored for a user: when each object was written, by its key."""

    user_id: str
    written: Mapping[str, datetime]

    def serves(self, video_id: str, wanted: CaptionRequest) -> bool:
        """Whether captions of the video are stored that meet the batch's request, so that none have to be fetched."""
        return self._has(video_id, wanted.stored_as) or self._has(video_id, _GIVEN)

    def has_none(self, video_id: str, now: datetime) -> bool:
        """Whether the user has said in the last seven days that the video has no captions."""
        return _counts(self.written.get(_transcript_key(self.user_id, video_id, _NONE)), now)

    def _has(self, video_id: str, name: str | None) -> bool:
        return _transcript_key(self.user_id, video_id, name) in self.written


class Bucket:
    """The archive bucket. `client` comes from `skimlist.aws`, which signs for the host of the bucket's own region.

    Every method raises StorageUnavailable if S3 does not answer.
    """

    def __init__(self, client: S3Client, bucket_name: str) -> None:
        self._client = client
        self._bucket = bucket_name

    def put_transcript(self, user_id: str, transcript: Transcript, name: str | None) -> None:
        """Stores captions under the name by which a `CaptionRequest` finds them; a description has a name of its own.

        So a description is never taken for captions, and only serves batches that allow it.
        """
        with storage_errors():
            self._client.put_object(
                Bucket=self._bucket,
                Key=_transcript_key(user_id, transcript.video_id, _DESCRIPTION if transcript.is_description else name),
                Body=gzip.compress(transcript.to_json().encode("utf-8", "replace"), mtime=0),
                ContentType="application/json",
                ContentEncoding="gzip",
            )

    def has_transcript(self, user_id: str, video_id: str, name: str | None) -> bool:
        return self._head(_transcript_key(user_id, video_id, name)) is not None

    def find_transcript(self, user_id: str, video_id: str, name: str | None) -> Transcript | None:
        from skimlist.models.transcript import Transcript  # noqa: PLC0415 - few of the functions read captions

        body = self._find(_transcript_key(user_id, video_id, name))
        return None if body is None else Transcript.from_json(gzip.decompress(body))

    def give_transcript(self, user_id: str, transcript: Transcript) -> None:
        """Stores captions that the user uploaded, for every language, and deletes all other captions of the video."""
        self.put_transcript(user_id, transcript, _GIVEN)
        given = _transcript_key(user_id, transcript.video_id, _GIVEN)
        for keys in self._pages_of_keys(_transcripts_of(user_id, transcript.video_id)):
            if others := [key for key in keys if key != given]:
                self._delete(others)

    def find_given_transcript(self, user_id: str, video_id: str) -> Transcript | None:
        return self.find_transcript(user_id, video_id, _GIVEN)

    def find_description(self, user_id: str, video_id: str) -> Transcript | None:
        return self.find_transcript(user_id, video_id, _DESCRIPTION)

    def note_no_captions(self, user_id: str, video_id: str) -> None:
        """Notes that the user has said that the video has no captions."""
        with storage_errors():
            self._client.put_object(Bucket=self._bucket, Key=_transcript_key(user_id, video_id, _NONE), Body=b"")

    def has_no_captions(self, user_id: str, video_id: str, now: datetime) -> bool:
        """Whether `note_no_captions` was called in the last seven days."""
        found = self._head(_transcript_key(user_id, video_id, _NONE))
        return _counts(found and found["LastModified"], now)

    def find_transcript_to_use(self, user_id: str, video_id: str, wanted: CaptionRequest) -> Transcript | None:
        """Returns the captions for `wanted`, else uploaded ones, else the description if `wanted` allows it."""
        found = self.find_transcript(user_id, video_id, wanted.stored_as)
        found = found or self.find_given_transcript(user_id, video_id)
        return found or (self.find_description(user_id, video_id) if wanted.or_description else None)

    def find_any_transcript(self, user_id: str, video_id: str, wanted: CaptionRequest) -> Transcript | None:
        """Returns captions for `wanted`, else in the video's own language, else uploaded ones, else the description."""
        for name in dict.fromkeys([wanted.stored_as, None, _GIVEN, _DESCRIPTION]):
            if transcript := self.find_transcript(user_id, video_id, name):
                return transcript
        return None

    def stored_transcripts(self, user_id: str, video_id: str | None = None) -> StoredTranscripts:
        """Lists the captions that are stored for the user, of one video or of all."""
        found = (each for page in self._pages(_transcripts_of(user_id, video_id)) for each in page)
        return StoredTranscripts(user_id, {each["Key"]: each["LastModified"] for each in found})

    def presign_upload(self, user_id: str, video_id: str, *, size_bytes: int, seconds: int) -> str:
        """Returns a link to which a caption file of exactly this size can be sent by PUT: never log it.

        It expires after `seconds`, or with the credentials that signed it.
        """
        return self._client.generate_presigned_url(
            "put_object",
            Params={"Bucket": self._bucket, "Key": _upload_key(user_id, video_id), "ContentLength": size_bytes},
            ExpiresIn=seconds,
        )

    def find_upload(self, user_id: str, video_id: str) -> bytes | None:
        """The caption file that the user sent last for this video. It expires within two days."""
        return self._find(_upload_key(user_id, video_id))

    def delete_transcript(self, user_id: str, video_id: str) -> None:
        """Deletes what is stored of the video's captions for this user, uploaded or fetched."""
        self._delete([_upload_key(user_id, video_id)])
        for keys in self._pages_of_keys(_transcripts_of(user_id, video_id)):
            self._delete(keys)

    def put_summary_body(self, key: str, body: bytes) -> None:
        """Stores the deflated JSON of a summary under a `summary_body_key`."""
        with storage_errors():
            self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/zlib")

    def find_summary_body(self, key: str) -> bytes | None:
        return self._find(key)

    def upload_export(self, key: str, file: BinaryIO, *, sha256: str, media_type: str, download_name: str) -> None:
        """Uploads `file` from its beginning; the object appears only once it is complete, even if sent in parts."""
        file.seek(0)
        with storage_errors():
            self._client.upload_fileobj(
                file,
                self._bucket,
                key,
                ExtraArgs={
                    "ContentType": media_type,
                    "ContentDisposition": attachment(download_name),
                    "Metadata": {"sha256": sha256},
                },
                Config=_TRANSFER,
            )

    def find_export(self, key: str) -> ExportInfo | None:
        head = self._head(key)
        return ExportInfo(size_bytes=head["ContentLength"], sha256=head["Metadata"]["sha256"]) if head else None

    def presign_export(self, key: str, *, seconds: int, download_name: str) -> str:
        """Returns a link that lets anybody who has it download the export as `download_name`: never log or send it.

        It expires after `seconds`, or with the credentials that signed it.
        """
        return self._client.generate_presigned_url(
            "get_object",
            Params={"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": attachment(download_name)},
            ExpiresIn=seconds,
        )

    def delete_exports(self, keys: list[str]) -> None:
        """Deletes up to 1,000 exports; those that do not exist are ignored."""
        self._delete(keys)

    def delete_export(self, key: str) -> None:
        with storage_errors():
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def delete_batch(self, user_id: str, batch_id: str) -> None:
        """Deletes the batch's exports and summaries."""
        for prefix in (_exports_of(user_id, batch_id), _summaries_of(user_id, batch_id)):
            for keys in self._pages_of_keys(prefix):
                self._delete(keys)

    def delete_transcripts(self, user_id: str, video_ids: Collection[str]) -> None:
        """Deletes the transcripts of these videos for this user, in every language."""
        if not video_ids:
            return
        prefix = _transcripts_of(user_id)
        for keys in self._pages_of_keys(prefix):
            if unwanted := [key for key in keys if key.removeprefix(prefix).partition("/")[0] in video_ids]:
                self._delete(unwanted)

    def _pages_of_keys(self, prefix: str) -> Iterator[list[str]]:
        """Yields the keys in pages of up to 1,000, the limit of one deletion."""
        for page in self._pages(prefix):
            yield [found["Key"] for found in page]

    def _pages(self, prefix: str) -> Iterator[list[ObjectTypeDef]]:
        with storage_errors():
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                if found := page.get("Contents"):
                    yield found

    def _delete(self, keys: list[str]) -> None:
        with storage_errors():
            answer = self._client.delete_objects(
                Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
            )
        if refused := answer.get("Errors"):
            raise StorageUnavailable(f"S3 did not delete {len(refused)} objects ({refused[0].get('Code')}).")

    def _find(self, key: str) -> bytes | None:
        with storage_errors(), self._ignore_missing(key):
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return None

    def _head(self, key: str) -> HeadObjectOutputTypeDef | None:
        with storage_errors(), self._ignore_missing(key):
            return self._client.head_object(Bucket=self._bucket, Key=key)
        return None

    @contextmanager
    def _ignore_missing(self, key: str) -> Iterator[None]:
        """Ignores the error of a GET or HEAD for a key that does not exist.

        Without the right to list, S3 answers 403 for a missing key as well as for a forbidden one (S3 API Reference,
        GetObject, "Permissions"), and our roles may list only keys that they name. A listing of this one key
        distinguishes the two: a wrong permission must fail, or else every transcript would be fetched and every summary
        paid for again.
        """
        try:
            yield
        except ClientError as error:
            code = error_code(error)
            if code in _MISSING or (code in _DENIED and not self._is_listed(key)):
                return
            raise

    def _is_listed(self, key: str) -> bool:
        found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=key, MaxKeys=1)
        return any(each.get("Key") == key for each in found.get("Contents", []))


def _counts(said_at: datetime | None, now: datetime) -> bool:
    return said_at is not None and now < said_at + _NONE_COUNTS


def _transcript_key(user_id: str, video_id: str, name: str | None) -> str:
    return f"{_transcripts_of(user_id, video_id)}{name or 'own'}.json.gz"


def _transcripts_of(user_id: str, video_id: str | None = None) -> str:
    return f"transcripts/{user_id}/{video_id}/" if video_id else f"transcripts/{user_id}/"


def _upload_key(user_id: str, video_id: str) -> str:
    return f"uploads/{user_id}/{video_id}.captions"


def _exports_of(user_id: str, batch_id: str) -> str:
    return f"exports/{user_id}/{batch_id}/"


def _summaries_of(user_id: str, batch_id: str) -> str:
    return f"summaries/{user_id}/{batch_id}/"
