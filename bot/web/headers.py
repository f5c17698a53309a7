"""The headers of the private page, and who is believed about HTTPS (reliability.md 3.1, 3.5; MDN's HTTP Observatory).

They are put on by the routes themselves and not by a middleware of the site, so that /slack/events pays nothing for
them; `guard` gives the few that suit everybody to all other answers.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from types import MappingProxyType

from aiohttp import web

HSTS = "max-age=63072000; includeSubDomains"
"""Two years; no preload, which is for the owner of the domain to ask for."""

FOREVER = "public, max-age=31536000, immutable"

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""No inline script or style at all. Where the browser knows nonces, only the page's own script element is run."""

_NOTHING_MAY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "clipboard-read",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)

EVERYWHERE: Mapping[str, str] = MappingProxyType(
    {
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Origin-Agent-Cluster": "?1",
        "Permissions-Policy": _NOTHING_MAY,
        "Referrer-Policy": "no-referrer",
        "Server": "link-ecf",  # in place of the library's name and version
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex, nofollow",
    }
)
"""On every answer under /p/."""


def new_nonce() -> str:
    """Return the nonce of one answer's policy: 128 random bits."""
    return base64.b64encode(secrets.token_bytes(16)).decode("ascii")


def page_headers(nonce: str) -> dict[str, str]:
    """Return the headers of an answer that a person reads; nothing may keep it."""
    return {**EVERYWHERE, "Content-Security-Policy": _POLICY.format(nonce=nonce), "Cache-Control": "no-store"}


def file_headers() -> dict[str, str]:
    """Return the headers of a file whose name is made of its contents; opened by itself it can do nothing."""
    policy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox"
    return {**EVERYWHERE, "Content-Security-Policy": policy, "Cache-Control": FOREVER}


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies whose word on how a request arrived is taken (LINK_ECF_TRUSTED_PROXIES); none by default."""

    networks: Sequence[IPv4Network | IPv6Network] = ()

    def https(self, request: web.BaseRequest) -> bool:
        """Tell whether the person's browser speaks HTTPS: to this process, or to a proxy that is named.

        X-Forwarded-Proto is read from nobody else, and must say one thing only: what a client put there first, with the
        proxy's word after it, is no answer.
        """
        transport = request.transport
        if transport is None:
            return False
        if transport.get_extra_info("ssl_object") is not None:
            return True
        said = request.headers.getall("X-Forwarded-Proto", [])
        return [one.strip().lower() for one in said] == ["https"] and self._named(transport.get_extra_info("peername"))

    def _named(self, peer: object) -> bool:
        if not isinstance(peer, tuple) or not peer:
            return False
        try:
            address = ip_address(str(peer[0]).partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self.networks)


def guard(site: web.Application, proxies: Proxies | None = None) -> None:
    """Give every answer of `site` that did not say otherwise the headers that suit all: HSTS, no sniffing, no frame."""
    known = proxies or Proxies()

    async def on_its_way(request: web.Request, response: web.StreamResponse) -> None:
        for name in ("Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options"):
            response.headers.setdefault(name, EVERYWHERE[name])
        response.headers.setdefault("Content-Security-Policy", "frame-ancestors 'none'; base-uri 'none'")
        response.headers["Server"] = EVERYWHERE["Server"]
        if known.https(request):
            response.headers["Strict-Transport-Security"] = HSTS

    site.on_response_prepare.append(on_its_way)
