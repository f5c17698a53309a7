"""Draws the page: templates that escape every value, loaded once, so that a request only fills them in.

What a page shows of a form that is sent back is names only: a password, a passcode or a code is never written into a
page, and no box is ever ticked by the bot (design, promises 1 and 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.linker.values import ConfirmQuestion
from bot.service.pages import FormPage, Page, QuestionPage
from bot.web.files import StaticFiles
from bot.words import form as form_words
from bot.words import page as words
from bot.words import question_words
from bot.words.said import Words

SHOWN_AGAIN = ("pacer_username", "client_code", "cmecf_login")
"""The fields whose text may stand in a page that is sent back."""

_TEMPLATES = ("form.html", "passcode.html", "knock.html", "accounts.html", "said.html")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing to put right, in words; `field` is the name of its field, "" when it is about the page as a whole."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a form shows besides the court's own part: the hidden field, what was typed, what is wrong with it.

    `code` is the link's, once it was typed and found right: without it no account is shown.
    """

    csrf: str
    errors: Sequence[Wrong] = ()
    typed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A sheet as the templates ask for it."""

    title: str
    after_errors: str
    sheet: Sheet

    @property
    def csrf(self) -> str:
        """The hidden field."""
        return self.sheet.csrf

    @property
    def code(self) -> str:
        """The code that was found right, for the buttons under both accounts."""
        return self.sheet.code

    @property
    def errors(self) -> Sequence[Wrong]:
        """What is wrong, in the order of the page."""
        return self.sheet.errors

    def error_of(self, name: str) -> str:
        """Return what stands beside the field `name`, "" where nothing is wrong."""
        return next((one.text for one in self.sheet.errors if one.field == name), "")

    def value_of(self, name: str) -> str:
        """Return what the person had typed, of fields that are no secret."""
        return self.sheet.typed.get(name, "") if name in SHOWN_AGAIN else ""


class Drawing:
    """The page in HTML. Each method takes the nonce of the answer's policy."""

    def __init__(self, files: StaticFiles) -> None:
        self._environment = Environment(
            loader=PackageLoader("bot.web"),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {"words": words, "form_words": form_words, "files": files}
        self._templates = {name: self._environment.get_template(name) for name in _TEMPLATES}

    def page(self, page: Page, sheet: Sheet, nonce: str) -> str:
        """Return the form, or the question, that a link leads to."""
        if isinstance(page, FormPage):
            return self._form(page, sheet, nonce)
        return self._question(page, sheet, nonce)

    def said(self, shown: Words, nonce: str) -> str:
        """Return a page that only says something."""
        plain = _Shown(shown.title, "", Sheet(""))
        return self._draw("said.html", nonce, shown=plain, paragraphs=shown.paragraphs)

    def _form(self, page: FormPage, sheet: Sheet, nonce: str) -> str:
        caution = page.caution
        return self._draw(
            "form.html",
            nonce,
            shown=_Shown(words.FORM_HEADING, words.ERRORS_FORM, sheet),
            where=words.where_words(page.court),
            until=words.sent_once_words(page.court, page.until),
            moment=_moment(page),
            caution=form_words.caution_words(page.court, caution)[:-1] if caution else (),
            caution_source=caution.source if caution else "",
        )

    def _question(self, page: QuestionPage, sheet: Sheet, nonce: str) -> str:
        asked = question_words(page.question, page.court)
        values = {
            "shown": _Shown(asked.title, words.ERRORS_QUESTION, sheet),
            "asked": asked,
            "where": words.where_words(page.court),
            "until": words.open_until_words(page.court, page.until),
            "moment": _moment(page),
        }
        if isinstance(page.question, ConfirmQuestion) and not sheet.code:
            return self._draw("knock.html", nonce, **values)
        if isinstance(page.question, ConfirmQuestion):
            return self._draw("accounts.html", nonce, **values, **_accounts(page.question))
        return self._draw("passcode.html", nonce, **values)

    def _draw(self, template: str, nonce: str, **values: object) -> str:
        return self._templates[template].render(nonce=nonce, **values)


def _moment(page: Page) -> Mapping[str, str]:
    """What the page's script needs to say the same moment by the clock of the computer that shows it."""
    return {"at": page.until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "zone": page.court.zone.key}


def answers_of(page: QuestionPage) -> Sequence[str]:
    """Return the buttons that a question has: none but Stop where both accounts are not seen, or PACER's is another."""
    if not isinstance(page.question, ConfirmQuestion):
        return ()
    return ("link", "stop") if page.question.may_link else ("stop",)


def _accounts(question: ConfirmQuestion) -> dict[str, str | bool]:
    return {
        "account": question.account_shown,
        "filer": question.filer_shown,
        "comparison": question.comparison.value,
        "here": question.here,
        "may_link": question.may_link,
    }
