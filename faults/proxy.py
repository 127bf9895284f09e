"""python -m faults.proxy: microburst, which hands requests on as they were signed.

The emulator checks signatures, and each function signs with its own role's key: nobody in between can sign anew. So the
address that a request was sent to stays in it, a compressed body stays compressed, and the answer to HEAD keeps its
length.
"""

from __future__ import annotations

import sys
from functools import partialmethod
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from microburst import forward
from microburst.cli import main

# The connection's own headers, without the one that is part of the signature.
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


_any_to_client = forward._stream_to_client

if __name__ == "__main__":
    forward.Upstream._outbound_headers = _headers_as_signed
    forward._stream_to_client = _to_client
    setattr(RequestHandler, "__init__", partialmethod(RequestHandler.__init__, auto_decompress=False))  # noqa: B010
    sys.exit(main())
