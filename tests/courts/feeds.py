"""Look-ups as PACER makes them, built from our own records."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.courts.court import Court, CourtId
from bot.courts.directory import Directory
from bot.courts.facts import Facts
from bot.courts.feed import Ignored, Listing, read_feed

MADE = "Tue, 02 Jun 2026 06:10:05 -0400"
COURTS = Directory.shipped().all
GASB, ALMB, IAND, CA1, BAP1 = map(CourtId, ("gasb", "almb", "iand", "ca1", "bap1"))


def known(court_id: str) -> Court:
    """The shipped court of this id."""
    court = Directory.shipped().by_id(court_id)
    assert court is not None
    return court


def record(court_id: str = "gasb", **changes: object) -> dict[str, object]:
    """What a look-up has of a court when nothing differs, with `changes`; a key that is changed to `...` is missing."""
    court = known(court_id)
    whole: dict[str, object] = {
        "title": "Somewhere Southern Bankruptcy Court",
        "court_name": "Southern District of Somewhere  [live]",
        "court_id": court.pacer_id,
        "type": "Bankruptcy",
        "circuit": court.circuit,
        "login_url": f"https://{court.host}",
        "web_url": court.web_url,
        "software_version": court.software,
        "go_live_date": "[08/02/04]",
        "help_desk": [{"courtId": court.pacer_id, "phone": desk.phone} for desk in court.help_desks],
        "locations": {"0": {"name": "Here", "address": "1 Main<BR>Street"}, "2": {"name": "There"}},
        "flags": [],
        **changes,
    }
    return {key: value for key, value in whole.items() if value is not ...}


def feed(*records: object, **top: object) -> bytes:
    """A look-up of these records."""
    whole = {"meta": {"credit": "PACER", "last_updated": MADE}, "data": list(records), **top}
    return json.dumps({key: value for key, value in whole.items() if value is not ...}).encode()


def read(*records: object) -> Listing:
    """What is read of a look-up of these records."""
    return read_feed(feed(*records), COURTS)


def facts(court_id: str = "gasb", **changes: object) -> Facts:
    """What is read of one record of a court."""
    return read(record(court_id, **changes)).courts[CourtId(court_id)]


def ignored(**changes: object) -> set[Ignored]:
    """What is left alone of one record of gasb, beside its date."""
    return {one for one in read(record("gasb", **changes)).ignored if one.what != "go_live_date"}


def kept(**by_court: Facts) -> Mapping[CourtId, Facts]:
    """Facts by court."""
    return {CourtId(court): value for court, value in by_court.items()}
