"""The settings for the summaries of a batch, and the captions that they are made from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# As a caption language: the one that is spoken in the video.
OWN_LANGUAGE = "own"


class Verify(StrEnum):
    """The treatment of statements with details that were not found in the captions.

    `flag` marks them for the reader. `ask` first asks the model to correct them, which costs a second request.
    """

    FLAG = "flag"
    ASK = "ask"


class Fallback(StrEnum):
    """A substitute for the captions of a video that has none."""

    DESCRIPTION = "description"


class SummaryLength(StrEnum):
    BRIEF = "brief"
    STANDARD = "standard"
    DETAILED = "detailed"


@dataclass(frozen=True, slots=True)
class CaptionRequest:
    """A batch's request for captions, and for what to do about a video that has none.

    `language` is a BCP 47 code, None for the video's own. With `translate`, YouTube translates captions if there are
    none in the language. With `or_description`, the description stands in for captions if the video has none at all.
    """

    language: str | None = None
    translate: bool = False
    or_description: bool = False

    @property
    def stored_as(self) -> str | None:
        """The name under which the captions are stored; None for the video's own language.

        The part of a language code has at most eight characters, so no language has the name of a translation.
        """
        return f"{self.language}-translated" if self.language and self.translate else self.language


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryOptions:
    """The user's options for every summary of a batch. `language` is a BCP 47 code; None means the captions'.

    `caption_language` is the language of the captions, a BCP 47 code or "own"; None means captions in `language` if
    the video has them, or else its own. With `translate_captions`, YouTube translates captions if there are none.
    `digest` requests an additional text about all summaries of the batch, which does not change the summaries.
    """

    include_timestamps: bool = True
    focus_areas: tuple[str, ...] = ()
    language: str | None = None
    instructions: str | None = None
    digest: bool = False
    verify: Verify = Verify.FLAG
    caption_language: str | None = None
    translate_captions: bool = False
    fallback: Fallback | None = None

    @property
    def captions(self) -> CaptionRequest:
        """The captions from which the summaries are made."""
        language = self.caption_language or self.language
        return CaptionRequest(
            language=None if language == OWN_LANGUAGE else language,
            translate=self.translate_captions,
            or_description=self.fallback is Fallback.DESCRIPTION,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSettings:
    """The settings for the summaries of one batch. `model` is an alias of the model catalogue."""

    model: str
    summary_length: SummaryLength = SummaryLength.STANDARD
    options: SummaryOptions = SummaryOptions()
