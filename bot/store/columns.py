"""Column types of our own, the naming of constraints, and the one collection of tables."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import JSON, DateTime, Dialect, MetaData
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Both engines get the same names, so that a later migration can speak of a constraint on either."""

metadata = MetaData(naming_convention=NAMES)


class NaiveMoment(ValueError):
    """A moment without a zone was to be kept: nobody can say when that is."""


class Moment(TypeDecorator[datetime]):
    """An aware moment, in UTC on both engines; SQLite has no zones and keeps text that sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` as the engine keeps it. Raises NaiveMoment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveMoment("a moment without a zone cannot be kept")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what was kept, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def plain_json() -> JSON:
    """Return the type of a JSON column in which None is the database's NULL."""
    return JSON(none_as_null=True)
