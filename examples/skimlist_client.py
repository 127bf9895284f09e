"""Summarizes the videos of a text file and saves the ZIP. It needs only Python 3.11 and its standard library.

python examples/skimlist_client.py links.txt                     # the stack of `make run`
python examples/skimlist_client.py links.txt --app APP_URL --client USER_POOL_CLIENT_ID --username you@example.com
python examples/skimlist_client.py --batch BATCH_ID              # continues to follow an existing batch
python examples/skimlist_client.py --fetch-captions              # fetches captions for batches

YouTube often gives captions to a home but not to a data centre. `--fetch-captions` fetches those that batches wait for
from this machine. It needs one package, youtube-transcript-api; with `--watch` it continues until Ctrl-C. `--ended`
includes videos that failed in batches that have ended, and reopens these. `--transcribe COMMAND` runs a speech-to-text
program for videos without captions, with two additional arguments: the video's address, and the file to write WebVTT
into. `--transcribe-language CODE` says which language is spoken. docs/deploy.md has examples.

AppUrl and UserPoolClientId are outputs of the stack; the password comes from SKIMLIST_PASSWORD, or you are asked.
"""

from __future__ import annotations

import argparse
import getpass
import http.client
import json
import os
import random
import re
import shlex
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree.ElementTree import ParseError

POLL_SECONDS = 2
ENDED = {"completed", "failed", "cancelled"}
# May pass; all that is sent here may be sent twice.
PASSING = {429, 500, 502, 503, 504}
TRIES = 6
MAX_WAIT_SECONDS = 60
# Without an answer; a file takes longer.
TIMEOUT_SECONDS, FILE_TIMEOUT_SECONDS = 60, 300
# Seconds between two videos, so that YouTube takes this for a person; and between two checks for new ones.
SECONDS_BETWEEN_VIDEOS = (3, 8)
WATCH_SECONDS = 60
# A refusal that concerns every video may last until tomorrow, and each check costs one fetch from YouTube.
SECONDS_AFTER_REFUSAL = 15 * 60
# A video that failed may have captions later; a follow tries its new videos again every six hours.
SECONDS_AFTER_FAILURE = 5 * 3600
# Too large or unreadable; any other refusal concerns every video.
ABOUT_THE_CAPTIONS = {413, 422}
# The API takes 1 MB in a request, and larger caption files by a link.
MAX_REQUEST_BYTES = 900_000
LANGUAGE_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# In the page on which a video plays: the time of publication, and the chapters that its creator wrote.
PUBLISHED_IN_PAGE = re.compile(r'"(?:publishDate|uploadDate)":"([^"]{10,40})"')
CHAPTERS_IN_PAGE = re.compile(r'"key":\s*"DESCRIPTION_CHAPTERS",\s*"value":\s*')
# Limits of the API.
MOST_CHAPTERS, LONGEST_NAME, LONGEST_DESCRIPTION = 200, 200, 5_000
# More than a video can have; JSON may contain NaN and Infinity, which the API refuses.
MOST_SECONDS = 10_000_000
VIDEO_OR_PLAYLIST = re.compile(r"youtu\.be/|youtube(-nocookie)?\.com/(?!channel/|@|user/|c/)", re.IGNORECASE)
# The first of these fields is the address of the described object; others lead to its channel or its pictures.
ADDRESS_KEYS = ("webpage_url", "titleUrl", "original_url", "url", "link", "href", "uri")


