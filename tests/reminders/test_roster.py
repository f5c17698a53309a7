"""Rosters: kept at once, matched by and by, within what a chat allows, and never over a person's own word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.people import PersonId, Platform
from bot.reminders.delivery.letter import Limited, Why
from bot.reminders.people.lookups import LATER
from bot.reminders.people.profiles import CannotTell, Profile
from bot.reminders.people.roster import AGAIN
from bot.reminders.people.roster_lines import LineFlaw, RosterReport
from bot.store import People, Store
from tests.reminders.people_stage import OTHER, TEAM, FakeProfiles, PeopleStage, someone

ADMIN = someone("UADMIN")
TEXT = "e-mail,courts,office\nanna@firm.example,gasb;gand,Savannah\nben@firm.example,almb,\n"


@pytest.fixture
def stage(store: Store, tmp_path: Path) -> PeopleStage:
    return PeopleStage(store, tmp_path / "head", profiles=FakeProfiles(anna="UA", ben="UB"))


async def load(stage: PeopleStage, text: str = TEXT, seconds: float = 6.0) -> RosterReport:
    return await stage.roster.load(ADMIN, Platform.SLACK, TEAM, text, seconds)


async def test_a_check_keeps_nothing_and_its_look_ups_are_not_made_again(stage: PeopleStage) -> None:
    report = await stage.roster.check(Platform.SLACK, TEAM, TEXT + "cleo@firm.example,gasb\nx,gasb\n")
    assert (report.people, report.found, report.waiting) == (3, 2, 0)
    assert report.missing == (("cleo@firm.example", "not_found"),)
    assert [(one.number, one.flaw) for one in report.bad] == [(5, LineFlaw.EMAIL)]
    assert await stage.roster.listed(Platform.SLACK, TEAM) == ()
    assert await stage.said() == []
    await load(stage)
    assert len(stage.profiles.asked) == 3


async def test_a_load_writes_people_their_courts_and_a_line_of_the_audit(stage: PeopleStage) -> None:
    report = await load(stage, TEXT + "cleo@firm.example,gasb\nbad line\n")
    assert (report.people, report.found, report.waiting, len(report.bad)) == (3, 2, 0, 1)
    anna = await stage.about("UA")
    assert anna is not None
    assert (anna.office, anna.email, anna.zone) == ("Savannah", "anna@firm.example", "America/Chicago")
    assert await stage.courts("UA") == {"gasb": "roster", "gand": "roster"}
    assert await stage.courts("UB") == {"almb": "roster"}
    assert await stage.said() == [{"matched": 2, "unmatched": 1}]
    standing = await stage.roster.standing(Platform.SLACK, TEAM)
    assert (standing.people, standing.found, standing.missing) == (3, 2, (("cleo@firm.example", "not_found"),))
    assert (await stage.roster.standing(Platform.SLACK, OTHER)).people == 0


async def test_a_persons_own_word_stands_over_the_rosters(stage: PeopleStage) -> None:
    await stage.says("UA", "gasb", on=False)
    await stage.says("UA", "almb", on=True)
    async with stage.store.work() as work:
        await People().save(work, someone("UA"), zone="Pacific/Guam")
    await load(stage)
    assert await stage.courts("UA") == {"gand": "roster", "almb": "self"}
    await load(stage, "anna@firm.example,none\n")
    assert await stage.courts("UA") == {"almb": "self"}
    anna = await stage.about("UA")
    assert anna is not None
    assert anna.zone == "Pacific/Guam"


async def test_loading_again_changes_courts_at_once_and_leaves_who_is_not_named(stage: PeopleStage) -> None:
    await load(stage)
    asked = len(stage.profiles.asked)
    await load(stage, "anna@firm.example,almb,Macon\n")
    assert await stage.courts("UA") == {"almb": "roster"}
    assert await stage.courts("UB") == {"almb": "roster"}
    anna = await stage.about("UA")
    assert anna is not None
    assert anna.office == "Macon"
    assert len(stage.profiles.asked) == asked, "whoever was found is not looked up again"


async def test_a_chat_that_limits_is_waited_for_only_within_the_time_there_is(stage: PeopleStage) -> None:
    anna = stage.profiles.answers["anna@firm.example"]
    assert isinstance(anna, Profile)
    stage.profiles.answers["anna@firm.example"] = [Limited(4.0), anna]
    report = await load(stage)
    assert (report.found, report.waiting, stage.clock.slept) == (2, 0, [4.0])
    stage.profiles.answers["cleo@firm.example"] = [Limited(30.0), replace(anna, id=PersonId("UC"))]
    report = await load(stage, "cleo@firm.example,gasb\ndan@firm.example,gasb\n")
    assert (report.found, report.waiting, stage.clock.slept) == (0, 2, [4.0])
    assert await stage.roster.match_round() == 0, "the chat asked to wait"
    stage.clock.seconds += 31
    assert await stage.roster.match_round() == 2
    assert await stage.courts("UC") == {"gasb": "roster"}
    assert (await stage.roster.standing(Platform.SLACK, TEAM)).missing == (("dan@firm.example", "not_found"),)


async def test_what_a_chat_cannot_say_now_is_asked_later_and_a_missing_permission_is_named(stage: PeopleStage) -> None:
    stage.profiles.answers["anna@firm.example"] = [CannotTell(), Profile(PersonId("UA"))]
    stage.profiles.answers["ben@firm.example"] = CannotTell("users:read.email")
    report = await load(stage)
    assert (report.found, report.missing, report.waiting) == (0, (), 2)
    stage.clock.seconds += LATER + 1
    assert await stage.roster.match_round() == 2
    standing = await stage.roster.standing(Platform.SLACK, TEAM)
    assert standing.missing == (("ben@firm.example", "not_allowed users:read.email"),)


async def test_who_was_not_found_is_looked_for_again_once_a_day(stage: PeopleStage) -> None:
    await load(stage, "cleo@firm.example,gasb\n")
    assert await stage.roster.match_round() == 1
    asked = len(stage.profiles.asked)
    assert await stage.roster.match_round() == 0
    assert await stage.roster.match_round() == 0
    assert len(stage.profiles.asked) == asked
    stage.profiles.answers["cleo@firm.example"] = Profile(PersonId("UC"))
    stage.clock.seconds += AGAIN + 1
    assert await stage.roster.match_round() == 1
    assert await stage.courts("UC") == {"gasb": "roster"}


async def test_another_process_goes_on_where_one_ended(stage: PeopleStage, other: Store, tmp_path: Path) -> None:
    stage.profiles.answers["anna@firm.example"] = [Limited(3600.0)]
    assert (await load(stage)).waiting == 2
    second = PeopleStage(other, tmp_path / "other", profiles=FakeProfiles(anna="UA", ben="UB"))
    assert await second.roster.match_round() == 2
    assert await stage.courts("UA") == {"gasb": "roster", "gand": "roster"}


async def test_a_line_loaded_anew_while_its_person_is_looked_up_keeps_its_new_courts(
    stage: PeopleStage, other: Store, tmp_path: Path
) -> None:
    second = PeopleStage(other, tmp_path / "other", profiles=FakeProfiles(anna="UA"))

    class Reloading(FakeProfiles):
        async def by_email(self, workspace, email):  # type: ignore[no-untyped-def]
            await load(second, "anna@firm.example,almb\n", seconds=6.0)
            return await super().by_email(workspace, email)

    first = PeopleStage(stage.store, tmp_path / "first", profiles=Reloading(anna="UA"))
    await load(first, "anna@firm.example,gasb\n")
    assert await stage.courts("UA") == {"almb": "roster"}
    [row] = await stage.roster.listed(Platform.SLACK, TEAM)
    assert (list(row.courts), row.person) == (["almb"], "UA")


async def test_somebody_with_two_addresses_has_the_courts_of_both(stage: PeopleStage) -> None:
    stage.profiles.answers["a.smith@firm.example"] = Profile(PersonId("UA"))
    await load(stage, "anna@firm.example,gasb\na.smith@firm.example,almb\n")
    assert await stage.courts("UA") == {"gasb": "roster", "almb": "roster"}


async def test_who_had_left_and_is_found_again_can_be_written_to(stage: PeopleStage) -> None:
    async with stage.store.work() as work:
        await People().save(work, someone("UA"), gone=Why.LEFT.value)
        await People().save(work, someone("UB"), gone=Why.NO_DIRECT_MESSAGES.value)
    await load(stage)
    anna, ben = await stage.about("UA"), await stage.about("UB")
    assert anna is not None
    assert ben is not None
    assert (anna.gone, ben.gone) == ("", "")


async def test_a_long_roster_is_kept_whole(stage: PeopleStage) -> None:
    text = "\n".join(f"p{n}@firm.example,gasb,Office {n % 7}" for n in range(600))
    for n in range(600):
        stage.profiles.answers[f"p{n}@firm.example"] = Profile(PersonId(f"UP{n}"))
    report = await load(stage, text, seconds=3600.0)
    assert (report.people, report.found, report.waiting) == (600, 600, 0)
    assert await stage.courts("UP599") == {"gasb": "roster"}


async def test_a_chat_without_profiles_leaves_everybody_to_be_found_later(stage: PeopleStage) -> None:
    report = await stage.roster.load(ADMIN, Platform.TEAMS, TEAM, TEXT)
    assert (report.found, report.waiting) == (0, 2)
    assert await stage.roster.match_round() == 0
    assert stage.profiles.asked == []
