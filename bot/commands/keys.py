"""`link-ecf keys`: make, change and take away the keys that everything sealed in the database hangs on.

Rotating with a file in the state folder is one command. Keys that came from the environment can only be changed where
the environment is set, so there it takes three: `rotate` prints the new setting, every replica is given it and started
again, `reseal` puts what is sealed under the new key. `retire` takes an old key out once nothing needs it.

The audit has a line for each change, with the key's name: for a rotation once records stand under the new key, for a
retirement when the key is taken out, or when the setting without it is printed, the last that is heard of it here.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from bot.clock import SystemClock
from bot.commands.line import print_object, settings_or_usage
from bot.commands.opened import run
from bot.commands.sealed import OpenRecords, Resealed, open_installs
from bot.errors import WrongSetting
from bot.register.event import Event
from bot.settings import Settings
from bot.vault import CurrentKey, Key, KeyFile, KeyRing, RingKeys, UnknownKey, Vault

NAME = "LINK_ECF_KEYS"

Done = TypeVar("Done")


def new_keys(*, as_json: bool) -> int:
    """Print a setting with one fresh key: nothing is changed by that."""
    _print_setting(KeyRing((Key.fresh(SystemClock().now()),)), as_json=as_json)
    return 0


def list_keys(records: OpenRecords = open_installs, *, as_json: bool) -> int:
    """Print the name of each key, whether it is current, and how many records it seals; never a key itself."""
    settings = settings_or_usage()
    ring, source = _present(settings)
    used = _run(_in_use(records, settings))
    for key_id in ring.ids:
        count, current = used.get(key_id, 0), key_id == ring.current.id
        if as_json:
            print_object({"key": key_id, "current": current, "records": count, "source": source})
        else:
            click.echo(f"{key_id:34} {'current' if current else 'retired'}, seals {_records(count)}")
    return 0


def rotate_keys(records: OpenRecords = open_installs, *, as_json: bool) -> int:
    """Make a new current key; with a file of keys, seal everything again under it, else print the new setting.

    Returns 1 when a record could not be opened and so was left as it is.
    """
    settings = settings_or_usage()
    fresh = Key.fresh(SystemClock().now())
    if settings.keys is None:
        file = KeyFile(settings.state_dir)
        # The database is opened first: when it is down, no key is added.
        resealed = _run(_reseal(records, settings, file.ring, lambda: file.add(fresh)))
        return _say_resealed(resealed, file.ring(), str(file.path), as_json=as_json)
    ring = _read(settings.keys.reveal()).with_current(fresh)
    _print_setting(ring, as_json=as_json)
    if not as_json:
        click.echo(
            f"Nothing is changed yet. Set {NAME} to this line wherever the bot runs, start it again there, "
            "and then run: link-ecf keys reseal",
            err=True,
        )
    return 0


def reseal_records(records: OpenRecords = open_installs, *, as_json: bool) -> int:
    """Seal everything again that stands under an older key than the current one; safe to repeat at any time."""
    settings = settings_or_usage()
    ring, source = _present(settings)
    resealed = _run(_reseal(records, settings, lambda: ring))
    return _say_resealed(resealed, ring, source, as_json=as_json)


def retire_key(key_id: str, records: OpenRecords = open_installs, *, as_json: bool) -> int:
    """Take a key out for good, unless it is the current one or a record still needs it."""
    settings = settings_or_usage()
    ring, source = _present(settings)
    file = KeyFile(settings.state_dir) if settings.keys is None else None
    with _plainly(ring):
        left = ring.without(key_id)
        _run(_retire(records, settings, key_id, file))
    if file is not None:
        told = {"retired": key_id, "keys": list(left.ids), "source": source}
        print_object(told) if as_json else click.echo(f"{key_id} is taken out of {source}. Left: {_names(left)}.")
        return 0
    _print_setting(left, as_json=as_json)
    if not as_json:
        click.echo(f"Set {NAME} to this line wherever the bot runs, and start it again there.", err=True)
    return 0


async def _retire(records: OpenRecords, settings: Settings, key_id: str, file: KeyFile | None) -> None:
    async with records(settings) as sealed:
        if count := (await sealed.in_use()).get(key_id, 0):
            raise click.ClickException(
                f"{key_id} still seals {_records(count)}, which could never be read again: "
                "run link-ecf keys reseal first."
            )
        take_out = (lambda: None) if file is None else (lambda: file.remove(key_id))
        await sealed.note(Event.KEY_RETIRED, {"key": key_id}, take_out)


async def _in_use(records: OpenRecords, settings: Settings) -> Mapping[str, int]:
    async with records(settings) as sealed:
        return await sealed.in_use()


async def _reseal(
    records: OpenRecords,
    settings: Settings,
    ring: Callable[[], KeyRing],
    add_key: Callable[[], KeyRing | None] = lambda: None,
) -> Resealed:
    vault = Vault(RingKeys(ring))
    now = SystemClock().now()
    async with records(settings) as sealed:
        added = add_key()
        done = await sealed.reseal_all(lambda place, old: vault.reseal(place, old, now))
        # A rotation that was cut short has no line yet: the `reseal` that ends it writes one.
        if added is not None or done.records:
            # By now another rotation may have made its own key the current one: each has its line, with its own key.
            key = (added or ring()).current.id
            await sealed.note(Event.KEYS_ROTATED, {"key": key, "records": done.records})
        return done


def _run(work: Coroutine[Any, Any, Done]) -> Done:
    with _plainly():
        return run(work)


def _present(settings: Settings) -> tuple[KeyRing, str]:
    """Return the ring and where it came from; a first key is made, and said, where there is none."""
    if settings.keys is not None:
        return _read(settings.keys.reveal()), NAME
    file = KeyFile(settings.state_dir)
    with _plainly():
        if file.make(SystemClock().now()):
            click.echo(f"link-ecf: {NAME} is not set: a key was made in {file.path}.", err=True)
        return file.ring(), str(file.path)


def _read(text: str) -> KeyRing:
    with _plainly():
        return KeyRing.read(text)


@contextmanager
def _plainly(ring: KeyRing | None = None) -> Iterator[None]:
    """Turn what can go wrong with keys into one line of error."""
    try:
        yield
    except WrongSetting as wrong:
        raise click.UsageError(str(wrong)) from None
    except UnknownKey as unknown:
        known = f" Known: {_names(ring)}." if ring else ""
        raise click.UsageError(f"no key is called {str(unknown)!r}.{known}") from None
    except CurrentKey as current:
        raise click.ClickException(
            f"{current} is the current key and stays: run link-ecf keys rotate first, then retire it."
        ) from None


def _print_setting(ring: KeyRing, *, as_json: bool) -> None:
    """Print the keys themselves, because their owner asked for them; no other command does."""
    print_object({NAME: ring.revealed()}) if as_json else click.echo(f"{NAME}={ring.revealed()}")


def _say_resealed(resealed: Resealed, ring: KeyRing, source: str, *, as_json: bool) -> int:
    older = list(ring.ids[1:])
    if as_json:
        told = {"key": ring.current.id, "source": source, "resealed": resealed.records}
        print_object({**told, "unreadable": resealed.unreadable, "older": older})
    else:
        click.echo(f"{ring.current.id} is the current key ({source}). Sealed again: {_records(resealed.records)}.")
        if older:
            click.echo(f"Still open what they sealed: {', '.join(older)}. Take one out with: link-ecf keys retire KEY")
    if resealed.unreadable:
        click.echo(
            f"link-ecf: {_records(resealed.unreadable)} could not be opened and stayed as they were: "
            "install the bot anew in the workspaces that do not answer, or put the missing key back.",
            err=True,
        )
    return 1 if resealed.unreadable else 0


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records"


def _names(ring: KeyRing) -> str:
    return ", ".join(ring.ids)
