"""Who hears of an event: the people who file at its court, with where the register says they stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, and_, func, literal, select, true, tuple_

from bot.store.date_rows import HearerRow, PersonRow, Span
from bot.store.dates_tables import agains, people, watches
from bot.store.engine import Work
from bot.store.people import reached
from bot.store.tables import register

W = watches.c
KEY = (W.platform, W.workspace, W.person)
SAID = tuple(people.c[field.name] for field in fields(PersonRow)[len(KEY) :])
"""What is kept of a person, in the order of PersonRow, without their key."""


class Hearers:
    """The people who are to hear of events. Every method raises StoreTrouble."""

    async def of_event(
        self, work: Work, event: str, court: str, done: Collection[str], *, span: Span, limit: int
    ) -> tuple[HearerRow, ...]:
        """Return up to `limit` people of `span` who file at the court and can be written to, by their keys.

        `done` are the states of the register in which they need not hear of it any more.
        """
        again = agains.c.due_at.label("again")
        asked = (
            select(*KEY, *SAID, func.coalesce(register.c.state, "").label("stands"), W.muted, again)
            .select_from(_joined(event, court))
            .where(W.court == court, W.is_on == true(), reached(work))
            .where(within(watches, span))
            .order_by(*KEY)
            .limit(limit)
        )
        return tuple(_hearer(row, done) for row in await work.execute(asked))


def within(table: FromClause, span: Span) -> ColumnElement[bool]:
    """Tell whether a row of `table` is of a person of `span`."""
    key = tuple_(table.c.platform, table.c.workspace, table.c.person)
    bounds = []
    if span.after is not None:
        bounds.append(key > tuple_(*map(literal, span.after)))
    if span.upto is not None:
        bounds.append(key <= tuple_(*map(literal, span.upto)))
    return and_(true(), *bounds)


def _joined(event: str, court: str) -> FromClause:
    stands = and_(_same(register), register.c.court == court)
    asked = and_(_same(agains), agains.c.event == event)
    known = watches.outerjoin(people, _same(people))
    return known.outerjoin(register, stands).outerjoin(agains, asked)


def _same(table: FromClause) -> ColumnElement[bool]:
    return and_(table.c.platform == W.platform, table.c.workspace == W.workspace, table.c.person == W.person)


def _hearer(row: Row[Any], done: Collection[str]) -> HearerRow:
    values = tuple(row)
    key, said, (stands, muted, again) = values[:3], values[3:-3], values[-3:]
    # Whoever never said anything of their hours has no row of their own, which is no zone in one that there is.
    about = PersonRow(*key) if said[0] is None else PersonRow(*key, *said)
    return HearerRow(about, stands in done, muted, again)
