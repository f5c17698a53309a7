"""PACER's court look-up (data.json), read into facts of the courts that are known here; everything odd is told.

The structure and its oddities: reference courts, section 3. `go_live_date` is the first CM/ECF go-live of 1997-2014,
never NextGen's, and is never read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bot.courts.court import Court, CourtId, HelpDesk
from bot.courts.desks import desks_in, email_in, hidden, line_of, lines_of
from bot.courts.facts import Facts, court_host, court_site

MOST_BYTES = 10 * 1024 * 1024
"""What a look-up may weigh: six times the real one."""
_MOST_DESKS = 20
_A_WORD = len("false")
_NO_COURTS: Mapping[str, str] = {
    "00PCL": "PACER's Case Locator is no court",
    "SCOTUS": "the Supreme Court has no CM/ECF behind PACER",
}
UNKNOWN = "not a court of the bot's list; a new one comes with a new version of link-ecf"


class NotALookup(Exception):
    """The data is not PACER's court look-up, or not all of it; the text is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something of the look-up that was left alone: `court` as the look-up calls it, `what` the key, and why."""

    court: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Listing:
    """What one look-up says; `made` is when PACER made it, in its own words, "" when it does not say."""

    made: str
    records: int
    courts: Mapping[CourtId, Facts]
    ignored: tuple[Ignored, ...]


Note = Callable[[str, str], None]


def read_feed(data: bytes, courts: Iterable[Court]) -> Listing:
    """Read a look-up; `courts` are those known here, told apart by PACER's own ids. Raises NotALookup."""
    whole = _decoded(data)
    records = _records(whole)
    known = {court.pacer_id.upper(): court for court in courts if court.pacer_id}
    owners: dict[str, set[CourtId]] = {}
    for court in known.values():
        owners.setdefault(court.host, set()).add(court.id)
    ignored: list[Ignored] = []
    found: dict[CourtId, list[Facts]] = {}
    for record in records:
        whose = _whose(record, known, ignored)
        if whose is None or not isinstance(record, dict):
            continue
        note = _noting(ignored, whose.pacer_id)
        facts = replace(
            _help(record, whose, note),
            software=_software(record, note),
            host=_host(record, whose, owners, note),
            web_url=_site(record, note),
        )
        found.setdefault(whose.id, []).append(facts)
    if not found:
        raise NotALookup("No court of it is known here: this is not PACER's court look-up.")
    dates = sum(1 for record in records if isinstance(record, dict) and "go_live_date" in record)
    if dates:
        ignored.append(
            Ignored(
                "1 record" if dates == 1 else f"{dates} records",
                "go_live_date",
                "it is the first CM/ECF go-live, never NextGen's",
            )
        )
    return Listing(_made(whole), len(records), _once(found, known, ignored), tuple(ignored))


def _decoded(data: bytes) -> object:
    if len(data) > MOST_BYTES:
        raise NotALookup("It is larger than 10 MB: PACER's court look-up never was.")
    if data.startswith(b"\x1f\x8b"):
        raise NotALookup("It is compressed: unpack it first.")
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise NotALookup("It is empty.")
    if start.startswith(b"<"):
        raise NotALookup("It is a web page, not JSON: PACER may have answered with a notice. Try again later.")
    try:
        return json.loads(data)
    except json.JSONDecodeError as wrong:
        near_its_end = wrong.pos >= len(wrong.doc.rstrip()) - _A_WORD or wrong.msg.startswith("Unterminated string")
        cut = start[:1] in {b"{", b"["} and near_its_end
        raise NotALookup(
            "It is cut off before its end: fetch it again."
            if cut
            else f"It is not JSON (line {wrong.lineno}, column {wrong.colno})."
        ) from None
    except (ValueError, RecursionError):
        raise NotALookup("It is not JSON that can be read.") from None


def _records(whole: object) -> Sequence[object]:
    held = whole.get("data") if isinstance(whole, dict) else whole
    found = _items(held)
    if not found:
        raise NotALookup("It has no list of courts: this is not PACER's court look-up.")
    return found


