"""The pretend Slack in a process of its own: `python -m tests.bench.pretend_slack PEOPLE`."""

from __future__ import annotations

import asyncio
import sys

from bot.sandbox.slack import PretendSlack
from tests.bench.apart import answer
from tests.bench.firm import member


async def _serve(people: int) -> None:
    async with PretendSlack() as slack:
        for number in range(people):
            slack.join(member(number))
        answer(api_url=slack.api_url)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
