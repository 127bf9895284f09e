"""The HTTP session for YouTube: its proxy, trusted certificates and timeouts."""

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

# Each attempt uses another address. The library's default of 10 attempts could outlast the function.
_WEBSHARE_TRIES = 4

# The targets of YouTube's redirects: its own pages, and Google's for consent and captchas.
_HOSTS_OF_REDIRECTS = ("youtube.com", "youtu.be", "google.com")

_UNUSABLE_ADDRESS = "The stored address of the proxy for YouTube cannot be used."


class YouTubeSession(requests.Session):
    """A session that always has timeouts and reads nothing from the environment (proxies, CA files, .netrc).

    The timeouts are set on each request because the library replaces mounted adapters when it rotates proxies.
    `timeout` is (connect, read) in seconds, `proxy_config` describes the proxy for youtube_transcript_api, and servers
    are verified with `ssl_context`.
    """

    def __init__(
        self, proxy_config: ProxyConfig | None, timeout: tuple[float, float], ssl_context: ssl.SSLContext
    ) -> None:
        self.ssl_context = ssl_context
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
        """Returns the target of a redirect if it is a page of YouTube or Google; others are not followed."""
        target = super().get_redirect_target(resp)
        url = urlsplit(urljoin(resp.url, target or ""))
        known = url.scheme == "https" and f".{url.hostname}".endswith(tuple(f".{host}" for host in _HOSTS_OF_REDIRECTS))
        return target if known else None

    def mount(self, prefix: str | bytes, adapter: BaseAdapter) -> None:
        """Replaces the plain adapters of requests and of the library, which would read the certificates again."""
        if type(adapter) is HTTPAdapter:
            adapter = _VerifyingAdapter(self.ssl_context, adapter.max_retries)
        super().mount(prefix, adapter)


class _VerifyingAdapter(HTTPAdapter):
    """Verifies servers and TLS proxies with certificates that were read before.

    requests would read them again for every connection, which takes 20 ms, and ten times as long in a small function.
    """

    def __init__(self, ssl_context: ssl.SSLContext, retries: Any) -> None:
        self._ssl_context = ssl_context
        super().__init__(max_retries=retries)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._ssl_context, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(
            proxy, ssl_context=self._ssl_context, proxy_ssl_context=self._ssl_context, **kwargs
        )

    def cert_verify(self, *_: Any) -> None:
        """Does nothing, because the context already contains the trusted certificates."""


def youtube_session(
    proxy_url: str | None = None,
    ca_bundle: str | None = None,
    *,
    connect_timeout: float = CONNECT_TIMEOUT,
    read_timeout: float = READ_TIMEOUT,
) -> YouTubeSession:
    """Opens a session for YouTube, which is not thread-safe: use one per thread.

    `proxy_url` is an HTTP proxy, or `webshare://user:password@` for Webshare's rotating residential proxies
    (`?locations=de,us` restricts them to countries, a `host:port` replaces Webshare's own). `ca_bundle` is a PEM file
    with certificates to trust in addition to the public ones. Timeouts are in seconds.

    Raises YouTubeProxyFailed if the proxy's address or the file is unusable.
    """
    return YouTubeSession(proxy_config(proxy_url), (connect_timeout, read_timeout), _ssl_context(ca_bundle))


def proxy_config(proxy_url: str | None) -> ProxyConfig | None:
    """Translates the setting for youtube_transcript_api. Errors never repeat it, because it contains a password."""
    if not proxy_url:
        return None
    try:
        url = urlsplit(proxy_url)
        if url.scheme == "webshare" and url.username and url.password:
            return _webshare(url)
        if url.scheme in ("http", "https") and url.hostname and url.port != 0:
            return GenericProxyConfig(proxy_url)
    except ValueError:
        raise YouTubeProxyFailed(_UNUSABLE_ADDRESS) from None
    raise YouTubeProxyFailed(_UNUSABLE_ADDRESS)


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
def _ssl_context(ca_bundle: str | None) -> ssl.SSLContext:
    """Reads the public certificates and those of `ca_bundle`, once per process."""
    context = create_urllib3_context()
    context.load_verify_locations(certifi.where())
    if ca_bundle:
        try:
            context.load_verify_locations(ca_bundle)
        except OSError as error:  # ssl.SSLError too
            raise YouTubeProxyFailed("The file with the CA certificate of the proxy cannot be read.") from error
    return context
