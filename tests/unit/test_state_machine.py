"""Guarantees of the workflow's definition, read from the definition and the template."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import cache
from itertools import count, takewhile
from typing import Any

import pytest

from local import retries
from skimlist.errors import BatchBlocked, error_classes
from skimlist.events import video_of_page
from skimlist.executions import execution_name
from skimlist.jobs.queue import PAGE_SIZE, PAGES_PER_EXECUTION, page_name
from skimlist.jobs.queue_editor import MAX_VIDEOS
from skimlist.jobs.records import item_id
from skimlist.models.video import Item
from skimlist.steps.load_next_videos import Action, Decision
from testkit import template
from testkit.functions import FUNCTIONS
from testkit.workflow import SWEEP, Task, state, states, tasks

# Step Functions Developer Guide, "Service quotas".
MAX_EVENTS = 25_000
MAX_STATE_BYTES = 256 * 1024
MAX_DEFINITION_BYTES = 1024 * 1024
# Step Functions Developer Guide, "Handling errors": more attempts no rule may have, and none is needed.
WITHOUT_END = 99_999_999

# Lambda runs no further function for this account now. It has nothing to do with the video or the batch, and passes.
THROTTLED = "Lambda.TooManyRequestsException"

# A title of YouTube has 100 characters at most, each of four bytes or two escapes.
MAX_TITLE_LENGTH = "\N{SMILING FACE WITH SUNGLASSES}" * 100

TASKS = tasks()
NAMES = [name for name, _ in states()]
# These states tell the owner of different things through one function.
TELLING = {"Tell owner of pause", "Tell owner of stop", "Tell owner of failure"}
# A batch pauses in the same way for its playlists and for a video.
FUNCTION_OF = dict.fromkeys(TELLING, "notify_owner") | {
    "Pause for playlists": "pause_batch",
    "Pause for digest": "pause_batch",
    # A video of a draft is looked at by the same means as one that is summarized.
    "Fetch to estimate": "fetch_transcript",
    "Record unusable video": "record_failure",
    "Stop checking": "pause_batch",
}
MAPS = ("Process videos", "Check videos")


each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)


def error_names(state: dict[str, Any]) -> set[str]:
    return {name for rule in (*state.get("Retry", ()), *state.get("Catch", ())) for name in rule["ErrorEquals"]}


# --- Names ---


@pytest.mark.parametrize("name", NAMES)
def test_every_error_that_is_named_exists(name: str) -> None:
    ours = {cls.__name__ for cls in error_classes()}
    foreign = re.compile(r"(States|Lambda|Sandbox|Runtime|StepFunctions)\.[A-Z]\w+")
    unknown = {error for error in error_names(state(name)) if error not in ours and not foreign.fullmatch(error)}
    assert not unknown


def test_substitutions_and_template_name_the_same_functions() -> None:
    used = set(re.findall(r"\$\{(\w+)\}", json.dumps(template.definition())))
    given = template.properties("ProcessBatch")["DefinitionSubstitutions"]
    assert used == set(given)
    for substitution, value in given.items():
        assert value == {"Fn::GetAtt": [substitution.removesuffix("Arn"), "Arn"]}


@each_task
def test_a_state_its_function_and_its_folder_have_one_name(task: Task) -> None:
    assert (FUNCTIONS / task.folder / "handler.py").is_file()
    assert template.properties(task.function)["CodeUri"] == f"functions/{task.folder}/"
    assert task.folder == FUNCTION_OF.get(task.name, task.name.lower().replace(" ", "_"))


def test_every_function_is_a_step_but_those_of_the_api_the_page_the_feeds_and_the_sweep() -> None:
    steps = {task.function for task in TASKS}
    others = {template.logical_id(folder) for folder in ("api", "describe_sources", "serve_feed", "serve_page", *SWEEP)}
    assert steps | others == set(template.functions())
    assert not steps & others


def test_the_workflow_may_invoke_just_its_steps() -> None:
    statements = template.properties("ProcessBatch")["Policies"][0]["Statement"]
    allowed = next(statement for statement in statements if statement["Action"] == "lambda:InvokeFunction")
    assert {resource["Fn::GetAtt"][0] for resource in allowed["Resource"]} == {task.function for task in TASKS}


@pytest.mark.parametrize("name", NAMES)
def test_every_state_says_what_it_is_for(name: str) -> None:
    assert len(state(name)["Comment"]) > 20


def test_every_state_can_be_reached_and_every_way_leads_somewhere() -> None:
    for machine in (template.definition(), *(state(name)["ItemProcessor"] for name in MAPS)):
        targets = {target for each in machine["States"].values() for target in ways_out(each)}
        assert targets | {machine["StartAt"]} == set(machine["States"])


def ways_out(state: dict[str, Any]) -> Iterator[str]:
    rules = (state, *state.get("Choices", ()), *state.get("Catch", ()))
    yield from (rule["Next"] for rule in rules if "Next" in rule)


# --- Time limits and retries ---


@pytest.mark.parametrize("name", [name for name in NAMES if state(name)["Type"] == "Task"])
def test_every_task_is_retried_with_jitter_and_a_longest_delay(name: str) -> None:
    task = state(name)
    assert task["TimeoutSeconds"] > 0
    assert task["Retry"]
    for rule in task["Retry"]:
        if rule["MaxAttempts"]:
            assert rule["JitterStrategy"] == "FULL"
            assert rule["BackoffRate"] > 1
            assert rule["IntervalSeconds"] <= rule["MaxDelaySeconds"]
            assert rule["MaxAttempts"] <= 8 or rule["ErrorEquals"] == [THROTTLED]


def throttling(task: dict[str, Any]) -> dict[str, Any]:
    (rule,) = (rule for rule in task["Retry"] if THROTTLED in rule["ErrorEquals"])
    return dict(rule)


@each_task
def test_a_step_waits_for_as_long_as_aws_runs_no_further_function(task: Task) -> None:
    """A new account runs ten functions at once. A step that gave up would fail batches although nothing is wrong."""
    rule = throttling(task.state)
    assert (rule["ErrorEquals"], rule["MaxAttempts"]) == ([THROTTLED], WITHOUT_END)
    assert rule["MaxDelaySeconds"] == 300


def test_an_execution_that_was_started_before_is_not_asked_for_again() -> None:
    first = state("Continue in a new execution")["Retry"][0]
    assert first == {"ErrorEquals": ["StepFunctions.ExecutionAlreadyExistsException"], "MaxAttempts": 0}


@each_task
def test_a_state_waits_longer_than_its_function_may_run(task: Task) -> None:
    assert task.state["TimeoutSeconds"] > template.properties(task.function)["Timeout"]


@each_task
def test_a_transient_error_is_retried(task: Task) -> None:
    retried = {name for rule in task.state["Retry"] for name in rule["ErrorEquals"]}
    assert retried >= {
        *("StorageUnavailable", "Lambda.ClientExecutionTimeoutException", "Lambda.ServiceException"),
        *("Lambda.AWSLambdaException", "Lambda.SdkClientException", THROTTLED),
        *("States.Timeout", "Sandbox.Timedout", "Runtime.ExitError", "Runtime.OutOfMemory", "Lambda.Unknown"),
    }


@each_task
def test_no_error_is_retried_under_two_rules(task: Task) -> None:
    names = [name for rule in task.state["Retry"] for name in rule["ErrorEquals"]]
    assert len(names) == len(set(names))


# --- Where errors lead ---


def pausing(step: str, pause: str) -> set[str]:
    return {name for rule in state(step)["Catch"] if rule["Next"] == pause for name in rule["ErrorEquals"]}


@pytest.mark.parametrize(
    ("step", "outside", "pause"),
    [
        ("Fetch transcript", ("YouTube",), "Pause batch"),
        ("Summarize video", ("Model", "Budget", "Daily", "Monthly"), "Pause batch"),
        ("Fetch to estimate", ("YouTube",), "Stop checking"),
    ],
)
def test_whatever_blocks_a_batch_pauses_it(step: str, outside: tuple[str, ...], pause: str) -> None:
    blocking = {cls.__name__ for cls in error_classes(BatchBlocked) if cls.__name__.startswith(outside)}
    assert blocking
    assert pausing(step, pause) == blocking


def test_every_block_of_a_batch_can_come_from_a_step() -> None:
    ways = [("Fetch transcript", "Pause batch"), ("Summarize video", "Pause batch")]
    caught = set.union(*(pausing(*way) for way in [*ways, ("Expand playlists", "Pause for playlists")]))
    assert {cls.__name__ for cls in error_classes(BatchBlocked)} - {"BatchBlocked"} <= caught


def test_an_error_that_keeps_playlists_from_being_read_now_pauses_the_batch_and_fails_nothing() -> None:
    blocking = {cls.__name__ for cls in error_classes(BatchBlocked) if cls.__name__.startswith(("YouTube", "DataApi"))}
    passing = {"YouTubeUnreachable", "YouTubeAnswerUnreadable", "BatchChanged"}
    # Another try at once would meet the same refusal.
    refused = {"YouTubeRefused"}
    assert pausing("Expand playlists", "Pause for playlists") == blocking | passing | refused
    assert state("Pause for playlists")["Next"] == "Load next videos"
    retried = {name for rule in state("Expand playlists")["Retry"] for name in rule["ErrorEquals"]}
    assert retried >= passing


def test_a_digest_that_may_not_be_paid_for_now_pauses_the_batch() -> None:
    assert pausing("Digest batch", "Pause for digest") == {"DailySpendingReached", "MonthlySpendingReached"}
    assert state("Pause for digest")["Next"] == "Load next videos"


@pytest.mark.parametrize("pause", ["Pause for playlists", "Stop checking"])
def test_a_draft_that_its_owner_changes_at_that_moment_is_checked_again(pause: str) -> None:
    """Otherwise an error of its preparation would end the whole batch."""
    assert "BatchChanged" in state(pause)["Retry"][0]["ErrorEquals"]


@pytest.mark.parametrize(
    ("step", "record"),
    [
        *[(step, "Record failure") for step in ("Fetch transcript", "Summarize video")],
        *[(step, "Record unusable video") for step in ("Fetch to estimate", "Estimate video")],
    ],
)
def test_whatever_else_happens_to_a_video_is_recorded_and_the_next_one_continues(step: str, record: str) -> None:
    last = state(step)["Catch"][-1]
    assert (last["ErrorEquals"], last["Next"], last["ResultPath"]) == (["States.ALL"], record, "$.error")


def test_a_digest_that_fails_is_noted_and_the_batch_ends_as_it_would_without_one() -> None:
    last = state("Digest batch")["Catch"][-1]
    assert (last["ErrorEquals"], last["Next"], last["ResultPath"]) == (
        ["States.ALL"], "Record digest failure", "$.error"
    )  # fmt: skip
    assert state("Digest batch")["Next"] == state("Record digest failure")["Next"] == "Load next videos"


def test_every_error_of_the_whole_workflow_brings_the_batch_to_an_end() -> None:
    outer = template.definition()["States"]
    for name, each in outer.items():
        if each["Type"] in {"Task", "Map"}:
            assert each["Catch"][-1]["ErrorEquals"] == ["States.ALL"], name
    assert outer["Mark batch failed"]["Next"] == "Tell owner of failure"
    assert outer["Tell owner of failure"]["Next"] == "Batch failed"
    assert outer["Batch failed"]["Type"] == "Fail"


def test_the_definition_has_the_rules_of_their_source() -> None:
    definition = retries.DEFINITION.read_text(encoding="utf-8")
    source = json.loads(retries.SOURCE.read_text(encoding="utf-8"))
    assert retries.written(definition, source) == definition, "Run `make retries`."
    assert set(source["tasks"]) <= {task.name for task in tasks()}


def test_a_rule_that_changes_reaches_every_task_and_nothing_else() -> None:
    definition = retries.DEFINITION.read_text(encoding="utf-8")
    source = json.loads(retries.SOURCE.read_text(encoding="utf-8"))
    source["rules"]["throttled"]["MaxAttempts"] = 7
    before, after = definition.splitlines(), retries.written(definition, source).splitlines()
    changed = [(was.strip(), now.strip()) for was, now in zip(before, after, strict=True) if was != now]
    assert changed == len(list(tasks())) * [('"MaxAttempts": 99999999,', '"MaxAttempts": 7,')]


def test_every_answer_about_the_queue_has_a_way() -> None:
    choices = [choice["StringEquals"] for choice in state("Any left?")["Choices"]]
    assert sorted(choices) == sorted(Action)


def test_a_decision_has_what_the_states_read() -> None:
    read = set(re.findall(r"\$\.queue\.(\w+)", json.dumps(template.definition())))
    assert read == set(Decision(action=Action.STOP).to_dict()) - {"reason"}  # that is for whoever looks at it
    until = datetime(2026, 11, 28, 23, 5, 1, 9, tzinfo=timezone(timedelta(hours=1)))
    assert Decision(action=Action.WAIT, resume_at=until).to_dict()["resume_at"] == "2026-11-28T22:05:01Z"


# --- Limits of the platform ---


def attempts(task: dict[str, Any]) -> int:
    """Returns the number of attempts when every retry rule is used up and throttling lasts until delays are longest.

    How often a step is throttled after that is a matter of time alone: see `events_of_throttling`.
    """
    counts = (
        growing_delays(rule) if THROTTLED in rule["ErrorEquals"] else rule["MaxAttempts"] for rule in task["Retry"]
    )
    return 1 + sum(counts)


def growing_delays(rule: dict[str, Any]) -> int:
    """Returns how many of a rule's delays are shorter than its longest one."""
    delays = (rule["IntervalSeconds"] * rule["BackoffRate"] ** number for number in count())
    return sum(1 for _ in takewhile(lambda delay: delay < rule["MaxDelaySeconds"], delays))


