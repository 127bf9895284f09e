"""Reads the user pool for the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skimlist.aws import storage_errors

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import UserTypeTypeDef


class Users:
    def __init__(self, client: CognitoIdentityProviderClient, user_pool_id: str) -> None:
        self._client = client
        self._user_pool_id = user_pool_id

    def disabled(self) -> set[str]:
        """Returns the ids of the users who are disabled in the pool."""
        # This value of the filter is case-sensitive (Cognito: "ListUsers").
        pages = self._client.get_paginator("list_users").paginate(
            UserPoolId=self._user_pool_id, AttributesToGet=["sub"], Filter='status = "Disabled"'
        )
        with storage_errors():
            return {
                attribute["Value"]
                for page in pages
                for user in page["Users"]
                for attribute in user["Attributes"]
                if attribute["Name"] == "sub" and "Value" in attribute
            }

    def exists(self, user_id: str) -> bool:
        """Whether the pool has the user, disabled or not. Raises StorageUnavailable if it does not answer."""
        return self._find(user_id) is not None

    def may_sign_in(self, user_id: str) -> bool:
        """Whether the pool has the user and has not disabled them. Raises StorageUnavailable if it does not answer."""
        user = self._find(user_id)
        return user is not None and user["Enabled"]

    def _find(self, user_id: str) -> UserTypeTypeDef | None:
        pages = self._client.get_paginator("list_users").paginate(
            UserPoolId=self._user_pool_id, AttributesToGet=["sub"], Filter=f'sub = "{user_id}"'
        )
        # Pages without users may come before the one that has the user (Cognito: "ListUsers").
        with storage_errors():
            return next((user for page in pages for user in page["Users"]), None)
