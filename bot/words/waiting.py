"""Why messages wait or do not arrive: what the app may not do in its workspace, and whom the bot cannot reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_DEAD = "Slack no longer takes the bot's token. Reinstall the app, or set SLACK_BOT_TOKEN to its new token"
_INSTALL = "The bot is not installed there any more. Install it again"
_ASK_OWNER = "Ask an owner of the workspace to let the app post messages"

_FIX: Mapping[str, str] = {
    "messages_tab_disabled": 'Turn on "Messages Tab" under "App Home" at api.slack.com/apps',
    "restricted_action": f"A setting of the workspace keeps the app from posting. {_ASK_OWNER}",
    "app_access_restricted": f"The workspace restricts this app. {_ASK_OWNER}",
    "team_access_not_granted": f"The organization has not granted the app this workspace. {_ASK_OWNER}",
    "ekm_access_denied": "The organization's own keys are withdrawn from Slack. Ask its administrators",
    "not_in_channel": "The app may not write where it should. Invite it there, or reinstall it",
    "missing_scope": "The app lacks a permission. Run `link-ecf doctor`, add it, and reinstall the app",
    "not_installed": _INSTALL,
    **dict.fromkeys(("token_revoked", "token_expired", "invalid_auth", "not_authed", "account_inactive"), _DEAD),
}

_NOT_REACHED: Mapping[str, str] = {
    "left": "has left the workspace, as far as Slack says",
    "no_direct_messages": "takes no direct messages from the bot",
}


def barred_words(waiting: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """Return a line for each reason of the chat's that keeps messages waiting: how many, why, and what to do."""
    return tuple(
        f"{count:,} {'message waits' if count == 1 else 'messages wait'}: Slack answers {code!r}. "
        f"{_FIX.get(code, 'Look this word up in the Slack API documentation')}. They go out by themselves after that."
        for code, count in waiting
    )


def unreached_words(unreached: Sequence[tuple[str, str]], room: int) -> tuple[str, ...]:
    """Return the first people (as they are to be named, with why) whom reminders do not reach, and how many more."""
    if not unreached:
        return ()
    more = [f"... and {len(unreached) - room} more."] if len(unreached) > room else []
    shown = (f"{who} {_NOT_REACHED.get(why, 'could not be written to')}." for who, why in unreached[:room])
    return ("\n".join(("Not reached by reminders, and tried again every day:", *shown, *more)),)


def not_reached_words(why: str) -> str:
    """Return what somebody reads whom reminders did not reach."""
    reason = "your account was switched off" if why == "left" else "Slack did not take the bot's messages to you"
    return f"Lately no reminder reached you: {reason}. From now on the bot tries again."
