"""Every setting, with its name in the environment, its reader and its fix; what several of them must be together.

Every setting is optional here: what one command needs is asked for by that command (`require_slack`). An empty value
counts as not set. A wrong one stops the start with one line that names the setting and its fix, and never repeats a
secret.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from bot.errors import WrongSetting
from bot.secret import Secret
from bot.settings import readers

T = TypeVar("T")


def _setting(name: str, read: Callable[[str], T], default: T, fix: str) -> T:
    """Return a field's default together with the field's name in the environment, its reader and its fix."""
    found: T = field(default=default, metadata={"name": name, "read": read, "fix": fix})
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the firm has set; `read_settings` is what reads it, so nothing is checked here."""

    slack_bot_token: Secret | None = _setting(
        "SLACK_BOT_TOKEN",
        readers.secret("xoxb-", "xoxe.xoxb-"),
        None,
        "give the Bot User OAuth Token, which starts with xoxb- (xoxe.xoxb- when rotated)",
    )
    slack_signing_secret: Secret | None = _setting(
        "SLACK_SIGNING_SECRET",
        readers.secret(""),
        None,
        "give the Signing Secret of the app's Basic Information page",
    )
    slack_app_token: Secret | None = _setting(
        "SLACK_APP_TOKEN",
        readers.secret("xapp-"),
        None,
        "give the app-level token for Socket Mode, which starts with xapp-",
    )
    slack_client_id: str = _setting(
        "SLACK_CLIENT_ID",
        readers.client_id,
        "",
        "give the app's Client ID (Basic Information), two numbers with a dot between them, and "
        "SLACK_CLIENT_SECRET with it",
    )
    slack_client_secret: Secret | None = _setting(
        "SLACK_CLIENT_SECRET",
        readers.secret(""),
        None,
        "give the app's Client Secret (Basic Information), and SLACK_CLIENT_ID with it",
    )
    slack_api_url: str = _setting(
        "SLACK_API_URL",
        readers.slack_api,
        "https://slack.com/api/",
        "give an https address (plain http only on this machine), or leave it unset for Slack itself",
    )
    host: str = _setting("HOST", readers.host, "127.0.0.1", "give the address to listen on")
    port: int = _setting("PORT", readers.port, 3000, "give a port from 0 (any free one) to 65535")
    public_url: str = _setting(
        "PUBLIC_URL",
        readers.web_address,
        "",
        "give the https address under which people reach the bot, without a name, a password, a query or a fragment, "
        "and a host with other letters than a to z in its xn-- form",
    )
    tls_cert: Path | None = _setting(
        "LINK_ECF_TLS_CERT",
        readers.existing_file,
        None,
        "give a file with the bot's certificate and those above it (PEM), and LINK_ECF_TLS_KEY with it",
    )
    tls_key: Path | None = _setting(
        "LINK_ECF_TLS_KEY",
        readers.existing_file,
        None,
        "give a file with the key of that certificate (PEM, without a password), and LINK_ECF_TLS_CERT with it",
    )
    trusted_proxies: tuple[readers.Network, ...] = _setting(
        "LINK_ECF_TRUSTED_PROXIES",
        readers.networks,
        (),
        "give the addresses or networks of the firm's own proxies such as 10.0.0.5 or 10.1.0.0/16, "
        "separated by commas, none of them larger than a /8",
    )
    intake_wanted: Literal["", "modal", "page", "both"] = _setting(
        "LINK_ECF_INTAKE",
        readers.one_of("modal", "page", "both"),
        "",
        "say modal, page or both; page and both need PUBLIC_URL with an https address",
    )
    state_dir: Path = _setting(
        "LINK_ECF_STATE_DIR", Path, Path(".state"), "give the folder where the bot may keep its files"
    )
    database_url: Secret | None = _setting(
        "DATABASE_URL",
        readers.database,
        None,
        "give sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME, with nothing else before the ://",
    )
    keys: Secret | None = _setting(
        "LINK_ECF_KEYS",
        readers.keys,
        None,
        "give keys as id:base64url of 32 bytes, separated by commas, the current one first "
        "(link-ecf keys new prints one)",
    )
    linking: bool = _setting("LINK_ECF_LINKING", readers.on_or_off, True, "say on or off")
    contact: str = _setting(
        "LINK_ECF_CONTACT",
        readers.contact,
        "",
        "name the firm and an address in at most 100 plain characters without brackets",
    )
    log_level: Literal["debug", "info", "warning", "error"] = _setting(
        "LINK_ECF_LOG_LEVEL",
        readers.one_of("debug", "info", "warning", "error"),
        "info",
        "say debug, info, warning or error",
    )
    realm: Literal["production", "qa", "training"] = _setting(
        "LINK_ECF_REALM",
        readers.one_of("production", "qa", "training"),
        "production",
        "say production, qa or training",
    )
    connect_to: readers.Address | None = _setting(
        "LINK_ECF_CONNECT_TO",
        readers.connect_to,
        None,
        "give a loopback address and port such as 127.0.0.1:8443, or unset it",
    )
    ca_file: Path | None = _setting(
        "LINK_ECF_CA_FILE", readers.existing_file, None, "give a file that exists, with the certificates to trust"
    )
    admins: tuple[str, ...] = _setting(
        "LINK_ECF_ADMINS",
        readers.people,
        (),
        "give Slack member ids such as U012AB3CD, with their workspace T012AB3CD/U012AB3CD, separated by commas",
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
    return tuple(each.metadata["name"] for each in fields(Settings))


def fix(name: str) -> str:
    """Return what to do when the setting `name` is missing or wrong."""
    return next(str(each.metadata["fix"]) for each in fields(Settings) if each.metadata["name"] == name)


def read_field(each: Field[Any], text: str) -> Any:
    """Return what `text` says in the field `each` of Settings. Raises ValueError for a wrong text."""
    return each.metadata["read"](text)
