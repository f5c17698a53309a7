"""What is dated and when, in whole sentences: by the court's clock and the person's, never surer than the court is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.reminders.event import CourtEvent, Kind, Occasion, Status
from bot.reminders.moments import instant
from bot.words.said import sentence
from bot.words.steps import days_left
from bot.words.zones import both_words

TITLES: Mapping[Kind, str] = {
    Kind.NEXTGEN_GO_LIVE: "NextGen go-live",
    Kind.SUCCESSOR_GO_LIVE: "go-live of CM/ECF's successor",
    Kind.RELEASE_OUTAGE: "CM/ECF outage",
    Kind.MFA_DEADLINE: "PACER passcode deadline",
}
"""The kinds as a title names them."""

_HAPPENS: Mapping[Kind, str] = {
    Kind.NEXTGEN_GO_LIVE: "the move of {court} to NextGen CM/ECF",
    Kind.SUCCESSOR_GO_LIVE: "the move of {court} to the system that replaces CM/ECF",
    Kind.RELEASE_OUTAGE: "the outage of CM/ECF at {court} for a new release",
    Kind.MFA_DEADLINE: "the deadline of {court} for passcodes (multifactor authentication) with PACER accounts",
}
"""The kinds as they stand inside a sentence."""

_COMING: Mapping[Status, str] = {
    Status.TARGET: "{what} is aimed at for {when}. This is a target of the court, not a fixed date: it may move.",
    Status.ANNOUNCED: "{what} is announced for {when}.",
    Status.CONFIRMED: "{what} is set for {when}. The date is confirmed.",
}
_COME: Mapping[Status, str] = {
    Status.TARGET: "{what} was aimed at for {when}, a target of the court. That moment has come.",
    Status.ANNOUNCED: "{what} was announced for {when}. That moment has come.",
    Status.CONFIRMED: "{what} was set for {when}. That moment has come.",
}
_DONE: Mapping[Kind, str] = {
    Kind.NEXTGEN_GO_LIVE: "{what} is done. It is live since {when}.",
    Kind.SUCCESSOR_GO_LIVE: "{what} is done. It is live since {when}.",
    Kind.RELEASE_OUTAGE: "{what} took place as planned, on {when}.",
    Kind.MFA_DEADLINE: "{what} has passed, on {when}.",
}
_GONE = "The date of {what} is withdrawn. No new date is known."


def when_words(event: CourtEvent, court: str, here: ZoneInfo, now: datetime) -> str:
    """Return what happens and when, as sure as it is at `now` (aware); `court` is its name inside a sentence."""
    what, opens = _HAPPENS[event.kind].format(court=court), event.opens_at
    if event.status is Status.WITHDRAWN:
        return _GONE.format(what=what)
    if opens is None:
        coarse = f" The court says only: {event.coarse}." if event.coarse else ""
        return f"{sentence(what)} has no exact day now.{coarse}"
    happened = now >= opens
    if event.status is Status.LIVE:
        said = _DONE[event.kind] if happened else "{what} is done, ahead of {when}."
    else:
        said = (_COME if happened else _COMING)[event.status]
    told = said.format(what=sentence(what), when=both_words(opens, event.zone, here))
    left = days_left(event, now)
    return told if happened or left is None else f"{told} That is {in_days(left)}, by the court's calendar."


def heard_words(event: CourtEvent, heard: Occasion | None, here: ZoneInfo) -> str:
    """Return what the person was told before, and that it no longer holds; `heard` None: that no date stood."""
    if heard is None:
        return "You were told that no date stands. That no longer holds: there is a date again."
    if heard == event.occasion:
        if event.blackout is None:
            return "You were told that CM/ECF closes before it. That no longer holds: no closing is announced any more."
        return "The time when CM/ECF closes before it has changed."
    wall = datetime.fromisoformat(heard)
    at = instant(wall.date(), wall.time(), event.zone)
    return f"You were told {both_words(at, event.zone, here)}. That no longer holds."


def closed_words(event: CourtEvent, here: ZoneInfo, now: datetime) -> Iterator[str]:
    """Yield when the system is away, and how to file meanwhile, as long as that is still to come or lasts at `now`."""
    blackout, starts, opens = event.blackout, event.blackout_starts_at, event.opens_at
    ends = None if blackout is None else instant(blackout.end.date(), blackout.end.time(), event.zone)
    if starts is not None and ends is not None and now < ends:
        both = (both_words(one, event.zone, here) for one in (starts, ends))
        yield "CM/ECF there is closed from {} to {}.".format(*both)
    elif event.status is Status.LIVE or (opens is not None and now >= opens):
        return
    if event.emergency_channel:
        said = f"If you must file while it is closed: {event.emergency_channel.rstrip('.')}."
        yield f"{said} This way is open until {event.emergency_until.rstrip('.')}." if event.emergency_until else said
    if event.order_number:
        yield (
            f"The court's order about this time: {event.order_number.rstrip('.')}. Read in it what happens to "
            "deadlines, and check your local rules."
        )


def in_days(left: int) -> str:
    """Return so many days from now: "today", "tomorrow", "in 12 days"."""
    if left <= 0:
        return "now past" if left else "today"
    return "tomorrow" if left == 1 else f"in {left} days"
