"""What the firm keeps: its switches, the app's installations with their sealed tokens, requests seen before."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from bot.store.engine import Work
from bot.store.rows import InstallRow
from bot.store.tables import installs, seen_requests, switches

I = installs.c  # noqa: E741
InstallKey = tuple[str, str, str]
"""Enterprise id, team id, user id; "" for none."""


class Switches:
    """Switches that hold for every replica. Every method raises StoreTrouble."""

    async def get(self, work: Work, name: str) -> bool | None:
        """Return how the switch stands, None when nobody ever set it."""
        found: bool | None = (
            await work.execute(select(switches.c.is_on).where(switches.c.name == name))
        ).scalar_one_or_none()
        return found

    async def set(self, work: Work, name: str, on: bool, by: str) -> None:
        """Set the switch; `by` names who did, never a login."""
        insert = work.insert
        values = {"is_on": on, "by": by, "at": work.moment}
        row = insert(switches).values(name=name, **values)
        await work.execute(row.on_conflict_do_update(index_elements=[switches.c.name], set_=values))


class Installs:
    """The app's installations; their tokens are sealed before they come here. Every method raises StoreTrouble."""

    async def save(self, work: Work, row: InstallRow) -> None:
        """Keep `row` in place of the one with the same key."""
        insert = work.insert
        values = {"sealed": row.sealed, "key_id": row.key_id, "installed_at": row.installed_at}
        place = [I.enterprise_id, I.team_id, I.user_id]
        await work.execute(
            insert(installs).values(**asdict(row)).on_conflict_do_update(index_elements=place, set_=values)
        )

    async def find(self, work: Work, enterprise_id: str, team_id: str, user_id: str = "") -> InstallRow | None:
        """Return the installation with exactly this key."""
        which = _is((enterprise_id, team_id, user_id))
        found = (await work.execute(select(installs).where(which))).one_or_none()
        return None if found is None else InstallRow(**found._mapping)

    async def delete(self, work: Work, enterprise_id: str, team_id: str, user_id: str = "") -> bool:
        """Delete the installation with exactly this key; False when there is none."""
        which = _is((enterprise_id, team_id, user_id))
        return (await work.execute(delete(installs).where(which))).rowcount == 1

    async def delete_workspace(self, work: Work, enterprise_id: str, team_id: str) -> int:
        """Delete the bot's and every user's installation in this workspace; returns how many."""
        which = and_(I.enterprise_id == enterprise_id, I.team_id == team_id)
        return (await work.execute(delete(installs).where(which))).rowcount

    async def all_sealed(self, work: Work) -> list[InstallRow]:
        """Return every installation, for sealing them anew."""
        found = await work.execute(select(installs).order_by(I.enterprise_id, I.team_id, I.user_id))
        return [InstallRow(**row._mapping) for row in found]

    async def in_use(self, work: Work) -> dict[str, int]:
        """Return how many installations each key id seals."""
        found = await work.execute(select(I.key_id, func.count().label("records")).group_by(I.key_id))
        return {row.key_id: row.records for row in found}

    async def replace_sealed(self, work: Work, key: InstallKey, sealed: bytes, key_id: str, old_sealed: bytes) -> bool:
        """Put `sealed` in the place of `old_sealed`; False when it was changed meanwhile: then nothing is done."""
        done = await work.execute(
            update(installs).where(_is(key), I.sealed == old_sealed).values(sealed=sealed, key_id=key_id)
        )
        return done.rowcount == 1


class SeenRequests:
    """Keys of requests that were taken, for all replicas, for as long as one can come again."""

    async def first_time(self, work: Work, key: str, at: datetime) -> bool:
        """Remember `key` (a hash, never a payload); False when it was seen before."""
        insert = work.insert
        row = insert(seen_requests).values(key=key, at=at).on_conflict_do_nothing()
        return (await work.execute(row.returning(seen_requests.c.key))).one_or_none() is not None

    async def purge(self, work: Work, before: datetime) -> int:
        """Forget what was seen before `before`; returns how many."""
        return (await work.execute(delete(seen_requests).where(seen_requests.c.at < before))).rowcount


def _is(key: InstallKey) -> ColumnElement[bool]:
    return and_(I.enterprise_id == key[0], I.team_id == key[1], I.user_id == key[2])
