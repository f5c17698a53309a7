"""Every screen of the guides as a class, told by its content, and `read`, which tells them apart.

Pages are values and do no I/O. A page offers only addresses and forms inside the fence; whatever would leave it makes
the page an `Unknown` with a reason. Screens of PACER's sign-on host are in `signon_pages`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from yarl import URL

from bot.linker.document import Document
from bot.linker.fence import Fence
from bot.linker.form import Control, Form

REFUSED = "the other side refused the bot's connection; your IT can ask whether it blocks the address"
"""What is noticed of a 403 and of a firewall's page (design 5, "Outages")."""

NOWHERE = URL()
"""Stands where a page has no address to offer; the fence refuses it."""


class Strange(StrEnum):
    """Why a page stops the walk; fixed phrases, safe in a log."""

    WORDS = "words not known"
    FOREIGN_REDIRECT = "redirect outside the court and PACER"
    FOREIGN_FORM = "form that would send what was typed elsewhere or in an address"
    FOREIGN_LINK = "front page leads only to another host"
    TOO_LARGE = "page too large"
    STATUS = "unexpected status"
    RESENT = "redirect that would send the form again"
    LOOP = "too many requests"
    TO_ITSELF = "page that leads to itself"
    BUTTON = "button whose script does more than send its form"


@dataclass(frozen=True, slots=True)
class Bar:
    """The court's menu bar: what it offers, and whether it is a filer's (protocol section 2.4).

    `linked` is None when the signs contradict each other or the bar is not that of a signed-in person.
    """

    labels: tuple[str, ...]
    linked: bool | None
    utilities: URL | None
    log_out: URL | None


@dataclass(frozen=True, slots=True)
class Page:
    """One screen; `bar` is the menu bar it carries, None without one."""

    url: URL
    bar: Bar | None = None

    @property
    def linked(self) -> bool | None:
        """True on a filer's page, False on one of a PACER-only person, None where nothing tells."""
        return self.bar.linked if self.bar else None


@dataclass(frozen=True, slots=True)
class FrontPage(Page):
    """Step 1 of both guides: the link "Document Filing System", whatever the court calls it."""

    enter: URL = NOWHERE
    label: str = ""


@dataclass(frozen=True, slots=True)
class Bounce(Page):
    """A page that a browser leaves at once: HTTP redirect, meta refresh, or script."""

    to: URL = NOWHERE


@dataclass(frozen=True, slots=True)
class SignOnDoor(Page):
    """The court sends the person to PACER's sign-on: it runs NextGen, and nobody is signed in (protocol 2.2)."""

    to: URL = NOWHERE


@dataclass(frozen=True, slots=True)
class CurrentGenLogin(Page):
    """The old CM/ECF login form in place of a page: the court is not live on NextGen (protocol 2.2, shape 3)."""


@dataclass(frozen=True, slots=True)
class CourtRedaction(Page):
    """The redaction notice, where a court shows it itself (guide GASB step 3; protocol 1.4)."""

    form: Form | None = None
    box: str = ""
    button: Control | None = None


@dataclass(frozen=True, slots=True)
class CourtChoice(Page):
    """Guide GASB step 4: the drop-down "Where would you like to go?" (protocol 2.8)."""

    form: Form | None = None
    select: Control | None = None
    button: Control | None = None


@dataclass(frozen=True, slots=True)
class Menu(Page):
    """A signed-in page of the court with nothing on it that the walk needs but its menu bar."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Utilities(Page):
    """Guide GASB step 5, ALMB step 3: "Link a CM/ECF account to my PACER account", or the way to it."""

    link: URL | None = None
    nextgen: URL | None = None


@dataclass(frozen=True, slots=True)
class LinkForm(Page):
    """Guide GASB step 6, ALMB step 4: the fields "CM/ECF login" and "CM/ECF password"."""

    form: Form | None = None
    login: str = ""
    password: str = ""
    button: Control | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verify(Page):
    """Guide GASB step 7, ALMB step 5: both accounts, and the Submit that cannot be undone."""

    form: Form | None = None
    button: Control | None = None
    filer_shown: str = ""
    account_shown: str = ""
    certain: bool = True


@dataclass(frozen=True, slots=True)
class LinkRefused(Page):
    """A page of the court that says, in known words, why it did not link."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkedNotice(Page):
    """Guide GASB step 8, ALMB step 6: the court says it has linked. Told on, never taken as proof."""


@dataclass(frozen=True, slots=True)
class SessionPage(Page):
    """A page that only sets cookies by script: the answer of login.pl at some courts (protocol 2.3)."""


@dataclass(frozen=True, slots=True)
class NoPrivileges(Page):
    """ "This user has no access privileges defined.": seen once right after a sign-on (protocol 2.7)."""


@dataclass(frozen=True, slots=True)
class RefererWarning(Page):
    """The court's guard against foreign links (protocol 2.7). Its button may bill; it is never pressed."""


@dataclass(frozen=True, slots=True)
class NotLoggedIn(Page):
    """The court's session is gone (protocol 2.7)."""


@dataclass(frozen=True, slots=True)
class Down(Page):
    """The host's own page for a time-out or maintenance; `why` is REFUSED when it lets this client not in."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Unknown(Page):
    """Anything else: the walk stops."""

    why: Strange = Strange.WORDS
    title: str = field(default="", repr=False)


def aimed(form: Form, button: Control | None, fence: Fence) -> bool:
    """True when the form goes by POST to the court's own host, whatever its button says."""
    target = form.target(button)
    return target is not None and fence.is_court(target) and form.posts(button)


def menu_bar(document: Document, fence: Fence) -> Bar | None:
    """Read the menu bar; None on a page without one."""
    items = document.menu
    if not items:
        return None
    inside = [(item.text, item.to) for item in items if fence.is_court(item.to)]
    utilities = next((to for text, to in inside if re.fullmatch(r"utilities", text, re.IGNORECASE)), None)
    log_out = next((to for _, to in inside if to.path.endswith("/login.pl") and to.query_string == "logout"), None)
    return Bar(
        labels=tuple(item.text for item in items if item.text),
        linked=_is_filer(document) if log_out is not None else None,
        utilities=utilities,
        log_out=log_out,
    )


def _is_filer(document: Document) -> bool | None:
    """Weigh the four signs of protocol section 2.4: filer events, the id in links, menu.pl's id, PRTYPE."""
    addresses = [str(item.to) for item in document.menu]
    events = any(re.search(r"DisplayMenu\.pl\?(?!Reports|Utilities)\w*Events\b", a) for a in addresses)
    numbered = [int(n) for a in addresses for n in re.findall(r"DisplayMenu\.pl\?[^#]*\bid=(-?\d{1,18})\b", a)]
    numbered += [int(n) for s in document.script_sources for n in re.findall(r"menu\.pl\?id=(-?\d{1,18})\b", s)]
    types = re.findall(r"document\s*\.\s*cookie\s*=\s*[\"']PRTYPE=(\w+)", "\n".join(document.scripts))
    yes = events or any(n > 0 for n in numbered) or "aty" in types
    no = any(n < 0 for n in numbered) or "web" in types
    return None if yes and no else yes
