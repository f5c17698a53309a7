"""What is said of the courts that a person watches: the answers to `/link-ecf watch` and `/link-ecf remind`.

Plain text, no formatting. A moment is said by the court's clock and, where that differs, by the person's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.courts.court import Court
from bot.reminders.event import CourtEvent, Status
from bot.reminders.hearer import WORKDAYS, Hours
from bot.reminders.people.wish_form import MOST_COURTS
from bot.reminders.people.wish_sheet import Linked, WatchedCourt, WatchSheet, ZoneFrom
from bot.words.dated import closed_words
from bot.words.dates import KINDS, STATUSES
from bot.words.said import Words, named, sentence
from bot.words.waiting import not_reached_words
from bot.words.watch_form import DAY_NAMES, FORM_TITLE
from bot.words.zones import both_words, day_words, time_words, zone_name

NO_RECORDS = Words(
    "The bot cannot reach its records just now",
    (
        "What you asked for was not kept, as far as the bot can tell. Ask again in a few minutes: doing it twice does "
        "no harm. Reminders that fall due meanwhile are sent later, not lost. If it lasts, tell your administrator.",
    ),
)

BUTTON_FORM = "Your courts and hours"
BUTTON_WATCH = "Watch this court"
BUTTON_LINK_NOW = "Link now"
BUTTON_UNWATCH = "Stop watching"

_LINKED: Mapping[Linked, str] = MappingProxyType(
    {
        Linked.NOT_YET: "Not linked yet, as far as the bot knows.",
        Linked.RUNNING: "Being linked now: type /link-ecf status.",
        Linked.PERHAPS: (
            "Perhaps linked: the last attempt was sent and its outcome is not known. Sign in at the court and look for "
            "the filing menus."
        ),
        Linked.OWN_WORD: "Linked by hand, by your own word. No more reminders to link.",
        Linked.PROVED: "Linked. No more reminders to link.",
        Linked.NOT_FILING: "You do not file there, by your own or an administrator's word. No reminders.",
    }
)


def linked_words(linked: Linked) -> str:
    """Return where the person stands at a court."""
    return _LINKED[linked]


def event_words(event: CourtEvent, sheet: WatchSheet) -> str:
    """Return one date of a court as a line: what, when by both clocks, and how sure."""
    what, sure = sentence(KINDS[event.kind]), STATUSES[event.status]
    opens = event.opens_at
    if opens is None:
        return f"{what}: {event.coarse}; {sure}. No day is known yet, so nothing is sent for it."
    when = both_words(opens, event.zone, sheet.hours.zone)
    if opens <= sheet.now and event.status is Status.LIVE:
        return f"{what}: live since {when}."
    if opens <= sheet.now:
        return f"{what}: {when}; {sure}. That moment has come."
    return f"{what}: {when}; {sure}."


def dates_words(watched: WatchedCourt, sheet: WatchSheet) -> tuple[str, ...]:
    """Return the lines of a court's dates, or why there are none."""
    lines: list[str] = []
    for event in watched.events:
        lines += [event_words(event, sheet), *closed_words(event, sheet.hours.zone, sheet.now)]
    if lines:
        return tuple(lines)
    if watched.court.live(sheet.now):
        return ("On NextGen CM/ECF already. No further date is known.",)
    return ("No date is known. Once your administrator enters one, you are reminded of it.",)


def court_words(watched: WatchedCourt, sheet: WatchSheet) -> str:
    """Return one court of the list of `/link-ecf remind`: its name, where the person stands, its dates."""
    lines = [f"{watched.court.name} ({watched.court.id})", linked_words(watched.linked)]
    if watched.muted:
        lines.append(f"Muted: you hear nothing of it. Unmute it under {FORM_TITLE}.")
    lines += dates_words(watched, sheet)
    if watched.by_roster:
        lines.append("Entered for you from your firm's roster.")
    return "\n".join(lines)


