"""The door of the private page over the store: links are made, judged and used up; what they start is the service's.

The token is 32 random bytes; kept are its SHA-256 and that of token and code together, so that a copy of the database
opens nothing and cannot even try codes (reliability.md 3.5; OWASP ASVS 6.5.2).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeVar

import structlog

from bot.attempts.attempt import Answered, AttemptId, AttemptView, OpenQuestion, QuestionNumber
from bot.attempts.form import LinkForm, Problem
from bot.attempts.precheck import passcode_fits
from bot.courts.court import CourtId
from bot.errors import StoreTrouble
from bot.linker.values import Answer, PasscodeAnswer
from bot.people import Person
from bot.secret import Secret
from bot.service.linking import Service, Started
from bot.service.page_closing import Closed, PageClosing, owner_of
from bot.service.page_tokens import bytes_of, hashed, new_token
from bot.service.page_turns import Held, Turns
from bot.service.pages import (
    CODE_TRIES,
    LINK_LASTS,
    LINKS_AT_ONCE,
    FormPage,
    Gone,
    GoneReason,
    NoLink,
    Page,
    PageLink,
    QuestionPage,
    WrongCode,
)
from bot.store import PageLinks, PageRow, Store, Took, Work

log = structlog.get_logger(__name__)


T = TypeVar("T")

_STATES = {"used": GoneReason.USED, "replaced": GoneReason.REPLACED, "dead": GoneReason.TOO_MANY_CODES}


class PageService:
    """Links over `store` and `service`; `public_url` is where people reach the bot, without a slash at its end.

    `closing` notes and tells what wrong codes closed; without it nobody hears of it but who typed.
    """

    def __init__(self, store: Store, service: Service, public_url: str, closing: PageClosing | None = None) -> None:
        self._store = store
        self._closing = closing
        self._service = service
        self._public_url = public_url
        self._links = PageLinks()
        self._turns = Turns()
        self._held = Held()

    async def open_form(self, person: Person, court_id: str) -> PageLink | NoLink:
        """Make a link to the form for this court; an older one of this person for this court is dead from now on."""
        court = self._service.court_by_id(court_id)
        if court is None or self._service.hindrance(court) is not None:
            return NoLink.COURT
        return await self._make(person, court=court.id)

    async def open_question(self, person: Person, attempt: AttemptId, number: QuestionNumber) -> PageLink | NoLink:
        """Make a link to an open question of the person's own attempt; an older one for it is dead from now on."""
        if _asked(await self._service.attempt(person, attempt), number) is None:
            return NoLink.OVER
        return await self._make(person, attempt=attempt, number=number)

    async def look(self, token: str) -> Page | Gone:
        """Return what the token leads to. Changes nothing."""
        row = await self._good(token)
        if isinstance(row, Gone):
            return row
        if row.court is not None:
            court = self._service.court_by_id(row.court)
            return FormPage(court, self._service.caution(court), row.expires_at) if court else _gone("OVER")
        view = await self._attempt(row)
        asked = _asked(view, row.number)
        if view is None or asked is None:
            return _gone("OVER")
        return QuestionPage(view.court, asked.question, min(asked.until, row.expires_at))

    async def unlock(self, token: str, code: str) -> Page | WrongCode | Gone:
        """Return what the token leads to, to somebody who knows its code; a wrong code costs a try."""
        refusal = await self._held.to_the_end(self._take(token, code, whole=False))
        return await self.look(token) if refusal is None else refusal

    async def send_form(self, token: str, code: str, form: LinkForm) -> Started | Sequence[Problem] | WrongCode | Gone:
        """Start the attempt that the form asks for, at the link's court; only a form without problems uses it up."""
        row = await self._good(token)
        if isinstance(row, PageRow) and row.court is None:
            row = _gone("UNKNOWN")
        if isinstance(row, Gone):
            return _spent(row, _secrets(form))
        return await self._held.to_the_end(self._start(row, token, code, form))

    async def _start(
        self, row: PageRow, token: str, code: str, form: LinkForm
    ) -> Started | Sequence[Problem] | WrongCode | Gone:
        """Use the link up and start: in one piece, or a request that is cut off between the two loses the link."""
        form = replace(form, court=CourtId(str(row.court)))
        problems = tuple(self._service.check(form))
        refusal = await self._take(token, code, whole=not problems)
        if refusal is not None:
            return _spent(refusal, _secrets(form))
        if problems:
            return problems
        started = await self._service.start(owner_of(row), form)
        if not isinstance(started, Started):
            await self._give_back(token, row)
        return started

    async def send_answer(self, token: str, code: str, answer: Answer) -> Answered | WrongCode | Gone:
        """Give the answer to the link's question. PASSCODE_SHAPE and UNREACHABLE leave the link as it was."""
        typed = [answer.passcode] if isinstance(answer, PasscodeAnswer) else []
        row = await self._good(token)
        if isinstance(row, PageRow) and (row.attempt is None or _asked(await self._attempt(row), row.number) is None):
            row = _gone("UNKNOWN" if row.attempt is None else "OVER")
        if isinstance(row, Gone):
            return _spent(row, typed)
        return await self._held.to_the_end(self._answer(row, token, code, answer))

    async def _answer(self, row: PageRow, token: str, code: str, answer: Answer) -> Answered | WrongCode | Gone:
        """Use the link up and answer: in one piece."""
        typed = [answer.passcode] if isinstance(answer, PasscodeAnswer) else []
        fits = not isinstance(answer, PasscodeAnswer) or (bool(answer.passcode) and passcode_fits(answer.passcode))
        refusal = await self._take(token, code, whole=fits)
        if refusal is not None:
            return _spent(refusal, typed)
        if not fits:
            return _spent(Answered.PASSCODE_SHAPE, typed)
        attempt, number = AttemptId(str(row.attempt)), QuestionNumber(row.number or 0)
        answered = await self._service.answer(owner_of(row), attempt, number, answer)
        if answered in (Answered.PASSCODE_SHAPE, Answered.UNREACHABLE):
            await self._give_back(token, row)
        return answered

    async def _make(
        self, person: Person, *, court: str | None = None, attempt: str | None = None, number: int | None = None
    ) -> PageLink | NoLink:
        token = new_token()
        try:
            async with self._work(None) as work:
                now = await self._store.now(work)
                row = PageRow(
                    token_hash=hashed(token.raw),
                    code_hash=hashed(token.raw + token.code.encode()),
                    platform=person.platform.value,
                    workspace=person.workspace,
                    person=person.id,
                    made_at=now,
                    expires_at=now + LINK_LASTS,
                    court=court,
                    attempt=attempt,
                    number=number,
                )
                if not await self._links.add(work, row, at_most=LINKS_AT_ONCE):
                    return NoLink.TOO_MANY
        except (StoreTrouble, TimeoutError):
            return NoLink.UNREACHABLE
        self._turns.know(row.token_hash)
        return PageLink(f"{self._public_url}/p/{token.text}", token.code, row.expires_at)

    async def _good(self, token: str) -> PageRow | Gone:
        """The row of an open link that has not expired, or why there is none."""
        raw = bytes_of(token)
        if raw is None:
            return _gone("UNKNOWN")
        try:
            async with self._work(hashed(raw)) as work:
                found = await self._links.find(work, hashed(raw))
        except (StoreTrouble, TimeoutError):
            return _gone("UNREACHABLE")
        if found is None:
            return _gone("UNKNOWN")
        row, fresh = found
        self._turns.know(row.token_hash)
        if row.state != "open":
            return Gone(_STATES[row.state])
        return row if fresh else _gone("EXPIRED")

    async def _take(self, token: str, code: str, *, whole: bool) -> WrongCode | Gone | None:
        """Judge the code, and use the link up when `whole`; None when the code was right (and the link ours)."""
        raw = bytes_of(token) or b""
        code_hash = hashed(raw + code.strip().encode("utf-8", "replace"))
        closed: Closed | None = None
        try:
            async with self._work(hashed(raw)) as work:
                taken = await self._links.take(work, hashed(raw), code_hash, tries=CODE_TRIES, whole=whole)
                if self._closing is not None and taken.took is Took.WRONG_CODE and taken.wrong_codes >= CODE_TRIES:
                    closed = await self._closing.note(work, hashed(raw), taken.wrong_codes)
        except (StoreTrouble, TimeoutError):
            return _gone("UNREACHABLE")
        match taken.took:
            case Took.WON | Took.LEFT:
                return None
            case Took.WRONG_CODE:
                left = CODE_TRIES - taken.wrong_codes
                if left > 0:
                    return WrongCode(left)
                await self._log_dead(closed)
                if self._closing is not None and closed is not None:
                    await self._closing.tell(closed)
                return _gone("TOO_MANY_CODES")
            case Took.NOT_OPEN:
                why = await self._good(token)
                # Open after all: given back meanwhile by the one who had taken it. The next try may have it.
                return why if isinstance(why, Gone) else _gone("UNREACHABLE")

    async def _log_dead(self, closed: Closed | None) -> None:
        """Log that somebody had a link and not its code: by the attempt's incident, where it was a question's."""
        row = closed.row if closed is not None else None
        view = await self._attempt(row) if row is not None and row.attempt is not None else None
        court = self._service.court_by_id(row.court) if row is not None and row.court is not None else None
        if view is not None:
            log.warning("page_link_dead", incident=view.incident, court=view.court.id, place="question")
        elif court is not None:
            log.warning("page_link_dead", court=court.id, place="form")
        else:
            log.warning("page_link_dead")

    @asynccontextmanager
    async def _work(self, token_hash: str | None) -> AsyncIterator[Work]:
        async with self._turns.turn(token_hash), self._store.work() as work:
            yield work

    async def _give_back(self, token: str, row: PageRow) -> None:
        """Open the link again: nothing came of it, and its person may try once more."""
        token_hash = hashed(bytes_of(token) or b"")
        try:
            async with self._work(token_hash) as work:
                await self._links.give_back(work, token_hash)
        except (StoreTrouble, TimeoutError):
            view = await self._attempt(row) if row.attempt is not None else None
            court = self._service.court_by_id(row.court) if row.court is not None else None
            if view is not None:
                log.warning("link_not_given_back", incident=view.incident, court=view.court.id, place="question")
            elif court is not None:
                log.warning("link_not_given_back", court=court.id, place="form")
            else:
                log.warning("link_not_given_back")

    async def _attempt(self, row: PageRow) -> AttemptView | None:
        return await self._service.attempt(owner_of(row), AttemptId(str(row.attempt)))


def _gone(why: str) -> Gone:
    return Gone(GoneReason[why])


def _asked(view: AttemptView | None, number: int | None) -> OpenQuestion | None:
    """The question `number` if the attempt waits for its answer now."""
    asked = view.open_question if view is not None and not view.ended else None
    return asked if asked is not None and asked.number == number else None


def _secrets(form: LinkForm) -> list[Secret]:
    return [one for one in (form.pacer_password, form.cmecf_password, form.passcode) if one is not None]


def _spent(verdict: T, typed: Iterable[Secret]) -> T:
    """Forget what was typed for nothing, and return the verdict."""
    for secret in typed:
        secret.spend()
    return verdict
