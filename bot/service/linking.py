"""What a person may ask for to link: search, start, answer, cancel, look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.attempts.attempt import Answered, AttemptId, AttemptView, QuestionNumber
from bot.attempts.book import BookTrouble
from bot.attempts.desk import Closing, Desk
from bot.attempts.form import Field, Flaw, LinkForm, Problem
from bot.attempts.precheck import hindrance, problems
from bot.clock import Clock
from bot.courts.court import Court
from bot.courts.policy import Caution, Policies, Way, caution, unlinkable_login
from bot.errors import Code
from bot.linker.values import Answer
from bot.people import Person, Platform, WorkspaceId


@dataclass(frozen=True, slots=True)
class Started:
    """The attempt that now runs; `joined` is True when the person already had one at this court and joined it."""

    view: AttemptView
    joined: bool


class Messenger(Protocol):
    """How the service shows an attempt to its person; every chat has one."""

    async def show(self, view: AttemptView) -> None:
        """Show the attempt as it now is, in place of what was shown of it before; no fault of the chat is raised."""
        ...

    async def arrived(self, view: AttemptView) -> bool:
        """Wait until the ending that was shown has reached the person; False when the chat would not take it."""
        ...


class Places(Protocol):
    """Remembers for a chat where it shows an attempt, so that another replica can go on in the same place."""

    async def remember(self, view: AttemptView, place: Mapping[str, str]) -> None:
        """Keep where the attempt is shown now; never raises."""
        ...

    async def recall(self, view: AttemptView) -> Mapping[str, str]:
        """Return where the attempt was shown, empty when nobody knows; never raises."""
        ...


class Messengers:
    """The messenger of each platform; filled by app.py, because a chat needs the service before it can be reached."""

    def __init__(self, by_platform: Mapping[Platform, Messenger] | None = None) -> None:
        self._by_platform = dict(by_platform or {})

    def add(self, platform: Platform, messenger: Messenger) -> None:
        """Reach the people of `platform` by `messenger` from now on."""
        self._by_platform[platform] = messenger

    async def show(self, view: AttemptView) -> None:
        """Show the attempt where its person is. Raises KeyError for a platform without a messenger."""
        await self._by_platform[view.person.platform].show(view)

    async def arrived(self, view: AttemptView) -> bool:
        """Wait until the ending has reached its person; a platform that is not set up reaches nobody."""
        messenger = self._by_platform.get(view.person.platform)
        return messenger is not None and await messenger.arrived(view)


class Service(Protocol):
    """What a person may ask for. The class that does it is `LinkService`."""

    def search(self, text: str, limit: int = 25) -> Sequence[Court]:
        """Return the courts that `text` may mean, best first; the empty text gives the first courts by name."""
        ...

    def court(self, text: str) -> Court | None:
        """Return the one court that `text` plainly names (its id, or words that fit one court best), else None."""
        ...

    def court_by_id(self, court_id: str) -> Court | None:
        """Return the court with this id, else None."""
        ...

    def hindrance(self, court: Court) -> Code | None:
        """Return why nobody can link at `court` now (linking_off, court_unsupported, not_live), or None."""
        ...

    def caution(self, court: Court) -> Caution | None:
        """Return the court's published caution against giving credentials to third-party services, if it has one."""
        ...

    def check(self, form: LinkForm) -> Sequence[Problem]:
        """Return what is wrong with the form, without any network; nothing when it may be sent."""
        ...

    async def start(self, person: Person, form: LinkForm) -> Started | Sequence[Problem]:
        """Start the attempt and return at once, or join the one already running at this court, or say what is wrong."""
        ...

    async def answer(self, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer) -> Answered:
        """Give an answer to a question of the person's own attempt."""
        ...

    async def cancel(self, person: Person, attempt: AttemptId | None = None) -> Sequence[AttemptView]:
        """Stop one attempt of this person, or all; returns those that were stopped (not past their final Submit)."""
        ...

    async def stop_workspace(self, platform: Platform, workspace: WorkspaceId) -> Sequence[AttemptView]:
        """Interrupt the attempts that run here for a workspace that removed the bot; not those past the final Submit.

        Whoever hears of the removal asks for it, at every replica.
        """
        ...

    async def attempts(self, person: Person) -> Sequence[AttemptView]:
        """Return this person's running attempts and those ended in the last hours, newest first."""
        ...

    async def attempt(self, person: Person, attempt: AttemptId) -> AttemptView | None:
        """Return the attempt if it is this person's, else None."""
        ...


