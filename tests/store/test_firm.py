"""Switches, installations, the register, requests seen before."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import StoreTrouble
from bot.store import InstallRow, Installs, Register, RegisterRow, SeenRequests, Store, Switches
from tests.store.conftest import Times

INSTALLS = Installs()
REGISTER = Register()


async def test_a_switch_is_unset_then_as_it_was_set_last(store: Store, other: Store) -> None:
    async with store.work() as work:
        assert await Switches().get(work, "linking") is None
        await Switches().set(work, "linking", False, "terminal")
        await Switches().set(work, "reminders", True, "terminal")
    async with other.work() as work:
        assert await Switches().get(work, "linking") is False
        await Switches().set(work, "linking", True, "U0ADMIN")
    async with store.work() as work:
        assert await Switches().get(work, "linking") is True


def install(times: Times, enterprise: str, team: str, user: str = "", sealed: bytes = b"sealed one") -> InstallRow:
    return InstallRow(enterprise, team, user, sealed, "k1", times.now)


async def test_installations_are_kept_found_and_deleted_by_their_whole_key(store: Store, times: Times) -> None:
    keys = [("", "T1", ""), ("", "T1", "U1"), ("E1", "T1", ""), ("E1", "", "")]
    async with store.work() as work:
        for key in keys:
            await INSTALLS.save(work, install(times, *key, sealed=repr(key).encode()))
        await INSTALLS.save(work, install(times, "", "T1", sealed=b"sealed again"))
        found = await INSTALLS.find(work, "", "T1")
        assert found == install(times, "", "T1", sealed=b"sealed again")
        assert await INSTALLS.find(work, "E1", "T2") is None
        assert {row.key for row in await INSTALLS.all_sealed(work)} == set(keys)
        assert await INSTALLS.delete(work, "E1", "")
        assert not await INSTALLS.delete(work, "E1", "")
        assert await INSTALLS.delete_workspace(work, "", "T1") == 2
        assert [row.key for row in await INSTALLS.all_sealed(work)] == [("E1", "T1", "")]
    assert "sealed" not in repr(found).replace("InstallRow", "")


async def test_sealing_anew_never_undoes_a_newer_installation(store: Store, times: Times) -> None:
    row = install(times, "", "T1")
    async with store.work() as work:
        await INSTALLS.save(work, row)
        assert await INSTALLS.in_use(work) == {"k1": 1}
        assert not await INSTALLS.replace_sealed(work, row.key, b"anew", "k2", b"what it was before")
        assert await INSTALLS.find(work, "", "T1") == row
        assert await INSTALLS.replace_sealed(work, row.key, b"anew", "k2", row.sealed)
        assert await INSTALLS.find(work, "", "T1") == replace(row, sealed=b"anew", key_id="k2")
        assert await INSTALLS.in_use(work) == {"k2": 1}


def entry(times: Times, **values: str) -> RegisterRow:
    given: dict[str, Any] = {"platform": "slack", "workspace": "T1", "person": "U1", "court": "gasb", "state": "linked"}
    return RegisterRow(**{**given, **values}, since=times.now, updated_at=times.now)


async def test_the_register_keeps_one_row_for_a_person_at_a_court(store: Store, times: Times) -> None:
    first = entry(times, state="in_progress")
    linked = replace(first, state="linked", code="linked", evidence={"after": ["Bankruptcy"]}, login_tail="ne")
    async with store.work() as work:
        assert await REGISTER.get(work, "slack", "T1", "U1", "gasb") is None
        await REGISTER.put(work, first)
        await REGISTER.put(work, linked)
        assert await REGISTER.get(work, "slack", "T1", "U1", "gasb") == linked
        assert await REGISTER.list(work) == (linked,)


async def test_the_register_is_listed_by_court_office_and_state(store: Store, times: Times) -> None:
    rows = [
        entry(times, office="Savannah"),
        entry(times, person="U2", office="Mobile", state="failed"),
        entry(times, court="almb", office="Mobile"),
    ]
    async with store.work() as work:
        for row in rows:
            await REGISTER.put(work, row)
        assert await REGISTER.list(work) == (rows[2], rows[0], rows[1])
        assert await REGISTER.list(work, court="gasb") == (rows[0], rows[1])
        assert await REGISTER.list(work, office="Mobile", state="linked") == (rows[2],)
        assert await REGISTER.list(work, court="njb") == ()


@pytest.mark.parametrize("tail", ["login_tail", "account_tail"])
async def test_the_database_itself_refuses_more_than_two_characters_of_a_login(
    store: Store, times: Times, tail: str
) -> None:
    with pytest.raises(StoreTrouble):
        async with store.work() as work:
            await REGISTER.put(work, entry(times, **{tail: "ane"}))


async def test_a_request_is_new_once_over_all_replicas(store: Store, other: Store, times: Times) -> None:
    async def see(where: Store) -> bool:
        async with where.work() as work:
            return await SeenRequests().first_time(work, "hash", times.now)

    assert sorted(await asyncio.gather(*(see(where) for where in [store, other] * 5))) == [False] * 9 + [True]
    async with store.work() as work:
        assert await SeenRequests().purge(work, times.ago()) == 0
        assert await SeenRequests().purge(work, times.later()) == 1
        assert await SeenRequests().first_time(work, "hash", times.now)
