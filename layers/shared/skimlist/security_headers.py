"""Headers that limit what a browser does with a response, as recommended by the OWASP Secure Headers Project."""

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
# Headers of a response with a user's data, which must never be shown as a document or stored in a cache.
PRIVATE: Mapping[str, str] = {
    **COMMON,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def content_security_policy(**sources: str) -> str:
    """Returns the policy of a document that may load only from `sources` (`script_src` means `script-src`)."""
    policy = {
        "default-src": "'none'",
        **{name.replace("_", "-"): allowed for name, allowed in sources.items()},
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {allowed}" for name, allowed in policy.items())
