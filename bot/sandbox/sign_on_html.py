"""The markup of the pretend PACER sign-on page and of its partial replies.

Ids, field names and labels are those on public record (protocol sections 1.3, 1.4, 1.6, 1.7 and 2.8); the page as a
whole has never been published and is a reconstruction, and says so.
"""

from __future__ import annotations

from html import escape

from bot.sandbox.menus import RECONSTRUCTION
from bot.sandbox.profiles import Faces

REDACTION_WORDS = (
    "IMPORTANT NOTICE OF REDACTION RESPONSIBILITY: All filers must redact: Social Security or taxpayer identification "
    "numbers; dates of birth; names of minor children; financial account numbers; "
    "and in criminal cases, home addresses."
)
TICK_WORDS = "I understand that, if I file, I must comply with the redaction rules. I have read this notice."
_BANNER = (
    "This is a restricted government website for official PACER use only. This copy is a pretend page of the link-ecf "
    "sandbox; users expressly consent to system monitoring on the real one."
)


def view_state_input(faces: Faces, state: str, number: int = 0) -> str:
    """Return the hidden input that carries the view state."""
    name = f"{faces}.faces.ViewState"
    return f'<input type="hidden" name="{name}" id="j_id1:{name}:{number}" value="{state}" autocomplete="off" />'


def login_page(faces: Faces, state: str, action: str, messages: str = "", dialog: str = "") -> str:
    """Return the whole sign-on page; `dialog` is shown in it after a POST without ajax."""
    return f"""<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>PACER: Login</title>
<script src="/csologin/{faces}.faces.resource/jquery/jquery.js.jsf?ln=primefaces"></script></head><body>
{RECONSTRUCTION}
<div id="pscHeaderContainer"><h1>Public Access to Court Electronic Records</h1></div>
<div id="pscLoginPanel"><form id="loginForm" name="loginForm" method="post" action="{escape(action)}" \
enctype="application/x-www-form-urlencoded">
<input type="hidden" name="loginForm" value="loginForm" />
{messages_box(messages)}
<h2>Login</h2><p>* Required Information</p>
<span id="loginForm:userNamePanel"><label for="loginForm:loginName">Username *</label>
<input id="loginForm:loginName" name="loginForm:loginName" type="text" class="ui-inputfield" /></span>
<label for="loginForm:password">Password *</label>
<input id="loginForm:password" name="loginForm:password" type="password" autocomplete="off" class="ui-inputfield" />
<label for="loginForm:clientCode">Client Code</label>
<input id="loginForm:clientCode" name="loginForm:clientCode" type="text" class="ui-inputfield" />
<div id="loginForm:courtId" class="ui-selectonemenu ui-widget" style="display:none">
<div class="ui-helper-hidden-accessible">
<input id="loginForm:courtId_focus" name="loginForm:courtId_focus" type="text" autocomplete="off" />
<select id="loginForm:courtId_input" name="loginForm:courtId_input" tabindex="-1">
<option value="">-- select one --</option></select></div></div>
<button id="loginForm:fbtnLogin" name="loginForm:fbtnLogin" type="submit" class="ui-button" \
onclick="PrimeFaces.ab({{s:&quot;loginForm:fbtnLogin&quot;,f:&quot;loginForm&quot;,\
u:&quot;pscLoginPanel loginForm redactionConfirmation popupMsgId&quot;}});return false;">\
<span class="ui-button-text ui-c">Login</span></button>
<p><a href="https://pacer.psc.uscourts.gov/pscof/passwordRecovery.jsf">Forgot password?</a> |
<a href="https://pacer.psc.uscourts.gov/pscof/usernameRecovery.jsf">Forgot username?</a> |
<a href="https://pacer.uscourts.gov/register-account">Need an account?</a></p>
<p>{_BANNER}</p>
{view_state_input(faces, state)}
</form></div>
<div id="redactionConfirmation" class="ui-dialog ui-hidden-container" style="display:none"></div>
<div id="userUpdateDlg" class="ui-dialog ui-hidden-container" style="display:none"></div>
<div id="popupMsgId">{dialog}</div>
</body></html>
"""


def messages_box(message: str) -> str:
    """Return the box for messages, empty or with one error in it."""
    inner = ""
    if message:
        inner = (
            '<div class="ui-messages-error ui-corner-all"><span class="ui-messages-error-icon"></span>'
            '<ul><li role="alert">'
            '<span class="ui-messages-error-summary"></span>'
            f'<span class="ui-messages-error-detail">{escape(message)}</span></li></ul></div>'
        )
    return f'<div id="loginForm:pclLoginMessages" class="ui-messages ui-widget" aria-live="polite">{inner}</div>'


def partial(faces: Faces, state: str, updates: list[tuple[str, str]]) -> str:
    """Return a partial response with these (id, markup) updates and the new view state."""
    inside = "".join(f'<update id="{name}"><![CDATA[{text}]]></update>' for name, text in updates)
    new = f'<update id="j_id1:{faces}.faces.ViewState:0"><![CDATA[{state}]]></update>'
    return _partial(f"<changes>{inside}{new}</changes>")


