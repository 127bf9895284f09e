"""The one table of allowed transitions."""

from itertools import product

import pytest

from skimlist import transitions
from skimlist.models.batch import BatchStatus
from skimlist.transitions import sources

ENDED = {BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED}
ALLOWED = {
    BatchStatus.DRAFT: {BatchStatus.PENDING, BatchStatus.CANCELLED},
    BatchStatus.PENDING: {BatchStatus.PROCESSING, BatchStatus.PAUSED, BatchStatus.CANCELLED, BatchStatus.FAILED},
    BatchStatus.PROCESSING: {BatchStatus.PAUSED, *ENDED},
    BatchStatus.PAUSED: {BatchStatus.PROCESSING, *ENDED},
    BatchStatus.COMPLETED: {BatchStatus.PROCESSING},
    BatchStatus.FAILED: {BatchStatus.PROCESSING},
    BatchStatus.CANCELLED: {BatchStatus.PROCESSING},
}


@pytest.mark.parametrize(("source", "target"), list(product(BatchStatus, BatchStatus)))
def test_a_status_leads_where_it_may_and_nowhere_else(source: BatchStatus, target: BatchStatus) -> None:
    assert (source in sources(target)) == (target in ALLOWED[source])


@pytest.mark.parametrize("status", BatchStatus)
def test_no_status_leads_to_itself_and_none_is_a_dead_end(status: BatchStatus) -> None:
    assert status not in sources(status)
    assert any(status in sources(target) for target in BatchStatus)


def test_nothing_becomes_a_draft_again() -> None:
    assert sources(BatchStatus.DRAFT) == frozenset()


@pytest.mark.parametrize("status", BatchStatus)
def test_a_batch_is_at_an_end_or_its_queue_can_be_changed(status: BatchStatus) -> None:
    assert (status in transitions.ENDED) == (status in ENDED)
    assert (status in transitions.OPEN) != (status in ENDED)


@pytest.mark.parametrize("status", sorted(ENDED))
def test_an_ended_batch_is_only_ever_opened_again(status: BatchStatus) -> None:
    assert [target for target in BatchStatus if status in sources(target)] == [BatchStatus.PROCESSING]
