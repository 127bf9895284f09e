"""What a summary will cost, before a model is asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from skimlist.models import BatchSettings, SummaryLength, Transcript
from skimlist.summarizing.catalogue import ModelSpec, Provider, Usage
from skimlist.summarizing.text import estimate_tokens

# Rounded up: the instructions with the wishes, and the JSON of a summary with its key points and chapters.
_INSTRUCTION_TOKENS = 900
_ANSWER_TOKENS = {SummaryLength.BRIEF: 700, SummaryLength.STANDARD: 1_200, SummaryLength.DETAILED: 2_200}
# Tokens a second that a model reads and writes, and that the extractive model takes in (bench of a 4.7 h lecture).
_READ_A_SECOND = 10_000
_WRITTEN_A_SECOND = 80
_EXTRACTED_A_SECOND = 25_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What one summary will probably take: requests to the model, tokens, USD, and seconds of working time."""

    requests: int
    tokens_in: int
    tokens_out: int
    cost_usd: Decimal
    seconds: float


def estimate(transcript: Transcript, settings: BatchSettings, spec: ModelSpec) -> Estimate:
    """From a careful count of the tokens; where a video needs several requests, a little more is paid."""
    said = estimate_tokens(transcript.text)
    if spec.provider is Provider.EXTRACTIVE:
        return Estimate(
            requests=0, tokens_in=0, tokens_out=0, cost_usd=Decimal(0), seconds=round(said / _EXTRACTED_A_SECOND, 1)
        )
    usage = Usage(tokens_in=said + _INSTRUCTION_TOKENS, tokens_out=_ANSWER_TOKENS[settings.summary_length])
    return Estimate(
        requests=1,
        tokens_in=usage.tokens_in,
        tokens_out=usage.tokens_out,
        cost_usd=spec.prices.cost(usage),
        seconds=round(usage.tokens_in / _READ_A_SECOND + usage.tokens_out / _WRITTEN_A_SECOND, 1),
    )
