"""The service as a firm runs it: `link-ecf run` in a process of its own, with everything it writes in one folder."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import aiohttp

from bot.attempts.form import Field
from bot.sandbox.scenes import Scene
from bot.sandbox.slack import PretendMessage, PretendSlack, PretendView, Reply
from bot.words.form import BUTTON_LINK, BUTTON_PASSCODE

ROOT = Path(__file__).resolve().parents[2]
WAIT = 60.0
TICKS = (Field.INDIVIDUAL_ACCOUNT.value, Field.REDACTION.value, Field.CAUTION.value)
ENDED = "Incident id, for your administrator"

Seen = TypeVar("Seen")


async def until(seen: Callable[[], Seen | None], seconds: float = WAIT) -> Seen:
    """Return what `seen` returns as soon as it is something. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not (value := seen()):  # noqa: ASYNC110 - it is another process that is waited for
            await asyncio.sleep(0.02)
        return value


async def command(folder: Path, *line: str, **settings: str) -> tuple[int, str, str]:
    """Run another command of `link-ecf` to its end in `folder`: exit code, stdout, stderr."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *line), cwd=folder, env=environment(settings), stdout=pipe, stderr=pipe
    )
    out, err = await asyncio.wait_for(process.communicate(), WAIT)
    return process.returncode or 0, out.decode(), err.decode()


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """These settings and nothing else of the test's own environment but the way to the program."""
    kept = {name: os.environ[name] for name in ("PATH", "COVERAGE_PROCESS_START") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), **settings}


@dataclass
class Running:
    """One replica; stdout, stderr, state folder, temporary files and whatever a crash leaves lie in `folder`."""

    folder: Path
    settings: dict[str, str]
    starts: int = 0
    _process: Process | None = field(default=None, repr=False)

    @property
    def pid(self) -> int:
        """The process id of the service."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it and wait until it says `ready`."""
        await self.launch()
        await until(lambda: self.said_ready or self._process_ended())
        assert self.said_ready, self._file("stderr").read_text()[-2000:]

    @property
    def said_ready(self) -> bool:
        """True once `ready` stands on stdout."""
        return b"ready\n" in self._file("stdout").read_bytes()

    async def launch(self) -> None:
        """Start it and wait for nothing."""
        self.starts += 1
        for name in ("temporary", "state"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        given = {
            "PORT": "0",
            "LINK_ECF_LOG_LEVEL": "debug",
            "LINK_ECF_STATE_DIR": str(self.folder / "state"),
            "TMPDIR": str(self.folder / "temporary"),
            **self.settings,
        }
        with self._file("stdout").open("wb") as out, self._file("stderr").open("wb") as err:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=self.folder,
                env=environment(given),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    def _process_ended(self) -> bool:
        return self._process is not None and self._process.returncode is not None

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}-{self.starts}"

    def logged(self, event: str) -> list[dict[str, object]]:
        """The lines of its log, since it was last started, that tell of this event."""
        lines = self._file("stderr").read_text("utf-8").splitlines(keepends=True)
        return [one for line in lines if line.endswith("\n") and (one := json.loads(line)).get("event") == event]

    @property
    def address(self) -> str:
        """Where it listens: as the service, or while it waits for its database."""
        told = self.logged("started") or self.logged("waiting_for_database")
        return f"http://127.0.0.1:{told[0]['port']}"

    async def ready(self) -> tuple[int, str]:
        """What a load balancer is told."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.address}/readyz") as got:
            return got.status, (await got.text()).strip()

    async def becomes(self, status: int) -> str:
        """Wait until /readyz has this status, and return what it says. Raises TimeoutError."""
        async with asyncio.timeout(WAIT):
            while (told := await self.ready())[0] != status:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return told[1]

    async def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Send it a signal and wait until it is gone; its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(by)
        return await asyncio.wait_for(self._process.wait(), WAIT)


@asynccontextmanager
async def running(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[Running]:
    """A replica for as long as this is entered; afterwards it is gone, however the test ended."""
    service = Running(folder, dict(settings))
    try:
        await service.start()
        yield service
    finally:
        if service._process is not None:
            await service.end(signal.SIGKILL)


@dataclass
class Attorney:
    """One person in the pretend Slack, who types and presses; `through` is the replica that Slack reaches now."""

    slack: PretendSlack
    user: str
    scene: Scene
    answered: list[str] = field(default_factory=list)
    """What the bot answered to each request, in the words of HTTP."""

    def through(self, service: Running) -> None:
        """Let Slack send everything from now on to this replica."""
        self.slack.events_url = f"{service.address}/slack/events"

    async def form(self, fields: bool = True) -> PretendView:
        """Type the command and return the form, with its fields unless the court cannot be linked now."""
        before = self.slack.open_view(self.user)
        self._note(await self.slack.command(self.user, "/link-ecf", self.scene.court_id))
        return await until(lambda: view if (view := self._view(fields)) is not None and view is not before else None)

    def _view(self, fields: bool) -> PretendView | None:
        view = self.slack.open_view(self.user)
        names = {block["element"]["action_id"] for block in view.inputs()} if view is not None else set()
        return view if not fields or Field.CMECF_PASSWORD.value in names else None

    async def send(self, view: PretendView) -> Reply:
        """Fill in the form and send it."""
        names = {block["element"]["action_id"] for block in view.inputs()}
        typed = {
            Field.PACER_USERNAME.value: self.scene.pacer_username,
            Field.PACER_PASSWORD.value: self.scene.pacer_password,
            Field.CMECF_LOGIN.value: self.scene.cmecf_login,
            Field.CMECF_PASSWORD.value: self.scene.cmecf_password,
        }
        return self._note(await self.slack.submit(view, typed, [tick for tick in TICKS if tick in names]))

    async def passcode(self) -> None:
        """Answer the question for the passcode."""
        self._note(await self.slack.press(await self.asked(BUTTON_PASSCODE), BUTTON_PASSCODE))
        view = await until(lambda: self.slack.open_view(self.user))
        self._note(await self.slack.submit(view, {Field.PASSCODE.value: self.scene.passcode or ""}))

    async def link(self) -> None:
        """Say that both accounts are one's own."""
        self._note(await self.slack.press(await self.asked(BUTTON_LINK), BUTTON_LINK))

    async def asked(self, button: str) -> PretendMessage:
        """Wait for the message with this button."""
        return await until(lambda: next((one for one in self.slack.direct(self.user) if button in one.buttons), None))

    async def told(self, words: str) -> PretendMessage:
        """Wait for a message that ends an attempt with these words."""
        return await until(
            lambda: next(
                (one for one in self.slack.direct(self.user) if ENDED in one.shown and words in one.shown), None
            )
        )

    def _note(self, reply: Reply) -> Reply:
        self.answered.append(reply.text)
        return reply
