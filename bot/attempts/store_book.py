"""The service's book: rows in the store, with register and audit written in the same units of work.

Times: a lease of ten seconds, renewed every 1.5, so that what a dead replica left is found within fifteen (by
one that has just started, within fifteen of its start: it takes over nothing that it has not watched for a lease); the
"go" for a final Submit is good for less than a lease, so that nobody takes over what may still leave; what a person
waits for may take two seconds, because Slack gives up after three.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from bot.attempts.attempt import Answered, AttemptId, AttemptView, QuestionNumber
from bot.attempts.book import BookTrouble, Relayed
from bot.attempts.lease_watch import LeaseWatch
from bot.attempts.post import LATELY, Post
from bot.attempts.record import FindCourt, asked_out, evidence_out, new_row, person_of, told_out, view_of
from bot.attempts.scribing import Scribe
from bot.attempts.shown import open_accounts, seal_accounts
from bot.clock import Clock
from bot.courts.court import Court, CourtId
from bot.errors import Code, StoreTrouble, outranked_by
from bot.linker.values import Answer, LinkRequest, Step
from bot.people import Person
from bot.store import Answers, AttemptRow, Attempts, PageLinks, Slots, Store, Switches, Work
from bot.vault import Vault

LEASE = timedelta(seconds=10)
PERSONS_PATIENCE = 2.0
"""Seconds that a person's press may wait for the store."""

LOOK_PATIENCE = 0.8
"""Seconds that a look at one's attempts may wait; without the store one sees those of this replica."""

AT_ONCE = 50
"""How much of what was left behind is taken over in one unit of work."""

LINKING = "linking"

Consents = Callable[[Court], Mapping[str, str]]
"""Returns the consent texts that the form shows for a court, by name."""


