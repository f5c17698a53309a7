"""Courts' events and the people who hear of them, as short to write as they are to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.courts.court import CourtId
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.event import BlackOut, CourtEvent, EventId, Kind, Occasion, Status
from bot.reminders.hearer import WORKDAYS, Hearer, Hours
from bot.reminders.notice import Heard, PlannedNotice, Step
from bot.reminders.plan import plan

EVENT = EventId("e1")
NEW_YORK, CHICAGO, PHOENIX = ZoneInfo("America/New_York"), ZoneInfo("America/Chicago"), ZoneInfo("America/Phoenix")
GUAM, HONOLULU, LONDON = ZoneInfo("Pacific/Guam"), ZoneInfo("Pacific/Honolulu"), ZoneInfo("Europe/London")


def at(text: str, zone: ZoneInfo = CHICAGO) -> datetime:
    """Return the instant of a wall clock such as "2021-01-30 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def go_live(
    day: str | None = "2021-03-08",
    zone: ZoneInfo = CHICAGO,
    *,
    hour: str | None = None,
    blackout: tuple[str, str] | None = None,
    kind: Kind = Kind.NEXTGEN_GO_LIVE,
    status: Status = Status.ANNOUNCED,
    version: int = 1,
    live_since: datetime | None = None,
    coarse: str = "",
) -> CourtEvent:
    """Return an event of a court in `zone`."""
    return CourtEvent(
        id=EVENT,
        court=CourtId("almb"),
        zone=zone,
        kind=kind,
        status=status,
        day=None if day is None else date.fromisoformat(day),
        time=None if hour is None else time.fromisoformat(hour),
        coarse=coarse,
        blackout=None if blackout is None else BlackOut(*(datetime.fromisoformat(end) for end in blackout)),
        version=version,
        live_since=live_since,
    )


def office(
    zone: ZoneInfo = CHICAGO,
    begins: str = "09:00",
    ends: str = "17:30",
    days: Sequence[int] = tuple(WORKDAYS),
    vacation: tuple[str, str] | None = None,
) -> Hours:
    """Return somebody's working hours."""
    away = None if vacation is None else (date.fromisoformat(vacation[0]), date.fromisoformat(vacation[1]))
    return Hours(zone, time.fromisoformat(begins), time.fromisoformat(ends), frozenset(days), away)


def attorney(
    hours: Hours | None = None,
    *,
    heard: Sequence[Heard] = (),
    again: datetime | None = None,
    any_hour: bool = False,
    done: bool = False,
    muted: bool = False,
    name: str = "U0ANNA",
) -> Hearer:
    """Return somebody who files at the court."""
    return Hearer(
        person=Person(Platform.SLACK, WorkspaceId("T1"), PersonId(name)),
        hours=hours or office(),
        done=done,
        muted=muted,
        any_hour=any_hour,
        again={} if again is None else {EVENT: again},
        heard=tuple(heard),
    )


def heard(step: Step, occasion: str, when: datetime, version: int = 1) -> Heard:
    """Return that somebody was told a step of a date."""
    return Heard(EVENT, Occasion(occasion), step, version, when, Occasion(occasion))


def corrected(told: str | None, when: datetime, version: int) -> Heard:
    """Return that somebody was told which date stands now, None for none."""
    return Heard(
        EVENT, Occasion(f"v{version}"), Step.CORRECTION, version, when, None if told is None else Occasion(told)
    )


def planned(event: CourtEvent, hearer: Hearer, now: datetime) -> dict[Step, PlannedNotice]:
    """Return what one person is still to be told, by step."""
    notices = plan(event, [hearer], now)
    found = {notice.step: notice for notice in notices}
    assert len(found) == len(notices)
    return found


def dues(event: CourtEvent, hearer: Hearer, now: datetime) -> dict[Step, str]:
    """Return when one person is to be told each step, as their own wall clock with its weekday."""
    zone = hearer.hours.zone
    found = planned(event, hearer, now)
    return {step: f"{each.due_at.astimezone(zone):%a %Y-%m-%d %H:%M}" for step, each in found.items()}


def by_the_clock(hours: Hours, moment: datetime) -> bool:
    """Say the same as `is_working`, from what the person's own clock and calendar show."""
    wall = moment.astimezone(hours.zone)
    away = hours.vacation is not None and hours.vacation[0] <= wall.date() <= hours.vacation[1]
    ends = hours.ends if hours.begins < hours.ends else time.max
    on_day = wall.weekday() in (hours.days or range(5))
    return on_day and not away and hours.begins <= wall.time() and (wall.time() < ends or ends == time.max)