def events_of_throttling(time: timedelta) -> float:
    """Returns the events of throttling at the longest delay, which full jitter halves on average."""
    longest_delay = min(throttling(task.state)["MaxDelaySeconds"] for task in TASKS)
    return 3 * time / timedelta(seconds=longest_delay / 2)


def events_of_attempts(number: int) -> int:
    """Returns the events of a task: entered, exited; each attempt scheduled, started, ended."""
    return 2 + 3 * number


def events_of(name: str) -> int:
    """Returns the most events of a state, without those of a Map's iterations."""
    each = state(name)
    match each["Type"]:
        case "Task":
            return events_of_attempts(attempts(each))
        case "Map":
            return 4  # entered, started, succeeded, exited
        case "Fail":
            return 1  # entered
        case _:
            return 2


def longest(name: str, *, without: tuple[str, ...] = ()) -> int:
    """Returns the most events on a path from a state to an end, whatever fails on it; loops are cut at `without`."""

    @cache
    def events_from(here: str) -> int:
        return events_of(here) + max(
            (events_from(there) for there in ways_out(state(here)) if there not in without), default=0
        )

    return events_from(name)


def events_of_a_video(processing: str) -> int:
    """Returns the iteration's own two events and those of the longest path through it."""
    return 2 + longest(state(processing)["ItemProcessor"]["StartAt"])


