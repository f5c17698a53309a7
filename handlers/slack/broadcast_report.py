"""How a broadcast looks to admins in Slack: the message of its progress and report, and the list of the newest ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.courts.court import Court
from bot.reminders.broadcasts.broadcast import FROM_TERMINAL, Broadcast, BroadcastState, Progress, Reason
from bot.words import broadcasts as words
from bot.words.zones import moment_words
from handlers.slack import mentions
from handlers.slack.blocks import Block, Button, Message, buttons, cut, exact, header, message, plain, section

STOP = "broadcast_stop"
AGAIN = "broadcast_again"
COPY = "broadcast_copy"

CourtOf = Callable[[str], Court | None]

SHOWN_TEXT = 300
"""Characters of a broadcast in a list; its preview and its own message show it whole."""

_BEGIN, _END = "\ue002", "\ue003"
_CHANNEL = re.compile(f"{_BEGIN}([CG][A-Z0-9]{{2,}}){_END}")
_MOMENT = re.compile(f"{_BEGIN}([0-9]{{1,11}}){_END}")


def channel_mark(channel: str) -> str:
    """Return the mark that `marked` shows as this channel's name; a text that is no channel's id is shown as it is."""
    found = f"{_BEGIN}{channel}{_END}"
    return found if _CHANNEL.fullmatch(found) else channel


def when_words(at: datetime, court: Court | None) -> str:
    """Return a moment (aware) in the reader's own zone, which Slack knows, and by the court's clock or in UTC."""
    there = moment_words(at, court.zone if court is not None else ZoneInfo("UTC"))
    return f"{_BEGIN}{int(at.timestamp())}{_END}, your time ({there})"


def named_people(reason: Reason) -> str:
    """Return the people of a reason as marks, how many more there are, and no more than a message holds."""
    return words.names_words(_names(reason), reason.count - len(reason.some))


def marked(text: str) -> Block:
    """Return a paragraph in which marks of people, channels and moments become Slack's own."""
    block = mentions.section(text)
    block["text"]["text"] = _resolved(block["text"]["text"])
    return block


def progress_message(progress: Progress, court_of: CourtOf) -> Message:
    """Return the one message of a broadcast as it now stands: how far it got, then the report."""
    broadcast = progress.broadcast
    court = court_of(broadcast.audience.court) if broadcast.audience.court else None
    title, lines = words.title_words(progress), _lines(progress, court)
    blocks = [header(title), *(marked(line) for line in lines), exact(words.TEXT_LABEL, broadcast.text)]
    row = _buttons(progress)
    shown = message("\n".join((title, words.counts_words(progress))), blocks[:48])
    return Message(shown.text, (*shown.blocks, *([buttons("broadcast", *row)] if row else [])))


def list_message(recent: Sequence[Progress], unsent: Broadcast | None, court_of: CourtOf) -> Message:
    """Return the newest broadcasts of a workspace, and what the reader wrote and did not send."""
    blocks: list[Block] = [header(words.LIST_TITLE)]
    if unsent is not None:
        blocks += [section(words.UNSENT), _text(unsent)]
        blocks.append(buttons(f"list:{unsent.id}", Button(words.BUTTON_GO_ON, COPY, unsent.id)))
    for one in recent:
        court = court_of(one.broadcast.audience.court) if one.broadcast.audience.court else None
        copy = Button(words.BUTTON_COPY, COPY, one.broadcast.id)
        blocks += [marked("\n".join(_listed(one, court))), _text(one.broadcast)]
        blocks.append(buttons(f"list:{one.broadcast.id}", *_buttons(one), copy))
    if len(blocks) == 1:
        blocks.append(section(words.LIST_NONE))
    return message(words.LIST_TITLE, blocks)


def _listed(progress: Progress, court: Court | None) -> list[str]:
    """One entry of the list: how it stands, since when, and the report in numbers."""
    broadcast = progress.broadcast
    whom = words.audience_words(broadcast.audience, court, channel_mark(broadcast.audience.channel))
    by = words.COMMAND_LINE if broadcast.by.id == FROM_TERMINAL else mentions.mention(broadcast.by.id)
    return [words.listed_words(broadcast, _when(progress, court), by, whom), words.counts_words(progress)]


def _lines(progress: Progress, court: Court | None) -> list[str]:
    broadcast = progress.broadcast
    whom = words.audience_words(broadcast.audience, court, channel_mark(broadcast.audience.channel))
    lines = [words.to_words(whom)]
    if broadcast.state is BroadcastState.SCHEDULED and broadcast.send_at is not None:
        lines.append(words.going_words(when_words(broadcast.send_at, court)))
    lines += [words.counts_words(progress), words.again_words(progress)]
    if broadcast.audience.channel:
        lines += [words.channel_missed_words(one.state, one.why) for one in progress.reasons]
    else:
        lines += [_missed(one, broadcast) for one in progress.reasons]
    return [line for line in lines if line]


def _missed(reason: Reason, broadcast: Broadcast) -> str:
    names = words.names_words(_names(reason), reason.count - len(reason.some), broadcast)
    return words.missed_words(reason.state, reason.count, reason.why, names)


def _names(reason: Reason) -> str:
    return ", ".join(mentions.mention(one) for one in reason.some)


def _buttons(progress: Progress) -> list[Button]:
    """What can be done to it now."""
    broadcast = progress.broadcast
    match broadcast.state:
        case BroadcastState.SCHEDULED:
            return [Button(words.BUTTON_CANCEL, STOP, broadcast.id)]
        case BroadcastState.SENDING:
            return [Button(words.BUTTON_STOP, STOP, broadcast.id, "danger")]
        case BroadcastState.DONE | BroadcastState.STOPPED if progress.count("failed"):
            return [Button(words.BUTTON_AGAIN, AGAIN, f"{broadcast.id}:{broadcast.round}")]
    return []


def _text(broadcast: Broadcast) -> Block:
    return {"type": "section", "text": plain(cut(broadcast.text, SHOWN_TEXT))}


def _when(progress: Progress, court: Court | None) -> str:
    at = progress.broadcast.send_at if progress.broadcast.state is BroadcastState.SCHEDULED else progress.changed_at
    return when_words(at, court) if at is not None else ""


def _resolved(text: str) -> str:
    """Make the marks of channels and moments Slack's own; the text was escaped before, and a moment ends as words."""
    text = _CHANNEL.sub(r"<#\1>", text)
    return _MOMENT.sub(lambda found: _moment(int(found[1])), text)


def _moment(seconds: int) -> str:
    fallback = moment_words(datetime.fromtimestamp(seconds, UTC), ZoneInfo("UTC"))
    return f"<!date^{seconds}^{{date_long}}, {{time}}|{fallback}>"
