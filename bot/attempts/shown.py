"""What a court shows of both accounts, sealed for the time in which their person is asked whether they are theirs.

Any replica may have to show them before it takes a yes (design, promise 3), and no row may hold a name in the clear.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime

from bot.attempts.attempt import AttemptView, OpenQuestion
from bot.attempts.record import person_of
from bot.linker.values import ConfirmQuestion
from bot.store import AttemptRow
from bot.vault import CannotOpen, Vault, accounts_place


def seal_accounts(vault: Vault, view: AttemptView, asked: OpenQuestion, shown: ConfirmQuestion) -> str:
    """Return both accounts of the open question of `view`, sealed until it ends, as text."""
    place = accounts_place(view.person.workspace, view.person.id, view.id, asked.number, asked.until)
    sealed = vault.seal(place, json.dumps([shown.filer_shown, shown.account_shown]).encode())
    return base64.b64encode(sealed).decode()


def open_accounts(vault: Vault, row: AttemptRow, now: datetime) -> tuple[str, str] | None:
    """Return filer and account as the court showed them; None for a seal that is another's, altered, or over at `now`.

    `now` is aware. Rows of an older version hold none.
    """
    text = (row.question or {}).get("sealed")
    if not isinstance(text, str) or row.question_until is None:
        return None
    person = person_of(row)
    place = accounts_place(person.workspace, person.id, row.id, row.question_number, row.question_until)
    try:
        with vault.opened(place, base64.b64decode(text, validate=True), now) as shown:
            filer, account = json.loads(bytes(shown))
    except (CannotOpen, binascii.Error):
        return None
    return str(filer), str(account)
