"""The pages that no court has ever published: Utilities, the link form, the verify page, the success page.

Every page here is a reconstruction from the words of the guides and of court announcements (protocol sections 2.5 and
2.6) and says so in a comment. Script names and field names are made up: nothing may depend on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from bot.courts.court import Court
from bot.sandbox.accounts import PretendAccount, PretendFiler
from bot.sandbox.faults import FOREIGN_HOST
from bot.sandbox.menus import RECONSTRUCTION, cgi
from bot.sandbox.profiles import (
    OTHER_ACCOUNT_NAME,
    OTHER_FILER_NAME,
    CourtProfile,
    LinkForm,
    Success,
    UtilitiesRoad,
    VerifyNames,
    VerifyShape,
)

LINK_SCRIPT = "linkAccounts.pl"
LINK_MODULE = "/n/acctlink/pages/link.jsf"
VERIFY_MODULE = "/n/acctlink/pages/verify.jsf"
NEXTGEN_QUERY = "NextGenRelease1_1"
EMAIL_SENTENCE = "A confirmation has been sent to your primary e-mail address."


@dataclass(frozen=True)
class Sheet:
    """A form as it was shown, which is what the next POST is checked against.

    `fixed` must come back as it is, `free` are the fields to fill, `button` is the one to press, `never` are controls
    that a browser would not send (disabled, unchecked, not pressed).
    """

    address: str
    multipart: bool
    fixed: tuple[tuple[str, str], ...]
    free: tuple[str, ...]
    button: tuple[str, str]
    never: tuple[str, ...]


def utilities(court: Court, profile: CourtProfile, user_id: int, linked: bool) -> str:
    """Return the content of the Utilities page: with the link, or the road to it, unless the person is linked."""
    link, menu = "", ""
    if not linked and profile.road in (UtilitiesRoad.YOUR_ACCOUNT, UtilitiesRoad.TOP_LEVEL):
        link = _link(court, profile)
    if profile.road is UtilitiesRoad.NEXTGEN_MENU:
        query = escape(f"DisplayMenu.pl?{NEXTGEN_QUERY}&id={user_id}")
        menu = f"<p><a href='{cgi(court, profile, query)}'>NextGen Release 1.1 Menu Items</a></p>"
    top = link if profile.road is UtilitiesRoad.TOP_LEVEL else ""
    own = link if profile.road is UtilitiesRoad.YOUR_ACCOUNT else ""
    upkeep = f"<a href='{cgi(court, profile, 'MaintUser.pl')}'>Maintain Your ECF Account</a><br>" if linked else ""
    return f"""{RECONSTRUCTION}
<h3>Utilities</h3>
{top}{menu}
<table class="menutable"><tr valign="top"><td><b>Your Account</b><br>
{upkeep}{own}
<a href='{cgi(court, profile, "ClientCode.pl")}'>Change Client Code</a><br>
<a href='{cgi(court, profile, "BillingRpt.pl")}'>Review Billing History</a><br></td>
<td><b>Miscellaneous</b><br>
<a href='{cgi(court, profile, "Mailing.pl")}'>Mailings...</a><br>
<a href='{cgi(court, profile, "VerifyDoc.pl")}'>Verify a Document</a></td></tr></table>
"""


def nextgen_menu(court: Court, profile: CourtProfile, linked: bool) -> str:
    """Return the content of "NextGen Release 1.1 Menu Items"."""
    link = "" if linked or profile.road is not UtilitiesRoad.NEXTGEN_MENU else _link(court, profile)
    other = f"<a href='{cgi(court, profile, 'WhatsNew.pl')}'>About this release</a>"
    return f"{RECONSTRUCTION}\n<h3>NextGen Release 1.1 Menu Items</h3>\n<p>{link}{other}</p>\n"


def _link(court: Court, profile: CourtProfile) -> str:
    href = LINK_MODULE if profile.link_form is LinkForm.JSF else cgi(court, profile, LINK_SCRIPT)
    return f"<a href='{href}'>{escape(profile.link_label)}</a><br>\n"


def foreign_link() -> str:
    """Return a link with the right words to the wrong host."""
    return f"<a href='https://{FOREIGN_HOST}/{LINK_SCRIPT}'>Link a CM/ECF account to my PACER account</a>\n"


def link_sheet(profile: CourtProfile, digits: str, state: str) -> Sheet:
    """Return the link form that this court shows next; `digits` and `state` are new at every showing."""
    if profile.link_form is LinkForm.JSF:
        return Sheet(
            LINK_MODULE,
            False,
            (("linkForm", "linkForm"), (f"{profile.faces}.faces.ViewState", state), ("linkForm:origin", "utilities")),
            ("linkForm:ecfLogin", "linkForm:ecfPassword"),
            ("linkForm:btnSubmit", "Submit"),
            ("linkForm:branch", "linkForm:keep", "linkForm:btnCancel"),
        )
    return Sheet(
        f"/cgi-bin/{LINK_SCRIPT}?{digits}-L_1_0-1",
        profile.link_form is LinkForm.MULTIPART,
        (("step", "1"), ("state", state), ("origin", "utilities")),
        ("ecf_login", "ecf_pass"),
        ("button1", "Submit"),
        ("branch", "keep", "cancel"),
    )


def link_form(profile: CourtProfile, sheet: Sheet, action: str, method: str = "POST", message: str = "") -> str:
    """Return the content with the link form; the third fixed control stands outside the form, with `form=`."""
    login, password = sheet.free
    disabled, unticked, cancel = sheet.never
    hidden = _hidden(sheet.fixed[:2])
    outside, origin = sheet.fixed[2]
    said = f'<p><font color="red"><b>{escape(message)}</b></font></p>' if message else ""
    enctype = ' enctype="multipart/form-data"' if sheet.multipart else ""
    return f"""{RECONSTRUCTION}
