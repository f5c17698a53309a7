"""Where a person stands at a court as reminders see it: read from rows and dates, without asking anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.errors import Code
from bot.register.entry import State
from bot.reminders.event import CourtEvent, Kind, Status
from bot.reminders.hearer import Hours
from bot.reminders.hours import next_working
from bot.reminders.moments import instant
from bot.reminders.people.wish_form import Later
from bot.reminders.people.wish_sheet import Linked, WatchedCourt
from bot.reminders.people.wishes import Kept
from bot.store import RegisterRow

SHOWN_FOR = timedelta(days=30)
"""How long a date that is past is still shown where it asks the person for nothing more."""


def hears(kept: Kept, event: CourtEvent) -> bool:
    """Tell whether the person is told of the event at all."""
    row = next((one for one in kept.watches if one.court == event.court and one.is_on), None)
    linked = linked_of(next((one for one in kept.register if one.court == event.court), None))
    done = linked.done if event.kind is Kind.NEXTGEN_GO_LIVE else linked is Linked.NOT_FILING
    return row is not None and not row.muted and not done


def told_again_at(hours: Hours, now: datetime, later: Later) -> datetime:
    """Return when somebody with these hours is told again (aware, UTC): that day as they begin, or the next they work.

    It depends on the day alone, so that pressing twice asks for the same.
    """
    day = now.astimezone(hours.zone).date() + timedelta(days=later.days)
    return next_working(hours, instant(day, hours.begins, hours.zone))


def linked_of(row: RegisterRow | None) -> Linked:
    """Return how far a person is at a court, by their line of the register."""
    match State(row.state) if row is not None else State.UNKNOWN:
        case State.LINKED:
            return Linked.PROVED
        case State.GUIDED:
            return Linked.OWN_WORD
        case State.NOT_NEEDED:
            return Linked.NOT_FILING
        case State.IN_PROGRESS:
            return Linked.RUNNING
        case State.UNKNOWN if row is not None and row.code == Code.OUTCOME_UNKNOWN:
            return Linked.PERHAPS
    return Linked.NOT_YET


def is_shown(event: CourtEvent, linked: Linked, now: datetime) -> bool:
    """What is to come, what still asks for a link, and what has just passed."""
    if event.status is Status.WITHDRAWN:
        return False
    if event.opens_at is None or event.opens_at > now - SHOWN_FOR:
        return True
    return event.kind is Kind.NEXTGEN_GO_LIVE and not linked.done


def by_next_date(watched: WatchedCourt, now: datetime) -> tuple[datetime, str]:
    """Courts stand by their next date; those without one come last, by name."""
    coming = [one.opens_at for one in watched.events if one.opens_at is not None and one.opens_at > now]
    return min(coming, default=datetime.max.replace(tzinfo=UTC)), watched.court.name
