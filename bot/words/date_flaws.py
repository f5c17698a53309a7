"""What is wrong with a date that an admin gave: one clear sentence for each field and flaw."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.reminders.dates.event_form import DateField, DateFlaw, DateProblem

NAMES: Mapping[DateField, str] = MappingProxyType(
    {
        DateField.COURT: "the court",
        DateField.KIND: "the kind",
        DateField.STATUS: "the status",
        DateField.DAY: "the day",
        DateField.TIME: "the time",
        DateField.COARSE: "the coarse date",
        DateField.BLACKOUT_START: "the start of the black-out",
        DateField.BLACKOUT_END: "the end of the black-out",
        DateField.SOURCE: "the source",
        DateField.NOTE: "the note",
        DateField.ORDER_NUMBER: "the order number",
        DateField.EMERGENCY_CHANNEL: "the emergency channel",
        DateField.EMERGENCY_UNTIL: "the end of the emergency channel",
        DateField.EVENT: "this date",
    }
)
"""What each field is called in a sentence."""

_EXACTLY: Mapping[tuple[DateField, DateFlaw], str] = MappingProxyType(
    {
        (DateField.COURT, DateFlaw.MISSING): "Choose a court.",
        (DateField.COURT, DateFlaw.UNKNOWN): "No court of the list is named so; search for it with: link-ecf courts.",
        (DateField.KIND, DateFlaw.UNKNOWN): (
            "The kind is nextgen_go_live, release_outage, successor_go_live or mfa_deadline."
        ),
        (DateField.STATUS, DateFlaw.UNKNOWN): "The status is target, announced or confirmed.",
        (DateField.DAY, DateFlaw.MISSING): (
            'Give the day, or, where the court names only a month or a season, that as a coarse date ("March 2027").'
        ),
        (
            DateField.DAY,
            DateFlaw.SHAPE,
        ): "Write the day as YYYY-MM-DD (2027-03-08), or as 3/8/2027, month first.",
        (DateField.DAY, DateFlaw.FAR): "That day is too far away to be meant: check the year.",
        (DateField.TIME, DateFlaw.SHAPE): "Write the time as 08:30 or 8:30 AM, by the court's clock.",
        (DateField.TIME, DateFlaw.NEEDS_DAY): "A time needs a day.",
        (DateField.COARSE, DateFlaw.BOTH): "Give a day or a coarse date, not both.",
        (DateField.STATUS, DateFlaw.NEEDS_DAY): "Only a date with a day can be confirmed or live: give the day first.",
        (DateField.STATUS, DateFlaw.OWN_STEP): (
            "Live and withdrawn are said by a step of their own (live, withdraw), not by changing the status."
        ),
        (DateField.STATUS, DateFlaw.SAME_ALREADY): "Nothing to do: it stands so already.",
        (DateField.STATUS, DateFlaw.WITHDRAWN): "This date was withdrawn; move it to give the court a date again.",
        (DateField.STATUS, DateFlaw.LIVE): "The court is live; its date is changed by itself, never by a list.",
        (DateField.BLACKOUT_START, DateFlaw.NEEDS_DAY): "A black-out needs the day that it leads up to.",
        (DateField.BLACKOUT_START, DateFlaw.MISSING): "Give the start of the black-out too, or leave out its end.",
        (DateField.BLACKOUT_END, DateFlaw.MISSING): "Give the end of the black-out too, or leave out its start.",
        (DateField.BLACKOUT_END, DateFlaw.NOT_AFTER): "The black-out has to end after it starts.",
        (DateField.BLACKOUT_START, DateFlaw.AFTER_EVENT): "The black-out starts after the date that it leads up to.",
        (DateField.BLACKOUT_START, DateFlaw.FAR): "The black-out starts more than 31 days before the date: check both.",
        (DateField.BLACKOUT_END, DateFlaw.FAR): "The black-out lasts longer than 31 days: check its end.",
        (DateField.SOURCE, DateFlaw.ADDRESS): (
            "An address given as the source starts with https:// or http:// and holds no blank and no sign-in."
        ),
        (DateField.EVENT, DateFlaw.EXISTS): "The court has a date of this kind already: change that one.",
        (DateField.EVENT, DateFlaw.STALE): (
            "Somebody else changed this date meanwhile; nothing of yours was kept. Look at it again, then change it."
        ),
        (DateField.EVENT, DateFlaw.GONE): "There is no such date any more.",
        (DateField.EVENT, DateFlaw.TWICE): "Another line above gives a date of the same kind for the same court.",
    }
)

_LIKE: Mapping[DateFlaw, str] = MappingProxyType(
    {
        DateFlaw.MISSING: "Give {name}.",
        DateFlaw.UNKNOWN: "It is not known what is meant by {name}.",
        DateFlaw.SHAPE: "Write {name} as 2027-03-05 17:00 or 3/5/2027 5:00 PM, by the court's clock.",
        DateFlaw.ZONE: "Write {name} by the court's own clock: the zone given is not the court's.",
        DateFlaw.FAR: "Look again at {name}: it is too far away to be meant.",
        DateFlaw.TOO_LONG: "Make {name} shorter.",
        DateFlaw.CHARACTERS: "Write {name} on one line, in plain characters.",
        DateFlaw.FIXED: "The date of another court, or of another kind, is entered as a new one: {name} stays.",
    }
)


def date_flaw_words(problem: DateProblem) -> str:
    """Return the sentence for one thing that is wrong with a date."""
    exactly = _EXACTLY.get((problem.field, problem.flaw))
    if exactly is not None:
        return exactly
    like = _LIKE.get(problem.flaw, "Look again at {name}.")
    return like.format(name=NAMES[problem.field])
