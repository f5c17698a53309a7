"""The same roads over the real service and a real database: what is typed in Slack is what is kept and planned."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.attempts.attempt import AttemptId, AttemptView
from bot.clock import SystemClock
from bot.errors import Code
from bot.linker.values import IncidentId, Result
from bot.sandbox.slack import PretendSlack
from bot.store import People, Store
from handlers.slack.notice_actions import LINKED_ALREADY, MUTE, SNOOZE
from handlers.slack.progress import attempt_message
from tests.handlers.slack.stage import ANNA, FakeService, bot_in_slack, person
from tests.handlers.slack.watch_stage import FakeWatching, Watched, court_of
from tests.reminders.wish_stage import Desk, desk_of
from tests.sqlite import made

WHO = person(ANNA)


@dataclass
class Kept(Watched):
    """The bot in Slack over a database."""

    desk: Desk


@pytest.fixture
async def kept(slack: PretendSlack, tmp_path: Path) -> AsyncIterator[Kept]:
    """The bot with reminders over a database of its own."""
    store = await Store.open(made(tmp_path / "link-ecf.db"), SystemClock())
    try:
        desk = desk_of(store)
        async with store.work() as work:  # no test depends on the day of the week
            await People().save(work, WHO, zone="UTC", begins="00:00", ends="23:59", days="1111111")
        async with bot_in_slack(slack, FakeService(), watching=desk.service) as stage:
            yield Kept(stage, FakeWatching(), desk)
    finally:
        await store.close()


async def test_a_court_is_watched_planned_muted_and_left_from_slack(kept: Kept) -> None:
    event = await kept.desk.date(20)
    reply = await kept.slack.command(ANNA, "/link-ecf", "watch gasb")
    assert reply.status == 200
    said = await kept.said("You watch Bankr. S.D. Georgia")
    assert "Go-live on NextGen CM/ECF: " in said.shown
    assert await kept.desk.unsent(event, WHO) == {"t-21"}
    notice = await kept.notice(("Mute", MUTE, "gasb"))
    await kept.slack.press(notice, "Mute")
    muted = await kept.said("Muted: ")
    assert await kept.desk.unsent(event, WHO) == set()
    await kept.slack.press(muted, "Undo")
    await kept.said("No longer muted")
    assert await kept.desk.unsent(event, WHO) == {"t-21"}
    view = await kept.form()
    await kept.slack.submit(view, {"courts": ["almb"], "begins": "07:30", "zone": "Pacific/Guam"})
    assert "You watch 1 court: Bankr. M.D. Alabama" in view.shown
    assert await kept.desk.unsent(event, WHO) == set()
    row = await kept.desk.row(WHO)
    assert (row.begins, row.zone) == ("07:30", "Pacific/Guam")
    await kept.slack.command(ANNA, "/link-ecf", "remind")
    await kept.said("every day, 7:30 a.m. to 11:59 p.m., Chamorro Time, Guam")


async def test_later_and_linked_already_are_kept_and_taken_back_from_slack(kept: Kept) -> None:
    event = await kept.desk.date(40)
    await kept.slack.command(ANNA, "/link-ecf", "watch gasb")
    await kept.said("You watch ")
    notice = await kept.notice(("Later", SNOOZE, event.id), ("Linked", LINKED_ALREADY, "gasb"))
    await kept.slack.press(notice, "Later")
    asked = await kept.said("When do you want to be told again?")
    await kept.slack.press(asked, "In a week")
    await kept.said("You will be told again on ")
    async with kept.desk.store.work() as work:
        [again] = await People().agains(work, WHO)
    assert again.due_at > datetime.now(UTC) + timedelta(days=5)
    await kept.slack.press(asked, "Undo")
    await kept.said("You are reminded at the usual times again")
    async with kept.desk.store.work() as work:
        assert await People().agains(work, WHO) == ()
    await kept.slack.press(notice, "Linked")
    noted = await kept.said("Noted: linked by hand")
    await kept.slack.command(ANNA, "/link-ecf", "remind")
    await kept.said("Linked by hand, by your own word")
    await kept.slack.press(noted, "Undo")
    await kept.said("counts you as not linked")


def test_an_attempt_that_found_the_court_not_live_offers_to_watch_it() -> None:
    view = AttemptView(AttemptId("a"), IncidentId("i23456789a"), WHO, court_of("gasb"), datetime.now(UTC))
    for code in Code:
        ended = AttemptView(
            view.id, view.incident, WHO, view.court, view.started_at, result=Result(code, view.incident)
        )
        assert ("Watch this court" in str(attempt_message(ended).blocks)) is (code is Code.NOT_LIVE)
