"""Whom LINK_ECF_ADMINS makes an admin where: an id is one person's within its workspace only; on both databases."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people import PersonId, Platform, WorkspaceId
from bot.reminders.people.admin_outcome import AdminOutcome
from bot.reminders.people.first_admins import FirstAdmins
from bot.store import Store
from tests.reminders.people_stage import OTHER, TEAM, FakeProfiles, PeopleStage, someone

ORG = WorkspaceId("E1")


@pytest.fixture
def stage(store: Store, tmp_path: Path) -> PeopleStage:
    return PeopleStage(store, tmp_path / "head")


def told(store: Store, folder: Path, *first: str, profiles: FakeProfiles | None = None) -> PeopleStage:
    """Return a replica with this setting."""
    return PeopleStage(store, folder / "told", first, profiles or FakeProfiles())


async def entered(stage: PeopleStage) -> dict[str, list[str]]:
    """Return the admins of each workspace."""
    found = {
        place: [row.person for row in await stage.admins.list(Platform.SLACK, place)] for place in (TEAM, OTHER, ORG)
    }
    return {place: sorted(people) for place, people in found.items() if people}


async def test_an_id_by_itself_is_good_for_the_first_workspace_that_asks(stage: PeopleStage) -> None:
    assert await stage.admins.named(Platform.SLACK, OTHER) == ("U1", "U2")
    assert await stage.admins.is_admin(someone("U1"))
    assert not await stage.admins.is_admin(someone("U1", OTHER))
    assert not await stage.admins.is_admin(someone("U2", OTHER))
    assert await entered(stage) == {TEAM: ["U1", "U2"]}
    assert await stage.admins.named(Platform.SLACK, OTHER) == (), "nobody is named who could not become one"


async def test_an_admin_whom_somebody_added_closes_the_other_workspaces_too(stage: PeopleStage) -> None:
    assert await stage.admins.add(someone("U9"), someone("U9")) is AdminOutcome.ADDED
    assert not await stage.admins.is_admin(someone("U1", OTHER))
    assert await entered(stage) == {TEAM: ["U9"]}


async def test_an_entry_with_its_workspace_is_good_there_alone_and_while_it_has_none(
    store: Store, tmp_path: Path
) -> None:
    stage = told(store, tmp_path, "U1", "T2/U5", "T2/U6", "E1/W7")
    assert await stage.admins.is_admin(someone("U1"))
    assert await stage.admins.named(Platform.SLACK, OTHER) == ("U5", "U6")
    assert not await stage.admins.is_admin(someone("U5"))
    assert not await stage.admins.is_admin(someone("W7", OTHER))
    assert await stage.admins.is_admin(someone("U6", OTHER))
    assert await stage.admins.is_admin(someone("W7", ORG))
    assert await entered(stage) == {TEAM: ["U1"], OTHER: ["U5", "U6"], ORG: ["W7"]}
    assert await stage.admins.remove(someone("U5", OTHER), someone("U6", OTHER)) is AdminOutcome.REMOVED
    assert not await stage.admins.is_admin(someone("U6", OTHER)), "whom an admin removed stays removed"


async def test_where_the_bot_has_one_workspace_an_id_by_itself_is_of_that_one(store: Store, tmp_path: Path) -> None:
    profiles = FakeProfiles()
    profiles.homes = {TEAM}
    stage = told(store, tmp_path, "U1", "T2/U5", profiles=profiles)
    assert not await stage.admins.is_admin(someone("U1", OTHER)), "though nobody is an admin anywhere yet"
    assert await stage.admins.named(Platform.SLACK, OTHER) == ("U5",)
    assert await stage.admins.is_admin(someone("U5", OTHER))
    assert await entered(stage) == {OTHER: ["U5"]}


async def test_the_bots_own_workspace_enters_its_own(store: Store, tmp_path: Path) -> None:
    profiles = FakeProfiles()
    profiles.homes = {TEAM}
    stage = told(store, tmp_path, "U1", "T1/U2", "T2/U5", profiles=profiles)
    assert set(await stage.admins.named(Platform.SLACK, TEAM)) == {"U1", "U2"}
    assert await stage.admins.is_admin(someone("U1"))
    assert await entered(stage) == {TEAM: ["U1", "U2"]}


async def test_of_two_workspaces_that_ask_at_once_one_gets_the_ids_by_themselves(
    store: Store, other: Store, tmp_path: Path
) -> None:
    replicas = [PeopleStage(store, tmp_path / "head"), PeopleStage(other, tmp_path / "other")]
    asks = [(one, id, place) for one in replicas for id in ("U1", "U2") for place in (TEAM, OTHER)]
    said = await asyncio.gather(*(one.admins.is_admin(someone(id, place)) for one, id, place in asks))
    [(won, people)] = (await entered(replicas[0])).items()
    assert people == ["U1", "U2"]
    assert [place for (_, _, place), yes in zip(asks, said, strict=True) if yes] == [won] * 4
    assert len(await replicas[0].said()) == 2


PEOPLE = st.sampled_from(["U1", "U2", "W3"])
PLACES = st.sampled_from(["T1", "T2", "E1"])
ENTRIES = st.lists(st.one_of(PEOPLE, st.builds("{}/{}".format, PLACES, PEOPLE)), max_size=6)


@given(ENTRIES, PLACES, st.sets(PLACES))
def test_nobody_is_first_but_by_an_entry_of_the_workspace_or_while_there_is_no_admin_anywhere(
    entries: list[str], place: str, taken: set[str]
) -> None:
    found = FirstAdmins.read(entries).of(WorkspaceId(place), taken)
    assert len(set(found)) == len(found)
    by_name = {PersonId(one.partition("/")[2]) for one in entries if one.startswith(f"{place}/")}
    bare = {PersonId(one) for one in entries if "/" not in one}
    wanted = set() if place in taken else by_name | (bare if not taken else set())
    assert set(found) == wanted
