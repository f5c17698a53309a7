"""Which proxy leads to an address: the environment's word on proxies, and nothing else that the environment holds.

aiohttp's own way (trust_env) reads ~/.netrc as well and would hand what it finds there to whoever is asked, a court or
PACER: an operator's own names and passwords have no business at either.
"""

from __future__ import annotations

from urllib.request import getproxies, proxy_bypass

from yarl import URL


def proxy_for(url: URL) -> URL | None:
    """Return the proxy that the environment names for `url`, its name and password included; None to go straight.

    Raises ValueError where what it names is no address.
    """
    if proxy_bypass(url.host or ""):
        return None
    named = getproxies().get(url.scheme)
    return URL(named) if named else None
