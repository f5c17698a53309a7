"""A bot that workspaces install by themselves, the pretend Slack that they are in, and the installer's browser."""

from __future__ import annotations

import html
import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
from aiohttp import web

from bot.clock import Clock, SystemClock
from bot.installs import SealedInstalls
from bot.register import HeadFile
from bot.register.recorder import Recorder
from bot.sandbox.slack import SIGNING_SECRET, PretendSlack
from bot.sandbox.slack_teams import CLIENT_ID, CLIENT_SECRET
from bot.secret import Secret
from bot.store import Audit, InstallRow, Installs, Store
from bot.vault import Key, KeyRing, RingKeys, Vault
from handlers.slack import Inbound, SlackMessenger, Workspaces, build_app, register, slack_session
from handlers.slack.installs import InstallRecords, SlackInstalls
from tests.handlers.slack.stage import ANNA, BEN, FakeService, Stage
from tests.sqlite import made

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST, SECOND, ORG, INSIDE = "T0PRETEND", "T0SECOND", "E0ORG", "T0INSIDE"
CARL, DORA = "U0CARL", "W0DORA"
"""Anna and Ben are in the first workspace, Carl in the second, Dora in a workspace of the organization."""

TOLD_AGAIN = "link-ecf has to be installed again"


@dataclass
class Kept:
    """Records in a real database, and the ring of keys that seals them."""

    store: Store
    folder: Path
    ring: list[KeyRing]
    records: SealedInstalls
    installs: SlackInstalls

    async def rows(self) -> list[InstallRow]:
        """Return every row."""
        async with self.store.work() as work:
            return await Installs().all_sealed(work)

    async def keys(self) -> list[str]:
        """Return the workspaces and organizations that have a row of the bot's own."""
        return sorted(row.team_id or row.enterprise_id for row in await self.rows() if not row.user_id)

    def on_disk(self) -> bytes:
        """Return every byte of the files of an SQLite database."""
        return b"".join(file.read_bytes() for file in sorted(self.folder.glob("link-ecf.db*")))

    async def audited(self) -> list[str]:
        """Return the audit's entries."""
        async with self.store.work() as work:
            return [line.entry for line in await Audit().since(work, 0, 100)]


@asynccontextmanager
async def kept_in(
    folder: Path, clock: Clock | None = None, address: str = "", ring: list[KeyRing] | None = None
) -> AsyncIterator[Kept]:
    """Open a database, an SQLite file in `folder` unless there is an address; its keys are in memory."""
    clock = clock or SystemClock()
    address = address or made(folder / "link-ecf.db")
    async with AsyncExitStack() as stack:
        store = await Store.open(address, clock)
        stack.push_async_callback(store.close)
        keys = ring or [KeyRing((Key.fresh(NOW),))]
        vault = Vault(RingKeys(lambda: keys[0]))
        records = SealedInstalls(store, vault, clock, Recorder(clock, HeadFile(folder)))
        yield Kept(store, folder, keys, records, SlackInstalls(records))


