"""The demo's transcript: who types or presses what, what the bot says, and which page of the court was open."""

from __future__ import annotations

import asyncio
import html
import textwrap
from collections.abc import Callable, Iterable

from bot.sandbox import Asked, Kind, Ledger
from bot.sandbox.slack import PretendMessage

Say = Callable[[str], None]

WIDTH = 100

PAGES: dict[Kind, str] = {
    Kind.FRONT_PAGE: 'the court\'s front page, with its link to the "Document Filing System"',
    Kind.LOGIN_REDIRECT: "the court sends the visitor on to PACER's sign-on",
    Kind.API_SIGN_ON: "PACER's sign-on for programs: user name and password are sent",
    Kind.JSF_PAGE: "PACER's sign-on page",
    Kind.JSF_SIGN_ON: "PACER's sign-on page: user name and password are sent",
    Kind.PASSCODE: "PACER asks for the passcode, and gets it",
    Kind.REDACTION_TICK: "the notice of redaction responsibility: the box is ticked",
    Kind.REDACTION: 'the notice of redaction responsibility: "Continue"',
    Kind.COURT_CHOICE: '"Where would you like to go?": the court is chosen',
    Kind.COURT_LOGIN: "the court lets the PACER account in",
    Kind.MENU: "the court's menu",
    Kind.UTILITIES: '"Utilities"',
    Kind.NEXTGEN_MENU: '"NextGen Release 1.1 Menu Items"',
    Kind.LINK_FORM: '"Link a CM/ECF account to my PACER account": the form',
    Kind.LINK_FORM_POST: '"CM/ECF login" and "CM/ECF password" are sent',
    Kind.FINAL_SUBMIT: "the final Submit",
    Kind.PROOF: "a fresh menu, for the proof (what F5 shows)",
    Kind.LOGOUT: "log-out at PACER",
    Kind.COURT_LOGOUT: "log-out at the court",
}
"""What each request to the pretend courts was, in a lawyer's words."""


class Transcript:
    """Prints what happens, in the order in which it happens."""

    def __init__(self, say: Say, ledger: Ledger) -> None:
        self._say = say
        self._ledger = ledger
        self._pages = 0
        self._last_page = ""
        self._lines: dict[str, str] = {}

    def scene(self, title: str, *about: str) -> None:
        """Begin a scene, with an empty ledger."""
        self._ledger.clear()
        self._pages = 0
        self._say(f"\n{'=' * WIDTH}\n{title}\n{'=' * WIDTH}")
        for text in about:
            self._say(textwrap.fill(text, WIDTH))
        self._say("")

    def person(self, name: str, what: str) -> None:
        """Tell what the person does."""
        self._block(f"{name}", what)

    def bot(self, what: str) -> None:
        """Tell what the bot says."""
        self._block("Bot", what)

    def message(self, message: PretendMessage) -> None:
        """Tell what a message of the bot says, its buttons last."""
        words = [line for line in message.shown.splitlines() if line not in message.buttons]
        buttons = "  ".join(f"[{button}]" for button in message.buttons)
        # Slack undoes the escaping of its own mark-up when it shows a message, and so does the transcript.
        self.bot(html.unescape("\n".join([*words, *filter(None, [buttons])])))

    def note(self, what: str) -> None:
        """Say something about what was seen."""
        self._block("--", what)

    def _block(self, who: str, what: str) -> None:
        first = f"{who + ':':<14}"
        for line in what.splitlines():
            self._say(textwrap.fill(line, WIDTH, initial_indent=first, subsequent_indent=" " * 14))
            first = " " * 14

    async def follow(self, messages: Callable[[], Iterable[PretendMessage]]) -> None:
        """Print each page of the court and each new line of progress as it comes, until cancelled."""
        while True:
            self.catch_up(messages())
            await asyncio.sleep(0.02)

    def catch_up(self, messages: Iterable[PretendMessage]) -> None:
        """Print what has come since the last time."""
        for asked in self._ledger.asked[self._pages :]:
            if asked.kind is Kind.OTHER:
                break  # still being answered: what it was is not known yet
            self._pages += 1
            if (page := _page(asked)) != self._last_page:
                self._block("Court page", page)
            self._last_page = page
        for message in messages:
            now = next((line for line in message.text.splitlines() if line.startswith("Now: ")), "")
            if now and self._lines.get(message.ts) != now:
                self._lines[message.ts] = now
                self.bot(now.removeprefix("Now: "))

    def account(self) -> None:
        """Print what was asked of PACER and the court in this scene."""
        seen = self._ledger
        self.note(
            f"Counted at the pretend PACER and court: PACER sign-ons {seen.sign_ons}, CM/ECF passwords sent "
            f"{seen.link_form_posts}, final Submits {seen.final_submits}, Skips {seen.skips}, billable pages "
            f"{seen.billable}, requests to other hosts {seen.foreign}, log-outs {seen.logouts}."
        )


def _page(asked: Asked) -> str:
    what = PAGES.get(asked.kind, asked.kind.value.replace("_", " "))
    failed = "" if asked.taken else " (cannot be reached, so the sign-on page is used)"
    return f"{what}{failed}  [{asked.host}]"
