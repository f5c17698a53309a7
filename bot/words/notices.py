"""The words of a notice: what is dated and how sure it is, what to do at this step, who can help, what to press.

A date is said with its weekday, by the court's clock and the person's (bot/words/dated.py). A notice of a date that
changed begins with what no longer holds. courts.md section 7 has what courts tell filers at which step, users.md
section 5.1 how to say it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from bot.courts.court import Court
from bot.reminders.delivery.letter import Told
from bot.reminders.event import CourtEvent, Kind, Occasion, Status
from bot.reminders.notice import Step
from bot.words.dated import TITLES, closed_words, heard_words, in_days, when_words
from bot.words.said import PACER_HELP, court_help, named
from bot.words.steps import advice, days_left, open_step
from bot.words.zones import both_words, day_words


class Press(Enum):
    """The buttons that a notice may have; the words on them are in BUTTONS."""

    LINK_NOW = "link_now"
    LATER = "later"
    LINKED_ALREADY = "linked_already"
    MUTE = "mute"


BUTTONS: Mapping[Press, str] = {
    Press.LINK_NOW: "Link now",
    Press.LATER: "Remind me later",
    Press.LINKED_ALREADY: "I have linked already",
    Press.MUTE: "Mute this court",
}

WHY_YOU = (
    "You get this because you file there, by your own word or by your firm's list. /link-ecf remind shows what you are "
    "told and when; /link-ecf watch changes it."
)

ABOUT_ACCOUNTS = frozenset({Kind.NEXTGEN_GO_LIVE, Kind.MFA_DEADLINE})

AFTER = frozenset({Step.OPENING, Step.T_PLUS_1, Step.T_PLUS_7})
"""The steps of a date that has come."""


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """One notice: a title, paragraphs in the order of weight, small print, and the buttons that make sense now.

    `line` stands for the whole where there is no room for it, `when` is the sentence about the date.
    """

    title: str
    line: str
    when: str
    paragraphs: tuple[str, ...]
    small: tuple[str, ...]
    presses: tuple[Press, ...]

    @property
    def text(self) -> str:
        """All of it as plain lines: for notifications and screen readers."""
        return "\n".join((self.title, *self.paragraphs, *self.small))


def notice_words(told: Told, court: Court | None, now: datetime) -> NoticeWords:
    """Return the words of one notice as they are true at `now` (aware); `court` is None where it is not known here."""
    planned = told.notice.planned
    return _Writing(told.event, planned.step, planned.heard, told.hours.zone, court, now).words()


def digest_title(count: int) -> str:
    """Return the heading over several notices in one message."""
    return f"{count} reminders of court dates"


def also_words(count: int, unlisted: int = 0) -> str:
    """Return what stands over the notices of a digest that have only a line each; `unlisted` have not even that."""
    said = (
        f"And {count} more, for which one message has no room. /link-ecf remind lists your courts with their dates; "
        "/link-ecf and a court's short name opens the form for linking."
    )
    return f"{said} The nearest {count - unlisted} of them are named here." if unlisted else said


@dataclass(frozen=True, slots=True)
class _Writing:
    """One notice being written: what it is about, at which step, for whose clock, and when."""

    event: CourtEvent
    asked: Step
    heard: Occasion | None
    here: ZoneInfo
    court: Court | None
    now: datetime

    def words(self) -> NoticeWords:
        when = when_words(self.event, self.place, self.here, self.now)
        paragraphs = [*self._before(), when]
        if self.event.reminds:
            paragraphs += [*self._hour(), *closed_words(self.event, self.here, self.now), self._advice()]
        else:
            paragraphs.append(f"Nothing changes for now: go on filing at {self.place} as you do today.")
        return NoticeWords(self._title(), self._line(), when, tuple(paragraphs), tuple(self._small()), self._presses())

    @property
    def place(self) -> str:
        """The court inside a sentence."""
        return named(self.court) if self.court is not None else f"the court {self.event.court}"

    @property
    def come(self) -> bool:
        """Whether it has happened by now, as far as is known."""
        opens = self.event.opens_at
        return self.event.reminds and (self.event.status is Status.LIVE or (opens is not None and self.now >= opens))

    @property
    def links(self) -> bool:
        """Whether there is something to link by now."""
        return self.come and self.event.kind is Kind.NEXTGEN_GO_LIVE

    @property
    def step(self) -> Step:
        """The step whose advice is given: that of the notice, unless it has none, or the date has come meanwhile."""
        has_none = self.asked in {Step.AGAIN, Step.CORRECTION}
        return open_step(self.event, self.now) if has_none or self.come != (self.asked in AFTER) else self.asked

    def _title(self) -> str:
        short = self.court.short_name if self.court is not None else str(self.event.court)
        what, again = TITLES[self.event.kind], "Again, as you asked: " if self.asked is Step.AGAIN else ""
        if self.asked is Step.CORRECTION and self.event.reminds:
            if self.heard == self.event.occasion:
                return f"{short}: CM/ECF closes at another time before the {what}"
            return f"{short}: the date of the {what} has changed" if self.heard else f"{short}: a new date, {what}"
        if not self.event.reminds:
            return f"{again}{short}: the date of the {what} no longer stands"
        return f"{again}{short}: {self._headline(what)}"

    def _line(self) -> str:
        opens = self.event.opens_at
        if opens is None or not self.event.reminds:
            return f"{self._title()}."
        return f"{self._title()}: {both_words(opens, self.event.zone, self.here)}."

    def _headline(self, what: str) -> str:
        if self.links:
            sure = self.event.status in {Status.LIVE, Status.CONFIRMED} and self.step is not Step.OPENING
            return "you cannot file there until you link" if sure else "link your accounts now"
        left = days_left(self.event, self.now)
        target = "target date, " if self.event.status is Status.TARGET else ""
        return f"{target}{what} {in_days(left or 0)}"

    def _before(self) -> Iterator[str]:
        """What goes before the date: why this comes again, or what was told and no longer holds."""
        if self.asked is Step.AGAIN:
            yield "You asked to be told again."
        if self.asked is Step.CORRECTION:
            yield heard_words(self.event, self.heard, self.here)

    def _hour(self) -> Iterator[str]:
        """Say so where the hour is only taken to be."""
        if self.event.time is None and self.event.status is not Status.LIVE:
            yield "The court names no hour: the one here is the bot's assumption."

    def _advice(self) -> str:
        """What to do, as a numbered list where it is more than one thing."""
        lines = [*self._linking(), *advice(self.event, self.step, self.now)]
        if len(lines) == 1:
            return f"What to do: {lines[0]}"
        return "What to do:\n" + "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))

    def _linking(self) -> Iterator[str]:
        if not self.links:
            return
        if self.court is None or self.court.unlinkable is not None:
            yield f"Type /link-ecf {self.event.court}: the bot cannot link at this court, and shows its own way."
        elif self.event.status is Status.LIVE:
            yield 'Press "Link now". Linking takes a few minutes.'
        else:
            yield (
                'Press "Link now". The bot first looks at the court\'s own front page. If the court is not live after '
                "all, it says so before any password is sent."
            )

    def _small(self) -> Iterator[str]:
        event, at = self.event, self.event.verified_at
        said = "checked on" if event.verified_by is not None else "as of"  # nobody checked what only a list says
        checked = "" if at is None else f" ({said} {day_words(at.astimezone(event.zone).date())})"
        if event.source or checked:
            yield f"Source: {event.source or 'none is given'}{checked}"
        if event.note:
            yield f"Your administrators add: {event.note}"
        yield f"Who can help: {'; '.join(self._helpers())}."

    def _helpers(self) -> Iterator[str]:
        if self.court is not None:
            yield court_help(self.court)
        if self.court is None or self.event.kind in ABOUT_ACCOUNTS:
            yield f"for PACER accounts the {PACER_HELP}"

    def _presses(self) -> tuple[Press, ...]:
        if not self.event.reminds:
            return (Press.MUTE,)
        if not self.links:
            return (Press.LATER, Press.MUTE)
        link = () if self.court is None or self.court.unlinkable is not None else (Press.LINK_NOW,)
        return (*link, Press.LATER, Press.LINKED_ALREADY, Press.MUTE)
