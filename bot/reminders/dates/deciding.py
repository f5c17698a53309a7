"""What an admin's act makes of a court's date, or why it makes nothing of it: pure, over values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.courts.court import Court
from bot.people import Person
from bot.reminders.dates.change import What
from bot.reminders.dates.event_form import DateField, DateFlaw, DateProblem, EventForm, EventParts, form_of
from bot.reminders.dates.event_reading import read_form
from bot.reminders.event import Closing, CourtEvent, EventId, Status


@dataclass(frozen=True, slots=True)
class Decision:
    """The event as it is to stand, and what was done to it."""

    event: CourtEvent
    what: What


Decided = Decision | tuple[DateProblem, ...] | None
"""What to do, what is wrong, or None: all is so already."""

_OWN_STEP = frozenset({Status.LIVE, Status.WITHDRAWN})


MOST_CLOSINGS = 20
"""Black-outs that are remembered of one event: who heard an older one than that has heard a newer one since."""


def enter(
    id: EventId, form: EventForm, court: Court | None, by: Person, now: datetime
) -> Decision | tuple[DateProblem, ...]:
    """Decide about a new event with this id; whoever enters it vouches for it, so it is verified by them, `now`."""
    parts = read_form(form, court)
    if isinstance(parts, tuple):
        return parts
    if court is None or parts.status in _OWN_STEP:
        return (DateProblem(DateField.STATUS, DateFlaw.OWN_STEP),)
    fresh = CourtEvent(id, court.id, court.zone, parts.kind, parts.status, verified_at=now, verified_by=by)
    return Decision(_with(fresh, parts), What.SET)


def change(old: CourtEvent, form: EventForm, court: Court | None, by: Person, now: datetime) -> Decided:
    """Decide about a form that was filled in for the event `old`."""
    parts = read_form(form, court)
    if isinstance(parts, tuple):
        return parts
    problems = _fixed(old, court, parts)
    if parts.status in _OWN_STEP and parts.status is not old.status:
        problems = (*problems, DateProblem(DateField.STATUS, DateFlaw.OWN_STEP))
    if problems:
        return problems
    moved = (parts.day, parts.time) != (old.day, old.time)
    return _decided(old, _with(old, parts), _what(old, parts, moved=moved), by, now)


def confirm(old: CourtEvent, by: Person, now: datetime) -> Decided:
    """Decide about the admin's word that the date of `old` is confirmed."""
    hindered = _hindered(old, Status.CONFIRMED, Status.LIVE)
    return hindered or _decided(old, replace(old, status=Status.CONFIRMED), What.CONFIRMED, by, now)


def live(old: CourtEvent, by: Person, now: datetime) -> Decided:
    """Decide about the admin's word that the court of `old` is live, from `now` on if its date has not come yet."""
    hindered = _hindered(old, Status.LIVE)
    return hindered or _decided(old, replace(old, status=Status.LIVE, live_since=now), What.LIVE, by, now)


def withdraw(old: CourtEvent, note: str, court: Court | None, by: Person, now: datetime) -> Decided:
    """Decide about the admin's word that the date of `old` was taken back; `note` says why, "" leaves what is noted."""
    if old.status is Status.WITHDRAWN:
        return (DateProblem(DateField.STATUS, DateFlaw.SAME_ALREADY),)
    parts = read_form(replace(form_of(old), note=note.strip() or old.note), court)
    if isinstance(parts, tuple):
        return parts
    gone = replace(old, status=Status.WITHDRAWN, note=parts.note, live_since=None)
    return _decided(old, gone, What.WITHDRAWN, by, now)


def _fixed(old: CourtEvent, court: Court | None, parts: EventParts) -> tuple[DateProblem, ...]:
    changed = {
        DateField.COURT: court is None or court.id != old.court,
        DateField.KIND: parts.kind is not old.kind,
    }
    return tuple(DateProblem(field, DateFlaw.FIXED) for field, is_changed in changed.items() if is_changed)


def _hindered(old: CourtEvent, *already: Status) -> tuple[DateProblem, ...]:
    flaw = None
    if old.status is Status.WITHDRAWN:
        flaw = DateFlaw.WITHDRAWN
    elif old.status in already:
        flaw = DateFlaw.SAME_ALREADY
    elif old.day is None:
        flaw = DateFlaw.NEEDS_DAY
    return (DateProblem(DateField.STATUS, flaw),) if flaw else ()


def _what(old: CourtEvent, parts: EventParts, *, moved: bool) -> What:
    if moved:
        return What.MOVED
    if old.status is Status.WITHDRAWN and parts.status is not Status.WITHDRAWN:
        return What.SET
    confirmed = parts.status is Status.CONFIRMED and old.status is not Status.CONFIRMED
    return What.CONFIRMED if confirmed else What.EDITED


def _with(event: CourtEvent, parts: EventParts) -> CourtEvent:
    return replace(
        event,
        status=parts.status,
        day=parts.day,
        time=parts.time,
        coarse=parts.coarse,
        blackout=parts.blackout,
        source=parts.source,
        note=parts.note,
        order_number=parts.order_number,
        emergency_channel=parts.emergency_channel,
        emergency_until=parts.emergency_until,
        live_since=event.live_since if parts.status is Status.LIVE else None,
    )


def _decided(old: CourtEvent, new: CourtEvent, what: What, by: Person, now: datetime) -> Decision | None:
    """Number the change; one of day, time, black-out or status is a new version, which its maker vouches for."""
    if new == old:
        return None
    numbered = replace(new, edition=old.edition + 1)
    if (new.day, new.time, new.status, new.blackout) != (old.day, old.time, old.status, old.blackout):
        numbered = replace(numbered, version=old.version + 1, verified_at=now, verified_by=by)
    if new.blackout != old.blackout:
        before = old.closings or (Closing(1, old.blackout),)
        numbered = replace(numbered, closings=(*before[-MOST_CLOSINGS:], Closing(numbered.version, new.blackout)))
    return Decision(numbered, what)