def _items(value: object) -> Sequence[object]:
    """The members of a list; PACER's own program writes one with gaps as an object ({"0": ..., "2": ...})."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and value and all(key.isascii() and key.isdigit() for key in value):
        return [value[key] for key in sorted(value, key=lambda key: (len(key), key))]
    return [value] if isinstance(value, dict) and value else []


def _made(whole: object) -> str:
    meta = whole.get("meta") if isinstance(whole, dict) else None
    return line_of(meta.get("last_updated"))[:60] if isinstance(meta, dict) else ""


def _whose(record: object, known: Mapping[str, Court], ignored: list[Ignored]) -> Court | None:
    called = line_of(record.get("court_id"))[:20].upper() if isinstance(record, dict) else ""
    court = known.get(called)
    if not called:
        ignored.append(Ignored("a record", "court_id", "it names no court"))
    elif court is None:
        ignored.append(Ignored(called, "court_id", _NO_COURTS.get(called, UNKNOWN)))
    return court


def _noting(ignored: list[Ignored], court: str) -> Note:
    return lambda what, why: ignored.append(Ignored(court, what, why))


def _software(record: Mapping[str, object], note: Note) -> str | None:
    if "software_version" not in record:
        return None
    version = line_of(record["software_version"])
    if "cm/ecf" in version.casefold() and len(version) <= 100:
        return version
    note("software_version", "it does not look like a version of CM/ECF")
    return None


def _host(record: Mapping[str, object], court: Court, owners: Mapping[str, set[CourtId]], note: Note) -> str | None:
    if "login_url" not in record:
        return None
    try:
        parts = urlsplit(line_of(record["login_url"]))
        plain = parts.scheme in {"http", "https"} and parts.username is None and parts.port in {None, 443}
    except ValueError:
        plain = False
    host = court_host(parts.hostname or "") if plain else None
    if host is None:
        note("login_url", "it is no plain address of a court under uscourts.gov")
    elif host != court.host and owners.get(host, set()) - {court.id}:
        note("login_url", f"{host} is the host of {', '.join(sorted(owners[host]))}")
        return None
    return host


def _site(record: Mapping[str, object], note: Note) -> str | None:
    if "web_url" not in record:
        return None
    site = court_site(line_of(record["web_url"]))
    if site is None:
        note("web_url", "it is no web address under uscourts.gov")
    return site


def _help(record: Mapping[str, object], court: Court, note: Note) -> Facts:
    desks: list[HelpDesk] = []
    address = ""
    for entry in _items(record.get("help_desk")):
        for desk in _desks(entry, court, note):
            if isinstance(desk, HelpDesk):
                desks.append(desk)
            else:
                address = address or desk
    if len(desks) > _MOST_DESKS:
        note("help_desk", f"{len(desks)} telephones are too many to show; the old ones stay")
        return Facts()
    if not desks and not address:
        return Facts()
    # A court that now gives an address only has given its telephones up.
    return Facts(help_desks=tuple(dict.fromkeys(desks)), help_address=address or None)


def _desks(entry: object, court: Court, note: Note) -> Iterator[HelpDesk | str]:
    if not isinstance(entry, dict):
        note("help_desk", "an entry of it has no telephone")
        return
    of = line_of(entry.get("courtId")).upper()
    if of and of != court.pacer_id.upper():
        note("help_desk", f"an entry of it belongs to {of[:20]}")
        return
    text = entry.get("phone", entry.get("email"))
    extension, division = line_of(entry.get("phoneExt")), line_of(entry.get("division"))
    for line in lines_of(text) or ("",):
        found = list(desks_in(line, extension, division))
        yield from found
        address = email_in(line) or court_site(line) or ""
        if address:
            yield address
        elif not found:
            why = "its e-mail address is hidden" if hidden(line) else "an entry of it has no telephone"
            note("help_desk", why)


def _once(
    found: Mapping[CourtId, Sequence[Facts]], known: Mapping[str, Court], ignored: list[Ignored]
) -> dict[CourtId, Facts]:
    """A court that is there twice counts when both say the same, and not at all when they do not."""
    names = {court.id: court.pacer_id for court in known.values()}
    sole: dict[CourtId, Facts] = {}
    for court, facts in found.items():
        if len(set(facts)) == 1:
            sole[court] = facts[0]
        if len(facts) > 1:
            why = "it is there more than once, and says the same" if court in sole else _TWICE
            ignored.append(Ignored(names[court], "court_id", why))
    return sole


_TWICE = "it is there more than once, and the records differ: nothing of it was taken"
