"""The log of the functions: every line names its batch, and an error that leaves a step is logged with its code."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping
from functools import wraps
from types import TracebackType
from typing import Any, TypeVar

from aws_lambda_powertools import Logger
from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from skimlist.errors import SkimlistError


class _Formatter(LambdaPowertoolsFormatter):
    """Logs the class of an error and its stack trace, but never its message.

    A message can quote user data: pydantic's repeats the wrong value, the SDK's a parameter, a client's the URL.
    """

    def formatException(  # noqa: N802 - the name that logging.Formatter gives it
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        found = []
        error = ei[1]
        while error:
            found.append("".join([f"{type(error).__name__}\n", *traceback.format_tb(error.__traceback__)]))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "caused by ".join(found)


logger = Logger(logger_formatter=_Formatter(serialize_stacktrace=False))
# urllib3's warnings contain the address of every request that is retried.
logging.getLogger("urllib3").setLevel(logging.ERROR)

# The keys by which log lines are found. None of them contains text that a person wrote.
WHOSE = ("batch_id", "run", "item_id", "video_id")


class UnexpectedError(Exception):
    """Stands for an error of a library or of Python itself; its message is the name of that error's class alone.

    The error's own message could hold a URL, a key or text that somebody wrote.
    """


Handler = Callable[[dict[str, Any], Any], Any]
Result = TypeVar("Result")


def step(handler: Handler) -> Handler:
    """Decorates the handler of a step: its log lines have the batch, run and video of this event, not an earlier one.

    Lambda's own line about an error does not have the batch, so this logs one that does. Lambda logs the message of an
    error and the execution stores it, so only our own errors leave a step unchanged; any other becomes an
    UnexpectedError.
    """

    @logger.inject_lambda_context(clear_state=True)
    @wraps(handler)
    def run(event: dict[str, Any], context: Any) -> Any:
        logger.append_keys(**_whose(event))
        try:
            return handler(event, context)
        except SkimlistError as error:
            logger.warning("step failed", code=error.code, error=type(error).__name__)
            raise
        except Exception as error:
            logger.exception("step failed", code=SkimlistError.code, error=type(error).__name__)
            raise UnexpectedError(type(error).__name__) from None

    return run


def attempt(work: Callable[[], Result], otherwise: Callable[[], Result], *, failed: str) -> Result:
    """Returns the result of `work`, or that of `otherwise` if `work` raises any error, which is logged as `failed`.

    It is meant for additions to a paid result, whose failure must never lose the result.
    """
    try:
        return work()
    except Exception as error:  # including those of libraries
        logger.exception(failed, error=type(error).__name__)
        return otherwise()


def log_keys() -> dict[str, Any]:
    """Returns the keys of the current log lines that identify batch, run and video."""
    keys = logger.get_current_keys()
    return {name: keys[name] for name in WHOSE if name in keys}


def _whose(event: Mapping[str, Any]) -> dict[str, Any]:
    named = {**event, **event.get("video", {})}
    return {name: named[name] for name in WHOSE if name in named}
