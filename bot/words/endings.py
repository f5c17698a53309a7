"""How an attempt ended, in words: one entry per code, grouped by who must act, as in errors.py."""

from __future__ import annotations

from bot.courts.court import Court, Unlinkable
from bot.errors import Code
from bot.linker.values import Result
from bot.words.said import NOT_SENT, OTHER_COURT, PACER_HELP, Ending, Help, Words, court_help, named, sentence
from bot.words.yours import YOURS

ENDINGS: dict[Code, Ending] = {
    Code.LINKED: Ending(
        "Your accounts are linked",
        "Your CM/ECF account at {court} is linked to your PACER account. The court's menu, read afresh, now shows the "
        "filing items.",
        (
            "From now on you use only your PACER account, for both PACER and CM/ECF, at this court.",
            "If CM/ECF is open in your browser, press F5 there to see the new menus for filing.",
            "The court also sends you an e-mail about the link.",
        ),
        Help.COURT,
        OTHER_COURT,
        "Nothing else was changed: no document was filed, no fee page was opened, and no password was altered.",
    ),
    Code.ALREADY_LINKED: Ending(
        "Already linked",
        "Your PACER account already files at {court}: its menu shows the filing items. There was nothing to do.",
        (
            "Sign in there with your PACER account. Press F5 if your browser still shows the old menus.",
            "If you have a second CM/ECF account at this court, it needs a PACER account of its own: ask the court.",
        ),
        Help.COURT,
        OTHER_COURT,
        "Nothing was changed at the court: the link form was not opened, and your CM/ECF password was not sent.",
    ),
    # The firm.
    Code.LINKING_OFF: Ending(
        "Linking by the bot is off",
        "Your firm has switched linking by the bot off, for this court or for all courts.",
        ("You can link by hand on the court's own pages. Your administrator can say why it is off.",),
        Help.FIRM,
        OTHER_COURT,
        NOT_SENT,
    ),
    Code.COURT_UNSUPPORTED: Ending(
        "The bot cannot link at this court",
        "The bot has no way to link accounts at {court}.",
        (),  # by_hand() has the court's own road
        Help.COURT,
        OTHER_COURT,
        NOT_SENT,
    ),
    # The court or PACER.
    Code.NOT_LIVE: Ending(
        "The court is not live yet",
        "{court} is not live on NextGen CM/ECF yet. Accounts can be linked only after a court's go-live.",
        ("Until then, keep filing there with the CM/ECF login that the court issued to you.",),
        Help.COURT,
        OTHER_COURT,
        "Nothing was changed at the court, and your PACER password and your CM/ECF password were not sent to it.",
    ),
    Code.COURT_DOWN: Ending(
        "The court could not be reached",
        "The CM/ECF site of {court} did not answer, or answered with a fault. This has nothing to do with your "
        "passwords.",
        ("Try again later. Courts close CM/ECF for maintenance, most often at week-ends; see the court's web site.",),
        Help.COURT,
    ),
    Code.PACER_DOWN: Ending(
        "PACER could not be reached",
        "PACER's sign-on did not answer, or its answer was lost or could not be read. This does not mean that your "
        "PACER password is wrong.",
        ("Wait a few minutes before you try again. PACER may count the sign-on that got no answer.",),
        Help.PACER,
    ),
    Code.COURT_NOT_LISTED: Ending(
        "PACER does not list the court",
        'After the sign-on PACER asks "Where would you like to go?", and {court} is not in its list for your account.',
        ("Sign in by hand once and look at that list. If the court is missing there too, call for help.",),
        Help.BOTH,
    ),
    Code.LINK_NOT_OFFERED: Ending(
        "The court does not offer the link",
        'The item "Link a CM/ECF account to my PACER account" is not in the "Utilities" menu of {court}, nor under '
        '"NextGen Release 1.1 Menu Items".',
        ("The court may not be ready for linking, or your PACER account may stand in the way. The court can tell.",),
        Help.COURT,
    ),
    # Us.
    Code.UNKNOWN_PAGE: Ending(
        "The bot met a page it does not know",
        "The bot stopped because it could not be sure what a page meant. It never guesses. This says nothing about "
        "your passwords.",
        (
            "You can link by hand on the court's own pages, as the court's guide shows.",
            "Tell your administrator, so that the bot can learn the page.",
        ),
        Help.BOTH,
    ),
    Code.OUTCOME_UNKNOWN: Ending(
        "It is not known whether the link was made",
        "Your accounts were sent once to {court} to be linked, but the answer was lost or a fresh menu did not show "
        "the filing items.",
        (
            "Check it: sign in to the court's CM/ECF with your PACER account and press F5. If you see the menus for "
            "filing, you are linked; the court then also sends an e-mail.",
            "Look before you start again. If the menus are missing after an hour, call the court.",
        ),
        Help.COURT,
        "",
        "The bot sent the link form once, and did not send the final Submit a second time.",
    ),
    Code.INTERRUPTED: Ending(
        "The attempt was interrupted",
        "The attempt ended before anything was linked, because the bot was being restarted or the session was lost.",
        ("Start again. You will need a new passcode.",),
        Help.COURT,
    ),
    **YOURS,
}

