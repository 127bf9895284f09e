"""`make run`: runs the local stack in the foreground until Ctrl-C, SIGTERM or `make stop`."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from local.bedrock import BedrockAccount
from local.client import LOOPBACK
from local.private import OWNER_ONLY
from local.settings import LocalSettings
from local.stack import LocalStack
from local.terminal import console, messages, stop_on_signals


def main() -> None:
    stop_on_signals()
    os.umask(OWNER_ONLY)
    with messages():
        settings = LocalSettings.load()
        bedrock = BedrockAccount.find(settings.bedrock_region) if settings.bedrock else None
        try:
            with LocalStack(settings, bedrock) as stack:
                _welcome(stack, bedrock)
                stack.wait()
        except KeyboardInterrupt:
            console.print("Stopped; the state is kept in", settings.state_dir)


def _welcome(stack: LocalStack, bedrock: BedrockAccount | None) -> None:
    described = stack.description
    console.print(
        f"\n  [bold]Skimlist runs:[/] {described['sign_in_url']}\n"
        f"  Sign in as     {described['username']}  with  {described['password']}\n"
        f"  For programs   {stack.settings.stack_file}\n"
        f"                 {without_resolver(described['page_url'])}\n"
        f"  Emails         {stack.settings.mail_dir}\n"
        f"  Logs           {stack.settings.state_dir / 'emulator.log'}\n"
        f"{_about_bedrock(bedrock)}\n"
        "  Ctrl-C stops it and keeps its state.\n",
        soft_wrap=True,
    )


def _about_bedrock(account: BedrockAccount | None) -> str:
    if account is None:
        return ""
    return (
        f"  Amazon Bedrock is offered: its models are asked in {account.region} with your AWS credentials\n"
        f"                 ({account.source}) and charged to your account. BEDROCK=false switches it off.\n"
    )


def without_resolver(page_url: str) -> str:
    """Explains how a program reaches the page and the API if its resolver does not know names below `localhost`."""
    url = urlsplit(page_url)
    return (
        f"for programs that cannot resolve *.localhost: curl --resolve {url.netloc}:{LOOPBACK} {page_url}, "
        f"or http://{LOOPBACK}:{url.port} with the header Host: {url.netloc}"
    )


if __name__ == "__main__":
    main()
