"""The conversations of the pretend Slack: direct messages and channels, what is posted there, and what can be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack_calls import SlackError, needed
from bot.sandbox.slack_people import PretendPeople
from bot.sandbox.slack_rules import message_faults, metadata_faults
from bot.sandbox.slack_state import Json, PretendMessage

PAGE = 100
"""How many messages conversations.history shows where no limit is given."""


@dataclass(slots=True)
class PretendChannel:
    """One channel; `joined` says whether the bot was invited to it."""

    id: str
    name: str
    team: str
    joined: bool = True
    archived: bool = False
    private: bool = False


class PretendTalk:
    """Every conversation of every workspace; `ts` returns the name of the next message."""

    def __init__(self, people: PretendPeople, ts: Callable[[], str], home: Callable[[str], str]) -> None:
        self.people = people
        self.messages: list[PretendMessage] = []
        self.channels: dict[str, str] = {}
        """Direct messages: the channel's id, and whose they are."""
        self.rooms: dict[str, PretendChannel] = {}
        self.closed: set[str] = set()
        """People to whom the bot may not write."""
        self._ts = ts
        self._home = home
        self._direct: dict[str, str] = {}

    def methods(self) -> Mapping[str, Callable[[Json], Json]]:
        """Return the methods of the Web API that are about conversations."""
        return {
            "conversations.open": self._open,
            "conversations.info": self._info,
            "conversations.history": self._history,
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.postEphemeral": self._ephemeral,
        }

    def _open(self, args: Json) -> Json:
        user = needed(args, "users")
        person = self.people.here(args["token"], user)
        if person is None:
            raise SlackError("user_not_found")
        if person.deleted:
            raise SlackError("user_disabled")
        if person.is_bot:
            raise SlackError("cannot_dm_bot")
        if user in self.closed:
            raise SlackError("user_not_visible")
        return {"channel": {"id": self.direct(user)}}

    def direct(self, user: str) -> str:
        """Return the id of this person's conversation with the bot, begun where there was none."""
        if user not in self._direct:
            self._direct[user] = f"D{len(self.channels) + 1:08d}"
            self.channels[self._direct[user]] = user
        return self._direct[user]

    def _info(self, args: Json) -> Json:
        channel = needed(args, "channel")
        if channel in self.channels:
            self._writable(args["token"], channel)
            return {"channel": {"id": channel, "is_im": True, "user": self.channels[channel]}}
        room = self._room(args["token"], channel)
        if room.private and not room.joined:
            raise SlackError("channel_not_found")
        return {
            "channel": {
                "id": room.id,
                "name": room.name,
                "is_channel": True,
                "is_im": False,
                "is_private": room.private,
                "is_archived": room.archived,
                "is_member": room.joined,
            }
        }

    def _room(self, token: str, channel: str) -> PretendChannel:
        room = self.rooms.get(channel)
        if room is None or self._home(token) != room.team:
            raise SlackError("channel_not_found")
        return room

    def _writable(self, token: str, channel: str) -> str:
        """Return whose direct messages these are, "" for a channel. Raises SlackError where nothing can be posted.

        Those of a person who left still take messages, as Slack's do (python-slack-sdk, issue 1156).
        """
        if channel in self.channels:
            person = self.people.here(token, self.channels[channel])
            if person is None:
                raise SlackError("channel_not_found")
            if person.id in self.closed:
                raise SlackError("restricted_action")
            return person.id
        room = self._room(token, channel)
        if not room.joined:
            raise SlackError("channel_not_found" if room.private else "not_in_channel")
        if room.archived:
            raise SlackError("is_archived")
        return ""

    def _history(self, args: Json) -> Json:
        channel = needed(args, "channel")
        if channel not in self.channels and not self._room(args["token"], channel).joined:
            raise SlackError("not_in_channel")
        if channel in self.channels and self.people.here(args["token"], self.channels[channel]) is None:
            raise SlackError("channel_not_found")
        whole = str(args.get("include_all_metadata", "")).lower() in {"1", "true"}
        before = str(args.get("cursor") or "").removeprefix("before:") or "9999999999"
        oldest = str(args.get("oldest") or "0")
        found = [
            one
            for one in reversed(self.messages)
            if one.channel == channel and not one.ephemeral and float(oldest) < float(one.ts) < float(before)
        ]
        limit = int(args.get("limit") or PAGE)
        page = found[:limit]
        more = len(found) > limit
        next_page = {"response_metadata": {"next_cursor": f"before:{page[-1].ts}"}} if more else {}
        return {"messages": [_shown(one, whole=whole) for one in page], "has_more": more, **next_page}

    def _post(self, args: Json) -> Json:
        channel = needed(args, "channel")
        owner = self._writable(args["token"], channel)
        self._check(args)
        metadata = args.get("metadata") or {}
        if faults := metadata_faults(metadata):
            raise SlackError("invalid_metadata_format", faults)
        ts = self._ts()
        message = PretendMessage(channel, ts, owner, args["text"], args.get("blocks") or [], metadata=metadata)
        self.messages.append(message)
        return {"channel": channel, "ts": ts, "message": {"type": "message", "text": args["text"], "ts": ts}}

    def _update(self, args: Json) -> Json:
        channel, ts = needed(args, "channel"), needed(args, "ts")
        found = next((one for one in self.messages if (one.channel, one.ts) == (channel, ts)), None)
        if found is None or found.ephemeral:
            raise SlackError("message_not_found")
        self._check(args, edit=True)
        found.change(args)
        return {"channel": channel, "ts": ts, "text": args["text"]}

    def _ephemeral(self, args: Json) -> Json:
        channel, user = needed(args, "channel"), needed(args, "user")
        if channel not in self.channels and channel not in self.rooms:
            raise SlackError("channel_not_found")
        if user not in self.people.known:
            raise SlackError("user_not_in_channel")
        self._check(args)
        ts = self._ts()
        self.messages.append(PretendMessage(channel, ts, user, args["text"], args.get("blocks") or [], ephemeral=True))
        return {"message_ts": ts}

    def _check(self, args: Json, *, edit: bool = False) -> None:
        faults = message_faults(args.get("text"), args.get("blocks"), edit=edit)
        if faults:
            raise SlackError("msg_too_long" if "msg_too_long" in faults else "invalid_blocks", faults)

    def hear(self, user: str, channel: str, body: Mapping[str, Any]) -> PretendMessage:
        """Show an answer to a command, visible to one person."""
        text, blocks = str(body.get("text", "")), body.get("blocks") or []
        shown = PretendMessage(channel, self._ts(), user, text, blocks, ephemeral=True, response_url=True)
        self.messages.append(shown)
        return shown


def _shown(message: PretendMessage, *, whole: bool) -> Json:
    """One message of the history; the payload of its metadata is shown only to an app that asks for it."""
    shown: Json = {"type": "message", "user": "U0BOT", "bot_id": "B0PRETEND", "text": message.text, "ts": message.ts}
    if message.metadata:
        shown["metadata"] = message.metadata if whole else {"event_type": message.metadata["event_type"]}
    return shown | ({"edited": {"user": "U0BOT", "ts": message.ts}} if message.before else {})
