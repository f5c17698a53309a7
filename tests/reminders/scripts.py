"""Everything that may happen to a firm and a court's date, for hypothesis to choose from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.reminders.event import BlackOut, CourtEvent, Kind, Status
from bot.reminders.hearer import Hours
from tests.reminders.replay import Attorney, Change, Firm
from tests.reminders.stage import go_live

ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Indiana/Indianapolis",
    "Pacific/Guam",
    "Pacific/Honolulu",
    "America/Anchorage",
    "Europe/London",
)
DAYS = (
    date(2026, 3, 9),  # a Monday, the day after the clocks go forward
    date(2026, 3, 8),  # that Sunday
    date(2026, 11, 2),  # a Monday, the day after they go back
    date(2026, 9, 12),  # a Saturday
    date(2026, 7, 6),
    date(2026, 9, 8),  # a Tuesday after a holiday
    date(2027, 1, 1),
)
TIMES = (None, time(0), time(0, 1), time(2, 30), time(8), time(12), time(23, 30))
MOVES = (-14, -3, 0, 1, 7, 21)
"""Days by which a date is away from the first one; few, so that a date often returns."""

zones = st.sampled_from(ZONES).map(ZoneInfo)
weeks = st.sampled_from(
    [frozenset(range(5)), frozenset(range(7)), frozenset({0, 1, 2, 3}), frozenset({5}), frozenset({1, 4})]
)
spans = st.sampled_from([(time(9), time(17, 30)), (time(0), time(23, 59)), (time(6), time(7)), (time(13), time(22))])


@st.composite
def offices(draw: st.DrawFn, day: date) -> Hours:
    """Somebody's hours, with a vacation around the day now and then."""
    begins, ends = draw(spans)
    vacation = None
    if draw(st.integers(0, 3)) == 0:
        first = day + timedelta(days=draw(st.integers(-30, 5)))
        vacation = (first, first + timedelta(days=draw(st.integers(0, 25))))
    return Hours(draw(zones), begins, ends, draw(weeks), vacation)


@st.composite
def attorneys(draw: st.DrawFn, name: str, day: date, begins: datetime, ends: datetime) -> Attorney:
    """Somebody who joins, asks to be told again, travels and links at any time, or does none of it."""
    moments = st.datetimes(begins.replace(tzinfo=None), ends.replace(tzinfo=None), timezones=st.just(UTC))
    later = st.sampled_from([timedelta(hours=3), timedelta(days=1), timedelta(days=3), timedelta(days=7)])
    return Attorney(
        name=name,
        hours=draw(offices(day)),
        joins=draw(moments) if draw(st.integers(0, 2)) == 0 else begins,
        done_at=draw(moments) if draw(st.integers(0, 3)) == 0 else None,
        any_hour=draw(st.booleans()),
        travels=draw(st.none() | st.tuples(moments, offices(day))),
        snoozes=tuple(sorted(draw(st.lists(st.tuples(moments, later), max_size=2)))),
    )


def moved(day: date, at: time | None) -> Change:
    """The court names another date, or the same one again."""

    def change(event: CourtEvent, now: datetime) -> CourtEvent:
        return replace(event, day=day, time=at, status=Status.ANNOUNCED, live_since=None, coarse="", blackout=None)

    return change


def marked(status: Status) -> Change:
    """The date is confirmed, withdrawn, or the court is open."""

    def change(event: CourtEvent, now: datetime) -> CourtEvent:
        if event.day is None and status is not Status.WITHDRAWN:
            return event
        return replace(event, status=status, live_since=now if status is Status.LIVE else None)

    return change


def blacked_out(days: int, hour: int) -> Change:
    """The court says when its system goes away: an edit, which makes no new version."""

    def change(event: CourtEvent, now: datetime) -> CourtEvent:
        if event.day is None:
            return event
        ends = datetime.combine(event.day, event.time or time(9))
        start = datetime.combine(event.day - timedelta(days=days), time(hour))
        return replace(event, blackout=BlackOut(min(start, ends), ends))

    return change


def coarsened(event: CourtEvent, now: datetime) -> CourtEvent:
    """The court falls back to a season."""
    return replace(event, day=None, time=None, coarse="spring", live_since=None, blackout=None)


@st.composite
def changes(draw: st.DrawFn, day: date) -> Change:
    """One thing that a court does to its date."""
    return draw(
        st.one_of(
            st.builds(
                lambda days, at: moved(day + timedelta(days=days), at),
                st.sampled_from(MOVES),
                st.sampled_from(TIMES[:5]),
            ),
            st.sampled_from([Status.WITHDRAWN, Status.CONFIRMED, Status.LIVE, Status.ANNOUNCED]).map(marked),
            st.builds(blacked_out, st.integers(0, 10), st.sampled_from([0, 12, 18, 23])),
            st.just(coarsened),
        )
    )


@st.composite
def firms(draw: st.DrawFn, *, quiet: bool = False) -> Firm:
    """A court's date with its people; with `quiet`, nothing happens to the date and nothing fails."""
    day = draw(st.sampled_from(DAYS))
    begins = datetime.combine(day, time(), UTC) - timedelta(days=66)
    ends = datetime.combine(day, time(), UTC) + timedelta(days=45)
    event = replace(go_live(zone=draw(zones)), kind=draw(st.sampled_from([Kind.NEXTGEN_GO_LIVE, *Kind])))
    event = replace(event, day=day, time=draw(st.sampled_from(TIMES)), status=draw(st.sampled_from([*Status][:3])))
    if draw(st.booleans()):
        event = blacked_out(draw(st.integers(0, 10)), draw(st.sampled_from([0, 12, 18, 23])))(event, begins)
    people = [draw(attorneys(f"U{number}", day, begins, ends)) for number in range(draw(st.integers(1, 3)))]
    firm = Firm(event, people, begins, ends, seed=draw(st.integers(0, 1 << 16)))
    if not quiet:
        # Most of what happens to a date happens close to it.
        moments = st.integers(-60 * 24 * 6, 20 * 24 * 6).map(
            lambda tens: begins + timedelta(days=66, minutes=10 * tens)
        )
        firm.changes = sorted(draw(st.lists(st.tuples(moments, changes(day)), max_size=6)), key=lambda each: each[0])
        gaps = draw(st.lists(st.tuples(moments, st.integers(1, 100)), max_size=2))
        firm.outages = [(moment, moment + timedelta(hours=hours)) for moment, hours in gaps]
        firm.losses = draw(st.sampled_from([0, 0, 3, 8]))
    return firm
