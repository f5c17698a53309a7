"""`link-ecf demo --serve`: says where its page is and what to type there, keeps it up, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a process group there, tests and all")


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command, as a process of its own; temporary files in a folder that can be looked at."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--serve"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": "/usr/bin", "TMPDIR": str(tmp_path), "SLACK_BOT_TOKEN": "not-a-token"},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _said(process: asyncio.subprocess.Process, last: str) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    while True:
        line = (await process.stdout.readline()).decode()
        assert line, "".join(lines)
        lines.append(line)
        if last in line:
            return "".join(lines)


async def test_it_keeps_a_page_up_until_ctrl_c(served: asyncio.subprocess.Process, tmp_path: Path) -> None:
    said = await _said(served, "Ctrl-C ends it")
    found = re.search(r"http://127\.0\.0\.1:\d+/", said)
    assert found is not None, said
    assert "/link-ecf gasb" in said
    async with aiohttp.ClientSession() as session:
        async with session.get(found[0]) as answer:
            assert answer.status == 200
            assert "Pretend Slack" in await answer.text()
        async with session.post(
            f"{found[0]}do/command", json={}, headers={"Origin": "https://elsewhere.example"}
        ) as no:
            assert no.status == 403, "no page of another site presses anything here"
    assert os.listdir(tmp_path), "its state is in a temporary folder"
    served.send_signal(signal.SIGINT)
    out, err = await asyncio.wait_for(served.communicate(), 30)
    assert (served.returncode, err) == (0, b"")
    assert b"Ending." in out
    assert os.listdir(tmp_path) == []
