"""Serve feed: answers feed readers, which know the secret link of a follow's feed and do not sign in."""

from __future__ import annotations

from typing import Any

from feed_server import FeedServer

from skimlist import aws
from skimlist.bucket import Bucket
from skimlist.config import settings
from skimlist.jobs.feed_links import FeedLinks
from skimlist.jobs.follows import Follows
from skimlist.jobs.results import Results
from skimlist.log import step
from skimlist.users import Users


@step
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    table = aws.table(settings().table_name)
    server = FeedServer(
        links=FeedLinks(table),
        follows=Follows(table),
        results=Results(table, Bucket(aws.client("s3"), settings().bucket_name)),
        users=Users(aws.client("cognito-idp"), settings().user_pool_id),
        app_url=settings().app_url,
    )
    path = event["pathParameters"]
    return server.respond(path["follow"], path["secret"], event["headers"])
