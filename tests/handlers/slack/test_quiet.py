"""No payload reaches any handler, at any level, from any of the libraries; and the canary of every promise."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.errors import Code
from bot.linker.values import PasscodeQuestion, Step, Told
from handlers.slack.quiet import hush, unhush
from tests.handlers.slack.stage import ANNA, CANARIES, TICKS, TOKENS, TYPED, Everything, Stage

PAYLOAD = "canary-payload"


@pytest.mark.parametrize(
    "name", ["slack_bolt", "slack_bolt.AsyncApp", "slack_sdk.web.x.y", "aiohttp.server", "aiohttp.access"]
)
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR])
def test_a_library_says_nothing_at_any_level(log: Everything, name: str, level: int) -> None:
    logging.getLogger(name).log(level, "body: %s", PAYLOAD)
    logging.getLogger(f"{name}.made.just.now").log(level, f"body: {PAYLOAD}")
    try:
        raise ValueError(PAYLOAD)
    except ValueError:
        logging.getLogger(name).exception(PAYLOAD, stack_info=True)
    assert len(log.lines) >= 3
    assert log.said(PAYLOAD) == []
    assert log.said("ValueError"), "that something failed is said"


def test_a_text_that_cannot_be_formatted_is_not_reported_with_its_arguments(
    log: Everything, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments: tuple[str, ...] = (PAYLOAD,)
    logging.getLogger("slack_sdk").info("%d %s", *arguments)
    assert PAYLOAD not in capsys.readouterr().err
    assert log.said(PAYLOAD) == []


def test_the_loop_keeps_its_first_line_only(log: Everything) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <Task exception=X('%s')>", PAYLOAD)
    assert log.said("Task exception was never retrieved")
    assert log.said(PAYLOAD) == []


def test_what_an_administrator_needs_is_kept(log: Everything) -> None:
    logging.getLogger("slack_bolt.AsyncApp").info("A new session (s_123) has been established")
    assert log.said("A new session (s_123) has been established")


def test_others_are_left_alone_and_silence_is_laid_once(log: Everything) -> None:
    hush()
    hush()
    logging.getLogger("bot.linker").info("a word of ours: %s", "kept")
    logging.getLogger("aiohttp_of_another_name").info("kept too")
    assert log.said("a word of ours: kept")
    assert log.said("kept too")
    unhush()
    logging.getLogger("slack_bolt").warning("said again")
    assert log.said("said again")


async def test_bolt_would_have_logged_the_body(log: Everything) -> None:
    """The leak that quiet.py closes is real: without it this very request is printed."""
    app = AsyncApp(signing_secret="secret", token="xoxb-x")
    headers: dict[str, str | Sequence[str]] = {"x-slack-signature": "v0=00", "x-slack-request-timestamp": "9999999999"}
    request = AsyncBoltRequest(body=f"text={PAYLOAD}", headers=headers)
    await app.async_dispatch(request)
    assert log.said(PAYLOAD) == []
    unhush()
    await app.async_dispatch(request)
    assert log.said(PAYLOAD)


async def test_nothing_typed_is_ever_logged_or_sent_to_slack(stage: Stage, log: Everything) -> None:
    """The canary: form, passcode, refusal, form again, a fault in the middle; DEBUG everywhere, libraries included."""
    view = await stage.form()
    await stage.slack.fill(view, TYPED)
    await stage.slack.choose(view, "almb")
    forged = b"payload=" + json.dumps({"view": view.payload("T0PRETEND")}).encode()
    assert (await stage.slack.wire.post(forged, headers=stage.slack.wire.signed(forged, secret="x"))).status == 401
    stage.service.breaks = RuntimeError(json.dumps(TYPED))
    broken = await stage.slack.submit(view, TYPED, TICKS)
    stage.service.breaks = None
    stage.slack.api.views[ANNA].clear()
    attempt = await stage.started()
    await stage.service.tell(attempt.id, Told(Step.SIGN_ON))
    await stage.service.ask(attempt.id, PasscodeQuestion())
    [message] = await stage.slack.wait_for(
        lambda: [m for m in stage.slack.direct(ANNA) if "Enter the passcode" in m.buttons]
    )
    await stage.slack.press(message, "Enter the passcode")
    small = await stage.slack.wait_for(lambda: stage.slack.open_view(ANNA))
    await stage.slack.submit(small, {"passcode": TYPED["passcode"]})
    await stage.service.end(attempt.id, Code.PACER_REFUSED)
    await stage.slack.wait_for(lambda: "Open the form again" in message.buttons)

    assert len(log.lines) > 50
    assert log.said(*CANARIES) == []
    assert log.said(*TOKENS) == []
    sent = json.dumps([call.args for call in stage.slack.calls], ensure_ascii=False)
    assert not [canary for canary in CANARIES if canary in sent or json.dumps(canary)[1:-1] in sent]
    assert not [canary for canary in CANARIES if canary in broken.text]
    assert stage.service.passcodes() == [TYPED["passcode"]]
