"""Weeks of a firm in fast motion: the promises of the ladder hold whatever happens, in whatever order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings

from bot.reminders.ladder import Rung, ladder
from bot.reminders.notice import Step
from tests.reminders.replay import Firm
from tests.reminders.scripts import firms
from tests.reminders.verdicts import Promises, by_hours

A_MOMENT = timedelta(minutes=30)
LONG = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
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
        told = {each.step: each.at for each in who.heard}
        assert len(told) == len(who.heard)
        for rung in rungs:
            if rung.step not in told and by_hours(who, max(rung.opens, firm.begins), rung.closes - A_MOMENT):
                assert stood_for(rung, {each.step: each for each in rungs}, told), f"{rung.step} was not told"


def stood_for(missing: Rung, rungs: Mapping[Step, Rung], told: Mapping[Step, datetime]) -> bool:
    """Say whether the last days told early, or the opening told late, took the place of a step."""
    if missing.step in {Step.T_14, Step.T_7}:
        return Step.LAST_DAYS in told and told[Step.LAST_DAYS] < rungs[Step.LAST_DAYS].opens
    return missing.step in {Step.T_PLUS_1, Step.T_PLUS_7} and told.get(Step.OPENING, missing.opens) > missing.opens
