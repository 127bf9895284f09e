"""The access key of the local AWS account: random, one for each state folder, in a file that AWS's own tools read."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from configparser import ConfigParser
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from local.private import write_privately

_PROFILE = "default"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """The administrator's key; functions sign with keys of their roles."""

    id: str
    secret: str = field(repr=False)

    @classmethod
    def random(cls) -> Self:
        return cls(f"AKIA{secrets.token_hex(16).upper()}", secrets.token_urlsafe(32))

    @classmethod
    def read(cls, file: Path) -> Self:
        """Reads the key from a shared credentials file, the format of AWS's SDKs and command line."""
        parser = ConfigParser(interpolation=None)
        parser.read_string(file.read_text(encoding="utf-8"))
        profile = parser[_PROFILE]
        return cls(profile["aws_access_key_id"], profile["aws_secret_access_key"])

    @classmethod
    def read_or_create(cls, file: Path) -> Self:
        """Returns the key of a state folder, which is created once."""
        if not file.is_file():
            key = cls.random()
            write_privately(file, f"[{_PROFILE}]\naws_access_key_id = {key.id}\naws_secret_access_key = {key.secret}\n")
        return cls.read(file)


def role_keys(administrator_secret: str, function_arn: str, role_arn: str) -> dict[str, str]:
    """Returns the keys of a function's role as environment variables; only the administrator can compute them."""

    def derive(purpose: str) -> str:
        text = f"{purpose}:{function_arn}:{role_arn}".encode()
        return hmac.new(administrator_secret.encode(), text, hashlib.sha256).hexdigest()

    return {
        "AWS_ACCESS_KEY_ID": f"ASIA{derive('id')[:16].upper()}",
        "AWS_SECRET_ACCESS_KEY": derive("secret"),
        "AWS_SESSION_TOKEN": derive("token"),
    }
