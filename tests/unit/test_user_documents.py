"""Facts in the users' documents are true: names of AWS and of the stack, error codes, statuses, limits."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import botocore.session
import pytest
from botocore.model import OperationModel, StructureShape

from local.settings import SECRETS
from ops import error_reference
from ops.destroy import STORED_SECRETS
from skimlist.errors import PlaylistFailed, SkimlistError, VideoFailed, WorkflowFailed, error_classes
from skimlist.jobs.queue_editor import MAX_PLAYLISTS, MAX_VIDEOS
from skimlist.links.parsing import MAX_LINKS
from testkit import template
from testkit.functions import load_function, openapi_document
from testkit.template import ROOT

DEPLOY, API, ERRORS = (
    (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("deploy.md", "api.md", "errors.md")
)
BLOCKS = re.findall(r"^```sh\n(.*?)^```", DEPLOY, re.MULTILINE | re.DOTALL)
# Of the AWS CLI alone: how an answer is shown, and commands that are more than one call.
ANSWER_SHOWN_BY = {"query", "output"}
MORE_THAN_A_CALL = {("s3", "rm"), ("cloudformation", "wait")}


def aws_commands() -> Iterator[list[str]]:
    for block in BLOCKS:
        joined = block.replace("\\\n", " ")
        for command in re.findall(r"\baws [^;\n]*", joined):
            yield shlex.split(command)[1:]


def operation(service: str, command: str) -> OperationModel:
    """Returns the operation of a CLI command, which must exist: `admin-create-user` → `AdminCreateUser`."""
    model = botocore.session.Session().get_service_model("s3" if service == "s3api" else service)
    name = "".join(word.capitalize() for word in command.split("-"))
    assert name in model.operation_names, f"aws {service} {command} does not exist"
    return model.operation_model(name)


def option(member: str) -> str:
    """Returns a parameter as the AWS CLI spells it: `UserPoolId` → `user-pool-id`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", member).lower()


def codes_without_a_class() -> set[str]:
    """Returns codes of requests that are refused before our code runs, and of pauses without an error."""
    api = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "functions" / "api").glob("*.py"))
    jobs = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "layers/shared/skimlist/jobs").glob("*.py"))
    return {*re.findall(r'HTTPStatus\.\w+, "(\w+)"', api), *re.findall(r'\bcode="(\w+)"', jobs)} - {""}


def test_the_reference_of_errors_is_current_and_has_each_code_once() -> None:
    assert error_reference.document() == ERRORS, "`make errors` writes it"
    sentences = error_reference.SENTENCES_FILE.read_text(encoding="utf-8")
    assert error_reference.sentences_module() == sentences, "`make errors` writes it"
    codes = re.findall(r"^\| `(\w+)`", ERRORS, re.MULTILINE)
    assert codes_without_a_class() >= {"malformed_json", "not_json", "too_large", "no_such_route", "paused_by_user"}
    assert sorted(codes) == sorted({cls.code for cls in error_classes()} | codes_without_a_class())


@pytest.mark.parametrize(
    "cls",
    [
        cls
        for root in (VideoFailed, PlaylistFailed, WorkflowFailed)
        for cls in error_classes(root)
        if "code" in vars(cls)
    ],
    ids=lambda cls: cls.__name__,
)
def test_the_advice_names_a_retry_where_one_can_help(cls: type[SkimlistError]) -> None:
    assert ("retry" in cls.advice.lower()) == cls.retryable


def test_a_deployment_ends_with_commands_of_its_document() -> None:
    text = (ROOT / "local" / "deploy" / "after.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    text = text.replace("/NAME/", "/skimlist/").replace("USER_POOL_ID", '"$(output UserPoolId)"')
    commands = [shlex.split(command)[1:] for command in re.findall(r"\baws [^;\n]*", text)]
    assert len(commands) >= 6
    assert [command for command in commands if command not in aws_commands()] == []


@pytest.mark.parametrize("command", list(aws_commands()), ids=" ".join)
def test_every_aws_command_is_one_that_aws_takes(command: list[str]) -> None:
    service, action, *rest = command
    if (service, action) in MORE_THAN_A_CALL:
        if action == "wait":
            waiters = botocore.session.Session().get_waiter_model(service)
            assert rest[0].title().replace("-", "") in waiters.waiter_names
        return
    shape = operation(service, action).input_shape
    assert isinstance(shape, StructureShape)
    known = {option(member) for member in shape.members} | ANSWER_SHOWN_BY
    given = {word.removeprefix("--") for word in rest if word.startswith("--")}
    assert given <= known, f"{sorted(given - known)}"
    assert {option(member) for member in shape.required_members} <= given


def test_every_output_that_is_asked_for_is_one_of_the_stack() -> None:
    asked = {name for block in BLOCKS for name in re.findall(r"(?<!-)\boutput (\w+)", block)}
    assert asked >= {"AppUrl", "UserPoolId"}
    assert asked <= set(template.template()["Outputs"])


def test_every_secret_can_be_stored_and_deleted() -> None:
    names = {f"/skimlist/{parameter}" for parameter in SECRETS.values()}
    stored = {words[words.index("--name") + 1] for words in aws_commands() if words[:2] == ["ssm", "put-parameter"]}
    assert stored == names == {f"/skimlist/{parameter}" for parameter in STORED_SECRETS}


def test_every_status_of_a_refusal_is_explained() -> None:
    operations = [each for methods in openapi_document()["paths"].values() for each in methods.values()]
    statuses = {int(status) for operation in operations for status in operation["responses"]}
    documented = {int(status) for status in re.findall(r"^\| (\d{3}) \|", API, re.MULTILINE)}
    assert documented == {status for status in statuses if status >= 400}


def test_the_limits_are_those_of_the_code() -> None:
    documented = " ".join(API[API.index("\n## Limits\n") :].split("\n## ")[1].split())
    defaults = {name: parameter["Default"] for name, parameter in template.template()["Parameters"].items()}
    megabytes = load_function("api").request_body.MAX_BYTES // 1_000_000
    minutes = template.properties("SummarizeVideoFunction")["Timeout"] // 60
    for limit in (
        f"up to {MAX_VIDEOS:,} videos, including those of its playlists, and {MAX_PLAYLISTS} playlists",
        f"at most {defaults['BatchesAtOncePerUser']} batches under way at once",
        f"cost each user {defaults['UsdPerDayPerUser']} USD a day",
        f"all users together {defaults['UsdPerMonth']} USD a month",
        f"can add, check or retry {defaults['VideosPerDayPerUser']:,} videos",
        f"have {defaults['PlaylistsPerDayPerUser']} playlists read",
        f"at most {defaults['DataApiUnitsPerDay']:,} requests to it a day",
        f"at most {megabytes} MB and {MAX_LINKS:,} links, in up to {MAX_VIDEOS:,} entries",
        f"answers {defaults['RequestsPerSecond']} requests a second",
        f"answer {defaults['VisitsPerSecond']} requests a second each",
        f"and the page's files {defaults['FilesPerSecond']}",
        f"one run of a function ({minutes} minutes)",
    ):
        assert limit in documented
