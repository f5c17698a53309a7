"""The post between replicas: an answer, or a wish to stop, taken anywhere and fetched by the attempt's owner.

A passcode waits sealed for its attempt and question, for a minute at most, and is deleted as it is read. The first
answer to a question counts; that there was one is remembered, what it was is not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.attempts.attempt import Answered, AttemptId, QuestionNumber
from bot.attempts.book import Relayed
from bot.attempts.precheck import passcode_fits
from bot.attempts.record import person_of
from bot.linker.values import Answer, ConfirmAnswer, NoPasscode, PasscodeAnswer, PasscodeQuestion
from bot.people import Person
from bot.secret import Secret
from bot.store import AnswerRow, Answers, AttemptRow, Attempts, Store, Work
from bot.vault import CannotOpen, Vault, passcode_place

ANSWERS = "answers"
"""The channel on which replicas are told that an answer waits."""

TRANSIT = timedelta(seconds=60)
"""How long an answer may wait for its owner; a passcode is no good after half of that."""

LATELY = timedelta(hours=6)
"""How long ended attempts are still shown to their person."""


class Post:
    """Takes and fetches, each inside the caller's unit of work."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault
        self._rows = Attempts()
        self._answers = Answers()

    async def take(
        self, work: Work, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer
    ) -> Answered:
        """Keep an answer for its owner, or say why not."""
        row = await self._rows.get(work, attempt)
        refused = await self._refused(work, row, person, number, answer)
        if refused is not None:
            return refused
        now = await self._store.now(work)
        if not await self._answers.put(work, self._letter(person, attempt, number, answer, now)):
            return Answered.ALREADY_ANSWERED
        await self._store.notify(work, ANSWERS, attempt)
        return Answered.TAKEN

    def _letter(
        self, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer, now: datetime
    ) -> AnswerRow:
        until, kind = now + TRANSIT, _kind(answer)
        link = answer.link if isinstance(answer, ConfirmAnswer) else None
        sealed = None
        if isinstance(answer, PasscodeAnswer):
            place = passcode_place(person.workspace, person.id, attempt, number, until)
            sealed = self._vault.seal(place, answer.passcode.reveal().encode())
            answer.passcode.spend()
        return AnswerRow(attempt, number, kind, person.id, now, until, link=link, sealed=sealed)

    async def _refused(
        self, work: Work, row: AttemptRow | None, person: Person, number: QuestionNumber, answer: Answer
    ) -> Answered | None:
        if row is None:
            return Answered.TOO_LATE
        if person_of(row) != person:
            return Answered.NOT_YOURS
        if await self._answers.settled(work, row.id, number) is not None:
            return Answered.ALREADY_ANSWERED
        if row.question is None or row.question_number != number or row.code is not None:
            return Answered.TOO_LATE
        wanted = PasscodeQuestion.name if isinstance(answer, NoPasscode) else _kind(answer)
        if answer is None or row.question["kind"] != wanted:
            return Answered.TOO_LATE
        if isinstance(answer, PasscodeAnswer) and not passcode_fits(answer.passcode):
            return Answered.PASSCODE_SHAPE
        return None

    async def stop(self, work: Work, person: Person, attempt: AttemptId | None, me: str) -> Sequence[AttemptRow]:
        """Ask the owners of this person's attempts to stop them; those of `me` are not asked by post."""
        now = await self._store.now(work)
        theirs = await self._rows.of_person(work, person.platform.value, person.workspace, person.id, now - LATELY)
        rows = [r for r in theirs if r.state == "running" and r.owner != me and attempt in (None, r.id)]
        for row in rows:
            await self._answers.put(work, AnswerRow(row.id, 0, "stop", person.id, now, now + TRANSIT))
            await self._store.notify(work, ANSWERS, row.id)
        return rows

    async def fetch(self, work: Work, attempts: Collection[AttemptId]) -> Sequence[Relayed]:
        """Take out what waits for these attempts; each letter comes out once."""
        letters = await self._answers.take_all(work, attempts)
        now = await self._store.now(work)
        found: list[Relayed] = []
        for letter in letters:
            whose = await self._rows.get(work, letter.attempt) if letter.sealed is not None else None
            opened = self._opened(letter, whose, now)
            if opened is not None:
                found.append(opened)
        return found

    def _opened(self, letter: AnswerRow, whose: AttemptRow | None, now: datetime) -> Relayed | None:
        attempt, number = AttemptId(letter.attempt), QuestionNumber(letter.number)
        if letter.kind == "stop":
            return Relayed(attempt, number, stop=True)
        if letter.kind == "none":
            return Relayed(attempt, number, NoPasscode())
        if letter.kind == "confirm":
            return Relayed(attempt, number, ConfirmAnswer(letter.link is True))
        if letter.sealed is None or whose is None:
            return None
        person = person_of(whose)
        place = passcode_place(person.workspace, person.id, attempt, number, letter.expires_at)
        try:
            with self._vault.opened(place, letter.sealed, now) as passcode:
                return Relayed(attempt, number, PasscodeAnswer(Secret(passcode.decode())))
        except CannotOpen:
            return None


def _kind(answer: Answer) -> str:
    match answer:
        case PasscodeAnswer():
            return "passcode"
        case ConfirmAnswer():
            return "confirm"
        case NoPasscode() | None:
            return "none"
