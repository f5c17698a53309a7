"""Every sentence of the private page that the link form's own words do not have: its notes, its refusals, its ends.

The page is opened from a chat, any chat: nothing here names one. What a field is and what is wrong with it stands in
bot/words/form.py, so that the page and the chats cannot disagree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.courts.court import Court
from bot.linker.values import IncidentId
from bot.words import form as form_words
from bot.words.said import Words, named
from bot.words.zones import moment_words

FORM_HEADING = "Link your CM/ECF account to your PACER account"
FORM_INTRO = (
    "This page is your firm's own: what you type goes to your firm's bot and not through the chat. The bot uses your "
    "passwords for this one attempt and stores none of them."
)
SEND_FORM = "Start linking"
SEND_PASSCODE = "Send passcode"
SENDING = "Sending. Please wait."

CODE_SIDE = "The code from the chat"
CODE_LABEL = "Six-digit code"
CODE_HINT = (
    "The chat shows it beside the button that opened this page. It proves that you are the person who asked, so that "
    "the address of this page is of no use to anybody else. It is not the passcode of your authenticator app."
)
CODE_SHAPE = "Type the six digits that the chat shows beside the button that opened this page."

COURT_SIDE = "Court"
COURT_FIXED = "To link at another court, go back to the chat and choose it there."
CAUTION_SIDE = "What this court says about third-party services"
MONITORING_SIDE = "Restricted government system"
REDACTION_SIDE = "Notice of redaction responsibility"
PASSCODE_SIDE = "Last: the passcode"
OPTIONAL = "optional"
NEW_TAB = "opens in a new tab"

SHOW = "Show"
HIDE = "Hide"
SHOW_WHAT = "{what}: {field}"
"""What a screen reader says of the button beside a masked field."""

YOUR_CLOCK = "By this computer's clock that is {moment}."
"""Said after a moment by the court's clock where the two differ; `moment` is as a page of the browser writes it."""

SECONDS_LEFT = "Seconds left of this half minute: {n}"
SECONDS_FEW = "Seconds left: {n}. Wait for the next passcode"
SAY_LEFT = "{n} seconds left for the passcode that the app shows now."
SAY_NEW = "The authenticator app shows a new passcode now."

PASSCODE_HINT = (
    "Open your authenticator app and type the 6 digits it shows for PACER now, as the last thing: they change every 30 "
    "seconds, and nobody sends them to you by text or e-mail. One of PACER's backup codes works too."
)
CODE_FIRST = "Type the code from the chat first. It does not change while this page is open."

ERRORS_TITLE = "Something has to be put right"
ERRORS_FORM = "Nothing was sent to PACER or to the court. Type both passwords and tick the boxes once more."
ERRORS_QUESTION = "Your answer was not passed on."
ERROR_MARK = "Error:"
TITLE_ERROR = "Error: {title}"
KNOCK = "The page shows both accounts after you have typed the code that the chat shows for it."
SHOW_ACCOUNTS = "Show both accounts"
_CHOOSE = {"link": form_words.BUTTON_LINK, "stop": form_words.BUTTON_STOP}

OPENED_TWICE = (
    "This page was opened a second time, or the browser keeps no cookies. Nothing was sent. Fill in the page as it "
    "now stands and send it again; if this comes back, allow cookies for this address."
)

_BACK = "You can close this page and go back to the chat."
_AGAIN = "Go back to the chat and ask for a new page there."
_NOT_SENT = "Nothing was sent to PACER or to the court from here."

DONE = Words(
    "Sent",
    (
        "The bot has what you typed and goes on in the chat.",
        "Go back to the chat: the message there shows every step and how it ends. There you can also stop the attempt, "
        "until its final Submit is sent to the court.",
        "This page cannot be used again. You can close it.",
    ),
)
TROUBLE_TITLE = "Something went wrong in the bot"

