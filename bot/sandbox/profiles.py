"""How a pretend court and the pretend sign-on behave: every difference between real courts that is on record.

Sources: reference on CM/ECF (protocol sections 1.3-1.7, 2.1-2.8), on courts (section 5), and the two guides.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.courts.court import Court, CourtKind
from bot.sandbox.faults import Fault
from bot.sandbox.ledger import Kind


class Landing(StrEnum):
    """What a court's host root shows (courts, section 5)."""

    LINK = "link"
    BUTTON = "button"
    META_REFRESH = "meta_refresh"
    """A meta refresh to ShowIndex.pl, where the link is: all district courts."""
    STRAIGHT_IN = "straight_in"
    """No front page: the root answers as login.pl does."""
    SIGN_ON_LINK = "sign_on_link"
    """The link leads to PACER's sign-on page at once."""
    TRAIN_ONLY = "train_only"
    """The only link leads to the training court on another host."""


class Href(StrEnum):
    """How the front page and the menus write an address."""

    RELATIVE = "relative"
    ABSOLUTE = "absolute"
    PARENT = "parent"
    """`../cgi-bin/...`"""


class SignedOut(StrEnum):
    """What a court answers to somebody who is not signed on (protocol section 2.2)."""

    LOCATION_ASSIGN = "location_assign"
    DOCUMENT_LOCATION = "document_location"
    HTTP_302 = "http_302"
    CURRENTGEN = "currentgen"
    """The old login form: this court is not live on NextGen."""


class AfterSignOn(StrEnum):
    """What login.pl answers once PACER's cookie is there."""

    MENU = "menu"
    SCRIPT_PAGE = "script_page"
    """A page of scripts only, which set the cookies and go on to the menu."""


class UtilitiesRoad(StrEnum):
    """Where the link to the link form is (protocol section 2.5)."""

    YOUR_ACCOUNT = "your_account"
    TOP_LEVEL = "top_level"
    NEXTGEN_MENU = "nextgen_menu"
    NOT_OFFERED = "not_offered"


class CourtChoice(StrEnum):
    """Whether the sign-on page asks "Where would you like to go?" (guide GASB step 4)."""

    NOT_ASKED = "not_asked"
    LISTED = "listed"
    NOT_LISTED = "not_listed"


class LinkForm(StrEnum):
    """How the link form is built; which one real courts use is not public (protocol section 2.6)."""

    MULTIPART = "multipart"
    URLENCODED = "urlencoded"
    JSF = "jsf"


class VerifyShape(StrEnum):
    """How the verify page lays the two accounts out."""

    TABLE_ROWS = "table_rows"
    COLUMN_TABLE = "column_table"
    PROSE = "prose"
    READONLY_INPUTS = "readonly_inputs"


class VerifyNames(StrEnum):
    """What the verify page calls the two accounts."""

    OWN = "own"
    OTHER_ACCOUNT = "other_account"
    """The PACER account shown is somebody else's: the page says so, the person must not confirm."""
    OTHER_FILER = "other_filer"
    ABSENT = "absent"
    FULL_NAMES = "full_names"
    """Only the persons' names, no login and no user name."""


class Success(StrEnum):
    """What the court says after the final Submit."""

    PAGE = "page"
    POP_UP = "pop_up"
    SILENCE = "silence"
    """The menu, and no word about it."""
    EMAIL = "email"


class Refusal(StrEnum):
    """How the court refuses a CM/ECF login."""

    FORM_AGAIN = "form_again"
    ONE_LINE = "one_line"


class CookieRoad(StrEnum):
    """How a court's cookies reach the browser (protocol section 2.3)."""

    HEADERS = "headers"
    SCRIPTS = "scripts"
    BOTH = "both"


class Charset(StrEnum):
    """How a court's pages are encoded and where they say so."""

    UTF_8 = "utf_8"
    CP1252_HEADER = "cp1252_header"
    CP1252_META = "cp1252_meta"


class Faces(StrEnum):
    """The prefix of the Faces parameters."""

    JAVAX = "javax"
    JAKARTA = "jakarta"


class Finish(StrEnum):
    """How the sign-on page lets go of the browser in the end."""

    PARTIAL_REDIRECT = "partial_redirect"
    HTTP_302 = "http_302"


OTHER_ACCOUNT_NAME = "someoneelse2"
"""The user name that VerifyNames.OTHER_ACCOUNT shows."""

OTHER_FILER_NAME = "otherfiler"
"""The CM/ECF login that VerifyNames.OTHER_FILER shows."""


@dataclass(frozen=True)
class CourtProfile:
    """One court's manners; replace it on the running court to change them (`court.profile = replace(...)`).

    Without `verify_page` the link form itself links: so WVSD's published steps have it (protocol section 8).

    `spurious_redirects`, `no_privileges` and `interstitials` count answers per sign-on; `link_delay_requests` counts
    pages and `link_delay_seconds` seconds for which the menu still shows the account unlinked after the final Submit.
    """

    landing: Landing = Landing.LINK
    landing_label: str = ""
    landing_href: Href = Href.RELATIVE
    train_link: bool = False
    signed_out: SignedOut = SignedOut.LOCATION_ASSIGN
    after_sign_on: AfterSignOn = AfterSignOn.MENU
    menu_href: Href = Href.RELATIVE
    log_out_label: str = "Log Out"
    redaction_page: bool = False
    court_choice: CourtChoice = CourtChoice.NOT_ASKED
    road: UtilitiesRoad = UtilitiesRoad.YOUR_ACCOUNT
    link_label: str = "Link a CM/ECF account to my PACER account"
    link_form: LinkForm = LinkForm.MULTIPART
    verify_page: bool = True
    verify_shape: VerifyShape = VerifyShape.TABLE_ROWS
    verify_names: VerifyNames = VerifyNames.OWN
    success: Success = Success.PAGE
    refusal: Refusal = Refusal.FORM_AGAIN
    cookies: CookieRoad = CookieRoad.BOTH
    charset: Charset = Charset.UTF_8
    faces: Faces = Faces.JAVAX
    link_delay_requests: int = 0
    link_delay_seconds: float = 0.0
    spurious_redirects: int = 0
    no_privileges: int = 0
    interstitials: int = 0
    referer_guard: bool = True
    faults: frozenset[Fault] = frozenset()
    at: Kind | None = None


@dataclass(frozen=True)
class SignOnProfile:
    """The manners of the pretend PACER; replace it on the running sandbox (`sandbox.sign_on = replace(...)`)."""

    faces: Faces = Faces.JAKARTA
    finish: Finish = Finish.PARTIAL_REDIRECT
    faults: frozenset[Fault] = frozenset()
    at: Kind | None = None


def usual_profile(court: Court) -> CourtProfile:
    """Return the manners of this court: its front page as the directory has it, all else as most courts do it."""
    ways = {"link": Landing.LINK, "button_onclick": Landing.BUTTON, "meta_refresh": Landing.META_REFRESH}
    if court.landing is not None and court.landing.way in ways:
        return CourtProfile(landing=ways[court.landing.way], landing_label=court.landing.label)
    return CourtProfile(landing=Landing.LINK if court.kind is CourtKind.BANKRUPTCY else Landing.META_REFRESH)
