"""Every sentence about courts' dates that an admin reads: the list, the forms, what will happen, what was done.

Dates are said with their weekday and the court's own zone, because admins keep dates of courts in many zones.
`bot/words/date_flaws.py` has what is wrong with a form, `bot/words/admins.py` what is said of admins and rosters.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from bot.courts.court import Court
from bot.linker.values import IncidentId
from bot.reminders.dates.change import Change, What
from bot.reminders.event import OPENING_TIME, CourtEvent, Kind, Status
from bot.words.said import Words, named, sentence
from bot.words.zones import day_words, moment_words, time_words, zone_name

KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.NEXTGEN_GO_LIVE: "go-live on NextGen CM/ECF",
        Kind.RELEASE_OUTAGE: "outage for a new release",
        Kind.SUCCESSOR_GO_LIVE: "go-live of CM/ECF's successor",
        Kind.MFA_DEADLINE: "deadline for PACER's second factor",
    }
)
STATUSES: Mapping[Status, str] = MappingProxyType(
    {
        Status.TARGET: "a target of the court",
        Status.ANNOUNCED: "announced by the court",
        Status.CONFIRMED: "confirmed",
        Status.LIVE: "live",
        Status.WITHDRAWN: "withdrawn",
    }
)

TITLE = "Court dates"
LIST_TITLE = "Coming dates of courts"
LIST_NONE = "No court's date is kept yet, or none is still to come. Press the button to enter the first."
BUTTON_SET = "Set a date"
BUTTON_MOVE = "Move or edit"
BUTTON_CONFIRM = "Confirm"
BUTTON_LIVE = "It is live"
BUTTON_WITHDRAW = "Withdraw"
BUTTON_HISTORY = "History"
BUTTON_MORE = "Show more"
CLOSE = "Close"
CANCEL = "Cancel"

SET_TITLE, SET_SUBMIT = "Set a court's date", "Keep this date"
MOVE_TITLE, MOVE_SUBMIT = "Move or edit a date", "Keep the change"
CONFIRM_TITLE, CONFIRM_SUBMIT = "Confirm a date", "It is confirmed"
LIVE_TITLE, LIVE_SUBMIT = "The court is live", "It is live"
WITHDRAW_TITLE, WITHDRAW_SUBMIT = "Withdraw a date", "Withdraw it"
HISTORY_TITLE = "History of a date"

FORM_LATE = "Nothing was changed. Press the button again, or type /ecf-golive again."
GONE = "There is no such date any more, or the button belongs to another bot. Type /ecf-golive to see those there are."
CHANGED_SINCE = "The date was changed since this list was made. This is how it stands now."
SAME_TITLE = "Nothing was changed"
SAME = "The form says what is kept already. Nobody is written to."
SAVING_TITLE = "Still being kept"
SAVING = "The database takes longer than usual. This window says what became of it as soon as that is known."
NOT_KEPT_TITLE = "The bot's records cannot be used now"
NOT_KEPT = (
    "What you asked for was not done. Try again in a few minutes, and look with /ecf-golive first: where an answer was "
    "lost on its way, the change may stand already."
)
HALF_BLACKOUT = "Give the day and the time together, or leave both empty."

HELP_TITLE = "Court dates, rosters and broadcasts"
HELP = (
    ("/ecf-golive", "lists the coming dates, with buttons to move, confirm and withdraw them."),
    ("/ecf-golive set gasb", "opens the form for a court's date; without a court you choose it there."),
    ("/ecf-golive history gasb", "shows every change of a court's dates, and who made it."),
    ("/ecf-golive roster", "loads who files where, as CSV, and shows whom the bot did not find in Slack."),
    ("/ecf-golive admins", "lists the admins; add and remove them there."),
    ("/ecf-golive broadcast", "writes to the people of a court or an office."),
    ("/ecf-golive final-day on", "lets the last day's reminders come out of people's hours; off keeps them within."),
    ("/ecf-golive help", "shows this list."),
)


def when_words(event: CourtEvent) -> str:
    """Return the date as the court keeps it: "Monday, March 29, 2021, 9:00 a.m. Central Time", or its coarse words."""
    if event.day is None:
        return f'"{event.coarse}" (no day yet)' if event.coarse else "no day yet"
    at = f"{time_words(event.time or OPENING_TIME)} {zone_name(event.zone)}"
    return f"{day_words(event.day)}, {at}" + ("" if event.time else " (the usual hour; the court names none)")


def title_words(event: CourtEvent, court: Court | None) -> str:
    """Return which date it is: the court and the kind."""
    name = court.short_name if court is not None else event.court
    return f"{name} ({event.court}): {KINDS[event.kind]}"


def event_words(event: CourtEvent, court: Court | None) -> Words:
    """Return everything that is kept of a date, in the order in which an admin checks it."""
    lines = [f"{sentence(when_words(event))} - {STATUSES[event.status]}."]
    if event.live_since is not None:
        lines.append(f"Live since {moment_words(event.live_since, event.zone)}.")
    if event.blackout is not None:
        lines.append(f"Black-out: {_wall(event.blackout.start)} to {_wall(event.blackout.end)}, the court's clock.")
    filing = (
        ("Order", event.order_number),
        ("Emergency filings", event.emergency_channel),
        ("until", event.emergency_until),
    )
    if said := "; ".join(f"{label}: {text}" for label, text in filing if text):
        lines.append(sentence(said) + ".")
    if event.note:
        lines.append(f"Note: {event.note}")
    if event.source:
        lines.append(f"Source: {event.source}")
    if event.day is None:
        lines.append("A date without a day reminds nobody.")
    return Words(title_words(event, court), tuple(lines))


def told_words(told: int) -> str:
    """Return how many people have heard the date that now stands: those are the ones a correction is for."""
    if told == 0:
        return "Nobody has been told this date yet."
    return "1 person has been told this date." if told == 1 else f"{told:,} people have been told this date."


def correction_words(told: int) -> str:
    """Return, after told_words, what comes of another day or time: who gets a correction, and when."""
    if told == 0:
        return "Should the day or the time change, nobody needs a correction."
    who = "that person gets" if told == 1 else "each of them gets"
    return f"Should the day or the time change, {who} a correction, in their own working hours."


MOVE_OTHERS = (
    "What is planned and not sent yet is planned anew for the new date. A changed note, source or black-out alone "
    "sends no correction."
)


def confirm_words(told: int) -> tuple[str, ...]:
    """Return what will happen when a date is confirmed."""
    return (
        told_words(told),
        "The day and the time stay. Nobody is written to because of it: from now on the reminders say that the court "
        "has confirmed the date. It is noted that you checked it now.",
    )


def live_words(told: int) -> tuple[str, ...]:
    """Return what will happen when a court is said to be live."""
    return (
        told_words(told),
        "From now on the date counts as come, also where it was set for later. Everybody who files at the court and is "
        "not linked there is told so in their own working hours, with the button to link. Nobody hears of it twice.",
    )


def withdraw_words(told: int) -> tuple[str, ...]:
    """Return what will happen when a date is withdrawn."""
    if told == 0:
        hear = "Nobody is written to."
    else:
        who = "that person is" if told == 1 else "each of them is"
        hear = f"In their own working hours {who} told that it no longer holds."
    return (
        f"{told_words(told)} {hear}",
        "Nothing that is planned for it is sent any more. The date and its history stay on record, and a new date can "
        "be set at any time.",
    )


def stale_words(event: CourtEvent, who: str) -> str:
    """Return that somebody changed the event meanwhile, and how it stands now; `who` names them as the chat does."""
    return (
        f"{who} changed this date while you had it open. It now stands at: {when_words(event)} - "
        f"{STATUSES[event.status]}. Nothing of yours was kept yet, and nothing you entered is lost: check it below "
        "and send it again."
    )


def stale_step_words(event: CourtEvent, who: str) -> str:
    """Return the same for a form in which nothing but a step was to be pressed."""
    return (
        f"{who} changed this date while you had it open. It now stands at: {when_words(event)} - "
        f"{STATUSES[event.status]}. Nothing was done yet: look at it, and press again if it still holds."
    )


def unclear_words(text: str) -> str:
    """Return the note over a form that opened without a court, because `text` named none plainly."""
    return f'"{text}" does not name one court. Choose it in the list below.'


def exists_words(event: CourtEvent) -> str:
    """Return that the court has a date of this kind already."""
    return (
        f"This court already has a date for its {KINDS[event.kind]}: {when_words(event)} - {STATUSES[event.status]}. "
        f'To change that one, close this form and press "{BUTTON_MOVE}" in /ecf-golive.'
    )


def done_words(event: CourtEvent, court: Court | None, what: What, told: int) -> Words:
    """Return what was done; `told` are those who will get a correction."""
    shown = event_words(event, court)
    return Words(_DONE[what], (shown.title, *shown.paragraphs, *_afterwards(event, what, told)))


_DONE: Mapping[What, str] = MappingProxyType(
    {
        What.SET: "The date is kept",
        What.MOVED: "The date was moved",
        What.EDITED: "The change is kept; the date stays",
        What.CONFIRMED: "The date is confirmed",
        What.LIVE: "The court is live",
        What.WITHDRAWN: "The date was withdrawn",
    }
)


def _afterwards(event: CourtEvent, what: What, told: int) -> tuple[str, ...]:
    if what in {What.MOVED, What.WITHDRAWN}:
        if told == 0:
            return ("Nobody had been told the old date; no correction is needed.",)
        people = "1 person" if told == 1 else f"{told:,} people"
        return (f"{people} had been told the old date and will get a correction in their own working hours.",)
    if what is What.SET and event.reminds:
        return ("The people who file there are reminded from now on, each in their own working hours.",)
    return ()


def history_words(change: Change, who: str) -> str:
    """Return one line of a history: when (UTC), who, what, and the date as it stood then."""
    at = f"{change.at:%Y-%m-%d %H:%M} UTC"
    return f"{at}, {who} {_DID[change.what]}: {when_words(change.event)} - {STATUSES[change.event.status]}."


_DID: Mapping[What, str] = MappingProxyType(
    {
        What.SET: "set it",
        What.MOVED: "moved it",
        What.EDITED: "edited it",
        What.CONFIRMED: "confirmed it",
        What.LIVE: "said it is live",
        What.WITHDRAWN: "withdrew it",
    }
)

HISTORY_WHICH = "Name the court: /ecf-golive history gasb, or words such as southern georgia bankruptcy."
ELSEWHERE = "An admin of another workspace"
TERMINAL = "Somebody at the server's command line"


def history_none(court: Court) -> str:
    """Return that nothing was ever kept of this court."""
    return f"No date of {named(court)} was ever kept here."


def trouble_words(incident: IncidentId) -> tuple[str, tuple[str, ...]]:
    """Return title and paragraphs for a fault of the bot itself; its id is in the log."""
    return (
        "Something went wrong in the bot",
        (
            "This is a fault of the bot, not of what you entered. Look with /ecf-golive whether the change stands "
            "before you try again.",
            f"If it happens again, give whoever runs the bot's server this incident id: {incident}",
        ),
    )


def older_words(left: int) -> str:
    """Return how many older changes the message has no room for."""
    return f"{left} older {'change is' if left == 1 else 'changes are'} kept; link-ecf golive list shows them."


def more_words(left: int) -> str:
    """Return how many dates the message has no room for."""
    return f"{left} more {'date is' if left == 1 else 'dates are'} kept."


def clock_words(court: Court | None) -> str:
    """Return which clock the days and times of the form are read by."""
    if court is None:
        return "Days and times are those of the court's own clock. Its zone is named here once you choose the court."
    return f"Days and times are those of {named(court)}'s own clock: {zone_name(court.zone)} ({court.zone.key})."


def _wall(at: datetime) -> str:
    return f"{day_words(at.date())}, {time_words(at.time())}"
