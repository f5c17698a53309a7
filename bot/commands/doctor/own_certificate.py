"""What `link-ecf doctor` says of the bot's own certificate: whether it is for the bot's host, and how long yet.

It is shown to a client in memory that trusts nothing but itself and looks as a browser does; no connection is made.
"""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from bot.clock import SystemClock
from bot.commands.doctor.finding import Finding
from bot.errors import WrongSetting
from bot.front import certificate
from bot.settings import Settings

_SOON = timedelta(days=14)
_OVER, _NOT_YET, _HOSTS = 10, 9, (62, 64)  # OpenSSL's numbers: X509_V_ERR_...
_RENEW = "renew it, then start the bot again: it is read at the start"


def own(settings: Settings) -> Finding | None:
    """Return what is to be said of the certificate of LINK_ECF_TLS_CERT; None where there is none that
    can be used, or no PUBLIC_URL to hold it against.
    """
    try:
        server = certificate(settings)
    except WrongSetting:
        return None  # the page's finding says so
    host = urlsplit(settings.public_url).hostname
    if server is None or settings.tls_cert is None or host is None:
        return None
    try:
        until = _until(server, str(settings.tls_cert), host)
    except ssl.SSLCertVerificationError as wrong:
        return _wrong(wrong.verify_code, host)
    except ssl.SSLError:
        return Finding("certificate", False, "LINK_ECF_TLS_CERT cannot be shown to a browser", "give another")
    whose = f"LINK_ECF_TLS_CERT is for {host} and good"
    if until - SystemClock().now() < _SOON:
        return Finding("certificate", True, f"{whose} only until {until:%A %Y-%m-%d %H:%M} UTC", _RENEW)
    return Finding("certificate", True, f"{whose} until {until:%A %Y-%m-%d} UTC")


def _wrong(code: int, host: str) -> Finding:
    if code in _HOSTS:
        fix = f"get one for {host}, or correct PUBLIC_URL"
        return Finding("certificate", False, f"LINK_ECF_TLS_CERT is not for {host}, the host of PUBLIC_URL", fix)
    if code == _NOT_YET:
        return Finding("certificate", False, "LINK_ECF_TLS_CERT is not good yet", "look at this machine's clock")
    if code == _OVER:
        return Finding("certificate", False, "LINK_ECF_TLS_CERT is over: browsers refuse it", _RENEW)
    return Finding("certificate", False, "LINK_ECF_TLS_CERT would be refused by a browser", "get another one")


def _until(server: ssl.SSLContext, cert: str, host: str) -> datetime:
    """Return the end of the certificate. Raises ssl.SSLError for one that a browser would refuse."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    client.load_verify_locations(cert)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(back, there, server_hostname=host)
    answering = server.wrap_bio(there, back, server_side=True)
    for side in (asking, answering, asking):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    shown = asking.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
