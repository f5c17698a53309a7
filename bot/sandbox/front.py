"""What a pretend court shows to somebody who is not signed on: its front page, and the ways to the sign-on."""

from __future__ import annotations

import secrets
from functools import lru_cache
from html import escape
from urllib.parse import quote

from bot.courts.court import SIGN_ON_HOST, Court, CourtKind, Realm
from bot.sandbox.menus import RECONSTRUCTION, charset_meta
from bot.sandbox.profiles import CourtProfile, Href, Landing, SignedOut
from bot.sandbox.wire import Reply, found, page

SIGN_ON = SIGN_ON_HOST[Realm.PRODUCTION]
SHOW_INDEX = "/cgi-bin/ShowIndex.pl"


def district_words(court: Court) -> str:
    """Return "Southern District of Georgia" of the court's name, or the whole name where it has no such words."""
    _, found_words, words = court.name.partition("for the ")
    return words if found_words else court.name


def sign_on_url(court: Court, back: str) -> str:
    """Return the address of PACER's sign-on page for this court, coming back to `back` (protocol section 1.2)."""
    return f"https://{SIGN_ON}/csologin/login.jsf?pscCourtId={court.pacer_id}&appurl={quote(back, safe='')}"


@lru_cache(maxsize=1024)
def front_page(court: Court, profile: CourtProfile, path: str) -> Reply:
    """Return the court's front page in UTF-8; the caller encodes it again for a court that uses another charset."""
    if profile.landing is Landing.META_REFRESH and path != SHOW_INDEX:
        return page(f"<html><head><meta http-equiv='REFRESH' content='0;url={SHOW_INDEX}'></head></html>\n")
    return page(_index(court, profile, _way_in(court, profile)))


def _way_in(court: Court, profile: CourtProfile) -> str:
    label = escape(profile.landing_label or f"{district_words(court)} - Document Filing System")
    train = court.host.replace("ecf.", "ecf-train.", 1)
    train_link = (
        f"<a href='https://{train}/cgi-bin/login.pl'>{escape(district_words(court))} Train - Document Filing System</a>"
    )
    prefix = {Href.RELATIVE: "", Href.ABSOLUTE: f"https://{court.host}", Href.PARENT: ".."}[profile.landing_href]
    href = f"{prefix}/cgi-bin/login.pl"
    if profile.landing is Landing.TRAIN_ONLY:
        return train_link
    if profile.landing is Landing.BUTTON:
        way = f'<INPUT TYPE=button VALUE="{label}" ONCLICK=window.location="{href}">'
    elif profile.landing is Landing.SIGN_ON_LINK:
        straight = sign_on_url(court, f"https://{court.host}/cgi-bin/login.pl")
        way = f'<a href="{escape(straight)}">{label}</a>'
    else:
        way = f"<a href='{href}'>{label}</a>"
    return f"{train_link}<br>\n{way}" if profile.train_link else way


def _index(court: Court, profile: CourtProfile, way_in: str) -> str:
    desks = " or ".join(escape(desk.phone) for desk in court.help_desks)
    area = "Bankruptcy" if court.kind is CourtKind.BANKRUPTCY else "District"
    return f"""<html><head><link rel="shortcut icon"  href="/favicon.ico"/><title>{escape(court.name)}</title>
{charset_meta(profile)}<script type="text/javascript">var default_base_path = "/"; </script>\
<link rel="stylesheet" type="text/css" href="/css/default.css">\
<script type="text/javascript" src="/lib/core.js"></script></head>
<body BGCOLOR=F9F9F9 TEXT=000000><div id="cmecfMainContent"><input type="hidden" id="cmecfMainContentScroll" value="0">
<center><h2>{escape(court.name)}</h2><h3>{area} court &ndash; pretend page of the link-ecf sandbox</h3>
<p>{way_in}</p>
<p><a href="/cgi-bin/CourtInfo.pl">Court Information</a> | <a href="https://pacer.uscourts.gov">pacer.uscourts.gov</a></p>
<p>Help desk: {desks}</p></center></div></body></html>
"""


