"""The page as a browser gets it: complete, compressed, from its cache, and under a strict policy."""

from __future__ import annotations

import base64
import gzip
import re
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from skimlist.config import settings
from testkit.functions import Context, example_event, load_function
from testkit.template import ROOT

WEB = ROOT / "web"
FILES = ("icon.svg", "docs/start.js")
DOCS, OPENAPI = "GET /api/docs", "GET /api/openapi.json"
Get = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def get() -> Iterator[Get]:
    """Requests a file of the current or the given version; without a file, the document. The files are read once."""
    function = load_function("serve_page")
    caches = (settings, function._page_server)

    def get(file: str = "", version: str = "", route: str = "GET /", **headers: str) -> dict[str, Any]:
        event = {**example_event("serve_page"), "routeKey": route}
        event["headers"] = {name.replace("_", "-"): value for name, value in headers.items()}
        if file:
            event["pathParameters"] = {"version": version or function._page_server().files.version, "file": file}
        answer: dict[str, Any] = function.handler(event, Context())
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAGE_FOLDER", str(WEB))
        patch.setenv("USER_POOL_CLIENT_ID", "the-client")
        patch.setenv("COGNITO_ENDPOINT", "https://cognito.example")
        patch.setenv("UPLOAD_ORIGIN", "https://bucket.example")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for cached in caches:
            cached.cache_clear()
        yield get
    for cached in caches:
        cached.cache_clear()


def content(answer: dict[str, Any]) -> bytes:
    assert answer["isBase64Encoded"]
    return base64.b64decode(answer["body"])


