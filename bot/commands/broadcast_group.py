"""`link-ecf broadcast` as it is typed; only click is imported here, so that `link-ecf --help` stays quick."""

from __future__ import annotations

import click

from bot.commands.options import as_json, in_workspace


@click.group()
def broadcast() -> None:
    """Write to the people of a court or an office, or to a channel; the running service sends.

    Exit code 0: done. 1: not done. 2: a wrong line.
    """


@broadcast.command("send")
@click.option("--text", help="What to say.")
@click.option("--file", help="A file with what to say, - for stdin.")
@click.option("--court", metavar="COURT", help="The people who file there: an id such as gasb, or words that name one.")
@click.option("--office", metavar="OFFICE", default="", help="Only the people of this office, as the roster names it.")
@click.option("--unlinked", is_flag=True, help="Leave out those who are linked at that court.")
@click.option("--everybody", is_flag=True, help="Everybody whom the bot knows in the workspace.")
@click.option("--channel", metavar="ID", default="", help="In place of people, a channel such as C012AB3CD.")
@click.option("--at", metavar="ISO", help="When, with its offset: 2027-03-29T09:00-04:00. Without it, now.")
@click.option("--dry-run", is_flag=True, help="Only say how many it would reach, and who is left out and why.")
@in_workspace
@as_json
def broadcast_send(
    text: str | None,
    file: str | None,
    court: str | None,
    office: str,
    unlinked: bool,
    everybody: bool,
    channel: str,
    at: str | None,
    dry_run: bool,
    workspace: str | None,
    as_json: bool,
) -> int:
    """Send a broadcast now, or at a time; whoever it is for is counted, and who is left out is said."""
    from bot.commands.broadcast import Line, send_broadcast

    line = Line(text, file, court, office, unlinked, everybody, channel, at, workspace)
    return send_broadcast(line, dry_run=dry_run, as_json=as_json)


@broadcast.command("list")
@click.option("--workspace", metavar="ID", help="Only this workspace's.")
@as_json
def broadcast_list(workspace: str | None, as_json: bool) -> int:
    """List the newest broadcasts and how far they got."""
    from bot.commands.broadcast import list_broadcasts

    return list_broadcasts(workspace, as_json=as_json)


@broadcast.command("show")
@click.argument("id")
@as_json
def broadcast_show(id: str, as_json: bool) -> int:
    """Show one broadcast with its whole delivery report: everybody, how their message stands, and why."""
    from bot.commands.broadcast import show_broadcast

    return show_broadcast(id, as_json=as_json)


@broadcast.command("stop")
@click.argument("id")
@as_json
def broadcast_stop(id: str, as_json: bool) -> int:
    """Stop a broadcast that goes out or waits; what has left by now cannot be called back."""
    from bot.commands.broadcast import stop_broadcast

    return stop_broadcast(id, as_json=as_json)


@broadcast.command("again")
@click.argument("id")
@as_json
def broadcast_again(id: str, as_json: bool) -> int:
    """Send a broadcast that is over again to those for whom it failed, and to nobody else."""
    from bot.commands.broadcast import send_again

    return send_again(id, as_json=as_json)
