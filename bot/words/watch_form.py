"""Every sentence of the form "Your courts": its fields, what can be wrong with one, why it is late.

Plain text, no formatting; a person's answers are said in watching.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.reminders.people.wish_form import MOST_COURTS, WatchField, WatchFlaw
from bot.reminders.people.wish_sheet import ZoneFrom
from bot.words.form import FieldWords

FORM_TITLE = "Your courts"
FORM_SUBMIT = "Save"
FORM_CLOSE = "Cancel"
NOTE_CLOSE = "Close"

FORM_INTRO = (
    "Choose the courts where you file. Before a court's date the bot reminds you what to do and when; once you are "
    "linked there, you hear no more of it."
)
FORM_LOADING = "Looking up your courts. This takes a moment."
FORM_SAVING = (
    "Saving takes longer than usual. You may wait here or close this: what was saved is shown by /link-ecf remind."
)
NOT_TAKEN_TITLE = "Your courts are as they were"
NOT_TAKEN = "Nothing was changed."
NOT_OURS = (
    "What was sent is not this form as the bot made it, so nothing in it was read. Type /link-ecf watch, and fill the "
    "new form in."
)
FORM_LATE_TITLE = "The form could not be opened"
FORM_LATE = "Nothing was changed. Type /link-ecf watch again, or press the button."

FIELDS: Mapping[WatchField, FieldWords] = MappingProxyType(
    {
        WatchField.COURTS: FieldWords(
            "Courts where you file",
            "Leave it empty to be reminded of none.",
            "Type a name, a state, a city or a short name such as gasb",
        ),
        WatchField.BEGINS: FieldWords("Reminders may come from", "By your own clock.", "Choose a time"),
        WatchField.ENDS: FieldWords("Reminders may come until", "By your own clock.", "Choose a time"),
        WatchField.DAYS: FieldWords("Your working days"),
        WatchField.ZONE: FieldWords("Your time zone", "", "Type a zone or a city, such as Central or Guam"),
        WatchField.VACATION_FROM: FieldWords("Away from", "The first day without reminders.", "Choose a day"),
        WatchField.VACATION_UNTIL: FieldWords("Away until", "The last such day.", "Choose a day"),
        WatchField.MUTED: FieldWords(
            "Muted courts", "You hear nothing of these. Take a court out of the list to hear of it again."
        ),
    }
)

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


ZONE_HINTS: Mapping[ZoneFrom, str] = MappingProxyType(
    {
        ZoneFrom.OWN: "Chosen by you.",
        ZoneFrom.CHAT: "Taken from your Slack profile. Choose another if it is wrong.",
        ZoneFrom.COURT: "A guess, because your Slack profile could not be read. Please check it.",
    }
)

_FLAWS: Mapping[WatchFlaw, str] = MappingProxyType(
    {
        WatchFlaw.UNKNOWN_COURT: "One of these courts is not in the bot's list. Choose courts from the list.",
        WatchFlaw.MISSING: "This cannot be left empty.",
        WatchFlaw.SHAPE: "This cannot be read. Choose it from the list.",
        WatchFlaw.ENDS_FIRST: "Your hours have to end after they begin, on the same day.",
        WatchFlaw.NO_DAY: "Tick at least one day. To hear nothing at all, take every court out of the list above.",
        WatchFlaw.UNKNOWN_ZONE: "There is no such time zone here. Type a zone or a city and choose from the list.",
        WatchFlaw.HALF: "A vacation needs its first and its last day. Choose this one too, or clear the other.",
        WatchFlaw.BACKWARDS: "The last day of the vacation is before its first. Choose a later day.",
        WatchFlaw.OVER: "This vacation is over already. Check the year, or clear both days.",
        WatchFlaw.NOT_SAVED: (
            "The bot cannot write its records just now. Nothing was changed and nothing you chose is lost: press "
            "Save again in a moment."
        ),
    }
)


def flaw_words(flaw: WatchFlaw) -> str:
    """Return the sentence shown beside a field: what is wrong, and how to put it right."""
    return _FLAWS[flaw]


def beyond_words(courts: int) -> str:
    """Return the note over a form for more courts than it can show."""
    return (
        f"You watch {courts} courts, and this form holds {MOST_COURTS}. The first {MOST_COURTS} are shown; the others "
        "stay as they are. Type /link-ecf remind to see them."
    )
