"""The service put together, without any chat: desk, book, linker, pace, register and audit, under some settings."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

from bot.attempts.book import Book, MemoryBook
from bot.attempts.cell import Cells, NoCell, possible
from bot.attempts.desk import Desk
from bot.attempts.form import Field
from bot.attempts.pace import Pace, Pacing
from bot.attempts.places import Places
from bot.attempts.post import ANSWERS
from bot.attempts.rounds import Rounds
from bot.attempts.running import Bounds, Linker
from bot.attempts.store_book import StoreBook
from bot.attempts.store_pace import StorePace
from bot.clock import Clock
from bot.courts.court import Court, Realm
from bot.courts.directory import Directory
from bot.courts.policy import caution
from bot.errors import StoreBusy, StoreDown, StoreTrouble, WrongSetting
from bot.linker import Outside
from bot.linker.values import Ask, IncidentId, Leave, LinkRequest, Result, Tell
from bot.people import Platform
from bot.register import Consent, HeadFile
from bot.register.recorder import Recorder
from bot.register.scribe import Scribe
from bot.reminding import Reminding, Tempo, reminding
from bot.service import LinkService, Messengers
from bot.service.court_list import CourtList
from bot.service.page_closing import PageClosing
from bot.service.pages import Pages, PageTeller
from bot.service.paging import PageService
from bot.settings import Settings, environment_for_children, fix
from bot.store import Store
from bot.vault import Vault, open_vault
from bot.words.form import FIELDS, MONITORING_NOTICE, REDACTION_NOTICE, caution_words

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What outlives the process, and who writes it."""

    store: Store
    vault: Vault
    recorder: Recorder
    book: StoreBook
    reminding: Reminding


@dataclass(frozen=True, slots=True)
class Parts:
    """The service and what is behind it, without any chat.

    `cells` is None where attempts run in this process, `kept` where nothing has to survive it: the terminal, and tests.
    `pages` is the door of the private page, where the firm has one; `page_tellers` are filled by app.py.
    """

    service: LinkService
    desk: Desk
    messengers: Messengers
    places: Places
    cells: Cells | None = None
    kept: Kept | None = None
    pages: Pages | None = None
    page_tellers: dict[Platform, PageTeller] = field(default_factory=dict)

    @asynccontextmanager
    async def processes(self) -> AsyncIterator[None]:
        """Keep the processes of attempts for as long as this is entered; enter it before the first attempt starts.

        Raises WrongSetting when there can be none, because what they load at their start is not there.
        """
        async with AsyncExitStack() as stack:
            if self.cells is not None:
                try:
                    await stack.enter_async_context(self.cells)
                except NoCell as why:
                    raise WrongSetting(
                        f"The process that attempts are started from does not start ({why}). Should LINK_ECF_CA_FILE "
                        f"be set, it may be the cause: {fix('LINK_ECF_CA_FILE')}."
                    ) from None
            yield


def outside_of(settings: Settings) -> Outside:
    """Return how courts and PACER are reached under these settings."""
    led = settings.connect_to
    return Outside(
        realm=Realm(settings.realm),
        contact=settings.contact,
        connect_to=(led.host, led.port) if led else None,
        ca_file=settings.ca_file,
    )


def linker_of(settings: Settings, clock: Clock) -> Linker:
    """Return the linker for systems that cannot fork (Windows): attempts then run in the service's own process."""
    from bot.linker.attempt import link  # and with it all that reads pages, which is else the children's alone

    outside = outside_of(settings)

    def linker(
        request: LinkRequest, ask: Ask, tell: Tell, *, leave: Leave, incident: IncidentId
    ) -> Coroutine[Any, Any, Result]:
        return link(request, ask, tell, outside=outside, leave=leave, clock=clock, incident=incident)

    return linker


def cells_of(settings: Settings) -> Cells | None:
    """Return the processes that attempts are to run in, not started yet; None where there can be none, which is said.

    They see of the environment only what leads outside.
    """
    if possible():
        return Cells(outside_of(settings), environment=environment_for_children())
    log.warning("attempts_in_this_process")
    return None


