"""A service in a process of its own, to be killed: `python -m tests.attempts.cell.owner` with a plan on its input.

It makes one attempt and, at the thing that the plan names, prints the process ids and sends itself a signal.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from bot.attempts.cell import CellBounds, Cells
from bot.linker import Outside
from tests.attempts.cell.stage import PATIENT, Caller, run
from tests.story.attempts import PASSCODE, Person


async def own(plan: dict[str, Any]) -> None:
    """Make the attempt that the plan describes and print how it ended."""
    outside = Outside(connect_to=("127.0.0.1", plan["port"]), ca_file=Path(plan["ca_file"]))
    walk = {"walk": plan["walk"]} if "walk" in plan else {}
    async with Cells(outside, limits=PATIENT, bounds=CellBounds(go=plan.get("go", 8.0)), **walk) as cells:

        def act() -> None:
            if plan.get("server_first"):
                os.kill(cells.server_pid, signal.SIGKILL)
            print(json.dumps({"server": cells.server_pid, "child": cells.pids[0]}), flush=True)
            os.kill(os.getpid(), plan["signal"])

        caller = Caller(Person(plan["username"], login=plan["login"], passcode_later=PASSCODE), plan["at"], act)
        result = await run(cells, caller)
        print(json.dumps({"code": result.code, "detail": result.detail}), flush=True)


if __name__ == "__main__":
    asyncio.run(own(json.loads(sys.stdin.read())))
