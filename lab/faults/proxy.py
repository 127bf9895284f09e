"""python -m lab.faults.proxy: microburst, changed so that it forwards requests with valid signatures.

The emulator checks signatures, and each function signs with its own role's key, so a proxy cannot sign. Therefore the
original address stays in a request, a compressed body stays compressed, and the answer to HEAD keeps its
length. The proxy listens on this machine only, because anybody who reaches its controls could spoil a campaign.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from functools import partialmethod
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from microburst import forward
from microburst.cli import main
from microburst.core.pipeline import Microburst

from local.browsers import refusal

# The headers of the connection, except the one that is part of the signature.
_DROPPED = forward.HOP_BY_HOP - {"host"}


def _headers_as_signed(_upstream: Any, request: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items() if name.lower() not in _DROPPED}


async def _to_client(request: Any, status: int, headers: Any, mutator: Any, chunks: Any) -> web.StreamResponse:
    if request.method != "HEAD":
        answer: web.StreamResponse = await _any_to_client(request, status, headers, mutator, chunks)
        return answer
    kept = {name: value for name, value in headers.items() if name.lower() not in _DROPPED - {"content-length"}}
    response = web.StreamResponse(status=status, headers=kept)
    await response.prepare(request)
    await response.write_eof()
    return response


def _programs_only(answer: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def guarded(microburst: Any, request: Any) -> Any:
        headers = {name.lower(): value for name, value in request.headers.items()}
        reason = refusal(headers, request.transport.get_extra_info("sockname")[1])
        return web.Response(status=403, text=reason) if reason else await answer(microburst, request)

    return guarded


_any_to_client = forward._stream_to_client

if __name__ == "__main__":
    forward.Upstream._outbound_headers = _headers_as_signed
    forward._stream_to_client = _to_client
    for name in ("handle_control", "handle_proxy"):
        setattr(Microburst, name, _programs_only(getattr(Microburst, name)))
    setattr(RequestHandler, "__init__", partialmethod(RequestHandler.__init__, auto_decompress=False))  # noqa: B010
    sys.exit(main())
