"""How YouTube is reached: through which proxy, trusting which certificates, waiting how long."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from urllib.parse import SplitResult, parse_qs, urlsplit

import certifi
import requests
from youtube_transcript_api.proxies import GenericProxyConfig, ProxyConfig, WebshareProxyConfig

from skimlist.errors import YouTubeProxyFailed

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 20.0

# Each try leaves from another address. The library's default of 10 could outlive the function.
_WEBSHARE_TRIES = 4

_PROXY_URL_HELP = (
    "YOUTUBE_PROXY_URL must read http://user:password@host:port or webshare://user:password@?locations=de,us."
)


class YouTubeSession(requests.Session):
    """A session that always has time limits and takes nothing from the environment (proxies, CA files, .netrc).

    The limits are set on each request because the library replaces mounted adapters when it rotates proxies.
    `timeout` is (connect, read) in seconds, `proxy_config` is what youtube_transcript_api needs to know of the proxy.
    """

    def __init__(self, proxy_config: ProxyConfig | None, timeout: tuple[float, float]) -> None:
        super().__init__()
        self.trust_env = False
        self.timeout = timeout
        self.proxy_config = proxy_config
        if proxy_config:
            urls = proxy_config.to_requests_dict()
            self.proxies.update(http=urls["http"], https=urls["https"])

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(*args, **{"timeout": self.timeout, **kwargs})


def youtube_session(
    proxy_url: str | None = None,
    ca_bundle: str | None = None,
    *,
    connect_timeout: float = CONNECT_TIMEOUT,
    read_timeout: float = READ_TIMEOUT,
) -> YouTubeSession:
    """A session for YouTube; not thread-safe, so one per thread.

    `proxy_url` is an HTTP proxy, or `webshare://user:password@` for Webshare's rotating residential proxies
    (`?locations=de,us` narrows them to countries, a `host:port` replaces Webshare's own). `ca_bundle` is a PEM file
    with certificates to trust beside the public ones. Timeouts are seconds.

    Raises YouTubeProxyFailed if the proxy's address or the file is unusable.
    """
    session = YouTubeSession(proxy_config(proxy_url), (connect_timeout, read_timeout))
    if ca_bundle:
        session.verify = _ca_file(ca_bundle).name
    return session


def proxy_config(proxy_url: str | None) -> ProxyConfig | None:
    """What the setting means to youtube_transcript_api. An error never repeats the setting: it holds a password."""
    if not proxy_url:
        return None
    try:
        url = urlsplit(proxy_url)
        if url.scheme == "webshare" and url.username and url.password:
            return _webshare(url)
        if url.scheme in ("http", "https") and url.hostname and url.port != 0:
            return GenericProxyConfig(proxy_url)
    except ValueError:
        raise YouTubeProxyFailed(_PROXY_URL_HELP) from None
    raise YouTubeProxyFailed(_PROXY_URL_HELP)


def _webshare(url: SplitResult) -> WebshareProxyConfig:
    locations = ",".join(parse_qs(url.query).get("locations", []))
    return WebshareProxyConfig(
        proxy_username=url.username or "",
        proxy_password=url.password or "",
        filter_ip_locations=[code for code in locations.split(",") if code],
        retries_when_blocked=_WEBSHARE_TRIES,
        domain_name=url.hostname or WebshareProxyConfig.DEFAULT_DOMAIN_NAME,
        proxy_port=url.port or WebshareProxyConfig.DEFAULT_PORT,
    )


@cache
def _ca_file(ca_bundle: str) -> IO[bytes]:
    """The public certificates and those of `ca_bundle` in one file, which is deleted when the process ends."""
    try:
        own = Path(ca_bundle).read_bytes()
    except OSError as error:
        raise YouTubeProxyFailed("The file that CA_BUNDLE names cannot be read.") from error
    file = NamedTemporaryFile(prefix="skimlist-ca-", suffix=".pem")  # noqa: SIM115 - open as long as the process runs
    file.write(certifi.contents().encode() + b"\n" + own)
    file.flush()
    return file
