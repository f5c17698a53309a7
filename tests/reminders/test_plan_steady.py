"""The plan does not change its mind: a minute later it says the same of whatever has not been sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings

from bot.reminders.hearer import Hearer
from bot.reminders.hours import is_working
from bot.reminders.ladder import ladder
from bot.reminders.notice import PlannedNotice, Step
from bot.reminders.plan import plan
from tests.reminders.replay import Firm, Judge, is_over
from tests.reminders.scripts import firms

AHEAD = timedelta(hours=48)
A_MINUTE = timedelta(minutes=1)


def key(notice: PlannedNotice) -> tuple[str, str, Step]:
    """Return what a notice is unique by, of one event."""
    return notice.person.id, notice.occasion, notice.step


class Steady(Judge):
    """Plans everything twice: with a horizon, and a minute later."""

    def planned(self, firm: Firm, hearers: list[Hearer], notices: tuple[PlannedNotice, ...], now: datetime) -> None:
        """Judge a plan before anything of it is sent."""
        soon = tuple(each for each in notices if each.due_at <= now + AHEAD)
        assert plan(firm.event, hearers, now, AHEAD) == soon
        later = now + A_MINUTE
        if is_over(firm.event, later) or any(now < rung.closes <= later for rung in ladder(firm.event)):
            return
        after = {key(each): each for each in plan(firm.event, hearers, later)}
        for hearer in hearers:
            mine = [each for each in notices if each.person == hearer.person]
            # A moment that comes in this very minute may take the place of what waits.
            if not any(now < each.due_at <= later for each in mine):
                self._steady(hearer, mine, after, now)

    def _steady(
        self,
        hearer: Hearer,
        mine: list[PlannedNotice],
        after: dict[tuple[str, str, Step], PlannedNotice],
        now: datetime,
    ) -> None:
        later = now + A_MINUTE
        for each in mine:
            if each.due_at > later:
                assert after[key(each)].due_at == each.due_at or each.step is Step.CORRECTION
            elif is_working(hearer.hours, later):
                assert after[key(each)].due_at <= later, "what waits to be sent is not pushed forward"
        assert {key for key in after if key[0] == hearer.person.id} <= {key(each) for each in mine}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(firms())
def test_a_minute_later_the_plan_says_the_same(firm: Firm) -> None:
    firm.play(Steady())
