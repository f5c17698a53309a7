"""Who hears of an event: who files at its court and can be written to, with where they stand and what they asked."""

from __future__ import annotations

from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.store import AgainRow, HearerRow, Hearers, People, PersonRow, Register, RegisterRow, Span, Store, WatchRow
from tests.store.conftest import Times
from tests.store.stage import event

PEOPLE = People()
DONE = ("linked", "guided", "not_needed")


def someone(name: str, workspace: str = "T1") -> Person:
    return Person(Platform.SLACK, WorkspaceId(workspace), PersonId(name))


async def watch(store: Store, times: Times, *names: str, court: str = "gasb", workspace: str = "T1") -> None:
    async with store.work() as work:
        for name in names:
            await PEOPLE.watch(work, WatchRow("slack", workspace, name, court, times.now))


async def hearers(store: Store, id: str, span: Span | None = None, limit: int = 100) -> list[HearerRow]:
    async with store.work() as work:
        return [*await Hearers().of_event(work, id, "gasb", DONE, span=span or Span(), limit=limit)]


async def test_everybody_who_files_at_the_court_is_there_with_what_is_known(store: Store, times: Times) -> None:
    made, other = await event(store), await event(store, court="almb")
    await watch(store, times, "U1", "U2", "U3", "U4", "U5")
    await watch(store, times, "U6", court="almb")
    async with store.work() as work:
        saved = await PEOPLE.save(work, someone("U2"), zone="Pacific/Guam", ends="16:00")
        await PEOPLE.save(work, someone("U3"), gone="left")
        await PEOPLE.mute(work, someone("U4"), "gasb", True)
        await PEOPLE.watch(work, WatchRow("slack", "T1", "U5", "gasb", times.now, is_on=False))
        for id, minutes in ((made.id, 5), (other.id, 9)):
            again = AgainRow("slack", "T1", "U1", id, times.later(60 * minutes), times.now)
            await PEOPLE.tell_again(work, again)
        for name, court, state in (("U2", "gasb", "linked"), ("U1", "almb", "linked"), ("U4", "gasb", "invited")):
            row = RegisterRow("slack", "T1", name, court, state, times.now, times.now)
            await Register().put(work, row)
    assert await hearers(store, made.id) == [
        HearerRow(PersonRow("slack", "T1", "U1"), False, False, times.later(300)),
        HearerRow(saved, True, False, None),
        HearerRow(PersonRow("slack", "T1", "U4"), False, True, None),
    ]


async def test_slices_make_up_the_whole(store: Store, times: Times) -> None:
    made = await event(store)
    await watch(store, times, "U1", "U2", "U3")
    await watch(store, times, "U0", "U9", workspace="T2")
    found: list[str] = []
    span = Span()
    while some := await hearers(store, made.id, span, limit=2):
        found += [f"{row.about.workspace}/{row.who.id}" for row in some]
        last = some[-1].about
        span = Span(after=(last.platform, last.workspace, last.person))
    assert found == ["T1/U1", "T1/U2", "T1/U3", "T2/U0", "T2/U9"]
    upto = Span(upto=("slack", "T1", "U2"))
    assert [row.who.id for row in await hearers(store, made.id, upto)] == ["U1", "U2"]
