"""A pretend PACER and pretend courts, over TLS and under the real names, for the demo, the tests and the benchmarks.

Nothing in here has ever been a court's: the menu pages imitate the shape of real ones, and the pages that no court has
published (link form, verify page, success, Utilities, the sign-on page as a whole) are reconstructions from the words
of the guides, marked as such in every copy.
"""

from bot.sandbox.accounts import AccountTrouble, FilerTrouble, PretendAccount, PretendFiler
from bot.sandbox.faults import FOREIGN_HOST, Fault
from bot.sandbox.ledger import Asked, Kind, Ledger
from bot.sandbox.pretend_court import PretendCourt
from bot.sandbox.profiles import (
    AfterSignOn,
    Charset,
    CookieRoad,
    CourtChoice,
    CourtProfile,
    Faces,
    Finish,
    Href,
    Landing,
    LinkForm,
    Refusal,
    SignedOut,
    SignOnProfile,
    Success,
    UtilitiesRoad,
    VerifyNames,
    VerifyShape,
)
from bot.sandbox.server import Sandbox

__all__ = [
    "FOREIGN_HOST",
    "AccountTrouble",
    "AfterSignOn",
    "Asked",
    "Charset",
    "CookieRoad",
    "CourtChoice",
    "CourtProfile",
    "Faces",
    "Fault",
    "FilerTrouble",
    "Finish",
    "Href",
    "Kind",
    "Landing",
    "Ledger",
    "LinkForm",
    "PretendAccount",
    "PretendCourt",
    "PretendFiler",
    "Refusal",
    "Sandbox",
    "SignOnProfile",
    "SignedOut",
    "Success",
    "UtilitiesRoad",
    "VerifyNames",
    "VerifyShape",
]
