"""A small AWS account in moto: the template's table, bucket, topic, workflow and functions."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

import boto3
import pytest

from skimlist import aws, config
from skimlist.bucket import Bucket
from skimlist.errors import CaptionsDisabled, SkimlistError
from skimlist.executions import StartReason, current_execution
from skimlist.jobs.batches import Batches
from skimlist.jobs.deletions import Deletions
from skimlist.jobs.digests import Digests
from skimlist.jobs.history import History
from skimlist.jobs.order import Order
from skimlist.jobs.queue import Queue
from skimlist.jobs.queue_editor import QueueEditor
from skimlist.jobs.records import item_id, item_record, order_key
from skimlist.jobs.results import Results
from skimlist.jobs.videos import Videos
from skimlist.models.batch import Batch, BatchRun, BatchStatus
from skimlist.models.video import Item, VideoStatus
from skimlist.workflow import Workflow
from testkit import template
from testkit.batches import a_batch
from testkit.functions import Context, load_function
from testkit.permissions import Roles, Watch

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_stepfunctions import SFNClient

REGION: Final = "eu-central-1"
STACK = "skimlist"
TABLE = "skimlist-table"
BUCKET = "skimlist-bucket"
_MACHINE = f"{STACK}-process-batch"
_AWS = "123456789012"  # moto's account id


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def video_id(number: int) -> str:
    return f"video{number:06}"


@cache
def roles() -> Roles:
    """Returns the roles of the template, with the names of the resources in this account."""
    machine = f"arn:aws:states:{REGION}:{_AWS}:stateMachine:{_MACHINE}"
    own = {"Table": TABLE, "Bucket": BUCKET, "ProcessBatch": machine, "Topic": f"arn:aws:sns:{REGION}:{_AWS}:topic"}
    own["UserPool"] = "*"  # moto gives it a random id
    return Roles(REGION, _AWS, STACK, {**own, **{name: name for name in template.functions()}})


class Account:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, watch: Watch) -> None:
        self._monkeypatch = monkeypatch
        self._watch = watch
        self.parameters = {"BatchesAtOncePerUser": "0", "VideosPerDayPerUser": "0", "PlaylistsPerDayPerUser": "0"}
        self.table = boto3.resource("dynamodb").create_table(TableName=TABLE, **template.table_arguments())
        self.batches = Batches(self.table)
        self.queue = Queue(self.table)
        self.videos = Videos(self.table)

    # --- Resources of the template, created on first use ---

    @cached_property
    def archive(self) -> Bucket:
        return Bucket(self.s3, self.bucket)

    @cached_property
    def results(self) -> Results:
        return Results(self.table, self.archive)

    @cached_property
    def digests(self) -> Digests:
        return Digests(self.table)

    @cached_property
    def history(self) -> History:
        return History(self.table)

    @cached_property
    def deletions(self) -> Deletions:
        return Deletions(self.table, self.archive)

    @cached_property
    def workflow(self) -> Workflow:
        return Workflow(self.stepfunctions, self.state_machine_arn)

    @cached_property
    def s3(self) -> S3Client:
        return boto3.client("s3")

    @cached_property
    def bucket(self) -> str:
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        return BUCKET

    @cached_property
    def stepfunctions(self) -> SFNClient:
        return boto3.client("stepfunctions")

    @cached_property
    def state_machine_arn(self) -> str:
        """The ARN of a state machine whose executions run until they are stopped."""
        waiting = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 9, "End": True}}}
        role = f"arn:aws:iam::{_AWS}:role/workflow"
        machine = self.stepfunctions.create_state_machine(name=_MACHINE, definition=json.dumps(waiting), roleArn=role)
        return machine["stateMachineArn"]

    @cached_property
    def user_pool_id(self) -> str:
        return boto3.client("cognito-idp").create_user_pool(PoolName=STACK)["UserPool"]["Id"]

    @cached_property
    def topic_arn(self) -> str:
        return boto3.client("sns").create_topic(Name="topic")["TopicArn"]

    @cached_property
    def mailbox(self) -> str:
        """The URL of a queue that receives the messages of the topic."""
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="mailbox")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        boto3.client("sns").subscribe(TopicArn=self.topic_arn, Protocol="sqs", Endpoint=arn)
        return url

    # --- Actions ---

    def invoke(self, function: str, event: dict[str, Any], context: Any = None) -> Any:
        """Runs a function with exactly the environment and permissions of the template."""
        logical_id = template.logical_id(function)
        with self._environment(logical_id), self._watch.function(logical_id):
            answer = load_function(function).handler(event, context or Context())
        return json.loads(json.dumps(answer))

    @property
    def calls(self) -> Sequence[str]:
        """The IAM actions of the last invocation, in order."""
        return self._watch.calls

    def see(self, service: str, operation: str, arguments: dict[str, Any]) -> None:
        """Checks a call that no client sends against the role of the running function."""
        self._watch.see(service, operation, arguments)

    def meanwhile(self) -> AbstractContextManager[None]:
        """Provides a context for somebody else's actions while a function runs; its role need not allow them."""
        return self._watch.anybody()

    def create_batch(self, videos: int = 3, **changes: Any) -> Batch:
        """Creates a pending batch of the user ada without an execution."""
        batch = a_batch(
            **{
                **{"id": "b7f3", "status": BatchStatus.PENDING, "total": videos, "completed": 0, "failed": 0},
                **{"tokens_in": 0, "tokens_out": 0, "cost_usd": Decimal(0), "processing_seconds": Decimal(0)},
                **{"created_at": NOW, "updated_at": NOW, "started_at": None, "completed_at": None},
                **changes,
            }
        )
        items = [Item(id=item_id(number), video_id=video_id(number)) for number in range(1, videos + 1)]
        return self.batches.create(batch, items, Order(entries=tuple(range(1, videos + 1))))

    def begin_batch(self, videos: int = 3, **changes: Any) -> Batch:
        """Creates a batch that is being processed."""
        return self.batches.begin(self.create_batch(videos, **changes), NOW)

    def batch(self, batch_id: str = "b7f3") -> Batch:
        return self.batches.get("ada", batch_id)

    def next_page(self, batch: Batch) -> tuple[Item, ...] | None:
        return self.queue.next_page(batch, self.queue.order(batch.id), NOW)

    def list_items(self, batch: Batch, offset: int, limit: int) -> list[Item]:
        return self.queue.list_items(batch, self.queue.order(batch.id), offset, limit)

    def statuses(self) -> list[str]:
        """Returns the statuses of the batch's videos in queue order, as a user sees them."""
        return [str(item.status) for item in self.queue.all_items(self.batch())]

    def complete(self, *numbers: int, run: int | None = None) -> None:
        """Completes a video as a step of `run`, or of the batch's current run."""
        run = run or self.batch().execution.run
        for number in numbers:
            done = Item(id=item_id(number), video_id=video_id(number))
            self.videos.complete(BatchRun("ada", "b7f3", run), done, Decimal(0), NOW)

    def fail(self, *numbers: int, error: SkimlistError | None = None, run: int | None = None) -> None:
        reason = (error or CaptionsDisabled()).as_problem()
        for number in numbers:
            failed = Item(id=item_id(number), video_id=video_id(number), error=reason)
            self.videos.fail(BatchRun("ada", "b7f3", run or self.batch().execution.run), failed, NOW)

    def skip(self, *numbers: int, batch: Batch | None = None, now: datetime = NOW) -> Batch:
        """Skips videos of the batch as it is, or as it was read before."""
        editor, batch = QueueEditor(self.table), batch or self.batch()
        return editor.skip(batch, editor.find_items(batch, [*map(item_id, numbers)]), now).batch

    def restore(self, *numbers: int, batch: Batch | None = None) -> Batch:
        """Puts videos back into the batch as it is, or as it was read before."""
        editor, batch = QueueEditor(self.table), batch or self.batch()
        return editor.restore(batch, editor.find_items(batch, [*map(item_id, numbers)]), NOW)

    def drive(self, batch: Batch) -> bool:
        """Makes sure that the batch has an execution; returns whether one had to be started."""
        return self.workflow.drive(current_execution(batch, StartReason.LOST))

    def reopen(self, batch: Batch | None = None, *, now: datetime = NOW) -> Batch:
        """Reopens an ended batch without requeuing any video."""
        batch = batch or self.batch()
        return self.batches.reopen(batch, self.queue.plan_requeue(batch, ()), now)

    def mark(self, status: VideoStatus, *numbers: int) -> None:
        """Ends videos without updating the counters, because moto is slow with hundreds of transactions."""
        with self.table.batch_writer() as writer:
            for number in numbers:
                item = Item(id=item_id(number), video_id=video_id(number), status=status)
                writer.put_item(Item=item_record("b7f3", item))

    def reorder(self, *numbers: int, batch_id: str = "b7f3") -> None:
        """Reorders the batch's videos."""
        self.table.update_item(
            Key=order_key(batch_id), AttributeUpdates={"entries": {"Value": list(numbers), "Action": "PUT"}}
        )

    def read_mail(self) -> list[dict[str, Any]]:
        """Returns the messages that have arrived in the mailbox since the last call."""
        sqs = boto3.client("sqs")
        found = sqs.receive_message(QueueUrl=self.mailbox, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            sqs.delete_message(QueueUrl=self.mailbox, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in found]

    def executions(self) -> list[str]:
        """Returns the names of all executions, sorted."""
        found = self.stepfunctions.list_executions(stateMachineArn=self.state_machine_arn)["executions"]
        return sorted(execution["name"] for execution in found)

    def stop_execution(self, name: str) -> None:
        arn = self.state_machine_arn.replace(":stateMachine:", ":execution:")
        self.stepfunctions.stop_execution(executionArn=f"{arn}:{name}")

    def store_secret(self, name: str, value: str) -> None:
        boto3.client("ssm").put_parameter(Name=f"/{STACK}/{name}", Value=value, Type="SecureString")

    def lambda_client(self) -> LambdaClient:
        return LambdaClient(self)

    @contextmanager
    def _environment(self, logical_id: str) -> Iterator[None]:
        known = self._known()
        variables = {name: self._resolve(value, known) for name, value in template.environment(logical_id).items()}
        with self._monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            config.settings.cache_clear()
            yield
        config.settings.cache_clear()

    def _known(self) -> dict[str, str]:
        """Returns what the template refers to, except for the resources that are created on first use."""
        return {
            "AWS::StackName": STACK,
            "Table": TABLE,
            "BuildExportFunction": "build_export",
            "DescribeSourcesFunction": "describe_sources",
            "NotifyOwnerFunction": "notify_owner",
            "HttpApi.ApiEndpoint": "https://skimlist.example",
            "/${AWS::StackName}/": f"/{STACK}/",
            **dict.fromkeys(template.template()["Parameters"], ""),
            **self.parameters,
        }

    def _resolve(self, value: Any, known: Mapping[str, str]) -> str:
        if not isinstance(value, dict):
            return str(value)
        reference = next(iter(value.values()))
        match ".".join(reference) if isinstance(reference, list) else reference:
            case "Bucket":
                return self.bucket
            case "Topic":
                return self.topic_arn
            case "UserPool":
                return self.user_pool_id
            case "ProcessBatch":
                return self.state_machine_arn
            case name:
                return known[name]


class FunctionsOf:
    """A replacement for `skimlist.aws` whose Lambda client invokes the functions of the account."""

    table = staticmethod(aws.table)
    storage_errors = staticmethod(aws.storage_errors)

    def __init__(self, account: Account) -> None:
        self._account = account

    def client(self, service: str, **options: Any) -> Any:
        return self._account.lambda_client() if service == "lambda" else aws.client(service, **options)


class LambdaClient:
    """The part of Lambda's client that the functions use; it invokes a function in this process."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def invoke(
        self,
        *,
        FunctionName: str,  # noqa: N803 - boto3's names
        Payload: str,  # noqa: N803
        InvocationType: str = "RequestResponse",  # noqa: N803
    ) -> dict[str, Any]:
        self._account.see("lambda", "Invoke", {"FunctionName": template.logical_id(FunctionName)})
        try:
            answer = self._account.invoke(FunctionName, json.loads(Payload))
        except Exception as error:
            if InvocationType == "Event":
                return {}
            failure = {"errorType": type(error).__name__, "errorMessage": str(error)}
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(failure).encode())}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


def forget_clients() -> None:
    """Clears cached clients, because clients of one account must not be used for the next one."""
    aws.client.cache_clear()
    aws.table.cache_clear()
    aws.credentials.cache_clear()
    config.settings.cache_clear()
