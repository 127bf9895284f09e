"""The tree of errors, and what a Catch of the workflow passes on."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skimlist import errors
from skimlist.errors import (
    BatchBlocked,
    CaptionsDisabled,
    InvalidRequest,
    MissingSetting,
    SkimlistError,
    StepCrashed,
    StepTimedOut,
    UnexpectedFailure,
    VideoFailed,
    WorkflowFailed,
    error_classes,
    error_from_workflow,
)

CLASSES = list(error_classes())
# Base classes, which are never raised.
WITHOUT_A_CODE_OF_THEIR_OWN = {"RequestRefused", "TooMany", "BatchBlocked", "VideoFailed", "PlaylistFailed"}
# Both say "something unexpected" to a user; only the second one can be retried.
INTERNAL = {"SkimlistError", "UnexpectedFailure"}


def tree_of_the_docstring() -> dict[str, str | None]:
    """Returns each class of the drawing with its parent. Names on one line are siblings; a child is in parentheses."""
    parents: dict[str, str | None] = {}
    path: dict[int, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"([│├└─ ]*)([A-Z]\w+.*)", line)
        if not match or "Every error" in line:
            continue
        depth = len(match[1]) // 4
        names = re.split(r"\s{2,}", match[2])[0]
        for part in names.split(" · "):
            name, _, child = part.partition(" (")
            parents[name] = path.get(depth - 1)
            path[depth] = name
            if child:
                parents[child.rstrip(")")] = name
    return parents


def test_the_drawing_shows_every_class_below_its_parent() -> None:
    drawn = tree_of_the_docstring()
    actual = {cls.__name__: cls.__base__.__name__ if cls is not SkimlistError else None for cls in CLASSES}  # type: ignore[union-attr]
    assert drawn == actual


def test_every_class_name_is_unique() -> None:
    assert len({cls.__name__ for cls in CLASSES}) == len(CLASSES)


def test_every_code_is_unique_and_in_snake_case() -> None:
    own = [cls for cls in CLASSES if "code" in vars(cls)]
    assert {cls.__name__ for cls in CLASSES if cls not in own} == WITHOUT_A_CODE_OF_THEIR_OWN
    codes = [cls.code for cls in own if cls.__name__ not in INTERNAL]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", code) for code in codes)
    assert {cls.code for cls in own if cls.__name__ in INTERNAL} == {"internal"}


@pytest.mark.parametrize("cls", [*error_classes(VideoFailed), *error_classes(BatchBlocked)])
def test_errors_about_a_video_are_whole_sentences(cls: type[SkimlistError]) -> None:
    shown = cls().as_problem()
    assert shown.message.endswith(".")
    assert shown.advice.endswith(".")


@pytest.mark.parametrize("cls", CLASSES)
def test_our_errors_come_back_from_the_workflow_with_class_and_message(cls: type[SkimlistError]) -> None:
    cause = json.dumps({"errorMessage": "As it was raised.", "errorType": cls.__name__, "stackTrace": []})
    restored = error_from_workflow(cls.__name__, cause, UnexpectedFailure)
    assert type(restored) is cls
    assert str(restored) == "As it was raised."
    assert restored.as_problem().code == cls.code


@pytest.mark.parametrize("cause", ["", "no json", "[]", "null", "1", '"text"', "{}", '{"errorMessage": null}'])
def test_one_of_ours_without_a_readable_cause_says_its_own_sentence(cause: str) -> None:
    restored = error_from_workflow("CaptionsDisabled", cause, UnexpectedFailure)
    assert type(restored) is CaptionsDisabled
    assert str(restored) == CaptionsDisabled.message


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("States.Timeout", StepTimedOut),
        ("Sandbox.Timedout", StepTimedOut),
        ("Runtime.ExitError", StepCrashed),
        ("Runtime.OutOfMemory", StepCrashed),
        ("Lambda.Unknown", StepCrashed),
        ("Lambda.ServiceException", WorkflowFailed),
        ("KeyError", WorkflowFailed),
    ],
)
def test_names_of_the_platform_have_a_meaning(name: str, expected: type[SkimlistError]) -> None:
    assert type(error_from_workflow(name, "", WorkflowFailed)) is expected


@given(st.text(), st.text(min_size=12))
def test_a_foreign_message_is_never_repeated(name: str, secret: str) -> None:
    cause = json.dumps({"errorMessage": secret, "errorType": name})
    restored = error_from_workflow(f"Foreign{name}", cause, UnexpectedFailure)
    assert type(restored) is UnexpectedFailure
    assert str(restored) == UnexpectedFailure.message


def test_a_missing_setting_names_its_key() -> None:
    assert "TABLE_NAME" in str(MissingSetting("TABLE_NAME"))


def test_a_refused_request_carries_its_details() -> None:
    details = [{"field": "urls.0", "message": "wrong"}]
    assert InvalidRequest(details=details).details == details
    assert str(InvalidRequest()) == InvalidRequest.message
