"""What the child is told beside the request: the court with every field, how the outside is reached, and the limits.

The court goes by its fields and not by its id, because the service's list may be newer than the one shipped.
"""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.attempts.cell.frames import Frame, Nonsense
from bot.courts.court import Court, CourtId, CourtKind, GoLive, HelpDesk, Landing, Realm
from bot.linker import Outside
from bot.linker.values import Limits


def court_out(court: Court) -> dict[str, object]:
    """Return a court as an object."""
    landing = court.landing
    return {
        "id": court.id,
        "pacer_id": court.pacer_id,
        "name": court.name,
        "short_name": court.short_name,
        "kind": court.kind.value,
        "circuit": court.circuit,
        "state": court.state,
        "host": court.host,
        "web_url": court.web_url,
        "zone": court.zone.key,
        "help_desks": [[desk.phone, desk.division] for desk in court.help_desks],
        "go_live": _go_live_out(court.go_live),
        "cities": list(court.cities),
        "landing": landing and [landing.way, landing.label, landing.target],
        "help_address": court.help_address,
        "software": court.software,
    }


def court_in(frame: Frame) -> Court:
    """Return a court. Raises Nonsense."""
    try:
        landing = frame["landing"]
        return Court(
            id=CourtId(frame["id"]),
            pacer_id=frame["pacer_id"],
            name=frame["name"],
            short_name=frame["short_name"],
            kind=CourtKind(frame["kind"]),
            circuit=frame["circuit"],
            state=frame["state"],
            host=frame["host"],
            web_url=frame["web_url"],
            zone=ZoneInfo(frame["zone"]),
            help_desks=tuple(HelpDesk(phone, division) for phone, division in frame["help_desks"]),
            go_live=_go_live_in(frame["go_live"]),
            cities=tuple(frame["cities"]),
            landing=Landing(*landing) if landing is not None else None,
            help_address=frame["help_address"],
            software=frame["software"],
        )
    except (KeyError, TypeError, ValueError):
        raise Nonsense from None


def _go_live_out(known: GoLive) -> dict[str, object]:
    return {
        "day": known.day and known.day.isoformat(),
        "time": known.time.isoformat() if known.time is not None else None,
        "status": known.status,
        "source": known.source,
        "note": known.note,
        "coarse": known.coarse,
        "live_by": known.live_by and known.live_by.isoformat(),
        "live_by_source": known.live_by_source,
        "court_page": known.court_page,
    }


def _go_live_in(frame: Frame) -> GoLive:
    day, at, live_by = frame["day"], frame["time"], frame["live_by"]
    return GoLive(
        day=date.fromisoformat(day) if day is not None else None,
        time=time.fromisoformat(at) if at is not None else None,
        status=frame["status"],
        source=frame["source"],
        note=frame["note"],
        coarse=frame["coarse"],
        live_by=date.fromisoformat(live_by) if live_by is not None else None,
        live_by_source=frame["live_by_source"],
        court_page=frame["court_page"],
    )


def outside_out(outside: Outside) -> dict[str, object]:
    """Return how the outside is reached as an object."""
    return {
        "realm": outside.realm.value,
        "contact": outside.contact,
        "connect_to": list(outside.connect_to) if outside.connect_to is not None else None,
        "ca_file": str(outside.ca_file) if outside.ca_file is not None else None,
    }


def outside_in(frame: Frame) -> Outside:
    """Return how the outside is reached. Raises Nonsense."""
    try:
        led, ca_file = frame["connect_to"], frame["ca_file"]
        return Outside(
            realm=Realm(frame["realm"]),
            contact=frame["contact"],
            connect_to=(str(led[0]), int(led[1])) if led is not None else None,
            ca_file=Path(ca_file) if ca_file is not None else None,
        )
    except (KeyError, TypeError, ValueError):
        raise Nonsense from None


def limits_out(limits: Limits) -> dict[str, object]:
    """Return the bounds of the walk as an object."""
    return {
        "request_seconds": limits.request_seconds,
        "page_bytes": limits.page_bytes,
        "page_tags": limits.page_tags,
        "requests": limits.requests,
        "proof_again_after": limits.proof_again_after,
    }


def limits_in(frame: Frame) -> Limits:
    """Return the bounds of the walk. Raises Nonsense."""
    try:
        return Limits(
            request_seconds=float(frame["request_seconds"]),
            page_bytes=int(frame["page_bytes"]),
            page_tags=int(frame["page_tags"]),
            requests=int(frame["requests"]),
            proof_again_after=float(frame["proof_again_after"]),
        )
    except (KeyError, TypeError, ValueError):
        raise Nonsense from None
