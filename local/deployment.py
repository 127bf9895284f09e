"""Deploys to the emulator with the real SAM CLI."""

from __future__ import annotations

import hashlib
import subprocess
from tempfile import TemporaryDirectory

from local.account import STACK_NAME, Account
from local.build import Build
from local.credentials import AccessKey
from local.emulator import REGION, clean_environment
from local.settings import LOCAL, LocalSettings, LocalStackError

_SAM = LOCAL / "sam" / "bin" / "sam"
_REVISION_TAG = "revision"


def deploy(build: Build, settings: LocalSettings, account: Account, *, bedrock_base_url: str = "") -> None:
    """Deploys `build` with the parameters, unless the stack already has both.

    Without `bedrock_base_url`, models of Amazon Bedrock are not offered.
    """
    parameters = {
        "OpenAIBaseUrl": settings.openai_base_url,
        "OpenAIModel": settings.openai_model,
        "OpenAIContextTokens": settings.openai_context_tokens,
        "OpenAIPriceIn": settings.openai_price_in,
        "OpenAIPriceOut": settings.openai_price_out,
        "OpenAIConcurrency": settings.openai_concurrency,
        "OpenAIAnswerSeconds": settings.openai_answer_seconds,
        "OpenAITemperature": settings.openai_temperature,
        "OpenAIParameters": settings.openai_parameters,
        "UsdPerDayPerUser": settings.usd_per_day_per_user,
        "UsdPerMonth": settings.usd_per_month,
        "OllamaBaseUrl": settings.ollama_base_url,
        "Bedrock": "true" if bedrock_base_url else "false",
        "BedrockBaseUrl": bedrock_base_url,
        "CaBundlePath": settings.ca_bundle,
        "NotificationEmail": settings.notification_email,
        "CaseSensitiveEmails": _case_sensitive_emails(account),
    }
    revision = hashlib.sha256(repr((build.digest, parameters)).encode()).hexdigest()[:16]
    stack = account.stack()
    if stack and stack["StackStatus"].endswith("_COMPLETE") and _tag(stack) == revision:
        return
    options = [
        *("--template-file", build.template, "--stack-name", STACK_NAME, "--region", REGION, "--resolve-s3"),
        *("--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--tags", f"{_REVISION_TAG}={revision}"),
        *("--no-confirm-changeset", "--no-fail-on-empty-changeset", "--parameter-overrides"),
        *(f'{name}="{value}"' for name, value in parameters.items()),
    ]
    _sam("deploy", *map(str, options), settings=settings, access_key=account.access_key)


def _case_sensitive_emails(account: Account) -> str:
    """Returns whether the user pool was created with case-sensitive emails, which no update can change."""
    pool_id = account.outputs().get("UserPoolId")
    if pool_id is None:
        return "false"
    pool = account.client("cognito-idp").describe_user_pool(UserPoolId=pool_id)["UserPool"]
    return str(pool.get("UsernameConfiguration", {}).get("CaseSensitive", True)).lower()


def _tag(stack: dict[str, list[dict[str, str]]]) -> str | None:
    return next((tag["Value"] for tag in stack.get("Tags", []) if tag["Key"] == _REVISION_TAG), None)


def _sam(*command: str, settings: LocalSettings, access_key: AccessKey) -> None:
    # The SAM CLI leaves a temporary folder behind for each function, and writes to the home folder.
    with TemporaryDirectory() as scratch:
        environment = {
            **clean_environment(settings.endpoint_url, access_key),
            "TMPDIR": scratch,
            "__SAM_CLI_APP_DIR": scratch,
            "SAM_CLI_TELEMETRY": "0",
            "SAM_CLI_POLL_DELAY": "0.5",  # seconds between polls of the deployment
        }
        finished = subprocess.run(
            [_SAM, *command],
            cwd=settings.state_dir,  # without samconfig.toml, which is for real accounts
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    if finished.returncode:
        raise LocalStackError(f"sam {command[0]} failed:\n{finished.stdout}")
