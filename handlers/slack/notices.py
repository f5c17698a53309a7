"""Letters as Slack messages: one notice, several in a digest, or an admin's broadcast, within Slack's limits.

Everything that people typed (notes, sources, broadcasts) is escaped: it makes no mention, no link of its own words and
no control sequence. Only the mention of a broadcast's author is a mention.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.clock import Clock
from bot.courts.court import Court, CourtId
from bot.people import Platform
from bot.reminders.broadcasts.broadcast import Broadcast
from bot.reminders.delivery.letter import Letter, Told
from bot.reminders.notice import Step
from bot.words import notices as words
from bot.words import sent as sent_words
from bot.words.notices import NoticeWords, Press, notice_words
from handlers.slack.blocks import (
    TEXT_LIMIT,
    Block,
    Button,
    Message,
    buttons,
    divider,
    escape,
    header,
    message,
    section,
    small,
)
from handlers.slack.notice_actions import LINKED_ALREADY, MUTE, SNOOZE
from handlers.slack.progress import OPEN_FORM

WHOLE = 6
"""How many notices of a digest are shown whole; the others have a line each."""
ROOM = 11_000
"""Characters of a digest that are shown whole: Slack refuses a message whose blocks hold much more in all."""
LINES = 8_000
"""Characters of the lines of those that are not."""

_USER = re.compile(r"[UW][A-Z0-9]{2,}")
_ADDRESS = re.compile(r"https?://(?:[^\s<>|&\"]|&amp;)+")
"""A web address in escaped text, with whatever marks of the sentence stand right behind it."""

_ENDINGS = (".", ",", ";", ":", "?", "!", "'", "*", "\u2019", "\u201d")

FindCourt = Callable[[CourtId], Court | None]


class LetterWriter:
    """Makes letters into messages (what SlackPost writes with); `find` knows the courts."""

    def __init__(self, find: FindCourt, clock: Clock) -> None:
        self._find = find
        self._clock = clock

    def __call__(self, letter: Letter) -> Message:
        """Return the message of this letter as it is true now."""
        if letter.broadcast is not None:
            return self.broadcast(letter.broadcast)
        ordered = sorted(letter.told, key=_weight)
        written = [(told, self._words(told)) for told in ordered]
        return notice_message(*written[0]) if len(written) == 1 else digest_message(written)

    def broadcast(self, broadcast: Broadcast) -> Message:
        """Return a broadcast as those who get it see it: what an admin is shown beforehand."""
        court = self._find(broadcast.audience.court) if broadcast.audience.court is not None else None
        live = court is not None and court.unlinkable is None and court.live(self._clock.now()) is not False
        return broadcast_message(broadcast, court, link=live and broadcast.audience.unlinked_only)

    def _words(self, told: Told) -> NoticeWords:
        return notice_words(told, self._find(told.event.court), self._clock.now())


def notice_message(told: Told, shown: NoticeWords) -> Message:
    """Return one notice as a message."""
    blocks = [header(shown.title), *(section(one) for one in shown.paragraphs), _presses(told, shown)]
    return message(shown.text, [*blocks, small(*shown.small, words.WHY_YOU)])


def digest_message(written: Sequence[tuple[Told, NoticeWords]]) -> Message:
    """Return several notices as one message: as many whole as it holds, the others in a line each."""
    title = words.digest_title(len(written))
    blocks, room, whole = [header(title)], ROOM, 0
    for told, shown in written[:WHOLE]:
        part = _part(told, shown)
        if whole and len(shown.text) > room:
            break
        room -= len(shown.text)
        whole += 1
        blocks += part
    lines = [shown.line for _, shown in written[whole:]]
    if lines:
        shown_lines = _within(lines, LINES)
        head = words.also_words(len(lines), len(lines) - len(shown_lines))
        blocks += [divider(), section(head), *(section(one) for one in _packed(shown_lines))]
    blocks.append(small(words.WHY_YOU))
    return message("\n".join((title, *(shown.line for _, shown in written))), blocks)


def broadcast_message(broadcast: Broadcast, court: Court | None, *, link: bool = False) -> Message:
    """Return an admin's text as it was typed, who sent it, and why one gets it."""
    paragraphs = [one.strip("\n") for one in re.split(r"\n[ \t]*\n", broadcast.text) if one.strip()]
    title = sent_words.title_words(court)
    row = (
        [buttons("broadcast", Button(words.BUTTONS[Press.LINK_NOW], OPEN_FORM, court.id, "primary"))]
        if link and court
        else []
    )
    body = [_typed(one) for one in _packed(paragraphs)]
    foot = f"{_sender(broadcast)} {escape(sent_words.why_words(broadcast.audience, court))}"
    context: Block = {"type": "context", "elements": [{"type": "mrkdwn", "text": foot}]}
    return message("\n".join((title, *paragraphs)), [header(title), *body, *row, context])


