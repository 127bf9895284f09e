"""How YouTube is reached: through which proxy, trusting which certificates, waiting how long."""

from __future__ import annotations

import ssl
from functools import cache
from typing import Any
from urllib.parse import SplitResult, parse_qs, urljoin, urlsplit

import certifi
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.util.ssl_ import create_urllib3_context
from youtube_transcript_api.proxies import GenericProxyConfig, ProxyConfig, WebshareProxyConfig

from skimlist.errors import YouTubeProxyFailed

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 20.0

# Each try leaves from another address. The library's default of 10 could outlive the function.
_WEBSHARE_TRIES = 4

# Where YouTube sends its visitors: to its own pages, and to Google's for consent and captchas.
_HOSTS_OF_REDIRECTS = ("youtube.com", "youtu.be", "google.com")

_PROXY_URL_HELP = (
    "YOUTUBE_PROXY_URL must read http://user:password@host:port or webshare://user:password@?locations=de,us."
)


class YouTubeSession(requests.Session):
    """A session that always has time limits and takes nothing from the environment (proxies, CA files, .netrc).

    The limits are set on each request because the library replaces mounted adapters when it rotates proxies.
    `timeout` is (connect, read) in seconds, `proxy_config` is what youtube_transcript_api needs to know of the proxy,
    `trusted` is what servers are verified by.
    """

    def __init__(self, proxy_config: ProxyConfig | None, timeout: tuple[float, float], trusted: ssl.SSLContext) -> None:
        self.trusted = trusted
        super().__init__()
        self.trust_env = False
        self.timeout = timeout
        self.proxy_config = proxy_config
        if proxy_config:
            urls = proxy_config.to_requests_dict()
            self.proxies.update(http=urls["http"], https=urls["https"])

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        return super().request(*args, **{"timeout": self.timeout, **kwargs})

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where a response leads, if that is a page of YouTube's or Google's; no redirect leads anywhere else."""
        target = super().get_redirect_target(resp)
        url = urlsplit(urljoin(resp.url, target or ""))
        known = url.scheme == "https" and f".{url.hostname}".endswith(tuple(f".{host}" for host in _HOSTS_OF_REDIRECTS))
        return target if known else None

    def mount(self, prefix: str | bytes, adapter: BaseAdapter) -> None:
        """The library and requests mount plain adapters, which would read the certificates again."""
        if type(adapter) is HTTPAdapter:
            adapter = _TrustingAdapter(self.trusted, adapter.max_retries)
        super().mount(prefix, adapter)


class _TrustingAdapter(HTTPAdapter):
    """Verifies servers, and proxies that are reached by TLS, by certificates that were read before.

    requests has them read again for every connection, which takes 20 ms, and ten times as long in a small function.
    """

    def __init__(self, trusted: ssl.SSLContext, retries: Any) -> None:
        self._trusted = trusted
        super().__init__(max_retries=retries)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._trusted, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self._trusted, proxy_ssl_context=self._trusted, **kwargs)

    def cert_verify(self, *_: Any) -> None:
        """Names no file to be read: the context holds what is trusted."""


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
    return YouTubeSession(proxy_config(proxy_url), (connect_timeout, read_timeout), _trusted(ca_bundle))


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
def _trusted(ca_bundle: str | None) -> ssl.SSLContext:
    """The public certificates and those of `ca_bundle`, read once a process."""
    context = create_urllib3_context()
    context.load_verify_locations(certifi.where())
    if ca_bundle:
        try:
            context.load_verify_locations(ca_bundle)
        except OSError as error:  # ssl.SSLError too
            raise YouTubeProxyFailed("The file that CA_BUNDLE names cannot be read.") from error
    return context