class Refused(Exception):
    """The API has refused a request, with this message and HTTP status; trying again would not help."""

    def __init__(self, said: str, status: int = 0) -> None:
        super().__init__(said)
        self.status = status


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirects, because urllib would send the token to any host."""

    def redirect_request(self, *_: Any) -> None:
        return None


_open = urllib.request.build_opener(_NoRedirect).open


def send(method: str, url: str, body: Any = None, **headers: str) -> bytes:
    """Returns the answer's body; `body` is a file's bytes, or becomes JSON. Tries again what may pass.

    Raises urllib's HTTPError if the request is refused, and another OSError if no answer arrives.
    """
    parts = urllib.parse.urlsplit(url)
    if parts.hostname and parts.hostname.endswith(".localhost"):  # not every resolver knows such names
        headers["Host"] = parts.netloc
        url = parts._replace(netloc=f"127.0.0.1:{parts.port}").geturl()
    is_file = isinstance(body, bytes)
    data = body if is_file or body is None else json.dumps(body, ensure_ascii=False).encode(errors="replace")
    kind = "application/octet-stream" if is_file else "application/json"
    request = urllib.request.Request(url, data, {"Content-Type": kind, **headers}, method=method)
    for tried in range(1, TRIES + 1):
        try:
            with _open(request, timeout=FILE_TIMEOUT_SECONDS if is_file else TIMEOUT_SECONDS) as answer:
                content: bytes = answer.read()
            return content
        except urllib.error.HTTPError as error:
            wait = seconds_until(error.headers.get("Retry-After"), otherwise=2**tried)
            if error.code not in PASSING or tried == TRIES or wait > MAX_WAIT_SECONDS:
                raise
        # urllib wraps only what fails before the request is sent.
        except (OSError, http.client.HTTPException) as error:
            wait = 2**tried
            if tried == TRIES:
                raise ConnectionError(f"{parts.netloc} does not answer: {error}") from error
        time.sleep(wait)
    raise AssertionError


def seconds_until(retry_after: str | None, *, otherwise: float) -> float:
    """Reads the header `Retry-After`, which is a number of seconds or a date."""
    if not retry_after or retry_after.isdecimal():
        return float(retry_after or otherwise)
    try:
        return max((parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds(), 0.0)
    except (TypeError, ValueError):  # no date, or one without a time zone
        return otherwise


class Skimlist:
    """A signed-in client of the API; an ID token is valid for an hour, so it is renewed when it is refused."""

    def __init__(self, api_url: str, cognito_url: str, client_id: str, username: str, password: str) -> None:
        self._api_url = api_url
        self._cognito_url = cognito_url
        self._sign_in = {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": client_id,
            "AuthParameters": {"USERNAME": username, "PASSWORD": password},
        }
        self._token = self._new_token()

    def _new_token(self) -> str:
        amz = {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
        }
        try:
            answer = json.loads(send("POST", self._cognito_url, self._sign_in, **amz))
        except urllib.error.HTTPError as error:
            raise Refused(words(error)) from None
        if "ChallengeName" in answer:
            raise Refused("This password is temporary: sign in on the page once, and choose another one.")
        token: str = answer["AuthenticationResult"]["IdToken"]
        return token

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Sends a request. Raises Refused with the API's message."""
        for renewed in (False, True):
            try:
                authorized = {**headers, "Authorization": f"Bearer {self._token}"}
                return json.loads(send(method, self._api_url + path, body, **authorized))
            except urllib.error.HTTPError as error:
                if error.code == 401 and not renewed:
                    self._token = self._new_token()
                    continue
                raise Refused(words(error), error.code) from None
        raise AssertionError

    def create(self, **options: Any) -> str:
        """Creates a batch and returns its id. The idempotency key makes it safe to send the request twice."""
        batch = self.ask("POST", "/batch/create", options, **{"Idempotency-Key": str(uuid.uuid4())})
        for line in batch["validation"]["lines"]:
            say(f"ignored: {line['input']} ({line['reason']})")
        if passed_over := batch["validation"]["passed_over"]:
            say(f"lines without a link: {passed_over}")
        for remark in batch["remarks"]:
            say(remark)
        return str(batch["id"])

    def follow(self, batch_id: str) -> Any:
        """Follows the batch, and prints every change, until it has ended or waits for its owner; returns it."""
        said = ""
        while True:
            batch = self.ask("GET", f"/batch/{batch_id}?items=false")
            if (line := describe(batch)) != said:
                say(said := line)
            pause = batch["pause"]
            if batch["status"] in ENDED or (pause and pause["until"] is None):
                return batch
            time.sleep(POLL_SECONDS)

    def failures(self, batch_id: str) -> list[str]:
        """Yields the link of each failed video, the reason, and what to do."""
        found, cursor = [], ""
        while cursor is not None:
            page = self.ask("GET", f"/batch/{batch_id}?limit=100{cursor and f'&cursor={cursor}'}")
            failed = [item for item in page["items"] if item["error"]]
            found += [f"{item['url']}: {item['error']['message']} {item['error']['advice']}" for item in failed]
            cursor = page["next_cursor"]
        return found

    def download(self, batch_id: str, target: Path) -> None:
        link = self.ask("GET", f"/batch/{batch_id}/export?format=zip")["url"]
        # The link has its own signature; an additional token would be refused.
        target.write_bytes(send("GET", link))


