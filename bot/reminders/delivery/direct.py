"""Where each person's direct messages with the bot are: a conversation is opened once, and not for each letter."""

from __future__ import annotations

from bot.people import Person
from bot.store import People, Store


class DirectBook:
    """The conversations of the people in the store; each method is one unit of work and raises StoreTrouble."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._people = People()

    async def recall(self, person: Person) -> str:
        """Return the conversation's id as the chat has it, "" when none is known."""
        async with self._store.work() as work:
            found = await self._people.get(work, person)
        return found.dm_channel if found is not None else ""

    async def remember(self, person: Person, channel: str) -> None:
        """Keep the conversation's id; "" forgets it."""
        async with self._store.work() as work:
            await self._people.save(work, person, dm_channel=channel)
