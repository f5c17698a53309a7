"""What courts have said about credentials and third-party services, and what the firm has decided for each court.

The summaries are ours; the courts' own words are at the addresses given. A court that is not listed here has not been
found to say anything, which is not leave: every filer's agreement and local rules hold all the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.courts.court import Court, CourtId
from bot.secret import Login


@dataclass(frozen=True, slots=True)
class Caution:
    """A court's published word against giving PACER or CM/ECF credentials to third-party services."""

    summary: str
    source: str
    said_on: date | None


class Way(StrEnum):
    """How the firm lets its attorneys link at a court (design 3)."""

    AUTOMATED = "automated"
    GUIDED = "guided"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Policy:
    """The way the firm has chosen for one court, and on whose word: `source` is an address, `decided_on` its date."""

    way: Way
    source: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Policies:
    """The firm's decisions, court by court; a court without one is automated, after its caution is ticked."""

    by_court: Mapping[CourtId, Policy] = field(default_factory=dict)

    def of(self, court: Court) -> Policy:
        """Return the policy for `court`."""
        return self.by_court.get(court.id, Policy(Way.AUTOMATED))


@dataclass(frozen=True, slots=True)
class ByHand:
    """How to link where the bot has no road: the court's exact label, and who says so."""

    label: str
    source: str


APPELLATE_BY_HAND = ByHand(
    label="Link my filer account to my PACER account",
    source="http://www.ca4.uscourts.gov/caseinformationefiling/efiling_cm-ecf/cm-ecf-next-gen/faqsnextgenaccounts",
)
"""Appellate courts use a label of their own; the Fourth Circuit asks for the link at the first sign-on."""

_SEALED = (
    "The court warns filers that PACER credentials shared with a third-party service give it access to sealed or "
    "restricted documents, against the court's orders."
)

CAUTIONS: Mapping[CourtId, Caution] = {
    CourtId("almb"): Caution(
        "The court tells filers not to share PACER credentials with third-party service providers, because these could "
        "then reach sealed or restricted documents.",
        "https://www.almb.uscourts.gov/news/reminder-about-sharing-ecf-credentials-third-parties",
        date(2023, 7, 11),
    ),
    CourtId("alnb"): Caution(_SEALED, "https://www.alnb.uscourts.gov/cmecf-info", None),
    CourtId("ared"): Caution(
        "The court warns filers that PACER credentials shared with a third-party service give it access to documents "
        "that are restricted to the participants of a case.",
        "https://www.are.uscourts.gov/news/third-party-services-and-access-cmecf",
        date(2023, 7, 26),
    ),
    CourtId("azb"): Caution(
        "The court warns filers that CM/ECF and PACER credentials shared with a third-party service give it access to "
        "sealed documents, against the court's orders.",
        "http://www.azb.uscourts.gov/news/third-party-services-and-access-documents-cmecf",
        None,
    ),
    CourtId("deb"): Caution(_SEALED, "https://www.deb.uscourts.gov/general-information", None),
    CourtId("ksb"): Caution(
        "The court tells filers not to use third-party services or software that link directly to a PACER account.",
        "http://www.ksb.uscourts.gov/news/third-party-services-and-access-cmecf",
        date(2023, 8, 15),
    ),
    CourtId("lamd"): Caution(
        "The court warns filers that since NextGen one PACER account opens restricted and sealed documents too, and "
        "that whoever shares its credentials with a third-party service lets the service reach them.",
        "http://www.lamd.uscourts.gov/news/notice-cmecf-filers-third-party-services-and-account-credentials",
        date(2019, 2, 5),
    ),
    CourtId("nynb"): Caution(
        "The court tells filers not to give their credentials to third-party services.",
        "https://www.nynb.uscourts.gov/news/protecting-your-cmecf-account-credentials",
        None,
    ),
}
"""Cautions by court; several courts repeat a memorandum of the Administrative Office of 10 July 2023."""

_PLAIN_LOGIN = re.compile(r"[A-Za-z0-9._-]*")
_REFUSES_ODD_LOGINS: Mapping[CourtId, str] = {CourtId("pawd"): "https://www.pawd.uscourts.gov/nextgen-information"}
"""Courts that say that a CM/ECF login with special characters (&, @, $, * ...) cannot be linked; protocol section 3."""


def caution(court: Court) -> Caution | None:
    """Return what `court` has published against giving credentials away, or None where nothing was found."""
    return CAUTIONS.get(court.id)


def odd_login(login: Login) -> bool:
    """Tell whether a CM/ECF login has a character outside A-Z a-z 0-9 . _ - and so deserves a warning anywhere."""
    return _PLAIN_LOGIN.fullmatch(login.text) is None


def unlinkable_login(court: Court, login: Login) -> bool:
    """Tell whether `court` is known not to link a CM/ECF login like this one: it has to be changed there first."""
    return court.id in _REFUSES_ODD_LOGINS and odd_login(login)