# The captions of a video, by its id.
Transcribe = Callable[[str], dict[str, Any]]


class Blocked(Exception):
    """YouTube blocks this machine too."""


class NoCaptions(LookupError):
    """The video has no captions on YouTube, or none that can be fetched now, which may pass.

    `details` are what YouTube tells of the video.
    """

    def __init__(self, said: str, details: dict[str, Any], *, may_pass: bool) -> None:
        super().__init__(said)
        self.details = details
        self.may_pass = may_pass


def fetch_captions(
    skimlist: Skimlist, failed: set[str], transcribe: Transcribe | None = None, *, ended: bool = False
) -> int:
    """Uploads captions that batches wait for, and lets these continue; returns the number of videos with new captions.

    Videos in `failed` are skipped; those without captions, or with captions that Skimlist cannot read, are added to it.
    A batch is told that a video has none, so that it uses the description or fails the video, and does not wait.
    `transcribe` makes captions for videos that have none on YouTube, once all others have theirs. `ended` includes
    batches that have ended. Raises Blocked; and Refused or OSError for errors that would concern the next video too: a
    daily limit, a stopped user, no network.
    """
    listed = skimlist.ask("GET", f"/transcripts/wanted{'?ended=true' if ended else ''}")["videos"]
    wanted = [video for video in listed if video["video_id"] not in failed]
    silent: dict[str, dict[str, Any]] = {}

    def fetch(video: Any) -> dict[str, Any] | None:
        try:
            return captions_of(video["video_id"], video["language"])
        except NoCaptions as reason:
            if transcribe:
                silent[video["video_id"]] = reason.details
                return None
            if reason.may_pass or video["status"] == "failed":
                raise
            # Its batch would wait for YouTube for ever.
            say(f"https://youtu.be/{video['video_id']}: {reason}")
            failed.add(video["video_id"])
            return {"has_no_captions": True, **reason.details}

    given = give_all(skimlist, wanted, failed, fetch, ended=ended)
    if transcribe and silent:
        make, left = transcribe, [video for video in wanted if video["video_id"] in silent]
        announce_transcription(left, silent)

        def transcribe_one(video: Any) -> dict[str, Any]:
            return {**make(video["video_id"]), **silent[video["video_id"]]}

        given |= give_all(skimlist, left, failed, transcribe_one, ended=ended)
    return len(given - failed)


def give_all(
    skimlist: Skimlist,
    videos: Sequence[Any],
    failed: set[str],
    fetch: Callable[[Any], dict[str, Any] | None],
    *,
    ended: bool,
) -> set[str]:
    """Uploads what `fetch` returns for each video, batch by batch; returns the ids of videos with new captions."""
    given: set[str] = set()
    left: set[str] = set()
    for batch_id in dict.fromkeys(video["batch_id"] for video in videos):
        done: list[Any] = []
        try:
            for video in videos:
                video_id = video["video_id"]
                if video["batch_id"] != batch_id or video_id in left:
                    continue
                if video.get("has_captions") or video_id in given:  # also if a round was interrupted before the retry
                    done.append(video)
                    continue
                outcome = give_captions(skimlist, video, fetch)
                if outcome:
                    given.add(video_id)
                    done.append(video)
                elif outcome is None:
                    left.add(video_id)
                else:
                    failed.add(video_id)
        finally:  # uploaded captions are useful even if YouTube then blocked this machine, or Ctrl-C was pressed
            go_on(skimlist, batch_id, done, ended=ended)
    return given


