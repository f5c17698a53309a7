"""What a later list of PACER's says of a court, compared with what ships and laid over it; nothing here reads or sends.

Five things may change: software, host, help desks, their address on the web, and the court's own site. The id, PACER's
id, the zone and the dates of a court never do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from urllib.parse import urlsplit

from bot.courts.court import SIGN_ON_HOST, Court, CourtId, HelpDesk
from bot.courts.directory import Directory

_UNDER = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}uscourts\.gov")
_NO_COURTS = frozenset({*SIGN_ON_HOST.values(), "pacer.uscourts.gov", "pcl.uscourts.gov", "www.uscourts.gov"})
LONGEST = 300
"""Characters of an address that is kept."""


class Fact(StrEnum):
    """What may be learned of a court; the values are names of Court's own fields."""

    SOFTWARE = "software"
    HOST = "host"
    WEB_URL = "web_url"
    HELP_DESKS = "help_desks"
    HELP_ADDRESS = "help_address"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one court beyond the shipped list; None where nothing is."""

    software: str | None = None
    host: str | None = None
    web_url: str | None = None
    help_desks: tuple[HelpDesk, ...] | None = None
    help_address: str | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) is not None for one in fields(self))

    def as_json(self) -> dict[str, object]:
        """Return these facts as an object that `facts_of` reads."""
        known: dict[str, object] = {
            one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) is not None
        }
        if self.help_desks is not None:
            known["help_desks"] = [[desk.phone, desk.division] for desk in self.help_desks]
        return known


def facts_of(kept: Mapping[str, object]) -> Facts:
    """Read what `as_json` wrote. Whatever has another shape is left out: a host is checked here once more, because
    passwords go there and a database can be written by others."""

    def text(field: Fact) -> str | None:
        value = kept.get(field.value)
        return value if isinstance(value, str) else None

    desks = kept.get("help_desks")
    shaped = isinstance(desks, list) and all(
        isinstance(desk, list) and len(desk) == 2 and all(isinstance(part, str) for part in desk) for desk in desks
    )
    return Facts(
        software=text(Fact.SOFTWARE),
        host=court_host(text(Fact.HOST) or ""),
        web_url=court_site(text(Fact.WEB_URL) or ""),
        help_desks=tuple(HelpDesk(*desk) for desk in desks) if shaped and isinstance(desks, list) else None,
        help_address=text(Fact.HELP_ADDRESS),
    )


def court_host(name: str) -> str | None:
    """Return `name` in small letters when a court may have it: a name under uscourts.gov that is not PACER's own."""
    host = name.lower()
    return host if len(host) <= 253 and _UNDER.fullmatch(host) and host not in _NO_COURTS else None


def court_site(address: str) -> str | None:
    """Return `address` when it is a web address under uscourts.gov that people can be sent to, else None."""
    try:
        parts = urlsplit(address)
        plain = parts.port is None and parts.username is None and parts.password is None
    except ValueError:
        return None
    good = plain and parts.scheme in {"http", "https"} and _UNDER.fullmatch(parts.hostname or "") is not None
    return address if good and len(address) <= LONGEST and re.fullmatch(r"[\x21-\x7e]+", address) else None


def overlaid(courts: Iterable[Court], facts: Mapping[CourtId, Facts]) -> Directory:
    """Return a directory of `courts` with what is known of each laid over it; facts of other courts are passed by."""
    return Directory(laid_over(court, facts.get(court.id)) for court in courts)


def laid_over(court: Court, facts: Facts | None) -> Court:
    """Return `court` with these facts in place of its own."""
    if facts is None:
        return court
    given = {one.name: value for one in fields(facts) if (value := getattr(facts, one.name)) is not None}
    return replace(court, **given)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a list says otherwise than what holds now."""

    court: CourtId
    fact: Fact
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What would change, and the facts of every court that changes as they are then to be kept (empty: none).

    `hosts` are the changes that are held back unless they were asked for by name.
    """

    changes: tuple[Difference, ...]
    hosts: tuple[Difference, ...]
    keep: Mapping[CourtId, Facts]


def compare(
    shipped: Iterable[Court], kept: Mapping[CourtId, Facts], listed: Mapping[CourtId, Facts], *, hosts: bool
) -> Comparison:
    """Compare `listed` with what holds: the shipped courts with the `kept` facts over them.

    What a list does not say stays as it is: PACER's keys come and go from day to day (reference courts, section 3).
    With `hosts` their changes count as changes, else they are held back.
    """
    changes: list[Difference] = []
    held: list[Difference] = []
    keep: dict[CourtId, Facts] = {}
    for court in shipped:
        new = listed.get(court.id)
        if new is None:
            continue
        known = kept.get(court.id, Facts())
        found = [*_differences(laid_over(court, known), new)]
        wanted = [one for one in found if hosts or one.fact is not Fact.HOST]
        changes += wanted
        held += [one for one in found if one.fact is Fact.HOST]
        if wanted:
            keep[court.id] = _merged(court, known, new, wanted)
    return Comparison(tuple(changes), tuple(held), keep)


def _differences(now: Court, new: Facts) -> Iterable[Difference]:
    for fact in Fact:
        value = getattr(new, fact.value)
        if value is not None and _key(value) != _key(getattr(now, fact.value)):
            yield Difference(now.id, fact, said(getattr(now, fact.value)), said(value))


def _merged(shipped: Court, known: Facts, new: Facts, wanted: Iterable[Difference]) -> Facts:
    """What is said by the shipped list too is not kept, so that the next version's list is not hidden by it."""
    for one in wanted:
        value = getattr(new, one.fact.value)
        same = _key(value) == _key(getattr(shipped, one.fact.value))
        known = replace(known, **{one.fact.value: None if same else value})
    return known


def said(value: str | tuple[HelpDesk, ...]) -> str:
    """Return a fact as one line for people; "" for none."""
    if isinstance(value, str):
        return value
    return ", ".join(f"{desk.phone} ({desk.division})" if desk.division else desk.phone for desk in value)


def _key(value: str | tuple[HelpDesk, ...]) -> object:
    """What two spellings of the same fact have in common: order, case, blanks and a last slash mean nothing."""
    if isinstance(value, tuple):
        return frozenset((re.sub(r"\D", "", desk.phone), _words(desk.division)) for desk in value)
    return _words(value).rstrip("/")


def _words(text: str) -> str:
    return " ".join(text.split()).casefold()
