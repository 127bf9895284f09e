"""A complete local stack: it is built, deployed to the emulator, and has a user who can sign in."""

from __future__ import annotations

import json
import logging
import secrets
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import NoReturn
from urllib.parse import urlencode

from botocore.exceptions import BotoCoreError, ClientError

from local.account import Account
from local.bedrock import BedrockAccount, BedrockGateway
from local.build import build
from local.credentials import AccessKey
from local.deployment import deploy
from local.emulator import REGION, Emulator, kept_port
from local.locking import Held, exclusive
from local.mail import Mailbox
from local.private import private_folder, write_privately
from local.settings import LocalSettings, LocalStackError

USERNAME = "owner@skimlist.local"
_ASK_MODELS = ("SummarizeVideoFunction", "DigestBatchFunction")

logger = logging.getLogger(__name__)


class LocalStack:
    """A local stack; use it as `with LocalStack(settings) as stack:`. Its state is kept in `settings.state_dir`.

    `bedrock` is the AWS account that is charged for models of Amazon Bedrock; without one, these are not offered.
    """

    def __init__(self, settings: LocalSettings, bedrock: BedrockAccount | None = None) -> None:
        self.settings = settings
        self._bedrock = bedrock
        self.account: Account
        self.description: dict[str, str] = {}
        self._emulator: Emulator
        self._running = ExitStack()

    def __enter__(self) -> LocalStack:
        # If a later step fails or Ctrl-C comes, everything that was started is stopped in reverse order.
        with ExitStack() as starting:
            self._start(starting)
            self._running = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        logger.info("Stopping")
        self._running.close()

    @property
    def emulator_pid(self) -> int | None:
        return self._emulator.pid

    def wait(self) -> NoReturn:
        """Waits until Ctrl-C. Raises LocalStackError if the emulator ends before."""
        self._emulator.wait()

    def _start(self, running: ExitStack) -> None:
        settings = self.settings
        _open_state(settings.state_dir)
        running.enter_context(_sole_stack(settings))
        settings.stack_file.unlink(missing_ok=True)  # left by a stack that was killed
        access_key = AccessKey.read_or_create(settings.credentials_file)
        self.account = Account(settings.endpoint_url, access_key)
        self._emulator = Emulator(
            settings.port,
            settings.state_dir,
            settings.wait_scale,
            access_key,
            functions_endpoint=settings.functions_endpoint,
            ca_bundle=settings.ca_bundle,
        )
        logger.info("Building the functions")
        built = build()
        logger.info("Starting the AWS emulator on port %d", settings.port)
        running.callback(self._emulator.stop)
        self._emulator.start()
        running.callback(self._save_logs)
        self.account.store_secrets(settings.secrets)
        bedrock_base_url = self._open_gateway(running, self._bedrock) if self._bedrock else ""
        logger.info("Deploying the template")
        deploy(built, settings, self.account, bedrock_base_url=bedrock_base_url)
        self._prepare_for_users(running, self.account.outputs())

    def _open_gateway(self, running: ExitStack, bedrock: BedrockAccount) -> str:
        gateway = BedrockGateway(
            bedrock,
            self._secret_of_function,
            port=kept_port(self.settings.state_dir / "bedrock-port"),  # another one would need another deployment
            ca_bundle=self.settings.ca_bundle,
        )
        return running.enter_context(gateway).base_url

    def _secret_of_function(self, key_id: str, token: str) -> str | None:
        """Returns the secret of a function that may ask models, if the key and the session token are its own."""
        for keys in map(self.account.function_keys, _ASK_MODELS):
            if (keys["AWS_ACCESS_KEY_ID"], keys["AWS_SESSION_TOKEN"]) == (key_id, token):
                return keys["AWS_SECRET_ACCESS_KEY"]
        return None

    def _save_logs(self) -> None:
        with suppress(BotoCoreError, ClientError):  # the emulator may have died
            lines = "\n".join(self.account.log_lines())
            (self.settings.state_dir / "functions.log").write_text(lines, encoding="utf-8")

    def _prepare_for_users(self, running: ExitStack, outputs: dict[str, str]) -> None:
        """Creates the user, the mailbox and `stack.json`, and resumes interrupted batches."""
        settings = self.settings
        password = _password(settings.state_dir / "password")
        page_url = f"http://{outputs['ApiId']}.execute-api.localhost:{settings.port}"
        self.description = {
            "api_url": f"{page_url}/api",
            "page_url": f"{page_url}/",
            # The part after `#` never leaves the browser; the page fills it in and removes it.
            "sign_in_url": f"{page_url}/#/sign-in?{urlencode({'username': USERNAME, 'password': password})}",
            "username": USERNAME,
            "password": password,
            "user_pool_id": outputs["UserPoolId"],
            "client_id": outputs["UserPoolClientId"],
            "endpoint_url": settings.endpoint_url,
            "region": REGION,
            "credentials_file": str(settings.credentials_file),
            "table": outputs["TableName"],
            "bucket": outputs["BucketName"],
            "state_machine_arn": outputs["StateMachineArn"],
            "topic_arn": outputs["TopicArn"],
        }
        self.account.ensure_user(outputs["UserPoolId"], USERNAME, password)
        mailbox = Mailbox(self.account, outputs["TopicArn"], settings.notification_email or USERNAME, settings.mail_dir)
        mailbox.open()
        running.callback(mailbox.close)
        self.account.client("lambda").invoke(
            FunctionName=outputs["ResumeInterruptedFunctionName"], InvocationType="Event", Payload=b"{}"
        )
        write_privately(settings.stack_file, json.dumps(self.description, indent=2) + "\n")
        running.callback(settings.stack_file.unlink, missing_ok=True)


def _open_state(folder: Path) -> None:
    """Makes the state folder private; a folder with other contents is left unchanged."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "pid").is_file():
        raise LocalStackError(
            f"{folder} contains files that do not belong to a stack. Set STATE_DIR to a new or an empty folder."
        )
    private_folder(folder)


def _sole_stack(settings: LocalSettings) -> ExitStack:
    held = ExitStack()
    try:
        held.enter_context(exclusive(settings.state_dir / "pid", wait=False))
    except Held as error:
        raise LocalStackError(
            f"A stack already runs on {settings.state_dir} (process {error.pid}). Stop it with `make stop`, "
            "or set PORT and STATE_DIR for a second one."
        ) from None
    return held


def _password(file: Path) -> str:
    """Returns the random password of a state folder, which is created once."""
    if not file.is_file():
        write_privately(file, f"{secrets.token_urlsafe(12)}-Aa1")  # the ending satisfies the pool's password policy
    return file.read_text(encoding="utf-8")