@dataclass
class Browser:
    """The browser of whoever installs: it keeps cookies, follows nothing by itself, and remembers what it was shown."""

    session: aiohttp.ClientSession
    base: str
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    set_cookies: list[str] = field(default_factory=list)
    status: int = 0
    page: str = ""

    async def get(self, url: str) -> str:
        """Open an address of the bot's and return the words of the page."""
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        url = url if url.startswith("http") else self.base + url
        async with self.session.get(url, headers=sent, allow_redirects=False) as answer:
            self.status, self.page, self.headers = answer.status, await answer.text(), dict(answer.headers)
            self.set_cookies = answer.headers.getall("Set-Cookie", [])
        for header in self.set_cookies:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        return html.unescape(re.sub(r"<[^>]+>", " ", self.page))

    async def begin(self, query: str = "") -> str:
        """Open the install page and return the address at Slack that it leads to."""
        await self.get(f"/slack/install{query}")
        found = re.search(r'href="([^"]+)"', self.page)
        assert found is not None, self.page
        return html.unescape(found[1])

    async def decide(self, authorize: str, user: str, team: str, *, allow: bool = True, whole: bool = False) -> str:
        """Decide at Slack, and return the address that Slack leads back to."""
        async with self.session.get(authorize) as shown:
            assert shown.status == 200, await shown.text()
        form = {"decision": "allow" if allow else "deny", "user": user, "team": team} | (
            {"whole": "1"} if whole else {}
        )
        async with self.session.post(authorize, data=form, allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            return str(answer.headers["Location"])

    async def install(self, user: str, team: str, *, whole: bool = False) -> str:
        """Install from the first page to the last and return the words of the last."""
        return await self.get(await self.decide(await self.begin(), user, team, whole=whole))


def query_of(url: str) -> dict[str, str]:
    """Return the parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}


@dataclass
class Firm:
    """Everything that a test of installations plays with."""

    stage: Stage
    kept: Kept
    workspaces: Workspaces
    browser: Browser

    @property
    def slack(self) -> PretendSlack:
        """The pretend Slack."""
        return self.stage.slack

    @property
    def service(self) -> FakeService:
        """The service behind the chat."""
        return self.stage.service

    def called(self, method: str, where: str | None = None) -> int:
        """Count the calls of a method, with the token of one workspace or of any."""
        return sum(one.method == method and where in {None, one.where} for one in self.slack.calls)

    async def install_all(self) -> None:
        """Install in both workspaces and in the organization."""
        for user, team, whole in ((ANNA, FIRST, False), (CARL, SECOND, False), (DORA, INSIDE, True)):
            page = await self.browser.install(user, team, whole=whole)
            assert "link-ecf is installed" in page, page

    async def told(self, user: str) -> str:
        """Type the command; return what is said at once, "" where the form opens."""
        reply = await self.slack.command(user, "/link-ecf", "gasb")
        assert reply.status == 200
        return str(reply.body.get("text", ""))


def settle_down(slack: PretendSlack) -> None:
    """Found the workspaces; the app is installed in none of them."""
    slack.teams.tokens.clear()
    slack.teams.add(SECOND, "Second <LLP>")
    slack.teams.add(INSIDE, "Inside LLP", ORG)
    slack.join(CARL, team=SECOND)
    slack.join(DORA, team=INSIDE)
    slack.join(BEN)


@asynccontextmanager
async def firm_in_slack(
    slack: PretendSlack, kept: Kept, clock: Clock | None = None, records: InstallRecords | None = None
) -> AsyncIterator[Firm]:
    """Run the bot beside `slack`, over the records in `kept` unless others are given."""
    clock = clock or SystemClock()
    service = FakeService()
    async with AsyncExitStack() as stack:
        door = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        base = f"http://127.0.0.1:{door.getsockname()[1]}"
        session = await stack.enter_async_context(slack_session())
        many = Workspaces(records or kept.records, session, clock, slack.api_url, base)
        messenger = service.messenger = SlackMessenger(many.clients, SystemClock())
        stack.push_async_callback(messenger.aclose, 1.0)
        app = build_app(many.access, SIGNING_SECRET, session, slack.api_url, many.install_url)
        tasks = register(app, service, messenger)
        stack.push_async_callback(tasks.aclose, 1.0)
        stack.callback(many.watch(app, service, tasks))
        site = web.Application()
        site.add_routes(Inbound(app, SIGNING_SECRET, SystemClock()).routes())
        site.add_routes(many.routes(CLIENT_ID, Secret(CLIENT_SECRET)))
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=1.0)  # as app.py does
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, door).start()
        slack.events_url = f"{base}/slack/events"
        slack.teams.redirect_url = f"{base}/slack/oauth_redirect"
        browsing = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
        yield Firm(Stage(slack, service, messenger, tasks), kept, many, Browser(browsing, base))
