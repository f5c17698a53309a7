"""What is said of admins, of rosters, and to everybody else. `who` names a person as the chat does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot.reminders.people.admin_outcome import AdminOutcome
from bot.reminders.people.roster_lines import BadLine, LineFlaw, Unmatched
from bot.words.said import sentence

NO_TITLE = "Only an admin can do this"
NO_ADMINS = (
    "Nobody is an admin here yet. Whoever runs the bot's server can name the first ones of this workspace: in the "
    "setting LINK_ECF_ADMINS, with the workspace's id before theirs, or by link-ecf admins add with --workspace."
)

ADMINS_TITLE = "Admins of the bot"
ADMINS_WHAT = (
    "Admins keep courts' dates, load rosters and send broadcasts in this workspace. Nobody becomes one by being an "
    "owner or administrator of Slack."
)
BUTTON_ADD = "Add an admin"
BUTTON_REMOVE = "Remove"
ADD_TITLE, ADD_SUBMIT = "Add an admin", "Make them an admin"
ADD_LABEL = "Who"
THAT = "That"
ADD_HINT = "They can do all that you can do here, and remove you too."
REMOVE_TITLE, REMOVE_SUBMIT = "Remove an admin", "Remove"

ROSTER_TITLE = "Who files where"
ROSTER_SUBMIT = "Check it"
ROSTER_LOAD = "Load it"
ROSTER_LABEL = "Roster"
ROSTER_HINT = (
    "A line for each person: e-mail address, courts, office. Part the courts by semicolons or blanks; write none for "
    "somebody who files nowhere any more. A header line may stand on top. Up to 3,000 characters; the administrator "
    "of the server loads longer ones with link-ecf roster load."
)
ROSTER_SAMPLE = "anna@firm.example, gasb;gand, Savannah"
ROSTER_WHAT = (
    "The bot finds the people in Slack by their e-mail addresses and reminds them of the dates of their courts. What "
    "people said themselves stays: a court that a person took off their own list is not put back. Whoever is not in "
    "this text stays as they are."
)
ROSTER_CHECKING = "Looking people up in Slack. This takes a few seconds; nothing is loaded yet."
ROSTER_EMPTY = "There is no line in it yet that can be loaded."
SERVICE_MATCHES = "The running service looks the others up by itself."
NOTHING_LOADED = "Nothing was loaded. Run it without --dry-run to load what can be loaded."
ROSTER_CHANGED = "The text has changed since it was checked, so it was checked anew. Nothing is loaded yet."

_OUTCOMES: Mapping[AdminOutcome, str] = MappingProxyType(
    {
        AdminOutcome.ADDED: "{who} is an admin now.",
        AdminOutcome.REMOVED: "{who} is no admin any more.",
        AdminOutcome.ALREADY: "{who} is an admin already. Nothing was changed.",
        AdminOutcome.NO_ADMIN: "{who} is no admin. Nothing was changed.",
        AdminOutcome.LAST: "{who} is the only admin, and there has to be one. Nothing was changed: add another first.",
        AdminOutcome.NOBODY: (
            "{who} is no person of this workspace: a bot, a guest from elsewhere, or somebody who left. Nothing was "
            "changed."
        ),
    }
)

_FLAWS: Mapping[LineFlaw, str] = MappingProxyType(
    {
        LineFlaw.NO_EMAIL: "there is no e-mail address",
        LineFlaw.EMAIL: '"{shown}" is no e-mail address',
        LineFlaw.NO_COURTS: "there is no court for {shown}; write none if this person files nowhere any more",
        LineFlaw.COURT: '"{shown}" is no court; the short names are those of link-ecf courts, such as gasb',
        LineFlaw.OFFICE_LONG: 'the office "{shown}" is too long or holds something unprintable',
        LineFlaw.OFFICE_DIFFERS: 'the same address stands further up with another office than "{shown}"',
        LineFlaw.UNREADABLE: "the text is no CSV from here on; look for a quotation mark that is not closed",
    }
)


def no_words(who: Sequence[str]) -> tuple[str, ...]:
    """Return the plain no for everybody who is no admin: what was not done, and whom to ask."""
    ask = f"The admins here are: {', '.join(who)}. Ask one of them." if who else NO_ADMINS
    return ("Court dates, rosters and broadcasts are for the admins of the bot. Nothing was changed.", ask)


def outcome_words(outcome: AdminOutcome, who: str) -> str:
    """Return what came of adding or removing an admin."""
    return _OUTCOMES[outcome].format(who=who)


def remove_words(who: str, *, oneself: bool) -> str:
    """Return what will happen when an admin is removed."""
    if oneself:
        return "You will be no admin any more, and cannot undo this yourself: another admin can."
    return f"{who} will be no admin any more. What they did stays."


def bad_line_words(bad: BadLine) -> str:
    """Return what is wrong with a line of a roster, by its number."""
    return f"Line {bad.number}: {_FLAWS[bad.flaw].format(shown=bad.shown)}."


def bad_lines_words(bad: Sequence[BadLine], room: int) -> tuple[str, ...]:
    """Return the first lines that are not loaded, one a line, and how many more there are."""
    if not bad:
        return ()
    count = "1 line is not loaded:" if len(bad) == 1 else f"{len(bad)} lines are not loaded:"
    more = [f"... and {len(bad) - room} more."] if len(bad) > room else []
    return ("\n".join((count, *map(bad_line_words, bad[:room]), *more)),)


def why_words(why: str) -> str:
    """Return why nobody is known for an address; `why` is as the roster keeps it, with the missing permission."""
    kind, _, permission = why.partition(" ")
    match kind:
        case Unmatched.NOT_FOUND:
            return "nobody in Slack has this address"
        case Unmatched.NOT_ALLOWED:
            return f"the bot may not look people up (permission {permission or 'users:read.email'} is missing)"
        case _:
            return "not looked up yet; the bot goes on by itself"


def unmatched_words(unmatched: Sequence[tuple[str, str]], room: int) -> tuple[str, ...]:
    """Return the first addresses nobody is known for, each with the reason, and how many more there are."""
    if not unmatched:
        return ()
    more = [f"... and {len(unmatched) - room} more."] if len(unmatched) > room else []
    shown = (f"{email}: {why_words(why)}." for email, why in unmatched[:room])
    return ("\n".join(("Not found in Slack:", *shown, *more)),)


def people_words(count: int) -> str:
    """Return a number of people."""
    return "1 person" if count == 1 else f"{count:,} people"


def checked_words(lines: int, found: int, missing: int, waiting: int) -> str:
    """Return the first line of a dry run: what would be loaded."""
    parts = [f"{found:,} found in Slack"]
    if missing:
        parts.append(f"{missing:,} not found")
    if waiting:
        parts.append(f"{waiting:,} not looked up yet (the bot goes on by itself once the roster is loaded)")
    return f"{sentence(people_words(lines))} would be loaded: {', '.join(parts)}."


def loaded_words(lines: int, found: int, missing: int, waiting: int) -> str:
    """Return the first line after a load."""
    parts = [f"{found:,} found in Slack"]
    if missing:
        parts.append(f"{missing:,} not found")
    if waiting:
        parts.append(f"{waiting:,} being looked up by the bot")
    verb = "was" if lines == 1 else "were"
    return f"{sentence(people_words(lines))} {verb} loaded: {', '.join(parts)}. /ecf-golive roster shows how it stands."


def standing_roster_words(found: int, missing: int) -> str:
    """Return how the roster that is kept stands."""
    if not found and not missing:
        return "No roster is loaded yet."
    return f"The roster has {people_words(found + missing)}: {found:,} found in Slack, {missing:,} not."
