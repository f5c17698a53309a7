"""`link-ecf courts`: the list and its refresh, as the line is parsed; what they do is imported after."""

from __future__ import annotations

import click

from bot.commands.options import as_json

REFRESH = "refresh"
_HELP = frozenset({"-h", "--help"})


class Courts(click.Group):
    """A query by itself, or `refresh`: a court is seldom called that, and `courts -- refresh` asks for one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the hidden command of the query ahead of everything that is neither `refresh` nor a call for help."""
        words = [word for word in args if not word.startswith("-")]
        if words[:1] == [REFRESH] and "--" not in args[: args.index(REFRESH)]:
            args.remove(REFRESH)
            args = [REFRESH, *args]
        elif words or not _HELP.intersection(args):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=Courts, subcommand_metavar="[QUERY]... | refresh FILE|URL")
def courts() -> None:
    """List the courts, or those that QUERY may mean, best first; --json prints one object a line.

    refresh takes what PACER's court look-up says of them now.
    """


@courts.command("list", hidden=True)
@click.argument("query", nargs=-1)
@as_json
def list_(query: tuple[str, ...], as_json: bool) -> int:
    """List the courts, or those that QUERY may mean, best first."""
    from bot.commands.look import list_courts

    return list_courts(" ".join(query), as_json=as_json)


@courts.command(REFRESH)
@click.argument("source", metavar="FILE|URL")
@click.option("--apply", is_flag=True, help="Keep what differs; every running replica then uses it.")
@click.option("--hosts", is_flag=True, help="Take changes of hosts too: passwords are sent there, so look first.")
@as_json
def refresh(source: str, apply: bool, hosts: bool, as_json: bool) -> int:
    """Show what PACER's court look-up says otherwise: software, help desks, web address, host. Dates are never taken.

    The look-up is https://pacer.uscourts.gov/file-case/court-cmecf-lookup/data.json, or a copy of it (- for stdin).
    Without --apply nothing is changed.
    """
    from bot.commands.refresh import refresh_courts

    return refresh_courts(source, apply=apply, hosts=hosts, as_json=as_json)
