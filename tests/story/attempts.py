"""One attempt in a sandbox, as the stories need it: who types what, what the court does, what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.clock import SystemClock
from bot.courts.court import Court
from bot.courts.directory import Directory
from bot.linker import Outside
from bot.linker.attempt import link
from bot.linker.values import (
    Account,
    Answer,
    ConfirmAnswer,
    ConfirmQuestion,
    Filer,
    Limits,
    LinkRequest,
    NoPasscode,
    PasscodeAnswer,
    Question,
    Result,
    Step,
    Told,
    new_incident_id,
)
from bot.sandbox import PretendAccount, PretendFiler, Sandbox
from bot.secret import Login, Secret

USER_NAME, PACER_PASSWORD = "jroe2020", "Pacer-Canary-1!"
LOGIN, ECF_PASSWORD, PASSCODE = "jroe", "Ecf+Canary&2 %é", "314159"
QUICK = Limits(request_seconds=1.5, proof_again_after=0.05)

COURTS = Directory.shipped()


def court(court_id: str) -> Court:
    """The court of the shipped list."""
    found = COURTS.by_id(court_id)
    assert found is not None
    return found


async def no_wait(host: str) -> None:
    """No pace: stories have one attempt."""


@dataclass
class Person:
    """What the attorney typed, and how they answer; `passcode_later` is what they give when asked."""

    username: str = USER_NAME
    password: str = PACER_PASSWORD
    client_code: str = ""
    login: str = LOGIN
    ecf_password: str = ECF_PASSWORD
    passcode: str | None = None
    passcode_later: str | None = None
    no_passcode: bool = False
    confirms: bool | None = True
    redaction: bool = True
    individual: bool = True
    heard: list[Told] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)

    @property
    def steps(self) -> list[Step]:
        """The steps that were told, in order."""
        return [told.step for told in self.heard]

    async def tell(self, told: Told) -> None:
        """Hear a step."""
        self.heard.append(told)

    async def ask(self, question: Question) -> Answer:
        """Answer as this person does."""
        self.asked.append(question)
        if isinstance(question, ConfirmQuestion):
            return None if self.confirms is None else ConfirmAnswer(self.confirms)
        if self.no_passcode:
            return NoPasscode()
        return None if self.passcode_later is None else PasscodeAnswer(Secret(self.passcode_later))

    def request(self, at: Court) -> LinkRequest:
        """The request as the form would make it."""
        return LinkRequest(
            court=at,
            account=Account(Login(self.username), Secret(self.password), Login(self.client_code)),
            filer=Filer(Login(self.login), Secret(self.ecf_password)),
            passcode=Secret(self.passcode) if self.passcode is not None else None,
            redaction_acknowledged=self.redaction,
            individual_account=self.individual,
        )


@asynccontextmanager
async def pretend(
    court_id: str = "gasb",
    account: PretendAccount | None = None,
    filer: PretendFiler | None = None,
    prepare: Callable[[Sandbox], None] | None = None,
) -> AsyncIterator[Sandbox]:
    """A sandbox with one account, one filer at one court, and whatever `prepare` changes."""
    async with Sandbox(COURTS.all) as sandbox:
        sandbox.add_account(account or PretendAccount(USER_NAME, PACER_PASSWORD))
        sandbox.add_filer(court_id, filer or PretendFiler(LOGIN, ECF_PASSWORD))
        if prepare is not None:
            prepare(sandbox)
        yield sandbox


async def attempt(sandbox: Sandbox, person: Person, court_id: str = "gasb", limits: Limits = QUICK) -> Result:
    """One attempt by `person`, with the real linker over TLS."""
    return await link_with(sandbox, person, person.request(court(court_id)), limits)


async def link_with(sandbox: Sandbox, person: Person, request: LinkRequest, limits: Limits = QUICK) -> Result:
    """One attempt with a request that the test keeps hold of."""
    host, port = sandbox.connect_to.split(":")
    return await link(
        request,
        person.ask,
        person.tell,
        outside=Outside(contact="it@firm.example", connect_to=(host, int(port)), ca_file=sandbox.ca_file),
        leave=no_wait,
        clock=SystemClock(),
        incident=new_incident_id(),
        limits=limits,
    )


def manners(court_id: str, **changes: object) -> Callable[[Sandbox], None]:
    """Return a change of one court's profile."""

    def prepare(sandbox: Sandbox) -> None:
        one = sandbox.court(court_id)
        one.profile = replace(one.profile, **changes)  # type: ignore[arg-type]

    return prepare


def pacer_manners(**changes: object) -> Callable[[Sandbox], None]:
    """Return a change of the sign-on's profile."""

    def prepare(sandbox: Sandbox) -> None:
        sandbox.sign_on = replace(sandbox.sign_on, **changes)  # type: ignore[arg-type]

    return prepare
