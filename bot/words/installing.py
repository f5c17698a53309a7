"""Every sentence about installing the bot in a workspace: in the browser of whoever installs it, and in the chat.

Whoever installs is an administrator of Slack, not an attorney: the words speak of Slack only, and of no account.
"""

from __future__ import annotations

from enum import StrEnum

from bot.words.said import Words

ADD_LABEL = "Add link-ecf to Slack"
INSTALL_PAGE = Words(
    "Install link-ecf in Slack",
    (
        "link-ecf is run by your own firm. In Slack it may answer /link-ecf, write to the people who use it, and open "
        "its direct messages with them. It reads no channel and no other message.",
        "Slack asks you next whether you allow that. You need to be allowed to install apps in your workspace, or, "
        "for all workspaces at once, in your organization.",
        "This page is good for 10 minutes.",
    ),
    ADD_LABEL,
)


class NotDone(StrEnum):
    """Why an installation was not completed: a closed set, so that nothing from an address is ever shown."""

    DENIED = "denied"
    OTHER_BROWSER = "other_browser"
    USED_OR_OLD = "used_or_old"
    INCOMPLETE = "incomplete"
    SLACK_REFUSED = "slack_refused"
    NO_BOT = "no_bot"
    ROTATING = "rotating"
    NOT_KEPT = "not_kept"


_AGAIN = "Start again"
_NOTHING_KEPT = "Nothing was kept by the bot."
_NOT_DONE: dict[NotDone, tuple[str, tuple[str, ...]]] = {
    NotDone.DENIED: (
        "The installation was cancelled",
        ("Permission was not given in Slack, so the bot was not installed.", _NOTHING_KEPT),
    ),
    NotDone.OTHER_BROWSER: (
        "This is not the browser that began",
        (
            "An installation has to be finished in the browser in which it was begun, with cookies allowed, and over "
            "https. Perhaps somebody sent you this link: then close the page.",
            _NOTHING_KEPT,
        ),
    ),
    NotDone.USED_OR_OLD: (
        "This link has been used, or is too old",
        ("An installation can be finished once, within 10 minutes. If it was completed before, it still is.",),
    ),
    NotDone.INCOMPLETE: (
        "Slack's answer is incomplete",
        ("The address that Slack led you to lacks what is needed to finish.", _NOTHING_KEPT),
    ),
    NotDone.SLACK_REFUSED: (
        "Slack did not complete the installation",
        (
            "The bot asked Slack for its permission and did not get it: Slack could not be reached, or refused. If "
            "this comes again, compare SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and the redirect URL with the app's pages "
            "at Slack.",
            _NOTHING_KEPT,
        ),
    ),
    NotDone.NO_BOT: (
        "Slack gave no permission for the bot",
        (
            "Slack's answer holds no token for the bot itself. Look at the app's Bot Token Scopes: commands, "
            "chat:write and im:write.",
            _NOTHING_KEPT,
        ),
    ),
    NotDone.ROTATING: (
        "Token rotation is switched on for this Slack app",
        (
            "link-ecf does not renew tokens that expire, so it would stop within 12 hours. Slack does not let rotation "
            "be switched off again: make a new app from the manifest that comes with link-ecf.",
            _NOTHING_KEPT,
        ),
    ),
    NotDone.NOT_KEPT: (
        "The installation could not be saved",
        (
            "Slack has given its permission, but the bot's database did not take it. Tell whoever runs the bot, and "
            "start again later: installing twice does no harm.",
        ),
    ),
}


def not_done_words(why: NotDone) -> Words:
    """Return what the browser shows when the bot was not installed."""
    title, paragraphs = _NOT_DONE[why]
    return Words(title, paragraphs, "" if why is NotDone.ROTATING else _AGAIN)


def installed_words(name: str, *, organization: bool) -> Words:
    """Return what the browser shows when the bot is installed; `name` is the workspace's own, "" when not told."""
    where = "organization" if organization else "workspace"
    return Words(
        "link-ecf is installed",
        (
            f"It now answers in the {where} {name}." if name else f"It now answers in your {where}.",
            "Type /link-ecf help in Slack. You can close this page.",
        ),
    )


def not_installed_words(install_url: str) -> Words:
    """Return what is said in a workspace whose installation is not known, or cannot be read any more."""
    where = f" at {install_url}" if install_url else ", by the install page of whoever runs the bot"
    return Words(
        "link-ecf has to be installed again",
        (
            "The bot does not have, or can no longer use, this workspace's permission. What you did just now was not "
            "carried out, and nothing was sent to PACER or to a court.",
            f"A Slack administrator of your firm has to install it again{where}.",
        ),
    )
