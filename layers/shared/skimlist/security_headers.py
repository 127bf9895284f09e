"""Headers that limit what a browser does with an answer, as the OWASP Secure Headers Project recommends them."""

from __future__ import annotations

from collections.abc import Mapping

COMMON: Mapping[str, str] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
}
# Of an answer with somebody's data, which is never shown as a document and not to be found in any cache.
PRIVATE: Mapping[str, str] = {
    **COMMON,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def content_security_policy(**sources: str) -> str:
    """Of a document that may load what `sources` name (`script_src` for `script-src`), and nothing else."""
    policy = {
        "default-src": "'none'",
        **{name.replace("_", "-"): allowed for name, allowed in sources.items()},
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {allowed}" for name, allowed in policy.items())