class StoreBook:
    """The book of one replica, `me`, over a store that all replicas share."""

    def __init__(
        self, store: Store, vault: Vault, scribe: Scribe, clock: Clock, *, me: str, find: FindCourt, consents: Consents
    ) -> None:
        self._store = store
        self._vault = vault
        self._scribe = scribe
        self._clock = clock
        self._me = me
        self._find = find
        self._consents = consents
        self._rows = Attempts()
        self._answers = Answers()
        self._links = PageLinks()
        self._slots = Slots()
        self._post = Post(store, vault)
        self._switches = Switches()
        self._noted: dict[AttemptId, AttemptView] = {}
        self._verifying: set[AttemptId] = set()
        self._watch = LeaseWatch(clock, LEASE)
        self._ours_until: dict[AttemptId, float] = {}

    # What the owner does with its own.

    async def open(self, view: AttemptView, request: LinkRequest) -> AttemptView:
        """Enter a new attempt, or return the one that this person has running at this court, here or elsewhere."""
        began = self._clock.monotonic()
        async with self._work(PERSONS_PATIENCE) as work:
            until = await self._store.now(work) + LEASE
            row, joined = await self._rows.open(work, new_row(view, self._me, until))
            head = None
            if not joined:
                head = await self._scribe.opened(
                    work,
                    view.person,
                    view.court.id,
                    view.incident,
                    request.filer.login,
                    request.account.username,
                    self._consents(view.court),
                )
        await self._keep(head)
        if joined:
            return view_of(row, self._find) or view
        self._noted[view.id] = view
        self._ours_until[view.id] = began + LEASE.total_seconds()
        return view

    async def note(self, view: AttemptView) -> None:
        """Enter what was told and asked since; a row that is not ours any more is left alone."""
        async with self._work() as work:
            kept = await self._save(work, view)
            head = await self._audit(work, view) if kept else None
        await self._keep(head)

    async def _save(self, work: Work, view: AttemptView) -> bool:
        asked = view.open_question
        question = asked_out(asked, lambda shown: seal_accounts(self._vault, view, asked, shown)) if asked else None
        return await self._rows.save(work, view.id, self._me, told=told_out(view), question=question)

    async def _audit(self, work: Work, view: AttemptView) -> Any:
        """Write down what is new since the last time. After the rows: the audit's lock is held to the unit's end."""
        before = self._noted.get(view.id)
        known = before.told if before else ()
        was, now = (before.open_question if before else None), view.open_question
        same = was is not None and now is not None and was.number == now.number
        head = await self._scribe.went_on(
            work,
            view.person,
            view.court.id,
            view.incident,
            [told for told in view.told if told not in known and told.step is not Step.QUEUED],
            (now.number, now.question) if now is not None and not same else None,
            (was.number, was.question) if was is not None and not same else None,
        )
        self._noted[view.id] = view
        return head

    async def permit(self, view: AttemptView, step: Step) -> Code | None:
        """Commit that what may link goes out now, or say how to end instead; at VERIFY, that nothing is out."""
        if step is Step.VERIFY:
            self._verifying.add(view.id)  # should the commit fail, it is made with the final Submit's
        async with self._work() as work:
            if view.id in self._verifying:
                await self._rows.not_linked_yet(work, view.id, self._me)
            if step is Step.VERIFY:
                return None
            if await self._switches.get(work, LINKING) is False:
                return Code.LINKING_OFF
            until = await self._store.now(work) + LEASE
            if not await self._rows.begin_submit(work, view.id, self._me, until):
                return Code.INTERRUPTED
            head = None
            if step is Step.SUBMIT:
                self._verifying.discard(view.id)
                head = await self._scribe.submitting(work, view.person, view.court.id, view.incident)
        await self._keep(head)
        return None

    async def end(self, view: AttemptView) -> bool:
        """Enter the ending; False when the row is no longer ours."""
        result = view.result
        if result is None:
            return False
        async with self._work() as work:
            until = await self._store.now(work) + LEASE
            await self._save(work, view)
            code, seen = result.code.value, evidence_out(result)
            instead_of = outranked_by(result.code)
            done = await self._rows.end(
                work, view.id, self._me, code, result.detail, seen, until=until, instead_of=instead_of
            )
            head = None
            if done:
                await self._audit(work, view)
                head = await self._scribe.ended(work, view.person, view.court.id, result)
        await self._keep(head)
        self._noted.pop(view.id, None)
        self._verifying.discard(view.id)
        return done

    async def told(self, view: AttemptView) -> None:
        """Enter that the ending has reached its person."""
        async with self._work() as work:
            await self._rows.told_ending(work, view.id)

    async def shown_at(self, view: AttemptView, place: Mapping[str, str]) -> None:
        """Enter where the chat shows the attempt."""
        async with self._work() as work:
            await self._rows.place_shown(work, view.id, dict(place))

    async def where_shown(self, view: AttemptView) -> Mapping[str, str]:
        """Return where the attempt was shown, by whichever replica."""
        async with self._work() as work:
            row = await self._rows.get(work, view.id)
        return {str(k): str(v) for k, v in (row.chat or {}).items()} if row is not None else {}

    async def find(self, attempt: AttemptId) -> AttemptView | None:
        """Return the attempt as its row has it."""
        async with self._work() as work:
            row = await self._rows.get(work, attempt)
        return None if row is None else view_of(row, self._find)

    async def still_ours(self, view: AttemptView) -> bool:
        """Tell whether nobody else can have ended the attempt: within a lease of our last renewal nobody has."""
        if self._clock.monotonic() < self._ours_until.get(view.id, 0.0):
            return True
        return view.id in await self.renew([view.id])

    async def renew(self, attempts: Collection[AttemptId]) -> Collection[AttemptId]:
        """Renew our leases, on rows and on courts' slots, and return the attempts that are still ours."""
        if not attempts:
            return ()
        began = self._clock.monotonic()
        async with self._work() as work:
            until = await self._store.now(work) + LEASE
            await self._slots.renew(work, self._me, until)
            kept = {AttemptId(one) for one in await self._rows.renew(work, self._me, attempts, until)}
        self._ours_until = {one: end for one, end in self._ours_until.items() if end > began and one not in attempts}
        self._ours_until |= dict.fromkeys(kept, began + LEASE.total_seconds())
        return kept

    async def orphans(self, ours: Collection[AttemptId]) -> Sequence[AttemptView]:
        """End what was left behind, and return every ending that its person has not heard."""
        head = None
        async with self._work() as work:
            lapsed = self._watch.lapsed(await self._rows.leases(work, set(ours)))[:AT_ONCE]
            if not lapsed:
                return []
            until = await self._store.now(work) + LEASE
            left = await self._rows.take_over(work, self._me, until, lapsed)
            for row in left:
                who, code = person_of(row), Code(row.code or Code.INTERRUPTED)
                head = await self._scribe.taken_over(work, who, CourtId(row.court), row.incident, code, self._me)
            left += await self._rows.untold(work, self._me, until, lapsed)
        await self._keep(head)
        return self._views(left)

    # What people do through any replica.

    async def relay(self, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer) -> Answered:
        """Take an answer for an attempt of another replica, for its owner to find; a passcode waits sealed."""
        async with self._work(PERSONS_PATIENCE) as work:
            return await self._post.take(work, person, attempt, number, answer)

    async def relay_stop(self, person: Person, attempt: AttemptId | None) -> Sequence[AttemptView]:
        """Ask the owners to stop this person's attempts where they are not past their final Submit."""
        async with self._work(PERSONS_PATIENCE) as work:
            rows = await self._post.stop(work, person, attempt, self._me)
        return self._views(rows)

    async def relayed(self, attempts: Collection[AttemptId]) -> Sequence[Relayed]:
        """Take out the answers and stops that other replicas took for these attempts of ours."""
        if not attempts:
            return ()
        async with self._work() as work:
            return await self._post.fetch(work, attempts)

    async def of_person(self, person: Person) -> Sequence[AttemptView]:
        """Return this person's attempts, running anywhere or ended lately, newest first."""
        async with self._work(LOOK_PATIENCE) as work:
            since = await self._store.now(work) - LATELY
            rows = await self._rows.of_person(work, person.platform.value, person.workspace, person.id, since)
        names = partial(open_accounts, self._vault, now=since + LATELY)
        return [view for row in rows if (view := view_of(row, self._find, names)) is not None]

    async def linking(self) -> bool:
        """Tell whether linking is switched on for all replicas."""
        async with self._work() as work:
            return await self._switches.get(work, LINKING) is not False

    async def purge(self) -> None:
        """Drop answers that nobody fetched and attempts of long ago, and leave nothing of them in SQLite's files.

        Links to the private page go a day after they expired: until then they are told from such as never were.
        """
        async with self._work() as work:
            now = await self._store.now(work)
            gone = await self._answers.purge(work)
            gone += await self._rows.purge(work, now - timedelta(days=90))
            gone += await self._links.purge(work, now - timedelta(days=1))
        if gone:
            try:
                await self._store.tidy()
            except (StoreTrouble, TimeoutError):
                return

    async def ready(self) -> str:
        """Return why the store cannot be used, "" when it can."""
        return await self._store.ready()

    def _views(self, rows: Sequence[AttemptRow]) -> list[AttemptView]:
        return [view for row in rows if (view := view_of(row, self._find)) is not None]

    async def _keep(self, head: Any) -> None:
        if head is not None:
            await self._scribe.keep(head)

    @asynccontextmanager
    async def _work(self, patience: float | None = None) -> AsyncIterator[Work]:
        try:
            async with asyncio.timeout(patience), self._store.work() as work:
                yield work
        except (StoreTrouble, TimeoutError) as trouble:
            raise BookTrouble(str(trouble)) from None
