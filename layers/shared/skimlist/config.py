"""Settings from the function's environment, read when they are first used."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from skimlist.errors import DailySpendingReached, InvalidSetting, MissingSetting, MonthlySpendingReached

if TYPE_CHECKING:
    from skimlist.models.endpoint import Endpoint


class Settings:
    """The settings of a deployment. Reading a required setting that is missing raises MissingSetting."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def _required(self, name: str) -> str:
        value = self._environment.get(name)
        if not value:
            raise MissingSetting(name)
        return value

    def _optional(self, name: str) -> str | None:
        return self._environment.get(name) or None

    @cached_property
    def table_name(self) -> str:
        return self._required("TABLE_NAME")

    @cached_property
    def bucket_name(self) -> str:
        return self._required("BUCKET_NAME")

    @cached_property
    def state_machine_arn(self) -> str:
        return self._required("STATE_MACHINE_ARN")

    @cached_property
    def topic_arn(self) -> str:
        return self._required("TOPIC_ARN")

    @cached_property
    def app_url(self) -> str:
        """The address of the page, without a slash at the end."""
        return self._required("APP_URL").rstrip("/")

    @cached_property
    def build_export_function(self) -> str:
        return self._required("BUILD_EXPORT_FUNCTION")

    @cached_property
    def describe_sources_function(self) -> str:
        return self._required("DESCRIBE_SOURCES_FUNCTION")

    @cached_property
    def notify_owner_function(self) -> str:
        return self._required("NOTIFY_OWNER_FUNCTION")

    @cached_property
    def secrets_prefix(self) -> str:
        """The path in the SSM parameter store of keys and the proxy's address, with slashes at both ends."""
        return self._required("SECRETS_PREFIX")

    @cached_property
    def endpoint(self) -> Endpoint:
        """The endpoint of models that have no endpoint of their own."""
        from skimlist.models.endpoint import Endpoint  # noqa: PLC0415 - few functions ask models

        tokens, requests = self._optional("OPENAI_CONTEXT_TOKENS"), self._optional("OPENAI_CONCURRENCY")
        seconds = float(self._optional("OPENAI_ANSWER_SECONDS") or 0)
        return Endpoint(
            base_url=self._optional("OPENAI_BASE_URL"),
            model=self._optional("OPENAI_MODEL"),
            context_tokens=int(tokens) if tokens else None,
            usd_per_million_in=Decimal(self._optional("OPENAI_PRICE_IN") or 0),
            usd_per_million_out=Decimal(self._optional("OPENAI_PRICE_OUT") or 0),
            concurrent_requests=int(requests) if requests else None,
            answer_seconds=seconds or None,
            parameters=self._model_parameters,
            ollama_base_url=self._optional("OLLAMA_BASE_URL"),
            bedrock_region=self._bedrock_region,
            bedrock_base_url=self._optional("BEDROCK_BASE_URL"),
        )

    @property
    def _bedrock_region(self) -> str | None:
        if self._optional("BEDROCK") != "true":
            return None
        return self._optional("BEDROCK_REGION") or self._required("AWS_REGION")

    @property
    def _model_parameters(self) -> dict[str, Any]:
        temperature, text = self._optional("OPENAI_TEMPERATURE"), self._optional("OPENAI_PARAMETERS")
        try:
            parameters = json.loads(text or "{}")
        except ValueError:
            parameters = None
        if not isinstance(parameters, dict):
            raise InvalidSetting("OPENAI_PARAMETERS", 'a JSON object, such as {"top_p": 0.9}')
        return {"temperature": float(temperature)} | parameters if temperature else parameters

    @cached_property
    def page_folder(self) -> str:
        """The folder with the files of the page."""
        return self._required("PAGE_FOLDER")

    @cached_property
    def user_pool_client_id(self) -> str:
        return self._required("USER_POOL_CLIENT_ID")

    @cached_property
    def user_pool_id(self) -> str:
        return self._required("USER_POOL_ID")

    @cached_property
    def cognito_endpoint(self) -> str:
        """The address at which a browser signs in; as in boto3, AWS's variable for endpoints takes precedence."""
        return self._optional("AWS_ENDPOINT_URL") or self._required("COGNITO_ENDPOINT")

    @cached_property
    def follows(self) -> int:
        """The maximum number of follows of one user; 0 means no limit."""
        return int(self._optional("FOLLOWS") or 0)

    @cached_property
    def upload_origin(self) -> str:
        """The origin of presigned links to the bucket, to which a browser sends files."""
        return self._optional("AWS_ENDPOINT_URL") or self._required("UPLOAD_ORIGIN")

    @cached_property
    def batches_at_once(self) -> int:
        """The maximum number of batches of one user that are under way; 0 means no limit."""
        return int(self._optional("BATCHES_AT_ONCE") or 0)

    @cached_property
    def videos_a_day(self) -> int:
        """The maximum number of videos that one user may add, check or retry per day (UTC); 0 means no limit."""
        return int(self._optional("VIDEOS_A_DAY") or 0)

    @cached_property
    def playlists_a_day(self) -> int:
        """The maximum number of playlists that are read for one user per day (UTC); 0 means no limit."""
        return int(self._optional("PLAYLISTS_A_DAY") or 0)

    @cached_property
    def data_api_units_a_day(self) -> int:
        """The maximum number of requests to the YouTube Data API per day in California; 0 means no limit."""
        return int(self._optional("DATA_API_UNITS_A_DAY") or 0)

    @cached_property
    def usd_a_day(self) -> Decimal:
        """The maximum cost of models per user and day (UTC) in USD; 0 means no limit."""
        return Decimal(self._optional("USD_A_DAY") or 0)

    @cached_property
    def usd_a_month(self) -> Decimal:
        """The maximum cost of models per month (UTC) for the whole stack in USD; 0 means no limit."""
        return Decimal(self._optional("USD_A_MONTH") or 0)

    @property
    def spending_limits(self) -> Mapping[str, Decimal]:
        """Both limits, by the code of the error that says that a batch has reached it."""
        return {DailySpendingReached.code: self.usd_a_day, MonthlySpendingReached.code: self.usd_a_month}

    @cached_property
    def ca_bundle(self) -> str | None:
        """A file with CA certificates to trust in addition to the public ones, for proxies that inspect TLS."""
        return self._optional("CA_BUNDLE")


@lru_cache(maxsize=1)
def settings() -> Settings:
    return Settings(os.environ)
