"""Turns what a driver raises into what the bot says: a fixed sentence by who must act, never SQL and never a value."""

from __future__ import annotations

import sys
from collections.abc import Awaitable
from typing import TypeVar

from sqlalchemy import exc

from bot.errors import SchemaOld, StoreBusy, StoreDown, StoreFull, StoreTrouble
from bot.store.columns import NaiveMoment

T = TypeVar("T")

# PostgreSQL's SQLSTATE by its beginning (its manual, appendix A), the longest first; SQLite's result codes by name.
_STATES: tuple[tuple[str, type[StoreTrouble]], ...] = (
    ("53300", StoreBusy),
    ("53", StoreFull),
    ("55P03", StoreBusy),
    ("57014", StoreBusy),
    ("40", StoreBusy),
    ("42P01", SchemaOld),
    ("42703", SchemaOld),
    ("3D000", SchemaOld),
    ("25P0", StoreDown),
    ("57P", StoreDown),
    ("08", StoreDown),
    ("28", StoreDown),
)
_SQLITE: tuple[tuple[str, type[StoreTrouble]], ...] = (
    ("SQLITE_FULL", StoreFull),
    ("SQLITE_BUSY", StoreBusy),
    ("SQLITE_LOCKED", StoreBusy),
    ("SQLITE_CANTOPEN", StoreDown),
    ("SQLITE_IOERR", StoreDown),
    ("SQLITE_READONLY", StoreDown),
    ("SQLITE_NOTADB", StoreDown),
    ("SQLITE_CORRUPT", StoreDown),
)


def raised() -> tuple[type[BaseException], ...]:
    """Return everything that reaching a database can raise here, for an `except`.

    A mistake in a value (ValueError, TypeError) stays what it is. PostgreSQL's driver raises some errors past
    SQLAlchemy; where nothing has loaded it, it raises none, and asking is no reason to load it.
    """
    driver = sys.modules.get("psycopg")
    return (exc.SQLAlchemyError, OSError, *((driver.Error,) if driver is not None else ()))


def _unreachable() -> tuple[type[BaseException], ...]:
    """Return what says by its type alone that the database could not be reached."""
    driver = sys.modules.get("psycopg")
    return (OSError, *((driver.OperationalError,) if driver is not None else ()))


async def plainly(doing: Awaitable[T]) -> T:
    """Await `doing` and return what it returns.

    Raises StoreTrouble in place of anything a driver raised, and NaiveMoment, which is a mistake of ours. It is raised
    outside the handler, so that it carries no context: the driver's own error holds the statement and its values.
    """
    try:
        return await doing
    except raised() as error:
        mistake = getattr(error, "orig", None)
        trouble = mistake if isinstance(mistake, NaiveMoment) else trouble_of(error)
    raise trouble


def trouble_of(error: BaseException) -> StoreTrouble:
    """Return the trouble that a driver's `error` is, judged by its code and never by its words."""
    if isinstance(error, exc.TimeoutError):
        return StoreBusy()
    cause: BaseException | None = error
    down = False
    while cause is not None:
        kind = _by_code(cause)
        if kind is not None:
            return kind()
        down = down or isinstance(cause, _unreachable())
        down = down or (isinstance(cause, exc.DBAPIError) and cause.connection_invalidated)
        cause = getattr(cause, "orig", None) or cause.__cause__
    return StoreDown() if down else StoreTrouble()


def _by_code(error: BaseException) -> type[StoreTrouble] | None:
    state = getattr(error, "sqlstate", None) or ""
    name = getattr(error, "sqlite_errorname", None) or ""
    for beginning, kind in _STATES:
        if state.startswith(beginning):
            return kind
    return next((kind for beginning, kind in _SQLITE if name.startswith(beginning)), None)
