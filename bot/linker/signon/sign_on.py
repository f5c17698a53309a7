"""What both ways of signing on share: the request, the one passcode, and what is spent after a refusal."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yarl import URL

from bot.errors import Code, ended
from bot.linker.browser import Browser
from bot.linker.fence import Fence
from bot.linker.pages import Page
from bot.linker.values import Ask, LinkRequest, NoPasscode, PasscodeAnswer, PasscodeQuestion, Tell
from bot.secret import Secret

_TOKEN = re.compile(r"^[A-Za-z0-9+/=_.~-]{8,1024}$")


def is_token(text: str) -> bool:
    """True for text that can be PACER's session: 128 characters in practice, and nothing a cookie could not hold."""
    return bool(_TOKEN.match(text))


@dataclass(frozen=True, slots=True)
class SignedOn:
    """PACER let the person in; `onward` is where the sign-on page sends the browser, None after the API.

    `page` is a screen that the sign-on left open in front (the court drop-down), None otherwise.
    """

    onward: URL | None = None
    page: Page | None = None


class ApiUnreachable(Exception):
    """The API cannot have seen the password: the page may be tried (design 5, settled points)."""


@dataclass(slots=True)
class SignOn:
    """One sign-on of one attempt."""

    request: LinkRequest
    browser: Browser
    fence: Fence
    ask: Ask
    tell: Tell

    async def passcode(self, *, certain: bool = True) -> Secret:
        """Return the passcode that the person gave with the form, or ask for one (PasscodeQuestion: `certain`).

        Raises LinkEnded: passcode_needed when nobody answers, pacer_refused for somebody who has none.
        """
        given = self.request.passcode
        if given is not None and given and not given.spent:
            return given
        answer = await self.ask(PasscodeQuestion(certain))
        if isinstance(answer, NoPasscode):
            raise ended(Code.PACER_REFUSED)
        if not isinstance(answer, PasscodeAnswer) or not answer.passcode:
            raise ended(Code.PASSCODE_NEEDED)
        return answer.passcode

    def spend(self, passcode: Secret | None) -> None:
        """Make sure that what was refused is never sent again."""
        self.request.account.password.spend()
        for secret in (passcode, self.request.passcode):
            if secret is not None:
                secret.spend()
