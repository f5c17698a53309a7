"""Pages kept in memory, as strict about codes and uses as the real ones: what the page's own tests stand on."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.attempts.attempt import Answered, AttemptId, AttemptView, QuestionNumber
from bot.attempts.form import LinkForm, Problem
from bot.attempts.precheck import passcode_fits, problems
from bot.courts.policy import CAUTIONS
from bot.linker.values import (
    Answer,
    Comparison,
    ConfirmQuestion,
    IncidentId,
    PasscodeAnswer,
    PasscodeQuestion,
)
from bot.people import Person
from bot.service import Started
from bot.service.pages import (
    CODE_TRIES,
    FormPage,
    Gone,
    GoneReason,
    NoLink,
    Page,
    PageLink,
    Pages,
    QuestionPage,
    WrongCode,
)
from tests.attempts.stage import ANN, court

CODE = "314159"
UNTIL = datetime(2026, 11, 23, 19, 45, tzinfo=UTC)
GASB = replace(court("gasb"), name="United States Bankruptcy Court, Southern District of Georgia")
ALMB = replace(court("almb"), name="United States Bankruptcy Court, Middle District of Alabama")

FORM = FormPage(GASB, None, UNTIL)
CAUTIONED = FormPage(ALMB, CAUTIONS[ALMB.id], UNTIL)
PASSCODE = QuestionPage(GASB, PasscodeQuestion(), UNTIL)


def accounts(comparison: Comparison, account: str = "annattorney", filer: str = "aattorney") -> QuestionPage:
    """Return the question whether both accounts are the person's."""
    return QuestionPage(GASB, ConfirmQuestion(filer, account, comparison), UNTIL)


EVERY_PAGE: Sequence[Page] = (FORM, CAUTIONED, PASSCODE, *(accounts(one) for one in Comparison))


@dataclass
class Link:
    """One link: what it leads to, how many wrong codes it has seen, why it is gone."""

    page: Page
    wrong: int = 0
    gone: GoneReason | None = None
    answer: Answered = Answered.TAKEN


@dataclass
class PagesInMemory:
    """Every method notes that it was called. `fault` is raised by the next call, when it is set.

    With `joined` an attempt runs already; a form waits for `gate`, when there is one.
    """

    links: dict[str, Link] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    forms: list[LinkForm] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    fault: Exception | None = None
    joined: bool = False
    gate: asyncio.Event | None = None

    def add(self, page: Page, gone: GoneReason | None = None, answer: Answered = Answered.TAKEN) -> str:
        """Make a link to `page` and return its token."""
        token = secrets.token_urlsafe(32)
        self.links[token] = Link(page, gone=gone, answer=answer)
        return token

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.fault is not None:
            raise self.fault

    async def open_form(self, person: Person, court_id: str) -> PageLink | NoLink:
        """The page itself opens no link."""
        raise AssertionError

    async def open_question(self, person: Person, attempt: AttemptId, number: QuestionNumber) -> PageLink | NoLink:
        """The page itself opens no link."""
        raise AssertionError

    async def look(self, token: str) -> Page | Gone:
        """Return the page or why there is none."""
        self._called("look")
        link = self.links.get(token)
        if link is None:
            return Gone(GoneReason.UNKNOWN)
        return Gone(link.gone) if link.gone else link.page

    def _code(self, token: str, code: str) -> Link | WrongCode | Gone:
        link = self.links.get(token)
        if link is None or link.gone:
            return Gone(link.gone if link and link.gone else GoneReason.UNKNOWN)
        if code == CODE:
            return link
        link.wrong += 1
        if link.wrong < CODE_TRIES:
            return WrongCode(CODE_TRIES - link.wrong)
        link.gone = GoneReason.TOO_MANY_CODES
        return Gone(link.gone)

    async def unlock(self, token: str, code: str) -> Page | WrongCode | Gone:
        """Judge the code and return the page."""
        self._called("unlock")
        link = self._code(token, code)
        return link.page if isinstance(link, Link) else link

    async def send_form(self, token: str, code: str, form: LinkForm) -> Started | Sequence[Problem] | WrongCode | Gone:
        """Take a form without problems, once."""
        self._called("send_form")
        link = self._code(token, code)
        if self.gate is not None:
            await self.gate.wait()
        if not isinstance(link, Link):
            return link
        assert isinstance(link.page, FormPage)
        flaws = tuple(
            one
            for one in problems(
                form,
                court=link.page.court,
                hindered=None,
                unlinkable_login=False,
                cautioned=link.page.caution is not None,
            )
            if one.field != "court"
        )
        if flaws:
            return flaws
        self.forms.append(form)
        link.gone = GoneReason.USED
        view = AttemptView(AttemptId("a"), IncidentId("abcde23456"), ANN, link.page.court, datetime.now(UTC))
        return Started(view, joined=self.joined)

    async def send_answer(self, token: str, code: str, answer: Answer) -> Answered | WrongCode | Gone:
        """Take an answer, once."""
        self._called("send_answer")
        link = self._code(token, code)
        if not isinstance(link, Link):
            return link
        if isinstance(answer, PasscodeAnswer) and not passcode_fits(answer.passcode):
            return Answered.PASSCODE_SHAPE
        if link.answer is Answered.TAKEN:
            self.answers.append(answer)
            link.gone = GoneReason.USED
        return link.answer


_: type[Pages] = PagesInMemory
