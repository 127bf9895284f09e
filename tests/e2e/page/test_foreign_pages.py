"""Other websites in the browser of a user whose stack is running: their requests have no effect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlencode

import boto3
import httpx
import pytest
from botocore.config import Config
from playwright.sync_api import Browser, Page, Response, expect

from local.client import LocalhostTransport
from local.emulator import REGION
from testkit.whole_stack import WholeStack
from tests.browser import EVIL

BLANK = b"<!doctype html><title>Another site</title><body></body>"
# The key that the emulator itself would take for the administrator's; its signature may be anything.
WELL_KNOWN_KEY = {
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "test/20260101/us-east-1/iam/aws4_request",
    "X-Amz-Signature": "0" * 64,
}
TRUST = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}'
NEW_ROLE = {"Action": "CreateRole", "Version": "2010-05-08", "RoleName": "evil", "AssumeRolePolicyDocument": TRUST}
NEW_FUNCTION = (
    '{"FunctionName":"evil","Runtime":"provided.al2023","Handler":"x","Role":"arn:aws:iam::000000000000:role/x","x":"'
)

SUBMIT = """([action, enctype, fields]) => new Promise(done => {
    const target = `answer ${document.forms.length}`;
    const frame = document.body.appendChild(Object.assign(document.createElement("iframe"), {name: target}));
    const form = Object.assign(document.createElement("form"), {action, enctype, target, method: "post"});
    for (const [name, value] of Object.entries(fields))
        form.appendChild(Object.assign(document.createElement("input"), {name, value}));
    document.body.appendChild(form);
    frame.onload = () => done();
    form.submit();
})"""
FETCH = """([url, options]) => fetch(url, options)
    .then(async answer => `${answer.type} ${answer.status} ${await answer.text()}`, () => "failed")"""
LOAD = """([tag, url]) => new Promise(done => {
    const element = document.createElement(tag);
    element.onload = () => done("loaded");
    element.onerror = () => done("failed");
    element.src = url;
    document.body.appendChild(element);
})"""
CONNECT = """url => new Promise(done => {
    const socket = new WebSocket(url);
    socket.onopen = () => done("open");
    socket.onclose = () => done("closed");
})"""


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(BLANK)))
        self.end_headers()
        self.wfile.write(BLANK)

    def log_message(self, *_: object) -> None:
        """Logs nothing."""


@pytest.fixture
def site_port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture
def answers() -> list[Response]:
    """Returns what the stack answered to the other site's requests."""
    return []


