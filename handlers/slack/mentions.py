"""People named inside our own sentences: words hold a mark, and only the mark becomes a mention of Slack's.

What a person typed is escaped like everything else; no text of theirs can hold the mark, because it is unprintable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.people import Person
from bot.words import dates as words
from handlers.slack.blocks import TEXT_LIMIT, Block, Button, Message, buttons, escape, header, message

_BEGIN, _END = "\ue000", "\ue001"
_MARK = re.compile(f"{_BEGIN}([UW][A-Z0-9]{{2,}}){_END}")


def mention(user: str) -> str:
    """Return the mark that `section` and `note` show as a mention of this Slack user; a bare id is shown as it is."""
    marked = f"{_BEGIN}{user}{_END}"
    return marked if _MARK.fullmatch(marked) else user


def who(person: Person, reader: Person) -> str:
    """Return how `person` is named to `reader`: ids of another workspace mean nothing here, and are not shown."""
    if (person.platform, person.workspace) == (reader.platform, reader.workspace):
        return mention(person.id)
    return words.TERMINAL if person.platform.value == "terminal" else words.ELSEWHERE


def section(text: str) -> Block:
    """Return a paragraph in which marks are mentions; nothing else in it is obeyed."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": _shown(text, TEXT_LIMIT) or "-"}}


def note(title: str, paragraphs: Sequence[str], *shown: Button) -> Message:
    """Return the plain message of blocks.note, with mentions."""
    rows = [buttons("next", *shown)] if shown else []
    blocks = [header(title), *(section(one) for one in paragraphs if one)][:40]
    plain = message("\n".join((title, *paragraphs)), [*blocks, *rows])
    return Message(_MARK.sub(r"<@\1>", plain.text), plain.blocks)


def _shown(text: str, limit: int) -> str:
    """Escape first, then make the marks mentions; too long a text loses whole lines at its end."""
    whole = _MARK.sub(r"<@\1>", escape(text))
    if len(whole) <= limit:
        return whole
    lines = whole.split("\n")
    while len(lines) > 1 and len("\n".join(lines)) > limit - 4:
        lines.pop()
    kept = "\n".join(lines)
    # One line that is too long by itself: cut before an entity or a mention that would be cut in two.
    kept = kept if len(kept) <= limit - 4 else re.sub(r"[&<][^;>]*$", "", kept[: limit - 4])
    return f"{kept}\n..."
