"""People, the courts they file in, rosters and admins."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.store import AdminRow, Admins, AgainRow, People, PersonRow, Removal, RosterRow, RosterRows, Store, WatchRow
from tests.store.conftest import Times
from tests.store.stage import event

PEOPLE = People()
ADMINS = Admins()


def someone(name: str = "U1", workspace: str = "T1") -> Person:
    return Person(Platform.SLACK, WorkspaceId(workspace), PersonId(name))


async def test_what_one_saves_of_a_person_another_does_not_undo(store: Store, other: Store, times: Times) -> None:
    async with store.work() as work:
        assert await PEOPLE.get(work, someone()) is None
        first = await PEOPLE.save(work, someone(), zone="America/Chicago", profile_at=times.now)
    assert first == PersonRow("slack", "T1", "U1", zone="America/Chicago", profile_at=times.now)
    async with other.work() as work:
        await PEOPLE.save(work, someone(), dm_channel="D1")
    async with store.work() as work:
        saved = await PEOPLE.save(work, someone(), vacation_from="2026-12-24", vacation_until="2027-01-04")
        assert saved == replace(first, dm_channel="D1", vacation_from="2026-12-24", vacation_until="2027-01-04")
        assert await PEOPLE.save(work, someone()) == saved
        assert await PEOPLE.get(work, someone()) == saved
        assert await PEOPLE.get(work, someone(workspace="T2")) is None
        assert await PEOPLE.of_workspace(work, "slack", "T1") == (saved,)


async def test_what_a_person_says_of_a_court_stands_over_the_roster(store: Store, times: Times) -> None:
    async with store.work() as work:
        await PEOPLE.watch(work, WatchRow("slack", "T1", "U1", "gasb", times.now, is_on=False))
        await PEOPLE.watch(work, WatchRow("slack", "T1", "U1", "almb", times.now))
        await PEOPLE.watch_by_roster(work, someone(), ["gasb", "almb", "njb", "nysb", "njb"], times.now)
        assert await PEOPLE.mute(work, someone(), "njb", True)
        assert not await PEOPLE.mute(work, someone(), "gasb", True)
        found = await PEOPLE.watches(work, someone())
    assert [(row.court, row.is_on, row.muted, row.by) for row in found] == [
        ("almb", True, False, "self"),
        ("gasb", False, False, "self"),
        ("njb", True, True, "roster"),
        ("nysb", True, False, "roster"),
    ]
    async with store.work() as work:
        await PEOPLE.watch_by_roster(work, someone(), ["njb"], times.later())
        assert [row.court for row in await PEOPLE.watches(work, someone())] == ["almb", "gasb", "njb"]
        assert (await PEOPLE.watches(work, someone()))[2].muted
        await PEOPLE.watch_by_roster(work, someone(), [], times.later())
        assert [row.court for row in await PEOPLE.watches(work, someone())] == ["almb", "gasb"]
        assert await PEOPLE.watches(work, someone("U2")) == ()


async def test_the_last_wish_to_hear_again_counts(store: Store, times: Times) -> None:
    made = await event(store)
    asked = AgainRow("slack", "T1", "U1", made.id, times.later(60), times.now)
    async with store.work() as work:
        await PEOPLE.tell_again(work, asked)
        await PEOPLE.tell_again(work, replace(asked, due_at=times.later(90)))
        assert await PEOPLE.agains(work, someone()) == (replace(asked, due_at=times.later(90)),)
        assert await PEOPLE.agains(work, someone("U2")) == ()


async def test_a_roster_is_kept_by_address(store: Store, times: Times) -> None:
    rows = [
        RosterRow("slack", "T1", f"{name}@firm.example", "Mobile", ("almb",), person, why, times.now, "slack/T1/UA")
        for name, person, why in (("a", "U1", ""), ("b", None, "not_found"))
    ]
    roster = RosterRows()
    async with store.work() as work:
        await roster.put(work, [*rows, replace(rows[0], workspace="T2")])
        changed = replace(rows[1], person="U2", why="", courts=("almb", "gasb"))
        await roster.put(work, [changed])
        assert await roster.list(work, "slack", "T1") == (rows[0], changed)
        assert await roster.remove(work, "slack", "T1", ["a@firm.example", "x@firm.example"]) == 1
        assert await roster.list(work, "slack", "T1") == (changed,)
        assert len(await roster.list(work, "slack", "T2")) == 1


def admin(name: str, times: Times, workspace: str = "T1") -> AdminRow:
    return AdminRow("slack", workspace, name, "slack/T1/UA", times.now)


async def test_admins_are_of_one_workspace(store: Store, times: Times) -> None:
    async with store.work() as work:
        assert await ADMINS.places(work, "slack") == frozenset()
        assert await ADMINS.add(work, admin("U1", times))
        assert not await ADMINS.add(work, admin("U1", times))
        assert await ADMINS.is_admin(work, someone("U1"))
        assert not await ADMINS.is_admin(work, someone("U1", "T2"))
        assert await ADMINS.places(work, "slack") == {"T1"}
        assert await ADMINS.places(work, "teams") == frozenset()
        assert await ADMINS.list(work, "slack", "T1") == (admin("U1", times),)


async def test_the_last_admin_stays(store: Store, times: Times) -> None:
    async with store.work() as work:
        for name in ("U1", "U2"):
            await ADMINS.add(work, admin(name, times))
        await ADMINS.add(work, admin("U9", times, "T2"))
        assert await ADMINS.remove(work, someone("U3")) is Removal.NO_ADMIN
        assert await ADMINS.remove(work, someone("U2")) is Removal.DONE
        assert await ADMINS.remove(work, someone("U2")) is Removal.NO_ADMIN
        assert await ADMINS.remove(work, someone("U1")) is Removal.LAST
        assert await ADMINS.is_admin(work, someone("U1"))


async def test_two_admins_who_take_out_each_other_do_not_both_succeed(store: Store, other: Store, times: Times) -> None:
    async def remove(where: Store, name: str) -> Removal:
        async with where.work() as work:
            return await ADMINS.remove(work, someone(name))

    for n in range(10):
        async with store.work() as work:
            for name in ("U1", "U2"):
                await ADMINS.add(work, admin(name, times))
        done = await asyncio.gather(remove(store, "U1"), remove(other, "U2"))
        assert sorted(done) == [Removal.DONE, Removal.LAST], n
