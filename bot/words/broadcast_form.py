"""Every sentence of the form in which an admin writes a broadcast."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.reminders.broadcasts.form import LONGEST, BroadcastField, BroadcastFlaw, BroadcastProblem

FORM_TITLE = "Write a broadcast"
FORM_SUBMIT = "Preview"
FORM_CLOSE = "Cancel"

FORM_INTRO = "Nothing is sent before you have seen the preview and how many people it reaches."

LABELS: Mapping[BroadcastField, tuple[str, str]] = MappingProxyType(
    {
        BroadcastField.TEXT: (
            "What to say",
            f"Up to {LONGEST:,} characters. *Stars* make bold, web addresses become links, and it mentions nobody.",
        ),
        BroadcastField.COURT: ("People who file at a court", "As they said themselves, or as your roster says."),
        BroadcastField.OFFICE: (
            "Only people of an office",
            "As your roster names it. With a court: both.",
        ),
        BroadcastField.UNLINKED: ("Only people who are not linked at that court", ""),
        BroadcastField.EVERYBODY: ("Everybody", ""),
        BroadcastField.CHANNEL: (
            "Or one channel",
            "In place of direct messages. The bot must be a member of it: type /invite there first.",
        ),
        BroadcastField.SEND_AT: ("When", "In your own time zone. Leave it empty to send as soon as you press Send."),
    }
)
"""Label and hint of each field."""

BOXES: Mapping[BroadcastField, str] = MappingProxyType(
    {
        BroadcastField.UNLINKED: "Leave out those who are linked there",
        BroadcastField.EVERYBODY: "Everybody whom the bot knows in this workspace",
    }
)
COURT_PLACEHOLDER = "Type a name, a state, a city or a short name such as gasb"
OFFICE_PLACEHOLDER = "Type a part of the office's name"

_FLAWS: Mapping[tuple[BroadcastField, BroadcastFlaw], str] = MappingProxyType(
    {
        (BroadcastField.TEXT, BroadcastFlaw.MISSING): "Write what the broadcast is to say.",
        (BroadcastField.TEXT, BroadcastFlaw.TOO_LONG): f"Shorten it to {LONGEST:,} characters.",
        (BroadcastField.TEXT, BroadcastFlaw.CHARACTERS): (
            "There is a character in it that is no text, perhaps from where it was copied. Type that part anew."
        ),
        (BroadcastField.COURT, BroadcastFlaw.UNKNOWN): (
            "Choose a court from the list: type a part of its name, its state, or its short name."
        ),
        (BroadcastField.COURT, BroadcastFlaw.NO_AUDIENCE): (
            "Choose who is to get it: a court, an office, everybody, or a channel."
        ),
        (BroadcastField.COURT, BroadcastFlaw.NEEDS_COURT): (
            "Choose the court at which they are not linked: without one, nobody can be left out as linked."
        ),
        (BroadcastField.CHANNEL, BroadcastFlaw.EITHER): (
            "A broadcast goes to people or to a channel: leave out the channel, or all that is about people."
        ),
        (BroadcastField.EVERYBODY, BroadcastFlaw.EITHER): (
            "Choose everybody, or a court or an office: everybody is more than one of them."
        ),
        (BroadcastField.SEND_AT, BroadcastFlaw.PAST): "This time is past. Choose a later one, or leave it empty.",
        (BroadcastField.SEND_AT, BroadcastFlaw.FAR): "This is more than a year ahead. Check the year.",
    }
)


def flaw_words(problem: BroadcastProblem) -> str:
    """Return the sentence that stands beside the field."""
    return _FLAWS[problem.field, problem.flaw]


NOT_KEPT = (
    "The bot's records cannot be reached now, so there is no preview. Nothing was sent, and what you wrote is still "
    "here. Press Preview again in a few minutes."
)