def _typed(text: str) -> Block:
    """What an admin typed: verbatim, because Slack makes mentions of plain words such as @here otherwise.

    (docs.slack.dev, text object.) Verbatim makes no links either, so web addresses are marked as links here.
    """
    escaped = escape(text)
    linked = _ADDRESS.sub(_linked, escaped)
    return {
        "type": "section",
        "text": {"type": "mrkdwn", "text": linked if len(linked) <= TEXT_LIMIT else escaped, "verbatim": True},
    }


def _linked(found: re.Match[str]) -> str:
    """Mark an address as a link; what belongs to the sentence, or to brackets around the address, stays outside."""
    address = found[0]
    while address.endswith((*_ENDINGS, ")", "]", "&amp;")):
        opened = {")": "(", "]": "["}.get(address[-1])
        if opened is not None and address.count(opened) >= address.count(address[-1]):
            break  # as in .../Rule_(a)
        if address.endswith("#!"):
            break
        address = address[: -5 if address.endswith("&amp;") else -1]
    return f"<{address}>{found[0][len(address) :]}" if address.rstrip("/").count("/") > 1 else found[0]


def _part(told: Told, shown: NoticeWords) -> list[Block]:
    bold: Block = {"type": "section", "text": {"type": "mrkdwn", "text": f"*{escape(shown.title)}*"}}
    body = [section(one) for one in _packed(shown.paragraphs)]
    return [divider(), bold, *body, _presses(told, shown), *([small(*shown.small)] if shown.small else [])]


def _packed(paragraphs: Sequence[str]) -> list[str]:
    """Put paragraphs together as long as one block holds them; a longer one is cut between words into several."""
    packed: list[str] = []
    for paragraph in paragraphs:
        for piece in _pieces(paragraph):
            if packed and len(escape(packed[-1])) + len(escape(piece)) + 2 <= TEXT_LIMIT:
                packed[-1] += f"\n\n{piece}"
            else:
                packed.append(piece)
    return packed


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    while len(escape(text)) > TEXT_LIMIT:
        end = TEXT_LIMIT
        while len(escape(text[:end])) > TEXT_LIMIT:
            end -= 100
        end = max(text.rfind(" ", 1, end), text.rfind("\n", 1, end)) if re.search(r"[ \n]", text[1:end]) else end
        pieces.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*pieces, text]


def _within(lines: Sequence[str], room: int) -> list[str]:
    """Return the first of `lines`, as many as `room` characters hold."""
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 2
        if room < 0:
            break
        kept.append(line)
    return kept


def _presses(told: Told, shown: NoticeWords) -> Block:
    """The row of buttons; the notice's id keeps the rows of a digest apart."""
    meant = {
        Press.LINK_NOW: (OPEN_FORM, str(told.event.court), "primary"),
        Press.LATER: (SNOOZE, str(told.event.id), ""),
        Press.LINKED_ALREADY: (LINKED_ALREADY, str(told.event.court), ""),
        Press.MUTE: (MUTE, str(told.event.court), ""),
    }
    row = [Button(words.BUTTONS[press], *meant[press]) for press in shown.presses]
    return buttons(f"notice:{told.notice.id}", *row)


def _sender(broadcast: Broadcast) -> str:
    """Who sent it, as mrkdwn: a mention where it is somebody of this chat."""
    known = broadcast.by.platform is Platform.SLACK and _USER.fullmatch(broadcast.by.id)
    return sent_words.BY.format(f"<@{broadcast.by.id}>" if known else escape(sent_words.TERMINAL))


def _weight(told: Told) -> tuple[bool, bool, float]:
    """What is read first: what no longer holds, what can be done now, then the nearest date."""
    opens = told.event.opens_at
    step = told.notice.planned.step
    return (step is not Step.CORRECTION, step not in words.AFTER, opens.timestamp() if opens is not None else 0.0)