def events_of_a_pause() -> int:
    return sum(map(events_of, ("Load next videos", "Any left?", "Tell owner of pause", "Wait for next try")))


def events_of_a_page() -> int:
    """Returns the events of a round with a full page and a pause that ends before the next round."""
    page = max(events_of(name) + PAGE_SIZE * events_of_a_video(name) for name in MAPS)
    return sum(map(events_of, ("Load next videos", "Any left?"))) + page + events_of_a_pause()


def events_of_an_expansion() -> int:
    """Returns the events of a round that reads playlists, and of a pause after it."""
    reading = sum(map(events_of, ("Load next videos", "Any left?", "Expand playlists", "Pause for playlists")))
    return reading + events_of_a_pause()


def events_of_a_digest() -> int:
    """Returns the events of a round that ends without a digest, or with a pause before it."""
    making = sum(map(events_of, ("Load next videos", "Any left?", "Digest batch")))
    return making + max(events_of("Record digest failure"), events_of("Pause for digest") + events_of_a_pause())


def events_of_an_execution() -> int:
    """Returns the events of an execution: its start, its rounds, the longest path to its end, and its end."""
    round_ = max(events_of_a_page(), events_of_an_expansion(), events_of_a_digest())
    rounds = (*MAPS, "Expand playlists", "Digest batch")
    way_out = longest("Load next videos", without=(*rounds, "Tell owner of pause"))
    return 1 + PAGES_PER_EXECUTION * round_ + way_out + 1


