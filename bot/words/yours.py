"""The endings after which the person acts: what was typed, the accounts themselves, the answers."""

from __future__ import annotations

from bot.errors import Code
from bot.words.said import SPENT, Ending, Help

YOURS: dict[Code, Ending] = {
    # The person: what was typed.
    Code.PACER_REFUSED: Ending(
        "PACER did not accept the sign-on",
        "PACER refused the PACER user name, the PACER password or the passcode. It does not say which of the three.",
        (
            "Check all three by signing in at pacer.uscourts.gov yourself. Capital and small letters count.",
            f"Your PACER password was refused once. {SPENT} Your CM/ECF password was not sent.",
        ),
        Help.PACER,
    ),
    Code.PASSCODE_REFUSED: Ending(
        "PACER did not accept the passcode",
        "PACER refused the passcode from your authenticator app. It may have changed while it was on its way.",
        (
            "Use the newest passcode: it changes every 30 seconds. If it is refused again, set your phone's clock to "
            "automatic: passcodes are wrong when the clock is.",
            "A backup code of PACER works only once. Your CM/ECF password was not sent.",
        ),
        Help.PACER,
    ),
    Code.ECF_REFUSED: Ending(
        "The court did not accept the CM/ECF login",
        "PACER let you in, but {court} refused the CM/ECF login or the CM/ECF password. They are the ones that the "
        "court issued to you, not those of PACER.",
        (
            "Your PACER password is not the problem. PACER cannot look up a CM/ECF login; only the court can.",
            f"The CM/ECF password was sent once. {SPENT} Courts lock a CM/ECF login after 5 wrong passwords.",
            "If the login has special characters such as & @ $ *, tell the help desk: some courts cannot link those.",
        ),
        Help.COURT,
    ),
    # The person: the accounts themselves.
    Code.PACER_LOCKED: Ending(
        "Your PACER account is locked or disabled",
        "PACER says that this PACER account is locked or disabled.",
        ("Do not try the PACER password again before PACER has released the account.",),
        Help.PACER,
        "",
    ),
    Code.PACER_LEGACY: Ending(
        "Your PACER account has to be upgraded first",
        "This is a legacy PACER account, from before August 2014. Its user name has 6 characters. A court cannot link "
        "it.",
        (
            'Sign in at pacer.uscourts.gov, open "Manage My Account" and choose "Upgrade" beside "Account Type". Then '
            "use the new PACER user name and PACER password here.",
        ),
        Help.PACER,
    ),
    Code.INDIVIDUAL_ACCOUNT_REQUIRED: Ending(
        "Use your own PACER account",
        "Only an individual PACER account can be linked. A shared firm account cannot: linking it would lock the "
        "firm's other attorneys out.",
        ("Tick the box in the form if it is your own account. If you have none, register at pacer.uscourts.gov.",),
        Help.PACER,
    ),
    Code.MFA_ENROLMENT_REQUIRED: Ending(
        "PACER wants you to set up an authenticator app",
        "PACER asks this account to enrol in multifactor authentication before it goes on. The bot never presses "
        '"Skip" for you: PACER counts the skips.',
        (
            'Sign in at pacer.uscourts.gov, "Manage My Account", tab "Settings", "Manage MFA Settings". Set up an app '
            "or get backup codes. Then start again here with a passcode.",
        ),
        Help.PACER,
    ),
    Code.ACCOUNT_UPDATE_REQUIRED: Ending(
        "PACER wants you to update your account",
        'PACER showed a page that only you can answer, such as "User Update Required". The bot never presses '
        '"Skip" for you: PACER counts the skips.',
        ("Sign in at pacer.uscourts.gov yourself, do what the page asks, and start again here.",),
        Help.PACER,
    ),
    Code.PASSWORD_EXPIRED: Ending(
        "Your PACER password has to be changed",
        "PACER accepted the PACER password but says that it has expired. It is the PACER password, not the CM/ECF "
        "password.",
        (
            'Change it at pacer.uscourts.gov, "Manage My Account". It needs 14 to 45 characters, with a capital, a '
            "small letter and a special character. PACER asks for a new one every 180 days.",
        ),
        Help.PACER,
    ),
    Code.REDACTION_REQUIRED: Ending(
        "The redaction notice is yours to acknowledge",
        "PACER lets a filer in only after the filer has acknowledged the notice of redaction responsibility. The box "
        "was not ticked.",
        ("Read the notice in the form and tick the box yourself. Nobody can do it for you.",),
        Help.PACER,
    ),
    Code.ECF_LOCKED: Ending(
        "Your CM/ECF login is locked",
        "{court} says that this CM/ECF login is locked or disabled. Courts lock a login for some minutes after 5 wrong "
        "passwords.",
        ("Wait, and do not try the CM/ECF password again. If you do not know it for certain, ask for a reset.",),
        Help.COURT,
        "",
    ),
    Code.ECF_LOGIN_UNLINKABLE: Ending(
        "This CM/ECF login cannot be linked as it is",
        "{court} does not link this CM/ECF login: it may hold a special character such as & @ $ *, or not be an "
        "e-filing account.",
        ("Ask the court's help desk about the CM/ECF login first. Your CM/ECF password may stay as it is.",),
        Help.COURT,
    ),
    Code.PACER_LINKED_ELSEWHERE: Ending(
        "One of the two accounts is linked already",
        "{court} says that one of the two accounts is already linked to another one. One PACER account goes with one "
        "CM/ECF account at a court.",
        ("Check that you used your own individual PACER account. Only the court can undo a link.",),
        Help.COURT,
    ),
    # The person: the answers.
    Code.PASSCODE_NEEDED: Ending(
        "The passcode is missing",
        "PACER wants a passcode from your authenticator app, and none that can be one was given in time.",
        ("Start again with the app open. You can type the passcode last in the form, or when the bot asks.",),
        Help.PACER,
    ),
    Code.ACCOUNTS_MISMATCH: Ending(
        "The accounts were not linked: the names differ",
        "The PACER account that {court} showed for the link is not the PACER user name you typed, or the two could not "
        "be compared. The bot stopped before the final Submit.",
        ("A link cannot be undone by you. Make sure that you use your individual PACER account, then start again.",),
        Help.COURT,
    ),
    Code.STOPPED_BY_PERSON: Ending(
        "Stopped, as you asked",
        "The attempt was stopped before the final Submit.",
        ("You can start again at any time.",),
        Help.COURT,
    ),
    Code.TIMED_OUT: Ending(
        "The time ran out",
        "An answer was missing, or the pages took too long, and the attempt ended before the final Submit.",
        ("Start again when you have some minutes.",),
        Help.COURT,
    ),
}
