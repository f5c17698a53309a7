"""The fence: https only, PACER's sign-on host and the one court's host, nothing else (design, promise 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from yarl import URL

from bot.courts.court import SIGN_ON_HOST, Court, Realm

_BLANKS = " \t\n\r\f\v"
_DROPPED = re.compile(r"[\t\n\r]")
_REFUSED = re.compile(r"[\\\x00-\x1f\x7f]")
_LEGAL = "%/:=&?~#+!$,;'@()*[]|-._"


def resolve(base: URL, reference: str) -> URL | None:
    """Return `reference` resolved against `base` as the client would send it, or None where it is no address.

    The URL returned is the very object that is checked and then requested, so that no second parser can read it in
    another way. Percent signs stay as the page wrote them: form actions and session digits must come back unchanged.
    """
    cleaned = _DROPPED.sub("", reference.strip(_BLANKS))
    if _REFUSED.search(cleaned):
        return None
    try:
        target = base.join(URL(quote(cleaned, safe=_LEGAL, errors="replace"), encoded=True))
        _ = target.host, target.port
    except (ValueError, TypeError):
        return None
    return target


@dataclass(frozen=True, slots=True)
class Fence:
    """The two hosts that one attempt may speak to."""

    court: str
    sign_on: str

    @classmethod
    def around(cls, court: Court, realm: Realm = Realm.PRODUCTION) -> Fence:
        """Return the fence for one court in one realm."""
        return cls(court=court.host_in(realm), sign_on=SIGN_ON_HOST[realm])

    def admits(self, url: URL) -> bool:
        """True when a request to `url` stays inside: https, port 443, no user info, one of the two hosts exactly."""
        return self.is_court(url) or self.is_sign_on(url)

    def is_court(self, url: URL) -> bool:
        """True when `url` is inside and at the court."""
        return _plainly_at(url, self.court)

    def is_sign_on(self, url: URL) -> bool:
        """True when `url` is inside and at PACER's sign-on host."""
        return _plainly_at(url, self.sign_on)

    def admit(self, base: URL, reference: str) -> URL | None:
        """Resolve `reference` on a page at `base`; None when it leaves the fence or is no address."""
        target = resolve(base, reference)
        return target if target is not None and self.admits(target) else None


def _plainly_at(url: URL, host: str) -> bool:
    return (
        url.scheme == "https"
        and url.raw_host == host
        and url.port == 443
        and url.raw_user is None
        and url.raw_password is None
    )
