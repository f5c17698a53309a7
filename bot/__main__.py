"""The command line: parses first and imports the rest after, so that `link-ecf --help` is quick (design 9, 11)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

from bot import __version__
from bot.commands.broadcast_group import broadcast
from bot.commands.courts import courts
from bot.commands.golive_group import golive
from bot.commands.options import as_json
from bot.commands.people import admins, roster

USAGE = 2
"""The exit code of a wrong line, a wrong setting or a wrong file; click uses it too."""


class Commands(click.Group):
    """The group of commands; a usage error is one line on stderr, never a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command of the line and leave with its exit code: 0 done, 1 not done, 2 a wrong line or setting."""
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except NoArgsIsHelpError as error:
            # A group without a command: its help is what was wanted, as it is and not as one line of error.
            click.echo(error.format_message())
            sys.exit(0)
        except click.ClickException as error:
            _say_error(error)
            sys.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt):
            click.echo("link-ecf: stopped.", err=True)
            sys.exit(1)
        except BrokenPipeError:
            # Whoever read the output has gone (`link-ecf courts | head`); what is left to flush has no reader.
            sys.stderr.close()
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


def _say_error(error: click.ClickException) -> None:
    line = " ".join(error.format_message().split())
    click.echo(f"link-ecf: {line}", err=True)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="link-ecf")
def main() -> None:
    """Link an attorney's CM/ECF filer account to their PACER account, from Slack or from here.

    Settings come from the environment (deploy/env.example lists them); `link-ecf doctor` checks them.
    """


@main.command()
def run() -> int:
    """Run the service; prints `ready` once it can be reached."""
    from bot.commands.run import run_service

    return run_service()


@main.command()
@click.option("--serve", is_flag=True, help="Play nothing: keep it up with a page to click in, until Ctrl-C.")
def demo(serve: bool) -> int:
    """Play both court guides and one failure against pretend courts; needs no internet and no keys."""
    if serve:
        from bot.commands.demonstration import serve as keep_up

        return keep_up()
    from bot.commands.demonstration import play

    return play()


@main.command()
@click.argument("court")
@click.option(
    "--answers",
    metavar="FILE",
    help="A JSON object with the answers, - for stdin: pacer_username, pacer_password, client_code, cmecf_login, "
    "cmecf_password, passcode (a string or a list), redaction_acknowledged, individual_account, confirm. "
    "Without it you are asked, and what you type is hidden.",
)
@as_json
def link(court: str, answers: str | None, as_json: bool) -> int:
    """Link at COURT once, from this terminal; COURT is an id such as gasb, or words that name one court.

    Exit code 0: linked, or linked already. 1: any other ending. 2: a wrong line, file or setting.
    """
    from bot.commands.link import link_here

    return link_here(court, answers, as_json=as_json)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", default="", help="The address the page came from; it decides where relative links lead.")
@as_json
def inspect(files: tuple[Path, ...], url: str, as_json: bool) -> int:
    """Show how the bot reads saved pages, without any network."""
    from bot.commands.look import inspect_files

    return inspect_files(files, url, as_json=as_json)


@main.command()
@click.argument("courts", nargs=-1, required=True)
@as_json
def probe(courts: tuple[str, ...], as_json: bool) -> int:
    """Look at the public pages of COURTS, without credentials: reachable, live, still readable?"""
    from bot.commands.look import probe_courts

    return probe_courts(courts, as_json=as_json)


@main.command()
@as_json
def doctor(as_json: bool) -> int:
    """Check settings, clock, keys, database, Slack and its scopes, each with its fix; exit 1 when one is wrong."""
    from bot.commands.doctor import examine

    return examine(as_json=as_json)


@main.command()
@click.option("--court", metavar="COURT", help="Only this court: an id such as gasb, or words that name one court.")
@click.option("--office", metavar="OFFICE", help="Only people of this office.")
@click.option(
    "--state",
    type=click.Choice(["not_needed", "not_live", "invited", "in_progress", "linked", "failed", "guided", "unknown"]),
    help="Only this state.",
)
@click.option("--csv", "as_csv", is_flag=True, help="CSV with a header row, for a spreadsheet.")
@as_json
def register(court: str | None, office: str | None, state: str | None, as_csv: bool, as_json: bool) -> int:
    """Show who is linked where, with the last two characters of a login at most."""
    from bot.commands.register import show_register

    return show_register(court, office, state, as_csv=as_csv, as_json=as_json)


@main.group()
def audit() -> None:
    """Check the audit, and copy it out: who asked what, each step, each result, no secrets."""


@audit.command("verify")
@click.argument("file", required=False)
@click.option(
    "--head", metavar="NUMBER:HASH", help="The newest line as you noted it; without it, as the state folder has it."
)
@as_json
def audit_verify(file: str | None, head: str | None, as_json: bool) -> int:
    """Find a line that was removed, altered, put in or moved; exit code 1 when there is one.

    FILE is an export to check in place of the database, - for stdin.
    """
    from bot.commands.audit import verify_audit

    return verify_audit(file, head, as_json=as_json)


@audit.command("export")
@as_json
def audit_export(as_json: bool) -> int:
    """Print the audit as JSON lines, which is its only format."""
    from bot.commands.audit import export_audit

    return export_audit()


@main.command()
@click.argument("wanted", required=False, type=click.Choice(["on", "off"]), metavar="[on|off]")
@as_json
def linking(wanted: str | None, as_json: bool) -> int:
    """Switch linking on or off for all replicas; without a word, say how it stands."""
    from bot.commands.linking import switch_linking

    return switch_linking(wanted, as_json=as_json)


main.add_command(courts)
main.add_command(roster)
main.add_command(admins)
main.add_command(golive)
main.add_command(broadcast)


@main.group()
def db() -> None:
    """Make the database's tables and keep them up to date (DATABASE_URL)."""


@db.command("upgrade")
@as_json
def db_upgrade(as_json: bool) -> int:
    """Bring the tables to this version, in one step or not at all; exit code 1 when the database cannot do it."""
    from bot.commands.db import upgrade_tables

    return upgrade_tables(as_json=as_json)


@main.group()
def keys() -> None:
    """Make and change the keys for what is sealed in the database."""


@keys.command("new")
@as_json
def keys_new(as_json: bool) -> int:
    """Print a LINK_ECF_KEYS with one fresh key; nothing is changed."""
    from bot.commands.keys import new_keys

    return new_keys(as_json=as_json)


@keys.command("list")
@as_json
def keys_list(as_json: bool) -> int:
    """Name each key and how many records it seals; no key is shown."""
    from bot.commands.keys import list_keys

    return list_keys(as_json=as_json)


@keys.command("rotate")
@as_json
def keys_rotate(as_json: bool) -> int:
    """Make a new current key and seal everything again under it; with LINK_ECF_KEYS set, print the new setting."""
    from bot.commands.keys import rotate_keys

    return rotate_keys(as_json=as_json)


@keys.command("reseal")
@as_json
def keys_reseal(as_json: bool) -> int:
    """Seal again what stands under an older key; exit code 1 when a record could not be opened."""
    from bot.commands.keys import reseal_records

    return reseal_records(as_json=as_json)


@keys.command("retire")
@click.argument("key")
@as_json
def keys_retire(key: str, as_json: bool) -> int:
    """Take KEY out for good; refused while a record needs it."""
    from bot.commands.keys import retire_key

    return retire_key(key, as_json=as_json)


if __name__ == "__main__":
    main()
