"""Reads keys and the proxy's address from the SSM parameter store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from skimlist.aws import error_code, storage_errors

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


class Secrets:
    """The stored secrets. Every step reads them again, which costs nothing, so that a replaced key is used at once."""

    def __init__(self, client: SSMClient, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def find(self, name: str) -> str | None:
        """Returns the decrypted value of `name` under the deployment's path; None if it is not stored."""
        with storage_errors():
            try:
                answer = self._client.get_parameter(Name=self._prefix + name, WithDecryption=True)
            except ClientError as error:
                if error_code(error) == "ParameterNotFound":
                    return None
                raise
        return answer["Parameter"].get("Value")

    def names(self) -> frozenset[str]:
        """Returns the names of the stored secrets, without reading their values."""
        with storage_errors():
            pages = self._client.get_paginator("describe_parameters").paginate(
                ParameterFilters=[{"Key": "Name", "Option": "BeginsWith", "Values": [self._prefix]}]
            )
            return frozenset(
                parameter["Name"].removeprefix(self._prefix) for page in pages for parameter in page["Parameters"]
            )
