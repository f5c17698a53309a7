"""The sandbox itself: one TLS server on 127.0.0.1 that answers under every real name, told apart by the Host header."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Set
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote_plus
from weakref import WeakSet

from aiohttp import web

from bot.courts.court import Court
from bot.sandbox.accounts import PretendAccount, PretendFiler
from bot.sandbox.authority import Authority, Certificate
from bot.sandbox.faults import Fault
from bot.sandbox.front import SIGN_ON
from bot.sandbox.ledger import Asked, Kind, Ledger
from bot.sandbox.pacer_state import PacerState
from bot.sandbox.pretend_court import PretendCourt
from bot.sandbox.pretend_pacer import PretendPacer
from bot.sandbox.profiles import SignOnProfile
from bot.sandbox.wire import CUT, Ending, Reply, Visit, cookies_of, page

_CERTIFICATES = {
    Fault.CERTIFICATE_EXPIRED: Certificate.EXPIRED,
    Fault.CERTIFICATE_WRONG_NAME: Certificate.WRONG_NAME,
    Fault.CERTIFICATE_UNKNOWN_CA: Certificate.UNKNOWN_CA,
}

Gate = Callable[[Asked, bool], Awaitable[bool]]
"""Told of each request as it arrives (False) and when its answer is ready (True), which then waits; what comes back
says whether it goes on: a request that does not has never reached the court, an answer that does not is lost."""


class Sandbox:
    """A pretend PACER and pretend courts; use it as an asynchronous context, with clients sent to `connect_to`.

    `courts` may be any of the directory's (those that cannot be linked are left out), `port` 0 takes a free one, and
    `latency` is the seconds of a round trip: each answer waits one, the first of a connection two more for its
    handshakes. A test that has to stop the world at one request sets `gate`.
    """

    def __init__(self, courts: Iterable[Court], *, port: int = 0, latency: float = 0.0) -> None:
        self.port = port
        self.latency = latency
        self.ledger = Ledger()
        self.gate: Gate | None = None
        self._courts: dict[str, PretendCourt] = {}
        self._state = PacerState()
        self._pacer = PretendPacer(self._state, self._courts, self._log_out)
        self._secrets: set[str] = set()
        for court in courts:
            if court.unlinkable is None:
                self._courts[court.id] = PretendCourt(court, self._state.holder, self.ledger)
        self._by_host = {one.court.host: one for one in self._courts.values()}
        self._folder: Path | None = None
        self._runner: web.ServerRunner | None = None
        self._closing = asyncio.Event()
        self._known: WeakSet[asyncio.Transport] = WeakSet()

    async def __aenter__(self) -> Sandbox:
        self._closing.clear()
        self._folder = Path(tempfile.mkdtemp(prefix="link-ecf-sandbox-"))
        self._authority = Authority(self._folder)
        # Low level: no router and no access log, because benchmarks time the bot against this server.
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=1.0)
        await self._runner.setup()
        listening = self._authority.listening_context(self._certificate)
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=listening, backlog=1024)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def ca_file(self) -> Path:
        """The file to trust (LINK_ECF_CA_FILE), in a folder of its own that goes when the sandbox ends."""
        return self._authority.ca_file

    def certificate(self, host: str) -> tuple[Path, Path]:
        """Return the files of a certificate for `host` and of its key, for whoever else is to speak TLS here."""
        return self._authority.files(host)

    @property
    def connect_to(self) -> str:
        """Where all names are to be found (LINK_ECF_CONNECT_TO)."""
        return f"127.0.0.1:{self.port}"

    @property
    def sign_on(self) -> SignOnProfile:
        """The manners of the pretend PACER; assign another profile to change them."""
        return self._state.profile

    @sign_on.setter
    def sign_on(self, profile: SignOnProfile) -> None:
        self._state.profile = profile

    def add_account(self, account: PretendAccount) -> None:
        """Open a PACER account, in place of one with the same user name."""
        self._state.add(account)
        self._secrets.add(account.password)

    def add_filer(self, court_id: str, filer: PretendFiler) -> None:
        """Register a CM/ECF login at one court, in place of one with the same name.

        Raises KeyError for a court that the sandbox does not serve.
        """
        self._courts[court_id].add_filer(filer)
        self._secrets.add(filer.password)

    def court(self, court_id: str) -> PretendCourt:
        """Return a court by its id.

        Raises KeyError for a court that the sandbox does not serve.
        """
        return self._courts[court_id]

    @property
    def court_ids(self) -> tuple[str, ...]:
        """The ids of the courts that are served."""
        return tuple(self._courts)

    def _log_out(self, token: str) -> None:
        for court in self._courts.values():
            court.end_sessions(token)

    def _faults_of(self, host: str) -> Set[Fault]:
        if host == SIGN_ON:
            return self._state.profile.faults
        court = self._by_host.get(host)
        return court.profile.faults if court else frozenset()

    def _certificate(self, host: str) -> Certificate | None:
        """Say what a handshake for `host` gets, and count it; None breaks it off."""
        faults = self._faults_of(host)
        self.ledger.connections[host] += 1
        first = Fault.FIRST_CONNECTION_REFUSED in faults and not self.ledger.refused_connections[host]
        if first or Fault.CONNECTION_REFUSED in faults:
            self.ledger.refused_connections[host] += 1
            return None
        return next((kind for fault, kind in _CERTIFICATES.items() if fault in faults), Certificate.GOOD)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        loop = asyncio.get_running_loop()
        asked = self._asked(request, loop.time())
        self.ledger.arrive(asked)
        try:
            body = await request.read()
            if self.latency:
                await self._wait(request)
            if self.gate is not None and not await self.gate(asked, False):
                return await self._send(request, CUT)
            cookies = cookies_of(request.headers.get("Cookie", ""))
            reply = self._reply(Visit(asked, request.headers, body, loop.time(), cookies))
            if self.gate is not None and not await self.gate(asked, True):
                return await self._send(request, CUT)
            return await self._send(request, reply)
        finally:
            self.ledger.leave(asked)

    def _asked(self, request: web.BaseRequest, now: float) -> Asked:
        path, _, query = request.raw_path.partition("?")
        heads = request.headers
        address, referer = self._clean(f"{path}?{query}"), self._clean(heads.get("Referer", ""))
        path, _, query = address.partition("?")
        host = request.host.partition(":")[0].lower()
        return Asked(host, request.method, path, query, now, referer, heads.get("User-Agent", ""))

    def _clean(self, text: str) -> str:
        """Keep secrets out of the ledger even when a client puts one into an address, and note that it did."""
        plain = unquote_plus(text)
        if any(secret and secret in plain for secret in self._secrets):
            self.ledger.leaks.append("a password stood in an address")
            return text.partition("?")[0] + "?(held a password)"
        return text

    def _reply(self, visit: Visit) -> Reply:
        host = visit.asked.host
        if host == SIGN_ON:
            return self._pacer.answer(visit)
        court = self._by_host.get(host)
        if court is not None:
            return court.answer(visit)
        visit.asked.kind = Kind.FOREIGN
        return page("<html><body><p>This host is no part of PACER or of a court.</p></body></html>")

    async def _wait(self, request: web.BaseRequest) -> None:
        transport = request.transport
        trips = 1
        if transport is not None and transport not in self._known:
            self._known.add(transport)
            trips = 3
        await asyncio.sleep(trips * self.latency)

    async def _send(self, request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
        if reply.ending is Ending.SENT:
            response = web.Response(body=reply.body, status=reply.status)
            response.headers["Content-Type"] = reply.content_type
            for name, value in reply.headers:
                response.headers.add(name, value)
            return response
        if reply.ending is Ending.SILENT:
            await self._closing.wait()
        if reply.ending in (Ending.DRIP, Ending.ENDLESS):
            return await self._pour(request, reply)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _pour(self, request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": reply.content_type})
        await response.prepare(request)
        pause = 0.05 if reply.ending is Ending.DRIP else 0.0
        with suppress(ConnectionError):  # the client had enough
            while not self._closing.is_set():
                await response.write(reply.body)
                await asyncio.sleep(pause)
        return response
