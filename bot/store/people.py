"""People who hear of dates: how they are reached and when, the courts they file in, what they asked to hear again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy import ColumnElement, Table, and_, delete, func, or_, select, true, update

from bot.people import Person
from bot.store.date_rows import AgainRow, PersonRow, WatchRow
from bot.store.dates_tables import agains, people, watches
from bot.store.engine import Work

W = watches.c
SELF, ROSTER = "self", "roster"
LOOK_AGAIN = 86400.0
"""Seconds after which somebody who could not be written to is tried again."""


class PersonFields(TypedDict, total=False):
    """What may be changed of a person, by the names of PersonRow."""

    zone: str
    begins: str
    ends: str
    days: str
    vacation_from: str | None
    vacation_until: str | None
    office: str
    email: str
    dm_channel: str
    gone: str
    gone_at: datetime | None
    profile_at: datetime | None


class People:
    """The people of every workspace. Every method raises StoreTrouble."""

    async def get(self, work: Work, who: Person) -> PersonRow | None:
        """Return what is kept of the person, None when nothing is."""
        found = (await work.execute(select(people).where(is_of(people, who)))).one_or_none()
        return None if found is None else PersonRow(**found._mapping)

    async def save(self, work: Work, who: Person, **fields: Unpack[PersonFields]) -> PersonRow:
        """Change only these fields, so that two who change others do not undo each other; returns the whole row.

        A person who was not known yet starts as PersonRow does.
        """
        insert = work.insert
        fresh = PersonRow(*key_of(who))
        row = insert(people).values(**{**asdict(fresh), **fields})
        # With nothing to change, the row is still to be returned: DO NOTHING would return none.
        changed = dict(fields) or {"person": who.id}
        saved = row.on_conflict_do_update(index_elements=list(people.primary_key), set_=changed).returning(people)
        return PersonRow(**(await work.execute(saved)).one()._mapping)

    async def lose(self, work: Work, who: Person, why: str) -> None:
        """Enter that nothing could be sent to the person just now, and why."""
        now = (await work.execute(select(work.moment))).scalar_one()
        await self.save(work, who, gone=why, gone_at=now)

    async def given_up(self, work: Work, row: PersonRow) -> bool:
        """Tell whether nothing is to be sent to the person now: somebody tried within a day, and could not."""
        if not row.gone:
            return False
        tried_again = select(func.count()).select_from(people).where(is_of(people, row.who), reached(work))
        return int((await work.execute(tried_again)).scalar_one()) == 0

    async def seen(self, work: Work, who: Person) -> bool:
        """Enter a sign of life of somebody whom nothing could be sent to; False where there was no such thing."""
        missed = and_(is_of(people, who), people.c.gone != "")
        return (await work.execute(update(people).where(missed).values(gone="", gone_at=None))).rowcount == 1

    async def of_workspace(self, work: Work, platform: str, workspace: str) -> tuple[PersonRow, ...]:
        """Return everybody who is kept of a workspace, by id."""
        asked = select(people).where(people.c.platform == platform, people.c.workspace == workspace)
        return tuple(PersonRow(**row._mapping) for row in await work.execute(asked.order_by(people.c.person)))

    async def watches(self, work: Work, who: Person) -> tuple[WatchRow, ...]:
        """Return every court of which the person or the roster ever said whether they file there, by court."""
        asked = select(watches).where(is_of(watches, who)).order_by(W.court)
        return tuple(WatchRow(**row._mapping) for row in await work.execute(asked))

    async def watch(self, work: Work, row: WatchRow) -> None:
        """Keep what the person said of a court in place of what was said before."""
        insert = work.insert
        changed = {"is_on": row.is_on, "muted": row.muted, "by": row.by, "since": row.since}
        place = list(watches.primary_key)
        await work.execute(
            insert(watches).values(**asdict(row)).on_conflict_do_update(index_elements=place, set_=changed)
        )

    async def watch_by_roster(self, work: Work, who: Person, courts: Collection[str], at: datetime) -> None:
        """Let the roster's courts of a person be `courts`: what the person said of a court stands over it."""
        insert = work.insert
        gone = and_(is_of(watches, who), W.by == ROSTER, W.court.not_in(list(courts)))
        await work.execute(delete(watches).where(gone))
        if not courts:
            return
        rows = [asdict(WatchRow(*key_of(who), court, at, by=ROSTER)) for court in sorted(set(courts))]
        await work.execute(insert(watches).values(rows).on_conflict_do_nothing())

    async def mute(self, work: Work, who: Person, court: str, muted: bool) -> bool:
        """Hear nothing of a court, or hear of it again; False when the person does not watch it."""
        watched = and_(is_of(watches, who), W.court == court, W.is_on == true())
        return (await work.execute(update(watches).where(watched).values(muted=muted))).rowcount == 1

    async def tell_again(self, work: Work, row: AgainRow) -> None:
        """Keep when the person wants to hear of the event again, in place of an earlier wish."""
        insert = work.insert
        changed = {"due_at": row.due_at, "asked_at": row.asked_at}
        place = list(agains.primary_key)
        await work.execute(
            insert(agains).values(**asdict(row)).on_conflict_do_update(index_elements=place, set_=changed)
        )

    async def not_again(self, work: Work, who: Person, event: str) -> bool:
        """Forget that the person wanted to hear of the event again; False when they did not."""
        return (await work.execute(delete(agains).where(is_of(agains, who), agains.c.event == event))).rowcount == 1

    async def agains(self, work: Work, who: Person) -> tuple[AgainRow, ...]:
        """Return what the person asked to hear again, the next first; wishes that were fulfilled are among them."""
        asked = select(agains).where(is_of(agains, who)).order_by(agains.c.due_at, agains.c.event)
        return tuple(AgainRow(**row._mapping) for row in await work.execute(asked))


def reached(work: Work) -> ColumnElement[bool]:
    """Tell whether a row of `people` is of somebody who can be written to, as far as is known or a day ago was not.

    Nobody who has left, or has blocked the bot, is given up for good: once a day it is tried again.
    """
    gone, since = people.c.gone, people.c.gone_at
    return or_(gone.is_(None), gone == "", since < work.after(-LOOK_AGAIN))


def key_of(who: Person) -> tuple[str, str, str]:
    """Return what names a person in every table: platform, workspace, id."""
    return who.platform.value, who.workspace, who.id


def is_of(table: Table, who: Person) -> ColumnElement[bool]:
    """Tell whether a row of `table` is this person's."""
    platform, workspace, person = key_of(who)
    return and_(table.c.platform == platform, table.c.workspace == workspace, table.c.person == person)
