"""The environment, read once into frozen Settings; nobody else reads it.

Every setting is optional here: what one command needs is asked for by that command (`require_slack`). An empty value
counts as not set. A wrong one stops the start with one line that names the setting and its fix, and never repeats a
secret.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.errors import WrongSetting
from bot.secret import Secret


@dataclass(frozen=True, slots=True)
class Address:
    """A loopback address and port, to which every court and PACER name is led while the real names and TLS stay."""

    host: str
    port: int


def _secret(*prefixes: str) -> BeforeValidator:
    def read(text: str) -> Secret:
        if not text.startswith(prefixes) or not re.fullmatch(r"[\x21-\x7e]+", text):
            raise ValueError
        return Secret(text)

    return BeforeValidator(read)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    local = parts.scheme == "http" and (parts.hostname == "localhost" or _loopback(parts.hostname or ""))
    if not parts.hostname or not (parts.scheme == "https" or local) or parts.username or parts.query or parts.fragment:
        raise ValueError
    return text.rstrip("/")


def _client_id(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,20}\.[0-9]{1,20}", text):
        raise ValueError
    return text


def _slack_api(text: str) -> str:
    return _web_address(text) + "/"


def _database(text: str) -> Secret:
    # A Secret: the address of a PostgreSQL server holds its password.
    parts = urlsplit(text)
    file = parts.scheme == "sqlite" and not parts.netloc and parts.path not in {"", "/", "/:memory:"}
    server = parts.scheme == "postgresql" and parts.hostname and len(parts.path) > 1
    # A port that is none raises ValueError by itself.
    if not (file or (server and (parts.port is None or parts.port > 0))) or not text.isprintable():
        raise ValueError
    return Secret(text)


def _lower(text: str) -> str:
    return text.lower()


def _on_or_off(text: str) -> bool:
    if text.lower() not in {"on", "off"}:
        raise ValueError
    return text.lower() == "on"


def _contact(text: str) -> str:
    # It goes into the User-Agent header, between brackets.
    if not re.fullmatch(r"[\x21-\x27\x2a-\x7e](?:[\x20-\x27\x2a-\x7e]{0,98}[\x21-\x27\x2a-\x7e])?", text):
        raise ValueError
    return text


def _connect_to(text: str) -> Address:
    host, _, port = text.rpartition(":")
    host = {"localhost": "127.0.0.1"}.get(host, host.removeprefix("[").removesuffix("]"))
    if not _loopback(host) or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise ValueError
    return Address(host, int(port))


def _existing_file(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_file():
        raise ValueError
    return path


def _keys(text: str) -> Secret:
    # The shape only; the vault, which knows keys, looks closer and says the same.
    key = r"[a-z0-9][a-z0-9._-]{0,31}:[A-Za-z0-9_-]{43}=?"
    if not re.fullmatch(rf"{key}(?:\s*,\s*{key})*", text):
        raise ValueError
    return Secret(text)


def _people(text: str) -> tuple[str, ...]:
    ids = tuple(part for part in re.split(r"[\s,]+", text) if part)
    if not all(re.fullmatch(r"[UW][A-Z0-9]{2,}", person) for person in ids):
        raise ValueError
    return ids


class Settings(BaseSettings):
    """What the firm has set; a field's alias is its name in the environment, its description the fix."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        validate_default=False,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
        populate_by_name=False,
    )

    slack_bot_token: Annotated[Secret | None, NoDecode, _secret("xoxb-", "xoxe.xoxb-")] = Field(
        None,
        alias="SLACK_BOT_TOKEN",
        description="give the Bot User OAuth Token, which starts with xoxb- (xoxe.xoxb- when rotated)",
    )
    slack_signing_secret: Annotated[Secret | None, NoDecode, _secret("")] = Field(
        None, alias="SLACK_SIGNING_SECRET", description="give the Signing Secret of the app's Basic Information page"
    )
    slack_app_token: Annotated[Secret | None, NoDecode, _secret("xapp-")] = Field(
        None, alias="SLACK_APP_TOKEN", description="give the app-level token for Socket Mode, which starts with xapp-"
    )
    slack_client_id: Annotated[str, BeforeValidator(_client_id)] = Field(
        "",
        alias="SLACK_CLIENT_ID",
        description="give the app's Client ID (Basic Information), two numbers with a dot between them, and "
        "SLACK_CLIENT_SECRET with it",
    )
    slack_client_secret: Annotated[Secret | None, NoDecode, _secret("")] = Field(
        None,
        alias="SLACK_CLIENT_SECRET",
        description="give the app's Client Secret (Basic Information), and SLACK_CLIENT_ID with it",
    )
    slack_api_url: Annotated[str, BeforeValidator(_slack_api)] = Field(
        "https://slack.com/api/",
        alias="SLACK_API_URL",
        description="give an https address (plain http only on this machine), or leave it unset for Slack itself",
    )
    host: str = Field(
        "127.0.0.1", alias="HOST", description="give the address to listen on", pattern=r"^[0-9A-Za-z.:_-]+$"
    )
    port: int = Field(3000, alias="PORT", description="give a port from 0 (any free one) to 65535", ge=0, le=65535)
    public_url: Annotated[str, BeforeValidator(_web_address)] = Field(
        "", alias="PUBLIC_URL", description="give the https address under which people reach the bot, without a query"
    )
    state_dir: Path = Field(
        Path(".state"), alias="LINK_ECF_STATE_DIR", description="give the folder where the bot may keep its files"
    )
    database_url: Annotated[Secret | None, NoDecode, BeforeValidator(_database)] = Field(
        None,
        alias="DATABASE_URL",
        description="give sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME, with nothing else before the ://",
    )
    keys: Annotated[Secret | None, NoDecode, BeforeValidator(_keys)] = Field(
        None,
        alias="LINK_ECF_KEYS",
        description="give keys as id:base64url of 32 bytes, separated by commas, the current one first "
        "(link-ecf keys new prints one)",
    )
    linking: Annotated[bool, BeforeValidator(_on_or_off)] = Field(
        True, alias="LINK_ECF_LINKING", description="say on or off"
    )
    contact: Annotated[str, BeforeValidator(_contact)] = Field(
        "",
        alias="LINK_ECF_CONTACT",
        description="name the firm and an address in at most 100 plain characters without brackets",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        "info", alias="LINK_ECF_LOG_LEVEL", description="say debug, info, warning or error"
    )
    realm: Annotated[Literal["production", "qa", "training"], BeforeValidator(_lower)] = Field(
        "production", alias="LINK_ECF_REALM", description="say production, qa or training"
    )
    connect_to: Annotated[Address | None, NoDecode, BeforeValidator(_connect_to)] = Field(
        None,
        alias="LINK_ECF_CONNECT_TO",
        description="give a loopback address and port such as 127.0.0.1:8443, or unset it",
    )
    ca_file: Annotated[Path | None, BeforeValidator(_existing_file)] = Field(
        None, alias="LINK_ECF_CA_FILE", description="give a file that exists, with the certificates to trust"
    )
    admins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_people)] = Field(
        (), alias="LINK_ECF_ADMINS", description="give Slack member ids such as U012AB3CD, separated by commas"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from read_settings() only: the constructor itself never looks at the environment."""
        return (init_settings,)

    @property
    def database(self) -> str:
        """The address of the database, password and all: for the store alone, never for a line that people see."""
        if self.database_url is not None:
            return self.database_url.reveal()
        return f"sqlite:///{self.state_dir / 'link-ecf.db'}"

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


FOR_CHILDREN = (
    *("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"),
    *("NETRC", "SSL_CERT_FILE", "SSL_CERT_DIR", "TZ", "PYTHONTZPATH", "LD_LIBRARY_PATH", "COVERAGE_PROCESS_START"),
)
"""What the process of an attempt may see of the environment: how to get out, and nothing of the firm's."""


def environment_for_children(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the part of `environ`, or of the process's environment, that an attempt's process is given."""
    given = os.environ if environ is None else environ
    return {name: given[name] for name in FOR_CHILDREN if name in given}


def names() -> tuple[str, ...]:
    """Return the name of every setting in the environment, in the order of the README."""
    return tuple(field.alias or name for name, field in Settings.model_fields.items())


def fix(name: str) -> str:
    """Return what to do when the setting `name` is missing or wrong."""
    return next(field.description or "" for field in Settings.model_fields.values() if field.alias == name)


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read `environ`, or the process's environment, into Settings.

    Raises WrongSetting with one line that names every wrong setting and the fix of the first.
    """
    given = os.environ if environ is None else environ
    source = EnvSettingsSource(Settings, case_sensitive=True)
    source.env_vars = {name: text for name in names() if (text := given.get(name, "").strip())}
    values: dict[str, Any] = source()
    wrong: tuple[str, ...]
    try:
        return Settings(**values)
    except ValidationError as error:
        wrong = tuple(dict.fromkeys(str(flaw["loc"][0]) for flaw in error.errors(include_input=False)))
    # Raised out here so that it carries no context: pydantic's error holds what was given.
    also = f" (Wrong too: {', '.join(wrong[1:])}.)" if wrong[1:] else ""
    raise WrongSetting(f"{wrong[0]} is wrong: {fix(wrong[0])}.{also}")
