"""The furniture of a pretend court: the menu bar in the shape of the real ones, and the page around a content.

The shape (element ids, classes, accelerators, order of labels) follows captured pages of real courts; every name and
number is made up. Pages are put together from parts that are made once for each court and each filer.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape

from bot.courts.court import Court, CourtKind
from bot.sandbox.profiles import CookieRoad, CourtProfile, Href

RECONSTRUCTION = (
    "<!-- Reconstruction: no real copy of this page is public. Built from the words of the courts' guides. -->"
)
"""Stands on every page whose real markup nobody has published."""

NOT_LINKED = -1
"""The user id that a menu carries for somebody who is PACER-only here."""

_HEAD = """<html><head><link rel="shortcut icon"  href="/favicon.ico"/>\
<title>LIVE 1.7.1.1 NEXTGEN CM/ECF - {title}</title>
{meta}<script type="text/javascript">var default_base_path = "/"; </script>\
<script type="text/javascript">if (top!=self) {{top.location.replace(location.href);}}</script>\
<link rel="stylesheet" type="text/css" href="/css/default.css">\
<script type="text/javascript" src="/lib/core.js"></script>\
<link rel="stylesheet" type="text/css" href="/css/print.css" media="print">\
<script type="text/javascript" src="/cgi-bin/menu.pl?id={id}"></script></head>\
<body BGCOLOR=F9F9F9 TEXT=000000 onLoad='SetFocus()'>"""

_BAR = """        <div id="topmenu" class="yuimenubar">
				<div class="bd">\
<img src="/graphics/logo-cmecf-sm.png" class="cmecfLogo" id="cmecfLogo" alt="CM/ECF" title="" />
				<ul class="first-of-type">
{items}</ul><hr class="hrmenuseparator"></div></div></div>\
<script type="text/javascript">CMECF.util.Event.addListener(window, "load", CMECF.MainMenu.createMenu);</script> \
<div id="cmecfMainContent"><input type="hidden" id="cmecfMainContentScroll" value="0">\
<SCRIPT LANGUAGE="JavaScript">
		var IsForm = false;
		var FirstField;
		function SetFocus() {{ return(true); }}
		</SCRIPT>
"""

_ARROW = " <div class='spritedownarrow'></div>"
_ITEM = '<li class="yuimenubaritem"><a class="yuimenubaritemlabel" href=\'{href}\'>{label}</a></li>\n'
_HELP = (
    '				<li class="yuimenubaritem">\n				<a class="yuimenubaritemlabel" '
    'onClick="CMECF.MainMenu.showHelpPage(); return false" >Help</a></li>\n				\n'
)


def cgi(court: Court, profile: CourtProfile, script: str) -> str:
    """Return the address of a CGI script as this court writes its links."""
    prefix = {Href.RELATIVE: "", Href.ABSOLUTE: f"https://{court.host}", Href.PARENT: ".."}[profile.menu_href]
    return f"{prefix}/cgi-bin/{script}"


@lru_cache(maxsize=2048)
def frame(court: Court, profile: CourtProfile, user_id: int) -> tuple[str, str]:
    """Return what stands before and after the content of this court's pages, with the menu of `user_id`."""
    head = _HEAD.format(title=escape(court.name), id=user_id, meta=charset_meta(profile))
    return head + _BAR.format(items=_items(court, profile, user_id)), "</div></body></html>"


def charset_meta(profile: CourtProfile) -> str:
    """Return the meta tag of a court that declares its charset there, else nothing."""
    if profile.charset != "cp1252_meta":
        return ""
    return '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">\n'


def _items(court: Court, profile: CourtProfile, user_id: int) -> str:
    bankruptcy = court.kind is CourtKind.BANKRUPTCY
    # Bankruptcy menus carry the user's id in their links, -1 for PACER-only; district menus do not (protocol 2.4).
    tail = f"&id={user_id}" if bankruptcy else ""
    entries: list[tuple[str, str]] = []
    if user_id != NOT_LINKED:
        first, second = ("Bankruptcy", "Adversary") if bankruptcy else ("Civil", "Criminal")
        labels = {
            "Bankruptcy": "Ba<u>n</u>kruptcy",
            "Adversary": "<u>A</u>dversary",
            "Civil": "C<u>i</u>vil",
            "Criminal": "Crimi<u>n</u>al",
        }
        entries += [(f"DisplayMenu.pl?{name}Events{tail}", labels[name] + _ARROW) for name in (first, second)]
    entries.append(("iquery.pl", "<u>Q</u>uery"))
    entries.append((f"DisplayMenu.pl?Reports{tail}", "<u>R</u>eports" + _ARROW))
    entries.append((f"DisplayMenu.pl?Utilities{tail}", "<u>U</u>tilities" + _ARROW))
    text = "".join(_ITEM.format(href=escape(cgi(court, profile, script)), label=label) for script, label in entries)
    if user_id != NOT_LINKED:
        text += _ITEM.format(href="javascript:CMECF.MainMenu.searchPrompt();", label="Sear<u>c</u>h")
    out = escape(cgi(court, profile, "login.pl?logout"))
    return text + _HELP + _ITEM.format(href=out, label=escape(profile.log_out_label))


def cookie_headers(profile: CourtProfile, cookies: list[tuple[str, str, str]]) -> tuple[tuple[str, str], ...]:
    """Return Set-Cookie headers for (name, value, domain) triples, unless this court sets cookies by script only."""
    if profile.cookies is CookieRoad.SCRIPTS:
        return ()
    return tuple(
        ("Set-Cookie", f"{name}={value}; path=/; {f'domain={domain}; ' if domain else ''}secure")
        for name, value, domain in cookies
    )


def cookie_scripts(profile: CourtProfile, cookies: list[tuple[str, str, str]], go_to: str = "") -> str:
    """Return the scripts that set these cookies, each in its length test, then perhaps go on (protocol section 2.3)."""
    lines = []
    if profile.cookies is not CookieRoad.HEADERS:
        lines += [_cookie_line(name, value, domain) for name, value, domain in cookies]
        # A cookie that is not to be set: its length test is false. A client that takes it signs itself out.
        lines.append(_cookie_line("NextGenCSO", "", ".uscourts.gov"))
    if lines or go_to:
        lines.append(f'if ("{go_to}".length > 0) location.assign("{go_to}");')
    return '<script language="JavaScript">\n' + "\n".join(lines) + "\n</script>" if lines else ""


def _cookie_line(name: str, value: str, domain: str) -> str:
    place = f" domain={domain};" if domain else ""
    return f'if ("{value}".length > 0) {{ document.cookie="{name}={value}; path=/;{place} secure;"; }}'
