"""The last answer of a model is stored with its summary, unless it may come too late."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import Mock

import pytest

from skimlist.steps.summarize_video import WaitingAnswerCache


@pytest.mark.parametrize(("seconds_left", "is_stored"), [(600.0, False), (40.0, True)])
def test_an_answer_waits_for_its_summary_only_while_there_is_time(seconds_left: float, is_stored: bool) -> None:
    results = Mock()
    cache = WaitingAnswerCache(results, "ada", lambda: datetime(2026, 3, 1, tzinfo=UTC), lambda: seconds_left)
    cache.remember("key", "answer", is_last=True)
    assert results.remember_answer.called is is_stored
