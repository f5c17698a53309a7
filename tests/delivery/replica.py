"""A replica that only delivers, in a process of its own, to be killed: `python -m tests.delivery.replica`.

Its plan comes as one line of JSON on its input; it delivers by the real Slack post until its input ends.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from contextlib import suppress
from typing import Any

from bot import logs
from bot.clock import SystemClock
from bot.courts.court import CourtId
from bot.courts.directory import Directory
from bot.people import Person, Platform
from bot.reminders.clock import Ticks
from bot.reminders.delivery.contents import Contents
from bot.reminders.delivery.deliver import Delivery
from bot.reminders.delivery.direct import DirectBook
from bot.reminders.delivery.dispatch import Dispatcher, LocalDispatcher, QueueDispatcher
from bot.reminders.delivery.letter import Letter, LetterId
from bot.reminders.delivery.rates import Rates
from bot.store import Store, Work
from handlers.slack.blocks import Message
from handlers.slack.client import OneWorkspace, slack_session, web_client
from handlers.slack.post import SlackPost


class NoNotes:
    """An audit that is not part of this."""

    async def invited(self, work: Work, person: Person, court: CourtId) -> Any:
        """Nothing."""

    async def keep(self, head: Any) -> None:
        """Nothing."""


def message_of(letter: Letter) -> Message:
    """What is said does not matter here."""
    return Message(f"{len(letter.told)} notices", ())


async def deliver(plan: dict[str, Any]) -> None:
    """Deliver until the input ends."""
    logs.set_up("ERROR")
    clock = SystemClock()
    store = await open_store(plan["address"])
    session = slack_session()
    client = web_client("xoxb-pretend", session, plan["slack"], waits=False)
    post = SlackPost(
        OneWorkspace(client), clock, DirectBook(store), message_of, opens_per_minute=1e6, looks_per_minute=1e6
    )
    me = secrets.token_hex(6)
    delivery = Delivery(
        store,
        {Platform.SLACK: post},
        NoNotes(),  # type: ignore[arg-type]
        clock,
        Contents(Directory.shipped().by_id),
        me=me,
        rates=Rates(**plan["rates"]),
    )
    dispatcher: Dispatcher
    if plan["address"].startswith("sqlite"):
        dispatcher = LocalDispatcher(store, delivery.deliver, drain=1.0)
    else:
        from bot.store.queue import Queue

        async def job(letter: str) -> None:
            await delivery.deliver(LetterId(letter))

        queue = Queue(plan["address"], job, clock, drain=1.0, **plan["queue"])
        dispatcher = QueueDispatcher(store, queue)
    ticks = {"dispatch": (plan["dispatch"], dispatcher.round), "rescue": (plan["rescue"], dispatcher.rescue)}
    async with dispatcher, Ticks(clock, ticks):
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
    await store.close()
    await session.close()


async def open_store(address: str) -> Store:
    """Open it, however long the database takes to be back."""
    while True:
        with suppress(Exception):
            return await Store.open(address, SystemClock())
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(deliver(json.loads(sys.stdin.readline())))
