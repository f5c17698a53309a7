"""What must be true of every notice sent, and after every tick, whatever happened in between (design 2.9 and 7)."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.people import PersonId
from bot.reminders.hours import next_morning, next_working
from bot.reminders.ladder import RANK, STEPS, Rung, ladder
from bot.reminders.moments import instant
from bot.reminders.notice import PlannedNotice, Step
from bot.reminders.plan import NOT_PUT_OFF
from tests.reminders.replay import Attorney, Firm, Judge, has_opening, is_over, told_of
from tests.reminders.stage import by_the_clock

A_TICK = timedelta(minutes=5)
PROMPT = timedelta(hours=48)


class Promises(Judge):
    """The promises of the ladder, told from what people heard and not from how the plan comes about."""

    def __init__(self) -> None:
        self.told: list[tuple[datetime, PlannedNotice]] = []

    def sent(self, firm: Firm, who: Attorney, notice: PlannedNotice, now: datetime) -> None:
        """Judge one notice as it goes out."""
        event = firm.event
        stands = event.occasion if event.reminds else None
        assert who.joins <= now
        assert who.done_at is None or now < who.done_at, "never after done"
        keys = [(each.occasion, each.step) for each in who.heard]
        assert (notice.occasion, notice.step) not in keys, "never twice"
        assert not any(each.at == now for each in who.heard), "one notice of an event at a time"
        assert notice.told == stands, "never of a date that does not stand"
        assert notice.version == event.version
        self._in_hours(firm, who, notice, now)
        if notice.step is Step.CORRECTION:
            assert belief(who) != (True, stands), "only to those who heard another date"
            assert who.heard
            assert notice.heard == who.heard[-1].date_told
        elif notice.step is Step.AGAIN:
            assert who.again is not None
            assert who.again <= now
            assert not any(each.at >= who.again for each in who.heard), "what they asked for, once"
        else:
            self._on_the_ladder(firm, who, notice, now)
        self.told.append((now, notice))

    def _on_the_ladder(self, firm: Firm, who: Attorney, notice: PlannedNotice, now: datetime) -> None:
        assert notice.occasion == firm.event.occasion
        assert notice.step in STEPS[firm.event.kind]
        assert belief(who) in {(False, None), (True, firm.event.occasion)}, "the correction comes first"
        ranks = [RANK[each.step] for each in who.heard if each.occasion == notice.occasion and each.step in RANK]
        assert all(rank < RANK[notice.step] for rank in ranks), "no step before one that was told"
        rung = next(each for each in ladder(firm.event) if each.step is notice.step)
        if notice.step is Step.LAST_DAYS and now < rung.opens:
            assert next_working(who.hours, rung.opens) >= rung.closes, "early only to those who are away"
            assert rung.opens - now < timedelta(days=15)
        else:
            assert rung.opens <= now, "not before its time"
        if notice.step is Step.OPENING and now >= rung.closes:
            assert not by_hours(who, rung.opens, rung.closes), "late only to those who were away"
            assert not is_over(firm.event, now)
        else:
            assert now < rung.closes, "not after its time"

    def _in_hours(self, firm: Firm, who: Attorney, notice: PlannedNotice, now: datetime) -> None:
        if by_the_clock(who.hours, now):
            return
        if notice.step is Step.CORRECTION:
            around = [firm.event.opens_at, firm.event.blackout_starts_at]
            if notice.heard is not None:
                wall = datetime.fromisoformat(notice.heard)
                around.append(instant(wall.date(), wall.time(), firm.event.zone))
            until = max(next_working(who.hours, now), now + PROMPT)
            assert any(at is not None and now - PROMPT <= at <= until for at in around), "a correction that could wait"
        else:
            assert who.any_hour, "in their hours"
            assert notice.step in NOT_PUT_OFF

    def ticked(self, firm: Firm, now: datetime, waiting: set[PersonId]) -> None:
        """Judge how matters stand after a tick; a message for those `waiting` did not get out."""
        for who in firm.people:
            gone = who.done_at is not None and who.done_at <= now
            if who.joins > now or gone or who.name in waiting or is_over(firm.event, now):
                continue
            if by_the_clock(who.hours, now):
                stands = firm.event.occasion if firm.event.reminds else None
                assert belief(who) in {(False, None), (True, stands)} or self._long_ago(firm, who, now)
            for rung in ladder(firm.event):
                if rung.opens <= now < rung.closes:
                    assert self._has(firm, who, rung, now), f"{who.name} should have heard {rung.step} by {now}"
            self._heard_of_the_opening(firm, who, now)

    def _long_ago(self, firm: Firm, who: Attorney, now: datetime) -> bool:
        """Whether nothing stands, and what they believed in is over."""
        known = belief(who)[1]
        return (
            not firm.event.reminds
            and known is not None
            and (datetime.fromisoformat(known).replace(tzinfo=firm.event.zone) + timedelta(days=13) <= now)
        )

    def _has(self, firm: Firm, who: Attorney, rung: Rung, now: datetime) -> bool:
        """Whether they heard an open step, or something that stands for it, or need not have by now."""
        event = firm.event
        # Who believes another date hears of the opening by the correction, which may wait for their hours.
        believes = belief(who) in {(False, None), (True, event.occasion)}
        out_of_hours = who.any_hour and believes and rung.step is Step.OPENING
        if not by_the_clock(who.hours, now) and not out_of_hours:
            return True
        if any(told_of(who, event, step) for step in STEPS[event.kind] if RANK[step] >= RANK[rung.step]):
            return True
        stand_in = [Step.CORRECTION] if rung.step in NOT_PUT_OFF else [Step.CORRECTION, Step.AGAIN, Step.OPENING]
        if any((told := told_of(who, event, step)) is not None and told >= rung.opens for step in stand_in):
            return True
        if rung.step in NOT_PUT_OFF:
            return False
        morning = next_morning(who.hours, rung.opens)
        put_off = who.again is not None and next_working(who.hours, who.again) > now
        return put_off or now < morning < rung.closes

    def _heard_of_the_opening(self, firm: Firm, who: Attorney, now: datetime) -> None:
        """In time, where nothing changed since: at the opening, or at their first working moment after it."""
        opens = firm.event.opens_at
        if opens is None or opens > now or not firm.event.reminds or not has_opening(firm.event) or firm.losses:
            return
        if max(firm.changed or firm.begins, who.unsettled or who.joins, who.joins) >= opens:
            return
        due = opens if who.any_hour else next_working(who.hours, opens)
        if due > now:
            return
        corrected = told_of(who, firm.event, Step.CORRECTION)
        told = told_of(who, firm.event, Step.OPENING)
        assert told is not None or (corrected is not None and corrected >= opens)
        if told is not None and told >= opens:
            assert told - due <= A_TICK, "the opening is told at the opening"


def belief(who: Attorney) -> tuple[bool, str | None]:
    """Return whether a person was told anything, and which date they were last told stands."""
    return (True, who.heard[-1].date_told) if who.heard else (False, None)


def by_hours(who: Attorney, begins: datetime, ends: datetime) -> bool:
    """Say whether a person works at some moment of a span, by what their clock shows every quarter of an hour."""
    quarter = timedelta(minutes=15)
    return any(by_the_clock(who.hours, begins + number * quarter) for number in range((ends - begins) // quarter))
