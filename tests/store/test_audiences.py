"""Who is in an audience, and who is passed over and why; on both databases."""

from __future__ import annotations

import pytest

from bot.store import Store
from bot.store.audiences import AudienceAsked, Audiences
from tests.reminders.broadcast_stage import HERE, TEAM, THERE, settle


async def chosen(store: Store, **asked: object) -> dict[str, str]:
    """Everybody in the audience, with why they are passed over."""
    given = AudienceAsked("slack", TEAM, **asked)  # type: ignore[arg-type]
    async with store.work() as work:
        everyone = await Audiences().everyone(work, given)
        counted = await Audiences().head_count(work, given)
    found = {one.person: one.why for one in everyone}
    assert len(found) == len(everyone), "nobody is there twice"
    assert counted == {why: list(found.values()).count(why) for why in found.values()}, "the head count is of them"
    return found


@pytest.fixture(autouse=True)
async def firm(store: Store) -> None:
    """Two workspaces with the same people, of which one is asked."""
    await settle(store, HERE)
    await settle(store, THERE)


AT_GASB = {
    "U0CORA": "",
    "U0DAN": "",
    "U0ELI": "",
    "U0GONE": "left",
    "U0LINK": "",
    "U0MUTE": "muted",
    "U0SEEN": "",
    "U0WORD": "",
}


async def test_a_courts_audience_is_who_files_there_by_their_word_the_rosters_or_the_register(store: Store) -> None:
    assert await chosen(store, court="gasb") == AT_GASB


async def test_only_the_unlinked_leaves_out_who_is_linked_or_says_so(store: Store) -> None:
    found = await chosen(store, court="gasb", unlinked_only=True)
    assert found == AT_GASB | {"U0LINK": "linked", "U0WORD": "linked"}


async def test_an_office_is_of_people_and_with_a_court_of_its_filers(store: Store) -> None:
    assert await chosen(store, office="Savannah") == {"U0CORA": "", "U0LINK": ""}
    linked = await chosen(store, court="gasb", office="Savannah", unlinked_only=True)
    assert linked == {"U0CORA": "", "U0LINK": "linked"}
    assert await chosen(store, office="savannah") == {}, "the name is the roster's, exactly"
    assert await chosen(store, court="almb", office="Savannah") == {}


async def test_everybody_is_whoever_the_bot_knows_here_and_no_court_is_muted_for_them(store: Store) -> None:
    found = await chosen(store)
    assert found == {
        **dict.fromkeys(AT_GASB, ""),
        "U0GONE": "left",
        **dict.fromkeys(("U0OFF", "U0NEED", "U0ALMB"), ""),
    }


async def test_offices_and_the_first_who_are_passed_over_are_told_by_name(store: Store) -> None:
    async with store.work() as work:
        assert await Audiences().offices(work, "slack", TEAM) == ["Macon", "Savannah"]
        assert await Audiences().offices(work, "teams", TEAM) == []
        asked = AudienceAsked("slack", TEAM, "gasb", unlinked_only=True)
        assert await Audiences().passed_over(work, asked, "linked", 1) == ["U0LINK"]


async def test_a_name_that_looks_like_sql_is_a_name(store: Store) -> None:
    assert await chosen(store, office="' OR 1=1 --") == {}
    assert await chosen(store, court="%") == {}
