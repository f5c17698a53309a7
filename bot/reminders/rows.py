"""How dates, people and notices become rows of the store and rows become them; the store itself knows no meanings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.courts.court import CourtId
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.event import BlackOut, Closing, CourtEvent, EventId, Kind, Occasion, Status
from bot.reminders.hearer import WORKDAYS, Hours
from bot.reminders.notice import Heard, Notice, NoticeId, PlannedNotice, Step
from bot.store import EventRow, NoticeRow, PersonRow


def event_of(row: EventRow, zone: ZoneInfo) -> CourtEvent:
    """Return the event that `row_of` made a row of; `zone` is its court's."""
    return CourtEvent(
        id=EventId(row.id),
        court=CourtId(row.court),
        zone=zone,
        kind=Kind(row.kind),
        status=Status(row.status),
        day=date.fromisoformat(row.day) if row.day else None,
        time=time.fromisoformat(row.time) if row.time else None,
        coarse=row.coarse,
        blackout=_blackout(row.blackout_start, row.blackout_end),
        source=row.source,
        note=row.note,
        order_number=row.order_number,
        emergency_channel=row.emergency_channel,
        emergency_until=row.emergency_until,
        verified_at=row.verified_at,
        verified_by=named_person(row.verified_by) if row.verified_by else None,
        version=row.version,
        edition=row.edition,
        live_since=row.live_since,
        closings=tuple(Closing(int(version), _blackout(start, end)) for version, start, end in row.closings or ()),
    )


def _blackout(start: str | None, end: str | None) -> BlackOut | None:
    return BlackOut(datetime.fromisoformat(start), datetime.fromisoformat(end)) if start and end else None


def _closing(closing: Closing) -> list[Any]:
    gone = closing.blackout
    if gone is None:
        return [closing.version, None, None]
    return [closing.version, gone.start.isoformat(timespec="minutes"), gone.end.isoformat(timespec="minutes")]


def row_of(event: CourtEvent, changed_at: datetime) -> EventRow:
    """Return the row of `event`, changed at `changed_at` (aware)."""
    gone = event.blackout
    return EventRow(
        id=event.id,
        court=event.court,
        kind=event.kind.value,
        status=event.status.value,
        changed_at=changed_at,
        day=event.day.isoformat() if event.day else None,
        time=event.time.isoformat("minutes") if event.time else None,
        coarse=event.coarse,
        blackout_start=gone.start.isoformat(timespec="minutes") if gone else None,
        blackout_end=gone.end.isoformat(timespec="minutes") if gone else None,
        source=event.source,
        note=event.note,
        order_number=event.order_number,
        emergency_channel=event.emergency_channel,
        emergency_until=event.emergency_until,
        verified_at=event.verified_at,
        verified_by=person_name(event.verified_by) if event.verified_by else None,
        version=event.version,
        edition=event.edition,
        live_since=event.live_since,
        closings=[_closing(one) for one in event.closings] or None,
    )


_MOMENTS = ("changed_at", "verified_at", "live_since")


def entry_of(row: EventRow) -> Mapping[str, Any]:
    """Return the row as JSON can say it, for the history."""
    values = asdict(row)
    return {**values, **{name: values[name] and values[name].isoformat() for name in _MOMENTS}}


def row_of_entry(entry: Mapping[str, Any]) -> EventRow:
    """Return the row that `entry_of` wrote down."""
    moments = {name: datetime.fromisoformat(entry[name]) if entry[name] else None for name in _MOMENTS}
    return EventRow(**{**entry, **moments})


def person_name(person: Person) -> str:
    """Return a person as one text, to be kept as who did something."""
    return f"{person.platform.value}/{person.workspace}/{person.id}"


def named_person(name: str) -> Person:
    """Return the person that `person_name` named."""
    platform, workspace, person = name.split("/", 2)
    return Person(Platform(platform), WorkspaceId(workspace), PersonId(person))


def hours_of(row: PersonRow, zone: ZoneInfo) -> Hours:
    """Return when the person may be told something; `zone` stands in while theirs is not known."""
    return _hours(row.zone or zone.key, row.begins, row.ends, row.days, row.vacation_from, row.vacation_until, zone.key)


@lru_cache(maxsize=1024)
def _hours(zone: str, begins: str, ends: str, days: str, first: str | None, last: str | None, otherwise: str) -> Hours:
    # Most people of a firm keep the same hours: one value for all of them is one schedule to work out.
    try:
        known = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        known = ZoneInfo(otherwise)
    away = (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None
    workdays = frozenset(day for day, works in enumerate(days) if works == "1") or WORKDAYS
    return Hours(known, time.fromisoformat(begins), time.fromisoformat(ends), workdays, away)


def notice_of(row: NoticeRow) -> Notice:
    """Return the notice that `notice_row` made a row of."""
    planned = PlannedNotice(
        EventId(row.event),
        row.version,
        Occasion(row.occasion),
        row.who,
        Step(row.step),
        row.due_at,
        Occasion(row.heard) if row.heard else None,
        Occasion(row.told) if row.told else None,
    )
    return Notice(NoticeId(row.id), CourtId(row.court), planned)


def notice_row(id: NoticeId, court: CourtId, planned: PlannedNotice) -> NoticeRow:
    """Return the row of a notice that is to be told."""
    who = planned.person
    return NoticeRow(
        id=id,
        platform=who.platform.value,
        workspace=who.workspace,
        person=who.id,
        event=planned.event,
        court=court,
        version=planned.version,
        occasion=planned.occasion,
        step=planned.step.value,
        due_at=planned.due_at,
        heard=planned.heard,
        told=planned.told,
    )


def heard_of(row: NoticeRow) -> Heard:
    """Return what the person knows from a notice that was sent, or may have been."""
    told = Occasion(row.told) if row.told else None
    return Heard(
        EventId(row.event), Occasion(row.occasion), Step(row.step), row.version, row.sent_at or row.due_at, told
    )
