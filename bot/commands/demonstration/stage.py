"""Where a scene of the demonstration is played: what people type and press, what the bot answers, how it ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.app import Application
from bot.attempts.attempt import AttemptView
from bot.commands.demonstration.transcript import Transcript
from bot.errors import Code
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.sandbox import Sandbox
from bot.sandbox.scenes import Scene
from bot.sandbox.slack import TEAM, PretendMessage, PretendSlack, PretendView
from bot.service import Field
from bot.words.form import BUTTON_LINK, BUTTON_PASSCODE

Seen = TypeVar("Seen")

TICKS = (Field.INDIVIDUAL_ACCOUNT, Field.REDACTION, Field.CAUTION)
WAIT = 30.0
"""Seconds after which a scene that hangs is a failure."""


@dataclass(frozen=True)
class Part:
    """One scene of the demo: who plays it, how the form is opened, and how it has to end."""

    title: str
    about: tuple[str, ...]
    user: str
    name: str
    scene: Callable[[Sandbox], Scene]
    typed: str
    searched: str
    ends: Code


@dataclass(frozen=True)
class Stage:
    """Where a scene is played."""

    sandbox: Sandbox
    slack: PretendSlack
    app: Application
    tell: Transcript

    async def play(self, part: Part) -> bool:
        """Play one scene; True when it ended as it should."""
        scene = self.begin(part)
        return await self.link(part, scene, await self._open(part, scene))

    def begin(self, part: Part) -> Scene:
        """Set the scene and tell what it is about."""
        scene = part.scene(self.sandbox)
        self.slack.join(part.user, part.name)
        self.tell.scene(part.title, *part.about)
        return scene

    async def link(self, part: Part, scene: Scene, view: PretendView) -> bool:
        """Fill in the form that is open, and follow the attempt to its end; True when that is the right one."""
        await self._fill(part, scene, view)
        following = asyncio.create_task(self.tell.follow(lambda: self.slack.direct(part.user)))
        try:
            ended: AttemptView | None = await self._answer(part, scene)
        except TimeoutError:
            ended = None
        finally:
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following
        return self._close(part, ended)

    async def _open(self, part: Part, scene: Scene) -> PretendView:
        """Type the command, wait for the form, and choose the court in it where none was named."""
        self.tell.person(part.name, f"types  /link-ecf {part.typed}".rstrip())
        await self.slack.command(part.user, "/link-ecf", part.typed)
        view = await self.wait(lambda: self.slack.open_view(part.user))
        self.tell.bot(f'opens the form "{view.title}"')
        if part.searched:
            offered = [one["text"]["text"] for one in await self.slack.suggest(view, part.searched)]
            self.tell.person(part.name, f'types "{part.searched}" under "Court"')
            self.tell.bot("offers: " + "; ".join(offered[:3]))
            await self.slack.choose(view, scene.court_id)
            self.tell.person(part.name, f"chooses {offered[0]}")
        return view

    async def _fill(self, part: Part, scene: Scene, view: PretendView) -> None:
        typed = {
            Field.PACER_USERNAME.value: scene.pacer_username,
            Field.PACER_PASSWORD.value: scene.pacer_password,
            Field.CMECF_LOGIN.value: scene.cmecf_login,
            Field.CMECF_PASSWORD.value: scene.cmecf_password,
        }
        court = self.app.parts.service.court_by_id(scene.court_id)
        cautioned = court is not None and self.app.parts.service.caution(court) is not None
        wanted = {*typed, Field.CAUTION.value} if cautioned else set(typed)
        view = await self.wait(lambda: _with_fields(self.slack.open_view(part.user), wanted))
        names = {block["element"]["action_id"] for block in view.inputs()}
        ticks = [box.value for box in TICKS if box.value in names]
        hidden = {Field.PACER_PASSWORD.value, Field.CMECF_PASSWORD.value}
        shown = [f"{view.input(one)['label']['text']}: {'*' * 8 if one in hidden else typed[one]}" for one in typed]
        boxes = [f"ticks: {view.input(one)['label']['text']}" for one in ticks]
        self.tell.person(part.name, "\n".join(["fills in the form", *shown, *boxes]))
        reply = await self.slack.submit(view, typed, ticks)
        self.tell.person(part.name, f'presses "{view.view["submit"]["text"]}"')
        self.tell.note(f"Slack had its answer after {reply.seconds * 1000:.0f} ms; the form is closed.")

    async def _answer(self, part: Part, scene: Scene) -> AttemptView:
        """Answer the questions as they come, and return the attempt once its ending is shown."""
        answered: set[str] = set()
        while True:
            message, view = await self.wait(lambda: self._next(part, answered))
            self.tell.catch_up([])
            self.tell.message(message)
            if view.ended:
                return view
            button = BUTTON_PASSCODE if BUTTON_PASSCODE in message.buttons else BUTTON_LINK
            answered.add(button)
            await self.slack.press(message, button)
            self.tell.person(part.name, f'presses "{button}"')
            if button == BUTTON_PASSCODE:
                await self._passcode(part, scene)

    def _next(self, part: Part, answered: set[str]) -> tuple[PretendMessage, AttemptView] | None:
        """The message that now wants something of the person, or shows the ending."""
        attempts = self.app.parts.desk.here(_person(part))
        for message in self.slack.direct(part.user):
            for view in attempts[:1]:
                asks = {BUTTON_PASSCODE, BUTTON_LINK} & set(message.buttons) - answered
                told = view.result is not None and "Incident id, for your administrator" in message.shown
                if (asks and view.open_question is not None) or told:
                    return message, view
        return None

    async def _passcode(self, part: Part, scene: Scene) -> None:
        view = await self.wait(lambda: self.slack.open_view(part.user))
        self.tell.person(part.name, "types the passcode from the authenticator app and sends it")
        await self.slack.submit(view, {Field.PASSCODE.value: scene.passcode or ""})

    def _close(self, part: Part, ended: AttemptView | None) -> bool:
        code = ended.result.code if ended is not None and ended.result is not None else None
        self.tell.account()
        self.tell.note(f"Result: {code}, as expected." if code is part.ends else f"Result: {code}, NOT {part.ends}.")
        return code is part.ends

    async def wait(self, seen: Callable[[], Seen | None]) -> Seen:
        """Return what `seen` returns as soon as it is something. Raises TimeoutError."""
        return await self.slack.wait_for(seen, WAIT)


def _with_fields(view: PretendView | None, names: set[str]) -> PretendView | None:
    """The view once it has every field that is to be filled in."""
    here = {block["element"]["action_id"] for block in view.inputs()} if view is not None else set()
    return view if names <= here else None


def _person(part: Part) -> Person:
    return Person(Platform.SLACK, WorkspaceId(TEAM), PersonId(part.user))
