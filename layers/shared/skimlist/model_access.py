"""Provides access to models for the functions that ask them, according to the settings of the deployment."""

from __future__ import annotations

from typing import Any

from skimlist import aws
from skimlist.config import settings
from skimlist.secrets import Secrets
from skimlist.steps.models import ModelAccess


def model_access(context: Any) -> ModelAccess:
    """Returns the access to models; `context` is Lambda's, which says how long the function may still run."""
    return ModelAccess(
        endpoint=settings().endpoint,
        find_key=_find_key,
        seconds_left=lambda: context.get_remaining_time_in_millis() / 1000,
        ca_bundle=settings().ca_bundle,
    )


def _find_key(name: str) -> str | None:
    return Secrets(aws.client("ssm"), settings().secrets_prefix).find(name)
