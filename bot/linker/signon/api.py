"""Signing on by PACER's JSON API (protocol 1.5)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from yarl import URL

from bot.errors import Code, ended
from bot.linker.browser import Reply, TooMuch, Unreached
from bot.linker.refusals import pacer_refusal
from bot.linker.signon.sign_on import ApiUnreachable, SignedOn, SignOn, is_token
from bot.linker.values import Step, Told
from bot.secret import Secret


@dataclass(slots=True)
class ByApi:
    """The AO's documented way: one POST to /services/cso-auth (protocol 1.5)."""

    sign_on: SignOn

    async def through(self) -> SignedOn:
        """Send user name and password once; once more with a passcode where PACER answers "13" and none was sent."""
        given = self.sign_on.request.passcode
        passcode = given if given else None
        reply = await self._send(passcode)
        if reply.get("loginResult") == "13" and passcode is None:
            passcode = await self.sign_on.passcode(certain=False)
            await self.sign_on.tell(Told(Step.PASSCODE))
            reply = await self._again(passcode)
        return self._accept(reply, passcode)

    async def _again(self, passcode: Secret) -> Mapping[str, str]:
        """Send the password a second and last time; after PACER has answered once, the page is no other way round."""
        try:
            return await self._send(passcode)
        except ApiUnreachable:
            self.sign_on.spend(passcode)
            raise ended(Code.PACER_DOWN) from None

    async def _send(self, passcode: Secret | None) -> Mapping[str, str]:
        account = self.sign_on.request.account
        body = {"loginId": account.username.text, "password": account.password.reveal()}
        if account.client_code:
            body["clientCode"] = account.client_code.text
        if passcode is not None:
            body["otpCode"] = passcode.reveal()
        if self.sign_on.request.redaction_acknowledged:
            body["redactFlag"] = "1"
        url = URL.build(scheme="https", host=self.sign_on.fence.sign_on, path="/services/cso-auth")
        try:
            reply = await self.sign_on.browser.post(
                url, json.dumps(body).encode(), "application/json", headers={"Accept": "application/json"}
            )
        except Unreached as lost:
            if lost.sent:
                self.sign_on.spend(passcode)
                raise ended(Code.PACER_DOWN, "the reply to the sign-on was lost") from None
            raise ApiUnreachable from None
        except TooMuch:
            self.sign_on.spend(passcode)
            raise ended(Code.PACER_DOWN, "PACER's answer to the sign-on could not be read") from None
        if reply.status == 503:
            raise ApiUnreachable
        return self._body(reply, passcode)

    def _body(self, reply: Reply, passcode: Secret | None) -> Mapping[str, str]:
        try:
            found = json.loads(reply.body) if reply.status == 200 else None
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or found.get("loginResult") is None:
            self.sign_on.spend(passcode)
            raise ended(Code.PACER_DOWN, "PACER's answer to the sign-on could not be read")
        return {key: str(found.get(key) or "") for key in ("nextGenCSO", "errorDescription")} | {
            "loginResult": str(found["loginResult"]).strip()
        }

    def _accept(self, reply: Mapping[str, str], passcode: Secret | None) -> SignedOn:
        token = reply["nextGenCSO"]
        if reply["loginResult"] == "0" and is_token(token):
            browser, account = self.sign_on.browser, self.sign_on.request.account
            browser.set_everywhere("NextGenCSO", token)
            browser.set_everywhere("PacerSession", token)
            if account.client_code:
                browser.set_everywhere("PacerClientCode", account.client_code.text)
            return SignedOn()
        self.sign_on.spend(passcode)
        if reply["loginResult"] == "0":
            raise ended(Code.PACER_DOWN, "PACER accepted the sign-on but sent no session")
        if reply["loginResult"] == "13":
            raise ended(Code.PACER_REFUSED)
        if reply["loginResult"] == "1" and not reply["errorDescription"].strip():
            raise ended(Code.REDACTION_REQUIRED)
        known = pacer_refusal([reply["errorDescription"]])
        raise ended(known or Code.UNKNOWN_PAGE, "" if known else "PACER's answer to the sign-on is not known")
