"""What a chat says of the private page: its buttons, the link with its six digits, and why there is no link."""

from __future__ import annotations

from datetime import datetime

from bot.courts.court import Court
from bot.service.pages import LINKS_AT_ONCE, NoLink
from bot.words.form import BUTTON_FORM
from bot.words.zones import moment_words

BUTTON_TYPE_THERE = "Type the passwords on the firm's own page"
BUTTON_ANSWER_THERE = "Answer on the firm's page"
BUTTON_VISIT = "Open the page in your browser"
SUBMIT_PAGE = "Open the page"

PAGE_OFFER = "On your firm's own page passwords are hidden as you type, and nothing of them passes through this chat."
PAGE_ONLY = (
    "Your firm has you type passwords on its own page, not in this chat. Choose the court here; the next step shows "
    "the address of the page and a code for it."
)
NOT_HERE = "Nothing was sent: your firm has you type passwords on its own page. Choose the court once more, and go on."
PASSCODE_NOT_HERE = (
    f'Your firm has you type the passcode on its own page, not in this chat. Press "{BUTTON_ANSWER_THERE}" instead.'
)
COURT_FIRST = "Choose the court first; then the page can be made for it."

LINK_TITLE = "Your firm's own page"
CODE_LABEL = "Code to type on the page"
CLOSED_TITLE = "Your page was closed"
NO_LINK_TITLE = "The page was not opened"


def link_words(court: Court, until: datetime) -> tuple[str, ...]:
    """Return what stands beside a link to the form for `court` that is good until `until` (aware)."""
    return (
        f"{court.name}. Open the page, type the code below, and fill in the form there. Nothing is sent to PACER or to "
        "the court before that.",
        _bounds(court, until),
    )


def answer_link_words(court: Court, until: datetime) -> tuple[str, ...]:
    """Return what stands beside a link to a question of an attempt at `court`; `until` is aware."""
    return (
        f"{court.name}. Open the page, type the code below, and answer there. Answering in this chat instead closes "
        "the page.",
        _bounds(court, until),
    )


def closed_words(court: Court | None, contact: str, *, asked: bool) -> tuple[str, ...]:
    """Return what is said in the chat once wrong codes have closed a page.

    `asked` is True where an attempt waits for the answer that was to be typed there; `contact` is LINK_ECF_CONTACT.
    """
    where = f" ({court.name})" if court is not None else ""
    nothing = (
        "No answer was taken, and while the question is open the attempt waits for yours"
        if asked
        else "Nothing was sent to PACER or to the court"
    )
    tell = f"your firm's IT ({contact})" if contact else "your firm's IT"
    again = BUTTON_ANSWER_THERE if asked else BUTTON_FORM
    return (
        f"Five wrong codes were typed for the page that you asked for{where}, so it is "
        f"closed. {nothing}. What was typed there is forgotten.",
        f'If it was you, press "{again}" for a new page and a new code.',
        f"If it was not you, somebody else has the address of your page, though not its code. Tell {tell}.",
    )


def no_link_words(why: NoLink) -> str:
    """Return why there is no link, and what to do."""
    return _NO_LINK[why]


def _bounds(court: Court, until: datetime) -> str:
    return (
        f"The page is yours alone, can be sent once, and is open for ten minutes, until "
        f"{moment_words(until, court.zone)}. Do not forward it; the code is shown only to you, here."
    )


_NO_LINK: dict[NoLink, str] = {
    NoLink.COURT: "The bot cannot link at this court now. Nothing was sent. Choose another, or ask its help desk.",
    NoLink.TOO_MANY: (
        f"You have asked for {LINKS_AT_ONCE} pages in the last ten minutes and used none of them. Use the newest one, "
        "or wait ten minutes and ask again. Nothing was sent."
    ),
    NoLink.OVER: (
        "This question is not open any more, or it is not yours to answer. Nothing was changed by this press. See "
        "`/link-ecf status`."
    ),
    NoLink.UNREACHABLE: (
        "The bot cannot write its records just now, so it makes no page. Nothing was sent. Try again in a few minutes; "
        "if it lasts, tell your administrator."
    ),
}