GONE: Mapping[str, Words] = {
    "used": Words(
        "This page was used already",
        (
            "A page like this can be sent once, and this one was. What came of it stands in the chat.",
            "Was it not you who sent it? Then stop the attempt in the chat, and tell your firm's administrator.",
            _BACK,
        ),
    ),
    "expired": Words(
        "This page is too old",
        ("A page like this can be sent within ten minutes of when it was asked for.", _NOT_SENT, _AGAIN),
    ),
    "replaced": Words(
        "A newer page took the place of this one",
        (
            "You, or somebody at your keyboard, asked for the same page once more; only the newest can be sent.",
            _NOT_SENT,
            "Use the newest button in the chat, with the code beside it.",
        ),
    ),
    "unknown": Words(
        "There is no such page",
        (
            "The address is not complete, or the page is long gone.",
            _NOT_SENT,
            _AGAIN,
        ),
    ),
    "too_many_codes": Words(
        "Too many wrong codes",
        (
            "Five codes were wrong, so this page is closed for everybody.",
            _NOT_SENT,
            "Go back to the chat and ask for a new page; it comes with a new code. If it was not you who typed the "
            "codes, somebody else has the address of this page: tell your firm's administrator.",
        ),
    ),
    "over": Words(
        "This is no longer asked",
        (
            "The attempt has ended, or went on without this page. Your answer was not needed and was not passed on.",
            "The attempt's message in the chat shows how it stands.",
            _BACK,
        ),
    ),
    "unreachable": Words(
        "The bot cannot reach its records just now",
        (
            "So it starts nothing and passes nothing on. This page may still be good.",
            _NOT_SENT,
            "Try again in a minute: open the page from the chat once more. If it lasts, tell your firm's "
            "administrator.",
        ),
    ),
}
"""Why a page cannot be had, by the names of bot.service.pages."""

REFUSED: Mapping[int, Words] = {
    400: Words(
        "The page could not be read",
        ("What the browser sent is not what this page sends.", _NOT_SENT, _AGAIN),
    ),
    403: Words(
        "Sent from somewhere else",
        (
            "The browser says that this was not sent from the bot's own page, so it was not taken.",
            _NOT_SENT,
            "Open the page from the chat once more, and send it from there.",
        ),
    ),
    405: Words("This cannot be done here", ("A page like this can be opened and sent, nothing else.", _NOT_SENT)),
    408: Words(
        "Sending took too long",
        ("The connection was too slow, or it broke off.", _NOT_SENT, "Open the page from the chat and send it again."),
    ),
    413: Words(
        "Too much was sent",
        ("What was sent is far longer than this page can be.", _NOT_SENT, "Open the page from the chat once more."),
    ),
    415: Words("The page could not be read", ("What was sent is not this page's form.", _NOT_SENT, _AGAIN)),
}
"""What was refused before anything was looked up, by the status of the answer."""


IN_CLEAR = Words(
    "This page needs HTTPS",
    (
        "This page was reached in clear, so nothing may be typed here. Nothing was sent.",
        "For your firm's administrator: set LINK_ECF_TLS_CERT and LINK_ECF_TLS_KEY, or name the proxy that speaks "
        "HTTPS in LINK_ECF_TRUSTED_PROXIES.",
    ),
)


def wrong_code_words(left: int) -> str:
    """Return what stands beside a wrong code, with how many more may be tried."""
    tries = "one more try" if left == 1 else f"{left} more tries"
    return f"This is not the code that the chat shows for this page. You have {tries}; then the page is closed."


def choose_words(answers: Sequence[str]) -> str:
    """Return what is said when a question was sent without one of its buttons."""
    named_ones = " or ".join(f'"{_CHOOSE[one]}"' for one in answers)
    return f"Press {named_ones}."


def open_until_words(court: Court, until: datetime) -> str:
    """Return how long a question waits for its answer, by the clock of `court`; `until` is aware."""
    return f"The attempt waits for your answer until {moment_words(until, court.zone)}."


def sent_once_words(court: Court, until: datetime) -> str:
    """Return how often and how long the link form can be sent, by the clock of `court`; `until` is aware."""
    return f"This page can be sent once, until {moment_words(until, court.zone)}."


def where_words(court: Court) -> str:
    """Return the line that names the one court that a page is for."""
    return f"For {named(court)}."


def page_trouble_words(incident: IncidentId, *, sent: bool) -> Words:
    """Return what is said when the bot itself failed; `sent` when the person had pressed send."""
    unsure = (
        "If the chat shows an attempt that runs, or that goes on, your page was taken all the same. If not, nothing "
        "was sent to PACER or to the court: ask for a new page in the chat."
    )
    return Words(
        TROUBLE_TITLE,
        (
            "This is a fault of the bot, not of your accounts or passwords.",
            unsure if sent else "Nothing was sent. Try again in a minute: press F5, or ask for a new page in the chat.",
            f"If it happens again, give your administrator this incident id: {incident}",
        ),
    )
