"""Keys and the proxy's address, from the SSM parameter store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from skimlist.aws import error_code, storage_errors

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


class Secrets:
    """Every step reads it, so that a replaced key is used at once; standard parameters cost nothing to read."""

    def __init__(self, client: SSMClient, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def find(self, name: str) -> str | None:
        """The decrypted value of `name` below the deployment's path; None if it is not stored."""
        with storage_errors():
            try:
                answer = self._client.get_parameter(Name=self._prefix + name, WithDecryption=True)
            except ClientError as error:
                if error_code(error) == "ParameterNotFound":
                    return None
                raise
        return answer["Parameter"].get("Value")

    def names(self) -> frozenset[str]:
        """Which secrets are stored; their values are not read."""
        with storage_errors():
            pages = self._client.get_paginator("describe_parameters").paginate(
                ParameterFilters=[{"Key": "Name", "Option": "BeginsWith", "Values": [self._prefix]}]
            )
            return frozenset(
                parameter["Name"].removeprefix(self._prefix) for page in pages for parameter in page["Parameters"]
            )