def give_captions(skimlist: Skimlist, video: Any, fetch: Callable[[Any], dict[str, Any] | None]) -> bool | None:
    """Uploads the captions of a video; returns whether Skimlist can read them, or None if `fetch` returns none yet."""
    video_id = video["video_id"]
    # Not after the upload: a batch waits for the end of a round, and the round may be cut off before it.
    time.sleep(random.uniform(*SECONDS_BETWEEN_VIDEOS))
    try:
        captions = fetch(video)
        if captions is None:
            return None
        if video["title"]:
            captions["title"] = video["title"]
        upload(skimlist, video_id, captions)
    except (LookupError, Refused) as error:
        if isinstance(error, Refused) and error.status not in ABOUT_THE_CAPTIONS:
            raise
        say(f"https://youtu.be/{video_id}: {str(error).strip() or type(error).__name__}")
        return False
    if "has_no_captions" not in captions:
        say(f"https://youtu.be/{video_id}: captions uploaded")
    return True


def upload(skimlist: Skimlist, video_id: str, captions: dict[str, Any]) -> None:
    """Sends captions in the request or, if they are too large for it, to a link of their own."""
    path = f"/videos/{video_id}/transcript"
    if len(json.dumps(captions, ensure_ascii=False).encode(errors="replace")) > MAX_REQUEST_BYTES:
        content = captions.pop("captions").encode(errors="replace")
        link = skimlist.ask("POST", f"{path}/upload", {"size_bytes": len(content)})["url"]
        send("PUT", link, content)
    skimlist.ask("PUT", path, captions)


def announce_transcription(videos: Sequence[Any], details: dict[str, dict[str, Any]]) -> None:
    """Says how much audio there is to transcribe before a program starts with it."""
    lengths = {
        video_id: video.get("duration_seconds") or details[video_id].get("duration_seconds")
        for video_id, video in {each["video_id"]: each for each in videos}.items()
    }
    unknown = sum(length is None for length in lengths.values())
    more = f", and {unknown} of unknown length" if unknown else ""
    audio = sum(filter(None, lengths.values()))
    say(f"videos without captions: {len(lengths)}, with {audio:.0f} seconds of audio{more}")


def captions_of(video_id: str, language: str | None, session: Any = None) -> dict[str, Any]:
    """Fetches captions in `language`, or in the video's own, and what YouTube tells of the video.

    Raises NoCaptions and Blocked.
    """
    # The only packages that are not part of Python; the second one installs the first.
    import requests  # noqa: PLC0415
    from youtube_transcript_api import (  # noqa: PLC0415
        CouldNotRetrieveTranscript,
        RequestBlocked,
        TranscriptsDisabled,
        VideoUnavailable,
        YouTubeTranscriptApi,
    )

    session = session or requests.Session()
    answers: dict[str, Any] = {}
    session.hooks["response"].append(
        lambda answer, *_, **__: answers.update({urllib.parse.urlsplit(answer.url).path: answer})
    )
    try:
        tracks = list(YouTubeTranscriptApi(http_client=session).list(video_id))
        track = choose(tracks, language)
        captions = json.dumps(track.fetch().to_raw_data(), ensure_ascii=False)
        return {"captions": captions, "language": code_of(track.language_code), **details_from(answers)}
    except RequestBlocked:
        raise Blocked("YouTube blocks this machine too. Try again in some hours, or from another network.") from None
    except CouldNotRetrieveTranscript as error:
        may_pass = not isinstance(error, TranscriptsDisabled | VideoUnavailable)
        raise NoCaptions(error.cause, details_from(answers), may_pass=may_pass) from None
    except ParseError:
        said = "YouTube sent captions that cannot be read."
        raise NoCaptions(said, details_from(answers), may_pass=True) from None


