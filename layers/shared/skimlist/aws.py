"""boto3 clients with time limits, and the one place where botocore's errors become ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from skimlist.errors import StorageUnavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

# An answer that takes longer than this is lost; the SDK asks again, and every write of ours may arrive twice.
_CONFIG = Config(connect_timeout=3, read_timeout=15)
_ATTEMPTS = 4

# botocore signs links for the global host of S3 unless told otherwise. Regions opened since March 2019 answer 400
# there, older ones redirect, and then the signature does not fit (Amazon S3 User Guide, "Virtual hosting of buckets").
_S3 = {
    "signature_version": "s3v4",
    "s3": {"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
}

_TRANSIENT_CODES = frozenset(
    {
        "ExecutionLimitExceeded",
        "InternalServerError",
        "InternalError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
# Of a cancelled transaction, which botocore does not send again (Amazon DynamoDB API Reference, TransactWriteItems).
_TRANSIENT_CANCELLATIONS = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"})


@cache
def client(service: str, *, attempts: int = _ATTEMPTS, **overrides: Any) -> Any:
    """One client a service and process; `overrides` are botocore Config values such as `read_timeout`."""
    create: Any = boto3.client  # its overloads know each service by a literal only
    return create(service, config=_config(attempts, **(_S3 if service == "s3" else {}), **overrides))


@cache
def credentials() -> Any:
    """Those of the process, for a request that boto3 does not sign; they renew themselves where they expire."""
    return boto3.Session().get_credentials()


@cache
def table(name: str, *, attempts: int = _ATTEMPTS) -> Table:
    return boto3.resource("dynamodb", config=_config(attempts)).Table(name)


def _config(attempts: int, **overrides: Any) -> Config:
    return _CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": attempts}, **overrides))


def error_code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def cancellation_codes(error: ClientError) -> list[str]:
    """Why each write of a cancelled DynamoDB transaction was refused, in their order; "None" where it was not."""
    return [str(reason.get("Code", "None")) for reason in error.response.get("CancellationReasons", [])]


def is_cancelled_for_now(error: ClientError) -> bool:
    """Whether a transaction did nothing because DynamoDB was busy, or because it met another one."""
    return not _TRANSIENT_CANCELLATIONS.isdisjoint(cancellation_codes(error))


def has_unknown_outcome(error: Exception) -> bool:
    """Whether the request may have been carried out although it failed, or may still be."""
    if not isinstance(error, ClientError):
        return True
    status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500


def is_transient(error: ClientError) -> bool:
    return error_code(error) in _TRANSIENT_CODES or is_cancelled_for_now(error) or has_unknown_outcome(error)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turns failures that may pass (throttling, lost connections, 5xx) into StorageUnavailable; lets others through."""
    try:
        yield
    except ClientError as error:
        if is_transient(error):
            raise StorageUnavailable(f"AWS answered {error_code(error)} to {error.operation_name}.") from error
        raise
    except BotoCoreError as error:
        raise StorageUnavailable(f"An AWS service could not be reached ({type(error).__name__}).") from error
