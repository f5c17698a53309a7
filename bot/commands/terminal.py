"""The terminal as a chat: it shows the steps of one attempt and answers its questions, through the same service."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

import click

from bot.attempts.attempt import AttemptView, OpenQuestion
from bot.commands.answers import Given, ask_confirm, ask_passcode
from bot.commands.line import say_json
from bot.linker.values import (
    Answer,
    Comparison,
    ConfirmAnswer,
    ConfirmQuestion,
    NoPasscode,
    PasscodeAnswer,
    PasscodeQuestion,
    Step,
    Told,
)
from bot.secret import Secret
from bot.service import Answered, Service
from bot.words import answered_words, question_words, step_words
from bot.words.form import ACCOUNT_SHOWN, FILER_SHOWN, NOT_READABLE

Typed = TypeVar("Typed")


class TerminalMessenger:
    """Shows one attempt as lines, JSON or plain, and answers from what was given or from the keyboard."""

    def __init__(self, service: Service, given: Given, *, as_json: bool) -> None:
        self._service = service
        self._given = given
        self._passcodes: Iterator[Secret] = iter(given.passcodes)
        self._as_json = as_json
        self._told: tuple[Told, ...] = ()
        self._question: OpenQuestion | None = None
        self._answering: asyncio.Task[None] | None = None
        self.declined = False
        """True when the file said yes and the accounts did not plainly agree, so that the answer was no."""

    async def show(self, view: AttemptView) -> None:
        """Print what is new, and set about answering a new question."""
        known = 0
        for old, new in zip(self._told, view.told, strict=False):
            if old != new:
                break
            known += 1
        for told in view.told[known:]:
            self._step(told, view)
        self._told = view.told
        opened = view.open_question
        if opened is not None and opened != self._question:
            self._ask(opened, view)
            self._answering = asyncio.create_task(self._answer(opened, view), name="answer at the terminal")
        if opened is None and self._answering is not None:
            self._answering.cancel()
        self._question = opened

    async def arrived(self, view: AttemptView) -> bool:
        """What is printed has arrived."""
        return True

    def _step(self, told: Told, view: AttemptView) -> None:
        if not self._as_json:
            click.echo(step_words(told, view.court))
        elif told.step is Step.QUEUED:
            say_json(event="step", step=told.step, place=told.place)
        else:
            say_json(event="step", step=told.step)

    def _ask(self, opened: OpenQuestion, view: AttemptView) -> None:
        question = opened.question
        if self._as_json and isinstance(question, ConfirmQuestion):
            say_json(
                event="question",
                question=question.name,
                filer_shown=question.filer_shown,
                account_shown=question.account_shown,
                comparison=question.comparison,
            )
        elif self._as_json:
            say_json(event="question", question=question.name)
        else:
            click.echo(question_words(question, view.court).text)
        if not self._as_json and isinstance(question, ConfirmQuestion):
            click.echo(f"{FILER_SHOWN}: {_safe(question.filer_shown)}")
            click.echo(f"{ACCOUNT_SHOWN}: {_safe(question.account_shown)}")

    async def _answer(self, opened: OpenQuestion, view: AttemptView) -> None:
        while True:
            answer = await self._find(opened)
            said = await self._service.answer(view.person, view.id, opened.number, answer)
            if said is not Answered.PASSCODE_SHAPE:
                return
            click.echo(answered_words(said), err=True)

    async def _find(self, opened: OpenQuestion) -> Answer:
        match opened.question:
            case PasscodeQuestion(certain=certain):
                return await self._passcode() or (None if certain or not self._given.asked_live else NoPasscode())
            case ConfirmQuestion() as question:
                return await self._confirm(question)

    async def _passcode(self) -> Answer:
        code = await _typed(ask_passcode) if self._given.asked_live else next(self._passcodes, None)
        return PasscodeAnswer(code) if code is not None else None

    async def _confirm(self, question: ConfirmQuestion) -> Answer:
        """Answer from the keyboard, or by design 9: an answers file says yes only to accounts that agree."""
        if self._given.asked_live:
            return ConfirmAnswer(await _typed(lambda: ask_confirm(question)))
        if self._given.confirm is None:
            return None
        agreed = question.comparison is Comparison.AGREE
        self.declined = self._given.confirm and not agreed
        return ConfirmAnswer(self._given.confirm and agreed)


def _safe(text: str) -> str:
    """Show what a court's page says without letting it speak to the terminal."""
    return "".join(one if one.isprintable() else " " for one in text) or NOT_READABLE


async def _typed(ask: Callable[[], Typed]) -> Typed:
    """Wait for the keyboard in a thread that cannot keep the process from ending."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[Typed] = loop.create_future()

    def give(value: Typed) -> None:
        if not answered.done():
            answered.set_result(value)

    def stop() -> None:
        if not answered.done():
            answered.cancel()

    def wait() -> None:
        try:
            value = ask()
        except (click.Abort, EOFError):
            loop.call_soon_threadsafe(stop)
        else:
            loop.call_soon_threadsafe(give, value)

    threading.Thread(target=wait, daemon=True, name="keyboard").start()
    return await answered
