"""The book: what must survive a crash of every attempt, and what the replicas tell each other through it.

The desk runs attempts; the book remembers them. A row is the truth: it has one owner at a time, who holds it by a lease
and renews it; whoever lost the lease may change nothing any more. `MemoryBook` is for the terminal and for tests of the
desk alone; `StoreBook` is the service's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.attempts.attempt import Answered, AttemptId, AttemptView, QuestionNumber
from bot.errors import Code
from bot.linker.values import Answer, LinkRequest, Step
from bot.people import Person


class BookTrouble(Exception):
    """The book cannot be read or written now: nothing was changed, and nothing is started."""


@dataclass(frozen=True, slots=True)
class Relayed:
    """An answer, or a wish to stop (`stop`), that another replica took for an attempt of ours."""

    attempt: AttemptId
    number: QuestionNumber
    answer: Answer = None
    stop: bool = False


class Book(Protocol):
    """What the desk needs to be remembered. Every method raises BookTrouble when the book does not answer in time."""

    async def open(self, view: AttemptView, request: LinkRequest) -> AttemptView:
        """Enter a new attempt, or return the one that this person has running at this court, here or elsewhere.

        Of `request` only the two logins are read, for the last two characters that the register may keep.
        """
        ...

    async def note(self, view: AttemptView) -> None:
        """Enter what was told and asked since; a row that is not ours any more is left alone."""
        ...

    async def permit(self, view: AttemptView, step: Step) -> Code | None:
        """Commit that the request of `step` goes out now; None: it may. A code: it must not, and that is how to end.

        `step` is one of SENT_ONCE; or VERIFY, which commits that the link form has not linked: the court asks first.

        One conditional update: the row is ours, it runs, and linking is still on. The lease is renewed with it, for
        longer than a "go" is good for, so that nobody takes the attempt over while the Submit may still leave.
        """
        ...

    async def end(self, view: AttemptView) -> bool:
        """Enter the ending; False when somebody else has ended it and says so.

        Proof of a link is entered all the same in place of an ending that only doubts (`errors.outranked_by`).
        """
        ...

    async def told(self, view: AttemptView) -> None:
        """Enter that the ending has reached its person."""
        ...

    async def shown_at(self, view: AttemptView, place: Mapping[str, str]) -> None:
        """Enter where the chat shows the attempt: ids of the chat's own."""
        ...

    async def where_shown(self, view: AttemptView) -> Mapping[str, str]:
        """Return where the attempt was shown, by whichever replica; empty when that is not known."""
        ...

    async def still_ours(self, view: AttemptView) -> bool:
        """Tell whether nobody else can have ended the attempt; asks the rows only when our last renewal is long ago."""
        ...

    async def find(self, attempt: AttemptId) -> AttemptView | None:
        """Return the attempt as it is remembered, by whichever replica; None when it is not."""
        ...

    async def renew(self, attempts: Collection[AttemptId]) -> Collection[AttemptId]:
        """Renew our leases and return the attempts that are still ours."""
        ...

    async def orphans(self, ours: Collection[AttemptId]) -> Sequence[AttemptView]:
        """End what was left behind, and return every ending that its person has not heard, each to one replica.

        `ours` are the attempts that run here and the endings that are being told here: nobody left those behind.
        """
        ...

    async def relay(self, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer) -> Answered:
        """Take an answer for an attempt that is not ours, for its owner to find."""
        ...

    async def relay_stop(self, person: Person, attempt: AttemptId | None) -> Sequence[AttemptView]:
        """Ask the owners to stop this person's attempt (None: all) where it is not past its final Submit."""
        ...

    async def relayed(self, attempts: Collection[AttemptId]) -> Sequence[Relayed]:
        """Take out the answers and stops that others took for these attempts of ours; each comes out once."""
        ...

    async def of_person(self, person: Person) -> Sequence[AttemptView]:
        """Return this person's attempts, running anywhere or ended lately, newest first."""
        ...

    async def linking(self) -> bool:
        """Tell whether linking is switched on for all replicas."""
        ...

    async def purge(self) -> None:
        """Forget what is over and no longer needed."""
        ...

    async def ready(self) -> str:
        """Return why the book cannot be used, "" when it can."""
        ...


class MemoryBook:
    """A book that forgets with its process: one replica, nothing to survive."""

    async def open(self, view: AttemptView, request: LinkRequest) -> AttemptView:
        """Enter nothing: the desk knows its own."""
        return view

    async def note(self, view: AttemptView) -> None:
        """Enter nothing."""

    async def permit(self, view: AttemptView, step: Step) -> Code | None:
        """The one replica is always the owner."""
        return None

    async def end(self, view: AttemptView) -> bool:
        """The one replica is always the owner."""
        return True

    async def told(self, view: AttemptView) -> None:
        """Enter nothing."""

    async def shown_at(self, view: AttemptView, place: Mapping[str, str]) -> None:
        """The chat remembers by itself for as long as the process lives."""

    async def where_shown(self, view: AttemptView) -> Mapping[str, str]:
        """The chat remembers by itself."""
        return {}

    async def renew(self, attempts: Collection[AttemptId]) -> Collection[AttemptId]:
        """All are still ours."""
        return attempts

    async def still_ours(self, view: AttemptView) -> bool:
        """There is nobody else."""
        return True

    async def find(self, attempt: AttemptId) -> AttemptView | None:
        """The desk knows its own."""
        return None

    async def orphans(self, ours: Collection[AttemptId]) -> Sequence[AttemptView]:
        """Nobody leaves anything behind."""
        return ()

    async def relay(self, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer) -> Answered:
        """There is nobody else who could have the attempt."""
        return Answered.TOO_LATE

    async def relay_stop(self, person: Person, attempt: AttemptId | None) -> Sequence[AttemptView]:
        """There is nobody else who could have the attempt."""
        return ()

    async def relayed(self, attempts: Collection[AttemptId]) -> Sequence[Relayed]:
        """Nobody else takes answers."""
        return ()

    async def of_person(self, person: Person) -> Sequence[AttemptView]:
        """The desk knows its own."""
        return ()

    async def linking(self) -> bool:
        """Only the setting decides."""
        return True

    async def purge(self) -> None:
        """The desk forgets by itself."""

    async def ready(self) -> str:
        """Memory is always there."""
        return ""
