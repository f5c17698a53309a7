"""A bot in Slack on 127.0.0.1: the real listeners and Bolt app, a pretend Slack, a service told what to say."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from aiohttp import web

from bot.attempts.attempt import Answered, AttemptId, AttemptView, OpenQuestion, QuestionNumber
from bot.attempts.form import Field, Flaw, LinkForm, Problem
from bot.clock import Clock, SystemClock
from bot.courts.court import Court
from bot.courts.directory import Directory
from bot.courts.policy import Caution
from bot.errors import Code
from bot.linker.values import Answer, IncidentId, PasscodeAnswer, Question, Result, Told
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.sandbox.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, TEAM, PretendSlack, PretendView
from bot.service import Started
from bot.service.pages import Intake, Pages
from bot.service.watching import Watching
from handlers.slack import Inbound, OneWorkspace, SlackMessenger, Tasks, build_app, register, slack_session, web_client

ANNA = "U0ANNA"
BEN = "U0BEN"

USER, CLIENT, LOGIN = "canary.user.name", "canary-client", "canary-ecf-login"
PASSWORD, ECF_PASSWORD, PASSCODE = " canary <pacer> & 'pässword' ", 'canary "ecf" \\u0041 pass', "424242"
CANARIES = (USER, CLIENT, LOGIN, PASSWORD.strip(), ECF_PASSWORD, PASSCODE, "canary")

TYPED = {
    "pacer_username": USER,
    "pacer_password": PASSWORD,
    "client_code": CLIENT,
    "cmecf_login": LOGIN,
    "cmecf_password": ECF_PASSWORD,
    "passcode": PASSCODE,
}
TICKS = ("individual_account", "redaction_acknowledged")


def person(user: str) -> Person:
    """Return the person that a payload of this user's stands for."""
    return Person(Platform.SLACK, WorkspaceId(TEAM), PersonId(user))


@dataclass
class FakeService:
    """A Service that does what a test tells it and keeps what it was asked; courts are the shipped ones."""

    courts: Directory = field(default_factory=Directory.shipped)
    messenger: SlackMessenger | None = None
    hindrances: dict[str, Code] = field(default_factory=dict)
    cautions: dict[str, Caution] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    forms: list[LinkForm] = field(default_factory=list)
    answers: list[tuple[Person, AttemptId, QuestionNumber, Answer]] = field(default_factory=list)
    outcome: Answered = Answered.TAKEN
    views: dict[AttemptId, AttemptView] = field(default_factory=dict)
    breaks: Exception | None = None
    left: list[WorkspaceId] = field(default_factory=list)

    def search(self, text: str, limit: int = 25) -> Sequence[Court]:
        return self.courts.search(text, limit)

    def court(self, text: str) -> Court | None:
        if self.breaks is not None:
            raise self.breaks
        return self.courts.plainly(text)

    def court_by_id(self, court_id: str) -> Court | None:
        return self.courts.by_id(court_id)

    def hindrance(self, court: Court) -> Code | None:
        return self.hindrances.get(court.id)

    def caution(self, court: Court) -> Caution | None:
        return self.cautions.get(court.id)

    def check(self, form: LinkForm) -> Sequence[Problem]:
        court = form.court and self.courts.by_id(form.court)
        if court and self.caution(court) and not form.caution_acknowledged:
            return [*self.problems, Problem(Field.CAUTION, Flaw.NOT_TICKED)]
        return self.problems

    async def start(self, person: Person, form: LinkForm) -> Started | Sequence[Problem]:
        if self.breaks is not None:
            raise self.breaks
        self.forms.append(form)
        court = self.courts.by_id(form.court or "")
        assert court is not None
        for view in self.views.values():
            if view.person == person and view.court == court and not view.ended:
                return Started(view, joined=True)
        number = len(self.views) + 1
        view = AttemptView(AttemptId(f"attempt{number}"), IncidentId(f"inc{number}"), person, court, datetime.now(UTC))
        await self.change(view)
        return Started(view, joined=False)

    async def answer(self, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer) -> Answered:
        if await self.attempt(person, attempt) is None:
            return Answered.NOT_YOURS
        self.answers.append((person, attempt, number, answer))
        return self.outcome

    async def cancel(self, person: Person, attempt: AttemptId | None = None) -> Sequence[AttemptView]:
        mine = [one for one in await self.attempts(person) if attempt in {None, one.id}]
        stopped = [one for one in mine if not one.ended and not one.submitted]
        for one in stopped:
            await self.end(one.id, Code.STOPPED_BY_PERSON)
        return stopped

    async def stop_workspace(self, platform: Platform, workspace: WorkspaceId) -> Sequence[AttemptView]:
        self.left.append(workspace)
        theirs = [one for one in self.views.values() if one.person.workspace == workspace and not one.ended]
        for one in theirs:
            await self.end(one.id, Code.INTERRUPTED)
        return theirs

    async def attempts(self, person: Person) -> Sequence[AttemptView]:
        return [one for one in reversed(self.views.values()) if one.person == person]

    async def attempt(self, person: Person, attempt: AttemptId) -> AttemptView | None:
        view = self.views.get(attempt)
        return view if view is not None and view.person == person else None

    async def change(self, view: AttemptView) -> None:
        """Let the attempt be so, and show it."""
        self.views[view.id] = view
        assert self.messenger is not None
        await self.messenger.show(view)

    async def tell(self, attempt: AttemptId, *steps: Told) -> None:
        """Let the attempt tell these steps."""
        view = self.views[attempt]
        await self.change(replace(view, told=(*view.told, *steps), open_question=None))

    async def ask(self, attempt: AttemptId, question: Question, number: int = 1) -> None:
        """Let the attempt ask."""
        asked = OpenQuestion(QuestionNumber(number), question, datetime.now(UTC))
        await self.change(replace(self.views[attempt], open_question=asked))

    async def end(self, attempt: AttemptId, code: Code) -> None:
        """Let the attempt end."""
        view = self.views[attempt]
        await self.change(replace(view, open_question=None, result=Result(code, view.incident)))

    def passcodes(self) -> list[str]:
        """Return every passcode that arrived, revealed."""
        return [answer.passcode.reveal() for *_, answer in self.answers if isinstance(answer, PasscodeAnswer)]


