"""Identifies a summary before it is made, so that the same one is never paid for twice."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from skimlist.llm.catalogue import ModelSpec, Provider
from skimlist.models.settings import BatchSettings, Verify
from skimlist.models.transcript import Transcript
from skimlist.summarizing.prompts import PROMPT_VERSION

# Raised whenever the output of the extractive model changes; it has no prompt version.
EXTRACTIVE_VERSION = "extractive-12"

# They change no summary, or only by the captions that are chosen.
_LEFT_OUT = frozenset({"digest", "verify", "caption_language", "translate_captions", "fallback"})
_NOT_FROM_YOUTUBE = frozenset({"given", "transcribed", "description"})


def fingerprint(transcript: Transcript, settings: BatchSettings, spec: ModelSpec) -> str:
    """Returns a hash (128 bits, hex) of everything that a summary depends on; equal fingerprints share one summary.

    The video's title, channel and length are left out, so that no summary is paid for again if YouTube once omits them.
    The digest option is left out because it changes no summary, the options that choose captions because these are part
    of it, and `verify` unless a model is asked about doubtful statements. The same captions count as different if the
    user uploaded them, because a summary says where its captions come from.
    """
    options = {name: value for name, value in asdict(settings.options).items() if name not in _LEFT_OUT}
    if settings.options.verify is Verify.ASK and spec.provider is not Provider.EXTRACTIVE:
        options["verify"] = Verify.ASK
    parts: list[Any] = [
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
    if transcript.caption_kind in _NOT_FROM_YOUTUBE:
        parts.append(transcript.caption_kind)
    if transcript.chapters:
        parts.append(transcript.chapters)
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]
