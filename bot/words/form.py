"""Every sentence of the link form, its notices and its field errors: the companion of words.py for what is asked.

The chats put these into their own shapes; none of them writes a sentence of its own. The court's and PACER's labels are
quoted exactly (guides GASB and ALMB, steps 2 to 7), so that a person finds the same words on the court's pages.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.attempts.form import Field, Flaw
from bot.courts.court import Court
from bot.courts.policy import Caution
from bot.linker.values import IncidentId
from bot.words.said import named

FORGOT_URL = "https://pacer.uscourts.gov/my-account-billing/forgot-username-or-password"
"""PACER's page for a lost password and for a lost user name (users.md section 1, row 2)."""
REGISTER_URL = "https://pacer.uscourts.gov/register-account"
"""PACER's page for people without an account."""

FORM_TITLE = "Link CM/ECF to PACER"
FORM_SUBMIT = "Start linking"
FORM_CLOSE = "Cancel"
NOTE_CLOSE = "Close"
PASSCODE_TITLE = "Passcode from PACER app"
PASSCODE_SUBMIT = "Send passcode"

BUTTON_LINK = "These are mine - link them"
BUTTON_STOP = "Stop"
BUTTON_CANCEL = "Cancel this attempt"
BUTTON_PASSCODE = "Enter the passcode"
BUTTON_FORM = "Open the form"
BUTTON_OTHER_COURT = "Choose another court"

ACCOUNT_SHOWN = "PACER account, as the court shows it"
FILER_SHOWN = "CM/ECF account, as the court shows it"
NOT_READABLE = "(could not be read)"


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What stands beside one field: its label, the hint under it, the grey text inside it."""

    label: str
    hint: str = ""
    placeholder: str = ""


FIELDS: dict[Field, FieldWords] = {
    Field.COURT: FieldWords(
        "Court",
        "Linking is done once for each court. It can be done only after that court has gone live on NextGen CM/ECF.",
        "Type a name, a state, a city or a short name such as gasb",
    ),
    Field.PACER_USERNAME: FieldWords(
        "PACER user name",
        "Your own upgraded PACER account (a user name of 8 characters or more), never the firm's shared one.",
    ),
    Field.PACER_PASSWORD: FieldWords(
        "PACER password", "The password of your PACER account, exactly as you type it there."
    ),
    Field.CLIENT_CODE: FieldWords(
        "Client code", "Only if your PACER account asks for one. It is billing data of PACER."
    ),
    Field.CMECF_LOGIN: FieldWords(
        "CM/ECF login", "The filing login that this one court issued to you. Only the court's help desk can look it up."
    ),
    Field.CMECF_PASSWORD: FieldWords(
        "CM/ECF password",
        "The password of that court-issued login, not your PACER password. Courts lock a login after 5 wrong ones.",
    ),
    Field.PASSCODE: FieldWords(
        "PACER passcode",
        "Only if your PACER account uses an authenticator app. Take it from the app now, as the last thing: it changes "
        "every 30 seconds. You may leave it empty; the bot then asks when PACER asks.",
    ),
    Field.INDIVIDUAL_ACCOUNT: FieldWords(
        "I sign on with my individual upgraded PACER account, not with a shared firm account."
    ),
    Field.REDACTION: FieldWords(
        "I understand that, if I file, I must comply with the redaction rules, and I have read this notice of "
        "redaction responsibility."
    ),
    Field.CAUTION: FieldWords("I have read what this court says, and I have decided to enter my credentials here."),
}

BOXES: dict[Field, str] = {
    Field.INDIVIDUAL_ACCOUNT: "Yes, it is my own account",
    Field.REDACTION: "Yes, I understand and have read it",
    Field.CAUTION: "Yes, I go on",
}
"""The text beside each box; none is ever ticked beforehand, and nobody can tick one for another (design, promise 6)."""

REDACTION_NOTICE = (
    "Whoever files must redact, in every document and its attachments, under Fed. R. Bankr. P. 9037, Fed. R. Civ. "
    "P. 5.2 and Fed. R. Crim. P. 49.1: Social Security and taxpayer-identification numbers (last four digits "
    "only); financial-account numbers (last four digits only); dates of birth (year only); names of minor children "
    "(initials only; in bankruptcy, other than the debtor's own); and in criminal cases home addresses (city and "
    "state only). The duty is the filer's. The clerk does not review documents for it. Linking files nothing; the "
    "court asks for this acknowledgement at sign-on."
)
"""The notice in our own words: what the three rules list, and whose duty it is."""

MONITORING_NOTICE = (
    "PACER and CM/ECF are restricted government systems, for official use only. All activities and access attempts "
    "may be recorded and monitored. Unauthorized entry may be prosecuted under Title 18 of the U.S. Code."
)
"""What both guides show beneath PACER's log-in form, said once more before credentials are typed."""

