"""Installing the bot in a workspace: Bolt's OAuth flow behind our own addresses, words, cookie and state.

An administrator opens /slack/install, allows the bot at Slack, and comes back to /slack/oauth_redirect with a code that
the bot exchanges for a token. The `state` in between proves that it is the same browser (a cookie holds it too), that
we began it (it is signed), lately (10 minutes) and once (the database remembers it). Both addresses are opened by that
browser alone, never by Slack, so a firm may close them to everybody outside.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.oauth import OAuthStateUtils
from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from bot.clock import Clock
from bot.errors import StoreTrouble
from bot.words.installing import INSTALL_PAGE, NotDone, installed_words, not_done_words
from handlers.slack.install_pages import html_of, page
from handlers.slack.installs import SlackInstalls, WillNotDo
from handlers.slack.scopes import SCOPES
from handlers.slack.trouble import SLACK_FAULTS, describe

log = logging.getLogger(__name__)
quiet = logging.getLogger("slack_bolt.link_ecf.oauth")
"""What Bolt's flow logs holds codes and answers of Slack's: beneath slack_bolt, quiet.py withholds it."""

INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"
AGAIN = "install"
"""From one of the two addresses to the first, whatever path the firm's proxy puts before both."""
MINUTES = 10
COOKIE = "__Host-link-ecf-install"

_STATE = re.compile(r"([0-9]{10,12})\.[A-Za-z0-9_-]{43}\.[0-9a-f]{64}", re.ASCII)
_TEAM = re.compile(r"[TE][A-Z0-9]{2,20}", re.ASCII)
_REASONS = {
    "access_denied": NotDone.DENIED,
    "invalid_browser": NotDone.OTHER_BROWSER,
    "invalid_state": NotDone.USED_OR_OLD,
    "missing_code": NotDone.INCOMPLETE,
}


class States(AsyncOAuthStateStore):
    """Signed states, each good once and for ten minutes; any replica can tell. Methods may raise StoreTrouble.

    The signature needs no key of its own: the client secret is the same on every replica, and known to nobody else.
    """

    def __init__(self, client_secret: str, first_use: Callable[[str, datetime], Awaitable[bool]], clock: Clock) -> None:
        self._key = client_secret.encode()
        self._first_use = first_use
        self._clock = clock

    @property
    def logger(self) -> logging.Logger:
        """The logger that Bolt asks for."""
        return quiet

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        """Return a fresh state."""
        said = f"{int(self._clock.now().timestamp()) + 60 * MINUTES}.{secrets.token_urlsafe(32)}"
        return f"{said}.{self._signed(said)}"

    async def async_consume(self, state: str) -> bool:
        """Tell whether `state` is ours, in time, and used for the first time; it is used from now on."""
        shape = _STATE.fullmatch(state)
        said, _, signature = state.rpartition(".")
        if shape is None or not hmac.compare_digest(signature, self._signed(said)):
            return False
        until = datetime.fromtimestamp(int(shape[1]), UTC)
        return self._clock.now() < until and await self._first_use(state, until)

    def _signed(self, said: str) -> str:
        return hmac.new(self._key, b"link-ecf install state:" + said.encode(), hashlib.sha256).hexdigest()


class StateCookie(OAuthStateUtils):
    """The cookie that ties a state to one browser: no script reads it, no other site sends it along in a frame or form.

    SameSite=Lax, because coming back from Slack is a navigation from another site, which Strict would leave bare.
    """

    def __init__(self) -> None:
        super().__init__(cookie_name=COOKIE, expiration_seconds=60 * MINUTES)

    def build_set_cookie_for_new_state(self, state: str) -> str:
        """Return the header that sets it."""
        return f"{COOKIE}={state}; Path=/; Max-Age={self.expiration_seconds}; Secure; HttpOnly; SameSite=Lax"

    def build_set_cookie_for_deletion(self) -> str:
        """Return the header that takes it away."""
        return f"{COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"

    def is_valid_browser(self, state: str | None, request_headers: Mapping[str, str | Sequence[str]]) -> bool:
        """Tell whether the browser that came back has the cookie of this state."""
        sent = request_headers.get("cookie") or ()
        for header in [sent] if isinstance(sent, str) else sent:
            found = SimpleCookie(header).get(COOKIE)
            if state and found is not None and hmac.compare_digest(found.value.encode(), state.encode()):
                return True
        return False


class Refusal(BoltError):
    """An installation that Slack granted and that the bot does not keep; `why` is what the browser is told."""

    def __init__(self, why: NotDone) -> None:
        super().__init__(why.value)
        self.why = why


