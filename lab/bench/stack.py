"""The whole local stack with fake servers for YouTube and a model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from local.model import FakeModelServer
from local.settings import ROOT
from local.stack import LocalStack
from local.youtube import FakeYouTube
from testkit.whole_stack import WholeStack, settings_between


@contextmanager
def whole_stack(**settings: Any) -> Iterator[WholeStack]:
    """Provides a stack whose fake servers answer at once; `settings` are additional settings of the stack."""
    with (
        TemporaryDirectory() as folder,
        FakeYouTube(ROOT / "local" / "samples", ca_folder=Path(folder)) as youtube,
        FakeModelServer() as model,
        LocalStack(settings_between(Path(folder), youtube, model, **settings)) as stack,
    ):
        yield WholeStack(stack, youtube, model)
