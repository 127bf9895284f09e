"""The AWS emulator behind its guard, over HTTP: whose requests it serves, and what it keeps private."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import secrets
import socket
import stat
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import httpx
import pytest
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, WaiterError

from local.account import Account
from local.credentials import AccessKey
from local.emulator import REGION, Emulator, free_port
from testkit import template
from tests.fakes.browsers import FROM_WEBSITES

LIST_ROLES = "Action=ListRoles&Version=2010-05-08"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# A whole runtime in a few lines; it answers each event with what it knows of itself and of the request.
BOOTSTRAP = f"""#!{sys.executable} -S
import json, os, urllib.request
invocations = f"http://{{os.environ['AWS_LAMBDA_RUNTIME_API']}}/2018-06-01/runtime/invocation"
while True:
    with urllib.request.urlopen(f"{{invocations}}/next") as event:
        event.read()
        request = event.headers["Lambda-Runtime-Aws-Request-Id"]
    print(f"done with {{request}}", flush=True)
    known = {{name: value for name, value in os.environ.items() if name.startswith("AWS_")}}
    answer = json.dumps({{**known, "request": request}}).encode()
    urllib.request.urlopen(f"{{invocations}}/{{request}}/response", answer).close()
"""


@pytest.fixture(scope="module")
def access_key() -> AccessKey:
    return AccessKey.random()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("emulator")


@pytest.fixture(scope="module")
def emulator(folder: Path, access_key: AccessKey) -> Iterator[Emulator]:
    emulator = Emulator(free_port(), folder, wait_scale=1.0, access_key=access_key)
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture(scope="module")
def account(emulator: Emulator, access_key: AccessKey) -> Account:
    return Account(emulator.endpoint_url, access_key)


@pytest.fixture(scope="module")
def function(account: Account) -> dict[str, str]:
    """The environment of a function whose role has no permissions."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = account.client("iam").create_role(RoleName="idle", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        bootstrap = zipfile.ZipInfo("bootstrap")
        bootstrap.external_attr = 0o755 << 16
        code.writestr(bootstrap, BOOTSTRAP)
    functions = account.client("lambda")
    functions.create_function(
        FunctionName="idle",
        Runtime="provided.al2023",
        Handler="none",
        Role=role,
        Code={"ZipFile": archive.getvalue()},
    )
    told: dict[str, str] = json.load(functions.invoke(FunctionName="idle")["Payload"])
    return told


def session(key_id: str, secret: str, token: str | None = None) -> boto3.Session:
    return boto3.Session(key_id, secret, token, region_name=REGION)


def signed(url: str, key_id: str, secret: str, service: str = "iam") -> dict[str, str]:
    """Returns signed headers of a form that lists roles."""
    request = AWSRequest("POST", url, headers=dict(FORM), data=LIST_ROLES)
    SigV4Auth(Credentials(key_id, secret), service, REGION).add_auth(request)
    return dict(request.headers.items())


def status(emulator: Emulator, headers: dict[str, str], url: str = "/") -> int:
    answer = httpx.post(f"{emulator.endpoint_url}{url}", headers=headers, content=LIST_ROLES, trust_env=False)
    return answer.status_code


def test_a_free_port_is_not_used_and_none_that_the_system_may_give_to_another_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as used:
        first = iter(used.getsockname()[1:])
        choices = SimpleNamespace(choice=lambda ports: next(first, None) or secrets.choice(ports))
        monkeypatch.setattr("local.emulator.secrets", choices)
        assert 1_024 < free_port() < 32_768


def test_the_key_of_the_stack_may_do_everything(emulator: Emulator, access_key: AccessKey) -> None:
    assert status(emulator, signed(emulator.endpoint_url + "/", access_key.id, access_key.secret)) == 200


@pytest.mark.parametrize("key_id", ["test", "000000000000", "123456789012", "AKIAUNKNOWN"])
def test_no_other_key_is_the_administrators(emulator: Emulator, access_key: AccessKey, key_id: str) -> None:
    for secret in ("test", access_key.secret):
        headers = signed(emulator.endpoint_url + "/", key_id, secret)
        assert status(emulator, headers) == 403
        unsigned = {**headers, "Authorization": headers["Authorization"].partition(", Signature=")[0]}
        assert status(emulator, unsigned) == 403


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer a.b.c", "AWS test:signature", "Basic dGVzdDp0ZXN0", "AWS4-HMAC-SHA256 x=y"]
)
def test_nobody_is_served_without_a_key(emulator: Emulator, authorization: str | None) -> None:
    headers = FORM if authorization is None else {**FORM, "Authorization": authorization}
    assert status(emulator, headers) == 403
    assert status(emulator, headers, "/?AWSAccessKeyId=test&Signature=x&Expires=9999999999") == 403


