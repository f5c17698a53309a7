"""Who makes the attempts that are killed: one attorney for each, with secrets that are found wherever they go."""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Mapping
from typing import Any

from bot.attempts.form import LinkForm
from bot.courts.court import CourtId
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.sandbox import PretendAccount, PretendFiler, Sandbox
from bot.secret import Login, Secret

COURT = CourtId("gasb")
_NUMBERS = itertools.count(1)


def attorney(sandbox: Sandbox) -> dict[str, str]:
    """A new attorney, known to PACER (which asks for a passcode) and to the court: everything that they type."""
    name = f"{next(_NUMBERS):04d}"
    typed = {
        "name": name,
        "account": f"acct{secrets.token_hex(4)}{name}",
        "login": f"filer{secrets.token_hex(4)}{name}",
        "account_password": f"Pacer-{secrets.token_hex(8)}",
        "filer_password": f"Filer+{secrets.token_hex(8)}",
        "passcode": f"Code{secrets.token_hex(6)}",
    }
    code = typed["passcode"]
    sandbox.add_account(
        PretendAccount(typed["account"], typed["account_password"], passcode=code, files_elsewhere=True)
    )
    sandbox.add_filer(COURT, PretendFiler(typed["login"], typed["filer_password"]))
    return typed


def canaries(typed: Mapping[str, str]) -> list[bytes]:
    """What may stand nowhere."""
    return [text.encode() for what, text in typed.items() if what != "name"]


def person_of(name: str) -> Person:
    """Who it is in the chat."""
    assert re.fullmatch(r"\d+", name)
    return Person(Platform.SLACK, WorkspaceId("TFIRM"), PersonId(f"U{name}"))


def form_of(typed: Mapping[str, Any]) -> LinkForm:
    """The form as this attorney fills it in; the passcode is asked for later."""
    return LinkForm(
        court=COURT,
        pacer_username=Login(typed["account"]),
        pacer_password=Secret(typed["account_password"]),
        client_code=Login(""),
        cmecf_login=Login(typed["login"]),
        cmecf_password=Secret(typed["filer_password"]),
        passcode=None,
        individual_account=True,
        redaction_acknowledged=True,
    )
