"""The link to a form: what it shows, what uses it up, and what is said when it leads nowhere."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.linker.values import ConfirmAnswer, PasscodeQuestion
from bot.secret import Secret
from bot.service import Field, Flaw, Started
from bot.service.pages import FormPage, Gone, GoneReason, NoLink, PageLink, WrongCode
from bot.store.tables import pages
from tests.attempts.stage import ANN, BOB, secrets
from tests.pages.stage import COURTS, Desk, raw, token_of, typed, wrong


async def test_a_link_is_long_short_lived_and_hides_itself(desk: Desk) -> None:
    link = await desk.link("ksb")
    assert re.fullmatch(r"https://bot\.firm\.example/p/[A-Za-z0-9_-]{43}", link.url)
    assert re.fullmatch(r"[0-9]{6}", link.code)
    assert timedelta(minutes=9) < link.until - datetime.now(UTC) <= timedelta(minutes=10)
    assert link.code not in repr(link)
    assert token_of(link) not in repr(link)
    page = await desk.pages.look(token_of(link))
    assert isinstance(page, FormPage)
    assert (page.court, page.until) == (COURTS["ksb"], link.until)
    assert page.caution is not None


async def test_looking_changes_nothing(desk: Desk) -> None:
    link = await desk.link()
    looks = await asyncio.gather(*(desk.pages.look(token_of(link)) for _ in range(30)))
    assert looks == [FormPage(COURTS["gasb"], None, link.until)] * 30
    assert isinstance(await desk.pages.send_form(token_of(link), link.code, typed()), Started)


async def test_a_whole_form_with_the_code_starts_once_for_the_links_person(desk: Desk) -> None:
    link = await desk.link(person=BOB)
    started = await desk.pages.send_form(token_of(link), f" {link.code} ", typed())
    assert isinstance(started, Started)
    assert (started.view.person, started.view.court.id) == (BOB, "gasb")
    again = typed()
    assert await desk.pages.send_form(token_of(link), link.code, again) == Gone(GoneReason.USED)
    assert again.pacer_password.spent
    assert again.cmecf_password.spent
    assert await desk.pages.look(token_of(link)) == Gone(GoneReason.USED)


async def test_the_form_cannot_name_another_court(desk: Desk) -> None:
    link = await desk.link("gasb")
    started = await desk.pages.send_form(token_of(link), link.code, replace(typed(), court=COURTS["ksb"].id))
    assert isinstance(started, Started)
    assert started.view.court.id == "gasb"


async def test_what_is_wrong_in_the_form_does_not_use_the_link_up(desk: Desk) -> None:
    link = await desk.link()
    wanting = typed(pacer_password=Secret(""), redaction_acknowledged=False)
    problems = await desk.pages.send_form(token_of(link), link.code, wanting)
    assert isinstance(problems, tuple)
    assert [(one.field, one.flaw) for one in problems] == [
        (Field.PACER_PASSWORD, Flaw.MISSING),
        (Field.REDACTION, Flaw.NOT_TICKED),
    ]
    assert isinstance(await desk.pages.send_form(token_of(link), link.code, typed()), Started)


async def test_a_wrong_code_says_nothing_of_the_form_and_starts_nothing(desk: Desk) -> None:
    link = await desk.link()
    for left in (4, 3, 2, 1):
        form = typed(pacer_password=Secret(""))
        assert await desk.pages.send_form(token_of(link), wrong(link), form) == WrongCode(left)
        assert form.cmecf_password.spent
    assert await desk.pages.send_form(token_of(link), "", typed()) == Gone(GoneReason.TOO_MANY_CODES)
    assert await desk.pages.send_form(token_of(link), link.code, typed()) == Gone(GoneReason.TOO_MANY_CODES)
    assert await desk.pages.look(token_of(link)) == Gone(GoneReason.TOO_MANY_CODES)
    assert desk.scene.linker.walks == []


async def test_an_expired_and_a_replaced_link_say_so(desk: Desk) -> None:
    old, new = await desk.link(), await desk.link()
    for sent in (await desk.pages.look(token_of(old)), await desk.pages.send_form(token_of(old), old.code, typed())):
        assert sent == Gone(GoneReason.REPLACED)
    await desk.expire(new)
    for sent in (await desk.pages.look(token_of(new)), await desk.pages.send_form(token_of(new), new.code, typed())):
        assert sent == Gone(GoneReason.EXPIRED)
    assert desk.scene.linker.walks == []


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 44, "é" * 43, "A" * 42 + "=", "../../passwd", "\x00" * 43])
async def test_what_is_no_token_of_ours_is_unknown(desk: Desk, token: str) -> None:
    assert await desk.pages.look(token) == Gone(GoneReason.UNKNOWN)
    assert await desk.pages.send_form(token, "000000", typed()) == Gone(GoneReason.UNKNOWN)
    assert await desk.pages.send_answer(token, "000000", ConfirmAnswer(True)) == Gone(GoneReason.UNKNOWN)


async def test_a_form_link_takes_no_answer(desk: Desk) -> None:
    link = await desk.link()
    assert await desk.pages.send_answer(token_of(link), link.code, ConfirmAnswer(True)) == Gone(GoneReason.UNKNOWN)
    assert isinstance(await desk.pages.send_form(token_of(link), link.code, typed()), Started)


async def test_no_link_for_a_court_that_cannot_be_linked(desk: Desk) -> None:
    assert await desk.pages.open_form(ANN, "nvb") is NoLink.COURT
    assert await desk.pages.open_form(ANN, "zzz") is NoLink.COURT
    assert await desk.rows() == 0


async def test_a_person_has_five_links_and_another_has_their_own(desk: Desk) -> None:
    for _ in range(5):
        await desk.link()
    assert await desk.pages.open_form(ANN, "ksb") is NoLink.TOO_MANY
    assert isinstance(await desk.pages.open_form(BOB, "ksb"), PageLink)


async def test_a_service_that_stops_gives_the_link_back(desk: Desk) -> None:
    link = await desk.link()
    await desk.scene.desk.drain(0)
    form = typed()
    problems = await desk.pages.send_form(token_of(link), link.code, form)
    assert not isinstance(problems, Started | WrongCode | Gone)
    assert [one.flaw for one in problems] == [Flaw.CLOSING]
    assert not form.pacer_password.spent
    assert isinstance(await desk.pages.look(token_of(link)), FormPage)


async def test_a_second_form_joins_the_attempt_that_runs(desk: Desk) -> None:
    view, _ = await desk.asked(PasscodeQuestion())
    link, form = await desk.link(), typed()
    assert await desk.pages.send_form(token_of(link), link.code, form) == Started(view, joined=True)
    assert form.pacer_password.spent
    assert len(secrets(desk.scene.linker.walks[0].request)) == 3


async def test_records_that_do_not_answer_are_said(desk: Desk) -> None:
    link = await desk.link()
    async with desk.store.work() as work:
        await work.execute(text("DROP TABLE pages"))
    assert await desk.pages.open_form(ANN, "ksb") is NoLink.UNREACHABLE
    assert await desk.pages.look(token_of(link)) == Gone(GoneReason.UNREACHABLE)
    assert await desk.pages.send_form(token_of(link), link.code, typed()) == Gone(GoneReason.UNREACHABLE)


async def test_neither_token_nor_code_nor_form_is_kept(desk: Desk, address: str) -> None:
    link = await desk.link()
    await desk.pages.send_form(token_of(link), link.code, typed())
    async with desk.store.work() as work:
        kept = repr([tuple(row) for row in await work.execute(select(pages))]).encode()
    if address.startswith("sqlite"):
        kept += b"".join(file.read_bytes() for file in Path(address.removeprefix("sqlite:///")).parent.iterdir())
    for secret in (token_of(link).encode(), raw(link), link.code.encode(), b"pacer-canary", b"ecf-canary"):
        assert secret not in kept
