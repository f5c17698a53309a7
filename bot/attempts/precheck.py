"""What can be known of a form without any network, so that a hopeless attempt costs no sign-on (design 5).

Sources: protocol section 3, "Pre-checks the bot can make with no network"; users.md rows 9, 10, 12 and 17.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.attempts.form import Field, Flaw, LinkForm, Problem
from bot.courts.court import Court
from bot.errors import Code
from bot.secret import Secret

LEGACY_LENGTH = 6
"""PACER user names of accounts from before August 2014 have exactly six characters (protocol section 1.7)."""

PASSCODE_LENGTHS = range(4, 25)
"""An authenticator app gives six digits; the form of PACER's backup codes is not published: any short code passes."""

_HINDRANCE_FLAW = {
    Code.LINKING_OFF: Flaw.LINKING_OFF,
    Code.COURT_UNSUPPORTED: Flaw.COURT_UNSUPPORTED,
    Code.NOT_LIVE: Flaw.NOT_LIVE,
}


def hindrance(court: Court, now: datetime, *, linking: bool) -> Code | None:
    """Return why nobody can link at `court` now, or None; an unknown date never refuses: the court's page decides."""
    if not linking:
        return Code.LINKING_OFF
    if court.unlinkable is not None:
        return Code.COURT_UNSUPPORTED
    if court.live(now) is False:
        return Code.NOT_LIVE
    return None


def passcode_fits(passcode: Secret) -> bool:
    """Tell whether this can be a passcode: 4 to 24 visible characters without a blank (they are never trimmed)."""
    text = passcode.reveal()
    return len(text) in PASSCODE_LENGTHS and all(
        character.isprintable() and not character.isspace() for character in text
    )


def problems(
    form: LinkForm, *, court: Court | None, hindered: Code | None, unlinkable_login: bool, cautioned: bool
) -> Iterator[Problem]:
    """Yield what is wrong with `form`, the court first, then the fields in the order of the form.

    `court` is the one that the form names (None: none such), `hindered` the answer of hindrance(), `unlinkable_login`
    whether the court is known not to link logins like this one, `cautioned` whether the court's caution needs its tick.
    """
    if form.court is None:
        yield Problem(Field.COURT, Flaw.MISSING)
    elif court is None:
        yield Problem(Field.COURT, Flaw.UNKNOWN_COURT)
    elif hindered is not None:
        yield Problem(Field.COURT, _HINDRANCE_FLAW[hindered], hindered)
    yield from _username(form)
    if not form.pacer_password:
        yield Problem(Field.PACER_PASSWORD, Flaw.MISSING)
    if not form.cmecf_login:
        yield Problem(Field.CMECF_LOGIN, Flaw.MISSING)
    elif unlinkable_login:
        yield Problem(Field.CMECF_LOGIN, Flaw.LOGIN_UNLINKABLE, Code.ECF_LOGIN_UNLINKABLE)
    if not form.cmecf_password:
        yield Problem(Field.CMECF_PASSWORD, Flaw.MISSING)
    if not form.individual_account:
        yield Problem(Field.INDIVIDUAL_ACCOUNT, Flaw.NOT_TICKED, Code.INDIVIDUAL_ACCOUNT_REQUIRED)
    if not form.redaction_acknowledged:
        yield Problem(Field.REDACTION, Flaw.NOT_TICKED, Code.REDACTION_REQUIRED)
    if cautioned and not form.caution_acknowledged:
        yield Problem(Field.CAUTION, Flaw.NOT_TICKED)
    if form.passcode and not passcode_fits(form.passcode):
        yield Problem(Field.PASSCODE, Flaw.PASSCODE_SHAPE, Code.PASSCODE_NEEDED)


def _username(form: LinkForm) -> Iterator[Problem]:
    length = len(form.pacer_username.text.strip())
    if length == 0:
        yield Problem(Field.PACER_USERNAME, Flaw.MISSING)
    elif length < LEGACY_LENGTH:
        yield Problem(Field.PACER_USERNAME, Flaw.SHORT_USERNAME, Code.PACER_REFUSED)
    elif length == LEGACY_LENGTH:
        yield Problem(Field.PACER_USERNAME, Flaw.LEGACY_USERNAME, Code.PACER_LEGACY)