def details_from(answers: dict[str, Any]) -> dict[str, Any]:
    """Returns what YouTube's answers, by their paths, tell of a video: the fields of the API that are known."""
    told: Any = {}
    page = answers["/watch"].text if "/watch" in answers else ""
    with suppress(LookupError, TypeError, ValueError):
        told = dict(answers["/youtubei/v1/player"].json()["videoDetails"])
    length, published = str(told.get("lengthSeconds")), PUBLISHED_IN_PAGE.search(page)
    details = {
        "title": line_of(told.get("title")),
        "channel": line_of(told.get("author")),
        "duration_seconds": int(length) if length.isdecimal() and len(length) < 8 else None,
        "description": str(told.get("shortDescription") or "")[:LONGEST_DESCRIPTION],
        "published_at": moment_of(published[1]) if published else None,
        "chapters": list(chapters_in(page))[:MOST_CHAPTERS],
    }
    return {name: value for name, value in details.items() if value}


def line_of(text: Any) -> str:
    """Returns a name on one line; empty if it is not a text."""
    return printable(text)[:LONGEST_NAME].strip() if isinstance(text, str) else ""


def moment_of(text: str) -> str | None:
    """Returns a time with its offset; a date alone means midnight in UTC."""
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()
    return None


def chapters_in(page: str) -> Iterator[dict[str, Any]]:
    found = CHAPTERS_IN_PAGE.search(page)
    if not found:
        return
    with suppress(LookupError, TypeError, ValueError, RecursionError):
        for chapter in json.JSONDecoder().raw_decode(page, found.end())[0]["chapters"]:
            told = chapter["chapterRenderer"]
            title = told["title"].get("simpleText") or "".join(run["text"] for run in told["title"]["runs"])
            start = told["timeRangeStartMillis"] / 1000
            if 0 <= start < MOST_SECONDS:
                yield {"title": line_of(title), "start": start}


def transcribed(video_id: str, *, command: str, language: str) -> dict[str, Any]:
    """Runs a speech-to-text program with a video's address and a file for WebVTT or SRT; returns what it wrote."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / f"{video_id}.vtt"
        address = f"https://www.youtube.com/watch?v={video_id}"
        say(f"{address} has no captions; transcribing it")
        done = subprocess.run([*shlex.split(command), address, str(target)], check=False)
        if done.returncode or not target.is_file():
            raise LookupError(
                f"{shlex.split(command)[0]} failed with exit code {done.returncode} or wrote no captions."
            )
        return {"captions": decoded(target.read_bytes()), "language": language, "is_transcribed": True}


def choose(tracks: Sequence[Any], language: str | None) -> Any:
    """Prefers manual captions to automatic ones; the latter show which language is spoken."""
    spoken = next((track for track in tracks if track.is_generated), tracks[0]).language_code
    in_order = [main_language(code) for code in (language or spoken, spoken)]

    def rank(track: Any) -> tuple[int, bool]:
        code = main_language(track.language_code)
        return in_order.index(code) if code in in_order else len(in_order), track.is_generated

    return min(tracks, key=rank)


def main_language(code: str) -> str:
    return code_of(code).partition("-")[0]


def code_of(language: str) -> str:
    """Returns the BCP 47 part of a code of YouTube, which is its first part."""
    return language if LANGUAGE_CODE.fullmatch(language) else re.split("[-_]", language)[0]


def go_on(skimlist: Skimlist, batch_id: str, given: Sequence[Any], *, ended: bool = False) -> None:
    """Lets a batch continue with videos that have captions now.

    The list of videos may be hours old: a batch that its owner has paused since stays as it is and, unless `ended`, one
    that has ended.
    """
    failed = [video["item_id"] for video in given if video["status"] == "failed"]
    try:
        if failed:
            skimlist.ask("POST", f"/batch/{batch_id}/retry", {"item_ids": failed, "only_if_open": not ended})
        if len(failed) < len(given):
            skimlist.ask("POST", f"/batch/{batch_id}/resume", {"only_if_waiting_for_youtube": True})
    except Refused as refusal:
        say(f"batch {batch_id} does not continue: {refusal}")


class _Links(HTMLParser):
    """Collects the links of a web page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def link_lines(content: bytes) -> list[str]:
    """Returns the lines of a file; for a web page or JSON with links to YouTube, only these links."""
    text = decoded(content)
    links = links_of_json(text) or [link for link in _Links(text).found if VIDEO_OR_PLAYLIST.search(link)]
    return list(dict.fromkeys(links)) or text.splitlines()