def signed_out(court: Court, profile: CourtProfile, address: str) -> Reply:
    """Return this court's answer to somebody who is not signed on and asked for `address` (protocol section 2.2)."""
    url = sign_on_url(court, f"https://{court.host}{address}")
    if profile.signed_out is SignedOut.HTTP_302:
        return found(url)
    if profile.signed_out is SignedOut.CURRENTGEN:
        return page(_currentgen(court, address))
    if profile.signed_out is SignedOut.DOCUMENT_LOCATION:
        return page(
            '<head><title></title>\n    <script type="text/javascript">\n'
            "      if (top.frames.length != 0) top.location = self.document.location;\n\n"
            f'      document.location = "{url}"\n    </script>\n</head>\n'
        )
    return page(
        f'<html><head><link rel="shortcut icon"  href="/favicon.ico"/><title>{escape(court.name)}</title>\n'
        f"{charset_meta(profile)}"
        '<script type="text/javascript">var default_base_path = "/"; </script>'
        '<link rel="stylesheet" type="text/css" href="/css/default.css">'
        '<script type="text/javascript" src="/lib/core.js"></script></head><body>'
        f'<script>location.assign("{url}");</script></body></html>\n'
    )


def _currentgen(court: Court, address: str) -> str:
    script = address.partition("?")[0]
    return f"""<html><head><title>{escape(court.id.upper())}-ECF</title>
<link href="/css/default.css" type="text/css" rel="stylesheet"></head><body bgcolor="CCFFFF" text="000000">
<form action="https://{court.host}{script}?1-L_1_0-1" enctype="multipart/form-data" method="POST" name="GetPass">
<b>CM/ECF Filer or PACER Login</b>
<p><b>Notice</b><br>This is a <b>Restricted Web Site</b> for official court business only.</p>
<table><tbody><tr><td><b>Authentication</b></td></tr>
<tr><td>Login:</td><td><input name="login" maxlength="256" type="text" value="" size="20"></td></tr>
<tr><td>Password:</td><td><input autocomplete="off" name="key" maxlength="128" type="password" size="20"></td></tr>
<tr><td>client code:</td><td><input size="32" maxlength="32" type="text" name="clcode"></td></tr></tbody></table>
<font color="CC0000"><b>IMPORTANT NOTICE OF REDACTION RESPONSIBILITY:</b> filers must redact personal identifiers.
<input type="CHECKBOX" name="redaction" value="on"> I understand that, if I file,\
 I must comply with the redaction rules.  \
I have read this notice.</font>
<input type="submit" name="button1" value="Login"><input type="RESET" name="reset " value="Reset">
</form></body></html>
"""


def redaction_page(address: str) -> str:
    """Return the content of a court's own redaction page, whose form posts to `address` (protocol section 1.4)."""
    return f"""{RECONSTRUCTION}
<h3>Redaction Agreement</h3><p><b>IMPORTANT NOTICE OF REDACTION RESPONSIBILITY:</b> All filers must redact personal
identifiers.</p><form method="POST" action="..{address}">
<input type="checkbox" name="redaction" value="on"> I understand that,
if I file, I must comply with the redaction rules.  I have read this notice.
<p><input type="submit" name="button1" value="Continue"></p></form>"""


def interstitial(court: Court) -> Reply:
    """Return the page for a request whose Referer is no page of the court (protocol section 2.7)."""
    return page(f"""<html><head><title>{court.id.upper()}</title></head><body><center>
<b>Warning:&nbsp;&nbsp;The link to this page may not have originated from within CM/ECF.</b><br><br>
<!-- Note to data miners: a Referer of 'https://external' avoids this message. -->
<form id="referrer_form" method="post" action="">
<input type="hidden" name="CSRF" value="csrf_{secrets.randbelow(10**18)}">
<input type="submit" value="Continue"></form></center></body></html>""")