def test_the_document_names_its_files_by_their_version(get: Get) -> None:
    document = content(get()).decode()
    named = re.findall(r'"/page/(\w+)/([\w./-]+)"', document)
    assert {file for _, file in named} == {"scripts.js", "styles.css", "icon.svg"}  # four requests with the document
    for version, file in named:
        answer = get(file, version)
        assert answer["statusCode"] == 200, file
        assert answer["headers"]["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_served_as_it_is(file: str, get: Get) -> None:
    answer = get(file)
    expected = "text/javascript; charset=utf-8" if file.endswith(".js") else "image/svg+xml"
    assert answer["headers"]["Content-Type"] == expected
    assert content(answer) == (WEB / file).read_bytes()


def test_the_styles_are_one_file(get: Get) -> None:
    answer = get("styles.css")
    assert answer["headers"]["Content-Type"] == "text/css; charset=utf-8"
    served = content(answer).decode()
    for file in (WEB / "styles").glob("*.css"):
        rules = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert re.sub(r"\s+", "", rules) in re.sub(r"\s+", "", served)
    assert "/*" not in served


def test_the_first_view_needs_one_script_and_others_bring_theirs(get: Get) -> None:
    first = get("scripts.js", accept_encoding="gzip")
    assert first["headers"]["Content-Type"] == "text/javascript; charset=utf-8"
    script = gzip.decompress(content(first)).decode()
    assert not re.search(r"^import\b", script, re.MULTILINE)
    lazy = re.findall(r'\bimport\("\./([^"]+)"\)', script)
    assert "scripts/views/batch.js" in lazy
    parts = {file: content(get(file)).decode() for file in lazy}
    assert 'from "../../scripts.js";' in parts["scripts/views/batch.js"]
    modules = re.findall(r"^const module\d+ = ", "\n".join([script, *parts.values()]), re.MULTILINE)
    begun_by_hand = {"scripts/app.js", *lazy}
    assert len(modules) == len(set(modules)) == len(list((WEB / "scripts").rglob("*.js"))) - len(begun_by_hand)


@pytest.mark.parametrize("texts", [[], ["scripts/texts/de-first.js"]], ids=["English", "German"])
def test_the_first_view_is_small(texts: list[str], get: Get) -> None:
    files = [get(accept_encoding="gzip")]
    files += [get(file, accept_encoding="gzip") for file in ("scripts.js", "styles.css", "icon.svg", *texts)]
    assert sum(len(content(file)) for file in files) <= 60_000


def test_a_lazy_script_of_another_version_is_not_mixed_with_the_one_that_asks_for_it(get: Get) -> None:
    assert get("scripts/views/batch.js")["statusCode"] == 200
    assert get("scripts/views/batch.js", version="0123456789abcdef")["statusCode"] == 404


def test_a_browser_that_can_gets_it_compressed(get: Get) -> None:
    plain, compressed = get("scripts.js"), get("scripts.js", accept_encoding="gzip, deflate, br")
    assert compressed["headers"]["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain["headers"]
    assert gzip.decompress(content(compressed)) == content(plain)
    assert {plain["headers"]["Vary"], compressed["headers"]["Vary"]} == {"Accept-Encoding"}
    assert plain["headers"]["ETag"] != compressed["headers"]["ETag"]


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_file_that_a_browser_has_is_not_sent_again(encoding: str, get: Get) -> None:
    etag = get(accept_encoding=encoding)["headers"]["ETag"]
    assert not etag.startswith("W/")
    again = get(accept_encoding=encoding, if_none_match=etag)
    assert (again["statusCode"], again["body"], again["headers"]["ETag"]) == (304, "", etag)
    assert get(accept_encoding=encoding, if_none_match='"another"')["statusCode"] == 200


def test_the_document_and_files_of_another_version_are_asked_for_again(get: Get) -> None:
    assert get()["headers"]["Cache-Control"] == "no-cache"
    other = get("scripts.js", version="0123456789abcdef")
    assert (other["statusCode"], other["headers"]["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "file", ["nothing.js", "Makefile", "../handler.py", "..%2fhandler.py", "styles/base.css", "scripts/app.js"]
)
def test_nothing_else_is_served(file: str, get: Get) -> None:
    assert get(file)["statusCode"] == 404


def test_the_page_contains_where_to_sign_in(get: Get) -> None:
    document = content(get()).decode()
    assert '<meta name="client-id" content="the-client" />' in document
    assert '<meta name="cognito-endpoint" content="https://cognito.example" />' in document
    assert "{" not in document


@pytest.mark.parametrize("file", ["", "scripts.js", "nothing.js"])
def test_every_answer_carries_the_strict_policy(file: str, get: Get) -> None:
    headers = get(file)["headers"]
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == "'self'"
    assert policy["connect-src"] == "'self' https://cognito.example https://bucket.example"
    assert policy["frame-src"] == "https://www.youtube-nocookie.com"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"].startswith("max-age=")


def test_requests_for_missing_names_take_no_memory(get: Get) -> None:
    get("scripts.js", accept_encoding="gzip")
    tracemalloc.start()
    try:
        for number in range(2_000):
            assert get(f"{number:0>1000}.js")["statusCode"] == 404
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 100_000


# --- The description of the API ---


def test_the_openapi_document_is_served_compressed_and_from_the_cache(get: Get) -> None:
    answer = get(route=OPENAPI, accept_encoding="gzip")
    assert gzip.decompress(content(answer)) == (WEB / "openapi.json").read_bytes()
    assert answer["headers"]["Content-Type"] == "application/json"
    again = get(route=OPENAPI, accept_encoding="gzip", if_none_match=answer["headers"]["ETag"])
    assert (again["statusCode"], again["body"]) == (304, "")


@pytest.mark.parametrize("file", ["docs/swagger-ui.js", "docs/swagger-ui.css", "openapi.json", "scripts.js"])
def test_the_largest_files_fit_into_what_lambda_returns(get: Get, file: str) -> None:
    answer = get(file)  # not compressed: the longest form
    assert answer["statusCode"] == 200
    assert len(answer["body"]) < 6_000_000


def test_the_docs_name_their_files_by_their_version(get: Get) -> None:
    named = re.findall(r'"/page/(\w+)/([\w./-]+)"', content(get(route=DOCS)).decode())
    assert {"docs/swagger-ui.js", "docs/swagger-ui.css", "docs/start.js"} <= {file for _, file in named}
    for version, file in named:
        answer = get(file, version, accept_encoding="gzip")
        assert (answer["statusCode"], answer["headers"]["Cache-Control"]) == (
            200,
            "public, max-age=31536000, immutable",
        ), file
    assert b"swagger" not in content(get("styles.css"))


def test_the_docs_run_no_script_but_ours_and_ask_no_other_server(get: Get) -> None:
    headers = get(route=DOCS)["headers"]
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