def decoded(content: bytes) -> str:
    """Decodes a file: programs on Windows write UTF-16 with or without a byte order mark, and spreadsheets cp1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content[:2]:
        return content.decode("utf-16-be" if content[0] == 0 else "utf-16-le", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def links_of_json(text: str) -> list[str]:
    """Returns no links if the text is not JSON; a file can have one document, or one per line."""
    if not text.lstrip().startswith(("{", "[")):
        return []
    for documents in ([text], [line for line in text.splitlines() if line.strip()]):
        try:
            return list(links_within([json.loads(document) for document in documents]))
        except (ValueError, RecursionError):
            continue
    return []


def links_within(value: Any) -> Iterator[str]:
    """Yields an object's own link, without those to its channel and pictures, or else the links of its parts."""
    if isinstance(value, str) and VIDEO_OR_PLAYLIST.search(value):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from links_within(each)
    elif isinstance(value, dict):
        if isinstance(value.get("entries"), list):
            yield from links_within(value["entries"])
        elif link := link_of(value):
            yield link
        else:
            yield from links_within([each for each in value.values() if isinstance(each, list | dict)])


def link_of(described: dict[str, Any]) -> str | None:
    if isinstance(described.get("videoId"), str):
        return str(described["videoId"])
    if described.get("ie_key") == "Youtube":
        return f"https://youtu.be/{described.get('id')}"
    addresses = (str(described.get(key)) for key in ADDRESS_KEYS)
    return next((address for address in addresses if VIDEO_OR_PLAYLIST.search(address)), None)


def words(error: urllib.error.HTTPError) -> str:
    """Returns the API's message about a refusal, with the wrong fields."""
    try:
        told = json.loads(error.read())
    except (ValueError, OSError, http.client.HTTPException):
        return f"{error.code} {error.reason}"
    if "error" not in told:
        return str(told.get("message") or f"{error.code} {error.reason}")
    details = "".join(f"\n  {detail['field']}: {detail['message']}" for detail in told["error"]["details"])
    return f"{told['error']['message']}{details}"


def describe(batch: Any) -> str:
    """Returns one line about a batch: counts, the current video, or why it waits."""
    progress, current, pause = batch["progress"], batch["progress"]["current_video"], batch["pause"]
    line = (
        f"{batch['status']}: {progress['completed']} summarized, {progress['failed']} failed, {progress['left']} left"
    )
    if pause:
        return f"{line}; {pause['message']} {pause['advice']}"
    if current:
        return f"{line}; {current['stage']} {current['position']} of {progress['total']}: {current['title'] or '…'}"
    return line


def say(text: str) -> None:
    """Prints a line without control characters, because titles and messages come from others."""
    print(printable(text, "\n"), file=sys.stderr)


def printable(text: str, also: str = "") -> str:
    return "".join(character if character.isprintable() or character in also else " " for character in text)