@pytest.mark.parametrize(("number", "caught", "events"), [(1, 0, 7), (2, 0, 10), (4, 1, 18)])
def test_events_are_counted_as_in_the_history_of_a_real_iteration(number: int, caught: int, events: int) -> None:
    """The history of one Lambda task: clean, with one retry, and with four failed attempts and a Catch to a Pass."""
    assert 2 + events_of_attempts(number) + 2 * caught == events


# An execution that is throttled for longer ends by its limit, and the sweep gives the batch another one at once.
LONG_OUTAGE = timedelta(days=2)


def test_an_execution_stays_below_the_limit_of_events_when_every_attempt_fails_and_aws_refuses_functions_for_days() -> (
    None
):
    assert events_of_an_execution() + events_of_throttling(LONG_OUTAGE) < MAX_EVENTS


def test_an_execution_is_used_well_before_the_next_one_is_started() -> None:
    assert events_of_an_execution() + events_of_throttling(LONG_OUTAGE) + events_of_a_page() > MAX_EVENTS


def test_a_page_stays_far_below_the_limit_of_a_payload() -> None:
    item = Item(id=item_id(MAX_VIDEOS), video_id="_" * 11, position=MAX_VIDEOS, title=MAX_TITLE_LENGTH)
    page = {
        "action": "continue",
        "reason": "r" * 1_000,
        "videos": [video_of_page(item, 10**6, page_name(10**6, 8))] * PAGE_SIZE,
        "resume_at": "2" * 20,
        "next_run": 10**6,
    }
    # "HistoryEvent" data types of the API reference: the longest error and cause.
    error = {"Error": "E" * 256, "Cause": "c" * 32_768}
    whole = {"user_id": "u" * 128, "batch_id": "b" * 36, "run": 10**6, "queue": page, "error": error}
    assert len(json.dumps(whole)) < MAX_STATE_BYTES / 2