VISIBLE_WARNING = (
    "Slack cannot hide what you type here: passwords stay readable on your screen, and pass through Slack's "
    "servers on their way to your firm's bot. Do not share your screen. The bot uses them for this one attempt and "
    "stores none of them."
)

WHAT_HAPPENS = (
    'The bot signs on to PACER for you, once, and goes to the court\'s "Link a CM/ECF account to my PACER account" '
    "page. A link cannot be undone here; only the court can."
)
LAST_STEP = (
    "Most courts show both accounts before they link them: then you decide. Some do not. There, sending this form is "
    "the last step, and links the CM/ECF login to the PACER user name as typed above."
)
"""Said before the form is sent (design, promise 3): a court's page that shows both accounts cannot be counted on."""

LINK_LABELS = (("Forgot password?", FORGOT_URL), ("Forgot user name?", FORGOT_URL), ("Need an account?", REGISTER_URL))
"""PACER's own ways out, with the addresses they lead to."""

PACER_SIDE = "Your PACER account"
FILER_SIDE = "Your CM/ECF login at this court"
BOXES_SIDE = "Before you send"

_FLAWS: dict[Flaw, str] = {
    Flaw.UNKNOWN_COURT: "Choose a court from the list: type a part of its name, its state, or its short name.",
    Flaw.COURT_UNSUPPORTED: "The bot cannot link at this court. Use the court's own pages; its help desk can say how.",
    Flaw.NOT_LIVE: "This court is not live on NextGen CM/ECF yet. Linking is possible only after its go-live date.",
    Flaw.LINKING_OFF: "Your firm has switched linking by the bot off for this court. Use the court's own pages.",
    Flaw.CLOSING: "The bot is being restarted and takes no new attempts. Nothing was sent. Try again in a few minutes.",
    Flaw.NO_RECORDS: (
        "The bot cannot write its records just now, so it starts nothing. Nothing was sent. Try again in a few "
        "minutes; if it lasts, tell your administrator."
    ),
    Flaw.LEGACY_USERNAME: (
        "This looks like a legacy PACER user name (6 characters, from before August 2014). Upgrade it first at "
        'pacer.uscourts.gov, "Manage My Account"; then use the new user name here.'
    ),
    Flaw.SHORT_USERNAME: "The user name of an upgraded PACER account has at least 8 characters. Check it.",
    Flaw.PASSCODE_SHAPE: "Type the 6 digits of the authenticator app, or one of PACER's backup codes.",
    Flaw.LOGIN_UNLINKABLE: (
        "This court cannot link a CM/ECF login with these characters. Ask the court's help desk to change the "
        "login first."
    ),
}

_MISSING: dict[Field, str] = {
    Field.COURT: "Choose the court.",
    Field.PACER_USERNAME: "Type your PACER user name.",
    Field.PACER_PASSWORD: "Type your PACER password (not the CM/ECF password).",
    Field.CMECF_LOGIN: "Type the CM/ECF login that this court issued to you.",
    Field.CMECF_PASSWORD: "Type your CM/ECF password (not the PACER password).",
    Field.PASSCODE: "Type the passcode that the authenticator app shows now.",
}

_NOT_TICKED: dict[Field, str] = {
    Field.INDIVIDUAL_ACCOUNT: "Tick it only if this is your own PACER account. A shared firm account cannot be linked.",
    Field.REDACTION: "Tick the box yourself after reading the notice. Without it the court does not let a filer in.",
    Field.CAUTION: "Read what this court says about third-party services, and tick the box if you go on.",
}

NOTHING_SENT = "Nothing was sent to PACER or to the court."


def flaw_words(field: Field, flaw: Flaw) -> str:
    """Return the sentence shown beside `field`: what is wrong, and how to put it right."""
    if flaw is Flaw.MISSING:
        return _MISSING.get(field, "This cannot be left empty.")
    if flaw is Flaw.NOT_TICKED:
        return _NOT_TICKED.get(field, "This box has to be ticked by you.")
    return _FLAWS[flaw]


def caution_words(court: Court, caution: Caution) -> tuple[str, ...]:
    """Return what `court` has published about third-party services, whose tool this is, and where to read it."""
    said = f" ({caution.said_on:%B} {caution.said_on.day}, {caution.said_on.year})" if caution.said_on else ""
    return (
        f"{court.short_name} has published a caution{said}: {caution.summary}",
        "This bot is your firm's own tool on your firm's own machine. Whether the caution covers it is for you, "
        "your firm and the court to decide. You can always link by hand on the court's own pages.",
        f"Source: {caution.source}",
    )


def unclear_court_words(text: str, near: tuple[Court, ...]) -> str:
    """Return the note over a form that opened without a court, because `text` named none plainly."""
    start = f'"{text}" does not name one court. ' if text else ""
    if not near:
        return start + "Choose the court in the list below: type a part of its name, its state, or its short name."
    names = "; ".join(f"{court.name} ({court.id})" for court in near)
    return f"{start}Did you mean: {names}? Choose the court in the list below."


