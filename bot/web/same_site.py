"""Was this sent from our own page, by the browser that was given it? Three answers that have to agree.

The browser's own word (Sec-Fetch-Site, else Origin), a cookie that only this host can set and that no other site's
request carries, and a field of the page that belongs to that cookie and to that one token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from urllib.parse import urlsplit

from aiohttp import web

COOKIE_SECONDS = 900
"""A little longer than a link lasts, so that an old page is told to be old and not to come from elsewhere."""

_NONCE = re.compile(r"[A-Za-z0-9_-]{22}")


def same_origin(request: web.BaseRequest, origin: str) -> bool:
    """Tell whether the browser says that a POST comes from `origin`, the page's own.

    With no-referrer browsers send "Origin: null" even from the page itself, so where Sec-Fetch-Site is given it alone
    counts; a browser too old for it must send an Origin, and then the cookie decides, which is never sent along from
    another site.
    """
    sites = request.headers.getall("Sec-Fetch-Site", [])
    origins = request.headers.getall("Origin", [])
    if any(one not in ("null", origin) for one in origins) or len(origins) > 1:
        return False
    return sites == ["same-origin"] if sites else bool(origins)


def origin_of(public_url: str) -> str:
    """Return the origin that a browser names for an address: scheme, host in small letters, port unless it is usual."""
    parts = urlsplit(public_url)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    host = parts.hostname or ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def cookie_name(token: str) -> str:
    """Return the name of a token's cookie: two pages that are open at once do not overwrite each other's."""
    return f"__Host-link-ecf-{hashlib.sha256(b'cookie' + token.encode()).hexdigest()[:12]}"


def cookie_of(request: web.BaseRequest, token: str) -> str:
    """Return what this browser was given for the token, "" for nothing that could be ours."""
    nonce = request.cookies.get(cookie_name(token), "")
    return nonce if _NONCE.fullmatch(nonce) else ""


def new_cookie() -> str:
    """Return 128 random bits for a browser that has no cookie yet."""
    return secrets.token_urlsafe(16)


def field_for(token: str, cookie: str) -> str:
    """Return the hidden field that belongs to this cookie and token; any replica comes to the same."""
    made = hmac.digest(token.encode(), b"csrf" + cookie.encode(), "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode("ascii")


def belongs(field: str, token: str, cookie: str) -> bool:
    """Tell whether the page's field is the one that was drawn for this cookie."""
    return bool(cookie) and hmac.compare_digest(field.encode(), field_for(token, cookie).encode())


def give_cookie(response: web.StreamResponse, token: str, cookie: str) -> None:
    """Hand the cookie to the browser, for this host alone, out of reach of scripts and of other sites."""
    _set(response, token, cookie, COOKIE_SECONDS)


def take_cookie(response: web.StreamResponse, token: str) -> None:
    """Have the browser forget the cookie of a page that is done with."""
    _set(response, token, "", 0)


def _set(response: web.StreamResponse, token: str, cookie: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(token), cookie, max_age=seconds, path="/", secure=True, httponly=True, samesite="Strict"
    )
