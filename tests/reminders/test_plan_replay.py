"""Weeks of a firm in fast motion: the promises of the ladder hold whatever happens, in whatever order."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings

from bot.reminders.ladder import ladder
from bot.reminders.notice import Step
from tests.reminders.replay import Firm
from tests.reminders.scripts import firms
from tests.reminders.verdicts import Promises, by_hours

LONG = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@LONG
@given(firms())
def test_the_promises_hold_whatever_happens(firm: Firm) -> None:
    firm.play(Promises())


@LONG
@given(firms(quiet=True))
def test_without_changes_everybody_hears_every_step_that_makes_sense_exactly_once(firm: Firm) -> None:
    rungs = ladder(firm.event)
    for who in firm.people:
        who.joins, who.done_at, who.travels, who.snoozes = firm.begins, None, None, ()
    firm.play(Promises())
    for who in firm.people:
        told = [each.step for each in who.heard]
        assert len(told) == len(set(told))
        for rung in rungs:
            works = by_hours(who, max(rung.opens, firm.begins), rung.closes - timedelta(minutes=30))
            stood_for = (Step.OPENING in told and told[-1] is Step.OPENING) or Step.LAST_DAYS in told
            if works and rung.step not in told:
                assert stood_for, f"{rung.step} was not told"
                assert rung.step not in {Step.OPENING, Step.LAST_DAYS, Step.T_60, Step.T_30, Step.ACCOUNTS}
