"""The Web API of the pretend Slack: the methods that the bot calls, refusing what the real one refuses."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping

from aiohttp import web

from bot.sandbox.slack_calls import SlackError, arguments_of, needed, token_of
from bot.sandbox.slack_limits import Limits
from bot.sandbox.slack_people import PretendPeople
from bot.sandbox.slack_rules import message_faults, view_faults
from bot.sandbox.slack_scopes import SCOPES, scope_of
from bot.sandbox.slack_state import Call, Fault, Json, PretendMessage, PretendView
from bot.sandbox.slack_talk import PretendTalk
from bot.sandbox.slack_teams import PretendTeams

TRIGGER_SECONDS = 3.0
RESPONSE_URL_USES = 5
READ = frozenset({"conversations.history", "conversations.info", "users.info", "users.lookupByEmail"})
"""The methods that are asked with GET, as the SDK does and Slack documents."""


class WebApi:
    """The state of one pretend workspace, and the methods that change it."""

    def __init__(
        self,
        *,
        app_token: str,
        teams: PretendTeams,
        now: Callable[[], float],
        unix: Callable[[], float] = time.time,
    ) -> None:
        self.app_token = app_token
        self.teams = teams
        self.now = now
        self.unix = unix
        self.scopes = set(SCOPES)
        """What the app may do; a test takes one out to meet missing_scope."""
        self.says_scopes = True
        """Whether an answer has the header that names what the token may do."""
        self.limits = Limits(now)
        self.people = PretendPeople(teams, unix)
        self.talk = PretendTalk(self.people, self.ts, lambda token: self.teams.tokens.get(token, ""))
        self.troubles: Callable[[str, Json], Fault | None] = lambda method, args: None
        """Asked about every call that meets no fault of its own: how a benchmark loses every fiftieth reply."""
        self.calls: list[Call] = []
        self.faults: dict[str, Fault] = {}
        self.views: dict[str, list[PretendView]] = {}
        self.triggers: dict[str, tuple[str, float]] = {}
        self.urls: dict[str, tuple[str, str, int]] = {}
        self.pressed_in: dict[str, PretendMessage] = {}
        self.socket_url = ""
        self._serial = 0

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses under which this is reached."""
        return [
            web.route("*", "/api/{method}", self._call),
            web.post("/hooks/{key}", self._response_url),
        ]

    def trigger(self, user: str) -> str:
        """Return a fresh trigger: good once, for three seconds."""
        self._serial += 1
        trigger = f"{self._serial}.{self.teams.home(user).id[1:]}.{secrets.token_hex(8)}"
        self.triggers[trigger] = (user, self.now())
        return trigger

    def response_path(self, user: str, channel: str, pressed_in: PretendMessage | None = None) -> str:
        """Return a fresh response_url's path: good five times; it can change the message that was pressed in."""
        key = secrets.token_hex(8)
        self.urls[key] = (user, channel, RESPONSE_URL_USES)
        if pressed_in is not None:
            self.pressed_in[key] = pressed_in
        return f"/hooks/{key}"

    def ts(self) -> str:
        """Return the next message's name."""
        self._serial += 1
        return f"{int(self.unix())}.{self._serial % 1_000_000:06d}"

    def top(self, user: str) -> PretendView | None:
        """Return the view in front of this person."""
        stack = self.views.get(user) or []
        return stack[-1] if stack else None

    @property
    def messages(self) -> list[PretendMessage]:
        """Everything that was posted, and what a command was answered, oldest first."""
        return self.talk.messages

    @property
    def closed_to_messages(self) -> set[str]:
        """The people to whom the bot may not write."""
        return self.talk.closed

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await arguments_of(request)
        where = self.teams.tokens.get(token_of(request, args), "")
        fault = self._fault(method, where, args)
        status, headers = 200, {}
        if fault is not None and fault.held is not None:
            await fault.held.wait()
            answer = self._answer(method, request, args)
        elif fault is not None and not (fault.lost or fault.garbled):
            status, answer = fault.status, {"ok": False, "error": fault.error or "internal_error"}
            headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
        else:
            answer = self._answer(method, request, args)
        if where and answer["ok"] and self.says_scopes:
            headers["x-oauth-scopes"] = ",".join(sorted(self.scopes))
        kept = {name: value for name, value in args.items() if name != "token"}
        self.calls.append(Call(method, request.method, request.content_type, kept, answer, status, self.now(), where))
        if fault is not None and (fault.lost or fault.unread) and request.transport is not None:
            request.transport.abort()  # nobody hears whether it was done
        if fault is not None and fault.garbled:
            return web.Response(text="a gateway says hello", status=fault.status, content_type=fault.garbled)
        return web.json_response(answer, status=status, headers=headers)

    def _fault(self, method: str, where: str, args: Json) -> Fault | None:
        if wait := self.limits.wait(method, where, args):
            return Fault("ratelimited", status=429, retry_after=wait)
        fault = self.faults.get(method)
        if fault is None or fault.times <= 0:
            return self.troubles(method, args)
        fault.times -= 1
        return fault

    def _answer(self, method: str, request: web.Request, args: Json) -> Json:
        token = token_of(request, args)
        try:
            if request.method != ("GET" if method in READ else "POST"):
                raise SlackError("method_not_supported_for_channel_type")
            if method == "oauth.v2.access":
                return self._access(request, args)
            if token not in ({self.app_token} if method == "apps.connections.open" else self.teams.tokens):
                raise SlackError(
                    "token_revoked" if token in self.teams.revoked else "invalid_auth" if token else "not_authed"
                )
            act = self._methods().get(method)
            if act is None:
                raise SlackError("unknown_method")
            if (needs := scope_of(method, args)) and needs not in self.scopes:
                raise SlackError("missing_scope", [f"[ERROR] needed: {needs}"])
            return {"ok": True, **act({**args, "token": token})}
        except SlackError as error:
            return {"ok": False, "error": error.code, "response_metadata": {"messages": error.messages}}

    def _methods(self) -> Mapping[str, Callable[[Json], Json]]:
        return {
            "auth.test": self._auth_test,
            "apps.connections.open": lambda args: {"url": f"{self.socket_url}?ticket={secrets.token_hex(8)}"},
            "views.open": self._views_open,
            "views.push": self._views_push,
            "views.update": self._views_update,
            **self.talk.methods(),
            **self.people.methods(),
        }

    def _access(self, request: web.Request, args: Json) -> Json:
        refusal, granted = self.teams.access(request, args)
        if refusal:
            raise SlackError(refusal)
        return {"ok": True, **granted}

    def _auth_test(self, args: Json) -> Json:
        return {
            "url": "https://pretend.slack.com/",
            "team": "Pretend LLP",
            "team_id": self.teams.tokens[args["token"]],
            "user_id": "U0BOT",
            "bot_id": "B0PRETEND",
        }

    def _views_open(self, args: Json) -> Json:
        user = self._exchange(needed(args, "trigger_id"))
        return self._place(user, args, [])

    def _views_push(self, args: Json) -> Json:
        user = self._exchange(needed(args, "trigger_id"))
        stack = self.views.get(user, [])
        if len(stack) >= 3:
            raise SlackError("push_limit_reached")
        return self._place(user, args, stack)

    def _views_update(self, args: Json) -> Json:
        known = {one.id: one for stack in self.views.values() for one in stack}
        old = known.get(str(args.get("view_id", "")))
        if old is None:
            raise SlackError("not_found")
        if args.get("hash") not in {None, old.hash}:
            raise SlackError("hash_conflict")
        self.replace(old, args.get("view"))
        return {"view": old.payload(self.teams.installed(old.user))}

    def replace(self, old: PretendView, view: object) -> None:
        """Show `view` in place of another: what was typed stays where its ids stay. Raises SlackError."""
        old.view = _checked(view)
        old.hash = self.ts()
        old.state = old.kept()
        old.errors = {}

    def push(self, user: str, view: object) -> PretendView:
        """Show `view` on top of this person's others. Raises SlackError."""
        checked = _checked(view)
        self._serial += 1
        name = f"V{self._serial:08d}"
        stack = self.views.setdefault(user, [])
        shown = PretendView(name, user, checked, self.ts(), stack[0].id if stack else name)
        stack.append(shown)
        return shown

    def _place(self, user: str, args: Json, under: list[PretendView]) -> Json:
        _checked(args.get("view"))
        self.views[user] = under
        return {"view": self.push(user, args["view"]).payload(self.teams.installed(user))}

    def _exchange(self, trigger: str) -> str:
        if trigger not in self.triggers:
            raise SlackError("invalid_trigger_id")
        user, minted = self.triggers[trigger]
        if minted == float("-inf"):
            raise SlackError("exchanged_trigger_id")
        self.triggers[trigger] = (user, float("-inf"))
        if self.now() - minted > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        return user

    async def _response_url(self, request: web.Request) -> web.StreamResponse:
        key = request.match_info["key"]
        user, channel, left = self.urls.get(key, ("", "", 0))
        if left <= 0:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        self.urls[key] = (user, channel, left - 1)
        args = await request.json()
        faults = message_faults(args.get("text"), args.get("blocks"))
        if faults:
            return web.json_response({"ok": False, "error": "invalid_blocks", "faults": faults}, status=400)
        pressed_in = self.pressed_in.get(key)
        if args.get("replace_original") and pressed_in is not None:
            pressed_in.change(args)
        else:
            self.talk.hear(user, channel, args)
        return web.json_response({"ok": True})


def _checked(view: object) -> Json:
    faults = view_faults(view)
    if faults or not isinstance(view, dict):
        raise SlackError("view_too_large" if "view_too_large" in faults else "invalid_arguments", faults)
    return view
