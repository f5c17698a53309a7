"""`link-ecf doctor`: everything that can be checked without calling anybody, each with its fix."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.clock import SystemClock
from bot.commands.line import print_object
from bot.courts.directory import Directory
from bot.errors import WrongSetting
from bot.settings import Settings, read_settings
from bot.settings import fix as fix_of

_COURTS_SHIPPED = 209
_NOT_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
_NOT_AFTER = datetime(2046, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: what was found, and the fix where it is wrong."""

    check: str
    ok: bool
    found: str
    fix: str = ""


def examine(*, as_json: bool) -> int:
    """Print every finding and return 1 when one is wrong, else 0."""
    findings = list(_findings())
    for finding in findings:
        if as_json:
            print_object(asdict(finding))
        else:
            click.echo(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.check}: {finding.found}")
            if finding.fix:
                click.echo(f"       fix: {finding.fix}")
    return 0 if all(finding.ok for finding in findings) else 1


def _findings() -> Iterator[Finding]:
    try:
        settings: Settings | None = read_settings()
        yield Finding("settings", True, "every setting that is given can be read")
    except WrongSetting as wrong:
        settings = None
        yield Finding("settings", False, str(wrong), "correct that setting in the environment and try again")
    yield _clock()
    yield _courts()
    if settings is not None:
        for check in CHECKS:
            yield check(settings)


def _clock() -> Finding:
    now = SystemClock().now()
    sane = _NOT_BEFORE < now < _NOT_AFTER
    fix = "" if sane else "set this machine's clock (turn on its network time): signed requests and passcodes need it"
    return Finding("clock", sane, f"{now:%Y-%m-%d %H:%M:%S} UTC", fix)


def _courts() -> Finding:
    try:
        count = len(Directory.shipped().all)
    except (OSError, ValueError, KeyError) as error:
        return Finding("courts", False, f"the list cannot be read ({type(error).__name__})", "install link-ecf again")
    whole = count == _COURTS_SHIPPED
    return Finding("courts", whole, f"{count} courts", "" if whole else "install link-ecf again")


def _contact(settings: Settings) -> Finding:
    if settings.contact:
        return Finding("contact", True, settings.contact)
    return Finding(
        "contact",
        False,
        "LINK_ECF_CONTACT is not set: courts cannot see whose requests these are",
        "set LINK_ECF_CONTACT to the firm's name and an address",
    )


def _certificates(settings: Settings) -> Finding:
    if settings.ca_file is None:
        count = len(ssl.create_default_context().get_ca_certs())
        # Some systems load certificates one by one as they are needed, so none loaded is no fault by itself.
        return Finding("certificates", True, f"the system's own ({count} loaded beforehand); checks are always on")
    try:
        ssl.create_default_context(cafile=str(settings.ca_file))
    except (OSError, ssl.SSLError):
        return Finding(
            "certificates",
            False,
            f"LINK_ECF_CA_FILE ({settings.ca_file}) holds no certificate that can be read",
            "give a PEM file, or unset LINK_ECF_CA_FILE to use the system's certificates",
        )
    return Finding("certificates", True, f"LINK_ECF_CA_FILE: {settings.ca_file}; checks are always on")


def _outside(settings: Settings) -> Finding:
    if settings.connect_to is None:
        return Finding("outside", True, f"courts and PACER under their own addresses ({settings.realm})")
    where = f"{settings.connect_to.host}:{settings.connect_to.port}"
    return Finding("outside", True, f"LINK_ECF_CONNECT_TO leads every name to {where}: pretend courts, no real ones")


def _linking(settings: Settings) -> Finding:
    off = "off by LINK_ECF_LINKING: nobody can start an attempt"
    return Finding("linking", True, "on" if settings.linking else off)


def _state(settings: Settings) -> Finding:
    folder = settings.state_dir
    nearest = next((one for one in (folder, *folder.absolute().parents) if one.exists()), Path())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            return Finding("state folder", True, f"{folder} can be written")
    except OSError:
        return Finding(
            "state folder", False, f"{folder} cannot be written", "set LINK_ECF_STATE_DIR to a folder that can"
        )


def _slack(settings: Settings) -> Finding:
    try:
        settings.require_slack()
    except WrongSetting as wrong:
        return Finding("slack", False, str(wrong), "copy the value from the app's pages at api.slack.com/apps")
    if settings.many_workspaces and not settings.public_url:
        return Finding("slack", False, "workspaces install the bot, but PUBLIC_URL is not set", fix_of("PUBLIC_URL"))
    mode = "HTTP (POST /slack/events)" if settings.slack_signing_secret is not None else "Socket Mode"
    if settings.many_workspaces:
        mode += f", workspaces install the bot at {settings.public_url}/slack/install"
    return Finding("slack", True, f"{mode}, calls go to {settings.slack_api_url}")


CHECKS: tuple[Callable[[Settings], Finding], ...] = (_contact, _certificates, _outside, _linking, _state, _slack)
"""The checks that need readable settings, in the order they are shown."""
