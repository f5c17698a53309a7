"""What the private page looks like from Slack: the button to it, the form that only leads there, and the link itself.

The address and the six digits stand in blocks alone, never in a message's text, which notifications show.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.courts.court import Court
from bot.courts.policy import Caution
from bot.service.pages import Intake, NoLink, PageLink
from bot.words import form as form_words
from bot.words import page_link as words
from handlers.slack import form
from handlers.slack.blocks import Block, Button, Message, buttons, exact, header, message, modal, note, section, small

PAGE_FORM = "page_form"
LINK_SHOWN = "page_link"
TYPE_THERE = "type_on_page"
ANSWER_THERE = "answer_on_page"
VISIT = "visit_page"


def intake_view(
    intake: Intake,
    form_id: str,
    court: Court | None = None,
    caution: Caution | None = None,
    notes: Sequence[str] = (),
) -> form.View:
    """Return the form that the firm wants: with the passwords, with a way around them, or without them."""
    if intake is Intake.PAGE:
        return page_view(form_id, court, notes)
    offer = _offer(form_id) if intake is Intake.BOTH else ()
    return form.link_view(form_id, court, caution, notes, offer)


def page_view(form_id: str, court: Court | None, notes: Sequence[str] = ()) -> form.View:
    """Return the form that asks for the court and nothing else; the court's caution is read and ticked on the page."""
    blocks = [*(section(one) for one in notes), section(words.PAGE_ONLY), form.court_select(form_id, court)]
    return modal(
        form_words.FORM_TITLE,
        PAGE_FORM,
        blocks,
        close=form_words.FORM_CLOSE,
        submit=words.SUBMIT_PAGE,
        metadata=form_id,
    )


def link_shown_view(link: PageLink, court: Court) -> form.View:
    """Return what takes the form's place once the page is there: the way to it, and the code."""
    return modal(
        form_words.FORM_TITLE, LINK_SHOWN, _link(link, words.link_words(court, link.until)), close=form_words.NOTE_CLOSE
    )


def link_shown_message(link: PageLink, court: Court) -> Message:
    """Return the same for a question, to be shown to its person alone."""
    return message(words.LINK_TITLE, _link(link, words.answer_link_words(court, link.until)))


def no_link_message(why: NoLink) -> Message:
    """Return why there is no link."""
    return note(words.NO_LINK_TITLE, (words.no_link_words(why),))


def answer_there(value: str, style: str = "") -> Button:
    """Return the button of a question that leads to the page."""
    return Button(words.BUTTON_ANSWER_THERE, ANSWER_THERE, value, style)


def _offer(form_id: str) -> tuple[Block, ...]:
    return small(words.PAGE_OFFER), buttons(
        f"page:{form_id}", Button(words.BUTTON_TYPE_THERE, TYPE_THERE, "page", "primary")
    )


def _link(link: PageLink, said: Sequence[str]) -> list[Block]:
    first, *more = said
    visit = Button(words.BUTTON_VISIT, VISIT, "page", "primary", link.url)
    return [
        header(words.LINK_TITLE),
        section(first),
        exact(words.CODE_LABEL, link.code),
        buttons("visit", visit),
        small(*more),
    ]