def test_a_signature_counts_for_its_own_request_and_key_alone(emulator: Emulator, access_key: AccessKey) -> None:
    url = emulator.endpoint_url + "/"
    wrong_secret = signed(url, access_key.id, "another secret")
    assert status(emulator, wrong_secret) == 403
    good = signed(url, access_key.id, access_key.secret)
    assert status(emulator, good, "/?Action=CreateRole") == 403
    assert httpx.post(url, headers=good, content="Action=CreateUser", trust_env=False).status_code == 403
    # The emulator looks at the first key that is named.
    mixed = good["Authorization"].replace(
        "Credential=", "Credential=test/20260101/us-east-1/iam/aws4_request, Credential="
    )
    assert status(emulator, {**good, "Authorization": mixed}) == 403
    query = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test/1/us-east-1/iam/aws4_request&X-Amz-Signature=x"
    assert status(emulator, good, query) == 403


def test_a_link_opens_one_object_until_it_expires(emulator: Emulator, access_key: AccessKey) -> None:
    config = Config(signature_version="s3v4", proxies={})
    s3 = session(access_key.id, access_key.secret).client("s3", endpoint_url=emulator.endpoint_url, config=config)
    s3.create_bucket(Bucket="bucket")
    s3.put_object(Bucket="bucket", Key="a b/ü.zip", Body=b"content")
    wanted = {"Bucket": "bucket", "Key": "a b/ü.zip"}
    link = s3.generate_presigned_url("get_object", wanted, ExpiresIn=600)
    assert httpx.get(link, trust_env=False).content == b"content"
    assert httpx.get(link.replace("a%20b", "b"), trust_env=False).status_code == 403
    assert httpx.get(link.replace("X-Amz-Expires=600", "X-Amz-Expires=6000"), trust_env=False).status_code == 403
    assert httpx.delete(link, trust_env=False).status_code == 403
    late = s3.generate_presigned_url("get_object", wanted, ExpiresIn=-1)
    assert httpx.get(late, trust_env=False).status_code == 403
    for_upload = s3.generate_presigned_url("put_object", wanted, ExpiresIn=600)
    assert httpx.put(for_upload.replace("a%20b", "b"), content=b"other", trust_env=False).status_code == 403
    assert httpx.get(link, trust_env=False).content == b"content"
    assert httpx.put(for_upload, content=b"other", trust_env=False).status_code == 200
    assert httpx.get(link, trust_env=False).content == b"other"


@pytest.mark.parametrize("key", ["the stack's", "well known"])
def test_a_link_to_any_other_service_is_refused(emulator: Emulator, access_key: AccessKey, key: str) -> None:
    """Another website could make a browser send it."""
    credentials = Credentials(access_key.id, access_key.secret) if key == "the stack's" else Credentials("test", "test")
    request = AWSRequest("GET", f"{emulator.endpoint_url}/?{LIST_ROLES}")
    SigV4QueryAuth(credentials, "iam", REGION).add_auth(request)
    assert httpx.get(str(request.url), trust_env=False).status_code == 403


def test_a_function_signs_with_keys_that_nobody_can_compute(
    emulator: Emulator, access_key: AccessKey, function: dict[str, str]
) -> None:
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    own = session(*(function[name] for name in names)).client("sts", endpoint_url=emulator.endpoint_url)
    assert own.get_caller_identity()["Arn"].endswith(":assumed-role/idle/idle")
    assert access_key.secret not in function.values()
    # What ministack makes of the names of function and role.
    arns = f"arn:aws:lambda:{REGION}:000000000000:function:idle:arn:aws:iam::000000000000:role/idle"
    known = hashlib.sha256(arns.encode()).hexdigest()
    secret, token = (hashlib.sha256(f"{what}:{known}".encode()).hexdigest() for what in ("secret", "token"))
    for key_id in (f"ASIA{known[:16].upper()}", function["AWS_ACCESS_KEY_ID"]):
        computed = session(key_id, secret, token).client("dynamodb", endpoint_url=emulator.endpoint_url)
        with pytest.raises(ClientError, match="does not belong to this account"):
            computed.list_tables()


@pytest.mark.parametrize("headers", FROM_WEBSITES)
def test_no_website_reaches_the_events_of_a_function(function: dict[str, str], headers: dict[str, str]) -> None:
    runtime = f"http://{function['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime"
    assert httpx.get(f"{runtime}/nothing", trust_env=False).status_code == 404
    for method, path in (("GET", "invocation/next"), ("POST", "invocation/1/response"), ("POST", "init/error")):
        answer = httpx.request(method, f"{runtime}/{path}", headers=headers, trust_env=False)
        assert answer.status_code == 403


