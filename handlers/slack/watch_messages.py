"""The messages about the courts that a person watches: the list of `/link-ecf remind`, and the answers to `watch`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.courts.court import Court
from bot.reminders.event import Kind
from bot.reminders.people.wish_sheet import Linked, WatchedCourt, WatchSheet
from bot.words import Words
from bot.words import watch_form as form_words
from bot.words import watching as words
from bot.words.form import not_opened_words
from handlers.slack.blocks import Block, Button, Message, buttons, header, message, note, section
from handlers.slack.notice_actions import OPEN_WATCHED, WATCH_COURT
from handlers.slack.progress import OPEN_FORM

MOST_SHOWN = 40
"""Courts in one list: a message holds 50 blocks."""

UNWATCH_COURT = "unwatch_court"
"""Watch a court no longer; the value is the court's id."""

MayLink = Callable[[Court], bool]
"""Tells whether the bot can link at a court now, as far as the firm and the kind of court go."""

_CHANGE = Button(words.BUTTON_FORM, OPEN_WATCHED, "any")


def remind_message(sheet: WatchSheet, may_link: MayLink) -> Message:
    """Return where the person stands at each of their courts, with their dates and what to press."""
    listed = sheet.courts[:MOST_SHOWN]
    shown = words.remind_words(sheet, len(listed))
    lines = [words.court_words(one, sheet) for one in listed]
    blocks: list[Block] = [header(shown.title)]
    for watched, line in zip(listed, lines, strict=True):
        link = _link_now(watched, sheet, may_link)
        beside = {"accessory": buttons("", link)["elements"][0]} if link else {}
        blocks.append(section(line) | {"block_id": f"court:{watched.court.id}"} | beside)
    blocks += [section(one) for one in shown.paragraphs]
    blocks.append(buttons("next", _CHANGE))
    return message("\n".join((shown.title, *lines, *shown.paragraphs)), blocks)


def watching_message(watched: WatchedCourt, sheet: WatchSheet, may_link: MayLink) -> Message:
    """Return that a court is watched now, with a way back."""
    shown = words.watching_words(watched, sheet)
    stop = Button(words.BUTTON_UNWATCH, UNWATCH_COURT, watched.court.id)
    link = _link_now(watched, sheet, may_link)
    return note(shown.title, shown.paragraphs, *([link] if link else []), _CHANGE, stop)


def unwatched_message(court: Court) -> Message:
    """Return that a court is watched no longer, with a way back."""
    shown = words.unwatched_words(court)
    return note(shown.title, shown.paragraphs, Button(words.BUTTON_WATCH, WATCH_COURT, court.id))


def unclear_message(text: str, near: Sequence[Court]) -> Message:
    """Return that `text` names no one court, with those that it may mean."""
    shown = words.unclear_words(text, near)
    choices = [Button(words.watch_button_words(one), WATCH_COURT, one.id) for one in near]
    # One action may stand only once in a row of buttons, so each court has a row of its own.
    rows = [buttons(f"near:{one.value}", one) for one in (*choices, _CHANGE)]
    blocks = [header(shown.title), *(section(one) for one in shown.paragraphs), *rows]
    return message(shown.text, blocks)


def words_message(shown: Words, *more: Button) -> Message:
    """Return words that need nothing else."""
    return note(shown.title, shown.paragraphs, *more)


def late_message(code: str) -> Message:
    """Return that Slack did not open the form, by its `code` for why, with a button that carries a fresh trigger."""
    again = Button(words.BUTTON_FORM, OPEN_WATCHED, "any", "primary")
    return note(form_words.FORM_LATE_TITLE, (not_opened_words(code, form_words.FORM_LATE),), again)


def _link_now(watched: WatchedCourt, sheet: WatchSheet, may_link: MayLink) -> Button | None:
    """The way to the link, where there is one and nothing has been linked: never before the court goes live."""
    if watched.linked.done or watched.linked is Linked.RUNNING or not may_link(watched.court):
        return None
    dates = [one.opens_at for one in watched.events if one.kind is Kind.NEXTGEN_GO_LIVE]
    if any(one is None or one > sheet.now for one in dates):
        return None
    if not dates and watched.court.live(sheet.now) is not True:
        return None
    return Button(words.BUTTON_LINK_NOW, OPEN_FORM, watched.court.id, "primary")
