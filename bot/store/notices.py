"""The rows of notices: made to agree with what is wanted, as often as one likes, and read as what people have heard.

A notice is one row for an event's occasion, a person and a step, whatever races: planners who want it twice make it
once. Of what was sent, or is on its way, nothing is ever changed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, and_, false, or_, select, update

from bot.people import Person
from bot.store.date_rows import NoticeRow, Reconciled, Span
from bot.store.dates_tables import events
from bot.store.engine import PORTION, Work
from bot.store.hearers import within
from bot.store.letters_tables import letters, notices

N = notices.c
L = letters.c
Key = tuple[str, str, str, str, str]
"""Platform, workspace, person, occasion, step: with the event, what a notice is one row of."""

ALL = Span()
NAMES = tuple(field.name for field in fields(NoticeRow))
COLUMNS = tuple(N[name] for name in NAMES)
_values = attrgetter(*NAMES)
UNSENT = (N.id, N.platform, N.workspace, N.person, N.occasion, N.step, N.due_at, N.version, N.heard, N.told, N.state)
ONCE = (N.platform, N.workspace, N.event, N.occasion, N.person, N.step)
FRESH = ("court", "version", "due_at", "heard", "told", "state", "why", "letter")
"""What a new plan says of a row that was planned, or cancelled, before."""


class Notices:
    """The notices of events. Every method raises StoreTrouble."""

    async def reconcile(self, work: Work, event: str, wanted: Sequence[NoticeRow], span: Span = ALL) -> Reconciled:
        """Make the unsent notices of the event, for the people of `span`, those that are wanted.

        Missing ones are entered and cancelled ones come back to life; those that nobody wants are cancelled, unless a
        letter that may be out already carries them. `wanted` names people of `span` only.
        """
        unsent = {_key(row): row for row in await self._unsent(work, event, span)}
        keys = {_key(row) for row in wanted}
        cancelled = await self._cancel(work, [row for key, row in unsent.items() if key not in keys])
        missing = [row for row in wanted if not _stands(unsent.get(_key(row)), row)]
        await self._enter(work, missing)
        return Reconciled(len(missing), cancelled)

    async def cancel_all(self, work: Work, event: str, span: Span = ALL) -> int:
        """Cancel what `reconcile` would if nothing were wanted, in a few statements however many people there are."""
        here = and_(N.event == event, within(notices, span))
        carried = select(N.letter).where(here, N.state == "queued")
        waits = and_(L.id.in_(carried), L.state == "queued", L.unsure == false())
        held = select(L.id).where(waits).order_by(L.id).with_for_update()
        free = (await work.execute(held)).scalars().all()
        gone = {"state": "cancelled", "letter": None}
        done = 0
        for start in range(0, len(free), PORTION):
            mine = N.letter.in_(free[start : start + PORTION])
            done += (await work.execute(update(notices).where(here, N.state == "queued", mine).values(gone))).rowcount
        return done + (await work.execute(update(notices).where(here, N.state == "planned").values(gone))).rowcount

    async def heard(self, work: Work, event: str, span: Span = ALL) -> Mapping[Person, Sequence[NoticeRow]]:
        """Return what each person of `span` was told of the event, or may have been, oldest first."""
        told = and_(N.event == event, N.state.in_(["sent", "perhaps"]), within(notices, span))
        found: defaultdict[Person, list[NoticeRow]] = defaultdict(list)
        for row in await work.execute(select(*COLUMNS).where(told).order_by(N.sent_at, N.due_at, N.id)):
            notice = NoticeRow(*row)
            found[notice.who].append(notice)
        return found

    async def of_event(self, work: Work, event: str) -> tuple[NoticeRow, ...]:
        """Return every notice of the event, by due time."""
        asked = select(*COLUMNS).where(N.event == event).order_by(N.due_at, N.platform, N.workspace, N.person, N.step)
        return tuple(NoticeRow(*row) for row in await work.execute(asked))

    async def known_of(self, work: Work) -> frozenset[str]:
        """Return the events of which anybody was told something, or is about to be."""
        told = select(N.id).where(N.event == events.c.id, N.state.in_(["planned", "queued", "sent", "perhaps"]))
        return frozenset((await work.execute(select(events.c.id).where(told.exists()))).scalars())

    async def _unsent(self, work: Work, event: str, span: Span) -> Sequence[Row[Any]]:
        waits = and_(N.event == event, N.state.in_(["planned", "queued"]), within(notices, span))
        return (await work.execute(select(*UNSENT, N.letter).where(waits))).all()

    async def _cancel(self, work: Work, rows: Sequence[Row[Any]]) -> int:
        """Cancel what is only planned, and what is in a letter that nobody has taken up."""
        free = await self._hold_letters(work, sorted({row.letter for row in rows if row.letter is not None}))
        done = 0
        ids = sorted(row.id for row in rows if row.letter is None or row.letter in free)
        for start in range(0, len(ids), PORTION):
            some = N.id.in_(ids[start : start + PORTION])
            # It may have been put into a letter, or sent, since it was read: then it is not ours to cancel now.
            mine = or_(N.state == "planned", and_(N.state == "queued", N.letter.in_(sorted(free))))
            done += (
                await work.execute(update(notices).where(some, mine).values(state="cancelled", letter=None))
            ).rowcount
        return done

    async def _hold_letters(self, work: Work, ids: Sequence[str]) -> frozenset[str]:
        """Return those of these letters that certainly nobody has sent, kept from being taken up until `work` ends."""
        free: set[str] = set()
        for start in range(0, len(ids), PORTION):
            waits = and_(L.id.in_(ids[start : start + PORTION]), L.state == "queued", L.unsure == false())
            held = select(L.id).where(waits).order_by(L.id).with_for_update()
            free.update((await work.execute(held)).scalars())
        return frozenset(free)

    async def _enter(self, work: Work, rows: Sequence[NoticeRow]) -> None:
        insert = work.insert
        enter = insert(notices)
        fresh = {name: enter.excluded[name] for name in FRESH}
        unsent = or_(N.state == "planned", N.state == "cancelled")
        once = enter.on_conflict_do_update(index_elements=ONCE, set_=fresh, where=unsent)
        await work.execute_each(once, [dict(zip(NAMES, _values(row), strict=True)) for row in rows])


def _key(row: NoticeRow | Row[Any]) -> Key:
    return row.platform, row.workspace, row.person, row.occasion, row.step


def _stands(found: Row[Any] | None, wanted: NoticeRow) -> bool:
    """Whether a row needs nothing: one in a letter stands as it is."""
    if found is None:
        return False
    if found.state == "queued":
        return True
    now = (found.due_at, found.version, found.heard, found.told)
    return now == (wanted.due_at, wanted.version, wanted.heard, wanted.told)
