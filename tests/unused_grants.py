"""What the roles may do and no call of the tests has needed, but for what has another reason."""

from __future__ import annotations

from collections.abc import Set

from testkit.account import roles
from testkit.permissions import Grant
from testkit.template import functions

_LARGE = "a summary that is too large for the table: integration/test_jobs_results.py"
_DELETED = "the files and the last records of a user's batches: integration/test_jobs_deletions.py"
_KEY = "keys of the other vendors: integration/test_vendors.py"
_MISSING = "S3 says that an object is missing to those alone who may list its key"
# By role, action, and the end of the resource or of the condition's value. These calls are tested with the part of the
# layer that makes them, or take another way in the tests than on AWS.
NEEDED_BY_NO_CALL = {
    ("ApiFunction", "dynamodb:BatchWriteItem", "USER#*"): _DELETED,
    ("ApiFunction", "lambda:InvokeFunction", "BuildExportFunction"): "the tests invoke it in their own process",
    ("ApiFunction", "s3:DeleteObject", "/*"): _DELETED,
    ("ApiFunction", "s3:GetObject", "summaries/*"): _LARGE,
    ("ApiFunction", "s3:ListBucket", "summaries/*.json.z"): _MISSING,
    ("BuildExportFunction", "s3:AbortMultipartUpload", "exports/*"): "an upload in parts that fails (boto3 does it)",
    ("BuildExportFunction", "s3:DeleteObject", "exports/*"): _DELETED,
    ("BuildExportFunction", "s3:GetObject", "summaries/*"): _LARGE,
    ("BuildExportFunction", "s3:ListBucket", "summaries/*.json.z"): _MISSING,
    (
        "DigestBatchFunction",
        "dynamodb:BatchGetItem",
        "BATCH#*",
    ): "a batch whose order was changed, as an export reads it",
    ("DigestBatchFunction", "dynamodb:GetItem", "SPENDING"): "a digest that begins again: integration/test_spending.py",
    ("DigestBatchFunction", "s3:GetObject", "summaries/*"): _LARGE,
    ("DigestBatchFunction", "s3:ListBucket", "summaries/*.json.z"): _MISSING,
    ("DigestBatchFunction", "ssm:GetParameter", "-api-key"): _KEY,
    ("EstimateVideoFunction", "s3:GetObject", "summaries/*"): _LARGE,
    ("EstimateVideoFunction", "s3:ListBucket", "summaries/*.json.z"): _MISSING,
    ("EstimateVideoFunction", "s3:ListBucket", "transcripts/*.json.gz"): _MISSING,
    ("MarkBatchFailedFunction", "dynamodb:UpdateItem", "BATCH#*"): "a draft whose playlists are not read any more",
    ("ResumeInterruptedFunction", "dynamodb:BatchWriteItem", "USER#*"): _DELETED,
    ("ResumeInterruptedFunction", "lambda:InvokeFunction", "NotifyOwnerFunction"): "as in the API",
    ("ResumeInterruptedFunction", "s3:DeleteObject", "/*"): _DELETED,
    ("SummarizeVideoFunction", "dynamodb:DeleteItem", "OUTAGES"): "integration/test_handlers_outages.py",
    ("SummarizeVideoFunction", "s3:GetObject", "summaries/*"): _LARGE,
    ("SummarizeVideoFunction", "s3:PutObject", "summaries/*"): _LARGE,
    ("SummarizeVideoFunction", "s3:ListBucket", "summaries/*.json.z"): _MISSING,
    ("SummarizeVideoFunction", "s3:ListBucket", "transcripts/*.json.gz"): _MISSING,
    ("SummarizeVideoFunction", "ssm:GetParameter", "-api-key"): _KEY,
}


def unused_grants(needed: Set[Grant]) -> list[Grant]:
    return sorted(
        grant for grant in all_grants() - needed if not any(excepts(*each, grant) for each in NEEDED_BY_NO_CALL)
    )


def all_grants() -> set[Grant]:
    return {grant for function in functions() for grant in roles().grants(function)}


def excepts(role: str, action: str, end: str, grant: Grant) -> bool:
    return (grant.role, grant.action) == (role, action) and (grant.value or grant.resource).endswith(end)
