"""Enters many dates at once: all of them or, when one line is wrong, none.

A line gives some fields of a date; what it does not give stays as it is. A list may be old: it never takes back that a
date was confirmed, that a court is live, or that a date was withdrawn, unless it names another date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.people import Person
from bot.reminders.dates import deciding
from bot.reminders.dates.calendar import STALE, new_event_id
from bot.reminders.dates.change import What
from bot.reminders.dates.deciding import Decided, Decision
from bot.reminders.dates.event_book import EventBook
from bot.reminders.dates.event_csv import Line
from bot.reminders.dates.event_form import DateField, DateFlaw, DateProblem, EventForm, form_of
from bot.reminders.event import OPENING_TIME, CourtEvent, Kind, Status
from bot.reminders.notes import Notes
from bot.reminders.planner import FindCourt
from bot.store import Notices, Store, Work

_SURER = (Status.TARGET, Status.ANNOUNCED, Status.CONFIRMED)
_USUAL = OPENING_TIME.isoformat("minutes")
_BLACKOUT = (DateField.BLACKOUT_START, DateField.BLACKOUT_END)


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of one line: `what` was done to `event` (None: it stands so already), or what is wrong with it."""

    number: int
    event: CourtEvent | None = None
    what: What | None = None
    problems: tuple[DateProblem, ...] = ()


class _Undone(Exception):
    """Leaves a unit of work without keeping anything of it."""


class DateImport:
    """Enters lists of dates; whoever may is asked before."""

    def __init__(self, store: Store, notes: Notes, find: FindCourt) -> None:
        self._store = store
        self._notes = notes
        self._book = EventBook(find)
        self._notices = Notices()

    async def enter(self, by: Person, lines: Sequence[Line], *, dry_run: bool = False) -> tuple[Entered, ...]:
        """Enter every line in one unit of work, or none; with `dry_run` none, and what would come of each.

        What people were to be told of a date that moved is taken back at once; the next round of planning tells them
        anew. Raises StoreTrouble.
        """
        entered: list[Entered] = []
        head: Any = None
        try:
            async with self._store.work() as work:
                decided = await self._decide_all(work, by, lines)
                entered = [_entered(line, old, one) for line, (old, one) in zip(lines, decided, strict=True)]
                if dry_run or any(one.problems for one in entered):
                    raise _Undone
                head = await self._keep_all(work, by, entered, decided)
        except _Undone:
            return tuple(entered)
        await self._notes.keep(head)
        return tuple(entered)

    async def _decide_all(
        self, work: Work, by: Person, lines: Sequence[Line]
    ) -> list[tuple[CourtEvent | None, Decided]]:
        now = await self._store.now(work)
        seen: set[tuple[str, str]] = set()
        found: list[tuple[CourtEvent | None, Decided]] = []
        for line in lines:
            kind = _kind(line.given)
            place = (line.given.get(DateField.COURT, "").strip().lower(), kind)
            if place in seen:
                found.append((None, (DateProblem(DateField.EVENT, DateFlaw.TWICE),)))
                continue
            seen.add(place)
            court = self._book.court(place[0])
            known = court is not None and kind in set(Kind)
            old = await self._book.of_court(work, court.id, Kind(kind)) if court is not None and known else None
            found.append((old, self._decide(old, line, by, now)))
        return found

    def _decide(self, old: CourtEvent | None, line: Line, by: Person, now: datetime) -> Decided:
        form = form_of_line(old, line.given)
        if isinstance(form, tuple):
            return form
        court = self._book.court(form.court)
        if old is None:
            return deciding.enter(new_event_id(), form, court, by, now)
        return deciding.change(old, form, court, by, now)

    async def _keep_all(
        self,
        work: Work,
        by: Person,
        entered: list[Entered],
        decided: Sequence[tuple[CourtEvent | None, Decided]],
    ) -> Any:
        now = await self._store.now(work)
        changes = [(old, one) for old, one in decided if isinstance(one, Decision)]
        for old, one in changes:
            if not await self._book.keep(work, one, by, now):
                # Only a new date can have come in between: those that were there are held.
                place = next(place for place, each in enumerate(entered) if each.event is one.event)
                entered[place] = Entered(entered[place].number, problems=STALE)
                raise _Undone
            if old is not None and one.event.version != old.version:
                await self._notices.cancel_all(work, one.event.id)
        head: Any = None
        for _, one in changes:
            head = await self._notes.date_changed(work, by, one.event, one.what)
        return head


def form_of_line(old: CourtEvent | None, given: Mapping[DateField, str]) -> EventForm | tuple[DateProblem, ...]:
    """Return the form that a line means for the event `old` (None: a new one), or why it may not mean it.

    A date that moves without a word of its black-out has none any more, and without a word of its status is announced.
    """
    texts = {field.value: text.strip() for field, text in given.items()}
    if old is None:
        fresh = EventForm(texts.pop("court", ""))
        filled = {name: text for name, text in texts.items() if text or name not in {"kind", "status"}}
        return replace(fresh, **filled)
    base = form_of(old)
    kept = {"court": old.court, "kind": old.kind.value, "status": old.status.value}
    form = replace(base, **{**_one_of_day_and_words(texts), **kept})
    moved = (form.day, form.time or _USUAL) != (base.day, base.time or _USUAL)
    if moved and old.status is Status.LIVE:
        return (DateProblem(DateField.STATUS, DateFlaw.LIVE),)
    if moved and not any(field in given for field in _BLACKOUT):
        form = replace(form, blackout_start="", blackout_end="")
    return replace(form, status=_status(old, texts.get("status", "").lower(), moved=moved))


def _one_of_day_and_words(texts: Mapping[str, str]) -> dict[str, str]:
    """A day takes the place of coarse words that the line does not speak of, and the other way round."""
    found = dict(texts)
    if found.get("day") and "coarse" not in found:
        found["coarse"] = ""
    if found.get("coarse") and "day" not in found:
        found |= {"day": "", "time": ""}
    return found


def _status(old: CourtEvent, said: str, *, moved: bool) -> str:
    if moved:
        return said or (Status.TARGET.value if old.status is Status.TARGET else Status.ANNOUNCED.value)
    if not said or (said in set(_SURER) and old.status not in _SURER):
        return old.status.value
    if said in set(_SURER):
        return max(Status(said), old.status, key=_SURER.index).value
    return said


def _kind(given: Mapping[DateField, str]) -> str:
    return given.get(DateField.KIND, "").strip().lower() or Kind.NEXTGEN_GO_LIVE.value


def _entered(line: Line, old: CourtEvent | None, decided: Decided) -> Entered:
    if isinstance(decided, tuple):
        return Entered(line.number, problems=decided)
    if decided is None:
        return Entered(line.number, old)
    return Entered(line.number, decided.event, decided.what)
