"""Creates boto3 clients with timeouts, and translates botocore's errors into ours."""

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

# The SDK repeats a request whose response takes longer, so any of our writes may arrive twice.
_CONFIG = Config(connect_timeout=3, read_timeout=15)
_ATTEMPTS = 4

# By default, botocore signs links for the global host of S3. There, regions opened since March 2019 answer 400, and
# older ones redirect, so that the signature is wrong (Amazon S3 User Guide, "Virtual hosting of buckets").
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
        "Throttled",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
# Reasons of a cancelled transaction, which botocore does not retry (Amazon DynamoDB API Reference, TransactWriteItems).
_TRANSIENT_CANCELLATIONS = frozenset({"ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"})


@cache
def client(service: str, *, attempts: int = _ATTEMPTS, **overrides: Any) -> Any:
    """Returns one client per service and process; `overrides` are botocore Config values such as `read_timeout`."""
    create: Any = boto3.client  # its overloads accept only literals
    return create(service, config=_config(attempts, **(_S3 if service == "s3" else {}), **overrides))


@cache
def credentials() -> Any:
    """Returns the credentials of the process for requests that boto3 does not sign; they renew themselves."""
    return boto3.Session().get_credentials()


@cache
def table(name: str, *, attempts: int = _ATTEMPTS) -> Table:
    return boto3.resource("dynamodb", config=_config(attempts)).Table(name)


def _config(attempts: int, **overrides: Any) -> Config:
    return _CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": attempts}, **overrides))


def error_code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def cancellation_codes(error: ClientError) -> list[str]:
    """Returns the reason for each write of a cancelled DynamoDB transaction, in order; "None" if it was not refused."""
    return [str(reason.get("Code", "None")) for reason in error.response.get("CancellationReasons", [])]


def is_cancelled_for_now(error: ClientError) -> bool:
    """Whether a transaction did nothing because DynamoDB was busy or another transaction was running."""
    return not _TRANSIENT_CANCELLATIONS.isdisjoint(cancellation_codes(error))


def has_unknown_outcome(error: Exception) -> bool:
    """Whether a failed request may nevertheless have been carried out, now or later."""
    if not isinstance(error, ClientError):
        return True
    status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500


def is_transient(error: ClientError) -> bool:
    return error_code(error) in _TRANSIENT_CODES or is_cancelled_for_now(error) or has_unknown_outcome(error)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turns temporary failures (throttling, lost connections, 5xx) into StorageUnavailable; others stay as they are."""
    try:
        yield
    except ClientError as error:
        if is_transient(error):
            raise StorageUnavailable(f"AWS answered {error_code(error)} to {error.operation_name}.") from error
        raise
    except BotoCoreError as error:
        raise StorageUnavailable(f"An AWS service could not be reached ({type(error).__name__}).") from error
