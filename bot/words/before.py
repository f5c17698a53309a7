"""What is said before an attempt: why it cannot begin, how to do it by hand, what deserves a warning."""

from __future__ import annotations

from bot.courts.court import Court
from bot.errors import Code
from bot.words.endings import ENDINGS, paragraphs_of, unsupported
from bot.words.said import Words, court_help, named

_STEPS_BY_HAND = (
    '1. Open https://{host} and choose "Document Filing System".',
    "2. Sign in with your individual upgraded PACER account, never with a shared firm account.",
    '3. If the redaction notice appears, read it, tick the box and choose "Continue".',
    '4. If "Where would you like to go?" appears, choose the court and "Submit".',
    '5. Choose "Utilities", then "Link a CM/ECF account to my PACER account". If it is not there, look under "NextGen '
    'Release 1.1 Menu Items".',
    '6. Enter your "CM/ECF login" and "CM/ECF password" and choose "Submit".',
    '7. Check that both accounts are yours, and choose "Submit". You cannot undo this.',
    "8. Press F5 to see the menus for filing.",
)
"""Guides GASB and ALMB as one list; steps 3 and 4 appear at some courts only."""


def hindrance_words(code: Code, court: Court) -> Words:
    """Return why nobody can link at `court` now: `code` is linking_off, court_unsupported or not_live."""
    shown = paragraphs_of(code, court)
    date = (_go_live(court),) if code is Code.NOT_LIVE and court.go_live.day else ()
    return Words(ENDINGS[code].title, (*date, *shown), ENDINGS[code].next_label)


def by_hand(court: Court) -> Words:
    """Return how to link at `court` on its own pages, in its exact labels; at `cavc`, why there is nothing to."""
    steps = unsupported(court) or tuple(step.format(host=court.host) for step in _STEPS_BY_HAND)
    return Words(f"By hand: {court.short_name}", (*steps, f"Who can help: {court_help(court)}."))


def odd_login_words(court: Court) -> str:
    """Return the warning for a CM/ECF login with characters that at least one court cannot link (protocol 3, PAWD)."""
    return (
        f"Your CM/ECF login has special characters. Some courts cannot link such a login. If "
        f"{named(court)} refuses it, "
        "ask its help desk to change the CM/ECF login; your PACER password is not the problem."
    )


def _go_live(court: Court) -> str:
    day = court.go_live.day
    if day is None:
        return ""
    return f"Its go-live date is {day:%A}, {day:%B} {day.day}, {day.year} ({court.go_live.status or 'not confirmed'})."