def court_option_words(court: Court) -> tuple[str, str]:
    """Return the line and the small print that stand for `court` in the list of courts."""
    name = court.name.removeprefix("United States ")
    return name, f"{court.id} - not supported by the bot" if court.unlinkable else court.id


HELP = (
    ("/link-ecf", "opens the form; choose the court there."),
    ("/link-ecf gasb", "opens it for one court: a short name, or words such as southern georgia bankruptcy."),
    ("/link-ecf status", "shows your running attempts and those of the last hours."),
    ("/link-ecf cancel", "stops your running attempts, unless the final Submit was already sent to the court."),
    ("/link-ecf watch", "opens the list of courts whose dates you are reminded of, your hours and vacation."),
    ("/link-ecf watch gasb", "adds one court to it straight away."),
    ("/link-ecf remind", "shows the coming dates of your courts, and where you are linked."),
    ("/link-ecf help", "shows this list."),
)
HELP_TITLE = "Link your CM/ECF account to your PACER account"
HELP_PARAGRAPHS = (
    "When a court goes live on NextGen CM/ECF, you file there with your own upgraded PACER account, once your "
    "CM/ECF account is linked to it. Linking is done once for each court.",
    "Have ready: your PACER user name and password, your authenticator app if PACER asks you for a passcode, and "
    "the CM/ECF login and CM/ECF password that the court issued to you.",
    'Never registered at that court? Then there is nothing to link: ask for filing rights in PACER, "Manage My '
    'Account", under "Maintenance".',
    "Questions about PACER: PACER Service Center, 800-676-6856, pacer@psc.uscourts.gov. Questions about the CM/ECF "
    "login: the court's help desk.",
)

STATUS_TITLE = "Your attempts"
STATUS_NONE = "You have no running attempt, and none ended in the last hours. Type /link-ecf to start one."
STATUS_RUNNING = "running"
STATUS_WAITS = "waits for your answer in your direct messages with the bot"


def started_words(court: Court, *, joined: bool) -> str:
    """Return the first line of an attempt's message, before any step was told."""
    if joined:
        return f"You already have an attempt running at {named(court)}. It goes on; nothing was sent a second time."
    return f"Starting to link your CM/ECF account at {named(court)} to your PACER account."


ANSWER_GONE = (
    "This attempt has ended, so the button has nothing to do any more. What became of it stands in the attempt's "
    "message; type /link-ecf to start again."
)
ANSWER_NOT_YOURS = (
    "This button belongs to an attempt that the bot does not know as yours. It may have ended a while ago, or be "
    "another person's. Nothing was done. Type /link-ecf to start your own."
)
CANCEL_TOO_LATE = "This attempt could not be stopped: it has ended, or its final Submit was already sent to the court."

FORM_LATE_TITLE = "The form could not be opened"
_NOT_OPENED: dict[str, str] = {
    "expired_trigger_id": "Slack gives the bot 3 seconds to open a form, and this time it took longer.",
    **dict.fromkeys(
        ("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        "Slack no longer takes the bot's token, so no form can be opened. Tell your administrator.",
    ),
}
"""By Slack's own code for why; of any other refusal nothing more is known than that there was one."""


def not_opened_words(code: str, then: str) -> str:
    """Return why a form was not opened, and what to do `then`."""
    return f"{_NOT_OPENED.get(code, 'Slack did not open the form.')} {then}"


FORM_LATE = "Nothing was sent anywhere. Type /link-ecf again, or press the button."
NO_DM = (
    "The bot could not send you a direct message, so you cannot be shown the attempt's progress here. Your firm's "
    "Slack administrator can allow messages from this app. Type /link-ecf status to see how the attempt stands."
)


def trouble_words(incident: IncidentId) -> tuple[str, tuple[str, ...]]:
    """Return title and paragraphs for a fault of the bot itself; its id is in the log."""
    return (
        "Something went wrong in the bot",
        (
            "This is a fault of the bot, not of your accounts or passwords.",
            "If no message of the bot shows an attempt running, nothing was sent to PACER or to the court. Type "
            "/link-ecf status to see where things stand, or /link-ecf to try again.",
            f"If it happens again, give your administrator this incident id: {incident}",
        ),
    )


PASSCODE_HINT = (
    "Open your authenticator app and type the 6 digits it shows for PACER now: they change every 30 seconds, and "
    "nobody sends them to you by text or e-mail. One of PACER's backup codes works too. Slack shows what you type."
)
BUTTON_NO_PASSCODE = "I have no passcode"
PASSCODE_LATE = 'Nothing was sent. Press "Enter the passcode" again.'
ANSWER_TITLE = "Your answer"
QUESTION_GONE = "This question is no longer open. Nothing was sent. Look at the attempt's message for how it stands."
