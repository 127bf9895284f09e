"""Provides the key of the YouTube Data API, for the functions that list playlists and channels."""

from __future__ import annotations

from skimlist import aws
from skimlist.config import settings
from skimlist.jobs.data_api_units import DataApiUnits, Purpose
from skimlist.secrets import Secrets
from skimlist.steps.clock import utc_now
from skimlist.youtube.data_api_key import DataApiKey


def data_api_key(purpose: Purpose) -> DataApiKey | None:
    """Returns the key, with its requests counted for the whole deployment; None if no key is stored."""
    units = DataApiUnits(aws.table(settings().table_name), settings().data_api_units_a_day, utc_now)
    return units.counted(Secrets(aws.client("ssm"), settings().secrets_prefix).find("youtube-api-key"), purpose)
