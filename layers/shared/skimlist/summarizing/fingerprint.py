"""What names a summary before it is made, so that the same wish is never paid for twice."""

from __future__ import annotations

import json
from hashlib import sha256

from skimlist.models import BatchSettings, Transcript
from skimlist.summarizing.catalogue import ModelSpec
from skimlist.summarizing.prompts import PROMPT_VERSION


def fingerprint(transcript: Transcript, settings: BatchSettings, spec: ModelSpec) -> str:
    """SHA-256 (hex) over all that a summary depends on: equal fingerprints, equally good summaries.

    The video's title is left out: YouTube not telling it once must not make a summary be paid for again. So is the
    wish for a digest, which changes no summary.
    """
    wishes = {name: wish for name, wish in settings.options.to_dict().items() if name != "digest"}
    parts = [
        transcript.video_id,
        transcript.language_code,
        [(segment.text, segment.start) for segment in transcript.segments],
        spec.provider,
        spec.base_url,
        spec.model,
        settings.summary_length,
        wishes,
        PROMPT_VERSION,
    ]
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