@dataclass
class Stage:
    """Everything that a test of the Slack chat plays with."""

    slack: PretendSlack
    service: FakeService
    messenger: SlackMessenger
    tasks: Tasks

    async def form(self, text: str = "gasb", user: str = ANNA) -> PretendView:
        """Type the command and return the form that opens."""
        before = self.slack.open_view(user)
        reply = await self.slack.command(user, "/link-ecf", text)
        assert (reply.status, reply.text) == (200, "")
        return await self.slack.wait_for(
            lambda: view if (view := self.slack.open_view(user)) is not None and view is not before else None
        )

    async def started(self, user: str = ANNA) -> AttemptView:
        """Send a good form; return the attempt once its message stands in the direct messages."""
        view = await self.form(user=user)
        reply = await self.slack.submit(view, TYPED, TICKS)
        assert reply.body == {"response_action": "clear"}
        await self.slack.wait_for(lambda: self.slack.direct(user))
        return list(self.service.views.values())[-1]

    async def shows(self, words: str, user: str = ANNA) -> None:
        """Wait until something that this person sees says `words`."""
        await self.slack.wait_for(lambda: any(words in one.shown for one in self.slack.messages(user)))


@asynccontextmanager
async def bot_in_slack(
    slack: PretendSlack,
    service: FakeService,
    clock: Clock | None = None,
    watching: Watching | None = None,
    pages: Pages | None = None,
    intake: Intake = Intake.MODAL,
) -> AsyncIterator[Stage]:
    """Run the bot's listeners beside `slack`, reached over HTTP."""
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(slack_session())
        app = build_app(BOT_TOKEN, SIGNING_SECRET, session, slack.api_url)
        clients = OneWorkspace(web_client(BOT_TOKEN, session, slack.api_url, waits=False))
        messenger = SlackMessenger(clients, clock, intake=intake)
        service.messenger = messenger
        stack.push_async_callback(messenger.aclose, 1.0)
        tasks = register(app, service, messenger, watching, pages, intake)
        stack.push_async_callback(tasks.aclose, 1.0)
        web_app = web.Application()
        web_app.add_routes(Inbound(app, SIGNING_SECRET, SystemClock()).routes())
        runner = web.AppRunner(web_app, shutdown_timeout=1.0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        yield Stage(slack, service, messenger, tasks)


class Everything(logging.Handler):
    """Keeps every record as fully as any formatter could print it."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{self.format(record)} {record.__dict__!r} {record.exc_info!r}")

    def said(self, *words: str) -> list[str]:
        """Return the lines that hold one of these words."""
        return [line for line in self.lines if any(word in line for word in words)]


TOKENS = (BOT_TOKEN, APP_TOKEN, SIGNING_SECRET)
