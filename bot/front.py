"""The bot's front towards browsers, Slack and load balancers: one port, under the firm's certificate where it gave one.

Without a certificate the front speaks plain HTTP, for a proxy that is named in LINK_ECF_TRUSTED_PROXIES to stand before
it; what anybody else says of how a request arrived is not believed (design 10).
"""

from __future__ import annotations

import ssl
import stat
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from aiohttp import web

from bot.errors import WrongSetting
from bot.listening import listening
from bot.service.pages import Intake, Pages
from bot.settings import Settings, fix
from bot.web import Proxies, guard

log = structlog.get_logger(__name__)

_TOO_OPEN = stat.S_IRWXO | stat.S_IWGRP
"""Many systems keep keys readable for a group of the servers, which is for the firm to say."""

_SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2: each with a key of its own for every connection, sealed and signed in one; 1.3 has no others."""


def intake_of(settings: Settings, pages: Pages | None) -> Intake:
    """Return where passwords are typed; without a store there is no page to type them on."""
    return Intake(settings.intake) if pages is not None else Intake.MODAL


def private_page(settings: Settings, pages: Pages | None) -> list[web.RouteDef]:
    """Return the routes of the private page, none where the firm wants none."""
    if intake_of(settings, pages) is Intake.MODAL or pages is None:
        return []
    if not settings.speaks_https:
        log.warning("page_not_reachable", setting="LINK_ECF_TRUSTED_PROXIES")
    # A firm without the page keeps the templates out of its memory.
    from bot.web.page import page_routes

    return page_routes(pages, settings.public_url, Proxies(settings.trusted_proxies))


def certificate(settings: Settings) -> ssl.SSLContext | None:
    """Return how to speak TLS under these settings, 1.2 at least; None where a proxy does.

    Raises WrongSetting for files that hold no certificate and its key, and for a key that is open to others.
    """
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    try:
        context = _context(settings.tls_cert, settings.tls_key)
        mode = settings.tls_key.stat().st_mode
    except (ssl.SSLError, OSError, ValueError):
        context, mode = None, 0  # OpenSSL's words add nothing that helps
    if context is None:
        raise WrongSetting(
            "LINK_ECF_TLS_CERT is wrong: it and LINK_ECF_TLS_KEY do not hold a certificate and its key that can be "
            f"read; {fix('LINK_ECF_TLS_CERT')}."
        )
    if sys.platform != "win32" and mode & _TOO_OPEN:
        raise WrongSetting(
            "LINK_ECF_TLS_KEY is wrong: others on this machine can read the key, or a group can change it; run chmod "
            "640 on it, and get a new key and certificate if somebody may have read it."
        )
    return context


def _context(cert: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_SUITES)
    context.options |= ssl.OP_NO_RENEGOTIATION
    # A password of our own, so that a key with one is refused and nobody is asked at a terminal.
    context.load_cert_chain(cert, key, password=lambda: "-")
    return context


@asynccontextmanager
async def front(settings: Settings, routes: Sequence[web.AbstractRouteDef]) -> AsyncIterator[int]:
    """Answer these routes on HOST:PORT for as long as this is entered; yields the port.

    Raises WrongSetting, and OSError when the port is taken.
    """
    proxies = Proxies(settings.trusted_proxies)
    tls = certificate(settings)
    async with listening(
        settings.host, settings.port, routes, tls=tls, dress=lambda site: guard(site, proxies)
    ) as port:
        yield port
