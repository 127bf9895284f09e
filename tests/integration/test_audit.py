"""`make audit` finds what it looks for and says what it could not check; with the real scanners."""

from __future__ import annotations

import json
import secrets
import ssl
import string
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

from local import advisories
from local.settings import LOCAL, ROOT

SCANNERS = LOCAL / "audit" / "bin"
VULNERABILITY = {
    "id": "PYSEC-2018-28",
    "aliases": ["CVE-2018-18074"],
    "details": "The package sends the Authorization header to another host after a redirect.",
    "fixed_in": ["2.20.0"],
    "source": "osv",
    "withdrawn": None,
}


@contextmanager
def fake_pypi(folder: Path, answers: dict[str, Any]) -> Iterator[dict[str, str]]:
    """PyPI's JSON API behind a proxy; returns the environment that leads pip-audit there. Other packages are 404."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("pypi.org").configure_cert(tls)

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_CONNECT(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.request = tls.wrap_socket(self.request, server_side=True)
            self.setup()
            self.close_connection = False

        def do_GET(self) -> None:
            answer = answers.get(self.path)
            body = json.dumps(answer).encode()
            self.send_response(200 if answer else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {
            "HTTPS_PROXY": f"http://127.0.0.1:{server.server_port}",
            "REQUESTS_CA_BUNDLE": str(folder / "ca.pem"),
            "NO_PROXY": "",
            "no_proxy": "",
        }
        server.shutdown()


@pytest.fixture
def look_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Asks the real pip-audit about packages."""

    def look_up(environment: dict[str, str], *packages: str) -> advisories.Findings:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(advisories, "PIP_AUDIT", (str(SCANNERS / "python"), *advisories.PIP_AUDIT[1:]))
        return advisories.look_up(packages, ["--cache-dir", str(tmp_path / "cache")])

    assert SCANNERS.is_dir(), "The scanners are missing; `make test` installs them."
    return look_up


def test_a_known_vulnerability_is_found_and_a_package_without_an_answer_is_named(tmp_path: Path, look_up: Any) -> None:
    answers = {
        "/pypi/requests/2.19.0/json": {"vulnerabilities": [VULNERABILITY]},
        "/pypi/six/1.17.0/json": {"vulnerabilities": []},
    }
    with fake_pypi(tmp_path, answers) as environment:
        findings = look_up(environment, "requests==2.19.0", "six==1.17.0", "unknown==1.0")
    assert findings.vulnerable == {"requests==2.19.0": ["PYSEC-2018-28, CVE-2018-18074: fixed in 2.20.0"]}
    assert list(findings.unanswered) == ["unknown==1.0"]


def test_without_a_network_every_package_counts_as_not_checked(look_up: Any) -> None:
    findings = look_up({"HTTPS_PROXY": "http://127.0.0.1:1"}, "requests==2.19.0", "six==1.17.0")
    assert (findings.vulnerable, set(findings.unanswered)) == ({}, {"requests==2.19.0", "six==1.17.0"})


def test_an_audit_without_an_answer_says_so_and_one_with_a_finding_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(packages: list[str], options: list[str]) -> advisories.Findings:
        return advisories.Findings(unanswered=dict.fromkeys(packages, "no network"))

    monkeypatch.setattr(advisories, "look_up", answer)
    assert advisories.main([]) == 0
    assert "locked packages were NOT CHECKED" in capsys.readouterr().err

    def find(packages: list[str], options: list[str]) -> advisories.Findings:
        return advisories.Findings(
            vulnerable={package: ["PYSEC-1"] for package in packages if package.startswith("boto3==")}
        )

    monkeypatch.setattr(advisories, "look_up", find)
    assert advisories.main([]) == 1
    assert "layers/shared/requirements.txt" in capsys.readouterr().out


def test_every_lock_file_is_checked_and_every_package_once() -> None:
    locks = {lock.relative_to(ROOT).as_posix() for lock in advisories.lock_files()}
    tracked = subprocess.run(
        ["git", "ls-files", "*requirements*.txt"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert locks == set(tracked.stdout.split())
    packages = {package for lock in advisories.lock_files() for package in advisories.locked_packages(lock)}
    lists = advisories.one_version_each(packages)
    assert sorted(package for taken in lists for package in taken) == sorted(packages)
    assert all(len({package.partition("==")[0] for package in taken}) == len(taken) for taken in lists)


def random_key(length: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))


def scan(folder: Path) -> subprocess.CompletedProcess[str]:
    """Scans another folder like `make audit`."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    line = next(line for line in makefile.splitlines() if "kingfisher scan" in line)
    command = line.strip().removeprefix("@").replace(".kingfisher.yaml", str(ROOT / ".kingfisher.yaml")).split()
    assert SCANNERS.is_dir(), "The scanners are missing; `make test` installs them."
    return subprocess.run(
        [str(ROOT / command[0]), *command[1:]], cwd=folder, capture_output=True, text=True, check=False
    )


def test_a_secret_is_found_also_in_an_old_commit_and_not_shown(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        author = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
        subprocess.run(["git", *author, *arguments], cwd=tmp_path, capture_output=True, check=True)

    git("init")
    key = f"sk-proj-{random_key(58)}T3BlbkFJ{random_key(58)}"
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={key}\n")  # where it belongs
    (tmp_path / "settings.py").write_text("LIMIT = 5\n")
    git("add", "settings.py")
    git("commit", "-m", "Begin")
    clean = scan(tmp_path)
    assert (clean.returncode, clean.stdout) == (0, "")

    (tmp_path / "settings.py").write_text(
        f'OPENAI_API_KEY = "{key}"\nPROXY = "http://someone:{random_key(20)}@198.51.100.7:80"\n'
    )
    git("add", "settings.py")
    git("commit", "-m", "Add a key")
    git("rm", "settings.py")
    git("commit", "-m", "Take it back")
    found = scan(tmp_path)
    assert found.returncode != 0
    assert "OPENAI-API-KEY" in found.stdout and "CREDENTIAL-URI" in found.stdout
    assert key not in found.stdout
