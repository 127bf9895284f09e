"""An API as tutorials write it: everything imported and made at the top."""

import os

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.metrics import MetricUnit
from pydantic import BaseModel

logger = Logger(service="textbook")
tracer = Tracer(service="textbook")
metrics = Metrics(namespace="Textbook", service="textbook")
app = APIGatewayHttpResolver(enable_validation=True)
app.enable_swagger(path="/swagger")

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
workflow = boto3.client("stepfunctions")
s3 = boto3.client("s3")


class CreateBatch(BaseModel):
    name: str
    urls: list[str]
    model: str = "extractive"


class Batch(BaseModel):
    id: str
    name: str
    status: str


@app.post("/batch/create")
@tracer.capture_method
def create_batch(request: CreateBatch) -> Batch:
    batch = Batch(id=request.name, name=request.name, status="pending")
    table.put_item(Item=batch.model_dump())
    workflow.start_execution(stateMachineArn=os.environ["STATE_MACHINE_ARN"], input=batch.model_dump_json())
    metrics.add_metric(name="BatchCreated", unit=MetricUnit.Count, value=1)
    return batch


@app.get("/batch/<batch_id>")
@tracer.capture_method
def get_batch(batch_id: str) -> Batch:
    record = table.get_item(Key={"id": batch_id}).get("Item")
    if record is None:
        raise NotFoundError
    return Batch(**record)


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event, context):
    return app.resolve(event, context)