def remind_words(sheet: WatchSheet, shown: int) -> Words:
    """Return what stands over and under the list of `/link-ecf remind`, of which `shown` courts are listed."""
    if not sheet.courts:
        return Words(
            "Your reminders",
            (
                "You watch no court, so the bot reminds you of nothing. Choose the courts where you file, or type "
                "/link-ecf watch and a court, such as /link-ecf watch gasb.",
                *hours_words(sheet),
            ),
        )
    missed = (not_reached_words(sheet.not_reached),) if sheet.not_reached else ()
    more = len(sheet.courts) - shown
    beyond = (f"And {more} more courts.",) if more else ()
    return Words("Your reminders", (*missed, *beyond, *hours_words(sheet)))


def hours_words(sheet: WatchSheet) -> tuple[str, ...]:
    """Return when reminders come, and the vacation, if there is one."""
    hours = sheet.hours
    guess = " The zone is a guess: please check it." if sheet.zone_from is ZoneFrom.COURT else ""
    said = (
        f"Reminders come {_days(hours)}, {time_words(hours.begins)} to {time_words(hours.ends)}, "
        f"{zone_name(hours.zone)}.{guess}"
    )
    if hours.vacation is None:
        return (said,)
    first, last = hours.vacation
    return (said, f"Away from {day_words(first)} to {day_words(last)}: no reminder is planned on these days.")


def _days(hours: Hours) -> str:
    if hours.days == WORKDAYS:
        return "Monday to Friday"
    if len(hours.days) == len(DAY_NAMES):
        return "every day"
    return ", ".join(DAY_NAMES[one] for one in sorted(hours.days))


def saved_words(sheet: WatchSheet) -> Words:
    """Return what stands in the form's place once it was saved: all of it, so that a slip is seen."""
    if not sheet.courts:
        none = "You watch no court now: the bot reminds you of nothing. You can link all the same, by /link-ecf."
        return Words("Saved", (none, *hours_words(sheet)))
    count = "1 court" if len(sheet.courts) == 1 else f"{len(sheet.courts)} courts"
    names = "; ".join(one.court.short_name + (" (muted)" if one.muted else "") for one in sheet.courts[:MOST_COURTS])
    coming = [(event.opens_at, one, event) for one in sheet.courts for event in one.events if _ahead(event, sheet)]
    lines: list[str] = []
    if coming:
        _, first, event = min(coming, key=lambda each: (each[0], each[1].court.id))
        lines.append(f"The next date: {first.court.short_name}. {event_words(event, sheet)}")
    else:
        lines.append("No date is coming up at any of them that the bot knows of.")
    return Words("Saved", (f"You watch {count}: {names}.", *lines, *hours_words(sheet)))


def _ahead(event: CourtEvent, sheet: WatchSheet) -> bool:
    return event.opens_at is not None and event.opens_at > sheet.now


def watching_words(watched: WatchedCourt, sheet: WatchSheet) -> Words:
    """Return the answer to `/link-ecf watch` with a court: that it is watched now, how it stands there, its dates."""
    return Words(
        f"You watch {watched.court.short_name}",
        (
            f"The bot reminds you of the dates of {named(watched.court)}.",
            linked_words(watched.linked),
            *dates_words(watched, sheet),
            *hours_words(sheet),
        ),
    )


def unwatched_words(court: Court) -> Words:
    """Return that a court is no longer watched."""
    return Words(
        f"You no longer watch {court.short_name}",
        (f"The bot reminds you of nothing at {named(court)}. Nothing was changed at the court.",),
    )


def unclear_words(text: str, near: Sequence[Court]) -> Words:
    """Return the answer to `/link-ecf watch` with words that name no one court plainly; `near` get a button each."""
    if not near:
        return Words(
            "Which court?",
            (f'"{text}" does not name a court that the bot knows. Nothing was changed. Choose it in the form.',),
        )
    names = "; ".join(f"{court.name} ({court.id})" for court in near)
    return Words("Which court?", (f'"{text}" does not name one court. Did you mean: {names}? Nothing was changed.',))


def watch_button_words(court: Court) -> str:
    """Return the words on the button that watches `court`."""
    return f"Watch {court.short_name}"