def sign_in(arguments: argparse.Namespace) -> Skimlist:
    if not arguments.app:
        stack = json.loads(arguments.stack.read_text(encoding="utf-8"))
        access = (stack[name] for name in ("client_id", "username", "password"))
        return Skimlist(stack["api_url"], stack["endpoint_url"] + "/", *access)
    password = os.environ.get("SKIMLIST_PASSWORD") or getpass.getpass()
    cognito = cognito_beside(arguments.app)
    return Skimlist(f"{arguments.app}/api", cognito, arguments.client, arguments.username, password)


def cognito_beside(app: str) -> str:
    """Returns Cognito's address in the region and partition of https://ID.execute-api.REGION.SUFFIX."""
    host = urllib.parse.urlsplit(app).hostname or ""
    return f"https://cognito-idp.{host.partition('.execute-api.')[2]}/"


def arguments_from(parser: argparse.ArgumentParser) -> argparse.Namespace:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("links", type=Path, nargs="?", help="a text, CSV, JSON or HTML file with links")
    what.add_argument("--batch", help="follow this batch instead of creating one (its id)")
    what.add_argument(
        "--fetch-captions", action="store_true", help="fetch captions that batches wait for, from this machine"
    )
    parser.add_argument(
        "--transcribe", metavar="COMMAND", help="a speech-to-text program; gets an address and a file to write"
    )
    parser.add_argument("--transcribe-language", metavar="CODE", help="the spoken language, such as de")
    parser.add_argument(
        "--ended", action="store_true", help="with --fetch-captions: also for batches that have ended; reopens them"
    )
    parser.add_argument("--watch", action="store_true", help="with --fetch-captions: continue until Ctrl-C")
    parser.add_argument("--to", type=Path, default=Path("summaries.zip"), help="where to save the ZIP")
    parser.add_argument("--model", default="extractive", help="an alias from /api/models")
    parser.add_argument("--length", default="standard", choices=("brief", "standard", "detailed"))
    parser.add_argument("--language", metavar="CODE", help="of the summaries, such as de")
    parser.add_argument(
        "--caption-language", metavar="CODE", help="of the captions to read, or `own` for what is spoken in the video"
    )
    parser.add_argument(
        "--translate-captions", action="store_true", help="let YouTube translate captions if there are none in it"
    )
    parser.add_argument(
        "--fallback", choices=("description",), help="summarize videos without captions from their description"
    )
    which = parser.add_argument_group("which videos of playlists and channels are wanted")
    which.add_argument("--newest", type=int, metavar="NUMBER", help="so many of the newest that meet the rest")
    which.add_argument("--since", metavar="DAY", help="first day of upload (UTC), such as 2026-03-01")
    which.add_argument("--until", metavar="DAY", help="last day of upload (UTC)")
    which.add_argument("--min-minutes", type=int, help="the shortest video")
    which.add_argument("--max-minutes", type=int, help="the longest video")
    which.add_argument("--no-shorts", action="store_true", help="leave out Shorts")
    which.add_argument("--no-streams", action="store_true", help="leave out live streams and their recordings")
    which.add_argument("--with-word", action="append", metavar="WORDS", help="in the title; one of those given")
    which.add_argument("--without-word", action="append", metavar="WORDS", help="in the title; none of those given")
    which.add_argument(
        "--source",
        nargs=2,
        action="append",
        default=[],
        metavar=("LINK", "SELECT"),
        help='also this playlist or channel, with conditions of its own as JSON, such as {"newest": 5}',
    )
    which.add_argument("--not-in-history", action="store_true", help="leave out what you have a summary of")
    parser.add_argument("--max-cost-usd", type=float, help="the batch pauses before a video that would exceed it")
    parser.add_argument("--stack", type=Path, default=Path(".local/stack.json"), help="of a stack on this machine")
    parser.add_argument("--app", help="AppUrl of a deployed stack")
    parser.add_argument("--client", help="UserPoolClientId of a deployed stack")
    parser.add_argument("--username")
    arguments = parser.parse_args()
    if arguments.app and not (arguments.client and arguments.username):
        parser.error("--app needs --client and --username")
    if arguments.transcribe and not arguments.transcribe_language:
        parser.error("--transcribe needs --transcribe-language: summaries are in the language of the captions")
    for _, select in arguments.source:
        try:
            json.loads(select)
        except ValueError:
            parser.error(f"--source: {select} is not JSON")
    return arguments


