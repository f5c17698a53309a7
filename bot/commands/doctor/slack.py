"""What `link-ecf doctor` asks of Slack, and says of the first admins: the only look of it at the outside."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.commands.doctor.finding import Finding
from bot.settings import Settings
from bot.settings import fix as fix_of

_NOT_TAKEN = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type"}
)
"""What Slack says of a token that it does not take; anything else may be over in a moment."""


def scopes(settings: Settings) -> Finding | None:
    """Compare what SLACK_BOT_TOKEN may do with what the bot needs; None where there is no such token to ask with.

    Workspaces that install the bot by themselves grant at that moment what it asks for, and their tokens are sealed.
    """
    if settings.slack_bot_token is None or settings.many_workspaces:
        return None
    from handlers.slack import hush

    hush()
    return asyncio.run(_asked(settings, settings.slack_bot_token.reveal()))


def admins(settings: Settings) -> Finding:
    """Say whom LINK_ECF_ADMINS makes an admin where."""
    if not settings.admins:
        found = "LINK_ECF_ADMINS is not set: only those whom `link-ecf admins add` has named keep the dates"
        return Finding("admins", True, found)
    bare = sum("/" not in one for one in settings.admins)
    if not bare or not settings.many_workspaces:
        return Finding("admins", True, f"LINK_ECF_ADMINS names {len(settings.admins)}")
    return Finding(
        "admins",
        True,
        f"LINK_ECF_ADMINS: {bare} of {len(settings.admins)} names no workspace, and is good for the first of them in "
        "which one of these people asks",
        "write each with its workspace, such as T012AB3CD/U012AB3CD",
    )


async def _asked(settings: Settings, token: str) -> Finding:
    from handlers.slack import slack_session, web_client
    from handlers.slack.scopes import granted
    from handlers.slack.trouble import UNREADABLE, slack_code

    async with slack_session() as session:
        client = web_client(token, session, settings.slack_api_url, waits=False)
        try:
            headers: Mapping[str, str] = (await client.auth_test()).headers
        except UNREADABLE as error:
            return _unanswered(slack_code(error), settings.slack_api_url)
    return _compared(granted(headers))


def _unanswered(code: str, where: str) -> Finding:
    if code in _NOT_TAKEN:
        return Finding("scopes", False, f"Slack does not take SLACK_BOT_TOKEN ({code})", fix_of("SLACK_BOT_TOKEN"))
    said = f" ({code})" if code else ""
    fix = f"let this machine reach {where}, by HTTPS_PROXY where there is a proxy, and try again"
    return Finding("scopes", False, f"Slack could not be asked{said}: what the bot may do there is not known", fix)


def _compared(found: frozenset[str] | None) -> Finding:
    from handlers.slack.scopes import PURPOSES

    if found is None:
        return Finding("scopes", True, "Slack takes the token; what it may do could not be seen in the answer")
    missing = [f"{scope} ({what})" for scope, what in PURPOSES.items() if scope not in found]
    if missing:
        fix = (
            "add them at api.slack.com/apps > OAuth & Permissions > Bot Token Scopes (deploy/slack-manifest.yaml lists "
            "all), reinstall the app to the workspace, and set SLACK_BOT_TOKEN to the token shown then"
        )
        return Finding("scopes", False, f"missing: {'; '.join(missing)}", fix)
    more = sorted(found - set(PURPOSES))
    unused = f"; granted and not used: {', '.join(more)}" if more else ""
    return Finding("scopes", True, f"the token may do all {len(PURPOSES)} things that the bot needs{unused}")
