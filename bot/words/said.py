"""The shapes of what is said, and the two addresses of help that every ending names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.courts.court import Court

PACER_HELP = "PACER Service Center, 800-676-6856, pacer@psc.uscourts.gov (Monday to Friday, 8 a.m. to 6 p.m. Central)"
"""Who helps with the PACER side (users.md, head; hours from a notice of the Middle District of Georgia's court)."""


@dataclass(frozen=True, slots=True)
class Words:
    """A title, paragraphs of one idea each, and the label of the next button ("" for none)."""

    title: str
    paragraphs: tuple[str, ...]
    next_label: str = ""

    @property
    def text(self) -> str:
        """All of it as plain lines: for the terminal, notifications and screen readers."""
        return "\n".join((self.title, *self.paragraphs))


def named(court: Court) -> str:
    """Return the court's name as it stands inside a sentence."""
    return f"the {court.name}" if court.name.startswith(("United States", "U.S.")) else court.name


def sentence(text: str) -> str:
    """Return `text` with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def court_help(court: Court) -> str:
    """Return who helps at the court: its help desk's telephones, or its address, or its web site."""
    phones = ", ".join(f"{desk.phone} ({desk.division})" if desk.division else desk.phone for desk in court.help_desks)
    reach = phones or court.help_address or f"see {court.web_url or 'https://' + court.host}"
    return f"the CM/ECF help desk of {named(court)}: {reach}"


class Help(Enum):
    """Who can help after an ending."""

    COURT = "court"
    PACER = "pacer"
    BOTH = "both"
    FIRM = "firm"


AGAIN = "Open the form again"
OTHER_COURT = "Choose another court"

NOT_CHANGED = "Nothing was changed at the court: no accounts were linked."
NOT_SENT = "Nothing was changed at the court: neither of your two passwords was sent anywhere for this."
SPENT = "The bot does not send it a second time, because too many failures lock an account."


@dataclass(frozen=True, slots=True)
class Ending:
    """The words of one code; `{court}` stands for the court's name. `unchanged` says what was not done at the court."""

    title: str
    happened: str
    now: tuple[str, ...]
    help: Help
    next_label: str = AGAIN
    unchanged: str = NOT_CHANGED