def selection_from(arguments: argparse.Namespace) -> dict[str, Any]:
    """`select` of a new batch; empty if every video is wanted."""
    wanted = {
        "newest": arguments.newest,
        "since": arguments.since,
        "until": arguments.until,
        "min_duration_seconds": arguments.min_minutes and 60 * arguments.min_minutes,
        "max_duration_seconds": arguments.max_minutes and 60 * arguments.max_minutes,
        "title_includes": arguments.with_word,
        "title_excludes": arguments.without_word,
        "not_in_history": arguments.not_in_history or None,
        "shorts": False if arguments.no_shorts else None,
        "streams": False if arguments.no_streams else None,
    }
    return {name: value for name, value in wanted.items() if value is not None}


def fetch_all(skimlist: Skimlist, transcribe: Transcribe | None, *, watch: bool, ended: bool = False) -> int:
    if find_spec("youtube_transcript_api") is None:
        raise Refused("This needs a package: pip install youtube-transcript-api")
    failed: set[str] = set()
    begun = time.monotonic()
    while True:
        if time.monotonic() - begun > SECONDS_AFTER_FAILURE:
            failed, begun = set(), time.monotonic()
        seconds = WATCH_SECONDS
        try:
            if (given := fetch_captions(skimlist, failed, transcribe, ended=ended)) or not watch:
                say(f"videos with new captions: {given}")
        except (Refused, OSError) as reason:
            if not watch:
                raise
            say(f"Stopped for now: {reason}")
            if isinstance(reason, Refused):
                seconds = SECONDS_AFTER_REFUSAL
        if not watch:
            tell_under_way(skimlist)
            return 1 if failed else 0
        time.sleep(seconds)


def tell_under_way(skimlist: Skimlist) -> None:
    """Says which batches are being processed: they want no captions now, but may want some in a moment."""
    batches = skimlist.ask("GET", "/batch?limit=100")["batches"]
    running = [batch for batch in batches if batch["status"] in {"pending", "processing"}]
    for batch in running:
        progress = batch["progress"]
        say(f"{batch['name']!r} is being processed: {progress['completed']} of {progress['total']} videos summarized.")
    if running:
        say("A batch that YouTube blocks pauses. Run this again then, or now with --watch, which waits for it.")


def main() -> int:
    arguments = arguments_from(argparse.ArgumentParser(description="Summarizes the videos of a text file."))
    try:
        skimlist = sign_in(arguments)
        if arguments.fetch_captions:
            command, language = arguments.transcribe, arguments.transcribe_language
            transcribe = partial(transcribed, command=command, language=language) if command else None
            return fetch_all(skimlist, transcribe, watch=arguments.watch, ended=arguments.ended)
        batch_id = arguments.batch
        if not batch_id:
            lines = link_lines(arguments.links.read_bytes())
            names = ("language", "caption_language", "translate_captions", "fallback")
            options = {name: value for name in names if (value := getattr(arguments, name))}
            batch_id = skimlist.create(
                urls=[*lines, *({"url": link, "select": json.loads(select)} for link, select in arguments.source)],
                max_cost_usd=arguments.max_cost_usd,
                model=arguments.model,
                summary_length=arguments.length,
                options=options,
                select=selection_from(arguments) or None,
            )
            say(f"batch {batch_id}")
        batch = skimlist.follow(batch_id)
        for failure in skimlist.failures(batch_id):
            say(failure)
        if batch["progress"]["completed"]:
            skimlist.download(batch_id, arguments.to)
            print(arguments.to)
    except (Blocked, Refused, OSError) as reason:
        say(str(reason))
        return 1
    return 0 if batch["status"] == "completed" else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("The batch continues; use --batch to follow it again.")
