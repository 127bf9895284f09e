"""Settings of the local stack, from the environment and `.env`, and the paths of its files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
DEFAULT_STATE_DIR = LOCAL / "state"
DEFAULT_PORT = 4566
# Ollama's default address.
OLLAMA_HERE = "http://127.0.0.1:11434/v1"

# Parameters below /<stack name>/ in the parameter store, by the variable that fills them.
SECRETS = {
    "OPENAI_API_KEY": "openai-api-key",
    "ANTHROPIC_API_KEY": "anthropic-api-key",
    "GEMINI_API_KEY": "gemini-api-key",
    "DEEPSEEK_API_KEY": "deepseek-api-key",
    "YOUTUBE_API_KEY": "youtube-api-key",
    "YOUTUBE_PROXY_URL": "youtube-proxy-url",
}


class LocalStackError(Exception):
    """The local stack cannot do what was requested; the message says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSettings:
    """The settings of one local stack. Two stacks need two ports and two state folders."""

    port: int = DEFAULT_PORT
    state_dir: Path = DEFAULT_STATE_DIR
    openai_base_url: str = ""
    openai_model: str = ""
    openai_context_tokens: str = "16384"
    openai_price_in: str = "0"
    openai_price_out: str = "0"
    openai_concurrency: str = "1"
    openai_answer_seconds: str = "0"
    openai_temperature: str = ""
    openai_parameters: str = ""
    usd_per_day_per_user: str = "25"
    usd_per_month: str = "300"
    ollama_base_url: str = OLLAMA_HERE
    # Whether models of Amazon Bedrock are offered if there are AWS credentials, and where; empty for their own region.
    bedrock: bool = True
    bedrock_region: str = ""
    ca_bundle: str = ""
    notification_email: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    # The factor for the workflow's waiting times, because tests cannot wait that long.
    wait_scale: float = 1.0
    # The address of AWS for functions, if there is a proxy between them and the emulator.
    functions_endpoint: str = ""

    @classmethod
    def load(cls) -> LocalSettings:
        """Loads the settings from `.env` and the environment, which takes precedence."""
        return cls.from_variables({**dotenv_values(ROOT / ".env"), **os.environ})

    @classmethod
    def from_variables(cls, variables: Mapping[str, str | None]) -> LocalSettings:
        given = {name: value for name, value in variables.items() if value}
        ca_bundle = given.get("CA_BUNDLE", "")
        if ca_bundle and not Path(ca_bundle).is_file():
            raise LocalStackError(f"CA_BUNDLE names {ca_bundle}, which is not a file.")
        return cls(
            port=_port(given.get("PORT", str(DEFAULT_PORT))),
            state_dir=Path(given.get("STATE_DIR", DEFAULT_STATE_DIR)).expanduser().resolve(),
            openai_base_url=given.get("OPENAI_BASE_URL", ""),
            openai_model=given.get("OPENAI_MODEL", ""),
            openai_context_tokens=given.get("OPENAI_CONTEXT_TOKENS", "16384"),
            openai_price_in=given.get("OPENAI_PRICE_IN", "0"),
            openai_price_out=given.get("OPENAI_PRICE_OUT", "0"),
            openai_concurrency=given.get("OPENAI_CONCURRENCY", "1"),
            openai_answer_seconds=given.get("OPENAI_ANSWER_SECONDS", "0"),
            openai_temperature=given.get("OPENAI_TEMPERATURE", ""),
            openai_parameters=given.get("OPENAI_PARAMETERS", ""),
            usd_per_day_per_user=given.get("USD_PER_DAY_PER_USER", "25"),
            usd_per_month=given.get("USD_PER_MONTH", "300"),
            ollama_base_url=given.get("OLLAMA_BASE_URL", OLLAMA_HERE),
            bedrock=_yes_or_no("BEDROCK", given.get("BEDROCK", "true")),
            bedrock_region=given.get("BEDROCK_REGION", ""),
            ca_bundle=str(Path(ca_bundle).resolve()) if ca_bundle else "",
            notification_email=given.get("NOTIFICATION_EMAIL", ""),
            secrets={parameter: given[name] for name, parameter in SECRETS.items() if name in given},
        )

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def stack_file(self) -> Path:
        return self._files_for_programs / "stack.json"

    @property
    def credentials_file(self) -> Path:
        """The file with the access key of the local AWS account, in the format of AWS's own tools."""
        return self.state_dir / "credentials"

    @property
    def mail_dir(self) -> Path:
        return self._files_for_programs / "mail"

    @property
    def _files_for_programs(self) -> Path:
        """The folder of the files for other programs: `.local/`, or the state folder if it is not the default one."""
        return LOCAL if self.state_dir == DEFAULT_STATE_DIR else self.state_dir


def _yes_or_no(name: str, text: str) -> bool:
    if text in {"true", "false"}:
        return text == "true"
    raise LocalStackError(f"{name} is {text!r}; it has to be true or false.")


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise LocalStackError(f"PORT is {text!r}; it must be a number from 1 to 65535.")
