"""Socket Mode: the same listeners down a websocket, supervised, with the same silence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.clock import SystemClock
from bot.errors import Code
from bot.linker.values import Step, Told
from bot.sandbox.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Fault, PretendSlack
from bot.words.edge import NOT_TAKEN
from handlers.slack import OneWorkspace, SlackMessenger, build_app, register, slack_session, web_client
from handlers.slack.repeats import Shared
from handlers.slack.socket import Socket
from handlers.slack.tokens import TokenRefused
from tests.handlers.slack.stage import ANNA, CANARIES, TICKS, TOKENS, TYPED, Everything, FakeService, Stage
from tests.handlers.slack.test_repeats import FORM, Memory


@asynccontextmanager
async def socket_stage(
    slack: PretendSlack, app_token: str = APP_TOKEN, shared: Shared | None = None, patience: float = 0.5
) -> AsyncIterator[tuple[Stage, Socket]]:
    """Run the bot at the end of a websocket."""
    service = FakeService()
    async with slack_session() as session:
        app = build_app(BOT_TOKEN, SIGNING_SECRET, session, slack.api_url)
        messenger = SlackMessenger(
            OneWorkspace(web_client(BOT_TOKEN, session, slack.api_url, waits=False)), SystemClock()
        )
        service.messenger = messenger
        tasks = register(app, service, messenger)
        client = web_client(BOT_TOKEN, session, slack.api_url)
        try:
            async with Socket(
                app, app_token, client, SystemClock(), shared, patience=patience, ping_seconds=0.2
            ) as socket:
                await slack.wait_for(lambda: slack.socket.connections)
                yield Stage(slack, service, messenger, tasks), socket
        finally:
            await tasks.aclose(1.0)
            await messenger.aclose(1.0)


async def test_the_road_works_down_a_websocket_and_nothing_typed_is_logged(
    slack: PretendSlack, log: Everything
) -> None:
    async with socket_stage(slack) as (stage, socket):
        assert await socket.connected()
        attempt = await stage.started()
        await stage.service.tell(attempt.id, Told(Step.SIGN_ON))
        await stage.service.end(attempt.id, Code.LINKED)
        await stage.shows("Your accounts are linked")
        assert stage.service.forms[0].cmecf_password.reveal() == TYPED["cmecf_password"]
        stage.service.problems = []
        view = await stage.form("")
        assert (await slack.suggest(view, "gasb"))[0]["value"] == "gasb"
    assert not await socket.connected()
    assert log.said(*CANARIES) == []
    assert log.said(*TOKENS) == []


async def test_a_repeated_envelope_acts_once(slack: PretendSlack) -> None:
    async with socket_stage(slack) as (stage, _):
        view = await stage.form()
        await slack.fill(view, TYPED, TICKS)
        payload = {
            "type": "view_submission",
            "user": {"id": ANNA},
            "team": {"id": "T0PRETEND"},
            "view": view.payload("T0PRETEND"),
        }
        first = await slack.socket.send("interactive", payload, "envelope-1")
        again = await slack.socket.send("interactive", payload, "envelope-1")
        assert first == {"response_action": "clear"}
        assert again == {}
        assert len(stage.service.forms) == 1


async def test_an_envelope_that_another_replica_took_is_acknowledged_and_not_acted_upon(slack: PretendSlack) -> None:
    memory = Memory()
    async with socket_stage(slack, shared=memory) as (stage, _):
        view = await stage.form()
        await slack.fill(view, TYPED, TICKS)
        payload = {**FORM, "view": view.payload("T0PRETEND")}
        assert await slack.socket.send("interactive", payload, "envelope-1") == {"response_action": "clear"}
        assert len(stage.service.forms) == 1
    async with socket_stage(slack, shared=memory) as (stage, _):  # after a restart
        assert await slack.socket.send("interactive", payload, "envelope-1") == {}
        assert stage.service.forms == []
    assert "envelope envelope-1" in memory.keys


async def test_without_an_answer_of_the_memory_a_form_is_not_taken_and_a_button_goes_on(
    slack: PretendSlack, log: Everything
) -> None:
    memory = Memory(gate=asyncio.Event())
    async with socket_stage(slack, shared=memory, patience=0.05) as (stage, _):
        said = await slack.socket.send("interactive", FORM)
        assert said == {"response_action": "errors", "errors": {"court:abc": NOT_TAKEN}}
        assert stage.service.forms == []
        await slack.command(ANNA, "/link-ecf", "cancel")
        assert "Nothing was stopped" in slack.messages(ANNA)[-1].shown
        assert memory.gate is not None
        memory.gate.set()
    assert log.said("a form was not taken")


async def test_a_connection_that_slack_refreshes_or_loses_is_made_anew(slack: PretendSlack) -> None:
    async with socket_stage(slack) as (stage, _):
        await slack.socket.disconnect()
        await slack.wait_for(lambda: slack.socket.connected == 2)
        await stage.form()
        await slack.wait_for(lambda: len(slack.socket.connections) == 1)
        await slack.socket.connections[-1].close()
        await slack.wait_for(lambda: slack.socket.connected == 3 and slack.socket.connections)
        slack.api.views.clear()
        await stage.form("almb")


async def test_a_token_that_slack_does_not_take_is_said_at_once(slack: PretendSlack, log: Everything) -> None:
    with pytest.raises(TokenRefused):
        async with socket_stage(slack, "xapp-wrong"):
            pass
    assert log.said("xapp-wrong") == []


async def test_a_slack_that_is_down_at_the_start_is_waited_for(slack: PretendSlack) -> None:
    slack.fault("apps.connections.open", Fault(status=500, times=2))
    async with socket_stage(slack) as (stage, _):
        await stage.form()
    assert [call.method for call in slack.calls].count("apps.connections.open") == 3


async def test_an_event_that_nothing_listens_to_is_acknowledged(slack: PretendSlack) -> None:
    async with socket_stage(slack):
        event = {"type": "event_callback", "team_id": "T0PRETEND", "event": {"type": "app_mention", "user": ANNA}}
        assert await slack.socket.send("events_api", json.loads(json.dumps(event))) == {}


async def test_too_many_connections_are_waited_out_and_not_asked_for_without_end(slack: PretendSlack) -> None:
    slack.socket.too_many = 4
    async with socket_stage(slack) as (_, socket):
        assert await socket.connected()
        assert slack.socket.turned_away == 4
        # One ticket for each connection that was made, and one to begin with.
        assert sum(call.method == "apps.connections.open" for call in slack.calls) <= 6


async def test_a_ticket_is_used_once_and_a_front_that_was_away_is_found_again(slack: PretendSlack) -> None:
    async with socket_stage(slack) as (_, socket):
        slack.fault("apps.connections.open", Fault(status=503, times=2))
        await slack.socket.connections[-1].close()
        await slack.wait_for(lambda: slack.socket.connected == 2)
        await slack.wait_for(lambda: slack.socket.connections)
        assert await socket.connected()
