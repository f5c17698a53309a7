"""Every setting, with its name in the environment and its fix; what several of them must be together.

Every setting is optional here: what one command needs is asked for by that command (`require_slack`). An empty value
counts as not set. A wrong one stops the start with one line that names the setting and its fix, and never repeats a
secret.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.errors import WrongSetting
from bot.secret import Secret
from bot.settings import readers


class Settings(BaseModel):
    """What the firm has set; a field's alias is its name in the environment, its description the fix."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=False,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
        populate_by_name=False,
    )

    slack_bot_token: Annotated[Secret | None, BeforeValidator(readers.secret("xoxb-", "xoxe.xoxb-"))] = Field(
        None,
        alias="SLACK_BOT_TOKEN",
        description="give the Bot User OAuth Token, which starts with xoxb- (xoxe.xoxb- when rotated)",
    )
    slack_signing_secret: Annotated[Secret | None, BeforeValidator(readers.secret(""))] = Field(
        None, alias="SLACK_SIGNING_SECRET", description="give the Signing Secret of the app's Basic Information page"
    )
    slack_app_token: Annotated[Secret | None, BeforeValidator(readers.secret("xapp-"))] = Field(
        None, alias="SLACK_APP_TOKEN", description="give the app-level token for Socket Mode, which starts with xapp-"
    )
    slack_client_id: Annotated[str, BeforeValidator(readers.client_id)] = Field(
        "",
        alias="SLACK_CLIENT_ID",
        description="give the app's Client ID (Basic Information), two numbers with a dot between them, and "
        "SLACK_CLIENT_SECRET with it",
    )
    slack_client_secret: Annotated[Secret | None, BeforeValidator(readers.secret(""))] = Field(
        None,
        alias="SLACK_CLIENT_SECRET",
        description="give the app's Client Secret (Basic Information), and SLACK_CLIENT_ID with it",
    )
    slack_api_url: Annotated[str, BeforeValidator(readers.slack_api)] = Field(
        "https://slack.com/api/",
        alias="SLACK_API_URL",
        description="give an https address (plain http only on this machine), or leave it unset for Slack itself",
    )
    host: str = Field(
        "127.0.0.1", alias="HOST", description="give the address to listen on", pattern=r"^[0-9A-Za-z.:_-]+$"
    )
    port: int = Field(3000, alias="PORT", description="give a port from 0 (any free one) to 65535", ge=0, le=65535)
    public_url: Annotated[str, BeforeValidator(readers.web_address)] = Field(
        "",
        alias="PUBLIC_URL",
        description="give the https address under which people reach the bot, without a name, a password, a query or a "
        "fragment, and a host with other letters than a to z in its xn-- form",
    )
    tls_cert: Annotated[Path | None, BeforeValidator(readers.existing_file)] = Field(
        None,
        alias="LINK_ECF_TLS_CERT",
        description="give a file with the bot's certificate and those above it (PEM), and LINK_ECF_TLS_KEY with it",
    )
    tls_key: Annotated[Path | None, BeforeValidator(readers.existing_file)] = Field(
        None,
        alias="LINK_ECF_TLS_KEY",
        description="give a file with the key of that certificate (PEM, without a password), and LINK_ECF_TLS_CERT "
        "with it",
    )
    trusted_proxies: Annotated[tuple[readers.Network, ...], BeforeValidator(readers.networks)] = Field(
        (),
        alias="LINK_ECF_TRUSTED_PROXIES",
        description="give the addresses or networks of the firm's own proxies such as 10.0.0.5 or 10.1.0.0/16, "
        "separated by commas, none of them larger than a /8",
    )
    intake_wanted: Annotated[Literal["", "modal", "page", "both"], BeforeValidator(readers.lower)] = Field(
        "",
        alias="LINK_ECF_INTAKE",
        description="say modal, page or both; page and both need PUBLIC_URL with an https address",
    )
    state_dir: Path = Field(
        Path(".state"), alias="LINK_ECF_STATE_DIR", description="give the folder where the bot may keep its files"
    )
    database_url: Annotated[Secret | None, BeforeValidator(readers.database)] = Field(
        None,
        alias="DATABASE_URL",
        description="give sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME, with nothing else before the ://",
    )
    keys: Annotated[Secret | None, BeforeValidator(readers.keys)] = Field(
        None,
        alias="LINK_ECF_KEYS",
        description="give keys as id:base64url of 32 bytes, separated by commas, the current one first "
        "(link-ecf keys new prints one)",
    )
    linking: Annotated[bool, BeforeValidator(readers.on_or_off)] = Field(
        True, alias="LINK_ECF_LINKING", description="say on or off"
    )
    contact: Annotated[str, BeforeValidator(readers.contact)] = Field(
        "",
        alias="LINK_ECF_CONTACT",
        description="name the firm and an address in at most 100 plain characters without brackets",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(readers.lower)] = Field(
        "info", alias="LINK_ECF_LOG_LEVEL", description="say debug, info, warning or error"
    )
    realm: Annotated[Literal["production", "qa", "training"], BeforeValidator(readers.lower)] = Field(
        "production", alias="LINK_ECF_REALM", description="say production, qa or training"
    )
    connect_to: Annotated[readers.Address | None, BeforeValidator(readers.connect_to)] = Field(
        None,
        alias="LINK_ECF_CONNECT_TO",
        description="give a loopback address and port such as 127.0.0.1:8443, or unset it",
    )
    ca_file: Annotated[Path | None, BeforeValidator(readers.existing_file)] = Field(
        None, alias="LINK_ECF_CA_FILE", description="give a file that exists, with the certificates to trust"
    )
    admins: Annotated[tuple[str, ...], BeforeValidator(readers.people)] = Field(
        (),
        alias="LINK_ECF_ADMINS",
        description="give Slack member ids such as U012AB3CD, with their workspace T012AB3CD/U012AB3CD, separated by "
        "commas",
    )

    @property
    def database(self) -> str:
        """The address of the database, password and all: for the store alone, never for a line that people see."""
        if self.database_url is not None:
            return self.database_url.reveal()
        return f"sqlite:///{self.state_dir / 'link-ecf.db'}"

    @property
    def intake(self) -> Literal["modal", "page", "both"]:
        """Where passwords are typed: in the chat's form, on the private page, or as each person likes."""
        return self.intake_wanted or ("both" if self._page_address else "modal")

    @property
    def _page_address(self) -> bool:
        """Whether PUBLIC_URL is a host of the bot's own, over https: the page and its cookies live at its root."""
        parts = urlsplit(self.public_url)
        return parts.scheme == "https" and not parts.path

    def require_ways_in(self) -> Settings:
        """Return these settings if what they say of how people reach the bot fits together.

        Raises WrongSetting, which names the first one that does not.
        """
        if (self.tls_cert is None) != (self.tls_key is None):
            missing = "LINK_ECF_TLS_CERT" if self.tls_cert is None else "LINK_ECF_TLS_KEY"
            raise WrongSetting(f"{missing} is not set: {fix(missing)}.")
        if self.intake != "modal" and not self._page_address:
            raise WrongSetting(
                f"LINK_ECF_INTAKE is wrong: {self.intake} needs PUBLIC_URL, the https address under which people reach "
                "the bot, without a path; set that, or say modal."
            )
        if self.intake_wanted in ("page", "both") and not self.speaks_https:
            raise WrongSetting(
                f"LINK_ECF_TRUSTED_PROXIES is not set: {fix('LINK_ECF_TRUSTED_PROXIES')}, or have the bot speak HTTPS "
                "itself by LINK_ECF_TLS_CERT and LINK_ECF_TLS_KEY; the page is served over nothing else."
            )
        return self

    @property
    def speaks_https(self) -> bool:
        """True when a browser can be known to have come by HTTPS: by a certificate of ours, or a proxy's word."""
        return self.tls_cert is not None or bool(self.trusted_proxies)

    @property
    def many_workspaces(self) -> bool:
        """True when workspaces install the bot by themselves; False when it has one, by SLACK_BOT_TOKEN."""
        return bool(self.slack_client_id) and self.slack_client_secret is not None

    def require_slack(self) -> Settings:
        """Return these settings if they are enough to talk to Slack, over HTTP or by Socket Mode.

        Raises WrongSetting, which names the first one that is missing.
        """
        if bool(self.slack_client_id) != (self.slack_client_secret is not None):
            missing = "SLACK_CLIENT_SECRET" if self.slack_client_id else "SLACK_CLIENT_ID"
            raise WrongSetting(f"{missing} is not set: {fix(missing)}.")
        if self.slack_bot_token is None and not self.many_workspaces:
            raise WrongSetting(f"SLACK_BOT_TOKEN is not set: {fix('SLACK_BOT_TOKEN')}.")
        if self.slack_signing_secret is None and self.slack_app_token is None:
            raise WrongSetting(
                "SLACK_SIGNING_SECRET is not set: give the app's Signing Secret (HTTP), "
                "or SLACK_APP_TOKEN instead (Socket Mode)."
            )
        return self


def names() -> tuple[str, ...]:
    """Return the name of every setting in the environment, in the order of the README."""
    return tuple(field.alias or name for name, field in Settings.model_fields.items())


def fix(name: str) -> str:
    """Return what to do when the setting `name` is missing or wrong."""
    return next(field.description or "" for field in Settings.model_fields.values() if field.alias == name)
