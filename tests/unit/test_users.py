"""Asking the user pool whether a user exists."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from skimlist.errors import StorageUnavailable
from skimlist.users import Users

POOL = "eu-central-1_pool"
QUESTION = {"UserPoolId": POOL, "AttributesToGet": ["sub"], "Filter": 'sub = "ada"'}
FOUND = {"Users": [{"Username": "ada", "Attributes": [{"Name": "sub", "Value": "ada"}]}]}


@pytest.fixture
def client() -> Any:
    return boto3.client("cognito-idp", "eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")


def test_an_empty_page_does_not_mean_that_the_user_is_gone(client: Any) -> None:
    with Stubber(client) as pool:
        pool.add_response("list_users", {"Users": [], "PaginationToken": "next"}, QUESTION)
        pool.add_response("list_users", FOUND, {**QUESTION, "PaginationToken": "next"})
        assert Users(client, POOL).exists("ada")
        pool.assert_no_pending_responses()


def test_a_user_on_no_page_is_gone(client: Any) -> None:
    with Stubber(client) as pool:
        pool.add_response("list_users", {"Users": [], "PaginationToken": "next"}, QUESTION)
        pool.add_response("list_users", {"Users": []}, {**QUESTION, "PaginationToken": "next"})
        assert not Users(client, POOL).exists("ada")


# The transient errors of ListUsers (Amazon Cognito API Reference).
@pytest.mark.parametrize(("code", "status"), [("TooManyRequestsException", 400), ("InternalErrorException", 500)])
def test_a_pool_that_does_not_answer_says_nothing_about_the_user(client: Any, code: str, status: int) -> None:
    with Stubber(client) as pool:
        pool.add_client_error("list_users", code, http_status_code=status)
        with pytest.raises(StorageUnavailable):
            Users(client, POOL).exists("ada")


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "NotAuthorizedException"])
def test_a_pool_that_refuses_the_question_says_nothing_about_the_user(client: Any, code: str) -> None:
    with Stubber(client) as pool:
        pool.add_client_error("list_users", code, http_status_code=400)
        with pytest.raises(ClientError):
            Users(client, POOL).exists("ada")