class InstallFlow(AsyncOAuthFlow):
    """Bolt's flow, with addresses that are encoded, and with every fault turned into words."""

    def __init__(self, settings: AsyncOAuthSettings, client: AsyncWebClient, redirect_url: str) -> None:
        super().__init__(client=client, logger=quiet, settings=settings)
        self._authorize_url = URL(client.base_url).origin() / "oauth/v2/authorize"
        # Set here: where these are left out, Bolt looks for them in the environment.
        self.redirect_uri = settings.redirect_uri = redirect_url or None

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        """Return Slack's page where the bot is allowed, for the workspace that the install address names, if any."""
        asked = {"client_id": self.client_id, "scope": ",".join(SCOPES), "user_scope": "", "state": state}
        team = (request.query.get("team") or [""])[0]
        if _TEAM.fullmatch(team):
            asked["team"] = team
        if self.redirect_uri:
            asked["redirect_uri"] = self.redirect_uri
        return f"{self._authorize_url}?{urlencode(asked)}"

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        """Return the page on which an installation begins."""
        return html_of(INSTALL_PAGE, url)

    async def run_installation(self, code: str) -> Installation | None:
        """Exchange Slack's code for a token; None where Slack does not, which is logged without the code."""
        try:
            found = await super().run_installation(code)
        except SLACK_FAULTS as error:
            log.warning("Slack did not complete an installation: %s", describe(error))
            return None
        if found is None:
            log.warning("Slack did not complete an installation: it refused the code")
        return found

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Keep the installation. Raises Refusal."""
        why = NotDone.NOT_KEPT
        try:
            await self.settings.installation_store.async_save(installation)
        except WillNotDo:
            why = NotDone.ROTATING if installation.bot_token else NotDone.NO_BOT
        except StoreTrouble as trouble:
            log.error("an installation was not kept: %s", describe(trouble))
        else:
            return
        raise Refusal(why)


class InstallRoutes:
    """The aiohttp handlers of both addresses."""

    def __init__(
        self,
        installs: SlackInstalls,
        client: AsyncWebClient,
        clock: Clock,
        *,
        client_id: str,
        client_secret: str,
        public_url: str,
    ) -> None:
        settings = AsyncOAuthSettings(
            client_id=client_id,
            client_secret=client_secret,
            scopes=SCOPES,
            user_scopes=(),
            install_path=INSTALL,
            redirect_uri_path=REDIRECT,
            callback_options=AsyncCallbackOptions(success=self._done, failure=self._not_done),
            installation_store=installs,
            state_store=States(client_secret, installs.records.first_use, clock),
            logger=quiet,
        )
        settings.state_utils = self._cookie = StateCookie()
        self._flow = InstallFlow(settings, client, f"{public_url}{REDIRECT}" if public_url else "")

    def routes(self) -> list[web.RouteDef]:
        """Return what an aiohttp application has to add."""
        return [
            web.get(INSTALL, self._answering(self._flow.handle_installation), allow_head=False),
            web.get(REDIRECT, self._answering(self._flow.handle_callback), allow_head=False),
        ]

    def _answering(
        self, handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            asked = AsyncBoltRequest(body="", query=request.query_string, headers=dict(request.headers))
            try:
                return _page_of(await handle(asked))
            except StoreTrouble as trouble:
                log.error("an installation was not completed: %s", describe(trouble))
            except Exception as error:  # the last line: a fault of ours must not show or log what is in the address
                log.error("an install page failed: %s", describe(error))
            return _page_of(self._refused(NotDone.NOT_KEPT))

        return answer

    async def _done(self, args: AsyncSuccessArgs) -> BoltResponse:
        made = args.installation
        whole = bool(made.is_enterprise_install)
        log.info("the bot was installed in %s", "an organization" if whole else "a workspace")
        shown = installed_words((made.enterprise_name if whole else made.team_name) or "", organization=whole)
        return self._response(html_of(shown), 200)

    async def _not_done(self, args: AsyncFailureArgs) -> BoltResponse:
        why = args.error.why if isinstance(args.error, Refusal) else _REASONS.get(args.reason, NotDone.SLACK_REFUSED)
        log.warning("an installation was not completed: %s", why.value)
        return self._refused(why)

    def _refused(self, why: NotDone) -> BoltResponse:
        status = {NotDone.DENIED: 200, NotDone.NOT_KEPT: 503, NotDone.SLACK_REFUSED: 502}.get(why, 400)
        return self._response(html_of(not_done_words(why), AGAIN), status)

    def _response(self, html: str, status: int) -> BoltResponse:
        return BoltResponse(
            status=status, body=html, headers={"Set-Cookie": [self._cookie.build_set_cookie_for_deletion()]}
        )


def _page_of(answer: BoltResponse) -> web.Response:
    """Return Bolt's answer as a page of ours; its cookie goes out as it was written, SameSite and all."""
    shown = page(answer.body, answer.status)
    for cookie in answer.headers.get("set-cookie", ()):
        shown.headers.add("Set-Cookie", cookie)
    return shown
