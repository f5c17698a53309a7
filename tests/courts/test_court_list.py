"""A running replica and its courts: it follows what is kept, and everybody who was given its directory follows it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from bot.courts.facts import Facts
from bot.errors import StoreTrouble
from bot.service.court_list import CourtList
from bot.store import FactsRow, Store
from bot.store.facts import CourtFacts
from tests.courts.feeds import GASB, known

AT = datetime(2026, 6, 2, 12, 30, 5, 250_000, tzinfo=UTC)
NEW = Facts(software="NextGen CM/ECF Release 1.8", host="ecf2.gasb.uscourts.gov")


def row(facts: Mapping[str, object], court: str = "gasb") -> FactsRow:
    """What is kept of a court."""
    return FactsRow(court, dict(facts), "data.json", AT, "terminal/host/clerk")


async def put(store: Store, *rows: FactsRow) -> None:
    """Keep these rows."""
    async with store.work() as work:
        await CourtFacts().put(work, rows)


async def drop(store: Store, *courts: str) -> None:
    """Forget these courts."""
    async with store.work() as work:
        await CourtFacts().drop(work, courts)


async def rows(store: Store) -> tuple[FactsRow, ...]:
    """All that is kept."""
    async with store.work() as work:
        return await CourtFacts().all(work)


async def test_rows_are_kept_by_court(store: Store) -> None:
    gasb, almb = row(NEW.as_json()), row({"help_desks": [["334-954-3800", ""]]}, "almb")
    await put(store, gasb, almb)
    assert await rows(store) == (almb, gasb)
    again = FactsRow("gasb", {"software": "NextGen CM/ECF Release 1.9"}, "other.json", AT, "terminal/host/other")
    await put(store, again)
    await drop(store, "almb", "nosuch")
    await drop(store)
    assert await rows(store) == (again,)


async def test_a_replica_follows_what_another_kept(store: Store, other: Store) -> None:
    """At its next round; who held the directory, or a method of it, sees it."""
    courts = CourtList(store)
    find = courts.directory.by_id
    assert await courts.round() is False
    await put(other, row(NEW.as_json()))
    assert find("gasb") == known("gasb")
    assert await courts.round() is True
    found = find("gasb")
    assert found is not None
    assert (found.software, found.host) == (NEW.software, NEW.host)
    assert courts.directory.plainly("ecf2.gasb.uscourts.gov") is found
    assert await courts.round() is False


async def test_the_words_to_search_are_ready_before_anybody_types(store: Store) -> None:
    """They take longer to make than the event loop may be held; both at the start and after a change."""
    courts = CourtList(store)
    assert "_index" in vars(courts.directory)
    await put(store, row(NEW.as_json()))
    await courts.round()
    assert "_index" in vars(courts.directory)


async def test_what_is_taken_back_is_as_it_ships(store: Store) -> None:
    courts = CourtList(store)
    await put(store, row(NEW.as_json()))
    await courts.round()
    await drop(store, GASB)
    assert await courts.round() is True
    assert courts.directory.by_id("gasb") == known("gasb")


async def test_a_row_that_was_tampered_with_moves_no_host(store: Store) -> None:
    courts = CourtList(store)
    await put(store, row({"host": "evil.example", "software": "NextGen CM/ECF Release 1.8"}), row({}, "nosuch"))
    await courts.round()
    found = courts.directory.by_id("gasb")
    assert found is not None
    assert (found.host, found.software) == ("ecf.gasb.uscourts.gov", "NextGen CM/ECF Release 1.8")


async def test_a_database_in_trouble_leaves_the_courts_as_they_are(store: Store) -> None:
    courts = CourtList(store)
    await put(store, row(NEW.as_json()))
    await courts.round()
    await store.close()
    with pytest.raises(StoreTrouble):
        await CourtList(_Broken()).round()  # type: ignore[arg-type]
    assert courts.directory.by_id("gasb") != known("gasb")


class _Broken:
    """A store whose database does not answer."""

    def work(self) -> object:
        """Refuse."""
        raise StoreTrouble("The database did not answer in time.")
