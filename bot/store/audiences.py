"""Whom a broadcast reaches: people chosen by court, office and register in one statement, and why some are passed over.

Whoever files at a court is in its audience: by their own word or the roster's (watches), or because the register has
seen them there. Passed over are, in this order, those whom the chat no longer reaches (`people.gone`), those who muted
the court, and, where only the unlinked are asked for, those who are linked there or say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, case, false, func, literal, or_, select, true, union
from sqlalchemy.sql.selectable import Subquery

from bot.store.dates_tables import people, watches
from bot.store.engine import Work
from bot.store.tables import register

MUTED = "muted"
LINKED = "linked"
NOT_NEEDED = "not_needed"
_LINKED_STATES = ("linked", "guided")
"""States of the register after which nobody has to be asked to link: seen by the bot, or by their own word."""


@dataclass(frozen=True, slots=True)
class AudienceAsked:
    """The people of one workspace, of a court (None: any), of an office ("": any), only those not linked there."""

    platform: str
    workspace: str
    court: str | None = None
    office: str = ""
    unlinked_only: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """One person of an audience; `why` is "" for who is to get it, else why not."""

    person: str
    why: str


class Audiences:
    """Who is in an audience. Every method raises StoreTrouble."""

    async def everyone(self, work: Work, asked: AudienceAsked) -> list[Chosen]:
        """Return everybody in the audience, those who are passed over included, by their ids."""
        found = audience(asked).order_by("person")
        return [Chosen(row.person, row.why) for row in await work.execute(found)]

    async def head_count(self, work: Work, asked: AudienceAsked) -> dict[str, int]:
        """Return how many are in it by why they are passed over, "" for those who are not."""
        everyone = audience(asked).subquery()
        counted = select(everyone.c.why, func.count().label("people")).group_by(everyone.c.why)
        return {row.why: row.people for row in await work.execute(counted)}

    async def passed_over(self, work: Work, asked: AudienceAsked, why: str, limit: int) -> list[str]:
        """Return the first `limit` people who are passed over for `why`."""
        everyone = audience(asked).subquery()
        some = select(everyone.c.person).where(everyone.c.why == why).order_by(everyone.c.person).limit(limit)
        return list((await work.execute(some)).scalars())

    async def offices(self, work: Work, platform: str, workspace: str) -> list[str]:
        """Return the offices that the people known in this workspace are of, by name."""
        here = and_(people.c.platform == platform, people.c.workspace == workspace, people.c.office != "")
        return list((await work.execute(select(people.c.office).where(here).distinct().order_by("office"))).scalars())


def audience(asked: AudienceAsked) -> Select[Any]:
    """Return the statement that finds them: one row for each person, with why."""
    known = _known(asked)
    person = people.c.person == known.c.person
    found = select(known.c.person, _why(asked).label("why")).outerjoin_from(
        known, people, and_(_here(people, asked), person)
    )
    wanted: list[ColumnElement[bool]] = []
    if asked.court is not None:
        found = found.outerjoin(watches, _at_court(watches, asked, known))
        found = found.outerjoin(register, _at_court(register, asked, known))
        # Off is their own word that they do not file there; it stands over what the register saw once.
        wanted += [or_(watches.c.is_on == true(), watches.c.is_on.is_(None))]
        wanted += [or_(register.c.state != NOT_NEEDED, register.c.state.is_(None))]
    if asked.office:
        wanted.append(people.c.office == asked.office)
    return found.where(*wanted)


def _known(asked: AudienceAsked) -> Subquery:
    """Everybody who is in question, each once."""
    tables = (watches, register) if asked.court is not None else (people, watches, register)
    parts = []
    for table in tables:
        part = select(table.c.person).where(_here(table, asked))
        parts.append(part if asked.court is None else part.where(table.c.court == asked.court))
    return union(*parts).subquery("known")


def _why(asked: AudienceAsked) -> ColumnElement[str]:
    reasons: list[tuple[ColumnElement[bool], Any]] = [(people.c.gone != "", people.c.gone)]
    if asked.court is not None:
        reasons.append((watches.c.muted == true(), literal(MUTED)))
        if asked.unlinked_only:
            reasons.append((register.c.state.in_(_LINKED_STATES), literal(LINKED)))
    return case(*reasons, else_=literal(""))


def _here(table: Table, asked: AudienceAsked) -> ColumnElement[bool]:
    return and_(table.c.platform == asked.platform, table.c.workspace == asked.workspace)


def _at_court(table: Table, asked: AudienceAsked, known: Subquery) -> ColumnElement[bool]:
    court = table.c.court == asked.court if asked.court is not None else false()
    return and_(_here(table, asked), court, table.c.person == known.c.person)