_SIDES = {
    "filer": "It is the CM/ECF account that is linked to another PACER account.",
    "account": "It is the PACER account that is linked to another CM/ECF account.",
}

_BY_HAND = {
    Unlinkable.OUTSIDE_PACER: (
        "This court runs its own filing system, outside PACER. There is no PACER account to link there: ask the court "
        "how to file.",
    ),
    Unlinkable.APPELLATE: (
        "Appellate courts use other pages, which the bot does not support yet. By hand: sign in to the court's CM/ECF "
        'with your PACER account and choose "Link my filer account to my PACER account". Then enter the filer login '
        "and password that the court issued to you. Some circuits ask for the link at the first sign-on.",
    ),
}


def unsupported(court: Court) -> tuple[str, ...]:
    """Return why the bot has no road at `court` and what there is instead (PACER's FAQ on linking; users.md row 19)."""
    return _BY_HAND[court.unlinkable] if court.unlinkable is not None else ()


def helpers(who: Help, court: Court) -> str:
    """Return the line that says who can help."""
    match who:
        case Help.COURT:
            return f"Who can help: {court_help(court)}."
        case Help.PACER:
            return f"Who can help: {PACER_HELP}."
        case Help.BOTH:
            return f"Who can help: {court_help(court)}; or {PACER_HELP}."
        case Help.FIRM:
            return f"Who can help: your firm's administrator of this bot; or {court_help(court)}."


def paragraphs_of(code: Code, court: Court) -> tuple[str, ...]:
    """Return what is said of `code` at `court`, without detail and incident id."""
    ending = ENDINGS[code]
    instead = unsupported(court) if code is Code.COURT_UNSUPPORTED else ()
    happened = sentence(ending.happened.format(court=named(court)))
    return (happened, *ending.now, *instead, ending.unchanged, helpers(ending.help, court))


def result_words(result: Result, court: Court) -> Words:
    """Return the words of an ending: what happened, what to do, what was not changed, who can help, the incident id."""
    ending = ENDINGS[result.code]
    happened, *rest = paragraphs_of(result.code, court)
    return Words(
        title=ending.title,
        paragraphs=(happened, *_detail(result), *rest, f"Incident id, for your administrator: {result.incident}"),
        next_label=ending.next_label,
    )


def _detail(result: Result) -> tuple[str, ...]:
    """What the linker adds in one fixed phrase; a code's own entry already says what the others would add."""
    if result.code is Code.PACER_LINKED_ELSEWHERE:
        return (_SIDES[result.detail],) if result.detail in _SIDES else ()
    if result.detail and result.code in {Code.UNKNOWN_PAGE, Code.INTERRUPTED, Code.PACER_DOWN, Code.COURT_DOWN}:
        return (f"What the bot noticed: {result.detail}.",)
    return ()
