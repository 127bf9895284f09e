"""The log of the functions: every line says whose it is, and an error that leaves a step is there with its code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from aws_lambda_powertools import Logger

from skimlist.errors import SkimlistError

logger = Logger()

# What a line is found by. Nothing that was written by a person is among it.
WHOSE = ("batch_id", "run", "item_id", "video_id")


Handler = Callable[[dict[str, Any], Any], Any]


def step(handler: Handler) -> Handler:
    """For the handler of a step: its lines name batch, run and video of the event, and keep nothing of the last one's.

    What a step raises reaches the workflow; Lambda's own line about it does not say whose it was, so there is one that
    does. It tells the kind of error and never a foreign message, which could hold a URL or a key.
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
            logger.error("step failed", code=SkimlistError.code, error=type(error).__name__)
            raise

    return run


def whose() -> dict[str, Any]:
    """Of the keys that the log's lines have now, those that say whose they are."""
    keys = logger.get_current_keys()
    return {name: keys[name] for name in WHOSE if name in keys}


def _whose(event: Mapping[str, Any]) -> dict[str, Any]:
    named = {**event, **event.get("video", {})}
    return {name: named[name] for name in WHOSE if name in named}
