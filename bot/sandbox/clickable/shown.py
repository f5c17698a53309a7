"""What one person of the pretend Slack sees: conversations, messages, the view in front, as the page is told of it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox.clickable.fields import values_of
from bot.sandbox.slack import PretendMessage, PretendSlack, PretendView
from bot.sandbox.slack_elements import Json


def visible(slack: PretendSlack, user: str) -> list[PretendMessage]:
    """Return the messages that this person can see, oldest first: their own, and those of the channels."""
    team = slack.teams.home(user).id
    rooms = {room.id for room in slack.api.talk.rooms.values() if room.team == team and not room.private}
    return [one for one in slack.api.messages if one.user == user or (not one.ephemeral and one.channel in rooms)]


def shown_to(slack: PretendSlack, user: str) -> Json:
    """Return everything that the page shows to this person."""
    team = slack.teams.home(user).id
    zone = ZoneInfo(slack.api.people.known[user].tz or "UTC")
    people = [one for one in slack.api.people.known.values() if slack.teams.home(one.id).id == team and not one.deleted]
    rooms = [one for one in slack.api.talk.rooms.values() if one.team == team and not one.archived]
    view = slack.open_view(user)
    return {
        "user": user,
        "people": [{"id": one.id, "name": one.name} for one in people],
        "rooms": [
            {"id": slack.api.talk.direct(user), "name": "link-ecf", "direct": True},
            *({"id": one.id, "name": one.name, "direct": False} for one in rooms),
        ],
        "messages": [_message(one, zone) for one in visible(slack, user)],
        "view": None if view is None else _view(view, zone),
    }


def _message(message: PretendMessage, zone: ZoneInfo) -> Json:
    at = datetime.fromtimestamp(float(message.ts), zone)
    return {
        "id": f"{message.channel} {message.ts}",
        "channel": message.channel,
        "ts": message.ts,
        "at": f"{at:%a} {at.hour % 12 or 12}:{at:%M %p}",
        "text": message.text,
        "blocks": message.blocks,
        "ephemeral": message.ephemeral,
        "edited": bool(message.before),
    }


def _view(view: PretendView, zone: ZoneInfo) -> Json:
    errors = {block["block_id"]: view.errors.get(block["label"]["text"], "") for block in view.inputs()}
    return {
        "id": view.id,
        "hash": view.hash,
        "title": view.title,
        "submit": view.view.get("submit", {}).get("text", ""),
        "close": view.view.get("close", {}).get("text", "Cancel"),
        "blocks": view.view["blocks"],
        "errors": {block: text for block, text in errors.items() if text},
        "values": values_of(view, zone),
        "under": view.root != view.id,
    }
