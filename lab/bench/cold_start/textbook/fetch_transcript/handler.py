"""A step that fetches captions, as tutorials write it: everything imported and made at the top."""

import json
import os

import boto3
from aws_lambda_powertools import Logger, Tracer
from pydantic import BaseModel
from youtube_transcript_api import YouTubeTranscriptApi

logger = Logger(service="textbook")
tracer = Tracer(service="textbook")
table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
s3 = boto3.client("s3")
ssm = boto3.client("ssm")
youtube = YouTubeTranscriptApi()


class Video(BaseModel):
    batch_id: str
    video_id: str


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event, context):
    video = Video(**event)
    captions = youtube.fetch(video.video_id).to_raw_data()
    s3.put_object(Bucket=os.environ["BUCKET_NAME"], Key=f"{video.video_id}.json", Body=json.dumps(captions))
    table.update_item(
        Key={"id": video.batch_id}, UpdateExpression="SET stage = :s", ExpressionAttributeValues={":s": "fetched"}
    )
    return event
