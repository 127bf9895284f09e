"""Runs the AWS emulator as a child process, with a clean environment and an orderly stop that saves its state."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import httpx

from local.credentials import AccessKey
from local.private import OWNER_ONLY, private_folder, write_privately
from local.settings import ROOT, LocalStackError

REGION = "us-east-1"
_START_SECONDS = 60
_STOP_SECONDS = 30
_PORTS = range(20_000, 32_768)


def clean_environment(endpoint_url: str, access_key: AccessKey) -> dict[str, str]:
    """Returns an environment for a child with the emulator's address and key, but no other key, profile or proxy."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TERM") if name in os.environ}
    return {
        **kept,
        # Lambda's runtime client looks for lower-case headers, and a Turkish locale lower-cases I differently.
        "LC_ALL": "C.UTF-8",
        "AWS_ACCESS_KEY_ID": access_key.id,
        "AWS_SECRET_ACCESS_KEY": access_key.secret,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


class Emulator:
    """ministack on one port of the loopback interface, with its state in `folder`. Only `access_key` may do everything.

    Functions run with the keys of their roles. Webhooks may have a certificate of an authority in `ca_bundle`.
    """

    def __init__(
        self,
        port: int,
        folder: Path,
        wait_scale: float,
        access_key: AccessKey,
        *,
        functions_endpoint: str = "",
        ca_bundle: str = "",
    ) -> None:
        self.endpoint_url = f"http://127.0.0.1:{port}"
        self._access_key = access_key
        self._functions_endpoint = functions_endpoint or self.endpoint_url
        self._ca_bundle = ca_bundle
        self.log_file = folder / "emulator.log"
        self._port = port
        self._folder = folder
        self._wait_scale = wait_scale
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Starts the emulator and waits until it answers. Raises LocalStackError if the port is taken or it fails."""
        _require_free(self._port)
        shutil.rmtree(self._folder / "tmp", ignore_errors=True)
        private_folder(self._folder / "tmp")
        self.log_file.touch(mode=0o600)
        with self.log_file.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.emulator_process"],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal reaches only us, and we stop the emulator
                umask=OWNER_ONLY,  # also applies to the functions
            )
        self._wait_until_healthy()

    def wait(self) -> NoReturn:
        """Waits indefinitely. Raises LocalStackError if the emulator ends by itself."""
        if self._process:
            self._process.wait()
        raise LocalStackError(f"The AWS emulator ended unexpectedly. Its log is {self.log_file}.")

    def stop(self) -> None:
        """Stops the emulator like Ctrl-C, so that it saves its state."""
        if self._process is None or self._process.stdin is None:
            return
        self._process.stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _environment(self) -> dict[str, str]:
        return {
            **clean_environment(self._functions_endpoint, self._access_key),
            # OpenSSL also looks into its own folder of public authorities.
            **({"SSL_CERT_FILE": self._ca_bundle} if self._ca_bundle else {}),
            "TMPDIR": str(self._folder / "tmp"),
            "GATEWAY_PORT": str(self._port),
            "BIND_HOST": "127.0.0.1",
            "AUTH": "true",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self._folder / "services"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self._folder / "s3"),
            "SFN_WAIT_SCALE": str(self._wait_scale),
            # ministack's servers on fixed ports: nothing needs them, and they would prevent a second stack.
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
        }

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process and self._process.poll() is None:
            try:
                if httpx.get(f"{self.endpoint_url}/_ministack/ready", trust_env=False).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        self.stop()
        raise LocalStackError(f"The AWS emulator did not start. Its log is {self.log_file}.")


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise LocalStackError(f"Port {port} is in use; choose another one, for example PORT={port + 1}.") from None


def kept_port(file: Path) -> int:
    """Returns the port in the file if it is free, or else another free one, which the file keeps."""
    with suppress(OSError, ValueError, LocalStackError):
        port = int(file.read_text(encoding="utf-8"))
        _require_free(port)
        return port
    port = free_port()
    write_privately(file, str(port))
    return port


def free_port() -> int:
    """Returns a port below those that a system gives to anybody, so that it is still free when it is used later."""
    while True:
        port = secrets.choice(_PORTS)
        with suppress(LocalStackError):
            _require_free(port)
            return port