@each_task
def test_nothing_but_the_page_is_kept_in_the_state(task: Task) -> None:
    """Otherwise the results of the videos would add up in the Map's output."""
    if task.name == "Load next videos":
        assert set(task.state["ResultSelector"]) == {"action.$", "reason.$", "videos.$", "resume_at.$", "next_run.$"}
    elif task.name == "Mark batch failed":
        assert set(task.state["ResultSelector"]) == {"Error.$", "Cause.$"}
    else:
        assert task.state["ResultPath"] is None


@pytest.mark.parametrize("name", MAPS)
def test_an_iteration_returns_nothing_but_its_video(name: str) -> None:
    """Fifty errors with stack traces would exceed the Map's output, and no Catch could catch that."""
    inner = state(name)["ItemProcessor"]["States"].values()
    assert {each["OutputPath"] for each in inner if each.get("End")} == {"$.video"}
    assert all("Next" in each for each in inner if not each.get("End"))


def test_a_failed_execution_says_why_in_words() -> None:
    marking, failed = state("Mark batch failed"), state("Batch failed")
    assert (marking["ResultPath"], marking["Catch"][-1]["ResultPath"]) == ("$.error", None)
    assert (failed["ErrorPath"], failed["CausePath"]) == ("$.error.Error", "$.error.Cause")


def test_the_definition_is_small_enough() -> None:
    assert len(json.dumps(template.definition())) < MAX_DEFINITION_BYTES


@pytest.mark.parametrize("name", MAPS)
def test_videos_are_done_one_at_a_time_in_order(name: str) -> None:
    processing = state(name)
    assert processing["MaxConcurrency"] == 1
    assert processing["ItemProcessor"]["ProcessorConfig"] == {"Mode": "INLINE"}
    assert processing["ResultPath"] is None


def test_the_name_of_a_following_execution_is_the_one_that_the_adapter_gives() -> None:
    following = state("Continue in a new execution")["Parameters"]
    assert following["Name.$"] == "States.Format('{}-{}', $.batch_id, $.queue.next_run)"
    assert execution_name("b7f3", 2) == "b7f3-2"
    assert execution_name("b7f3", 1) == "b7f3"
    assert following["Input"]["run.$"] == "$.queue.next_run"
