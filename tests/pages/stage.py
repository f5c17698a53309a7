"""The door of the private page over a real store, with attempts that ask what a test wants asked."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from bot.attempts.attempt import AttemptView, QuestionNumber
from bot.attempts.form import LinkForm
from bot.courts.court import Court, GoLive
from bot.errors import Code
from bot.linker.values import Question, Result
from bot.people import Person
from bot.service import LinkService, Started
from bot.service.pages import PageLink
from bot.service.paging import PageService
from bot.store import Store
from bot.store.tables import pages
from tests.attempts.stage import ANN, Scene, Walk, court, form, scene

PUBLIC = "https://bot.firm.example"
COURTS: dict[str, Court] = {
    one.id: one
    for one in (
        court(),
        court("ksb"),
        *(court(f"c{n}b") for n in range(8)),
        court("nvb", go_live=GoLive(datetime(2027, 1, 1, tzinfo=UTC).date(), None, "target", "")),
    )
}


class Shelf:
    """A few courts; nvb is not live yet."""

    def search(self, text: str, limit: int = 25) -> list[Court]:
        """None: the page does not search."""
        return []

    def plainly(self, text: str) -> Court | None:
        """The court with this id."""
        return self.by_id(text)

    def by_id(self, court_id: str) -> Court | None:
        """The court with this id."""
        return COURTS.get(court_id)


@dataclass
class Desk:
    """The door, the service behind it, and what a test does with both."""

    pages: PageService
    service: LinkService
    scene: Scene
    store: Store
    questions: list[Question]
    person: Person = ANN

    async def link(self, court_id: str = "gasb", person: Person = ANN) -> PageLink:
        """A link to the form."""
        made = await self.pages.open_form(person, court_id)
        assert isinstance(made, PageLink), made
        return made

    async def asked(self, question: Question) -> tuple[AttemptView, QuestionNumber]:
        """Start an attempt of Ann's and wait until it asks `question`."""
        self.questions.append(question)
        started = await self.service.start(ANN, form())
        assert isinstance(started, Started)
        for _ in range(200):
            view = await self.service.attempt(ANN, started.view.id)
            if view is not None and view.open_question is not None:
                return view, view.open_question.number
            await asyncio.sleep(0)
        raise AssertionError("the attempt asks nothing")

    async def expire(self, link: PageLink) -> None:
        """Let the ten minutes pass."""
        past = datetime.now(UTC) - timedelta(seconds=1)
        async with self.store.work() as work:
            token_hash = hashlib.sha256(raw(link)).hexdigest()
            done = await work.execute(update(pages).where(pages.c.token_hash == token_hash).values(expires_at=past))
        assert done.rowcount == 1

    async def rows(self) -> int:
        """How many links are kept."""
        async with self.store.work() as work:
            return int((await work.execute(select(func.count()).select_from(pages))).scalar_one())


def opened(store: Store) -> Desk:
    """Return a desk over `store`; its attempts ask the questions that are in `questions` by then, then are linked."""
    questions: list[Question] = []

    async def play(walk: Walk) -> Result:
        for question in tuple(questions):
            if await walk.question(question) is None:
                return walk.end(Code.TIMED_OUT)
        return walk.end()

    made = scene(play)
    service = LinkService(courts=Shelf(), desk=made.desk, clock=made.clock)
    return Desk(PageService(store, service, PUBLIC), service, made, store, questions)


def token_of(link: PageLink) -> str:
    """The part of the link that names it."""
    return link.url.removeprefix(f"{PUBLIC}/p/")


def raw(link: PageLink) -> bytes:
    """The token's 32 bytes."""
    return base64.urlsafe_b64decode(token_of(link) + "=")


def wrong(link: PageLink) -> str:
    """A code that is not the link's."""
    return f"{(int(link.code) + 1) % 1_000_000:06d}"


def typed(**changes: object) -> LinkForm:
    """A form as the page reads it: whole, without a court."""
    return dataclasses.replace(form(**changes), court=None)
