"""What is said of the buttons under a notice: told again later, a muted court, linked by the person's own word.

Each answer says what was done, what was not, and carries an Undo where there is something to take back.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.reminders.people.wish_form import Later
from bot.reminders.people.wish_sheet import Linked, Muted, OwnWord, Snoozed
from bot.words.said import Words, court_help, named
from bot.words.zones import both_words, moment_words

BUTTON_UNDO = "Undo"

LATER: Mapping[Later, str] = MappingProxyType(
    {Later.TOMORROW: "Tomorrow", Later.IN_3_DAYS: "In 3 days", Later.IN_A_WEEK: "In a week"}
)
"""The words on the buttons that say when; a day on which the person does not work becomes their next working day."""

WHEN = Words(
    "Remind me later",
    ("When do you want to be told again? If you do not work on that day, it is your next working day.",),
)

GONE = Words(
    "This date is no longer kept",
    (
        "The date was taken back, or the bot no longer has it, so there is nothing to be told again. Nothing was "
        "changed. Type /link-ecf remind to see the dates of your courts.",
    ),
)

UNKNOWN_COURT = Words(
    "This court is not in the bot's list",
    ("Nothing was changed. Type /link-ecf remind to see your courts.",),
)


def snoozed_words(snoozed: Snoozed) -> Words:
    """Return when the person is told again, that this was taken back, or why they are not told."""
    court = snoozed.court
    if snoozed.silent:
        return Words(
            f"You hear nothing of {court.short_name}",
            (
                f"You do not watch {named(court)}, have muted it, or are linked there. So you are not told again, and "
                "nothing was changed. /link-ecf remind shows how it stands, /link-ecf watch changes it.",
            ),
        )
    if snoozed.at is None:
        return Words(
            f"Taken back: {court.short_name}",
            ("You are reminded at the usual times again. Type /link-ecf remind to see the date.",),
        )
    zone = snoozed.hours.zone
    lines = [f"You will be told again on {moment_words(snoozed.at, zone)}."]
    opens = snoozed.event.opens_at
    if snoozed.after_it and opens is not None:
        lines.append(f"Note that the date itself is earlier: {both_words(opens, snoozed.event.zone, zone)}.")
    lines.append(
        "Until then you hear of this date only in its last days, on the day itself, and if the court moves it."
    )
    return Words(f"Later: {court.short_name}", tuple(lines))


def muted_words(muted: Muted) -> Words:
    """Return that a court is muted, or no longer."""
    court = muted.court
    if not muted.watched:
        return Words(
            f"You do not watch {court.short_name}",
            (f"The bot reminds you of nothing at {named(court)}. To be reminded, type /link-ecf watch {court.id}.",),
        )
    if not muted.on:
        again = f"You are reminded of the dates of {named(court)} again."
        return Words(f"No longer muted: {court.short_name}", (again,))
    return Words(
        f"Muted: {court.short_name}",
        (
            f"You hear nothing more of {named(court)}: no reminder, and no correction if its date moves.",
            "Nothing was changed at the court. You can still link there with /link-ecf, and unmute it at any time "
            "with /link-ecf watch.",
        ),
    )


def own_word_words(own: OwnWord) -> Words:
    """Return what was written down on the person's own word, that the bot has not seen it, and how to check."""
    court = own.court
    if own.linked is Linked.PROVED:
        return Words(
            f"Already linked: {court.short_name}",
            (f"The bot has seen at {named(court)} that your accounts are linked. There was nothing to change.",),
        )
    if not own.done:
        return Words(
            f"Taken back: {court.short_name}",
            (f"The bot counts you as not linked at {named(court)} and reminds you again.",),
        )
    return Words(
        f"Noted: linked by hand at {court.short_name}",
        (
            f"The bot reminds you no more to link at {named(court)}. It goes by your word: it has not seen the link "
            "itself, and your firm's register says so.",
            "To check: sign in at the court with your PACER account and press F5. If the menus for filing appear (such "
            "as Bankruptcy, Adversary, Civil or Criminal beside Query, Reports and Utilities), you are linked.",
            f"If they do not appear, press Undo. Who can help: {court_help(court)}.",
        ),
    )
