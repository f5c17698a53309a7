"""`link-ecf doctor`: everything that can be checked without calling PACER or a court, each with its fix."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from bot import logs
from bot.attempts.cell import Cells, NoCell, possible
from bot.clock import SystemClock
from bot.commands.doctor import own_certificate, slack
from bot.commands.doctor.finding import Finding
from bot.commands.line import print_object
from bot.courts.directory import Directory
from bot.errors import StoreTrouble, WrongSetting
from bot.front import certificate
from bot.parts import outside_of
from bot.settings import Settings, environment_for_children, read_settings
from bot.settings import fix as fix_of
from bot.store import Store
from bot.store.letters import Letters
from bot.vault import KeyFile, KeyRing
from bot.words.waiting import barred_words

_COURTS_SHIPPED = 209
_NOT_BEFORE = datetime(2026, 11, 1, tzinfo=UTC)
_NOT_AFTER = datetime(2046, 1, 1, tzinfo=UTC)


def examine(*, as_json: bool) -> int:
    """Print every finding and return 1 when one is wrong, else 0."""
    logs.set_up("critical")  # a finding says it all; a log line beside it would be noise
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
            found = check(settings)
            if found is not None:
                yield found


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
    on = "on by its setting; `link-ecf linking` shows the switch of all replicas"
    return Finding("linking", True, on if settings.linking else off)


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


def _database(settings: Settings) -> Finding:
    file = _file_of(settings)
    if file is not None and not file.exists():
        return Finding("database", True, f"SQLite, {file}: the first start makes it")
    trouble = asyncio.run(_store_trouble(settings))
    if not trouble:
        place = "PostgreSQL" if file is None else f"SQLite, {file}, {_free(file)} free"
        return Finding("database", True, f"{place}: reachable, its tables are this version's")
    found, _, fix = trouble.rstrip(".").partition(": ")
    return Finding("database", False, found, fix or "look at the database's own log")


def _waiting(settings: Settings) -> Finding | None:
    """Say what keeps messages waiting in a database that can be read; None where there is none."""
    file = _file_of(settings)
    if (file is not None and not file.exists()) or asyncio.run(_store_trouble(settings)):
        return None
    found = barred_words(asyncio.run(_barred(settings)))
    if not found:
        return Finding("messages", True, "none waits for Slack to let the bot write")
    first, _, fix = found[0].partition(". ")
    return Finding("messages", False, "; ".join((first, *found[1:])), fix)


async def _barred(settings: Settings) -> list[tuple[str, int]]:
    store = await Store.open(settings.database, SystemClock())
    try:
        async with store.work() as work:
            return [(code, count) for _, _, code, count in await Letters().barred(work)]
    except StoreTrouble:
        return []
    finally:
        await store.close()


async def _store_trouble(settings: Settings) -> str:
    """Return why the database cannot be used, "" when it can; nothing is made or changed."""
    try:
        store = await Store.open(settings.database, SystemClock())
    except StoreTrouble as trouble:
        return str(trouble)
    try:
        return await store.ready()
    finally:
        await store.close()


def _file_of(settings: Settings) -> Path | None:
    """SQLite's file, None for PostgreSQL."""
    scheme, _, path = settings.database.partition(":///")
    return Path(path) if scheme == "sqlite" else None


def _free(file: Path) -> str:
    return f"{shutil.disk_usage(file.parent).free / 1e9:.1f} GB"


def _keys(settings: Settings) -> Finding:
    try:
        if settings.keys is not None:
            return Finding("keys", True, f"LINK_ECF_KEYS: {_named(KeyRing.read(settings.keys.reveal()))}")
        file = KeyFile(settings.state_dir)
        there = f": {_named(file.ring())}" if file.path.exists() else ""
    except WrongSetting as wrong:
        found, _, fix = str(wrong).partition(": ")
        return Finding("keys", False, found, fix)
    if _file_of(settings) is not None:
        return Finding("keys", True, f"{file.path}{there or ': the first start makes a key there'}")
    keep = f"the keys of {file.path}" if there else "what `link-ecf keys new` prints"
    return Finding(
        "keys",
        False,
        "LINK_ECF_KEYS is not set, and the database is one for several replicas: each would make a key of its own "
        "and could not open what another sealed",
        f"set LINK_ECF_KEYS on every replica to {keep}",
    )


def _named(ring: KeyRing) -> str:
    older = len(ring.ids) - 1
    return f"{ring.current.id} is current" + (f", {older} older" if older else "")


def _processes(settings: Settings) -> Finding:
    if not possible():
        return Finding("processes", True, "this system cannot fork: attempts run in the service's own process")
    try:
        asyncio.run(_begin_and_end(settings))
    except NoCell as why:
        return Finding(
            "processes",
            False,
            f"the process that attempts are started from does not start ({why})",
            "correct LINK_ECF_CA_FILE where it is wrong too; else install link-ecf again, and look at the limits on "
            "processes and memory that this user has",
        )
    return Finding("processes", True, "each attempt gets a process of its own")


async def _begin_and_end(settings: Settings) -> None:
    async with Cells(outside_of(settings), environment=environment_for_children()):
        """What every attempt is forked from has loaded, and ends again."""


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


def _page(settings: Settings) -> Finding:
    try:
        settings.require_ways_in()
        certificate(settings)
    except WrongSetting as wrong:
        return Finding("page", False, str(wrong), "correct that setting in the environment and try again")
    if settings.intake == "modal":
        return Finding("page", True, "passwords are typed into the chat's own form; there is no private page")
    where = f"{settings.public_url}/p/, offered ({settings.intake})"
    if not settings.speaks_https:
        found = f"{where}, but it refuses every browser: nobody can be known to have come by HTTPS"
        return Finding("page", False, found, fix_of("LINK_ECF_TRUSTED_PROXIES"))
    by = "LINK_ECF_TLS_CERT" if settings.tls_cert is not None else "the proxies of LINK_ECF_TRUSTED_PROXIES"
    return Finding("page", True, f"{where}, HTTPS by {by}")


CHECKS: tuple[Callable[[Settings], Finding | None], ...] = (
    _contact,
    _certificates,
    _outside,
    _linking,
    _state,
    _database,
    _waiting,
    _keys,
    _processes,
    _slack,
    slack.scopes,
    slack.admins,
    _page,
    own_certificate.own,
)
"""The checks that need readable settings, in the order they are shown; None from one that does not apply."""