<h3>{escape(profile.link_label)}</h3>
{said}<form id="linkaccount"{enctype} method="{method}" action="{escape(action)}">
{hidden}<input type="text" name="{disabled}" value="1" disabled>
<table><tr><td><label for="f1">CM/ECF login</label></td>
<td><input id="f1" type="text" name="{login}" value="" size="20"></td></tr>
<tr><td><label for="f2">CM/ECF password</label></td>
<td><input id="f2" type="password" autocomplete="off" name="{password}" size="20"></td></tr>
<tr><td colspan="2"><input type="checkbox" name="{unticked}" value="on"> Keep this page open</td></tr></table>
<input type="submit" name="{sheet.button[0]}" value="{sheet.button[1]}">
<input type="submit" name="{cancel}" value="Cancel"><input type="reset" name="reset" value="Clear"></form>
<input type="hidden" form="linkaccount" name="{outside}" value="{origin}">
"""


def verify_sheet(profile: CourtProfile, digits: str, state: str, shown: tuple[str, str]) -> Sheet:
    """Return the form of the verify page; readonly inputs come back like hidden ones."""
    fixed: tuple[tuple[str, str], ...] = (("step", "2"), ("state", state))
    address, multipart = f"/cgi-bin/{LINK_SCRIPT}?{digits}-L_2_0-1", profile.link_form is LinkForm.MULTIPART
    button, cancel = ("button1", "Submit"), "cancel"
    if profile.link_form is LinkForm.JSF:
        fixed = (("verifyForm", "verifyForm"), (f"{profile.faces}.faces.ViewState", state))
        address, button, cancel = VERIFY_MODULE, ("verifyForm:btnSubmit", "Submit"), "verifyForm:btnCancel"
    if profile.verify_shape is VerifyShape.READONLY_INPUTS and profile.verify_names is not VerifyNames.ABSENT:
        fixed += (("ecf_account", shown[0]), ("pacer_account", shown[1]))
    return Sheet(address, multipart, fixed, (), button, (cancel,))


def shown_names(names: VerifyNames, filer: PretendFiler, account: PretendAccount) -> tuple[str, str]:
    """Return what the verify page shows of the CM/ECF side and of the PACER side, in this order."""
    if names is VerifyNames.ABSENT:
        return "", ""
    if names is VerifyNames.FULL_NAMES:
        return filer.person, account.person
    return (
        OTHER_FILER_NAME if names is VerifyNames.OTHER_FILER else filer.login,
        OTHER_ACCOUNT_NAME if names is VerifyNames.OTHER_ACCOUNT else account.user_name,
    )


def verify_page(profile: CourtProfile, sheet: Sheet, action: str, shown: tuple[str, str]) -> str:
    """Return the content of the verify page, with both accounts laid out as this court does."""
    left, right = escape(shown[0]), escape(shown[1])
    fixed = sheet.fixed
    if profile.verify_names is VerifyNames.ABSENT:
        names = ""
    elif profile.verify_shape is VerifyShape.TABLE_ROWS:
        names = (
            f"<table><tr><th>CM/ECF account:</th><td>{left}</td></tr>"
            f"<tr><th>PACER account:</th><td>{right}</td></tr></table>"
        )
    elif profile.verify_shape is VerifyShape.COLUMN_TABLE:
        names = (
            "<table border='1'><tr><th>CM/ECF account</th><th>PACER account</th></tr>"
            f"<tr><td>{left}</td><td>{right}</td></tr></table>"
        )
    elif profile.verify_shape is VerifyShape.PROSE:
        names = f"<p>The CM/ECF account <b>{left}</b> will be linked to the PACER account <b>{right}</b>.</p>"
    else:
        fixed = sheet.fixed[:-2]
        names = (
            '<p><label for="v1">CM/ECF account</label> '
            f'<input id="v1" type="text" name="ecf_account" value="{left}" readonly></p>'
            '<p><label for="v2">PACER account</label> '
            f'<input id="v2" type="text" name="pacer_account" value="{right}" readonly></p>'
        )
    enctype = ' enctype="multipart/form-data"' if sheet.multipart else ""
    return f"""{RECONSTRUCTION}
<h3>{escape(profile.link_label)}</h3>
<p>Verify that the accounts listed are accurate. If so, click Submit. Linking cannot be undone here.</p>
<form{enctype} method="POST" action="{escape(action)}">
{_hidden(fixed)}{names}
<input type="submit" name="{sheet.button[0]}" value="{sheet.button[1]}">
<input type="submit" name="{sheet.never[0]}" value="Cancel"></form>
"""


def success(profile: CourtProfile) -> str:
    """Return what the court says after the final Submit; silence is the bare menu."""
    if profile.success is Success.SILENCE:
        return ""
    if profile.success is Success.POP_UP:
        return f'{RECONSTRUCTION}\n<script>alert("Your accounts have been successfully linked.");</script>\n'
    if profile.success is Success.EMAIL:
        return f"{RECONSTRUCTION}\n<p>{EMAIL_SENTENCE}</p>\n"
    words = "You have successfully linked your account. From now on use only your PACER account here."
    return f"{RECONSTRUCTION}\n<p>{words}</p>\n"


def one_line(text: str) -> str:
    """Return the content of a page that says one thing, in the shape of the courts' real error pages."""
    return f'<h3>{escape(text)}</h3>\n<p><input type="button" value="Back" onclick="history.back()"></p>'


def _hidden(pairs: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">\n' for name, value in pairs)