def partial_redirect(url: str) -> str:
    """Return a partial response that sends the browser on."""
    return _partial(f'<redirect url="{escape(url)}"></redirect>')


def partial_error(faces: Faces) -> str:
    """Return the partial response for a view state that is not the session's."""
    return _partial(
        f"<error><error-name>class {faces}.faces.application.ViewExpiredException</error-name>"
        "<error-message><![CDATA[viewId:/login.jsf - View /login.jsf could not be restored.]]></error-message></error>"
    )


def _partial(inside: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<partial-response id="j_id1">{inside}</partial-response>'


def _form(name: str, action: str, faces: Faces, state: str, inside: str) -> str:
    return (
        f'<form id="{name}" name="{name}" method="post" action="{escape(action)}">'
        f'<input type="hidden" name="{name}" value="{name}" />{inside}{view_state_input(faces, state, 1)}</form>'
    )


def button(name: str, label: str, *, enabled: bool = True, extra: str = "") -> str:
    """Return a PrimeFaces button; `extra` goes into its ajax call."""
    off = "" if enabled else ' disabled="disabled" aria-disabled="true"'
    look = "ui-button ui-widget ui-state-default ui-corner-all ui-button-text-only" + (
        "" if enabled else " ui-state-disabled"
    )
    call = f"PrimeFaces.ab({{s:&quot;{name}&quot;{extra}}});return false;"
    return (
        f'<button id="{name}" name="{name}" class="{look}"{off} onclick="{call}" type="submit">'
        f'<span class="ui-button-text ui-c">{label}</span></button>'
    )


def continue_button(enabled: bool) -> str:
    """Return the Continue button of the redaction notice, which is off until the box is ticked."""
    extra = ",pa:[{name:&quot;dialogName&quot;,value:&quot;redactionDlg&quot;}]"
    return button("regmsg:bpmConfirm", "Continue", enabled=enabled, extra=extra)


def redaction_dialog(action: str, faces: Faces, state: str) -> str:
    """Return the redaction notice with its box."""
    inside = (
        f'<p>{REDACTION_WORDS}</p><div id="regmsg:pgroup"><div id="regmsg:chkRedact" class="ui-selectbooleancheckbox '
        'ui-chkbox ui-widget"><div class="ui-helper-hidden-accessible"><input id="regmsg:chkRedact_input" '
        'name="regmsg:chkRedact_input" type="checkbox" autocomplete="off" /></div>'
        f'<span class="ui-chkbox-label">{TICK_WORDS}</span></div>{continue_button(False)}</div>'
    )
    return _form("regmsg", action, faces, state, inside)


def passcode_dialog(action: str, faces: Faces, state: str, message: str = "") -> str:
    """Return the prompt for the one-time passcode; the words for a wrong one are a reconstruction."""
    said = f'<span class="ui-message-error-detail">{escape(message)}</span>' if message else ""
    inside = (
        f'{RECONSTRUCTION}{said}<label for="mfaForm:mfaInput">Enter your one-time passcode *</label>'
        '<input id="mfaForm:mfaInput" name="mfaForm:mfaInput" type="text" autocomplete="off" class="ui-inputfield" />'
        f'{button("mfaForm:btnOk", "OK")}<a href="#">Click here if you need a one-time passcode</a>'
    )
    return _form("mfaForm", action, faces, state, inside)


def update_dialog(action: str, faces: Faces, state: str, words: str, skip: bool) -> str:
    """Return the prompt for a user update, with or without Skip."""
    skipping = button("frmUserUpdate:bpmSkip", "Skip") if skip else ""
    inside = f"{RECONSTRUCTION}<p>{escape(words)}</p>{button('frmUserUpdate:bpmUpdate', 'Update')}{skipping}"
    return _form("frmUserUpdate", action, faces, state, inside)


def one_button_dialog(action: str, faces: Faces, state: str, form: str, name: str, words: str) -> str:
    """Return a notice with one button."""
    return _form(form, action, faces, state, f"{RECONSTRUCTION}<p>{escape(words)}</p>{button(name, 'OK')}")


def court_choice_page(faces: Faces, state: str, action: str, options: str) -> str:
    """Return "Where would you like to go?"; `options` are the option elements of the courts."""
    inside = (
        '<label for="logoutForm:courtId_input">Where would you like to go?</label>'
        '<div id="logoutForm:courtId" class="ui-selectonemenu ui-widget"><div class="ui-helper-hidden-accessible">'
        '<input id="logoutForm:courtId_focus" name="logoutForm:courtId_focus" type="text" autocomplete="off" />'
        '<select id="logoutForm:courtId_input" name="logoutForm:courtId_input" tabindex="-1">'
        f'<option value="">-- select one --</option>{options}</select></div></div>'
        + button("logoutForm:btnChangeClientCode", "Submit")
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><title>PACER</title></head><body>'
        f"{RECONSTRUCTION}{_form('logoutForm', action, faces, state, inside)}</body></html>\n"
    )