class Courts(Protocol):
    """What the service needs of the shipped list; `bot.courts.directory` has it."""

    def search(self, text: str, limit: int = 25) -> Sequence[Court]:
        """Return the courts that `text` may mean, best first."""
        ...

    def plainly(self, text: str) -> Court | None:
        """Return the one court that `text` plainly names, else None."""
        ...

    def by_id(self, court_id: str) -> Court | None:
        """Return the court with this id, else None."""
        ...


class LinkService:
    """The service over the desk of this process; `linking` is the firm's switch (LINK_ECF_LINKING)."""

    def __init__(
        self,
        *,
        courts: Courts,
        desk: Desk,
        clock: Clock,
        linking: bool = True,
        policies: Policies = Policies(),  # noqa: B008 - a frozen value
    ) -> None:
        self._courts = courts
        self._desk = desk
        self._clock = clock
        self._linking = linking
        self._policies = policies

    def search(self, text: str, limit: int = 25) -> Sequence[Court]:
        """Return the courts that `text` may mean, best first; the empty text gives the first courts by name."""
        return self._courts.search(text, limit)

    def court(self, text: str) -> Court | None:
        """Return the one court that `text` plainly names, else None."""
        return self._courts.plainly(text)

    def court_by_id(self, court_id: str) -> Court | None:
        """Return the court with this id, else None."""
        return self._courts.by_id(court_id)

    def hindrance(self, court: Court) -> Code | None:
        """Return why nobody can link at `court` now, or None; a court that the firm set to by-hand counts as off."""
        linking = self._linking and self._desk.linking and self._policies.of(court).way is Way.AUTOMATED
        return hindrance(court, self._clock.now(), linking=linking)

    def caution(self, court: Court) -> Caution | None:
        """Return the court's published caution against giving credentials to third-party services, if it has one."""
        return caution(court)

    def check(self, form: LinkForm) -> Sequence[Problem]:
        """Return what is wrong with the form, without any network; nothing when it may be sent."""
        court = self._courts.by_id(form.court) if form.court is not None else None
        return tuple(
            problems(
                form,
                court=court,
                hindered=self.hindrance(court) if court else None,
                unlinkable_login=court is not None and unlinkable_login(court, form.cmecf_login),
                cautioned=court is not None and self.caution(court) is not None,
            )
        )

    async def start(self, person: Person, form: LinkForm) -> Started | Sequence[Problem]:
        """Start the attempt and return at once, or join the one already running at this court, or say what is wrong.

        A form that is sent back keeps its secrets: the person corrects it and nothing was sent.
        """
        wrong = self.check(form)
        court = self._courts.by_id(form.court) if form.court is not None else None
        if wrong or court is None:
            return wrong
        try:
            opened = await self._desk.start(person, form.request(court))
        except Closing:
            return (Problem(Field.COURT, Flaw.CLOSING, Code.INTERRUPTED),)
        except BookTrouble:
            return (Problem(Field.COURT, Flaw.NO_RECORDS, Code.INTERRUPTED),)
        return Started(opened.view, opened.joined)

    async def answer(self, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer) -> Answered:
        """Give an answer to a question of the person's own attempt; the first answer counts."""
        try:
            return await self._desk.answer(person, attempt, number, answer)
        except BookTrouble:
            return Answered.UNREACHABLE

    async def cancel(self, person: Person, attempt: AttemptId | None = None) -> Sequence[AttemptView]:
        """Stop one attempt of this person, or all; returns those that were stopped (not past their final Submit)."""
        return await self._desk.cancel(person, attempt)

    async def stop_workspace(self, platform: Platform, workspace: WorkspaceId) -> Sequence[AttemptView]:
        """Interrupt what runs here for a workspace that removed the bot; nothing that is past its final Submit."""
        return self._desk.stop_workspace(platform, workspace)

    async def attempts(self, person: Person) -> Sequence[AttemptView]:
        """Return this person's running attempts and those ended in the last hours, newest first."""
        return await self._desk.attempts(person)

    async def attempt(self, person: Person, attempt: AttemptId) -> AttemptView | None:
        """Return the attempt if it is this person's, else None."""
        return await self._desk.attempt(person, attempt)
