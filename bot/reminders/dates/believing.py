"""How many people believe the date that now stands: those whom a move or a withdrawal would have to correct."""

from __future__ import annotations

from collections.abc import Callable

from bot.courts.court import Court, CourtId
from bot.reminders.correction import standing
from bot.reminders.event import EventId
from bot.reminders.ladder import DONE
from bot.reminders.planner import SLICE
from bot.reminders.rows import event_of, heard_of
from bot.store import Events, Hearers, Notices, Span, Store


class Believers:
    """Counts people by what they were told last; `find` returns a court by its id."""

    def __init__(self, store: Store, find: Callable[[CourtId], Court | None], people_at_once: int = SLICE) -> None:
        self._store = store
        self._find = find
        self._people_at_once = people_at_once
        self._events = Events()
        self._hearers = Hearers()
        self._notices = Notices()

    async def count(self, id: EventId) -> int:
        """Return how many would be corrected if the date changed now; nobody where none stands.

        Whoever is linked, has muted the court or cannot be written to gets no correction, and is not counted. The
        people are read in slices, each in a unit of work of its own. Raises StoreTrouble.
        """
        believing, after = 0, Span()
        while True:
            found, last = await self._slice(id, after)
            believing += found
            if last is None:
                return believing
            after = Span(after=last)

    async def _slice(self, id: EventId, after: Span) -> tuple[int, tuple[str, str, str] | None]:
        async with self._store.work() as work:
            row = await self._events.get(work, id)
            court = self._find(CourtId(row.court)) if row is not None else None
            if row is None or court is None:
                return 0, None
            event = event_of(row, court.zone)
            stands = standing(event)
            done = DONE[event.kind]
            people = await self._hearers.of_event(work, id, event.court, done, span=after, limit=self._people_at_once)
            about = people[-1].about if len(people) == self._people_at_once else None
            last = (about.platform, about.workspace, about.person) if about is not None else None
            heard = await self._notices.heard(work, id, Span(after.after, last))
        if stands is None:
            return 0, None
        believing = 0
        for person in people:
            told = [heard_of(each) for each in heard.get(person.who, ())]
            newest = max(told, key=lambda each: (each.at, each.version), default=None)
            believing += newest is not None and newest.date_told == stands and not (person.done or person.muted)
        return believing, last
