"""The demonstration's last scene: a court's date is kept, the clock moves, the notice comes, its button links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.commands.demonstration.stage import Part, Stage
from bot.courts.court import Court
from bot.errors import Code
from bot.reminders.moments import instant
from bot.sandbox.moved_clock import MovedClock
from bot.sandbox.scenes import go_live_gasb
from bot.sandbox.slack import PretendMessage, PretendView
from bot.words.zones import moment_words

ADMIN = "U0AVERY"
ADMIN_NAME = "Avery Stone"
BUTTON = "Link now"
AHEAD = timedelta(days=41)
"""From the Tuesday on which the date is kept to the Monday on which the court opens."""

PART = Part(
    "4. A go-live: the notice comes when the court opens, and its button links",
    (
        "Avery Stone keeps the firm's court dates. Jordan Pike files at this court and is reminded. (The real court "
        "moved years ago: for this scene it is given a new date, and the bot's clock is set forward to it.)",
    ),
    "U0JORDAN",
    "Jordan Pike",
    go_live_gasb,
    "",
    "",
    Code.LINKED,
)


@dataclass(frozen=True)
class GoLive:
    """The scene, on a stage whose application goes by `clock`."""

    stage: Stage
    clock: MovedClock

    async def play(self) -> bool:
        """Play it; True when the notice came, and its button led to the link."""
        stage = self.stage
        scene = stage.begin(PART)
        court = stage.app.parts.service.court_by_id(scene.court_id)
        if court is None:
            return False
        stage.slack.join(ADMIN, ADMIN_NAME)
        kept, opens = self._days(court)
        self._set_clock(kept, court)
        await self._keep_date(court, opens)
        await self._watch(court)
        first = await stage.wait(lambda: self._notice("NextGen go-live in"))
        stage.tell.message(first)
        self._set_clock(opens, court)
        notice = await stage.wait(lambda: self._notice(BUTTON))
        stage.tell.message(notice)
        stage.tell.person(PART.name, f'presses "{BUTTON}"')
        await stage.slack.press(notice, BUTTON)
        view = await stage.wait(lambda: stage.slack.open_view(PART.user))
        stage.tell.bot(f'opens the form "{view.title}" with the court chosen')
        return await stage.link(PART, scene, view)

    def _days(self, court: Court) -> tuple[datetime, datetime]:
        """A Tuesday at ten by the court's clock, and the moment when the court opens (both aware)."""
        today = self.clock.now().astimezone(court.zone).date()
        tuesday = today + timedelta(days=7 + (1 - today.weekday()) % 7)
        return instant(tuesday, time(10), court.zone), instant(tuesday + AHEAD, time(9), court.zone)

    def _set_clock(self, moment: datetime, court: Court) -> None:
        self.clock.move_to(moment)
        self.stage.tell.note(f"The clock is set to {moment_words(moment, court.zone)}.")

    async def _keep_date(self, court: Court, opens: datetime) -> None:
        stage, local = self.stage, opens.astimezone(court.zone)
        friday = (local - timedelta(days=3)).date().isoformat()
        stage.tell.person(ADMIN_NAME, f"types  /ecf-golive set {court.id}")
        await stage.slack.command(ADMIN, "/ecf-golive", f"set {court.id}")
        view = await stage.wait(lambda: stage.slack.open_view(ADMIN))
        stage.tell.bot(f'opens the form "{view.title}"')
        typed = {
            "Day": local.date().isoformat(),
            "Time": local.strftime("%H:%M"),
            "Black-out begins: day": friday,
            "Black-out begins: time": "12:00",
            "Black-out ends: day": local.date().isoformat(),
            "Black-out ends: time": local.strftime("%H:%M"),
            "Source": f"https://www.{court.id}.uscourts.gov/",
        }
        stage.tell.person(ADMIN_NAME, "\n".join(["fills in the form", *(f"{name}: {typed[name]}" for name in typed)]))
        await stage.slack.submit(view, typed)
        kept = await stage.wait(lambda: _answered(stage.slack.open_view(ADMIN)))
        stage.tell.bot(kept.shown)
        await stage.slack.close(kept)

    async def _watch(self, court: Court) -> None:
        stage = self.stage
        stage.tell.person(PART.name, f"types  /link-ecf watch {court.id}")
        await stage.slack.command(PART.user, "/link-ecf", f"watch {court.id}")
        stage.tell.message(await stage.wait(lambda: self._message(f"You watch {court.short_name}", lasting=False)))

    def _notice(self, words: str) -> PretendMessage | None:
        return self._message(words, lasting=True)

    def _message(self, words: str, *, lasting: bool) -> PretendMessage | None:
        slack = self.stage.slack
        seen = slack.direct(PART.user) if lasting else slack.messages(PART.user)
        return next((one for one in reversed(seen) if words in one.shown), None)


def _answered(view: PretendView | None) -> PretendView | None:
    """The view once it has nothing left to be filled in: the answer to a form that was sent."""
    return view if view is not None and not any(view.inputs()) else None
