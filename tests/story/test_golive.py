"""The second half of the mission, whole: dates kept, people reminded and corrected, broadcasts, by Slack alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import Application
from bot.reminders.delivery.dispatch import LocalDispatcher
from bot.reminding import Tempo
from bot.sandbox.moved_clock import MovedClock
from bot.sandbox.slack import PretendMessage, PretendSlack, PretendView
from bot.settings import read_settings
from tests.sqlite import made

HURRY = Tempo(plan=0.3, dispatch=0.2, rescue=1.0, watchdog=0.2)
ANNA, BEN, AVERY = "U0ANNA", "U0BEN", "U0AVERY"
NEW_YEAR = datetime(2027, 1, 4, 15, 0, tzinfo=UTC)
"""A Monday, ten o'clock in New York."""
OPENING = {"Day": "2027-02-01", "Time": "09:00", "Source": "https://www.gasb.uscourts.gov/notice"}
LATER = {"Day": "2027-03-01", "Time": "12:00"}


class Firm:
    """The firm's Slack, its bot and the clock on its wall."""

    def __init__(self, slack: PretendSlack, clock: MovedClock, app: Application) -> None:
        self.slack, self.clock, self.app = slack, clock, app

    async def form(self, user: str, title: str) -> PretendView:
        """Wait for the open form with this title."""

        def there() -> PretendView | None:
            view = self.slack.open_view(user)
            return view if view is not None and view.title == title and any(view.inputs()) else None

        return await self.slack.wait_for(there, 15)

    async def answered(self, user: str, words: str) -> PretendView:
        """Wait until the open view says `words`."""

        def there() -> PretendView | None:
            view = self.slack.open_view(user)
            return view if view is not None and words in view.shown else None

        return await self.slack.wait_for(there, 15)

    async def said(self, user: str, *words: str) -> PretendMessage:
        """Wait for a message to this person with all these words."""
        return await self.slack.wait_for(lambda: self.find(user, *words), 20)

    def find(self, user: str, *words: str) -> PretendMessage | None:
        """The newest message to this person with all these words."""
        return next((m for m in reversed(self.slack.messages(user)) if all(w in m.shown for w in words)), None)

    async def set_date(self, **more: str) -> None:
        """Avery keeps the date of gasb."""
        await self.slack.command(AVERY, "/ecf-golive", "set gasb")
        view = await self.form(AVERY, "Set a court's date")
        await self.slack.submit(view, {**OPENING, **more})
        await self.slack.close(await self.answered(AVERY, "The date is kept"))

    async def press_in_list(self, button: str) -> None:
        """Avery presses a button of the list of dates."""
        await self.slack.command(AVERY, "/ecf-golive", "")
        await self.slack.press(await self.said(AVERY, "Coming dates of courts", "gasb"), button)

    async def set_of_rounds(self) -> None:
        """Wait until everything was planned, gathered and delivered as of now."""
        kept = self.app.parts.kept
        assert kept is not None
        dispatcher = kept.reminding.dispatcher
        assert isinstance(dispatcher, LocalDispatcher)
        await kept.reminding.planner.round()
        await dispatcher.round()
        await dispatcher.idle()


@asynccontextmanager
async def firm(folder: Path) -> AsyncIterator[Firm]:
    """A firm of two attorneys and one who keeps its dates."""
    clock = MovedClock()
    clock.move_to(NEW_YEAR)
    made(folder / "link-ecf.db")
    async with PretendSlack(unix=clock.unix) as slack:
        for user in (ANNA, BEN, AVERY):
            slack.join(user)
        settings = read_settings(
            {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_SIGNING_SECRET": slack.signing_secret,
                "SLACK_API_URL": slack.api_url,
                "PORT": "0",
                "LINK_ECF_STATE_DIR": str(folder),
                "LINK_ECF_ADMINS": AVERY,
            }
        )
        async with Application(settings, clock, drain_seconds=0.5, tempo=HURRY) as app:
            slack.events_url = f"http://127.0.0.1:{app.port}/slack/events"
            for user in (ANNA, BEN):
                await slack.command(user, "/link-ecf", "watch gasb")
            here = Firm(slack, clock, app)
            for user in (ANNA, BEN):
                await here.said(user, "You watch Bankr. S.D. Georgia")
            yield here
            assert await app.why_not_ready() == ""


