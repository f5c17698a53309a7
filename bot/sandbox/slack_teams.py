"""The pretend Slack's workspaces: who belongs where, which token belongs to which, and the page that allows an app.

What Slack's own page looks like is no part of this; the addresses, the parameters, the answer of oauth.v2.access and
the two events of an uninstall are as Slack documents them.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.slack_state import Json
from bot.sandbox.slack_wire import Reply, Wire

CLIENT_ID = "2141029472.691202649728"
CLIENT_SECRET = "pretend-client-secret"


@dataclass(frozen=True, slots=True)
class PretendTeam:
    """One workspace; `enterprise` is the organization that it belongs to."""

    id: str
    name: str
    enterprise: str = ""


@dataclass(frozen=True, slots=True)
class _Code:
    """What a person allowed: where, for the whole organization or not, and which address it goes back to."""

    team: PretendTeam
    whole: bool
    user: str
    redirect_uri: str


@dataclass(slots=True)
class PretendTeams:
    """Workspaces and installations of one app. `redirect_url` is the one that the app has set; `more` is added to the
    next answers of oauth.v2.access (None takes a field out)."""

    wire: Wire
    tokens: dict[str, str]
    teams: dict[str, PretendTeam]
    redirect_url: str = ""
    homes: dict[str, str] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    more: Json = field(default_factory=dict)
    _codes: dict[str, _Code] = field(default_factory=dict)

    def add(self, team: str, name: str, enterprise: str = "") -> PretendTeam:
        """Found a workspace."""
        self.teams[team] = PretendTeam(team, name, enterprise)
        return self.teams[team]

    def token(self, where: str) -> str:
        """Return the token with which the app is installed in this workspace or organization. Raises KeyError."""
        return {owner: token for token, owner in self.tokens.items()}[where]

    def home(self, user: str) -> PretendTeam:
        """Return the workspace of this person."""
        return self.teams[self.homes.get(user) or next(iter(self.teams))]

    def installed(self, user: str) -> str:
        """Return where the app was installed that this person speaks to: their organization, or their workspace."""
        home = self.home(user)
        return home.enterprise if home.enterprise in self.tokens.values() else home.id

    def sees(self, token: str, user: str) -> bool:
        """Tell whether this token reaches this person."""
        home = self.home(user)
        return self.tokens.get(token) in {home.id, home.enterprise}

    # What every payload says of its workspace.

    def of_command(self, user: str) -> Json:
        """Return the fields of a command."""
        home = self.home(user)
        more = {"enterprise_id": home.enterprise, "enterprise_name": "Pretend Org"} if home.enterprise else {}
        whole = "true" if self.installed(user).startswith("E") else "false"
        return {"team_id": home.id, "team_domain": "pretend", "is_enterprise_install": whole, **more}

    def of_interaction(self, user: str) -> Json:
        """Return the fields of a press or a form: where the whole organization has the app, the team is null."""
        home = self.home(user)
        whole = self.installed(user).startswith("E")
        return {
            "team": None if whole else {"id": home.id, "domain": "pretend"},
            "enterprise": {"id": home.enterprise, "name": "Pretend Org"} if home.enterprise else None,
            "is_enterprise_install": whole,
        }

    # The end of an installation.

    def revoke(self, token: str) -> None:
        """Let a token be worth nothing from now on."""
        self.tokens.pop(token, None)
        self.revoked.add(token)

    async def uninstall(self, where: str) -> list[Reply]:
        """Remove the app as an administrator does; both events are sent. Raises KeyError where it is not installed."""
        self.revoke(self.token(where))
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}}
        return [await self.event(where, revoked), await self.event(where, {"type": "app_uninstalled"})]

    async def event(self, where: str, event: Json, at: float | None = None) -> Reply:
        """Send an event about a workspace or an organization, as of the Unix time `at` (now)."""
        team = self.teams.get(where)
        ids = {"team_id": team.id, "enterprise_id": team.enterprise or None} if team else {"enterprise_id": where}
        body = {
            "token": "legacy-verification-token",
            "api_app_id": "A0PRETEND",
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(4)}",
            "event_time": int(time.time() if at is None else at),
            **ids,
        }
        return await self.wire.post(json.dumps(body).encode(), content_type="application/json")

    # The page where a person allows the app.

    def routes(self) -> list[web.RouteDef]:
        """Return the address of that page."""
        return [web.get("/oauth/v2/authorize", self._show), web.post("/oauth/v2/authorize", self._decide)]

    async def _show(self, request: web.Request) -> web.Response:
        fault = self._fault(request.query)
        if fault:
            return web.Response(text=fault, status=400)
        places = "".join(f"<option>{escape(team)}</option>" for team in self.teams)
        form = (
            f'<form method="post"><select name="team">{places}</select><button name="decision" value="allow">Allow'
            '</button><button name="decision" value="deny">Cancel</button></form>'
        )
        return web.Response(text=f"<!doctype html><title>Pretend Slack</title>{form}", content_type="text/html")

    async def _decide(self, request: web.Request) -> web.Response:
        """Take the decision of `user` for `team`, or with `whole` for its organization, and lead back to the app."""
        fault = self._fault(request.query)
        if fault:
            return web.Response(text=fault, status=400)
        chosen = await request.post()
        back = {"state": request.query.get("state", "")}
        uri = request.query.get("redirect_uri", "")
        if chosen.get("decision") == "allow":
            back["code"] = secrets.token_hex(16)
            team = self.teams[str(chosen["team"])]
            self._codes[back["code"]] = _Code(team, "whole" in chosen, str(chosen["user"]), uri)
        else:
            back["error"] = "access_denied"
        raise web.HTTPFound(f"{uri or self.redirect_url}?{urlencode(back)}")

    def _fault(self, query: Mapping[str, str]) -> str:
        if query.get("client_id") != CLIENT_ID:
            return "invalid_client_id"
        if not query.get("scope"):
            return "no_scopes"
        return "bad_redirect_uri" if query.get("redirect_uri", self.redirect_url) != self.redirect_url else ""

    def access(self, request: web.Request, args: Json) -> tuple[str, Json]:
        """Exchange a code, once: returns "" and the answer of oauth.v2.access, or Slack's code of refusal."""
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {basic}":
            return "bad_client_secret", {}
        code = self._codes.pop(str(args.get("code", "")), None)
        if code is None:
            return "invalid_code", {}
        if args.get("redirect_uri", "") != code.redirect_uri:
            return "bad_redirect_uri", {}
        return "", self._granted(code)

    def _granted(self, code: _Code) -> Json:
        where = code.team.enterprise if code.whole else code.team.id
        token = next((one for one, owner in self.tokens.items() if owner == where), f"xoxb-{secrets.token_hex(12)}")
        self.tokens[token] = where
        granted: Json = {
            "access_token": token,
            "token_type": "bot",
            "scope": "commands,chat:write,im:write",
            "bot_user_id": "U0BOT",
            "app_id": "A0PRETEND",
            "team": None if code.whole else {"id": code.team.id, "name": code.team.name},
            "enterprise": {"id": code.team.enterprise, "name": "Pretend Org"} if code.team.enterprise else None,
            "is_enterprise_install": code.whole,
            "authed_user": {"id": code.user},
        }
        return {name: value for name, value in {**granted, **self.more}.items() if name not in self._taken_out()}

    def _taken_out(self) -> set[str]:
        return {name for name, value in self.more.items() if value is None}