def test_lines_that_a_function_logs_before_its_answer_are_in_the_log_of_that_invocation(
    account: Account, function: dict[str, str]
) -> None:
    for _ in range(20):
        done = account.client("lambda").invoke(FunctionName="idle", LogType="Tail")
        told = json.load(done["Payload"])
        assert base64.b64decode(done["LogResult"]).decode() == f"done with {told['request']}"


def test_the_controls_of_the_emulator_are_out_of_reach(emulator: Emulator, account: Account) -> None:
    account.client("sqs").create_queue(QueueName="kept")
    for path in ("/_ministack/reset", "/_ministack/config"):
        assert status(emulator, {}, path) == 403
    assert account.client("sqs").get_queue_url(QueueName="kept")


def test_the_server_itself_refuses_websockets_and_other_names(emulator: Emulator) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    for headers in ({**upgrade, **key}, {"Host": "evil.example"}):
        assert httpx.get(emulator.endpoint_url, headers=headers, trust_env=False).status_code == 403


def test_others_on_the_machine_can_read_no_file_of_it(
    emulator: Emulator, account: Account, folder: Path, access_key: AccessKey
) -> None:
    account.client("s3").create_bucket(Bucket="private")
    account.client("s3").put_object(Bucket="private", Key="key", Body=b"x")
    assert any(path.name == "key" for path in folder.rglob("*"))
    assert list(in_reach_of_others(folder)) == []
    log = emulator.log_file.read_text(encoding="utf-8")
    assert access_key.id not in log
    assert access_key.secret not in log


def in_reach_of_others(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if stat.S_IMODE(path.lstat().st_mode) & 0o077:
            yield path
            if path.is_dir():
                yield from in_reach_of_others(path)


def test_an_answer_is_for_the_page_alone(emulator: Emulator) -> None:
    page = emulator.endpoint_url.replace("127.0.0.1", "a1b2c3.execute-api.localhost")
    target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
    headers: dict[str, Any] = {**target, "Content-Type": "application/x-amz-json-1.1", "Origin": page}
    answer = httpx.post(emulator.endpoint_url, headers=headers, json={}, trust_env=False)
    assert (answer.status_code, answer.headers.get_list("Access-Control-Allow-Origin")) == (400, [page])
    asked = {"Origin": page, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-amz-target"}
    preflight = httpx.options(emulator.endpoint_url, headers=asked, trust_env=False)
    assert (preflight.status_code, preflight.headers.get_list("Access-Control-Allow-Origin")) == (200, [page])
    for other in ("http://localhost:3000", "null"):
        refused = httpx.options(emulator.endpoint_url, headers={**asked, "Origin": other}, trust_env=False)
        assert refused.status_code == 403
        assert "Access-Control-Allow-Origin" not in refused.headers


def test_a_first_creation_that_fails_leaves_nothing(account: Account) -> None:
    """CloudFormation documents RetainExceptOnCreate like this, and the emulator distinguishes it from Retain."""
    whole = template.template()
    data = ("Table", "Bucket", "UserPool")
    impossible = {
        "Type": "AWS::IAM::Policy",
        "DependsOn": list(data),
        "Properties": {
            "PolicyName": "of-nobody",
            "Roles": ["nobody"],
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}],
            },
        },
    }
    resources = {name: whole["Resources"][name] for name in data} | {"Impossible": impossible}
    body = json.dumps({**{each: whole[each] for each in ("Parameters", "Conditions")}, "Resources": resources})
    before = stored(account)
    cloudformation = account.client("cloudformation")
    cloudformation.create_stack(StackName="fails", TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    with pytest.raises(WaiterError):
        cloudformation.get_waiter("stack_create_complete").wait(StackName="fails", WaiterConfig={"Delay": 1})
    created = [
        event["LogicalResourceId"]
        for event in cloudformation.describe_stack_events(StackName="fails")["StackEvents"]
        if event["ResourceStatus"] == "CREATE_COMPLETE"
    ]
    assert set(created) == set(data)
    assert cloudformation.describe_stacks(StackName="fails")["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"
    assert stored(account) == before


def stored(account: Account) -> list[list[str]]:
    """Returns the account's tables, buckets and user pools."""
    pools = account.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]
    return [
        account.client("dynamodb").list_tables()["TableNames"],
        [bucket["Name"] for bucket in account.client("s3").list_buckets()["Buckets"]],
        [pool["Id"] for pool in pools],
    ]
