"""The front of the whole bot: its certificate, its proxies, and the page from the button in Slack to the attempt."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, TCPConnector
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.app import Application
from bot.clock import SystemClock
from bot.errors import WrongSetting
from bot.front import certificate
from bot.linker.values import Comparison, ConfirmQuestion, Result
from bot.parts import kept_parts
from bot.sandbox.authority import Authority
from bot.sandbox.slack import PretendSlack
from bot.settings import Settings, read_settings
from tests.attempts.stage import ANN, FakeLinker, Walk
from tests.handlers.slack.page_stage import ANSWER, THERE, way_in
from tests.ports import free_port
from tests.web.browser import FILLED, Browser
from tests.web.pages import PagesInMemory

HOST = "localhost"


async def asking(walk: Walk) -> Result:
    """Ask whose accounts these are; the end says that the answer came."""
    await walk.question(ConfirmQuestion("Ann (attorney)", "Ann Attorney", Comparison.AGREE))
    return walk.end()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The default state folder lies in the working folder: not the project's, in tests."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def slack() -> AsyncIterator[PretendSlack]:
    """A pretend Slack."""
    async with PretendSlack() as running:
        running.join(ANN.id)
        yield running


def settings_for(slack: PretendSlack, port: int, **more: str) -> Settings:
    """Settings for HTTP on this port."""
    given = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret}
    return read_settings({**given, "SLACK_API_URL": slack.api_url, "PORT": str(port), **more})


@asynccontextmanager
async def running(settings: Settings, linker: FakeLinker) -> AsyncIterator[Application]:
    """Run the whole bot over its store, with a linker that plays a script."""
    async with (
        kept_parts(settings, SystemClock(), linker=linker) as parts,
        Application(settings, parts=parts, drain_seconds=0.0) as app,
    ):
        yield app


@asynccontextmanager
async def browser(origin: str, trusted: ssl.SSLContext | bool = True) -> AsyncIterator[Browser]:
    """A browser that keeps cookies and follows nothing by itself."""
    async with ClientSession(connector=TCPConnector(ssl=trusted), cookie_jar=CookieJar()) as session:
        yield Browser(session, origin, PagesInMemory())


async def test_the_whole_road_over_tls_from_the_button_to_the_end(slack: PretendSlack, tmp_path: Path) -> None:
    authority, port, linker = Authority(tmp_path), free_port(), FakeLinker(asking)
    cert, key = authority.files(HOST)
    origin = f"https://{HOST}:{port}"
    files = {"LINK_ECF_TLS_CERT": str(cert), "LINK_ECF_TLS_KEY": str(key)}
    async with running(settings_for(slack, port, PUBLIC_URL=origin, **files), linker):
        trusted = ssl.create_default_context(cafile=str(authority.ca_file))
        async with through_tls(slack, port, trusted), browser(origin, trusted) as person:
            await slack.command(ANN.id, "/link-ecf", "gasb")
            view = await slack.wait_for(lambda: slack.open_view(ANN.id))
            await slack.press_in(view, THERE)
            await slack.wait_for(lambda: "Code to type" in view.shown)
            form = way_in(view.view["blocks"], view.shown)
            token = form.url.removeprefix(f"{origin}/p/")
            sent = await person.send(token, {**FILLED, "code": form.code})
            assert (sent.status, sent.headers["Location"]) == (303, f"/p/{token}/done")
            assert (await person.get(f"/p/{token}")).status == 410
            [message] = await slack.wait_for(lambda: [one for one in slack.direct(ANN.id) if ANSWER in one.buttons])
            assert linker.walks[0].request.account.password.reveal() == FILLED["pacer_password"]
            await slack.press(message, ANSWER)
            [said] = await slack.wait_for(lambda: [one for one in slack.messages(ANN.id) if one.ephemeral])
            answer = way_in(said.blocks, said.shown)
            token = answer.url.removeprefix(f"{origin}/p/")
            sent = await person.send(token, {"code": answer.code, "answer": "link"})
            assert sent.status == 303
            await slack.wait_for(lambda: "Your accounts are linked" in slack.direct(ANN.id)[-1].shown)


@asynccontextmanager
async def through_tls(slack: PretendSlack, port: int, trusted: ssl.SSLContext) -> AsyncIterator[None]:
    """Let Slack, which here speaks in clear, reach the bot: a way that adds TLS, as Slack itself does."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port, ssl=trusted, server_hostname=HOST)

        async def pump(source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                into.write(data)
            into.close()

        await asyncio.gather(pump(reader, back), pump(there, writer), return_exceptions=True)

    way = await asyncio.start_server(carry, "127.0.0.1", 0)
    async with way:
        slack.events_url = f"http://127.0.0.1:{way.sockets[0].getsockname()[1]}/slack/events"
        yield


@pytest.mark.parametrize(
    ("proxies", "said", "status"),
    [
        ("127.0.0.1", {"X-Forwarded-Proto": "https"}, 404),
        ("127.0.0.0/8", {"X-Forwarded-Proto": "https"}, 404),
        ("127.0.0.1", {}, 403),
        ("127.0.0.1", {"X-Forwarded-Proto": "http"}, 403),
        ("127.0.0.1", {"Forwarded": "proto=https"}, 403),
        ("10.0.0.0/8", {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.5"}, 403),
        ("", {"X-Forwarded-Proto": "https"}, 403),
    ],
)
async def test_only_a_named_proxy_is_believed(
    slack: PretendSlack, proxies: str, said: dict[str, str], status: int
) -> None:
    given = {"PUBLIC_URL": "https://link.firm.example", "LINK_ECF_TRUSTED_PROXIES": proxies}
    port = free_port()
    bot = running(settings_for(slack, port, **given), FakeLinker(asking))
    async with bot, browser(f"http://127.0.0.1:{port}") as person:
        shown = await person.ask("GET", f"/p/{'A' * 43}", headers=said)
        assert shown.status == status
        assert ("Strict-Transport-Security" in shown.headers) == (status == 404)
        health = await person.ask("GET", "/healthz", headers=said)
        assert (health.status, health.headers["X-Content-Type-Options"]) == (200, "nosniff")


@pytest.mark.parametrize("more", [{}, {"PUBLIC_URL": "https://link.firm.example", "LINK_ECF_INTAKE": "modal"}])
async def test_without_pages_there_is_nothing_under_p(slack: PretendSlack, more: dict[str, str]) -> None:
    port = free_port()
    async with running(settings_for(slack, port, **more), FakeLinker(asking)) as app:
        assert app.parts.pages is None
        async with browser(f"http://127.0.0.1:{port}") as person:
            shown = await person.ask("GET", f"/p/{'A' * 43}")
            assert (shown.status, shown.text) == (404, "404: Not Found")
        slack.events_url = f"http://127.0.0.1:{port}/slack/events"
        await slack.command(ANN.id, "/link-ecf", "gasb")
        view = await slack.wait_for(lambda: slack.open_view(ANN.id))
        assert THERE not in view.shown


@pytest.mark.parametrize("intake", ["page", "both"])
def test_a_page_that_nobody_could_reach_over_https_stops_the_start(slack: PretendSlack, intake: str) -> None:
    given = {"PUBLIC_URL": "https://link.firm.example", "LINK_ECF_INTAKE": intake}
    with pytest.raises(WrongSetting, match=r"^LINK_ECF_TRUSTED_PROXIES is not set: give the addresses"):
        Application(settings_for(slack, 0, **given))
    Application(settings_for(slack, 0, **given, LINK_ECF_TRUSTED_PROXIES="10.0.0.5"))


@pytest.mark.parametrize("intake", ["page", "both"])
def test_a_page_without_an_https_address_stops_the_start(slack: PretendSlack, intake: str) -> None:
    with pytest.raises(WrongSetting, match=rf"^LINK_ECF_INTAKE is wrong: {intake} needs PUBLIC_URL"):
        Application(settings_for(slack, 0, LINK_ECF_INTAKE=intake))


def test_a_certificate_is_read_and_speaks_nothing_old(tmp_path: Path) -> None:
    cert, key = Authority(tmp_path).files(HOST)
    context = certificate(read_settings({"LINK_ECF_TLS_CERT": str(cert), "LINK_ECF_TLS_KEY": str(key)}))
    assert context is not None
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert certificate(read_settings({})) is None


@pytest.mark.parametrize("what", ["not PEM", "another key", "a key with a password", "swapped"])
def test_files_that_hold_no_pair_are_named_with_the_fix(tmp_path: Path, what: str) -> None:
    cert, key = Authority(tmp_path).files(HOST)
    if what == "not PEM":
        key.write_text("no key")
    elif what == "swapped":
        cert, key = key, cert
    else:
        shut = serialization.BestAvailableEncryption(b"w") if "password" in what else serialization.NoEncryption()
        form, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        key.write_bytes(ec.generate_private_key(ec.SECP256R1()).private_bytes(form, kind, shut))
    settings = read_settings({"LINK_ECF_TLS_CERT": str(cert), "LINK_ECF_TLS_KEY": str(key)})
    with pytest.raises(
        WrongSetting, match=r"^LINK_ECF_TLS_CERT is wrong: it and LINK_ECF_TLS_KEY do not hold"
    ) as caught:
        certificate(settings)
    assert re.search(r"give a file with the bot's certificate", str(caught.value))
