"""What names a summary before it is made, so that the same one is never paid for twice."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256

from skimlist.llm.catalogue import ModelSpec, Provider
from skimlist.models.summary import BatchSettings, Verify
from skimlist.models.transcript import Transcript
from skimlist.summarizing.prompts import PROMPT_VERSION

# Raised whenever the extractive model or its word lists change what it writes; it has no prompt.
EXTRACTIVE_VERSION = "extractive-2"


def fingerprint(transcript: Transcript, settings: BatchSettings, spec: ModelSpec) -> str:
    """SHA-256 (hex) over all that a summary depends on: equal fingerprints, equally good summaries.

    The video's title, channel and length are left out: if YouTube does not tell them once, no summary must be paid for
    again. So is whether there is to be a digest, which changes no summary, and a second look that nobody takes.
    """
    options = {name: value for name, value in asdict(settings.options).items() if name not in {"digest", "verify"}}
    if settings.options.verify is Verify.ASK and spec.provider is not Provider.EXTRACTIVE:
        options["verify"] = Verify.ASK
    parts = [
        transcript.video_id,
        transcript.language_code,
        [(segment.text, segment.start) for segment in transcript.segments],
        spec.provider,
        spec.base_url,
        spec.model,
        settings.summary_length,
        options,
        EXTRACTIVE_VERSION if spec.provider is Provider.EXTRACTIVE else PROMPT_VERSION,
    ]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
