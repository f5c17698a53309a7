"""The pretend Slack's end of Socket Mode: envelopes down one websocket, acknowledgements back."""

from __future__ import annotations

import asyncio
import json
import secrets

from aiohttp import WSMsgType, web

from bot.sandbox.slack_state import Json

ACK_SECONDS = 3.0


class SocketMode:
    """The open connections of one app; an envelope goes down the newest."""

    def __init__(self) -> None:
        self.connections: list[web.WebSocketResponse] = []
        self.connected = 0
        self.turned_away = 0
        self.too_many = 0
        """How many of the next connections are closed at once, as Slack does with one too many."""
        self._spent: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Greet a new connection and read its acknowledgements until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket in self._spent:
            raise web.HTTPForbidden
        self._spent.add(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.connections) + 1, "debug_info": {}})
        if self.too_many:
            self.too_many -= 1
            self.turned_away += 1
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.connections.append(socket)
        self.connected += 1
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                said = json.loads(message.data)
                waiting = self._waiting.pop(said.get("envelope_id", ""), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(said.get("payload") or {})
        self.connections.remove(socket)
        return socket

    async def send(self, kind: str, payload: Json, envelope: str = "") -> Json:
        """Send one envelope and return the payload of its acknowledgement. Raises TimeoutError after three seconds."""
        name = envelope or secrets.token_hex(8)
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[name] = waiting
        await self.connections[-1].send_json(
            {"envelope_id": name, "payload": payload, "type": kind, "accepts_response_payload": True}
        )
        async with asyncio.timeout(ACK_SECONDS):
            return await waiting

    async def disconnect(self) -> None:
        """Ask the app to make a new connection, as Slack does every few hours."""
        await self.connections[-1].send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})

    async def aclose(self) -> None:
        """Close what is open."""
        for socket in list(self.connections):
            await socket.close()
