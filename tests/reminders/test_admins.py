"""Admins: the first by the setting, then by each other, and never none; on both databases."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.reminders.people.admin_outcome import AdminOutcome
from bot.store import Store
from tests.reminders.people_stage import OTHER, TEAM, PeopleStage, someone


@pytest.fixture
def stage(store: Store, tmp_path: Path) -> PeopleStage:
    return PeopleStage(store, tmp_path / "head")


async def named(stage: PeopleStage) -> list[str]:
    return [row.person for row in await stage.admins.list(Platform.SLACK, TEAM)]


async def test_one_of_the_first_becomes_an_admin_by_acting_and_the_others_with_them(stage: PeopleStage) -> None:
    assert not await stage.admins.is_admin(someone("U9"))
    assert await named(stage) == []
    assert await stage.admins.named(Platform.SLACK, TEAM) == ("U1", "U2"), "so that somebody can be asked"
    assert await stage.admins.is_admin(someone("U1"))
    assert sorted(await named(stage)) == ["U1", "U2"]
    assert [fact["what"] for fact in await stage.said()] == ["entered", "entered"]
    assert await stage.admins.is_admin(someone("U2"))
    assert len(await stage.said()) == 2


async def test_the_setting_counts_for_nothing_where_there_is_an_admin(stage: PeopleStage) -> None:
    assert await stage.admins.add(someone("U9"), someone("U9")) is AdminOutcome.ADDED
    assert not await stage.admins.is_admin(someone("U1"))
    assert await named(stage) == ["U9"]


async def test_a_removed_first_does_not_come_back_by_acting(stage: PeopleStage) -> None:
    assert await stage.admins.is_admin(someone("U1"))
    assert await stage.admins.remove(someone("U1"), someone("U2")) is AdminOutcome.REMOVED
    assert not await stage.admins.is_admin(someone("U2"))


async def test_each_workspace_has_its_own(stage: PeopleStage) -> None:
    await stage.admins.add(someone("U9"), someone("U9"))
    assert await stage.admins.is_admin(someone("U9"))
    assert not await stage.admins.is_admin(someone("U9", OTHER))
    assert not await stage.admins.is_admin(Person(Platform.TEAMS, WorkspaceId(TEAM), PersonId("U9")))


async def test_an_id_of_slack_is_nobody_on_another_platform(stage: PeopleStage) -> None:
    teams = Person(Platform.TEAMS, WorkspaceId(TEAM), PersonId("U1"))
    assert not await stage.admins.is_admin(teams)
    assert await stage.admins.named(Platform.TEAMS, TEAM) == ()


async def test_two_replicas_that_meet_the_first_admins_at_once_enter_them_once(
    stage: PeopleStage, other: Store, tmp_path: Path
) -> None:
    second = PeopleStage(other, tmp_path / "other")
    both = await asyncio.gather(*(one.admins.is_admin(someone(id)) for one in (stage, second) for id in ("U1", "U2")))
    assert both == [True] * 4
    assert sorted(await named(stage)) == ["U1", "U2"]
    assert len(await stage.said()) == 2


async def test_adding_and_removing_say_what_came_of_it(stage: PeopleStage) -> None:
    one, two = someone("U1"), someone("U7")
    await stage.admins.is_admin(one)
    stage.profiles.gone.add("U0BOT")
    assert await stage.admins.add(one, someone("U0BOT")) is AdminOutcome.NOBODY
    assert await stage.admins.add(one, two) is AdminOutcome.ADDED
    assert await stage.admins.add(one, two) is AdminOutcome.ALREADY
    assert await stage.admins.remove(one, someone("U0BOT")) is AdminOutcome.NO_ADMIN
    assert await stage.admins.remove(one, two) is AdminOutcome.REMOVED
    assert [(fact["what"], fact["who"]) for fact in (await stage.said())[2:]] == [
        ("added", "slack/T1/U7"),
        ("removed", "slack/T1/U7"),
    ]


async def test_of_two_who_remove_each_other_at_once_one_stays(stage: PeopleStage, other: Store, tmp_path: Path) -> None:
    second = PeopleStage(other, tmp_path / "other")
    for _ in range(5):
        for id in ("U1", "U2"):
            await stage.admins.add(someone(id), someone(id))
        outcomes = await asyncio.gather(
            stage.admins.remove(someone("U1"), someone("U2")), second.admins.remove(someone("U2"), someone("U1"))
        )
        assert sorted(outcomes) == sorted([AdminOutcome.REMOVED, AdminOutcome.LAST])
        assert len(await named(stage)) == 1
