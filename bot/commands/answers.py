"""What a person would type: the answers file of `link-ecf link`, or prompts that hide what is typed."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bot.courts.court import Court
from bot.courts.policy import Caution
from bot.linker.values import Comparison, ConfirmQuestion
from bot.secret import Login, Secret, typed_name, typed_passcode
from bot.service import Field, LinkForm
from bot.words.form import ACCOUNT_SHOWN, BOXES, FIELDS, FILER_SHOWN, LAST_STEP, REDACTION_NOTICE, caution_words

CONFIRM = "confirm"
LARGEST = 100_000
"""Characters of an answers file; a real one has some hundreds."""

_TEXTS = ("pacer_username", "pacer_password", "client_code", "cmecf_login", "cmecf_password")
_TICKS = ("redaction_acknowledged", "individual_account", "caution_acknowledged", CONFIRM)
_KNOWN = frozenset({*_TEXTS, *_TICKS, "passcode", "court"})


@dataclass(frozen=True)
class Given:
    """The form, the passcodes for later questions, and the answer to "are these yours?" (None: nobody answers)."""

    form: LinkForm
    passcodes: tuple[Secret, ...] = ()
    confirm: bool | None = None
    asked_live: bool = False


class Malformed(ValueError):
    """The answers cannot be read; the message names the key that is wrong and never shows a value."""


def from_file(name: str, court: Court) -> Given:
    """Read answers from the file `name`, or from stdin for "-". Raises Malformed."""
    try:
        if name == "-":
            text = sys.stdin.buffer.read(LARGEST + 1).decode("utf-8-sig")
        else:
            with Path(name).open("rb") as file:
                text = file.read(LARGEST + 1).decode("utf-8-sig")
    except OSError as error:
        raise Malformed(f"cannot read {name}: {error.strerror}") from None
    except ValueError:  # not UTF-8, or a name that no file can have
        raise Malformed("is not UTF-8 text") from None
    if len(text) > LARGEST:
        raise Malformed("is too long")
    return parse(text, court)


def parse(text: str, court: Court) -> Given:
    """Return the answers in `text`. Raises Malformed; what stands in the text is never repeated."""
    try:
        answers = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("is not JSON") from None
    if not isinstance(answers, dict):
        raise Malformed("is not a JSON object")
    if unknown := len(answers.keys() - _KNOWN):
        # A key is not repeated: somebody may have put a password in its place.
        known = ", ".join(sorted(_KNOWN - {"court"}))
        click.echo(f"link-ecf: {unknown} unknown in the answers, ignored. Known are: {known}.", err=True)
    texts = {name: _text(answers, name) for name in _TEXTS}
    ticks = {name: _tick(answers, name) for name in _TICKS}
    first, *more = _passcodes(answers) or [""]
    form = LinkForm(
        court=court.id,
        pacer_username=Login(typed_name(texts["pacer_username"])),
        pacer_password=Secret(texts["pacer_password"]),
        client_code=Login(typed_name(texts["client_code"])),
        cmecf_login=Login(typed_name(texts["cmecf_login"])),
        cmecf_password=Secret(texts["cmecf_password"]),
        passcode=typed_passcode(first) if first else None,
        individual_account=ticks["individual_account"] is True,
        redaction_acknowledged=ticks["redaction_acknowledged"] is True,
        # The court's caution is printed; whoever wrote the file and runs it has read it (design 9 has no key for it).
        caution_acknowledged=ticks["caution_acknowledged"] is not False,
    )
    return Given(form, tuple(typed_passcode(one) for one in more), ticks[CONFIRM])


def _text(answers: Mapping[str, Any], name: str) -> str:
    value = answers.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(f"{name} has to be a string")
    return _typable(value, name)


def _typable(text: str, name: str) -> str:
    """Refuse what no field takes, such as a line break: it would be sent as something else than was meant."""
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise Malformed(f"{name} holds characters that cannot be typed")
    return text


def _tick(answers: Mapping[str, Any], name: str) -> bool | None:
    value = answers.get(name)
    if value is not None and not isinstance(value, bool):
        raise Malformed(f"{name} has to be true or false")
    return value


def _passcodes(answers: Mapping[str, Any]) -> list[str]:
    value = answers.get("passcode")
    if value is None:
        return []
    codes = [value] if isinstance(value, str) else value
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise Malformed("passcode has to be a string or a list of strings")
    return [_typable(code, "passcode") for code in codes]


def prompted(court: Court, caution: Caution | None) -> Given:
    """Ask for all but the passcode, which is asked when PACER asks. Raises click.Abort on Ctrl-C or end of input."""
    click.echo(f"Linking at {court.name}. Passwords are not shown while you type. Ctrl-C stops.", err=True)
    acknowledged = True
    if caution is not None:
        click.echo("\n".join(caution_words(court, caution)), err=True)
        acknowledged = click.confirm(FIELDS[Field.CAUTION].label, default=False, err=True)
    username = _ask(Field.PACER_USERNAME)
    password = _ask(Field.PACER_PASSWORD, hide=True)
    client_code = _ask(Field.CLIENT_CODE, optional=True)
    login = _ask(Field.CMECF_LOGIN)
    cmecf_password = _ask(Field.CMECF_PASSWORD, hide=True)
    click.echo(REDACTION_NOTICE, err=True)
    click.echo(f"{LAST_STEP}\n{FILER_SHOWN}: {login}\n{ACCOUNT_SHOWN}: {username}", err=True)
    form = LinkForm(
        court=court.id,
        pacer_username=Login(typed_name(username)),
        pacer_password=Secret(password),
        client_code=Login(typed_name(client_code)),
        cmecf_login=Login(typed_name(login)),
        cmecf_password=Secret(cmecf_password),
        passcode=None,
        redaction_acknowledged=_tick_box(Field.REDACTION),
        individual_account=_tick_box(Field.INDIVIDUAL_ACCOUNT),
        caution_acknowledged=acknowledged,
    )
    return Given(form, asked_live=True)


def _ask(field: Field, *, hide: bool = False, optional: bool = False) -> str:
    label = FIELDS[field].label + (" (optional, Enter for none)" if optional else "")
    answer: str = click.prompt(
        label, hide_input=hide, err=True, default="" if optional else None, show_default=False, type=str
    )
    return answer


def _tick_box(field: Field) -> bool:
    return click.confirm(f"{FIELDS[field].label}\n{BOXES[field]}", default=False, err=True)


def ask_passcode() -> Secret | None:
    """Ask for the passcode; None when nothing was typed."""
    typed: str = click.prompt(FIELDS[Field.PASSCODE].label, hide_input=True, err=True, default="", show_default=False)
    return typed_passcode(typed) if typed else None


def ask_confirm(question: ConfirmQuestion) -> bool:
    """Ask whether both accounts are the person's; only a plain yes is a yes, and a differing name offers none."""
    if question.comparison is Comparison.DIFFER:
        click.pause("Press a key to stop.", err=True)
        return False
    return click.confirm("These are mine - link them?", default=False, err=True)