def put_together(
    settings: Settings,
    clock: Clock,
    *,
    linker: Linker | None = None,
    pace: Pacing | None = None,
    bounds: Bounds | None = None,
    kept: Kept | None = None,
    courts: Directory | None = None,
) -> Parts:
    """Build the service under `settings`; a test or a benchmark may give its own linker, pace or bounds.

    `courts` is the list of courts as it now stands, that of the package where nothing else is kept.
    """
    messengers = Messengers()
    book: Book = kept.book if kept is not None else MemoryBook()
    cells = cells_of(settings) if linker is None else None
    desk = Desk(
        linker or (cells.linker if cells is not None else linker_of(settings, clock)),
        clock=clock,
        pace=pace or Pace(clock),
        telling=messengers,
        book=book,
        bounds=bounds or Bounds(),
    )
    service = LinkService(courts=courts or Directory.shipped(), desk=desk, clock=clock, linking=settings.linking)
    pages, tellers = None, dict[Platform, PageTeller]()
    if kept is not None and settings.intake != "modal":
        pages = PageService(kept.store, service, settings.public_url, PageClosing(service, kept.recorder, tellers))
    return Parts(service, desk, messengers, Places(book), cells, kept, pages, tellers)


@asynccontextmanager
async def kept_parts(
    settings: Settings,
    clock: Clock,
    *,
    linker: Linker | None = None,
    bounds: Bounds | None = None,
    tempo: Tempo | None = None,
) -> AsyncIterator[Parts]:
    """Build the service over its store, and keep the two in step for as long as this is entered.

    SQLite's tables are made where there are none; PostgreSQL's by `link-ecf db upgrade` alone, because several replicas
    start at once. Raises StoreTrouble when the tables are not the right ones or the database does not answer.
    """
    on_file = settings.database.startswith("sqlite")
    store = await Store.open(settings.database, clock, create=on_file)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        me = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        vault = open_vault(settings.keys, settings.state_dir, clock.now(), log.warning)
        recorder = Recorder(clock, HeadFile(settings.state_dir))
        courts = CourtList(store)
        await courts.round()
        book = StoreBook(
            store, vault, Scribe(recorder), clock, me=me, find=courts.directory.by_id, consents=consents_shown
        )
        pace = Pace(clock) if on_file else StorePace(store, clock, me=me)
        dated = reminding(settings, store, recorder, clock, courts, me=me, tempo=tempo)
        kept = Kept(store, vault, recorder, book, dated)
        parts = put_together(
            settings, clock, linker=linker, pace=pace, bounds=bounds, kept=kept, courts=courts.directory
        )
        rounds = await stack.enter_async_context(Rounds(parts.desk, book, clock))
        stack.callback(store.listen(ANSWERS, rounds.ring))
        yield parts


async def why_no_server(settings: Settings, clock: Clock) -> str:
    """Return why the PostgreSQL of these settings does not answer now, "" when it does.

    "" as well for an SQLite file and for tables of another version: waiting helps neither, and `kept_parts` says so.
    """
    if settings.database.startswith("sqlite"):
        return ""
    try:
        store = await Store.open(settings.database, clock)
    except (StoreDown, StoreBusy) as trouble:
        return str(trouble)
    except StoreTrouble:
        return ""
    await store.close()
    return ""


def consents_shown(court: Court) -> dict[str, str]:
    """Return the texts that the form shows before an attempt at `court`, by the audit's names for them."""
    shown = {
        Consent.REDACTION_NOTICE: REDACTION_NOTICE,
        Consent.INDIVIDUAL_ACCOUNT: FIELDS[Field.INDIVIDUAL_ACCOUNT].label,
        Consent.MONITORING_NOTICE: MONITORING_NOTICE,
    }
    said = caution(court)
    if said is not None:
        shown[Consent.CAUTION] = "\n".join(caution_words(court, said))
    return {one.value: text for one, text in shown.items()}
