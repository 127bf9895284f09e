"""What a summary will cost, before a model is asked."""

from __future__ import annotations

from decimal import Decimal

from skimlist.models import SummaryLength, Transcript
from skimlist.summarizing.catalogue import ModelSpec, Usage
from skimlist.summarizing.text import estimate_tokens

# Rounded up: the instructions with the wishes, and the JSON of a summary with its key points and chapters.
_INSTRUCTION_TOKENS = 900
_ANSWER_TOKENS = {SummaryLength.BRIEF: 700, SummaryLength.STANDARD: 1_200, SummaryLength.DETAILED: 2_200}


def likely_cost(transcript: Transcript, length: SummaryLength, spec: ModelSpec) -> Decimal:
    """USD for one video, from a careful count of its tokens; where it needs several requests, a little more is paid."""
    tokens_in = estimate_tokens(transcript.text) + _INSTRUCTION_TOKENS
    return spec.prices.cost(Usage(tokens_in=tokens_in, tokens_out=_ANSWER_TOKENS[length]))
