"""The way out and the operator's ~/.netrc: what stands there is for other programs, and no host of ours is given it.

An entry for every host ("default") is the worst case; the proxy's own name and password are in its address or nowhere.
"""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from yarl import URL

from bot.courts.lookup import Road, fetch
from bot.courts.way_out import proxy_for
from bot.linker import Outside
from bot.linker.browser import Browser
from bot.linker.values import Limits
from bot.settings import environment_for_children
from tests.linker.test_outbound import COURT, FENCE, Hosts, Proxy, browser, hosts, proxy
from tests.story.attempts import no_wait

__all__ = ["hosts", "proxy"]

CANARY = "canary-in-netrc"


@pytest.fixture(params=["HOME", "NETRC"])
def netrc(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A .netrc that names everybody, where the request finds it: in the home folder, or named by NETRC."""
    folder = tmp_path / "home"
    folder.mkdir()
    held = folder / ".netrc"
    held.write_text(f"default login {CANARY} password {CANARY}\n")
    held.chmod(0o600)
    monkeypatch.delenv("NETRC", raising=False)
    monkeypatch.setenv(request.param, str(folder if request.param == "HOME" else held))
    return str(request.param)


def basic(text: str) -> bytes:
    """What a Basic header holds."""
    return base64.b64encode(text.encode())


async def test_neither_court_nor_proxy_is_given_what_stands_in_netrc(hosts: Hosts, proxy: Proxy, netrc: str) -> None:
    async with browser(hosts) as road:
        await road.get(URL(f"https://{COURT}/"))
    assert len(hosts.headers) == 1
    assert CANARY not in repr(hosts.headers)
    assert not any("authorization" in name.lower() for headers in hosts.headers for name in headers)
    assert b"authorization" not in proxy.passed.lower()


async def test_the_look_up_gives_nothing_of_netrc_either(hosts: Hosts, proxy: Proxy, netrc: str) -> None:
    await fetch(URL("https://pacer.uscourts.gov/list"), Road("Firm", None, hosts.authority.ca_file), seconds=5)
    assert not any("authorization" in name.lower() for headers in hosts.headers for name in headers)
    assert b"authorization" not in proxy.passed.lower()


async def test_the_proxy_s_name_and_password_are_those_of_its_address(
    hosts: Hosts, proxy: Proxy, netrc: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They go to the proxy and not past it."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://firm:word@127.0.0.1:{proxy.port}")
    async with browser(hosts) as road:
        assert (await road.get(URL(f"https://{COURT}/"))).status == 200
    assert b"Proxy-Authorization: Basic " + basic("firm:word") in proxy.passed
    assert not any("authorization" in name.lower() for headers in hosts.headers for name in headers)


def test_hosts_that_the_environment_exempts_are_reached_without_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert proxy_for(URL(f"https://{COURT}/")) is None
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.firm.example:3128")
    assert proxy_for(URL(f"https://{COURT}/")) == URL("http://proxy.firm.example:3128")
    monkeypatch.setenv("NO_PROXY", "uscourts.gov")
    assert proxy_for(URL(f"https://{COURT}/")) is None


async def test_no_proxy_is_asked_where_every_name_is_led_to_this_machine(hosts: Hosts, proxy: Proxy) -> None:
    """LINK_ECF_CONNECT_TO: the pretend courts of the demo are not out there."""
    here = ("127.0.0.1", hosts.port)
    outside = Outside(ca_file=hosts.authority.ca_file, connect_to=here)
    async with Browser(FENCE, outside, limits=Limits(request_seconds=5), leave=no_wait) as road:
        await road.get(URL(f"https://{COURT}/"))
    await fetch(URL("https://pacer.uscourts.gov/list"), Road("Firm", here, hosts.authority.ca_file), seconds=5)
    assert len(hosts.seen) == 2
    assert proxy.asked == []


def test_a_child_is_not_told_where_netrc_is() -> None:
    assert environment_for_children({"NETRC": "/elsewhere", "HTTPS_PROXY": "http://proxy.firm.example:3128"}) == {
        "HTTPS_PROXY": "http://proxy.firm.example:3128"
    }
