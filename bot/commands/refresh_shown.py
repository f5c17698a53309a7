"""How a look-up is shown before anything is kept: court by court, old and new, and what was left alone and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import click

from bot.commands.line import say_json
from bot.courts.directory import Directory
from bot.courts.facts import Comparison, Difference, Fact
from bot.courts.feed import Listing

_MOST_NAMED = 10
_NAMES: Mapping[Fact, str] = {
    Fact.SOFTWARE: "software",
    Fact.HOST: "host",
    Fact.WEB_URL: "web address",
    Fact.HELP_DESKS: "help desk",
    Fact.HELP_ADDRESS: "help desk's address",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One look-up compared with what holds; `command` is the line that asked, `apply` and `hosts` its options."""

    listing: Listing
    found: Comparison
    command: str
    hosts: bool
    apply: bool

    @property
    def held(self) -> tuple[Difference, ...]:
        """The changes of hosts that are left alone because they were not asked for."""
        return () if self.hosts else self.found.hosts

    @property
    def applies(self) -> bool:
        """True when something is kept after this was shown."""
        return self.apply and bool(self.found.changes)


def show(shown: Shown, *, as_json: bool) -> None:
    """Print what differs and what was left alone, as sentences or one object a line."""
    (_objects if as_json else _sentences)(shown)


def conclude(shown: Shown, *, as_json: bool) -> None:
    """Say, once it is done, what was kept, or that nothing was and how to keep it."""
    if as_json:
        say_json(
            event="result",
            applied=shown.applies,
            courts=len(shown.found.keep),
            changes=len(shown.found.changes),
            held_back=len(shown.held),
        )
    elif shown.applies:
        click.echo("Kept. Running replicas follow within two minutes; commands use it at once.")
    elif shown.found.changes:
        hosts = " --hosts" if shown.hosts else ""
        click.echo(f"Nothing was changed; to keep this: {shown.command}{hosts} --apply")
    else:
        click.echo("Nothing was changed.")


def _objects(shown: Shown) -> None:
    listing = shown.listing
    say_json(event="list", made=listing.made, records=listing.records, courts=len(listing.courts))
    for one in shown.found.changes:
        say_json(event="change", court=one.court, fact=one.fact, old=one.old, new=one.new)
    for one in shown.held:
        say_json(event="held_back", court=one.court, fact=one.fact, old=one.old, new=one.new, needs="--hosts")
    for left in listing.ignored:
        say_json(event="ignored", court=left.court, what=left.what, why=left.why)


def _sentences(shown: Shown) -> None:
    listing = shown.listing
    made = f"PACER made this list on {listing.made}. " if listing.made else "The list does not say when it was made. "
    click.echo(f"{made}{_count(listing.records, 'record')}, {_count(len(listing.courts), 'court')} of the bot's list.")
    _changes(shown)
    _left_alone(listing)
    _ending(shown)


def _changes(shown: Shown) -> None:
    held = set(shown.held)
    court = ""
    places = {one.id: place for place, one in enumerate(Directory.shipped().all)}
    order = list(Fact)
    for one in sorted((*shown.found.changes, *held), key=lambda one: (places[one.court], order.index(one.fact))):
        if one.court != court:
            court = one.court
            known = Directory.shipped().by_id(court)
            click.echo(f"\n{court}  {known.short_name if known else ''}")
        note = "   (held back: needs --hosts)" if one in held else ""
        click.echo(f"  {_NAMES[one.fact]}: {one.old or 'none'} -> {one.new or 'none'}{note}")


def _left_alone(listing: Listing) -> None:
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in listing.ignored:
        reasons.setdefault((one.what, one.why), []).append(one.court)
    if reasons:
        click.echo("\nLeft alone:")
    for (what, why), courts in reasons.items():
        more = f" and {len(courts) - _MOST_NAMED} more" if len(courts) > _MOST_NAMED else ""
        click.echo(f"  {what} of {', '.join(courts[:_MOST_NAMED])}{more}: {why}")
    missing = [court.id for court in Directory.shipped().all if court.id not in listing.courts]
    if missing:
        more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
        click.echo(f"  not in this list, so they stay as they are: {', '.join(missing[:_MOST_NAMED])}{more}")


def _ending(shown: Shown) -> None:
    found, held = shown.found, shown.held
    click.echo("")
    if held:
        click.echo(
            f"{_count(len(held), 'host')} would change. Passwords are sent to a court's host: check the court's own "
            "site, then add --hosts."
        )
    if found.changes:
        what = f"{_count(len(found.changes), 'fact')} of {_count(len(found.keep), 'court')}"
        click.echo(f"{what} {'differs' if len(found.changes) == 1 else 'differ'}.")
    else:
        click.echo("Nothing else differs." if held else "Nothing differs.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
