"""What stands beside each field of the form for a court's date."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.reminders.dates.event_form import DateField
from bot.reminders.event import Kind, Status
from bot.words.form import FieldWords

FIELDS: Mapping[DateField, FieldWords] = MappingProxyType(
    {
        DateField.COURT: FieldWords("Court", "", "Type a name, a state, a city or a short name such as gasb"),
        DateField.KIND: FieldWords("What happens"),
        DateField.STATUS: FieldWords("How sure it is"),
        DateField.DAY: FieldWords("Day", "Leave it empty where the court has named no day yet.", "Choose the day"),
        DateField.TIME: FieldWords(
            "Time", "Leave it empty where the court names no hour: 9:00 a.m. is taken then.", "9:00 a.m."
        ),
        DateField.COARSE: FieldWords(
            "Only words so far", 'In place of a day: the court\'s own words, such as "spring 2027". They remind nobody.'
        ),
        DateField.BLACKOUT_START: FieldWords(
            "Black-out begins: day", "When the court's system goes away before the date, if it does.", "Choose the day"
        ),
        DateField.BLACKOUT_END: FieldWords("Black-out ends: day", "", "Choose the day"),
        DateField.SOURCE: FieldWords("Source", "The address of the court's own notice. People see it."),
        DateField.ORDER_NUMBER: FieldWords("Order", "The court's order about deadlines in the black-out, by number."),
        DateField.EMERGENCY_CHANNEL: FieldWords(
            "Emergency filings", "How to file in the black-out: an e-mail address, a counter. People see it."
        ),
        DateField.EMERGENCY_UNTIL: FieldWords(
            "Emergency filings until", "In the court's own words, such as Sunday 11:59 p.m."
        ),
        DateField.NOTE: FieldWords("Note", "People see it in their reminders, as what the admins add."),
    }
)
BLACKOUT_START_TIME = FieldWords("Black-out begins: time", "", "Choose the time")
BLACKOUT_END_TIME = FieldWords("Black-out ends: time", "", "Choose the time")

KIND_CHOICES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.NEXTGEN_GO_LIVE: "Go-live on NextGen CM/ECF",
        Kind.RELEASE_OUTAGE: "Outage for a new release",
        Kind.SUCCESSOR_GO_LIVE: "Go-live of CM/ECF's successor",
        Kind.MFA_DEADLINE: "Deadline for PACER's second factor",
    }
)
STATUS_CHOICES: Mapping[Status, str] = MappingProxyType(
    {
        Status.TARGET: "Target: the court hopes for this date",
        Status.ANNOUNCED: "Announced by the court",
        Status.CONFIRMED: "Confirmed: you checked it with the court",
    }
)
"""What a form may say; live and withdrawn are steps of their own."""