async def test_a_date_that_moves_and_is_withdrawn_is_corrected_for_those_who_heard_it(tmp_path: Path) -> None:
    """Both hear; the date moves: both are corrected, Ben mutes; it is withdrawn: Anna alone is told."""
    async with firm(tmp_path) as here:
        await here.set_date()
        for user in (ANNA, BEN):
            assert "for Monday, February 1, 2027, 9:00 a.m. Eastern Time" in (await here.said(user, "28 days")).shown
        await here.press_in_list("Move or edit")
        await here.slack.submit(await here.form(AVERY, "Move or edit a date"), LATER)
        told = "You were told Monday, February 1, 2027, 9:00 a.m. Eastern Time"
        for user in (ANNA, BEN):
            corrected = await here.said(user, told)
            assert "Monday, March 1, 2027, noon Eastern Time" in corrected.shown
        await here.slack.press(await here.said(BEN, told), "Mute this court")
        await here.said(BEN, "Undo")
        await here.press_in_list("Withdraw")
        await here.slack.submit(await here.form(AVERY, "Withdraw a date"), {})
        await here.said(ANNA, "is withdrawn")
        # The old opening, and the later one: nobody hears of either.
        for moment in (datetime(2027, 2, 1, 14, 0, tzinfo=UTC), datetime(2027, 3, 1, 17, 0, tzinfo=UTC)):
            here.clock.move_to(moment)
            await here.set_of_rounds()
        assert here.find(BEN, "is withdrawn") is None
        assert not [one for user in (ANNA, BEN) if (one := here.find(user, "link your accounts now"))]
        assert len(here.slack.direct(ANNA)) == 3


async def test_whoever_has_linked_hears_no_more_and_the_rest_at_the_opening_moment(tmp_path: Path) -> None:
    """Anna says that she has linked; the court opens: Ben is told, with the form a press away."""
    async with firm(tmp_path) as here:
        await here.set_date()
        await here.said(ANNA, "28 days")
        await here.said(BEN, "28 days")
        here.clock.move_to(datetime(2027, 2, 1, 13, 59, tzinfo=UTC))
        await here.set_of_rounds()
        assert here.find(BEN, "link your accounts now") is None
        here.clock.move_to(datetime(2027, 2, 1, 14, 0, tzinfo=UTC))
        for user in (ANNA, BEN):
            await here.said(user, "link your accounts now")
        await here.slack.press(await here.said(ANNA, "link your accounts now"), "I have linked already")
        await here.said(ANNA, "Undo")
        here.clock.move_to(datetime(2027, 2, 2, 15, 0, tzinfo=UTC))
        again = await here.said(BEN, "Link now", "cannot file")
        await here.slack.press(again, "Link now")
        view = await here.form(BEN, "Link CM/ECF to PACER")
        assert "Southern District of Georgia" in str(view.values())
        await here.set_of_rounds()
        assert [one.shown.splitlines()[0] for one in here.slack.direct(ANNA)][1:] == [
            "Bankr. S.D. Georgia: link your accounts now"
        ]


async def test_a_broadcast_is_written_previewed_sent_and_reported(tmp_path: Path) -> None:
    """Avery writes to the people of a court; both get it once; the report says so; Anna may not send one."""
    async with firm(tmp_path) as here:
        await here.slack.command(ANNA, "/ecf-golive", "broadcast")
        await here.said(ANNA, "admin")
        assert here.slack.open_view(ANNA) is None
        await here.slack.command(AVERY, "/ecf-golive", "broadcast")
        view = await here.form(AVERY, "Write a broadcast")
        await here.slack.submit(
            view, {"What to say": "Clean up your filings by Friday.", "People who file at a court": "gasb"}
        )
        preview = await here.answered(AVERY, "Clean up your filings by Friday.")
        await here.slack.submit(preview, {})
        for user in (ANNA, BEN):
            await here.said(user, "Clean up your filings by Friday.")
        await here.said(AVERY, "Delivered to 2 of")
        assert len(here.slack.direct(ANNA)) == len(here.slack.direct(BEN)) == 1


@pytest.mark.parametrize("door", ["", "set gasb", "admins", "roster", "broadcast"])
async def test_nobody_else_passes_a_door_of_the_admins(tmp_path: Path, door: str) -> None:
    """A plain no, which says whom to ask; nothing opens."""
    async with firm(tmp_path) as here:
        await here.slack.command(BEN, "/ecf-golive", door)
        assert AVERY in (await here.said(BEN, "admin")).shown
        assert here.slack.open_view(BEN) is None
