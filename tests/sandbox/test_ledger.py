"""The ledger tells a test what was asked, how often and how fast, and holds no secret."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from bot.sandbox import Fault, Kind, Sandbox
from tests.sandbox.conftest import ACCOUNT, FILER
from tests.sandbox.hand import SIGN_ON, Hand
from tests.sandbox.steps import fresh_menu, manners, menu, password_post, sign_on, submit, unanswered, url, utilities

HOST = "ecf.gasb.uscourts.gov"


async def test_no_secret_is_kept(sandbox: Sandbox, hand: Hand) -> None:
    sandbox.add_account(replace(ACCOUNT, passcode="246802"))
    asked = await password_post(hand)
    await hand.ajax(asked, "mfaForm:btnOk", {"mfaForm:mfaInput": "246802", "mfaForm:btnOk": ""})
    await hand.get(url(sandbox, "/cgi-bin/login.pl"))
    await hand.get(url(sandbox, "/cgi-bin/x.pl?p=Pretend-Pacer-Pass1%21"))
    written = repr([sandbox.ledger.asked, sandbox.ledger.leaks, ACCOUNT, FILER])
    for secret in (ACCOUNT.password, FILER.password, "246802", "Pass1"):
        assert secret not in written
    assert sandbox.ledger.leaks == ["a password stood in an address"]


async def test_who_asked_and_from_where(sandbox: Sandbox, hand: Hand) -> None:
    await submit(hand)
    last = sandbox.ledger.of(Kind.FINAL_SUBMIT)[0]
    assert (last.host, last.method, last.account, last.filer) == (HOST, "POST", ACCOUNT.user_name, FILER.login)
    assert last.referer.startswith(f"https://{HOST}/cgi-bin/linkAccounts.pl?")
    assert "aiohttp" in last.user_agent


async def test_counters(sandbox: Sandbox, hand: Hand) -> None:
    await submit(hand)
    seen = await fresh_menu(hand)
    await hand.get(seen.link("^Query"))
    await hand.get(seen.link("^Reports"), referer=seen.url)
    ledger = sandbox.ledger
    assert (ledger.sign_ons, ledger.link_form_posts, ledger.final_submits) == (1, 1, 1)
    assert (ledger.billable, ledger.skips, ledger.logouts, ledger.foreign) == (2, 0, 0, 0)
    assert ledger.count(Kind.PROOF) == 1
    assert ledger.count(Kind.FINAL_SUBMIT, host="ecf.almb.uscourts.gov") == 0
    ledger.clear()
    assert (len(ledger), ledger.final_submits) == (0, 0)


async def test_connections_are_counted_for_each_host(sandbox: Sandbox, hand: Hand) -> None:
    await utilities(hand)
    assert dict(sandbox.ledger.connections) == {"pacer.login.uscourts.gov": 1, HOST: 1}
    async with Hand(sandbox) as other:
        await other.get(url(sandbox, "/"))
    assert sandbox.ledger.connections[HOST] == 2


async def test_a_foreign_host_is_on_record(sandbox: Sandbox, hand: Hand) -> None:
    await hand.get("https://somewhere.example/collect")
    assert sandbox.ledger.foreign == 1
    assert sandbox.ledger.asked[0].host == "somewhere.example"


async def test_the_most_at_once(sandbox: Sandbox) -> None:
    manners(sandbox, faults=frozenset({Fault.NO_ANSWER}))

    async def ask() -> None:
        async with Hand(sandbox) as one:
            await one.get(url(sandbox, "/"))

    async def all_ask() -> None:
        await asyncio.gather(*(ask() for _ in range(3)))

    await unanswered(all_ask(), lambda: sandbox.ledger.most_in_flight(HOST) == 3)


async def test_the_most_attempts_at_once(sandbox: Sandbox) -> None:
    hands = [Hand(sandbox) for _ in range(3)]
    for one in hands:
        async with one:
            await menu(one)
            token = json.loads((await sign_on(one)).body)["nextGenCSO"]
            assert token
    assert sandbox.ledger.most_sessions(HOST) == 3
    async with Hand(sandbox) as last:
        token = json.loads((await sign_on(last)).body)["nextGenCSO"]
        await fresh_menu(last)
        body = json.dumps({"nextGenCSO": token}).encode()
        await last.post(f"{SIGN_ON}/services/cso-logout", body, {"Content-Type": "application/json"})
        await sign_on(last)
        await fresh_menu(last)
    assert sandbox.ledger.most_sessions(HOST) == 4


async def test_gaps_between_requests(sandbox: Sandbox, hand: Hand) -> None:
    for _ in range(3):
        await hand.get(url(sandbox, "/"))
    gaps = sandbox.ledger.gaps(HOST)
    assert len(gaps) == 2
    assert all(gap > 0 for gap in gaps)


async def test_latency_is_added_to_every_answer_and_twice_more_to_a_connection(sandbox: Sandbox, hand: Hand) -> None:
    sandbox.latency = 0.05
    loop = asyncio.get_running_loop()
    times = [loop.time()]
    for _ in range(2):
        await hand.get(url(sandbox, "/"))
        times.append(loop.time())
    assert times[1] - times[0] >= 0.15
    assert times[2] - times[1] >= 0.05


async def test_the_files_go_with_the_sandbox(sandbox: Sandbox) -> None:
    async with Sandbox([sandbox.court("gasb").court]) as other:
        folder = other.ca_file.parent
        assert other.connect_to == f"127.0.0.1:{other.port}"
        assert folder.is_dir()
    assert not folder.exists()
