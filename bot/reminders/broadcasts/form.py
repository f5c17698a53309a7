"""A broadcast as an admin writes it, what can be wrong with it, what it would do, and why a press may do nothing.

The words for all of it are in bot/words/broadcasts.py.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.courts.court import CourtId
from bot.reminders.broadcasts.broadcast import Audience, Broadcast, Reason
from bot.reminders.delivery.letter import Why

LONGEST = 2500
"""Characters of a broadcast: what one paragraph of a chat takes, with room for what the chat writes differently."""

FARTHEST = timedelta(days=366)
"""How far ahead a broadcast may be scheduled; more can only be a slip of the year."""

_LINE = frozenset("\n\t")
_NO_TEXT = frozenset({"Cc", "Cs", "Co"})
"""Control characters, lone halves of characters and private ones: not every database, chat or reader takes them."""


class BroadcastField(StrEnum):
    """What a problem is about: a field of the form by its name there."""

    TEXT = "text"
    COURT = "court"
    OFFICE = "office"
    UNLINKED = "unlinked"
    EVERYBODY = "everybody"
    CHANNEL = "channel"
    SEND_AT = "send_at"


class BroadcastFlaw(StrEnum):
    """What is wrong with it; each has a sentence."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    CHARACTERS = "characters"
    """Something in it that is no text."""
    UNKNOWN = "unknown"
    """A court that is none of the list."""
    NO_AUDIENCE = "no_audience"
    """Nobody was chosen: no court, no office, no channel, and not everybody."""
    EITHER = "either"
    """People and a channel, or everybody and some."""
    NEEDS_COURT = "needs_court"
    """Only those who are not linked there, and no court that "there" could be."""
    PAST = "past"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class BroadcastProblem:
    """One thing that has to be put right before there is anything to send."""

    field: BroadcastField
    flaw: BroadcastFlaw


@dataclass(frozen=True, slots=True)
class BroadcastForm:
    """A broadcast as typed and picked, before any check; `send_at` (aware) is None for at once."""

    text: str
    court: str = ""
    office: str = ""
    unlinked_only: bool = False
    everybody: bool = False
    channel: str = ""
    send_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The form, read: what to say, to whom, and when."""

    text: str
    audience: Audience
    send_at: datetime | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A broadcast that can be sent: how many it would reach now, and whom not.

    `hindrance` is why the channel cannot be written to now; the admin is told, and may mend it before it goes.
    """

    broadcast: Broadcast
    included: int
    skipped: tuple[Reason, ...] = ()
    hindrance: Why | None = None


class NotMovedWhy(StrEnum):
    """Why a press moved nothing; each has words."""

    GONE = "gone"
    """There is no such broadcast in this workspace."""
    NOT_NOW = "not_now"
    """It stands elsewhere by now: somebody was quicker, or the button is old."""
    NOBODY = "nobody"
    """It would reach nobody."""
    LATE = "late"
    """The time at which it was to go is past."""
    NONE_FAILED = "none_failed"
    """Nobody is left whom another try may reach."""


@dataclass(frozen=True, slots=True)
class NotMoved:
    """Nothing was done; `broadcast` is how it stands, None where there is none."""

    why: NotMovedWhy
    broadcast: Broadcast | None = None


def read_broadcast(
    form: BroadcastForm, now: datetime, court_of: Callable[[str], CourtId | None]
) -> Wanted | tuple[BroadcastProblem, ...]:
    """Return what the form says, or everything that is wrong with it; `court_of` finds the court of the list."""
    text = form.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    court = court_of(form.court) if form.court else None
    found = [*_text_flaws(text), *_audience_flaws(form, court), *_time_flaws(form.send_at, now)]
    if found:
        return tuple(BroadcastProblem(field, flaw) for field, flaw in found)
    audience = Audience(court, form.office.strip(), form.unlinked_only, form.channel)
    return Wanted(text, audience, form.send_at)


_Found = list[tuple[BroadcastField, BroadcastFlaw]]


def _text_flaws(text: str) -> _Found:
    if not text:
        return [(BroadcastField.TEXT, BroadcastFlaw.MISSING)]
    if len(text) > LONGEST:
        return [(BroadcastField.TEXT, BroadcastFlaw.TOO_LONG)]
    if any(each not in _LINE and unicodedata.category(each) in _NO_TEXT for each in text):
        return [(BroadcastField.TEXT, BroadcastFlaw.CHARACTERS)]
    return []


def _audience_flaws(form: BroadcastForm, court: CourtId | None) -> _Found:
    some = bool(form.court or form.office.strip())
    if form.channel and (some or form.everybody or form.unlinked_only):
        return [(BroadcastField.CHANNEL, BroadcastFlaw.EITHER)]
    if form.everybody and some:
        return [(BroadcastField.EVERYBODY, BroadcastFlaw.EITHER)]
    if form.court and court is None:
        return [(BroadcastField.COURT, BroadcastFlaw.UNKNOWN)]
    if form.unlinked_only and court is None:
        return [(BroadcastField.COURT, BroadcastFlaw.NEEDS_COURT)]
    if not (form.channel or some or form.everybody):
        return [(BroadcastField.COURT, BroadcastFlaw.NO_AUDIENCE)]
    return []


def _time_flaws(send_at: datetime | None, now: datetime) -> _Found:
    if send_at is None:
        return []
    if send_at <= now:
        return [(BroadcastField.SEND_AT, BroadcastFlaw.PAST)]
    return [(BroadcastField.SEND_AT, BroadcastFlaw.FAR)] if send_at > now + FARTHEST else []
