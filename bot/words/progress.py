"""A running attempt in words: its steps in the court's own labels, its two questions, and what became of an answer."""

from __future__ import annotations

from bot.attempts.attempt import Answered
from bot.courts.court import Court
from bot.linker.values import Comparison, ConfirmQuestion, PasscodeQuestion, Question, Step, Told
from bot.words.said import Words, named, sentence

STEPS: dict[Step, str] = {
    Step.QUEUED: "Waiting for a turn at the court: place {place} in the queue. Only a few go at once.",
    Step.FRONT_PAGE: 'Opening the court\'s CM/ECF site and its link "Document Filing System".',
    Step.SIGN_ON: "Signing on to PACER with your PACER user name and PACER password.",
    Step.PASSCODE: "Giving PACER the passcode from your authenticator app.",
    Step.REDACTION: 'Passing on your acknowledgement of the redaction notice, and "Continue".',
    Step.COURT_CHOICE: 'Choosing the court under "Where would you like to go?".',
    Step.MENU: "Reading the court's menu, to see whether you are linked already.",
    Step.UTILITIES: 'Opening "Utilities" and looking for "Link a CM/ECF account to my PACER account".',
    Step.NEXTGEN_MENU: 'Looking under "NextGen Release 1.1 Menu Items".',
    Step.LINK_FORM: 'Entering your "CM/ECF login" and "CM/ECF password" in the court\'s form.',
    Step.VERIFY: "Reading the page on which the court shows both accounts.",
    Step.SUBMIT: "Sending the final Submit, once. From here on the attempt cannot be stopped.",
    Step.PROOF: "Reading a fresh menu of the court for proof of the link (what F5 does in your browser).",
    Step.LOG_OUT: "Logging out at PACER.",
}
"""One line per step of guides GASB and ALMB."""

NOT_HERE = (
    "They cannot be shown in this place just now, so they cannot be linked from here. The attempt's message in your "
    "chat with the bot shows both: answer there. From here you can only stop the attempt."
)
"""Said in place of a comparison where what the court showed cannot be had."""

_COMPARED: dict[Comparison, tuple[str, ...]] = {
    Comparison.AGREE: ("The PACER account shown is the one you typed. Check that the CM/ECF account is yours too.",),
    Comparison.DIFFER: (
        "Warning: the PACER account shown is not the PACER user name you typed. The bot does not link these two.",
        "You may have signed on with another account, such as a shared firm account. Stop, and start again.",
    ),
    Comparison.UNCLEAR: (
        "The bot could not read from the page whether the PACER account shown is the one you typed, so it cannot "
        "compare them for you.",
        "Go on only if you recognize both accounts as yours. If in doubt, stop.",
    ),
}

_ANSWERED: dict[Answered, str] = {
    Answered.TAKEN: "Thank you. The attempt goes on.",
    Answered.ALREADY_ANSWERED: "This question was answered already, perhaps in another window. The first one counts.",
    Answered.TOO_LATE: (
        "This question is no longer open: the attempt went on without it or has ended. Nothing was sent. The "
        "attempt's message shows how it stands."
    ),
    Answered.NOT_YOURS: "Only the person who started this attempt can answer. Your answer was not used.",
    Answered.PASSCODE_SHAPE: (
        "That cannot be a passcode. Type the 6 digits from the authenticator app, or one of PACER's backup codes. "
        "Nothing was sent."
    ),
    Answered.UNREACHABLE: (
        "The bot cannot reach its records just now, so your answer was not passed on. Nothing was sent. Press the "
        "button again in a moment."
    ),
}


def progress_words(court: Court) -> Words:
    """Return the title over a running attempt, and what to expect of it."""
    return Words(
        f"Linking at {court.short_name}",
        (
            f"The bot is linking your CM/ECF account at {named(court)} to your PACER account. This takes less than a "
            "minute as a rule.",
            "You can stop it until your CM/ECF login is sent to the court, and again when the court shows both "
            "accounts.",
        ),
    )


def step_words(told: Told, court: Court) -> str:
    """Return one line for a step; `told.place` is the place in the queue, with Step.QUEUED."""
    return STEPS[told.step].format(place=told.place, court=court.name)


def question_words(question: Question, court: Court) -> Words:
    """Return a question: what is asked, what the answer does, and what happens without one."""
    match question:
        case PasscodeQuestion(certain=False):
            return Words(
                "PACER did not let you in yet",
                (
                    "Either PACER wants a passcode, or your PACER user name or PACER password is wrong: PACER does not "
                    "say which.",
                    "If you use an authenticator app for PACER, enter the passcode that it shows, or one of PACER's "
                    "backup codes. The bot then sends your PACER password once more, with it.",
                    'If you have none, say "I have no passcode". Nothing is sent again.',
                ),
                "Enter the passcode",
            )
        case PasscodeQuestion():
            return Words(
                "PACER asks for your passcode",
                (
                    "Open your authenticator app and enter the passcode that it shows for PACER now, or one of PACER's "
                    "backup codes. No text message or e-mail is sent.",
                    "The passcode changes every 30 seconds: send it at once. Without an answer the attempt ends after "
                    "some minutes, and nothing is changed at the court.",
                ),
                "Enter the passcode",
            )
        case ConfirmQuestion():
            return Words(
                "Are both accounts yours?",
                (
                    f"{sentence(named(court))} shows {'these two' if question.here else 'two'} accounts for the link. "
                    "Nothing is linked yet.",
                    *(_COMPARED[question.comparison] if question.here else (NOT_HERE,)),
                    "A link cannot be undone by you or by the bot, only by the court. Without an answer the attempt "
                    "ends, and nothing is changed at the court.",
                ),
                "These are mine - link them" if question.may_link else "Stop",
            )


def answered_words(outcome: Answered) -> str:
    """Return what became of an answer."""
    return _ANSWERED[outcome]


def cancelled_words(stopped: int) -> str:
    """Return what a stop did, for `stopped` attempts."""
    if stopped == 0:
        return (
            "Nothing was stopped: no attempt of yours can be stopped now. Once the form that may link is sent, an "
            "attempt runs to its end, because stopping would only lose the court's answer."
        )
    return f"Stopped: {stopped} {'attempt' if stopped == 1 else 'attempts'}. Nothing was linked at the court."