@pytest.fixture(params=[EVIL, "127.0.0.1"], ids=["another host", "another port"])
def site(
    request: pytest.FixtureRequest, browser: Browser, stack: WholeStack, site_port: int, answers: list[Response]
) -> Iterator[Page]:
    """A page of another site, or of another origin on the same host."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://{request.param}:{site_port}/")
    port = f":{stack.local.settings.port}/"
    page.on("response", lambda answer: answers.append(answer) if port in answer.url else None)
    yield page
    context.close()


def assert_refused(answers: list[Response]) -> None:
    assert answers
    assert {answer.status for answer in answers} == {403}


@pytest.fixture
def untouched(stack: WholeStack) -> Iterator[None]:
    """Checks after the test that the account holds what it held before."""
    account = stack.local.account
    held: list[Callable[[], object]] = [
        lambda: [role["RoleName"] for role in account.client("iam").list_roles(MaxItems=1000)["Roles"]],
        lambda: [each["FunctionName"] for each in account.client("lambda").list_functions()["Functions"]],
        account.outputs,
    ]
    before = [look() for look in held]
    assert all(before)
    yield
    assert [look() for look in held] == before


@pytest.mark.usefixtures("untouched")
def test_forms_create_nothing_and_reset_nothing(site: Page, stack: WholeStack, answers: list[Response]) -> None:
    aws, key = stack.local.settings.endpoint_url, urlencode(WELL_KNOWN_KEY)
    form, text = "application/x-www-form-urlencoded", "text/plain"
    site.evaluate(SUBMIT, [f"{aws}/?{key}", form, NEW_ROLE])
    site.evaluate(SUBMIT, [f"{aws}/?{key}&{urlencode(NEW_ROLE)}", form, {}])
    site.evaluate(SUBMIT, [f"{aws}/?AWSAccessKeyId=test&Signature=x&Expires=9999999999", form, NEW_ROLE])
    # The name and the value of the field together are a JSON body, with an equals sign in one of its strings.
    site.evaluate(SUBMIT, [f"{aws}/2015-03-31/functions?{key}", text, {NEW_FUNCTION: '"}'}])
    for base in (aws, stack.local.description["page_url"].rstrip("/")):
        site.evaluate(SUBMIT, [f"{base}/_ministack/reset", form, {}])
    assert len(answers) == 6
    assert_refused(answers)


@pytest.mark.usefixtures("untouched")
def test_fetch_gets_nothing(site: Page, stack: WholeStack, answers: list[Response]) -> None:
    aws, api = stack.local.settings.endpoint_url, stack.local.description["api_url"]
    target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
    key = urlencode(WELL_KNOWN_KEY)
    blind = {"mode": "no-cors", "method": "POST", "body": urlencode(NEW_ROLE)}
    assert site.evaluate(FETCH, [f"{aws}/?{key}", blind]) == "opaque 0 "
    assert site.evaluate(FETCH, [f"{aws}/_ministack/reset", blind]) == "opaque 0 "
    assert_refused(answers)
    for url, options in (
        (f"{aws}/_ministack/health", {}),
        (f"{aws}/?{key}&Action=ListRoles&Version=2010-05-08", {}),
        (f"{aws}/", {"method": "POST", "headers": target, "body": "{}"}),  # asks first whether it may
        (f"{aws}/bucket", {"method": "DELETE"}),
        (f"{api}/openapi.json", {}),
        (f"{api}/models", {"headers": {"Authorization": "Bearer a.b.c"}}),
    ):
        assert site.evaluate(FETCH, [url, options]) == "failed", url
    assert_refused(answers)


def test_the_page_cannot_be_embedded_in_another_page(site: Page, stack: WholeStack, answers: list[Response]) -> None:
    url = stack.local.description["page_url"]
    with httpx.Client(transport=LocalhostTransport()) as program:
        document = program.get(url).text
        (script,) = re.findall(r'src="/(page/\w+/scripts.js)"', document)
        icon = script.replace("scripts.js", "icon.svg")
        assert program.get(url + icon).is_success
    assert site.evaluate(LOAD, ["img", url + icon]) == "failed"
    assert site.evaluate(LOAD, ["script", url + script]) == "failed"
    site.evaluate(LOAD, ["iframe", url])  # an iframe "loads" whatever it is given
    assert_refused(answers)


def test_a_download_may_be_linked_to_and_not_be_part_of_a_page(
    site: Page, stack: WholeStack, download: str, answers: list[Response]
) -> None:
    site.evaluate(LOAD, ["iframe", download])
    assert_refused(answers)
    with site.expect_download() as started:
        follow(site, download)
    assert started.value.path().read_bytes() == b"summaries"


@pytest.fixture
def download(stack: WholeStack) -> str:
    """Returns a download link as the API gives it."""
    key = stack.local.account.access_key
    config = Config(signature_version="s3v4", proxies={})
    s3 = boto3.Session(key.id, key.secret, region_name=REGION).client(
        "s3", endpoint_url=stack.local.settings.endpoint_url, config=config
    )
    place = {"Bucket": stack.local.description["bucket"], "Key": "exports/nobody/none/1.zip"}
    s3.put_object(**place, Body=b"summaries")
    as_file = {**place, "ResponseContentDisposition": 'attachment; filename="1.zip"'}
    return str(s3.generate_presigned_url("get_object", as_file, ExpiresIn=600))


def test_websockets_stay_closed(site: Page, stack: WholeStack) -> None:
    for url in (stack.local.settings.endpoint_url, stack.local.description["page_url"]):
        assert site.evaluate(CONNECT, url.replace("http://", "ws://")) == "closed"


@pytest.mark.usefixtures("untouched")
def test_a_name_that_leads_to_this_machine_opens_nothing(browser: Browser, stack: WholeStack) -> None:
    """The browser takes the emulator for the other site's own server; even its refusal is a page of that site."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://{EVIL}:{stack.local.settings.port}/")
    target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
    for path, options in (
        ("/?" + urlencode(WELL_KNOWN_KEY | {"Action": "ListRoles", "Version": "2010-05-08"}), {}),
        ("/_ministack/reset", {"method": "POST"}),
        ("/api/models", {}),
        ("/#", {"method": "POST", "headers": target, "body": "{}"}),
    ):
        told = page.evaluate(FETCH, [path, options])
        assert told.startswith("basic 403 ")
        assert "only be reached as 127.0.0.1 or localhost" in told
    context.close()


def test_a_link_on_another_site_opens_the_page(site: Page, stack: WholeStack) -> None:
    """Follows a link as in an email."""
    follow(site, stack.local.description["page_url"])
    expect(site.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def follow(site: Page, href: str) -> None:
    """Clicks on a link on the other site."""
    add = "href => document.body.appendChild(Object.assign(document.createElement('a'), {href, text: 'Go'}))"
    site.evaluate(add, href)
    site.get_by_role("link", name="Go").click()
