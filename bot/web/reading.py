"""From the fields of a posted page to the values that the service takes, and from its flaws to words beside a field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.linker.values import Answer, ConfirmAnswer, PasscodeAnswer, PasscodeQuestion
from bot.secret import Login, Secret, typed_name, typed_passcode
from bot.service import Field, Flaw, LinkForm, Problem
from bot.service.pages import QuestionPage
from bot.web.drawing import Wrong, answers_of
from bot.words import form as form_words
from bot.words import page as words

_CODE = re.compile(r"[0-9]{6}")
_ON_PAGE = frozenset(Field) - {Field.COURT}


def read_code(fields: Mapping[str, str]) -> str | None:
    """Return the six digits, without blanks that came along; None for anything else, which costs no try."""
    code = re.sub(r"\s", "", fields.get("code", ""))
    return code if _CODE.fullmatch(code) else None


def read_form(fields: Mapping[str, str]) -> LinkForm:
    """Return the form, without a court: the link knows it.

    Passwords are taken exactly as typed; names only lose the blanks around them, as in the chats.
    """

    def typed(name: Field) -> str:
        return fields.get(name.value, "")

    return LinkForm(
        court=None,
        pacer_username=Login(typed_name(typed(Field.PACER_USERNAME))),
        pacer_password=Secret(typed(Field.PACER_PASSWORD)),
        client_code=Login(typed_name(typed(Field.CLIENT_CODE))),
        cmecf_login=Login(typed_name(typed(Field.CMECF_LOGIN))),
        cmecf_password=Secret(typed(Field.CMECF_PASSWORD)),
        passcode=typed_passcode(typed(Field.PASSCODE)) if typed(Field.PASSCODE) else None,
        individual_account=typed(Field.INDIVIDUAL_ACCOUNT) == "yes",
        redaction_acknowledged=typed(Field.REDACTION) == "yes",
        caution_acknowledged=typed(Field.CAUTION) == "yes",
    )


def read_answer(fields: Mapping[str, str], page: QuestionPage) -> Answer | Wrong:
    """Return the answer to the page's question, or what to put right; a button that was not shown chooses nothing.

    None is the code alone, typed to be shown both accounts.
    """
    if isinstance(page.question, PasscodeQuestion):
        passcode = fields.get(Field.PASSCODE.value, "")
        if not passcode:
            return Wrong(Field.PASSCODE.value, form_words.flaw_words(Field.PASSCODE, Flaw.MISSING))
        return PasscodeAnswer(typed_passcode(passcode))
    chosen = fields.get("answer")
    if chosen is None:
        return None
    if chosen not in answers_of(page):
        return Wrong("answer", words.choose_words(answers_of(page)))
    return ConfirmAnswer(chosen == "link")


def wrong_code(code: str | None) -> Sequence[Wrong]:
    """Return what is said of a code that cannot be one; nothing for six digits."""
    return () if code else (Wrong("code", words.CODE_SHAPE),)


def wrong_fields(problems: Sequence[Problem]) -> Sequence[Wrong]:
    """Return the words for each problem, one a field, those about the court itself first and beside no field."""
    found: dict[str, Wrong] = {}
    for one in problems:
        name = one.field.value if one.field in _ON_PAGE else ""
        found.setdefault(one.field.value, Wrong(name, form_words.flaw_words(one.field, one.flaw)))
    return tuple(found.values())
