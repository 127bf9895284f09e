"""A step that summarizes, as tutorials write it: everything imported and made at the top."""

import json
import os

import boto3
from aws_lambda_powertools import Logger, Tracer
from openai import OpenAI
from pydantic import BaseModel
from youtube_transcript_api import YouTubeTranscriptApi

logger = Logger(service="textbook")
tracer = Tracer(service="textbook")
table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
s3 = boto3.client("s3")
client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])
youtube = YouTubeTranscriptApi()


class Summary(BaseModel):
    title: str
    text: str


@logger.inject_lambda_context
@tracer.capture_lambda_handler
def handler(event, context):
    captions = youtube.fetch(event["video_id"]).to_raw_data()
    prompt = "Summarize: " + " ".join(caption["text"] for caption in captions)
    answer = client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": prompt}])
    summary = Summary(**json.loads(answer.choices[0].message.content))
    s3.put_object(Bucket=os.environ["BUCKET_NAME"], Key=event["video_id"], Body=summary.model_dump_json())
    table.put_item(Item={"id": event["video_id"], "status": "completed"})
    return event
